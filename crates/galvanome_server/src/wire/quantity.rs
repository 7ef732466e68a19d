//! Samples, experiments, datasets and quantities.

use galvanome_model::experiment::{Dataset, Experiment};
use galvanome_model::quantity::Quantity;
use galvanome_model::sample::Sample;
use serde::Serialize;
use utoipa::ToSchema;

/// A value of a descriptor.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct QuantityOut {
    /// The descriptor.
    pub descriptor: String,
    /// The component; null for the whole cell.
    pub component: Option<String>,
    /// The groups it is a value of.
    pub groups: Vec<String>,
    /// The specimen; null for a mean.
    pub sample: Option<String>,
    /// The experiment it comes from.
    pub experiment: Option<String>,
    /// The dataset it comes from.
    pub dataset: Option<String>,
    /// How the number is meant: `=`, `<`, `>` or `~`.
    pub qualifier: &'static str,
    /// The number, in `unit`.
    pub value: f64,
    /// Its standard uncertainty; null when it is not stated.
    pub uncertainty: Option<f64>,
    /// The unit.
    pub unit: String,
    /// Number of specimens; null when it is not stated.
    pub n: Option<u32>,
    /// What made it.
    pub method: String,
    /// Where it comes from.
    pub source: String,
    /// Made by an analysis of ours, not taken from the folder.
    pub computed: bool,
}

/// A sample, or a stock of identical ones.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SampleOut {
    /// Its label.
    pub id: String,
    /// What it is.
    pub kind: String,
    /// The component it consists of.
    pub component: Option<String>,
    /// The group it belongs to.
    pub group: Option<String>,
    /// What it was made from.
    pub parents: Vec<String>,
    /// How.
    pub process: String,
    /// How many identical ones this entry stands for.
    pub count: u32,
    /// A model sample.
    pub surrogate: bool,
}

/// An experiment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ExperimentOut {
    /// Its id.
    pub id: String,
    /// The technique.
    pub technique: String,
    /// Who measures.
    pub partner: Option<String>,
    /// On what.
    pub instrument: String,
    /// What is measured.
    pub samples: Vec<String>,
    /// How far it is.
    pub status: &'static str,
    /// Its DOI.
    pub doi: String,
    /// Anything else worth knowing.
    pub note: String,
}

/// A dataset.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DatasetOut {
    /// Its id.
    pub id: String,
    /// The experiment it belongs to.
    pub experiment: String,
    /// The samples it is about.
    pub samples: Vec<String>,
    /// What it is for.
    pub role: String,
    /// Path inside the campaign folder of the file that we hold; empty for a reference.
    pub path: String,
    /// Where the files are that we do not hold.
    pub url: String,
    /// Their DOI.
    pub doi: String,
    /// Size in bytes.
    pub bytes: Option<u64>,
    /// SHA-256 of the file.
    pub sha256: String,
}

impl QuantityOut {
    /// The shape of a quantity.
    pub fn of(quantity: &Quantity, computed: bool) -> Self {
        Self {
            descriptor: quantity.descriptor.to_string(),
            component: quantity.component.as_ref().map(ToString::to_string),
            groups: quantity.groups.iter().map(ToString::to_string).collect(),
            sample: quantity.sample.as_ref().map(ToString::to_string),
            experiment: quantity.experiment.as_ref().map(ToString::to_string),
            dataset: quantity.dataset.as_ref().map(ToString::to_string),
            qualifier: quantity.qualifier.sign(),
            value: quantity.value,
            uncertainty: quantity.uncertainty,
            unit: quantity.unit.clone(),
            n: quantity.n,
            method: quantity.method.clone(),
            source: quantity.source.clone(),
            computed,
        }
    }
}

impl From<&Sample> for SampleOut {
    fn from(sample: &Sample) -> Self {
        Self {
            id: sample.id.to_string(),
            kind: sample.kind.clone(),
            component: sample.component.as_ref().map(ToString::to_string),
            group: sample.group.as_ref().map(ToString::to_string),
            parents: sample.parents.iter().map(ToString::to_string).collect(),
            process: sample.process.clone(),
            count: sample.count,
            surrogate: sample.surrogate,
        }
    }
}

impl From<&Experiment> for ExperimentOut {
    fn from(experiment: &Experiment) -> Self {
        Self {
            id: experiment.id.to_string(),
            technique: experiment.technique.to_string(),
            partner: experiment.partner.as_ref().map(ToString::to_string),
            instrument: experiment.instrument.clone(),
            samples: experiment.samples.iter().map(ToString::to_string).collect(),
            status: experiment.status.word(),
            doi: experiment.doi.clone(),
            note: experiment.note.clone(),
        }
    }
}

impl From<&Dataset> for DatasetOut {
    fn from(dataset: &Dataset) -> Self {
        Self {
            id: dataset.id.to_string(),
            experiment: dataset.experiment.to_string(),
            samples: dataset.samples.iter().map(ToString::to_string).collect(),
            role: dataset.role.clone(),
            path: dataset.path.clone(),
            url: dataset.url.clone(),
            doi: dataset.doi.clone(),
            bytes: dataset.bytes,
            sha256: dataset.sha256.clone(),
        }
    }
}
