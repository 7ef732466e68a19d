//! What is known of a technique: where it is done, how deep and how finely it sees, what it uses up.

use serde::{Deserialize, Serialize};

use crate::ids::ObservableId;

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
