//! Integration tests of `galvanome_readers`, one binary.

mod arbin_res;
mod bdf_parquet;
mod bdf_parquet_damaged;
mod checks;
mod corpus;
mod corpus_packed;
mod corpus_text;
mod corpus_xlsx;
mod cycler_text;
mod fixtures;
mod formats;
mod judge;
mod mpr;
mod mpr_settings;
mod neware;
mod neware_packed;
mod numbers;
mod packed;
mod robust;
mod values;
mod vendor_text;
mod waist;
mod walk;
mod written;
mod xlsx;
mod zips;
