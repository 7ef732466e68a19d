//! Integration tests of `galvanome_inference`, one binary.
