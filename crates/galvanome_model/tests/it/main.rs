//! Integration tests of `galvanome_model`, one binary.
