//! Integration tests of `galvanome_techniques`, one binary.
#![expect(clippy::unwrap_used, reason = "a test that cannot build its input should stop there")]

mod catalogue;
mod echem;
mod nanoct;
mod selection;
mod techniques;
mod xrd;
