//! What is kept of signals and images beside their values.

use serde::{Deserialize, Serialize};

/// What is in a signal.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SignalFacts {
    /// Name of the quantity.
    pub name: String,
    /// What the file calls it; empty when it does not.
    pub label: String,
    /// Unit of the values.
    pub unit: String,
    /// Its axes, slowest first.
    pub axes: Vec<AxisFacts>,
    /// Values that are missing.
    pub nulls: u64,
    /// Least and greatest value; none when every one is missing.
    pub span: Option<[f64; 2]>,
    /// Name, value and unit of each circumstance that analyses need.
    pub conditions: Vec<(String, f64, String)>,
    /// Whether the file gives uncertainties of the values.
    pub has_uncertainties: bool,
    /// How many places on the sample its spectra were taken at; 0 when it is no map.
    pub positions: u64,
    /// Where the values lie, then the uncertainties, then the positions.
    pub(super) place: u64,
}

/// What is in an axis.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AxisFacts {
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// Its name in the file.
    pub vendor_name: String,
    /// How many points it has.
    pub len: u64,
    /// Least and greatest point; none when every one is missing.
    pub span: Option<[f64; 2]>,
    /// Whether its points fall.
    pub falls: bool,
    /// Where its points lie.
    pub(super) place: u64,
}

impl SignalFacts {
    /// The axis along which each spectrum runs.
    pub fn spectral_axis(&self) -> Option<&AxisFacts> {
        self.axes.last()
    }

    /// Points of one spectrum.
    pub fn spectrum_len(&self) -> u64 {
        self.spectral_axis().map_or(0, |axis| axis.len)
    }

    /// How many spectra there are.
    pub fn spectra(&self) -> u64 {
        let before = self.axes.split_last().map_or(&[][..], |(_, before)| before);
        before.iter().map(|axis| axis.len).product()
    }

    /// What people call it: as the file does, else by what it is.
    pub fn title(&self) -> &str {
        if self.label.is_empty() { &self.name } else { &self.label }
    }

    /// How many values there are.
    pub fn values(&self) -> u64 {
        self.spectra() * self.spectrum_len()
    }
}

/// What is in an image or volume.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ImageFacts {
    /// Its name.
    pub name: String,
    /// What the file calls it; empty when it does not.
    pub label: String,
    /// Unit of the values.
    pub unit: String,
    /// Number of voxels along z, y, x.
    pub shape: [usize; 3],
    /// Edge lengths of a voxel along z, y, x in metres, each if known.
    pub voxel_m: [Option<f64>; 3],
    /// What its voxels are held in: `uint8`, `uint16`, `float32`, `float64`.
    pub kind: String,
    /// Least and greatest value; none when nothing could be read.
    pub span: Option<[f64; 2]>,
    /// Values between which nearly all lie: what is shown black and what is shown white.
    pub contrast: Option<[f64; 2]>,
    /// Slices that could be read.
    pub slices: u64,
    /// Where what they hold is kept.
    pub(super) place: u64,
}

impl ImageFacts {
    /// What people call it: as the file does, else by what it is.
    pub fn title(&self) -> &str {
        if self.label.is_empty() { &self.name } else { &self.label }
    }
}
