//! A look ahead at the rows of a table: what they tell of the rest is decided before the first of them is read. They are
//! taken apart once; when rows are read, these are at hand.

use super::cells::{Delimiter, Piece, pieces};
use super::guess::{Looks, looks_of};
use super::lines::{Line, Lines};
use super::number::{Decimal, has_decimal_comma, has_decimal_point};
use super::opening::whole_lines;
use crate::error::ReadError;

/// Bytes by which a table is judged.
const AHEAD: usize = 1 << 18;

/// The rows that were looked at ahead, taken apart.
pub(crate) struct Ahead {
    text: Vec<u8>,
    /// The byte of the whole text at which it begins.
    byte: u64,
    delimiter: Delimiter,
    cells: Vec<Cell>,
    /// Where each row begins in the text, and behind which cell it ends.
    rows: Vec<(usize, usize)>,
    /// Whether nothing comes behind.
    all: bool,
}

/// Where a cell begins and ends in the text, and the number that it plainly is, written with a point.
#[derive(Clone, Copy)]
struct Cell {
    from: u32,
    to: u32,
    number: f64,
}

/// One row.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    text: &'a [u8],
    cells: &'a [Cell],
}

impl<'a> Row<'a> {
    /// Its cells, with the numbers that they are where these are written with a point.
    pub(crate) fn pieces(self) -> impl Iterator<Item = Piece<'a>> {
        self.cells.iter().map(move |&Cell { from, to, number }| {
            let bytes = self.text.get(from as usize..to as usize).unwrap_or_default();
            Piece { bytes, number }
        })
    }

    /// A cell with its number; empty where there is none.
    pub(crate) fn piece(self, place: usize) -> Piece<'a> {
        let cells = self.cells.get(place..).unwrap_or_default();
        Row { cells, ..self }.pieces().next().unwrap_or_default()
    }

    /// A cell; empty where there is none.
    pub(crate) fn cell(self, place: usize) -> &'a [u8] {
        self.piece(place).bytes
    }

    /// How many cells there are up to the last one with something in it.
    fn filled(self) -> usize {
        self.cells.iter().rposition(|cell| cell.from < cell.to).map_or(0, |last| last + 1)
    }

    /// The first cell with something in it.
    pub(crate) fn first_filled(self) -> Option<usize> {
        self.cells.iter().position(|cell| cell.from < cell.to)
    }
}

impl Ahead {
    /// Looks at what comes next. A last row that may be cut is left out, unless it is the only one. Errors when the source
    /// cannot be read.
    pub(crate) fn look(lines: &mut Lines<'_>, delimiter: Delimiter) -> Result<Self, ReadError> {
        let byte = lines.byte();
        let (ahead, all) = lines.ahead(AHEAD)?;
        let all = all && ahead.len() <= AHEAD;
        let text = ahead.get(..AHEAD.min(ahead.len())).unwrap_or_default().to_vec();
        let mut lines = whole_lines(&text, usize::MAX);
        let open = !text.ends_with(b"\n") && !text.ends_with(b"\r");
        if open && (!all || lines.len() > 1) {
            lines.pop();
        }
        let place = |part: &[u8]| part.as_ptr().addr().saturating_sub(text.as_ptr().addr());
        let most = lines.len();
        let (mut cells, mut rows, mut row) = (Vec::new(), Vec::new(), Vec::new());
        for line in lines.into_iter().filter(|line| !line.trim_ascii().is_empty()) {
            let from = place(line);
            let onward = text.get(from..).unwrap_or_default();
            let line = Line { bytes: line, onward, number: 0, byte: 0, ended: true, cut: false };
            pieces(&line, delimiter, Decimal::Point, &mut row);
            if rows.is_empty() {
                // Room as if all rows were as wide, but for no more cells than bytes.
                rows.reserve(most);
                cells.reserve(row.len().saturating_mul(most).min(text.len()));
            }
            // Cells are parts of the text, which is short.
            cells.extend(row.iter().map(|&Piece { bytes, number }| {
                let from = place(bytes);
                Cell { from: from as u32, to: (from + bytes.len()) as u32, number }
            }));
            rows.push((from, cells.len()));
        }
        Ok(Self { text, byte, delimiter, cells, rows, all })
    }

    /// Whether all rows there are were looked at.
    pub(crate) fn is_all(&self) -> bool {
        self.all
    }

    /// A row by its place.
    fn row(&self, place: usize) -> Option<Row<'_>> {
        let &(_, to) = self.rows.get(place)?;
        let before = place.checked_sub(1).and_then(|before| self.rows.get(before));
        let from = before.map_or(0, |&(_, to)| to);
        Some(Row { text: &self.text, cells: self.cells.get(from..to)? })
    }

    /// The rows.
    pub(crate) fn rows(&self) -> impl DoubleEndedIterator<Item = Row<'_>> + Clone {
        (0..self.rows.len()).filter_map(|place| self.row(place))
    }

    /// The row that begins at a byte of the text, which `next` tells to be expected.
    pub(crate) fn row_at(&self, byte: u64, next: &mut usize) -> Option<Row<'_>> {
        let &(from, _) = self.rows.get(*next)?;
        if self.byte + from as u64 != byte {
            return None;
        }
        *next += 1;
        self.row(*next - 1)
    }

    /// The most cells of a row that lead up to one with something in it.
    pub(crate) fn widest(&self) -> usize {
        self.rows().map(Row::filled).max().unwrap_or(0)
    }

    /// The decimal sign of the numbers, and whether both signs occur.
    pub(crate) fn decimal(&self) -> (Decimal, bool) {
        if self.delimiter == Delimiter::Byte(b',') || !self.text.contains(&b',') {
            return (Decimal::Point, false);
        }
        let cells = || self.rows().flat_map(|row| row.pieces().map(|piece| piece.bytes));
        let commas = cells().filter(|cell| has_decimal_comma(cell)).count();
        let points = cells().filter(|cell| has_decimal_point(cell)).count();
        let decimal = if commas > points { Decimal::Comma } else { Decimal::Point };
        (decimal, commas > 0 && points > 0)
    }

    /// What the cells of each of the first `width` columns look like.
    pub(crate) fn looks(&self, width: usize, decimal: Decimal) -> Vec<Looks> {
        let column = |place: usize| self.rows().map(move |row| row.piece(place));
        (0..width).map(|place| looks_of(column(place), self.rows.len(), decimal)).collect()
    }
}
