//! The sink that writes one table as text in the Battery Data Format, as its rows come.

use std::io::Write;

use galvanome_model::measurement::{Signal, StartTime, Values};
use galvanome_model::note::Note;

use super::one_table::{OneTable, Written, unwritten};
use super::{NewColumn, Sink};
use crate::bdf_csv::quoted;
use crate::error::ReadError;

/// Writes one table as text: a line of machine names, then a line a row. Numbers have as many digits as they need to
/// be read back unchanged; missing values are empty. Units stand in the names of columns that the Battery Data
/// Format knows; everything else that is said beside the rows has no place in such a file.
#[derive(Debug)]
pub struct CsvFile<W: Write> {
    into: W,
    table: OneTable,
    lines: Vec<u8>,
    failed: Option<ReadError>,
}

/// Bytes gathered before they are written.
const GATHERED: usize = 1 << 18;

impl<W: Write> CsvFile<W> {
    /// Writes the table of a name, or the main one, into `into`.
    pub fn new(into: W, table: Option<&str>) -> Self {
        Self { into, table: OneTable::new(table), lines: Vec::new(), failed: None }
    }

    /// Writes what is left, and gives what was written. Errors when it cannot be written, or the table did not come.
    pub fn finish(mut self) -> Result<Written, ReadError> {
        self.table.check()?;
        self.failed.take().map_or(Ok(()), Err)?;
        self.flush()?;
        self.into.flush().map_err(|error| unwritten(&error))?;
        self.table.finish()
    }

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

impl<W: Write> Sink for CsvFile<W> {
    fn format(&mut self, id: &str) {
        self.table.format(id);
    }

    fn instrument(&mut self, name: &str) {
        self.table.instrument(name);
    }

    fn started_at(&mut self, start: StartTime) {
        self.table.started_at(start);
    }

    fn metadata(&mut self, key: &str, value: &str) {
        self.table.metadata(key, value);
    }

    fn table(&mut self, name: &str, columns: &[NewColumn]) {
        if self.table.table(name, columns) {
            let names: Vec<String> =
                columns.iter().map(|column| quoted(&column.head.name)).collect();
            self.lines.extend_from_slice(names.join(",").as_bytes());
            self.lines.push(b'\n');
        }
    }

    fn rows(&mut self, columns: &[Values]) -> Result<(), ReadError> {
        self.rows_and(columns, &[])
    }

    fn rows_and(&mut self, columns: &[Values], more: &[Values]) -> Result<(), ReadError> {
        if !self.table.is_open {
            return Ok(());
        }
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
        self.table.rows += rows as u64;
        Ok(())
    }

    fn signal(&mut self, _: Signal) {
        self.table.signal();
    }

    fn note(&mut self, note: Note) {
        self.table.note(note);
    }
}
