//! A computed answer with its numbers, as it is stored and shown.

use serde::{Deserialize, Serialize};

use crate::answer::Answer;
use crate::catalogue::Scale;
use crate::ids::{ComponentId, DescriptorId, GroupId, ObservableId, QuestionId, TechniqueId};

/// Which way a difference goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The test groups are higher.
    Up,
    /// The test groups are lower.
    Down,
}

impl Direction {
    /// The word used in files and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }
}

/// The answer that the decision rule gives for one pixel, with everything it rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComputedAnswer {
    /// The component.
    pub component: ComponentId,
    /// The question.
    pub question: QuestionId,
    /// The technique.
    pub technique: TechniqueId,
    /// The observable.
    pub observable: ObservableId,
    /// The answer.
    pub answer: Answer,
    /// Why it is unsure, as a stable word of the decision rule (`grey_zone`, `too_wide`, `no_spread`, …); empty for
    /// yes and no.
    pub reason: String,
    /// Which way the deciding difference goes.
    pub direction: Option<Direction>,
    /// Set until the technique's lead has confirmed δ and s0: it contests nothing and stays out of margins.
    pub provisional: bool,
    /// Set when what it rests on has changed since.
    pub stale: bool,
    /// Every comparison made.
    pub verdicts: Vec<Verdict>,
    /// The error risk α of the rule.
    pub alpha: f64,
    /// The guard band κ of the rule.
    pub kappa: f64,
    /// Fingerprint of the quantities, margins and versions it rests on, in hexadecimal.
    pub basis: String,
    /// Version of the decision rule.
    pub version: u32,
}

impl ComputedAnswer {
    /// How far the deciding interval clears its margin, in units of δ; none when nothing is decided.
    pub fn strength(&self) -> Option<f64> {
        let clear = |verdict: &Verdict| match self.answer {
            Answer::Yes => Some((verdict.yes_bound? - self.kappa * verdict.delta) / verdict.delta),
            Answer::No => Some((verdict.delta - verdict.no_bound?) / verdict.delta),
            _ => None,
        };
        let clears =
            self.verdicts.iter().filter(|verdict| verdict.answer == self.answer).filter_map(clear);
        if self.answer == Answer::No { clears.reduce(f64::min) } else { clears.reduce(f64::max) }
    }
}

/// One descriptor compared between one test and one reference side. All differences, uncertainties, bounds and
/// the margin are on the analysis scale: a log-ratio for ratio descriptors, a plain difference otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The descriptor.
    pub descriptor: DescriptorId,
    /// Its scale.
    pub scale: Scale,
    /// Groups of the reference side.
    pub reference: Vec<GroupId>,
    /// Groups of the test side.
    pub test: Vec<GroupId>,
    /// Mean of the reference side, in the descriptor's unit (geometric for ratios).
    pub reference_mean: f64,
    /// Mean of the test side.
    pub test_mean: f64,
    /// Specimens on the reference side.
    pub reference_n: u32,
    /// Specimens on the test side.
    pub test_n: u32,
    /// The answer of this comparison alone.
    pub answer: Answer,
    /// Why it is unsure, as a stable word; empty for yes and no.
    pub reason: String,
    /// Which way it goes.
    pub direction: Option<Direction>,
    /// The difference, test minus reference.
    pub d: f64,
    /// Its standard uncertainty; none when no spread is known.
    pub u: Option<f64>,
    /// Effective degrees of freedom.
    pub nu: Option<f64>,
    /// |d| less its guard: a yes needs it above κδ.
    pub yes_bound: Option<f64>,
    /// |d| plus its guard: a no needs it below δ.
    pub no_bound: Option<f64>,
    /// The margin δ.
    pub delta: f64,
    /// The declared spread, as declared (a fraction for ratios); none when none was declared.
    pub s0: Option<f64>,
    /// The spread at which the answer would flip, as one would declare it.
    pub break_even_s0: Option<f64>,
    /// The uncertainty that would have allowed a no.
    pub u_needed_for_no: Option<f64>,
}
