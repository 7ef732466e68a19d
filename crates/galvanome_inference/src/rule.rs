//! The decision rule GB3: guard-banded, with three zones.
//!
//! With d the difference of the group means on the analysis scale, u its standard uncertainty with ν degrees of
//! freedom, δ the smallest difference of interest and m the number of comparisons in the pixel:
//! - **yes** when `|d| - t(1 - α/2m, ν) u > κδ`: a difference beyond a share κ of the margin is established;
//! - **no** when `|d| + t(1 - α, ν) u < δ`: a difference of the margin or more is excluded;
//! - both: unsure, the *grey zone*, real but small; neither: unsure, the interval is *too wide*.
//!
//! A minimum-effect test and an equivalence test share one margin (P. Riesthuis, Adv. Methods Pract. Psychol. Sci.
//! 7 (2024), 10.1177/25152459241240722; D. Lakens, Soc. Psychol. Personal. Sci. 8 (2017) 355), in the manner of
//! conformity decisions with guard bands (JCGM 106:2012). Several comparisons: yes by any one at α/m
//! (Bonferroni), no by all (intersection-union, R. L. Berger, Technometrics 24 (1982) 295).
//!
//! The spread is moderated: what past campaigns expect, s0 with ν0 degrees of freedom, and what this one shows
//! are weighed by their degrees of freedom, as in an inverse-χ² prior (G. K. Smyth, Stat. Appl. Genet. Mol.
//! Biol. 3 (2004) 3), and never fall below the measurements' own uncertainty.
//!
//! When specimens agree to the last digit and nothing else is uncertain, u is 0 and both bounds are `|d|`: the
//! rule then takes the numbers at their word. Declare a spread or the values' uncertainties to prevent it.

use galvanome_model::answer::Answer;
use galvanome_model::verdict::Direction;
use galvanome_numerics::student;

use crate::comparison::Comparison;
use crate::error::RuleError;
use crate::spread::Prior;

/// The error rates that the rule holds to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    alpha: f64,
    kappa: f64,
}

impl Rule {
    /// A rule with the false-no rate `alpha` (that of a false yes at κδ is half of it) and with `kappa`, the
    /// share of the margin that a yes must exceed. Refused: `alpha` outside 0 to 0.5, `kappa` outside 0 to 1.
    pub fn new(alpha: f64, kappa: f64) -> Result<Self, RuleError> {
        if !(alpha > 0.0 && alpha < 0.5) {
            return Err(RuleError::new(
                "alpha",
                format!("{alpha} is not an error rate; write one between 0 and 0.5"),
            ));
        }
        if !(0.0..=1.0).contains(&kappa) {
            return Err(RuleError::new(
                "kappa",
                format!("{kappa} is not a share of the margin; write 0 to 1"),
            ));
        }
        Ok(Self { alpha, kappa })
    }

    /// The error rate α.
    pub const fn alpha(self) -> f64 {
        self.alpha
    }

    /// The share κ of the margin that a yes must exceed.
    pub const fn kappa(self) -> f64 {
        self.kappa
    }

    /// What a comparison is held against when it is one of `comparisons`.
    pub(crate) fn thresholds(self, comparison: &Comparison, comparisons: usize) -> Thresholds {
        let size = comparison.difference.abs();
        Thresholds {
            size,
            delta: comparison.delta,
            yes_margin: self.kappa * comparison.delta,
            yes_tail: self.alpha / (2.0 * comparisons.max(1) as f64),
            no_tail: self.alpha,
        }
    }
}

impl Default for Rule {
    /// α = 0.05, κ = 0.5.
    fn default() -> Self {
        Self { alpha: 0.05, kappa: 0.5 }
    }
}

/// Why an answer is unsure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Real, but smaller than the smallest difference of interest.
    GreyZone,
    /// The interval is too wide to tell.
    TooWide,
    /// One specimen a side and no expected spread: nothing says how much specimens vary.
    NoSpread,
    /// A gate voids the measurement.
    GateVoid,
    /// It would be a no, which a gate bars.
    GateNoCannot,
    /// It would be a yes, which a gate bars.
    GateYesCannot,
    /// Of a pixel only: its comparisons are unsure for different reasons.
    Mixed,
}

impl Reason {
    /// The word used in files and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::GreyZone => "grey_zone",
            Self::TooWide => "too_wide",
            Self::NoSpread => "no_spread",
            Self::GateVoid => "gate_void",
            Self::GateNoCannot => "gate_no_cannot",
            Self::GateYesCannot => "gate_yes_cannot",
            Self::Mixed => "mixed",
        }
    }
}

