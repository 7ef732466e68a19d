//! The catalogue: what each technique sees, costs and yields, and the observables it speaks for.
//!
//! The figures of the shipped techniques are data (`technique.toml` files in `galvanome_techniques`); this
//! module says what such a figure means. A campaign replaces any of them or adds techniques, descriptors
//! and observables of its own ([`Catalogue::for_campaign`]).

mod campaign;
mod check;
mod descriptor;
mod facts;
mod margin;
mod term;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::campaign::{DescriptorOverride, ObservableOverride, TechniqueOverride};
pub use self::check::{Problem, Table};
pub use self::descriptor::{Descriptor, Scale, SpeaksFor, TypicalUncertainty, UncertaintyKind};
pub use self::facts::{BeamDamage, Consumes, DepthFrom, Facility, Facts, Mode, Support};
pub use self::margin::{Margin, MarginInForce};
pub use self::term::{Relation, Term};
use crate::ids::{DescriptorId, ObservableId, TechniqueId};

/// The source of a figure that nobody has confirmed yet.
pub const UNVERIFIED: &str = "unverified default";

/// The source of a figure that a campaign gives without naming one.
pub const BY_CAMPAIGN: &str = "declared by the campaign";

/// Whether a source says that a figure, or a part of it, awaits confirmation.
pub fn is_unverified(source: &str) -> bool {
    source.ends_with(UNVERIFIED)
}

/// Observables and techniques, each in order: columns and rows of a metaview.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// The columns, in order.
    pub observables: Vec<Observable>,
    /// The rows, in order.
    pub techniques: Vec<Technique>,
    /// Margins that a campaign sets; the shipped catalogue has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub margins: Vec<Margin>,
}

/// A category of knowledge: one column of a metaview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Observable {
    /// Its id, e.g. `crystal-structure`.
    pub id: ObservableId,
    /// Its name in full.
    pub name: String,
    /// A name short enough for the head of a narrow column.
    pub short_name: String,
    /// What belongs to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it comes from.
    pub source: String,
}

/// A way to measure: one row of a metaview.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Technique {
    /// Its id, e.g. `ndp`.
    pub id: TechniqueId,
    /// Its name in full.
    pub name: String,
    /// The label of its row, e.g. `NDP`.
    pub short_name: String,
    /// Its row in the paper's metaviews, from 1; absent for a technique that the paper does not have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// How sure the row is, where the paper's text does not name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row_note: Option<String>,
    /// Version of our analysis; absent while there is none. A changed number needs a changed version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Why there is no exact ontology term, where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms_note: Option<String>,
    /// What is known of it.
    #[serde(default)]
    pub facts: Facts,
    /// Where each fact comes from, by the fact's name: the paper's section, a named source, or
    /// [`UNVERIFIED`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sources: BTreeMap<String, String>,
    /// Facts of a campaign's own, by a name that the catalogue does not know.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<String, String>,
    /// The same concept in public vocabularies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<Term>,
    /// The numbers that it yields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub descriptors: Vec<Descriptor>,
}

impl Technique {
    /// The main support class, where one is known.
    pub fn main_support(&self) -> Option<Support> {
        self.facts.support.as_ref()?.first().copied()
    }

    /// Whether the catalogue expects it to answer an observable. False is less than not applicable.
    pub fn expects(&self, observable: &ObservableId) -> bool {
        self.facts.observables.as_ref().is_some_and(|list| list.contains(observable))
    }

    /// Its descriptor of that id.
    pub fn descriptor(&self, id: &DescriptorId) -> Option<&Descriptor> {
        self.descriptors.iter().find(|descriptor| descriptor.id == *id)
    }

    /// Its descriptors that speak for an observable, the primary ones first.
    pub fn descriptors_for(&self, observable: &ObservableId) -> Vec<(&Descriptor, &SpeaksFor)> {
        let mut found: Vec<_> = self
            .descriptors
            .iter()
            .filter_map(|descriptor| Some((descriptor, descriptor.speaks_for(observable)?)))
            .collect();
        found.sort_by_key(|(_, speaks)| !speaks.primary);
        found
    }
}

impl Catalogue {
    /// The technique of that id.
    pub fn technique(&self, id: &TechniqueId) -> Option<&Technique> {
        self.techniques.iter().find(|technique| technique.id == *id)
    }

    /// The observable of that id.
    pub fn observable(&self, id: &ObservableId) -> Option<&Observable> {
        self.observables.iter().find(|observable| observable.id == *id)
    }

    /// The descriptor of that id.
    pub fn descriptor(&self, id: &DescriptorId) -> Option<&Descriptor> {
        self.descriptor_and_technique(id).map(|(descriptor, _)| descriptor)
    }

    /// The descriptor of that id and the technique that yields it.
    pub fn descriptor_and_technique(&self, id: &DescriptorId) -> Option<(&Descriptor, &Technique)> {
        self.techniques.iter().find_map(|technique| Some((technique.descriptor(id)?, technique)))
    }
}
