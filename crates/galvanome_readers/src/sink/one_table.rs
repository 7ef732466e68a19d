//! What sinks that write files have in common: of everything that is read they keep one table, and what is said
//! beside it.

use galvanome_model::measurement::{ColumnHead, StartTime};
use galvanome_model::note::Note;

use super::NewColumn;
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

/// One table on its way through a sink, and what is said beside it.
#[derive(Debug, Default)]
pub(super) struct OneTable {
    /// The name asked for; none for the main table.
    wanted: Option<String>,
    /// Whether rows that come now are of it.
    pub(super) is_open: bool,
    found: bool,
    others: Vec<String>,
    signals: usize,
    pub(super) rows: u64,
    pub(super) carried: Carried,
}

impl OneTable {
    pub(super) fn new(wanted: Option<&str>) -> Self {
        Self { wanted: wanted.map(str::to_owned), ..Self::default() }
    }

    pub(super) fn format(&mut self, id: &str) {
        id.clone_into(&mut self.carried.format);
    }

    pub(super) fn instrument(&mut self, name: &str) {
        name.clone_into(&mut self.carried.instrument);
    }

    pub(super) fn started_at(&mut self, start: StartTime) {
        self.carried.started_at = Some(start);
    }

    pub(super) fn metadata(&mut self, key: &str, value: &str) {
        self.carried.metadata.push((key.to_owned(), value.to_owned()));
    }

    /// A table begins. Gives whether it is the one.
    pub(super) fn table(&mut self, name: &str, columns: &[NewColumn]) -> bool {
        let is_wanted = self.wanted.as_deref().is_none_or(|wanted| wanted == name);
        self.is_open = !self.found && is_wanted;
        if self.is_open {
            self.found = true;
            name.clone_into(&mut self.carried.table);
            self.carried.columns = columns.iter().map(|column| column.head.clone()).collect();
        } else {
            self.others.push(name.to_owned());
        }
        self.is_open
    }

    pub(super) fn signal(&mut self) {
        self.signals += 1;
    }

    pub(super) fn note(&mut self, note: Note) {
        self.carried.notes.push(note);
    }

    /// What was written. Errors when the table did not come.
    pub(super) fn finish(self) -> Result<Written, ReadError> {
        self.check()?;
        let Carried { table, columns, notes, .. } = self.carried;
        Ok(Written { table, columns, rows: self.rows, others: self.others, notes })
    }

    /// Errors when the table did not come.
    pub(super) fn check(&self) -> Result<(), ReadError> {
        if self.found {
            return Ok(());
        }
        let error = match &self.wanted {
            Some(wanted) if !self.others.is_empty() => ReadError::new(
                Trouble::Unsupported,
                format!("there is no table `{wanted}` in it"),
                format!("choose among: {}", self.others.join(", ")),
            ),
            _ => ReadError::new(
                Trouble::Unsupported,
                format!("there is no table in it, only {} signals", self.signals),
                "look at what is in it with `inspect`",
            ),
        };
        Err(error)
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
