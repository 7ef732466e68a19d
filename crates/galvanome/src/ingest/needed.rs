//! What analyses need of a file: the numbers of known meaning, and no more rows than fit into memory.

use galvanome_model::image::Image;
use galvanome_model::measurement::{Measurement, StartTime, Values};
use galvanome_model::note::Note;
use galvanome_model::signal::Signal;
use galvanome_readers::sink::{Kind, NewColumn};
use galvanome_readers::{Collect, Files, Limits, ReadError, Sink, Trouble};

use crate::Error;

/// Rows of all files together that are analysed, at most. Measured with `echem` on ten million rows, a row takes 160 bytes
/// at the peak: so many take 4 GB.
pub(super) const MOST_ROWS: u64 = 25_000_000;

/// Reads a file for an analysis: its number columns of canonical names, its notes and its start. `rows` counts the rows of
/// its longest tables over all files that are analysed together. Errors when nothing at all could be read, or when
/// there are too many rows.
pub(super) fn read(files: &Files, rows: &mut u64, most: u64) -> Result<Measurement, Error> {
    let mut needed = Needed {
        inner: Collect::new(),
        keep: Vec::new(),
        before: *rows,
        most,
        rows: 0,
        longest: 0,
    };
    galvanome_readers::read(files, &Limits::default(), &mut needed)?;
    *rows += needed.longest.max(needed.rows);
    Ok(needed.inner.into_measurement())
}

/// Passes on what is needed.
struct Needed {
    inner: Collect,
    /// Which columns of the table are passed on.
    keep: Vec<bool>,
    /// Rows of the files before.
    before: u64,
    most: u64,
    /// Rows of this table so far, and of the longest one before it.
    rows: u64,
    longest: u64,
}

/// Whether a column is of known meaning: the canonical names are words in lower case with their unit, and a vendor's own
/// columns keep the vendor's spelling.
fn is_needed(column: &NewColumn) -> bool {
    let is_canonical = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    column.kind == Kind::Number && column.head.name.chars().all(is_canonical)
}

impl Sink for Needed {
    fn format(&mut self, id: &str) {
        self.inner.format(id);
    }

    fn instrument(&mut self, name: &str) {
        self.inner.instrument(name);
    }

    fn started_at(&mut self, start: StartTime) {
        self.inner.started_at(start);
    }

    fn metadata(&mut self, _: &str, _: &str) {}

    fn table(&mut self, name: &str, columns: &[NewColumn]) {
        self.longest = self.longest.max(self.rows);
        self.rows = 0;
        self.keep = columns.iter().map(is_needed).collect();
        let kept: Vec<NewColumn> =
            columns.iter().filter(|column| is_needed(column)).cloned().collect();
        self.inner.table(name, &kept);
    }

    fn rows(&mut self, columns: &[Values]) -> Result<(), ReadError> {
        self.rows += columns.first().map_or(0, Values::len) as u64;
        if self.before + self.rows > self.most {
            let said = format!(
                "there are more than {} rows to be analysed together, and so many are the most: the analysis holds them in memory",
                self.most
            );
            let what = "cut the file between two cycles and upload the parts as files of their own; the tables and curves of this one are complete";
            return Err(ReadError::new(Trouble::Sink, said, what));
        }
        let kept: Vec<Values> = columns
            .iter()
            .zip(&self.keep)
            .filter(|(_, keep)| **keep)
            .map(|(values, _)| values.clone())
            .collect();
        self.inner.rows(&kept)
    }

    fn signal(&mut self, signal: Signal) {
        self.inner.signal(signal);
    }

    fn image(&mut self, image: Image) {
        self.inner.image(image);
    }

    fn note(&mut self, note: Note) {
        self.inner.note(note);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "test_time_second,current_ampere,step,voltage_volt\n0,0.1,CC,3\n1,0.1,CC,3.1\n2,0.1,CC,3.2\n";

    #[test]
    fn only_numbers_of_known_meaning_are_kept() {
        let mut rows = 40;
        let files = Files::one("x.csv", FILE.as_bytes().to_vec());
        let measurement = read(&files, &mut rows, 43).unwrap();
        let table = &measurement.tables[0];
        assert!(table.numbers("voltage_volt").is_some_and(|values| values == [3.0, 3.1, 3.2]));
        assert!(table.columns.iter().all(|column| column.head.name != "step"));
        assert_eq!((table.rows, rows), (3, 43));
    }

    #[test]
    fn too_many_rows_are_told() {
        let mut rows = 41;
        let files = Files::one("x.csv", FILE.as_bytes().to_vec());
        let error = read(&files, &mut rows, 43).unwrap_err().to_string();
        assert!(
            error.contains("more than 43 rows") && error.contains("upload the parts"),
            "{error}"
        );
    }
}