/// The answer of one comparison, with the numbers that it rests on. All of them but `break_even_s0` are on the
/// analysis scale: natural logarithms of ratios, or the descriptor's unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verdict {
    /// Yes, no or unsure.
    pub answer: Answer,
    /// Why it is unsure; `None` for yes and no.
    pub reason: Option<Reason>,
    /// Which way a yes goes; `None` for no and unsure.
    pub direction: Option<Direction>,
    /// Mean of the test group less that of the reference group.
    pub d: f64,
    /// Standard uncertainty of `d`; `None` when nothing says how much specimens vary.
    pub u: Option<f64>,
    /// Degrees of freedom of `u`, possibly infinite (a known bias and no spread); `None` as for `u`.
    pub nu: Option<f64>,
    /// `|d| - t(1 - α/2m, ν) u`: a yes when above κδ. `None` as for `u`.
    pub yes_bound: Option<f64>,
    /// `|d| + t(1 - α, ν) u`: a no when below δ. `None` as for `u`.
    pub no_bound: Option<f64>,
    /// The margin δ.
    pub delta: f64,
    /// The declared spread at which the answer flips, as `s0` is declared: a fraction on the ratio scale. See
    /// [`break_even_s0`](crate::break_even::break_even_s0).
    pub break_even_s0: Option<f64>,
    /// The uncertainty `(δ - |d|)/t(1 - α, ν)` below which the answer could have been no; `None` when `|d|` is not
    /// below δ, and as for `u`.
    pub u_needed_for_no: Option<f64>,
}

/// What a comparison says before gates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Zone {
    Yes,
    No,
    Grey,
    Wide,
}

/// What the two bounds are held against.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Thresholds {
    /// `|d|`.
    pub(crate) size: f64,
    /// δ.
    pub(crate) delta: f64,
    /// κδ.
    pub(crate) yes_margin: f64,
    /// α/2m.
    pub(crate) yes_tail: f64,
    /// α.
    pub(crate) no_tail: f64,
}

/// Half an interval: nothing times anything is nothing.
pub(crate) fn half_width(t: f64, u: f64) -> f64 {
    if u == 0.0 { 0.0 } else { t * u }
}

impl Thresholds {
    fn zone(&self, yes_bound: f64, no_bound: f64) -> Zone {
        match (yes_bound > self.yes_margin, no_bound < self.delta) {
            (true, false) => Zone::Yes,
            (false, true) => Zone::No,
            (true, true) => Zone::Grey,
            (false, false) => Zone::Wide,
        }
    }
}

/// The answer of a zone, and why it is unsure.
pub(crate) fn gated(comparison: &Comparison, zone: Zone) -> (Answer, Option<Reason>) {
    match zone {
        _ if comparison.void => (Answer::Unsure, Some(Reason::GateVoid)),
        Zone::Yes if comparison.yes_cannot => (Answer::Unsure, Some(Reason::GateYesCannot)),
        Zone::No if comparison.no_cannot => (Answer::Unsure, Some(Reason::GateNoCannot)),
        Zone::Yes => (Answer::Yes, None),
        Zone::No => (Answer::No, None),
        Zone::Grey => (Answer::Unsure, Some(Reason::GreyZone)),
        Zone::Wide => (Answer::Unsure, Some(Reason::TooWide)),
    }
}

/// The spreads that were declared, as variances.
fn declared_prior(comparison: &Comparison) -> Option<Prior> {
    comparison.declared.map(|declared| comparison.prior(declared.s0))
}

/// The verdict of one comparison out of several, its break-even spread left open.
pub(crate) fn verdict(comparison: &Comparison, rule: Rule, comparisons: usize) -> Verdict {
    let thresholds = rule.thresholds(comparison, comparisons);
    let mut verdict = Verdict {
        answer: Answer::Unsure,
        reason: Some(if comparison.void { Reason::GateVoid } else { Reason::NoSpread }),
        direction: None,
        d: comparison.difference,
        u: None,
        nu: None,
        yes_bound: None,
        no_bound: None,
        delta: comparison.delta,
        break_even_s0: None,
        u_needed_for_no: None,
    };
    let Some(uncertainty) =
        comparison.spread.uncertainty(declared_prior(comparison), comparison.bias)
    else {
        return verdict;
    };
    let yes_t = student::upper_quantile(thresholds.yes_tail, uncertainty.nu);
    let yes_bound = thresholds.size - half_width(yes_t, uncertainty.u);
    let no_t = student::upper_quantile(thresholds.no_tail, uncertainty.nu);
    let no_bound = thresholds.size + half_width(no_t, uncertainty.u);
    (verdict.answer, verdict.reason) = gated(comparison, thresholds.zone(yes_bound, no_bound));
    if verdict.answer == Answer::Yes {
        verdict.direction =
            Some(if comparison.difference > 0.0 { Direction::Up } else { Direction::Down });
    }
    verdict.u = Some(uncertainty.u);
    verdict.nu = Some(uncertainty.nu);
    verdict.yes_bound = Some(yes_bound);
    verdict.no_bound = Some(no_bound);
    if thresholds.size < thresholds.delta {
        verdict.u_needed_for_no = Some((thresholds.delta - thresholds.size) / no_t);
    }
    verdict
}
