//! What an instrument file says, in one shape: tables, signals with axes and units, images, metadata, notes.

use serde::{Deserialize, Serialize};

use crate::image::Image;
use crate::note::Note;
use crate::signal::Signal;

/// Everything read from one set of files.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Measurement {
    /// Id of the format that read it.
    pub format: String,
    /// The instrument as the file names it; empty when it does not.
    pub instrument: String,
    /// When the measurement started, if the file says so.
    pub started_at: Option<StartTime>,
    /// Tables, the main one first.
    pub tables: Vec<Table>,
    /// Signals on named axes: spectra, patterns, maps.
    pub signals: Vec<Signal>,
    /// Images and volumes, which stay where they are and are read slice by slice.
    pub images: Vec<Image>,
    /// The vendor's own metadata, verbatim and in file order: never read by an analysis.
    pub metadata: Vec<(String, String)>,
    /// What was found about the quality of the data.
    pub notes: Vec<Note>,
}

impl Measurement {
    /// The table of a name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }
}

/// A start time as far as the file fixes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartTime {
    /// ISO 8601, with an offset only when the file gives one.
    pub iso: String,
    /// What is known of its time zone.
    pub zone: Zone,
}

/// What is known of the time zone of a start time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Zone {
    /// The file gives an offset or says UTC.
    Stated,
    /// Local time of the instrument's computer, zone unknown.
    Local,
}

/// Columns of equal length.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Name of the table; the main table of a cycler file is `records`.
    pub name: String,
    /// Columns, all of `rows` values.
    pub columns: Vec<Column>,
    /// Number of rows.
    pub rows: usize,
}

impl Table {
    /// The column of a canonical name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.head.name == name)
    }

    /// The numbers of a column, if it is there and numeric.
    pub fn numbers(&self, name: &str) -> Option<&[f64]> {
        match &self.column(name)?.values {
            Values::Number(values) => Some(values),
            Values::Text(_) => None,
        }
    }
}

/// What a column is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ColumnHead {
    /// Canonical name (BDF 1.3 machine names for cycling, such as `voltage_volt`), or the vendor's own.
    pub name: String,
    /// Unit of the values; `1` for pure numbers, empty for text and where the file does not say.
    pub unit: String,
    /// The column's name in the file, verbatim.
    pub vendor_name: String,
    /// How the values came about.
    pub origin: Origin,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Column {
    /// What it is.
    pub head: ColumnHead,
    /// Its values.
    pub values: Values,
}

/// How the values of a column came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// As the file holds them, at most in another unit.
    #[default]
    Stored,
    /// Integrated from another column.
    Integrated,
    /// Interpolated between stored values.
    Interpolated,
    /// Rebuilt from other columns by a stated rule.
    Reconstructed,
}

/// Values of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Numbers; a missing one is NaN.
    Number(Vec<f64>),
    /// Text; a missing one is empty.
    Text(Vec<String>),
}

impl Default for Values {
    fn default() -> Self {
        Self::Number(Vec::new())
    }
}

impl Values {
    /// How many values there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Number(values) => values.len(),
            Self::Text(values) => values.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
