//! The campaign folder: round trips, bad input, the examples.

#![expect(clippy::unwrap_used, reason = "a test that cannot build its input should stop there")]

mod bad_definitions;
mod bad_files;
mod bad_quantities_to_gates;
mod bad_samples_to_datasets;
mod base;
mod campaigns;
mod definitions;
mod examples;
mod round_trip;
