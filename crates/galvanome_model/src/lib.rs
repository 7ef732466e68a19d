//! Every noun of a characterization campaign, and the waist that every file passes through.
//!
//! Nothing here knows files, clocks, databases or networks.

pub mod answer;
pub mod campaign;
pub mod catalogue;
pub mod experiment;
pub mod extra;
pub mod ids;
pub mod image;
pub mod measurement;
pub mod metaview;
pub mod note;
pub mod pixel;
pub mod plot;
pub mod quantity;
pub mod record;
pub mod sample;
pub mod signal;
pub mod slabs;
pub mod verdict;
pub mod visibility;
