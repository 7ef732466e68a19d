//! Integration tests of `galvanome`, one binary.

#![expect(clippy::unwrap_used, reason = "a test that cannot build its input should stop there")]

mod chain;
mod compare;
mod convert;
mod corpus;
mod datasets;
mod examples;
mod folders;
mod judge;
mod paper;
mod uploads;
mod xrd;
