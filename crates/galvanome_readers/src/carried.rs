//! What a Parquet file of ours carries beside its numbers, so that reading it back loses nothing: units, vendor's
//! names, origins, the instrument, the start, the vendor's metadata, and the notes. One entry of the file's own
//! metadata holds it as JSON.

use galvanome_model::measurement::{ColumnHead, StartTime};
use galvanome_model::note::Note;
use serde_json::{Value, json};

/// The key of the entry.
pub(crate) const KEY: &str = "galvanome";

/// What is carried.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Carried {
    /// The table.
    pub(crate) table: String,
    /// The format that the numbers were read from first.
    pub(crate) format: String,
    /// The instrument.
    pub(crate) instrument: String,
    /// When the measurement started.
    pub(crate) started_at: Option<StartTime>,
    /// What each column is.
    pub(crate) columns: Vec<ColumnHead>,
    /// The vendor's own metadata.
    pub(crate) metadata: Vec<(String, String)>,
    /// What was found about the data.
    pub(crate) notes: Vec<Note>,
}

impl Carried {
    /// As JSON.
    pub(crate) fn to_json(&self) -> String {
        let Self { table, format, instrument, started_at, columns, metadata, notes } = self;
        json!({
            "schema": 1,
            "table": table,
            "format": format,
            "instrument": instrument,
            "started_at": started_at,
            "columns": columns,
            "metadata": metadata,
            "notes": notes,
        })
        .to_string()
    }

    /// From JSON; none when it is not of this shape.
    pub(crate) fn of_json(text: &str) -> Option<Self> {
        let mut all: Value = serde_json::from_str(text).ok()?;
        if all["schema"] != 1 {
            return None;
        }
        let mut take = |key: &str| all.get_mut(key).map(Value::take);
        let text = |value: Option<Value>| Some(value?.as_str()?.to_owned());
        Some(Self {
            table: text(take("table"))?,
            format: text(take("format"))?,
            instrument: text(take("instrument"))?,
            started_at: serde_json::from_value(take("started_at")?).ok()?,
            columns: serde_json::from_value(take("columns")?).ok()?,
            metadata: serde_json::from_value(take("metadata")?).ok()?,
            notes: serde_json::from_value(take("notes")?).ok()?,
        })
    }
}
