//! Integration tests of `galvanome_readers`, one binary.

mod arbin_res;
mod corpus;
mod corpus_text;
mod cycler_text;
mod fixtures;
mod formats;
mod mpr;
mod neware;
mod neware_packed;
mod values;
mod vendor_text;
mod waist;
mod xlsx;
mod zips;
