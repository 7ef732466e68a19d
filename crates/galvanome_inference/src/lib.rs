//! Quantities in, answers out.
//!
//! The decision rule is GB3, a guard-banded rule with three zones. Specimens of a reference group and of a test
//! group (electrodes or cells, never spectra or pixels) are written down as a [`comparison::Input`] and become a
//! [`comparison::Comparison`], which cannot be wrong once it exists; [`pixel::judge`] answers one or several of them
//! together as yes, no or unsure.
//! Nothing here reads files, clocks or random numbers: the same input gives the same bits.

pub mod answers;
pub mod break_even;
mod check;
pub mod comparison;
pub mod error;
pub mod evidence;
pub mod pixel;
pub mod rule;
pub mod scale;
mod spread;
