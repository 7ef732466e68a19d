//! Integration tests of `galvanome`, one binary.
