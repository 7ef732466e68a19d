//! Rows of numbers without names: the columns of spectra and patterns.

mod find;

use galvanome_model::note::Note;

pub(crate) use self::find::{Found, find_rows, first_row_behind};
use super::lines::Lines;
use super::number::{Cell, Decimal, begin, parse};
use crate::error::ReadError;
use crate::limits::Limits;

/// Columns of numbers that rows are added to.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    /// The columns, all of one length.
    pub(crate) columns: Vec<Vec<f64>>,
    /// Rows that had another number of cells than the first; they were left out.
    pub(crate) ragged: u64,
    /// Rows beyond the limits; they were left out.
    pub(crate) beyond: u64,
    /// Lines that are no rows, where rows were expected, and the first of them.
    others: (u64, u64),
    /// The first line of another width.
    ragged_line: u64,
    /// The last line, where no line break ends it, and whether it is a whole row.
    open: Option<(u64, bool)>,
    /// How many cells a row has.
    width: usize,
    /// Rows taken so far, those among them that were drained.
    rows: u64,
    row: Vec<f64>,
}

impl Numbers {
    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.columns.first().map_or(0, Vec::len)
    }

    /// Expects rows of so many cells, also where the first has another number of them.
    pub(crate) fn of_width(width: usize, limits: &Limits) -> Self {
        let columns = vec![Vec::new(); width.min(limits.max_columns)];
        Self { columns, width, ..Self::default() }
    }

    /// Gives the rows taken so far and keeps what else was found.
    pub(crate) fn drain(&mut self) -> Vec<Vec<f64>> {
        self.columns.iter_mut().map(std::mem::take).collect()
    }

    /// Adds a line that holds nothing but numbers, separated by blanks, tabs, semicolons or commas (which are no decimal
    /// signs then); words for a missing number count as one. False when it holds something else, or nothing.
    pub(crate) fn take(&mut self, line: &[u8], decimal: Decimal, limits: &Limits) -> bool {
        if !numbers_of(line, decimal, &mut self.row) || self.row.is_empty() {
            return false;
        }
        if self.width == 0 {
            self.width = self.row.len();
            self.columns = vec![Vec::new(); self.width.min(limits.max_columns)];
        }
        if self.row.len() != self.width {
            self.ragged += 1;
        } else if self.rows >= limits.max_rows
            || self.rows.saturating_mul(self.columns.len() as u64) >= limits.max_cells
        {
            self.beyond += 1;
        } else {
            self.rows += 1;
            for (column, number) in self.columns.iter_mut().zip(&self.row) {
                column.push(*number);
            }
        }
        true
    }

    /// Takes rows until so many are there, or a line comes that is none and for which `ends` holds: that line is given, and
    /// its number. None at the end of the text, and when there are enough. Errors when the text cannot be read.
    pub(crate) fn read(
        &mut self,
        lines: &mut Lines<'_>,
        decimal: Decimal,
        limits: &Limits,
        enough: usize,
        mut ends: impl FnMut(&[u8]) -> bool,
    ) -> Result<Option<(Vec<u8>, u64)>, ReadError> {
        while self.len() < enough {
            let Some(line) = lines.next()? else { break };
            let before = self.ragged;
            if !line.cut && self.take(line.bytes, decimal, limits) {
                let whole = self.ragged == before;
                if !whole && before == 0 {
                    self.ragged_line = line.number;
                }
                if !line.ended {
                    self.open = Some((line.number, whole));
                }
            } else if ends(line.bytes) {
                return Ok(Some((line.bytes.to_vec(), line.number)));
            } else if !line.bytes.trim_ascii().is_empty() {
                if self.others.0 == 0 {
                    self.others.1 = line.number;
                }
                self.others.0 += 1;
            }
        }
        Ok(None)
    }

    /// What was found in the lines, as notes.
    pub(crate) fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        let mut note = |code: &str, message: String, line: u64| {
            let place = if line == 0 { String::new() } else { format!("line {line}") };
            notes.push(Note::new(code, message, place));
        };
        let (mut ragged, width) = (self.ragged, self.width);
        match self.open {
            Some((line, true)) => {
                let message = "the last line has no line break at its end; if the file was cut off, its last number may miss digits";
                note("unterminated-last-line", message.to_owned(), line);
            }
            Some((line, false)) => {
                ragged -= 1;
                let message = format!(
                    "the file stops within its last line; {} whole rows were read, the broken one was left out. Fetch the file again if the measurement is longer",
                    self.rows
                );
                note("truncated-file", message, line);
            }
            None => {}
        }
        if ragged > 0 {
            let message = format!(
                "{ragged} rows have another number of cells than the {width} of the others and were left out"
            );
            note("row-width", message, self.ragged_line);
        }
        if self.others.0 > 0 {
            let message =
                format!("{} lines among the rows are no rows and were left out", self.others.0);
            note("unreadable-line", message, self.others.1);
        }
        if self.beyond > 0 {
            let message = format!(
                "the limit on rows was reached; {} rows behind it were left out",
                self.beyond
            );
            note("limit-reached", message, 0);
        }
        if width > self.columns.len() {
            let message = format!(
                "the rows have {width} numbers; the first {} were read",
                self.columns.len()
            );
            note("limit-reached", message, 0);
        }
        notes
    }
}

