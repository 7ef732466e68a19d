//! Integration tests of `galvanome_server`, one binary.
#![expect(clippy::unwrap_used, reason = "a test that cannot build its input should stop there")]

mod api;
mod pages;
