//! Where the table stands in a text that nobody knows.

use crate::text::cells::{Delimiter, decode, split, texts_of};
use crate::text::clock::duration_s;
use crate::text::heads::{are_units, unbracketed};
use crate::text::number::{Cell, Decimal, parse};

/// Where a table stands.
pub(super) struct Layout {
    /// What separates its cells.
    pub(super) delimiter: Delimiter,
    /// The line of column names, from 0.
    pub(super) names_line: usize,
    /// The names.
    pub(super) names: Vec<String>,
    /// The units, where a line of its own gives them; else empty.
    pub(super) units: Vec<String>,
    /// The first line of numbers, from 0.
    pub(super) first_row: usize,
    /// How many cells at the beginning of a row are empty: where several tables are nested in each other,
    /// the rows of the outer ones fill them.
    pub(super) blank: usize,
}

/// What one line looks like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Looks {
    Blank,
    Row,
    Names,
    Other,
}

#[derive(Clone, Copy)]
struct Seen {
    looks: Looks,
    /// Cells, and cells without the empty ones at the end.
    cells: usize,
    filled: usize,
}

/// Finds the table that has most cells: a line of names with rows of its width right below it.
pub(super) fn find(lines: &[&[u8]]) -> Option<Layout> {
    let delimiters = [
        Delimiter::Byte(b'\t'),
        Delimiter::Byte(b';'),
        Delimiter::Byte(b','),
        Delimiter::Byte(b'|'),
    ];
    let best = delimiters
        .into_iter()
        .filter_map(|delimiter| find_with(lines, delimiter))
        // The first of equals.
        .reduce(|best, other| if other.0 > best.0 { other } else { best });
    // Blanks stand in names too, so they separate only when nothing else does.
    best.or_else(|| find_with(lines, Delimiter::Blanks)).map(|(_, layout)| layout)
}

/// The largest table for one delimiter, and how many cells it has as far as was looked.
fn find_with(lines: &[&[u8]], delimiter: Delimiter) -> Option<(usize, Layout)> {
    let mut cells = Vec::new();
    let seen: Vec<Seen> = lines
        .iter()
        .map(|line| {
            split(line, delimiter, &mut cells);
            look(&cells, delimiter)
        })
        .collect();
    let (mut most, mut best) = (0, None);
    for (at, names) in seen.iter().enumerate().filter(|(_, seen)| seen.looks == Looks::Names) {
        let is =
            |place: usize, looks: Looks| seen.get(place).is_some_and(|seen| seen.looks == looks);
        let mut first_row = at + 1;
        first_row += usize::from(is(first_row, Looks::Blank));
        let units_line =
            lines.get(first_row).is_some_and(|line| are_units(&texts_of(line, delimiter)));
        let units = units_line.then_some(first_row);
        first_row += usize::from(units_line);
        first_row += usize::from(is(first_row, Looks::Blank));
        let rows = seen
            .iter()
            .skip(first_row)
            .take_while(|row| row.looks == Looks::Row && fits(*names, **row, delimiter))
            .count();
        if rows * names.filled > most {
            most = rows * names.filled;
            best = Some((at, units, first_row, rows));
        }
    }
    let (names_line, units, first_row, rows) = best?;
    let names: Vec<String> = texts_of(lines.get(names_line)?, delimiter)
        .into_iter()
        .take(seen.get(names_line)?.filled)
        .map(std::borrow::Cow::into_owned)
        .collect();
    let units = units
        .and_then(|at| lines.get(at))
        .map(|line| {
            texts_of(line, delimiter).iter().map(|cell| unbracketed(cell).to_owned()).collect()
        })
        .unwrap_or_default();
    let rows = lines.iter().skip(first_row).take(rows);
    let blank = blank_cells(&names, rows, delimiter);
    Some((most, Layout { delimiter, names_line, names, units, first_row, blank }))
}

/// Cells without a name at the beginning that are empty in most rows.
fn blank_cells<'a>(
    names: &[String],
    rows: impl Iterator<Item = &'a &'a [u8]>,
    delimiter: Delimiter,
) -> usize {
    let nameless = names.iter().take_while(|name| name.is_empty()).count();
    if nameless == 0 {
        return 0;
    }
    let mut cells = Vec::new();
    let (mut all, mut empty) = (0_usize, 0_usize);
    for row in rows {
        split(row, delimiter, &mut cells);
        all += 1;
        empty += usize::from(cells.iter().take(nameless).all(|cell| cell.is_empty()));
    }
    if empty * 2 > all { nameless } else { 0 }
}

/// Whether a row has the width of its names; empty cells at the end do not count.
fn fits(names: Seen, row: Seen, delimiter: Delimiter) -> bool {
    match delimiter {
        Delimiter::Blanks => row.cells == names.cells,
        Delimiter::Byte(_) => row.cells >= names.filled && row.filled <= names.filled,
    }
}

fn look(cells: &[&[u8]], delimiter: Delimiter) -> Seen {
    let filled = cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
    let looks = if filled == 0 {
        Looks::Blank
    } else if looks_like_row(cells, delimiter) {
        Looks::Row
    } else if are_names(cells) {
        Looks::Names
    } else {
        Looks::Other
    };
    Seen { looks, cells: cells.len(), filled }
}

/// Whether cells are a row: at least two, at least one number, and no more words than numbers.
fn looks_like_row(cells: &[&[u8]], delimiter: Delimiter) -> bool {
    let number = |cell: &[u8], decimal| matches!(parse(cell, decimal), Cell::Number(_));
    let comma = delimiter != Delimiter::Byte(b',');
    let (mut numbers, mut words) = (0_usize, 0_usize);
    for cell in cells {
        if number(cell, Decimal::Point) || (comma && number(cell, Decimal::Comma)) {
            numbers += 1;
        } else if parse(cell, Decimal::Point) == Cell::Other {
            // Dates and durations are neither.
            let text = decode(cell);
            if duration_s(&text).is_none() && !text.starts_with(|c: char| c.is_ascii_digit()) {
                words += 1;
            }
        }
    }
    cells.len() >= 2 && numbers > 0 && numbers >= words
}

/// Whether cells name columns: at least two, and hardly a number among them.
fn are_names(cells: &[&[u8]]) -> bool {
    let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
    let worded = cells.iter().filter(|cell| {
        parse(cell, Decimal::Point) == Cell::Other && decode(cell).chars().any(char::is_alphabetic)
    });
    filled >= 2 && worded.count() * 4 >= filled * 3
}
