//! The spread at which an answer flips.
//!
//! Where one term carries the spread and the bias is absent or taken as known, u and t(ν) both grow with s0. Each
//! condition of the rule then holds up to one spread, found in closed form or by one root, and the answers follow
//! each other in a fixed order: grey zone, then the condition that lasts longer, then too wide. A spread per group,
//! or a bias with few degrees of freedom of its own, breaks that order (by Welch and Satterthwaite's formula a
//! larger term with more degrees of freedom can narrow the interval); there the answers are scanned.

use galvanome_model::answer::Answer;
use galvanome_model::catalogue::Scale;
use galvanome_numerics::{normal, student};

use crate::comparison::Comparison;
use crate::rule::{Reason, Rule, Zone, gated, half_width, verdict};
use crate::scale::{to_analysis, to_declared};
use crate::spread::{Spread, Term, Uncertainty};

/// How many spreads are tried where the answers have no fixed order, over this many decades.
const SCANNED: i32 = 64;
const DECADES: f64 = 4.0;
/// On the ratio scale larger logarithms are no numbers as fractions.
const LARGEST_LOGARITHM: f64 = 700.0;

/// The declared spread s0 at which the answer of a comparison, one of `comparisons` in its pixel, flips: in the
/// same terms as `s0` is declared (a fraction on the ratio scale). `s0_test`, where declared, keeps its proportion;
/// where no spread is declared, one is imagined that counts for ν0 degrees of freedom.
///
/// - For yes and no: the spread above which the answer no longer holds.
/// - For unsure in the grey zone: the spread from which it becomes yes or no, before being too wide.
/// - For unsure because too wide, without spread, or barred by a gate: the largest spread that would give yes or no.
///
/// `None` when no spread does that, always so for a void comparison. Resolved to about 1e-12; where answers have to
/// be scanned (spread per group, `nu_sys` declared) a condition that fails and holds again within 15 % of s0 can be
/// overlooked.
pub fn break_even_s0(comparison: &Comparison, rule: Rule, comparisons: usize) -> Option<f64> {
    let verdict = verdict(comparison, rule, comparisons);
    search(comparison, rule, comparisons, (verdict.answer, verdict.reason))
}

/// As [`break_even_s0`], where the answer and its reason are known already.
pub(crate) fn search(
    comparison: &Comparison,
    rule: Rule,
    comparisons: usize,
    present: (Answer, Option<Reason>),
) -> Option<f64> {
    if comparison.void {
        return None;
    }
    let thresholds = rule.thresholds(comparison, comparisons);
    let bias_nu = if comparison.bias.variance == 0.0 { f64::INFINITY } else { comparison.bias.nu };
    let least_nu = comparison.spread.least_nu(comparison.nu0).min(bias_nu);
    let search = Search {
        comparison,
        present,
        yes: Condition::new(thresholds.yes_tail, thresholds.size - thresholds.yes_margin, least_nu),
        no: Condition::new(thresholds.no_tail, thresholds.delta - thresholds.size, least_nu),
    };
    let found = match comparison.spread {
        Spread::One(term) if bias_nu == f64::INFINITY => search.ordered(term),
        Spread::One(term) => search.scanned(term),
        Spread::PerGroup { reference, .. } => search.scanned(reference),
    };
    found.filter(|s0| s0.is_finite())
}

/// One condition of the rule: `t(ν) u` is less than what is left of the margin.
struct Condition {
    tail: f64,
    room: f64,
    /// t with infinitely many degrees of freedom, the smallest.
    least_t: f64,
    /// t with the fewest degrees of freedom that any spread can lead to.
    most_t: f64,
}

impl Condition {
    fn new(tail: f64, room: f64, least_nu: f64) -> Self {
        // Without room nothing is looked up.
        let (least_t, most_t) = if room > 0.0 {
            (normal::upper_quantile(tail), student::upper_quantile(tail, least_nu))
        } else {
            (f64::INFINITY, f64::INFINITY)
        };
        Self { tail, room, least_t, most_t }
    }

    /// Whether it holds, with a quantile only where the outermost ones do not tell.
    fn holds(&self, Uncertainty { u, nu }: Uncertainty) -> bool {
        if self.room <= 0.0 || half_width(self.least_t, u) >= self.room {
            false
        } else {
            half_width(self.most_t, u) < self.room
                || half_width(student::upper_quantile(self.tail, nu), u) < self.room
        }
    }

