//! The sink that writes one table as text in the Battery Data Format, as its rows come.

use std::io::Write;

use galvanome_model::measurement::{ColumnHead, Values};

use super::NewColumn;
use super::one_table::{OneTable, TableFile, unwritten};
use crate::bdf_csv::quoted;
use crate::error::ReadError;

/// Writes one table as text: a line of machine names, then a line a row. Numbers have as many digits as they need to
/// be read back unchanged; missing values are empty. Units stand in the names of columns that the Battery Data
/// Format knows; everything else that is said beside the rows has no place in such a file.
pub type CsvFile<W> = TableFile<Csv<W>>;

/// Lines on their way into a file.
#[derive(Debug)]
pub struct Csv<W: Write> {
    into: W,
    lines: Vec<u8>,
}

/// Bytes gathered before they are written.
const GATHERED: usize = 1 << 18;

impl<W: Write> CsvFile<W> {
    /// Writes the table of a name, or the main one, into `into`.
    pub fn new(into: W, table: Option<&str>) -> Self {
        Self::of(Csv { into, lines: Vec::new() }, table)
    }
}

impl<W: Write> Csv<W> {
    fn flush(&mut self) -> Result<(), ReadError> {
        let written = self.into.write_all(&self.lines).map_err(|error| unwritten(&error));
        self.lines.clear();
        written
    }
}

/// Appends a number so that it is read back to the last bit. Writing into memory does not fail.
fn push_number(number: f64, lines: &mut Vec<u8>) {
    let size = number.abs();
    let written = if number.is_nan() {
        Ok(())
    } else if size != 0.0 && !(1e-5..1e17).contains(&size) {
        write!(lines, "{number:e}")
    } else {
        write!(lines, "{number}")
    };
    debug_assert!(written.is_ok(), "memory takes bytes");
}

impl<W: Write> OneTable for Csv<W> {
    fn begin(&mut self, columns: &[NewColumn]) {
        let names: Vec<String> = columns.iter().map(|column| quoted(&column.head.name)).collect();
        self.lines.extend_from_slice(names.join(",").as_bytes());
        self.lines.push(b'\n');
    }

    fn rows(
        &mut self,
        _: &[ColumnHead],
        columns: &[Values],
        more: &[Values],
    ) -> Result<(), ReadError> {
        let rows = columns.first().map_or(0, Values::len);
        for row in 0..rows {
            for (place, values) in columns.iter().chain(more).enumerate() {
                if place > 0 {
                    self.lines.push(b',');
                }
                match values {
                    Values::Number(numbers) => {
                        push_number(numbers.get(row).copied().unwrap_or(f64::NAN), &mut self.lines);
                    }
                    Values::Text(texts) => {
                        let text = texts.get(row).map_or("", String::as_str);
                        self.lines.extend_from_slice(quoted(text).as_bytes());
                    }
                }
            }
            self.lines.push(b'\n');
            if self.lines.len() >= GATHERED {
                self.flush()?;
            }
        }
        Ok(())
    }

    fn end(&mut self, _: &[ColumnHead], _: &dyn Fn() -> String) -> Result<(), ReadError> {
        self.flush()?;
        self.into.flush().map_err(|error| unwritten(&error))
    }
}
