//! What an analysis is: measurements of one specimen and settings in, quantities with uncertainties, tables,
//! plots and notes out. An analysis does not fail: what it could not determine is absent, and a note says why.

pub mod combined;
pub(crate) mod found;
mod input;
pub mod pattern_difference;
pub mod peak_model;
mod setting;
pub mod spectrum;
pub mod spectrum_fit;
pub(crate) mod start;
pub mod volume;

use galvanome_model::ids::DescriptorId;
use galvanome_model::measurement::Table;
use galvanome_model::note::Note;
use galvanome_model::plot::Plot;
use galvanome_model::quantity::Qualifier;

pub use self::input::{Input, Inputs};
pub use self::setting::{BadSetting, Setting, SettingKind, Settings};

/// A technique with an analysis: one entry of [`TECHNIQUES`](crate::TECHNIQUES). Its figures are in the
/// catalogue under the same id.
#[derive(Debug, Clone, Copy)]
pub struct Technique {
    /// Its id in the catalogue.
    pub id: &'static str,
    /// Version of the analysis, the one of its `technique.toml`. A changed number needs a changed version.
    pub version: u32,
    /// What a caller may set.
    pub settings: &'static [Setting],
    /// The roles of auxiliary measurements that it can use (`open-beam`), with what each is for.
    pub roles: &'static [(&'static str, &'static str)],
    /// The ids of the descriptors that it can find.
    pub descriptors: &'static [&'static str],
    /// The ids of those among them by which specimens may be selected before they are compared (the capacity before
    /// ageing), best first; empty where there are none.
    pub select_by: &'static [&'static str],
    /// How its spectra are compared as a whole, without a model of what is in them; none where it has none.
    pub pattern: Option<Pattern>,
    /// Finds quantities in the measurements of one specimen.
    pub analyze: fn(&Inputs, &Settings) -> Analysis,
}

/// How spectra are compared as a whole ([`pattern_difference`]).
#[derive(Debug, Clone, Copy)]
pub struct Pattern {
    /// Which spectra.
    pub wanted: spectrum::Wanted,
    /// What makes them comparable.
    pub normalisation: pattern_difference::Normalisation,
}

impl Technique {
    /// What made a quantity, as quantities remember it: `echem 1`.
    pub fn method(&self) -> String {
        format!("{} {}", self.id, self.version)
    }
}

/// What an analysis found in the measurements of one specimen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Analysis {
    /// Values of descriptors.
    pub quantities: Vec<Found>,
    /// Findings about the data, and why something is absent. Those of the readers are not repeated.
    pub notes: Vec<Note>,
    /// The standard plots, the main one first.
    pub plots: Vec<Plot>,
    /// Tables that were made on the way, the main one first (for `echem`: `cycles`).
    pub tables: Vec<Table>,
}

/// A value of a descriptor found in one specimen.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The descriptor.
    pub descriptor: DescriptorId,
    /// How the number is meant.
    pub qualifier: Qualifier,
    /// The number, in `unit`.
    pub value: f64,
    /// Its standard uncertainty from this specimen's data alone, in `unit`; none when the data do not tell.
    pub uncertainty: Option<f64>,
    /// The descriptor's unit.
    pub unit: String,
    /// How many points it rests on. They are points of one specimen, never replicates.
    pub points: usize,
    /// How it was found, in one line: the cycles, the window, the reference.
    pub detail: String,
}

impl Analysis {
    /// The quantity of a descriptor, if it was found.
    pub fn quantity(&self, descriptor: &str) -> Option<&Found> {
        self.quantities.iter().find(|found| found.descriptor.as_str() == descriptor)
    }
}