    /// The widest u with which it can hold.
    fn widest(&self) -> f64 {
        if self.room > 0.0 { self.room / self.least_t } else { 0.0 }
    }
}

/// One comparison, its answer, and what it is held against.
struct Search<'a> {
    comparison: &'a Comparison,
    present: (Answer, Option<Reason>),
    yes: Condition,
    no: Condition,
}

impl Search<'_> {
    /// The flip where answers follow each other in order.
    fn ordered(&self, term: Term) -> Option<f64> {
        let yes_until = self.holds_until(term, &self.yes);
        let no_until = self.holds_until(term, &self.no);
        // Options compare with `None`, a condition that never holds, below every number.
        let (first, last, zone) = if yes_until > no_until {
            (no_until, yes_until, Zone::Yes)
        } else if no_until > yes_until {
            (yes_until, no_until, Zone::No)
        } else {
            return None;
        };
        let (lasting, _) = gated(self.comparison, zone);
        let flip = match self.present {
            (Answer::Unsure, Some(Reason::GreyZone)) => first,
            (Answer::Unsure, _) => last,
            (present, _) if present == lasting => last,
            _ => None,
        };
        flip.filter(|_| lasting != Answer::Unsure).map(|s0| to_declared(self.comparison.scale, s0))
    }

    /// Up to which spread, on the analysis scale, a condition holds; `None` when it never does.
    fn holds_until(&self, term: Term, condition: &Condition) -> Option<f64> {
        if condition.room <= 0.0 {
            return None;
        }
        let nu0 = self.comparison.nu0;
        let nu = term.nu(nu0);
        let known = self.comparison.bias.total();
        // With one term the fewest degrees of freedom are the term's own.
        let widest = (condition.room / condition.most_t).powi(2);
        let variance = if known == 0.0 {
            widest
        } else {
            let most = condition.widest().powi(2) - known;
            if most <= 0.0 {
                return None;
            }
            let excess = |variance: f64| {
                let total = variance + known;
                let nu = nu * (total / variance).powi(2);
                student::upper_quantile(condition.tail, nu) * total.sqrt() - condition.room
            };
            root(excess, (widest - known).max(0.0), most)
        };
        let squares = variance / term.share * nu - term.sum_of_squares;
        let holds_without = term.variance(0.0, nu0) < variance;
        (holds_without && squares > 0.0).then(|| (squares / nu0).sqrt())
    }

    /// The uncertainty at a spread on the analysis scale.
    fn uncertainty_at(&self, s0: f64) -> Option<Uncertainty> {
        let prior = self.comparison.prior(to_declared(self.comparison.scale, s0));
        self.comparison.spread.uncertainty(Some(prior), self.comparison.bias)
    }

    /// The answer at a spread on the analysis scale, gates included.
    fn answer_at(&self, s0: f64) -> (Answer, Option<Reason>) {
        let uncertainty = self.uncertainty_at(s0);
        let holds = |condition: &Condition| {
            uncertainty.is_some_and(|uncertainty| condition.holds(uncertainty))
        };
        let zone = match (holds(&self.yes), holds(&self.no)) {
            (true, false) => Zone::Yes,
            (false, true) => Zone::No,
            (true, true) => Zone::Grey,
            (false, false) => Zone::Wide,
        };
        gated(self.comparison, zone)
    }

    /// The flip by trying spreads, `leading` being a term that alone makes the interval too wide in the end.
    fn scanned(&self, leading: Term) -> Option<f64> {
        let scale = self.comparison.scale;
        let declared = match self.comparison.declared {
            // No proportion to keep to.
            Some(declared)
                if declared.s0 == 0.0 && declared.s0_test.is_some_and(|s0_test| s0_test > 0.0) =>
            {
                return None;
            }
            Some(declared) => Some(to_analysis(scale, declared.s0)),
            None => None,
        };
        let borders = self.borders(self.too_wide_from(leading)?);
        // One more interval than borders; the last, beyond all borders, is too wide.
        let middles = borders
            .iter()
            .scan(0.0, |low, &high| Some(0.5 * (std::mem::replace(low, high) + high)));
        let mut answers: Vec<(Answer, Option<Reason>)> =
            middles.map(|s0| self.answer_at(s0)).collect();
        answers.push(gated(self.comparison, Zone::Wide));

        let (answer, reason) = self.present;
        let grey = reason == Some(Reason::GreyZone);
        let from = match declared {
            Some(s0) if grey || answer != Answer::Unsure => Some(s0),
            // The imagined spread begins where there is none.
            None if grey && answers.first() == Some(&self.present) => Some(0.0),
            None if grey => return None,
            _ => None,
        };
        let mut flips = borders.iter().zip(answers.iter().zip(answers.iter().skip(1)));
        let flip = if let Some(from) = from {
            // Upwards to the first border with another answer behind it.
            flips.find(|&(&border, (_, &(above, _)))| border > from && above != answer)
        } else {
            // Downwards to the first border with the answer looked for before it, and not behind it.
            let wanted = |found: Answer| {
                if answer == Answer::Unsure { found != answer } else { found == answer }
            };
            flips.rfind(|&(_, (&(below, _), &(above, _)))| wanted(below) && below != above)
        };
        flip.map(|(&border, _)| to_declared(scale, border))
    }

    /// A spread, on the analysis scale, with which the interval is too wide whatever its degrees of freedom.
    fn too_wide_from(&self, leading: Term) -> Option<f64> {
        let nu0 = self.comparison.nu0;
        let widest = self.yes.widest().max(self.no.widest());
        let end = widest * (leading.nu(nu0) / nu0 / leading.share).sqrt() * 1.01;
        let end =
            if self.comparison.scale == Scale::Ratio { end.min(LARGEST_LOGARITHM) } else { end };
        (end > 0.0 && end.is_finite()).then_some(end)
    }

    /// The spreads up to `end`, ascending, at which either condition begins or ends to hold.
    fn borders(&self, end: f64) -> Vec<f64> {
        let step = 10_f64.powf(-DECADES / f64::from(SCANNED));
        let tried = |k: i32| if k > SCANNED { 0.0 } else { end * step.powi(k) };
        let holds = |condition: &Condition, s0: f64| {
            self.uncertainty_at(s0).is_some_and(|uncertainty| condition.holds(uncertainty))
        };
        let mut borders = Vec::new();
        for condition in [&self.yes, &self.no] {
            if condition.room <= 0.0 {
                continue;
            }
            let (mut low, mut held) = (0.0, holds(condition, 0.0));
            for high in (0..=SCANNED).rev().map(tried) {
                let holds_here = holds(condition, high);
                if holds_here != held {
                    borders.push(border(low, high, |s0| holds(condition, s0) == held));
                }
                (low, held) = (high, holds_here);
            }
        }
        borders.sort_unstable_by(f64::total_cmp);
        borders
    }
}

