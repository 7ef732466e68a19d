//! The one binary `galvanome`.
fn main() {}
