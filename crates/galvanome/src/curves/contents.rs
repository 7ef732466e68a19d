//! What a columnar side file says of itself at its end.
//!
//! The file: `GVCOLS02`; then, table by table and group by group of rows, each column's values (numbers as 64-bit
//! floats, followed by their lowest nodes; texts as the ends of each as 32-bit numbers, followed by the letters); then the
//! higher nodes of each column, the signals and the cycles; then the contents as JSON, their place and length, and `GVCOLS02`
//! again. Everything is little-endian. It is written from front to back, so that a file without its end was cut off.

use galvanome_model::measurement::{ColumnHead, StartTime};
use galvanome_model::note::Note;
use serde::{Deserialize, Serialize};

use super::facts::{ImageFacts, SignalFacts};

/// First and last bytes of the file; another layout has another number.
pub(super) const MAGIC: &[u8; 8] = b"GVCOLS02";

/// The folder of these files among the derived ones; another reading of the same bytes has another name.
pub(crate) const KIND: &str = concat!("columns-", env!("CARGO_PKG_VERSION"), "-4");

/// How the names of such folders begin, whichever version made them.
pub(crate) const KINDS: &str = "columns-";

/// What is in the file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Contents {
    /// Id of the format that read it.
    pub format: String,
    /// The instrument as the file names it; empty when it does not.
    pub instrument: String,
    /// When the measurement started, if the file says so.
    pub started_at: Option<StartTime>,
    /// The vendor's own metadata, verbatim and in file order, the first few hundred entries.
    pub metadata: Vec<(String, String)>,
    /// How many entries of metadata there are.
    pub metadata_entries: usize,
    /// What was found about the quality of the data.
    pub notes: Vec<Note>,
    /// Tables, the main one first.
    pub tables: Vec<TableFacts>,
    /// Signals: spectra, patterns, maps.
    pub signals: Vec<SignalFacts>,
    /// Images and volumes.
    pub images: Vec<ImageFacts>,
    /// Where the cycles lie, and how many there are.
    pub(super) cycles: (u64, u64),
}

/// What is in a table.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TableFacts {
    /// Its name.
    pub name: String,
    /// How many rows it has.
    pub rows: u64,
    /// Its columns; those that were worked out here come last.
    pub columns: Vec<ColumnFacts>,
    /// Rows of each group but the last.
    pub(super) group_rows: u64,
    /// Where each column of each group begins, group by group.
    pub(super) places: Vec<u64>,
}

impl TableFacts {
    /// The column of a canonical name, and its place.
    pub fn column(&self, name: &str) -> Option<(usize, &ColumnFacts)> {
        self.columns.iter().enumerate().find(|(_, column)| column.head.name == name)
    }

    /// The columns of the file itself.
    pub fn of_file(&self) -> impl Iterator<Item = &ColumnFacts> {
        self.columns.iter().filter(|column| !column.ours)
    }
}

/// What is in a column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnFacts {
    /// What it is.
    pub head: ColumnHead,
    /// Whether it holds text.
    pub is_text: bool,
    /// Whether it was worked out here, for the curves.
    pub ours: bool,
    /// Values that are missing.
    pub nulls: u64,
    /// First, last, least and greatest number; none for text and when every value is missing.
    pub span: Option<[f64; 4]>,
    /// First and last text; none for numbers and when every text is empty.
    pub texts: Option<(String, String)>,
    /// Where its higher nodes lie, and how many of each level there are.
    pub(super) nodes: [(u64, u64); 2],
}

/// One cycle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cycle {
    /// Its number.
    pub number: f64,
    /// Its first row.
    pub first_row: u64,
    /// How many rows it has.
    pub rows: u64,
    /// Charge taken up, in ampere hours.
    pub charge_ah: f64,
    /// Charge given, in ampere hours.
    pub discharge_ah: f64,
    /// When it begins on the axis of the curves, in seconds.
    pub begins_s: f64,
}

/// Numbers that a cycle is written down as.
pub(super) const CYCLE_NUMBERS: usize = 6;

impl Cycle {
    pub(super) fn numbers(&self) -> [f64; CYCLE_NUMBERS] {
        let rows = |rows: u64| rows as f64;
        [
            self.number,
            rows(self.first_row),
            rows(self.rows),
            self.charge_ah,
            self.discharge_ah,
            self.begins_s,
        ]
    }

    pub(super) fn of(numbers: &[f64]) -> Option<Self> {
        let [number, first_row, rows, charge_ah, discharge_ah, begins_s] = *numbers else {
            return None;
        };
        let (first_row, rows) = (first_row as u64, rows as u64);
        Some(Self { number, first_row, rows, charge_ah, discharge_ah, begins_s })
    }
}

/// Name of the column that the curves have as their time: that of the test, made to go forward only.
pub const TIME: &str = "curve_time_second";

/// Name of the column with the charge that was worked out from current and time.
pub const CHARGE: &str = "integrated_capacity_ah";
