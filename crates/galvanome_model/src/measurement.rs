//! What an instrument file says, in one shape: tables, signals with axes and units, metadata, notes.

use serde::{Deserialize, Serialize};

use crate::note::Note;

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

/// A quantity sampled on named axes, in row-major order (the last axis runs fastest).
#[derive(Debug, Clone, PartialEq)]
pub struct Signal {
    /// Name of the signal.
    pub name: String,
    /// Unit of the values.
    pub unit: String,
    /// The axes, slowest first.
    pub axes: Vec<Axis>,
    /// Values, as many as the product of the axes' lengths.
    pub values: Vec<f64>,
    /// Where on the sample each spectrum of a map was taken; empty when it is not a map.
    pub positions: Vec<Position>,
    /// How the values were counted, when they are counts.
    pub counting: Option<Counting>,
}

/// A named axis with its unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// Name of the axis.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// Its points, in the order of the values.
    pub points: Vec<f64>,
}

/// A place on the sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// Across, in metres.
    pub x_m: f64,
    /// Along, in metres.
    pub y_m: f64,
    /// Height or depth, in metres.
    pub z_m: f64,
}

/// How counts were collected: what counting statistics need.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counting {
    /// Live time per point in seconds.
    pub live_time_s: f64,
    /// What one unit of the values is worth in counts (1 for raw counts).
    pub counts_per_unit: f64,
}
