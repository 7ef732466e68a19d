//! Where readers put what they read: into memory, into a summary, or into whatever a caller brings.

mod allowance;
mod collect;
mod csv;
mod hand_on;
mod one_table;
mod parquet;
mod signal_table;
mod summary;

use galvanome_model::image::Image;
use galvanome_model::measurement::{ColumnHead, StartTime, Values};
use galvanome_model::note::Note;
use galvanome_model::signal::Signal;

pub(crate) use self::allowance::Allowance;
pub use self::collect::Collect;
pub use self::csv::{Csv, CsvFile};
pub(crate) use self::hand_on::hand_on;
pub use self::one_table::{OneTable, TableFile, Written};
pub use self::parquet::{Parquet, ParquetFile};
pub use self::summary::{
    AxisSummary, ColumnSummary, ImageSummary, NumberSpan, SignalSummary, Span, Summary,
    TableSummary,
};
use crate::error::ReadError;

/// What kind of values a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Numbers; a missing one is NaN, and none is infinite.
    Number,
    /// Text; a missing one is empty.
    Text,
}

impl Kind {
    /// An empty column of this kind.
    pub fn values(self) -> Values {
        match self {
            Self::Number => Values::Number(Vec::new()),
            Self::Text => Values::Text(Vec::new()),
        }
    }
}

/// A column that a table begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewColumn {
    /// What it is.
    pub head: ColumnHead,
    /// What it holds.
    pub kind: Kind,
}

/// Takes what a reader finds, in the order of the file. Tables come one after the other, the main one first;
/// everything else may come at any time. The id of the format is the first thing it is told.
pub trait Sink {
    /// The id of the format that reads.
    fn format(&mut self, id: &str);

    /// The instrument as the file names it.
    fn instrument(&mut self, name: &str);

    /// When the measurement started.
    fn started_at(&mut self, start: StartTime);

    /// One entry of the vendor's own metadata, verbatim.
    fn metadata(&mut self, key: &str, value: &str);

    /// A table begins; rows that follow are its rows, until the next one begins. Names of columns are unique.
    fn table(&mut self, name: &str, columns: &[NewColumn]);

    /// Rows of the table that began last: as many `Values` as it has columns, all of one length, each of its
    /// column's kind. Errors when they cannot be kept (a disk is full), which ends the reading.
    fn rows(&mut self, columns: &[Values]) -> Result<(), ReadError>;

    /// Rows of which the last columns stand apart, since a sink before this one computed them. Errors as `rows` does. A
    /// sink that need not have them together saves a copy by a method of its own.
    fn rows_and(&mut self, columns: &[Values], more: &[Values]) -> Result<(), ReadError> {
        let all: Vec<Values> = columns.iter().chain(more).cloned().collect();
        self.rows(&all)
    }

    /// A signal on named axes.
    fn signal(&mut self, signal: Signal);

    /// An image or a volume, of which nothing is read yet.
    fn image(&mut self, image: Image);

    /// A finding about the data.
    fn note(&mut self, note: Note);
}
