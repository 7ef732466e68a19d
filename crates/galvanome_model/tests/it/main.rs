//! Integration tests of `galvanome_model`, one binary.

#![expect(clippy::unwrap_used, reason = "a test that cannot build its input should stop there")]

mod answers;
mod catalogue;
mod metaviews;
mod visibility;
