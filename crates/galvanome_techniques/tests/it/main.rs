//! Integration tests of `galvanome_techniques`, one binary.

mod catalogue;
mod echem;
mod techniques;
