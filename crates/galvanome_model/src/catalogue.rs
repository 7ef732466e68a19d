//! The catalogue: what each technique sees, costs and yields, and the observables it speaks for.
//!
//! The figures of the shipped techniques are data (`technique.toml` files in `galvanome_techniques`); this
//! module says what such a figure means. A campaign replaces any of them or adds techniques, descriptors
//! and observables of its own ([`Catalogue::for_campaign`]).

mod campaign;
mod check;
mod margin;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::campaign::{DescriptorOverride, ObservableOverride, TechniqueOverride};
pub use self::check::{Problem, Table};
pub use self::margin::{Margin, MarginInForce};
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

/// The kind of place where a technique is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Facility {
    /// An ordinary laboratory.
    Lab,
    /// A synchrotron light source.
    Synchrotron,
    /// A neutron source.
    Neutron,
}

/// What part of the specimen a number stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Support {
    /// The outermost nanometres to a micrometre.
    Surface,
    /// An average over the electrode or cell.
    Bulk,
    /// A small piece, a few particles or one particle.
    Local,
}

/// The state of the cell while it is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Taken out of the cell.
    ExSitu,
    /// In the cell, at rest.
    InSitu,
    /// In the cell, while current flows.
    Operando,
}

/// How much of the specimen a measurement uses up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consumes {
    /// Nothing: the specimen goes on to the next technique.
    None,
    /// A piece of it, or it comes back altered.
    Partial,
    /// All of it.
    Whole,
}

/// How likely the probe itself changes the specimen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BeamDamage {
    /// Not at all.
    None,
    /// Not seen in practice.
    Low,
    /// Documented; watch the dose.
    Medium,
    /// Between medium and high.
    MediumHigh,
    /// Usual; needs a control region or a low dose.
    High,
    /// The probe decides what is seen unless the dose is shown to be harmless.
    VeryHigh,
}

/// The face from which a technique's depths count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DepthFrom {
    /// The face of the electrode that is measured, usually the one towards the separator.
    ElectrodeFace,
    /// The surface of a particle.
    ParticleSurface,
}

/// How two values of a descriptor are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// By the logarithm of their ratio: a positive amount with a true zero. Margins are fractions.
    Ratio,
    /// By their difference: an angle, a potential, a shift, anything with an arbitrary zero. Margins are in
    /// the descriptor's unit.
    Difference,
}

