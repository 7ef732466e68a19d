//! The things one can do with a campaign, one file per verb.
//!
//! Reads from the store, calls pure code, writes back. Knows neither HTTP nor terminals. Everything that changes
//! something takes an [`Actor`].

pub mod analyze;
pub mod answer;
mod clock;
pub mod compare;
pub mod convert;
pub mod curves;
pub mod dataset;
mod error;
pub mod export;
pub mod figure;
pub mod files;
pub mod findings;
pub mod import;
pub mod ingest;
pub mod inspect;
pub mod jobs;
pub mod judge;
mod known;
pub mod metaview;
mod open;
pub mod pictures;
mod progress;
mod reading;
pub mod show;
mod staging;
pub mod strict;
pub mod upload;
pub mod why;

pub use error::Error;
pub use galvanome_store::{Actor, HeldQuantity, QuantityOrigin, ServerLock};
pub use known::Known;
pub use open::Galvanome;
pub use progress::Progress;
