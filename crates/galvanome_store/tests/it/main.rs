//! Integration tests of `galvanome_store`, one binary.
#![expect(clippy::unwrap_used, reason = "a helper of a test may fail the test")]
#![expect(clippy::print_stdout, reason = "what was skipped and what was measured is said aloud")]

mod databases;
mod draw;
mod example;
mod folder;
mod killed;
mod postgres;
mod speed;
mod suite;
