//! Answers as they were given: every revision, who, when, why, and what it rests on.

use serde::{Deserialize, Serialize};

use crate::answer::Answer;
use crate::extra::Extra;
use crate::ids::{ComponentId, ExperimentId, ObservableId, QuestionId, TechniqueId};
use crate::verdict::ComputedAnswer;
use crate::visibility::Visibility;

/// One revision of an answer, by an expert. The latest of an experiment counts for that experiment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerRecord {
    /// The component.
    pub component: ComponentId,
    /// The question.
    pub question: QuestionId,
    /// The technique.
    pub technique: TechniqueId,
    /// The observable; none makes it a statement on the whole row, shown as stated.
    pub observable: Option<ObservableId>,
    /// The answer.
    pub answer: Answer,
    /// How firmly it was given.
    pub certainty: Certainty,
    /// Who gave it.
    pub author: String,
    /// When, ISO 8601.
    pub answered_on: String,
    /// Why.
    pub reason: String,
    /// The experiment it speaks for, when several answer one pixel.
    pub experiment: Option<ExperimentId>,
    /// What it rests on: sections, files, datasets.
    pub evidence: Vec<String>,
    /// Who may see it.
    #[serde(default)]
    pub visibility: Visibility,
    /// Columns kept verbatim.
    pub extra: Extra,
}

/// How firmly an answer was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// Said in so many words.
    #[default]
    Explicit,
    /// Follows from what was said.
    Implied,
}

impl Certainty {
    /// The word used in files and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Explicit => "explicit",
            Self::Implied => "implied",
        }
    }

    /// The certainty of a word, if it is one.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Explicit, Self::Implied].into_iter().find(|certainty| certainty.word() == word)
    }
}

/// One entry of a pixel's history, in the order in which it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Revision {
    /// Its number: larger is later.
    pub seq: i64,
    /// When it was written down, in microseconds since 1970 UTC.
    pub written_at_us: i64,
    /// Who wrote it down.
    pub actor: String,
    /// The revision that it replaced.
    pub replaced: Option<i64>,
    /// What was answered.
    pub given: Given,
}

/// An answer, from a named expert or from quantities.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    /// By a named expert with a reason.
    Expert(AnswerRecord),
    /// Computed from quantities by the decision rule.
    Computed(ComputedAnswer),
}

impl Given {
    /// The technique that it speaks for.
    pub const fn technique(&self) -> &TechniqueId {
        match self {
            Self::Expert(record) => &record.technique,
            Self::Computed(computed) => &computed.technique,
        }
    }
}
