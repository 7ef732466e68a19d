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
    /// The signal of several spectra that is shown, from 0.
    pub signal: Option<usize>,
    /// The spectra of it that are shown, from 1, with commas.
    pub shown: Option<String>,
    /// The image that is shown, from 0.
    pub image: Option<usize>,
    /// The slice of it that is shown, from 1.
    pub slice: Option<usize>,
    /// Across which direction it is cut: `z`, `y` or `x`.
    pub cut: Option<String>,
    /// A further column that is drawn against time.
    pub also: Option<String>,
    /// The table whose rows are shown.
    pub table: Option<String>,
    /// The first of these rows, from 0.
    pub row: Option<u64>,
}
