//! Values of descriptors.

use serde::{Deserialize, Serialize};

use crate::extra::Extra;
use crate::ids::{ComponentId, DatasetId, DescriptorId, ExperimentId, GroupId, SampleId};
use crate::visibility::Visibility;

/// How a number is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Qualifier {
    /// As it stands.
    #[default]
    #[serde(rename = "=")]
    Equal,
    /// The true value is smaller.
    #[serde(rename = "<")]
    Less,
    /// The true value is larger.
    #[serde(rename = ">")]
    Greater,
    /// About.
    #[serde(rename = "~")]
    About,
}

impl Qualifier {
    /// Every qualifier.
    pub const ALL: [Self; 4] = [Self::Equal, Self::Less, Self::Greater, Self::About];

    /// The sign used in files.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Less => "<",
            Self::Greater => ">",
            Self::About => "~",
        }
    }

    /// The qualifier of a sign, if it is one.
    pub fn from_sign(sign: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|qualifier| qualifier.sign() == sign)
    }

    /// Whether the number stands as it is.
    pub fn is_equal(&self) -> bool {
        *self == Self::Equal
    }

    /// Whether the number is a value, not only a bound.
    pub fn is_value(self) -> bool {
        matches!(self, Self::Equal | Self::About)
    }
}

/// A value of a descriptor with its standard uncertainty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quantity {
    /// The descriptor, which fixes the unit.
    pub descriptor: DescriptorId,
    /// The component; none means the whole cell, and the value is shown for each component, marked so.
    pub component: Option<ComponentId>,
    /// The groups it is a value of.
    pub groups: Vec<GroupId>,
    /// The specimen; without one the value is a mean over `n` specimens.
    pub sample: Option<SampleId>,
    /// The experiment it comes from.
    pub experiment: Option<ExperimentId>,
    /// The dataset it comes from.
    pub dataset: Option<DatasetId>,
    /// How the number is meant.
    pub qualifier: Qualifier,
    /// The number, in `unit`.
    pub value: f64,
    /// Standard uncertainty in `unit`; of a mean, its standard error. None when it is not stated.
    pub uncertainty: Option<f64>,
    /// The descriptor's unit, or `arb:SCALE` for arbitrary units that compare only within that scale.
    pub unit: String,
    /// Number of specimens; none when it is not stated.
    pub n: Option<u32>,
    /// What made it: analysis and version, or a laboratory's software and version.
    pub method: String,
    /// Where it comes from.
    pub source: String,
    /// Who may see it.
    #[serde(default)]
    pub visibility: Visibility,
    /// Columns kept verbatim.
    pub extra: Extra,
}
