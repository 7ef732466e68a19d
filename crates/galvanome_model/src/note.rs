//! Findings about data quality, which travel with the numbers.

use serde::{Deserialize, Serialize};

/// A finding about the data: never only a log line.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Note {
    /// A stable word for programs, in kebab case (`truncated-file`, `unknown-column`).
    pub code: String,
    /// What was found and what was done about it, for a scientist.
    pub message: String,
    /// Where: a row, a column, a byte, a sample; empty when it concerns the whole.
    #[serde(rename = "where")]
    pub place: String,
}

impl Note {
    /// A note about a place.
    pub fn new(code: &str, message: impl Into<String>, place: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into(), place: place.into() }
    }
}
