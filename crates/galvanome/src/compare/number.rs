//! What one specimen gave.

use galvanome_model::quantity::Qualifier;

/// What one specimen gave for a descriptor.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// The specimen.
    pub label: String,
    /// How the number is meant.
    pub qualifier: Qualifier,
    /// The number, in the descriptor's unit.
    pub value: f64,
    /// Its standard uncertainty from this specimen's data alone.
    pub uncertainty: Option<f64>,
    /// How it was found, in one line.
    pub detail: String,
}
