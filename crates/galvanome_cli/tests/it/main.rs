//! Integration tests of the binary, and of the rules of the house that a machine can hold.

#![expect(clippy::unwrap_used, reason = "a test that cannot build its input should stop there")]

mod contracts;
mod converting;
mod help;
mod house;
mod licences;
mod outputs;
mod program;
mod refused;
mod serving;