/// Where `holds` ends between `low`, where it holds, and `high`, where it does not.
fn border(mut low: f64, mut high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if high - low <= 1e-13 * high || middle <= low || middle >= high {
            break;
        }
        if holds(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// Where the ascending `f` crosses zero between `low` and `high`, by the Illinois variant of the false position
/// (M. Dowell, P. Jarratt, BIT 11 (1971) 168).
fn root(f: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    let (mut f_low, mut f_high) = (f(low), f(high));
    if f_low >= 0.0 {
        return low;
    }
    let mut kept_high = None;
    for _ in 0..100 {
        if f_high <= 0.0 || high - low <= 1e-14 * high {
            break;
        }
        let secant = low + (high - low) * (-f_low / (f_high - f_low));
        let middle = if secant > low && secant < high { secant } else { 0.5 * (low + high) };
        if middle <= low || middle >= high {
            break;
        }
        let value = f(middle);
        if value == 0.0 {
            return middle;
        }
        // The end that stays twice is taken for half as high, or it would stay for ever.
        if value < 0.0 {
            (low, f_low) = (middle, value);
            if kept_high == Some(true) {
                f_high *= 0.5;
            }
            kept_high = Some(true);
        } else {
            (high, f_high) = (middle, value);
            if kept_high == Some(false) {
                f_low *= 0.5;
            }
            kept_high = Some(false);
        }
    }
    high
}
