//! Integration tests of `galvanome_server`, one binary.