macro_rules! facts {
    ($($(#[$doc:meta])* $name:ident: $type:ty,)*) => {
        /// What is known of a technique. A fact that is absent is not known.
        #[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct Facts {
            $($(#[$doc])* #[serde(skip_serializing_if = "Option::is_none")] pub $name: Option<$type>,)*
        }

        impl Facts {
            /// The name of every fact, as it is written in files.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name)),*];

            /// The names of the facts that are known here.
            pub fn given(&self) -> Vec<&'static str> {
                let mut names = Vec::new();
                $(if self.$name.is_some() { names.push(stringify!($name)); })*
                names
            }

            /// These facts, each replaced by the other's where the other gives it.
            #[must_use]
            pub fn replaced_by(&self, other: &Self) -> Self {
                Self { $($name: other.$name.clone().or_else(|| self.$name.clone()),)* }
            }
        }
    };
}

facts! {
    /// Where it is done.
    facility: Facility,
    /// What `facility` leaves out.
    facility_note: String,
    /// What is sent into the specimen.
    probe: String,
    /// What comes back.
    detected_signal: String,
    /// The face from which the depths count.
    depth_from: DepthFrom,
    /// Shallowest depth that contributes, in metres.
    depth_min_m: f64,
    /// Depth to which most of the signal belongs, in metres.
    depth_typical_m: f64,
    /// Deepest that contributes, in metres.
    depth_max_m: f64,
    /// What changes the depth.
    depth_note: String,
    /// Smallest distance told apart along the electrode, in metres.
    lateral_resolution_m: f64,
    /// Width of what one measurement covers, in metres.
    field_of_view_m: f64,
    /// What it can and cannot see.
    sensitivity: String,
    /// What part of the specimen its numbers stand for; the main class first.
    support: Vec<Support>,
    /// The support in words.
    support_note: String,
    /// The modes in which it can be done.
    modes: Vec<Mode>,
    /// The modes in which the paper's campaign did it.
    mode_in_paper: Vec<Mode>,
    /// What is to be known about the mode in the paper.
    mode_note: String,
    /// How much of the specimen it uses up.
    consumes: Consumes,
    /// What it needs of a specimen.
    sample_needed: String,
    /// How likely the probe changes the specimen.
    beam_damage: BeamDamage,
    /// What is known of that change.
    beam_damage_note: String,
    /// What surrounds the specimen, and how it gets there.
    environment: String,
    /// Shortest usual time for one specimen, in hours.
    time_min_h: f64,
    /// Longest usual time for one specimen, in hours.
    time_max_h: f64,
    /// Cost beside the others, 1 (cheap) to 5.
    relative_cost: u8,
    /// Size of the raw data of one specimen.
    raw_size: String,
    /// The observables that it can answer. Others are "not expected", which is less than not applicable.
    observables: Vec<ObservableId>,
    /// What commonly goes wrong.
    artefacts: Vec<String>,
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

/// A term of a public vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// The term, as a full address.
    pub iri: String,
    /// Its label there.
    pub label: String,
    /// How it relates to ours.
    pub relation: Relation,
    /// The vocabulary, e.g. `CHAMEO`.
    pub scheme: String,
}

/// How a public term relates to our concept (the SKOS mapping relations).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The same.
    Exact,
    /// The term covers more.
    Broader,
    /// The term covers less.
    Narrower,
    /// Near, and not the same.
    Close,
}

/// One number that a technique yields. Its unit, scale and meaning never change; a new meaning is a new id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Descriptor {
    /// Its id, written `technique.name`.
    pub id: DescriptorId,
    /// Its name in words.
    pub name: String,
    /// Its unit, as it is written in quantities.
    pub unit: String,
    /// The unit as a public term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_iri: Option<String>,
    /// The kind of quantity as a public term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity_iri: Option<String>,
    /// How that term relates to this descriptor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity_relation: Option<Relation>,
    /// How two values are compared.
    pub scale: Scale,
    /// Whether specimens are stopped or selected by it: then it answers no question, because the groups
    /// differ or agree by construction.
    #[serde(default, skip_serializing_if = "is_false")]
    pub selects_specimens: bool,
    /// Where it comes from.
    pub source: String,
    /// What is to be known when reading it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What a laboratory usually reaches. Never used as `s0`: it lacks the spread between specimens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub typical_uncertainty: Option<TypicalUncertainty>,
    /// The observables that it speaks for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub speaks_for: Vec<SpeaksFor>,
}

/// What a laboratory usually reaches for a descriptor, for planning and plausibility only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypicalUncertainty {
    /// The standard uncertainty, or the low end of a range of it.
    pub value: f64,
    /// The high end, where a range is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to: Option<f64>,
    /// Whether it is a fraction of the value or in the descriptor's unit.
    pub kind: UncertaintyKind,
    /// Where it comes from.
    pub source: String,
}

/// How an uncertainty is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UncertaintyKind {
    /// As a fraction of the value.
    Relative,
    /// In the descriptor's unit.
    Absolute,
}

/// That a descriptor speaks for an observable, and from what difference on. On the ratio scale δ and s0 are
/// fractions, on the difference scale they are in the descriptor's unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpeaksFor {
    /// The observable.
    pub observable: ObservableId,
    /// Whether it decides the pixel; at most three descriptors of a technique do for one observable.
    #[serde(default, skip_serializing_if = "is_false")]
    pub primary: bool,
    /// δ, the smallest difference of interest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delta: Option<f64>,
    /// Where δ comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delta_source: Option<String>,
    /// s0, the expected spread between specimens (standard deviation, repeatability included).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub s0: Option<f64>,
    /// Where s0 comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub s0_source: Option<String>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands a reference to skip_serializing_if"
)]
const fn is_false(flag: &bool) -> bool {
    !*flag
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

impl Descriptor {
    /// How it speaks for an observable, if it does.
    pub fn speaks_for(&self, observable: &ObservableId) -> Option<&SpeaksFor> {
        self.speaks_for.iter().find(|speaks| speaks.observable == *observable)
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
