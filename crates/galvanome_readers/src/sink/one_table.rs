//! What sinks that write files have in common: of everything that is read they keep one table, and what is said
//! beside it.

use galvanome_model::image::Image;
use galvanome_model::measurement::{ColumnHead, StartTime, Values};
use galvanome_model::note::Note;
use galvanome_model::signal::Signal;

use super::signal_table::SignalTable;
use super::{NewColumn, Sink};
use crate::carried::Carried;
use crate::error::{ReadError, Trouble};

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The table.
    pub table: String,
    /// Its columns.
    pub columns: Vec<ColumnHead>,
    /// How many rows it has.
    pub rows: u64,
    /// Other tables of the file, which were not written.
    pub others: Vec<String>,
    /// What was found about the data.
    pub notes: Vec<Note>,
}

/// A kind of file that holds one table.
pub trait OneTable {
    /// The table begins.
    fn begin(&mut self, columns: &[NewColumn]);

    /// Rows of it, the last columns apart. Errors when they cannot be written.
    fn rows(
        &mut self,
        heads: &[ColumnHead],
        columns: &[Values],
        more: &[Values],
    ) -> Result<(), ReadError>;

    /// Writes what is left and the end of the file, with what is carried beside the rows, as JSON. Errors when it
    /// cannot be written.
    fn end(&mut self, heads: &[ColumnHead], carried: &dyn Fn() -> String) -> Result<(), ReadError>;
}

/// A sink that writes one table into a file of a kind.
#[derive(Debug)]
pub struct TableFile<T> {
    /// The name asked for; none for the main table.
    wanted: Option<String>,
    /// Whether rows that come now are of it.
    is_open: bool,
    found: bool,
    others: Vec<String>,
    images: usize,
    /// Why rows of a signal, which has no way to say so, could not be kept.
    failed: Option<ReadError>,
    rows: u64,
    carried: Carried,
    file: T,
}

impl<T: OneTable> TableFile<T> {
    /// Writes the table of a name, or the main one, into a file.
    pub(super) fn of(file: T, wanted: Option<&str>) -> Self {
        Self {
            wanted: wanted.map(str::to_owned),
            is_open: false,
            found: false,
            others: Vec::new(),
            images: 0,
            failed: None,
            rows: 0,
            carried: Carried::default(),
            file,
        }
    }

    /// Writes what is left and the end of the file, and gives what was written. Errors when it cannot be written, or
    /// the table did not come.
    pub fn finish(mut self) -> Result<Written, ReadError> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        self.check()?;
        let carried = &self.carried;
        self.file.end(&carried.columns, &|| carried.to_json())?;
        let Carried { table, columns, notes, .. } = self.carried;
        Ok(Written { table, columns, rows: self.rows, others: self.others, notes })
    }

    /// Errors when the table did not come.
    fn check(&self) -> Result<(), ReadError> {
        if self.found {
            return Ok(());
        }
        let error = match &self.wanted {
            Some(wanted) if !self.others.is_empty() => ReadError::new(
                Trouble::Unsupported,
                format!("there is no table `{wanted}` in it"),
                format!("choose among: {}", self.others.join(", ")),
            ),
            _ if self.images > 0 => ReadError::new(
                Trouble::Unsupported,
                "it holds images, which are no tables",
                "look at what is in it with `inspect`, and take numbers from it with `analyze`",
            ),
            _ => ReadError::new(
                Trouble::Unsupported,
                "there is no table and no signal in it",
                "look at what is in it with `inspect`",
            ),
        };
        Err(error)
    }
}

impl<T: OneTable> Sink for TableFile<T> {
    fn format(&mut self, id: &str) {
        id.clone_into(&mut self.carried.format);
    }

    fn instrument(&mut self, name: &str) {
        name.clone_into(&mut self.carried.instrument);
    }

    fn started_at(&mut self, start: StartTime) {
        self.carried.started_at = Some(start);
    }

    fn metadata(&mut self, key: &str, value: &str) {
        self.carried.metadata.push((key.to_owned(), value.to_owned()));
    }

    fn table(&mut self, name: &str, columns: &[NewColumn]) {
        let is_wanted = self.wanted.as_deref().is_none_or(|wanted| wanted == name);
        self.is_open = !self.found && is_wanted;
        if self.is_open {
            self.found = true;
            name.clone_into(&mut self.carried.table);
            self.carried.columns = columns.iter().map(|column| column.head.clone()).collect();
            self.file.begin(columns);
        } else {
            self.others.push(name.to_owned());
        }
    }

    fn rows(&mut self, columns: &[Values]) -> Result<(), ReadError> {
        self.rows_and(columns, &[])
    }

    fn rows_and(&mut self, columns: &[Values], more: &[Values]) -> Result<(), ReadError> {
        if self.is_open {
            self.file.rows(&self.carried.columns, columns, more)?;
            self.rows += columns.first().map_or(0, Values::len) as u64;
        }
        Ok(())
    }

    fn signal(&mut self, signal: Signal) {
        let table = SignalTable::of(&signal);
        let mut name = table.name().to_owned();
        let mut count = 1;
        while self.carried.table == name || self.others.contains(&name) {
            count += 1;
            name = format!("{} {count}", table.name());
        }
        self.table(&name, &table.columns());
        if self.is_open && self.failed.is_none() {
            self.failed = table.batches().find_map(|columns| self.rows(&columns).err());
        }
        self.is_open = false;
    }

    fn image(&mut self, _: Image) {
        self.images += 1;
    }

    fn note(&mut self, note: Note) {
        self.carried.notes.push(note);
    }
}

/// Rows that could not be kept.
pub(super) fn unwritten(error: &dyn std::fmt::Display) -> ReadError {
    ReadError::new(
        Trouble::Sink,
        format!("the rows could not be written: {error}"),
        "check that there is room on the disk and that you may write there",
    )
}
