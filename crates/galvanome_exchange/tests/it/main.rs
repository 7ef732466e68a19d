//! Integration tests of `galvanome_exchange`, one binary.

mod figure;
mod folder;
