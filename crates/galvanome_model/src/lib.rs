//! Every noun of a characterization campaign, and the waist that every file passes through.
//!
//! Nothing here knows files, clocks, databases or networks.

pub mod answer;
pub mod catalogue;
pub mod ids;
