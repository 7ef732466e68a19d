//! The numbers that a technique yields, how two of them are compared, and what they speak for.

use serde::{Deserialize, Serialize};

use super::term::Relation;
use crate::ids::{DescriptorId, ObservableId};

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

impl Descriptor {
    /// How it speaks for an observable, if it does.
    pub fn speaks_for(&self, observable: &ObservableId) -> Option<&SpeaksFor> {
        self.speaks_for.iter().find(|speaks| speaks.observable == *observable)
    }
}
