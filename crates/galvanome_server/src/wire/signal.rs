//! Signals and images of a file, without their values.

use galvanome::curves::{ImageFacts, SignalFacts};
use serde::Serialize;
use utoipa::ToSchema;

/// An axis of a signal.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AxisOut {
    /// Its name.
    pub name: String,
    /// Its unit; `1` for pure numbers, empty where the file does not say.
    pub unit: String,
    /// Its name in the file.
    pub vendor_name: String,
    /// How many points it has.
    pub points: u64,
    /// Least point; null when every one is missing.
    pub min: Option<f64>,
    /// Greatest point.
    pub max: Option<f64>,
}

/// A circumstance of a measurement.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConditionOut {
    /// What it is.
    pub name: String,
    /// Its value.
    pub value: f64,
    /// Its unit.
    pub unit: String,
}

/// A signal: spectra, patterns, maps.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SignalOut {
    /// Name of the quantity.
    pub name: String,
    /// What the file calls it.
    pub label: String,
    /// Unit of the values.
    pub unit: String,
    /// Its axes, slowest first.
    pub axes: Vec<AxisOut>,
    /// Least value; null when every one is missing.
    pub min: Option<f64>,
    /// Greatest value.
    pub max: Option<f64>,
    /// Values that are missing.
    pub nulls: u64,
    /// How many spectra there are.
    pub spectra: u64,
    /// How many places on the sample they were taken at; 0 when it is no map.
    pub positions: u64,
    /// Whether the file gives uncertainties of the values.
    pub has_uncertainties: bool,
    /// Circumstances that analyses need.
    pub conditions: Vec<ConditionOut>,
}

/// An image or volume.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImageOut {
    /// Its name.
    pub name: String,
    /// What the file calls it.
    pub label: String,
    /// Unit of the values.
    pub unit: String,
    /// Number of voxels along z, y, x.
    pub shape: [usize; 3],
    /// Edge lengths of a voxel along z, y, x in metres; null where the file does not say.
    pub voxel_m: [Option<f64>; 3],
    /// What its voxels are held in: `uint8`, `uint16`, `float32`, `float64`.
    pub kind: String,
    /// Least value; null when nothing could be read.
    pub min: Option<f64>,
    /// Greatest value.
    pub max: Option<f64>,
    /// Slices that could be read.
    pub slices: u64,
}

fn ends(span: Option<[f64; 2]>) -> (Option<f64>, Option<f64>) {
    span.map_or((None, None), |[min, max]| (Some(min), Some(max)))
}

impl SignalOut {
    /// The shape of a signal.
    pub fn of(facts: &SignalFacts) -> Self {
        let (min, max) = ends(facts.span);
        let axes = facts.axes.iter().map(|axis| {
            let (min, max) = ends(axis.span);
            AxisOut {
                name: axis.name.clone(),
                unit: axis.unit.clone(),
                vendor_name: axis.vendor_name.clone(),
                points: axis.len,
                min,
                max,
            }
        });
        let conditions = facts.conditions.iter().map(|(name, value, unit)| ConditionOut {
            name: name.clone(),
            value: *value,
            unit: unit.clone(),
        });
        Self {
            name: facts.name.clone(),
            label: facts.label.clone(),
            unit: facts.unit.clone(),
            axes: axes.collect(),
            min,
            max,
            nulls: facts.nulls,
            spectra: facts.spectra(),
            positions: facts.positions,
            has_uncertainties: facts.has_uncertainties,
            conditions: conditions.collect(),
        }
    }
}

impl ImageOut {
    /// The shape of an image.
    pub fn of(facts: &ImageFacts) -> Self {
        let (min, max) = ends(facts.span);
        Self {
            name: facts.name.clone(),
            label: facts.label.clone(),
            unit: facts.unit.clone(),
            shape: facts.shape,
            voxel_m: facts.voxel_m,
            kind: facts.kind.clone(),
            min,
            max,
            slices: facts.slices,
        }
    }
}
