//! Integration tests of `galvanome_readers`, one binary.

mod corpus;
