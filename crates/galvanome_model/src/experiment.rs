//! Experiments, what they produced, and what bars their answers.

use serde::{Deserialize, Serialize};

use crate::catalogue::Mode;
use crate::extra::Extra;
use crate::ids::{DatasetId, ExperimentId, PartnerId, SampleId, TechniqueId};
use crate::visibility::Visibility;

/// How far an experiment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExperimentStatus {
    /// Asked for.
    Planned,
    /// The partner agreed.
    Accepted,
    /// Data were taken.
    Measured,
    /// The data were analysed.
    Analysed,
    /// Its answers are given.
    Done,
    /// Given up, with a reason in the note.
    Abandoned,
}

impl ExperimentStatus {
    /// Every status, in the order of work.
    pub const ALL: [Self; 6] = [
        Self::Planned,
        Self::Accepted,
        Self::Measured,
        Self::Analysed,
        Self::Done,
        Self::Abandoned,
    ];

    /// The word used in files and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Accepted => "accepted",
            Self::Measured => "measured",
            Self::Analysed => "analysed",
            Self::Done => "done",
            Self::Abandoned => "abandoned",
        }
    }

    /// The status of a word, if it is one.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word() == word)
    }
}

/// A partner measures samples with a technique.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Experiment {
    /// Its id.
    pub id: ExperimentId,
    /// The technique.
    pub technique: TechniqueId,
    /// Who measures; none when it is not known.
    pub partner: Option<PartnerId>,
    /// On what.
    pub instrument: String,
    /// How the sample was while it was measured.
    pub mode: Option<Mode>,
    /// What is measured.
    pub samples: Vec<SampleId>,
    /// How far it is.
    pub status: ExperimentStatus,
    /// When it started, ISO 8601.
    pub started_on: String,
    /// When it ended, ISO 8601.
    pub ended_on: String,
    /// Its DOI, if the facility gave one.
    pub doi: String,
    /// Anything else worth knowing.
    pub note: String,
    /// Columns kept verbatim.
    pub extra: Extra,
}

/// What an experiment produced for its samples: files that we hold, or a reference to files that we do not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dataset {
    /// Its id.
    pub id: DatasetId,
    /// The experiment it belongs to.
    pub experiment: ExperimentId,
    /// The samples it is about.
    pub samples: Vec<SampleId>,
    /// What it is for (`raw`, `cycler`, `open-beam`, `processed`).
    pub role: String,
    /// Datasets it was made from.
    pub derived_from: Vec<DatasetId>,
    /// Seconds to add to the instrument's clock.
    pub clock_offset_s: Option<f64>,
    /// Path inside the campaign folder, with `/`, of the file that we hold.
    pub path: String,
    /// Where the files are that we do not hold.
    pub url: String,
    /// Their DOI.
    pub doi: String,
    /// Size in bytes.
    pub bytes: Option<u64>,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// Licence of the data.
    pub license: String,
    /// Who may see it.
    pub visibility: Visibility,
    /// Anything else worth knowing.
    pub note: String,
    /// Columns kept verbatim.
    pub extra: Extra,
}

/// What an open gate does to a computed answer (science.md C2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GateKind {
    /// The data say nothing about the question: unsure.
    Void,
    /// The systematic uncertainty is enlarged.
    Inflate,
    /// The data may support yes, not no.
    NoCannot,
    /// The data may support no, not yes.
    YesCannot,
}

impl GateKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Void, Self::Inflate, Self::NoCannot, Self::YesCannot];

    /// The word used in files and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Void => "void",
            Self::Inflate => "inflate",
            Self::NoCannot => "no_cannot",
            Self::YesCannot => "yes_cannot",
        }
    }

    /// The kind of a word, if it is one.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// A finding that bars answers until somebody releases it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// The experiment it concerns, whole.
    pub experiment: Option<ExperimentId>,
    /// Or one dataset of it.
    pub dataset: Option<DatasetId>,
    /// What it does.
    pub gate: GateKind,
    /// Why it was set.
    pub reason: String,
    /// Who set it.
    pub author: String,
    /// When, ISO 8601.
    pub set_on: String,
    /// When it was released; empty while it is closed.
    pub released_on: String,
    /// Columns kept verbatim.
    pub extra: Extra,
}

impl Gate {
    /// Whether it still bars answers.
    pub fn is_closed(&self) -> bool {
        self.released_on.is_empty()
    }
}
