//! Answers and their total order.

use serde::{Deserialize, Serialize};

/// An answer that somebody gave or that was computed. Pending is not among them: it is the absence of an
/// answer, written `Option<Answer>::None`, so that nothing can turn it into one.
///
/// The order is the combination rule of rows, columns and global views: the combined answer is the maximum
/// (arXiv 2602.09771, section 4.2, rules i to v).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The technique cannot see this observable here.
    NotApplicable,
    /// It could be measured and was not.
    NotDone,
    /// Measured: alike within the margin.
    No,
    /// Measured: cannot tell.
    Unsure,
    /// Measured: they differ.
    Yes,
}

impl Answer {
    /// Every answer, lowest first.
    pub const ALL: [Self; 5] =
        [Self::NotApplicable, Self::NotDone, Self::No, Self::Unsure, Self::Yes];

    /// The word used in files and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotApplicable => "not_applicable",
            Self::NotDone => "not_done",
            Self::No => "no",
            Self::Unsure => "unsure",
            Self::Yes => "yes",
        }
    }

    /// The answer of a word, if it is one. `na` and `n.a.` are what people write for not applicable.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "na" | "n.a." => Some(Self::NotApplicable),
            _ => Self::ALL.into_iter().find(|answer| answer.word() == word),
        }
    }

    /// Whether something was measured: yes, no or unsure.
    pub const fn is_measured(self) -> bool {
        matches!(self, Self::Yes | Self::No | Self::Unsure)
    }
}

/// The word for an answer that may be pending.
pub const fn word_of(answer: Option<Answer>) -> &'static str {
    match answer {
        Some(answer) => answer.word(),
        None => "pending",
    }
}

/// Several answers combined into one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Combined {
    /// The maximum; `None` while a pending pixel could still raise it, and when there is none at all.
    pub answer: Option<Answer>,
    /// The maximum of what is answered so far.
    pub so_far: Option<Answer>,
    /// How many are still pending.
    pub pending: u32,
    /// How many answered yes.
    pub yes: u32,
    /// How many answered unsure.
    pub unsure: u32,
    /// How many answered no.
    pub no: u32,
    /// How many may not be seen by this reader; they take no part.
    pub withheld: u32,
}

impl Combined {
    /// Takes one more answer in. Order does not matter.
    pub fn add(&mut self, answer: Option<Answer>) {
        match answer {
            None => self.pending += 1,
            Some(answer) => {
                self.so_far = self.so_far.max(Some(answer));
                match answer {
                    Answer::Yes => self.yes += 1,
                    Answer::Unsure => self.unsure += 1,
                    Answer::No => self.no += 1,
                    Answer::NotDone | Answer::NotApplicable => {}
                }
            }
        }
        self.answer =
            if self.pending > 0 && self.so_far != Some(Answer::Yes) { None } else { self.so_far };
    }
}

impl FromIterator<Option<Answer>> for Combined {
    fn from_iter<I: IntoIterator<Item = Option<Answer>>>(answers: I) -> Self {
        let mut combined = Self::default();
        for answer in answers {
            combined.add(answer);
        }
        combined
    }
}
