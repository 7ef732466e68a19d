//! One folder per technique: catalogue entry, analysis, cases.
//!
//! `src/<id>/technique.toml` holds a technique's figures and needs no Rust; an analysis stands beside it.

mod catalogue;

pub use catalogue::{catalogue, unreadable_files};
