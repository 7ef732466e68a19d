//! What the address of a dataset's page asks for.

use serde::Deserialize;

/// What the address asks for.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Where the curves against time begin, in seconds.
    pub from: Option<f64>,
    /// Where they end.
    pub to: Option<f64>,
    /// The cycles that are compared, with commas.
    pub cycles: Option<String>,
    /// The spectra that are compared, with commas.
    pub spectra: Option<String>,
    /// The lowest and the highest frequency that is seen, in hertz, with a comma; the page's script reads it.
    pub hertz: Option<String>,
    /// A further column that is drawn against time.
    pub also: Option<String>,
    /// The table whose rows are shown.
    pub table: Option<String>,
    /// The first of these rows, from 0.
    pub row: Option<u64>,
}
