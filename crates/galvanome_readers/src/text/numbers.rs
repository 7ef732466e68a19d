//! Rows of numbers without names: the columns of spectra and patterns.

use super::number::{Cell, Decimal, parse};
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
    row: Vec<f64>,
}

impl Numbers {
    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.columns.first().map_or(0, Vec::len)
    }

    /// Adds a line that holds nothing but numbers, separated by blanks, tabs, semicolons or commas (which are no decimal
    /// signs then); words for a missing number count as one. False when it holds something else, or nothing.
    pub(crate) fn take(&mut self, line: &[u8], decimal: Decimal, limits: &Limits) -> bool {
        if !numbers_of(line, decimal, &mut self.row) || self.row.is_empty() {
            return false;
        }
        if self.columns.is_empty() {
            self.columns = vec![Vec::new(); self.row.len().min(limits.max_columns)];
        }
        let rows = self.len() as u64;
        if rows >= limits.max_rows || rows * self.columns.len() as u64 >= limits.max_cells {
            self.beyond += 1;
        } else if self.row.len() < self.columns.len() {
            self.ragged += 1;
        } else {
            for (column, number) in self.columns.iter_mut().zip(&self.row) {
                column.push(*number);
            }
        }
        true
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
    for cell in line.split(is_between).filter(|cell| !cell.is_empty()) {
        match parse(cell, decimal) {
            Cell::Number(number) => into.push(number),
            Cell::Missing | Cell::Infinite => into.push(f64::NAN),
            Cell::Other => return false,
        }
    }
    true
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
        check("", Decimal::Point, Some(&[]));
    }

    #[test]
    fn rows_of_another_width_are_counted() {
        let limits = Limits { max_rows: 2, ..Limits::default() };
        let mut numbers = Numbers::default();
        for line in ["1 2", "3", "4 5", "6 7", "words"] {
            let taken = numbers.take(line.as_bytes(), Decimal::Point, &limits);
            assert_eq!(taken, line != "words");
        }
        assert_eq!(numbers.columns, [[1.0, 4.0], [2.0, 5.0]]);
        assert_eq!((numbers.ragged, numbers.beyond, numbers.len()), (1, 1, 2));
    }
}
