//! A look ahead at the rows of a table: what they tell of the rest is decided before the first of them is read.

use super::cells::{Delimiter, split};
use super::guess::{Looks, looks_of};
use super::lines::Lines;
use super::number::{Decimal, has_decimal_comma, has_decimal_point};
use super::opening::whole_lines;
use crate::error::ReadError;

/// Bytes by which a table is judged.
const AHEAD: usize = 1 << 18;

/// The rows that were looked at ahead, taken apart.
pub(crate) struct Ahead {
    text: Vec<u8>,
    delimiter: Delimiter,
    /// Where cells begin and end in the text.
    cells: Vec<(u32, u32)>,
    /// Behind which cell each row ends.
    rows: Vec<usize>,
    /// Whether nothing comes behind.
    all: bool,
}

/// One row.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    text: &'a [u8],
    cells: &'a [(u32, u32)],
}

impl<'a> Row<'a> {
    /// A cell; empty where there is none.
    pub(crate) fn cell(self, place: usize) -> &'a [u8] {
        let place = self.cells.get(place).copied();
        place.and_then(|(from, to)| self.text.get(from as usize..to as usize)).unwrap_or_default()
    }

    /// How many cells there are up to the last one with something in it.
    fn filled(self) -> usize {
        self.cells.iter().rposition(|(from, to)| from < to).map_or(0, |last| last + 1)
    }

    /// The first cell with something in it.
    pub(crate) fn first_filled(self) -> Option<usize> {
        self.cells.iter().position(|(from, to)| from < to)
    }
}

impl Ahead {
    /// Looks at what comes next. A last row that may be cut is left out, unless it is the only one. Errors when the source
    /// cannot be read.
    pub(crate) fn look(lines: &mut Lines<'_>, delimiter: Delimiter) -> Result<Self, ReadError> {
        let (ahead, all) = lines.ahead(AHEAD)?;
        let text = ahead.get(..ahead.len().min(u32::MAX as usize)).unwrap_or_default().to_vec();
        let mut lines = whole_lines(&text, usize::MAX);
        let open = !text.ends_with(b"\n") && !text.ends_with(b"\r");
        if open && (!all || lines.len() > 1) {
            lines.pop();
        }
        let begin = text.as_ptr().addr();
        let (mut cells, mut rows, mut row) = (Vec::new(), Vec::new(), Vec::new());
        for line in lines.iter().filter(|line| !line.trim_ascii().is_empty()) {
            split(line, delimiter, &mut row);
            // Cells are parts of the text, which is shorter than 4 GB.
            cells.extend(row.iter().map(|cell| {
                let from = cell.as_ptr().addr().saturating_sub(begin);
                (from as u32, (from + cell.len()) as u32)
            }));
            rows.push(cells.len());
        }
        Ok(Self { text, delimiter, cells, rows, all })
    }

    /// Whether all rows there are were looked at.
    pub(crate) fn is_all(&self) -> bool {
        self.all
    }

    /// The rows.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> + Clone {
        let begins = std::iter::once(0).chain(self.rows.iter().copied());
        begins.zip(&self.rows).map(|(from, &to)| Row {
            text: &self.text,
            cells: self.cells.get(from..to).unwrap_or_default(),
        })
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
        let cells = || self.rows().flat_map(|row| (0..row.cells.len()).map(move |at| row.cell(at)));
        let commas = cells().filter(|cell| has_decimal_comma(cell)).count();
        let points = cells().filter(|cell| has_decimal_point(cell)).count();
        let decimal = if commas > points { Decimal::Comma } else { Decimal::Point };
        (decimal, commas > 0 && points > 0)
    }

    /// What the cells of each of the first `width` columns look like.
    pub(crate) fn looks(&self, width: usize, decimal: Decimal) -> Vec<Looks> {
        let column = |place: usize| self.rows().map(move |row| row.cell(place));
        (0..width).map(|place| looks_of(column(place), self.rows.len(), decimal)).collect()
    }
}
