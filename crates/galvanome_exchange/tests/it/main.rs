//! Integration tests of `galvanome_exchange`, one binary.
