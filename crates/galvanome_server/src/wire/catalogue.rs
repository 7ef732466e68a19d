//! Techniques of the catalogue.

use galvanome_model::catalogue::{Descriptor, Technique, Term};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

use super::SCHEMA;

/// A technique in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TechniqueSummary {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The label of its row.
    pub short_name: String,
    /// `lab`, `synchrotron` or `neutron`.
    #[schema(value_type = Option<String>)]
    pub facility: Option<galvanome_model::catalogue::Facility>,
    /// Shallowest depth that contributes, in metres.
    pub depth_min_m: Option<f64>,
    /// Typical depth, in metres.
    pub depth_typical_m: Option<f64>,
    /// Deepest that contributes, in metres.
    pub depth_max_m: Option<f64>,
    /// Smallest distance told apart along the electrode, in metres.
    pub lateral_resolution_m: Option<f64>,
    /// Observables that it can answer.
    pub observables: Vec<String>,
}

/// A technique with everything that is known of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TechniqueOut {
    /// The number of this set of shapes.
    pub schema: u32,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The label of its row.
    pub short_name: String,
    /// Facts by name; lengths in metres (`_m`), times in hours (`_h`).
    #[schema(value_type = std::collections::HashMap<String, serde_json::Value>)]
    pub facts: serde_json::Value,
    /// Where each fact comes from, by the fact's name.
    pub sources: BTreeMap<String, String>,
    /// The numbers that it yields.
    pub descriptors: Vec<DescriptorOut>,
    /// The same concept in public vocabularies.
    pub terms: Vec<TermOut>,
}

/// A number that a technique yields.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DescriptorOut {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// `ratio` or `difference`.
    #[schema(value_type = String)]
    pub scale: galvanome_model::catalogue::Scale,
    /// Specimens are stopped or selected by it: it answers no question.
    pub selects_specimens: bool,
    /// The observables that it speaks for.
    pub speaks_for: Vec<SpeaksForOut>,
}

/// An observable that a descriptor speaks for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SpeaksForOut {
    /// The observable.
    pub observable: String,
    /// It decides the pixel.
    pub primary: bool,
    /// The margin δ: a fraction on the ratio scale, in the unit otherwise.
    pub delta: Option<f64>,
    /// The expected spread s0, likewise.
    pub s0: Option<f64>,
}

/// A term of a public vocabulary.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TermOut {
    /// The term.
    pub iri: String,
    /// Its label.
    pub label: String,
    /// `exact`, `broader`, `narrower` or `close`.
    #[schema(value_type = String)]
    pub relation: galvanome_model::catalogue::Relation,
}

impl From<&Technique> for TechniqueSummary {
    fn from(technique: &Technique) -> Self {
        let facts = &technique.facts;
        let observables = facts.observables.iter().flatten();
        Self {
            id: technique.id.to_string(),
            name: technique.name.clone(),
            short_name: technique.short_name.clone(),
            facility: facts.facility,
            depth_min_m: facts.depth_min_m,
            depth_typical_m: facts.depth_typical_m,
            depth_max_m: facts.depth_max_m,
            lateral_resolution_m: facts.lateral_resolution_m,
            observables: observables.map(ToString::to_string).collect(),
        }
    }
}

impl From<&Technique> for TechniqueOut {
    fn from(technique: &Technique) -> Self {
        Self {
            schema: SCHEMA,
            id: technique.id.to_string(),
            name: technique.name.clone(),
            short_name: technique.short_name.clone(),
            facts: serde_json::to_value(&technique.facts).unwrap_or_default(),
            sources: technique.sources.clone(),
            descriptors: technique.descriptors.iter().map(DescriptorOut::from).collect(),
            terms: technique.terms.iter().map(TermOut::from).collect(),
        }
    }
}

impl From<&Descriptor> for DescriptorOut {
    fn from(descriptor: &Descriptor) -> Self {
        Self {
            id: descriptor.id.to_string(),
            name: descriptor.name.clone(),
            unit: descriptor.unit.clone(),
            scale: descriptor.scale,
            selects_specimens: descriptor.selects_specimens,
            speaks_for: descriptor
                .speaks_for
                .iter()
                .map(|speaks| SpeaksForOut {
                    observable: speaks.observable.to_string(),
                    primary: speaks.primary,
                    delta: speaks.delta,
                    s0: speaks.s0,
                })
                .collect(),
        }
    }
}

impl From<&Term> for TermOut {
    fn from(term: &Term) -> Self {
        Self { iri: term.iri.clone(), label: term.label.clone(), relation: term.relation }
    }
}