/// The numbers of a line. False when it holds anything else; a missing one is NaN.
pub(crate) fn numbers_of(line: &[u8], decimal: Decimal, into: &mut Vec<f64>) -> bool {
    into.clear();
    let is_between = |byte: &u8| match byte {
        b' ' | b'\t' | b';' | b'\r' => true,
        b',' => decimal == Decimal::Point,
        _ => false,
    };
    let mut at = 0;
    loop {
        let rest = line.get(at..).unwrap_or_default();
        let Some(blanks) = rest.iter().position(|byte| !is_between(byte)) else { return true };
        let rest = rest.get(blanks..).unwrap_or_default();
        at += blanks;
        // Nearly all are numbers of few digits, which are read in one go.
        if let Some((number, len)) = begin(rest, decimal)
            && rest.get(len).is_none_or(is_between)
        {
            into.push(number);
            at += len;
            continue;
        }
        let len = rest.iter().position(is_between).unwrap_or(rest.len());
        match parse(rest.get(..len).unwrap_or_default(), decimal) {
            Cell::Number(number) => into.push(number),
            Cell::Missing | Cell::Infinite => into.push(f64::NAN),
            Cell::Other => return false,
        }
        at += len;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, decimal: Decimal, expected: Option<&[f64]>) {
        let mut found = Vec::new();
        let all = numbers_of(line.as_bytes(), decimal, &mut found);
        assert_eq!(all.then_some(found.as_slice()), expected, "{line:?}");
    }

    #[test]
    fn lines_of_numbers() {
        check("  10.0   3e2\t4\r", Decimal::Point, Some(&[10.0, 300.0, 4.0]));
        check("10.0,3, 4", Decimal::Point, Some(&[10.0, 3.0, 4.0]));
        check("10,5;3", Decimal::Comma, Some(&[10.5, 3.0]));
        check("10.5;3", Decimal::Comma, None);
        check("# 10 3", Decimal::Point, None);
        check("10.0 3x", Decimal::Point, None);
        check(
            "0.12345678901234567890123 -7.5E-003",
            Decimal::Point,
            Some(&[0.123_456_789_012_345_68, -7.5e-3]),
        );
        check("", Decimal::Point, Some(&[]));
    }

    #[test]
    fn rows_of_another_width_are_counted() {
        let limits = Limits { max_rows: 2, ..Limits::default() };
        let mut numbers = Numbers::default();
        for line in ["1 2", "3", "4 5", "1 2 3", "6 7", "words"] {
            let taken = numbers.take(line.as_bytes(), Decimal::Point, &limits);
            assert_eq!(taken, line != "words");
        }
        assert_eq!(numbers.columns, [[1.0, 4.0], [2.0, 5.0]]);
        assert_eq!((numbers.ragged, numbers.beyond, numbers.len()), (2, 1, 2));
        assert_eq!((numbers.drain().len(), numbers.len()), (2, 0));
    }
}
