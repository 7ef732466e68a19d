//! Integration tests of `galvanome_numerics`, one binary.
