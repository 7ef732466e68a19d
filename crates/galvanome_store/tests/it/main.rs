//! Integration tests of `galvanome_store`, one binary.
