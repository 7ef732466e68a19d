//! Integration tests of `galvanome_techniques`, one binary.
