//! One folder per technique: catalogue entry, analysis, cases.
//!
//! `src/<id>/technique.toml` holds a technique's figures and needs no Rust; an analysis stands beside it.

pub mod analysis;
mod catalogue;
mod echem;
mod nanoct;
pub mod xrd;

pub use analysis::{Analysis, Found, Input, Inputs, Settings, Technique};
pub use catalogue::{catalogue, manual, unreadable_files};
pub use echem::incremental::{IncrementalCapacity, incremental_capacity};
pub use echem::selection;

/// Every technique with an analysis, sorted by id.
pub const TECHNIQUES: &[Technique] = &[echem::TECHNIQUE, nanoct::TECHNIQUE, xrd::TECHNIQUE];
