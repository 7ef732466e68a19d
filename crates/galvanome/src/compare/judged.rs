//! Descriptors side by side, and the answers.

use galvanome_inference::comparison::{self, Input};
use galvanome_inference::evidence;
use galvanome_inference::pixel::{self, PixelVerdict};
use galvanome_inference::rule::{self, Rule};
use galvanome_model::answer::Answer;
use galvanome_model::catalogue::{Descriptor, MarginInForce, Scale, SpeaksFor};
use galvanome_model::ids::{GroupId, ObservableId, TechniqueId};
use galvanome_model::note::Note;
use galvanome_model::quantity::Qualifier;
use galvanome_model::verdict::{Direction, Verdict};
use galvanome_techniques::{Technique, catalogue};

use super::{Analysed, Declared, Side};
use crate::Error;

/// What one specimen gave for a descriptor.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// The specimen.
    pub label: String,
    /// How the number is meant.
    pub qualifier: Qualifier,
    /// The number, in the descriptor's unit.
    pub value: f64,
    /// Its standard uncertainty from this specimen's data alone.
    pub uncertainty: Option<f64>,
    /// How it was found, in one line.
    pub detail: String,
}

/// One side of a row.
#[derive(Debug, Clone, PartialEq)]
pub struct SideNumbers {
    /// What each specimen gave, in the order given; specimens without it are not among them.
    pub numbers: Vec<Number>,
    /// Their mean, geometric on the ratio scale; none when one of them is a bound or, on the ratio scale, not positive.
    pub mean: Option<f64>,
    /// Its standard uncertainty: of one specimen its own, of several by their scatter, and never less than their own
    /// uncertainties make it. None when nothing tells it.
    pub uncertainty: Option<f64>,
}

/// Why the rule does not answer by a descriptor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unanswered {
    /// Specimens are stopped or selected by it, so that groups differ or agree by construction.
    SelectsSpecimens,
    /// Nothing says which difference would matter.
    NoMargin,
    /// A specimen gave only a bound: leaving it out would leave those out that lasted longest.
    Bound,
    /// Compared by ratio, and a value is not positive.
    NotPositive,
}

impl Unanswered {
    /// The word used in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::SelectsSpecimens => "selects_specimens",
            Self::NoMargin => "no_margin",
            Self::Bound => "bound",
            Self::NotPositive => "not_positive",
        }
    }

    /// In a sentence.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::SelectsSpecimens => {
                "cells are stopped or selected by it, so that sides differ or agree by construction: it answers nothing"
            }
            Self::NoMargin => {
                "the catalogue has no margin for it; --delta DESCRIPTOR=NUMBER declares one"
            }
            Self::Bound => "a specimen gave only a bound, and the others alone would be a choice",
            Self::NotPositive => "it is compared by ratio, and a value is not positive",
        }
    }
}

/// One descriptor that both sides have, for one observable.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The descriptor.
    pub descriptor: &'static Descriptor,
    /// The observable that it speaks for here, if it speaks for any.
    pub observable: Option<ObservableId>,
    /// Whether it decides the observable.
    pub primary: bool,
    /// The margin in force, with what was declared in the catalogue's place.
    pub margin: Option<MarginInForce>,
    /// The reference side.
    pub reference: SideNumbers,
    /// The test side.
    pub test: SideNumbers,
    /// How many comparisons shared the risk α when it was judged.
    pub comparisons: usize,
    /// The difference with its uncertainty, and the answer unless `unanswered`: δ and the answer say nothing
    /// then. None when there is no difference to form.
    pub verdict: Option<Verdict>,
    /// Why the rule does not answer by it.
    pub unanswered: Option<Unanswered>,
}

/// The answer for one observable.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// The observable.
    pub observable: ObservableId,
    /// Yes, no or unsure.
    pub answer: Answer,
    /// Why it is unsure, as a stable word; empty for yes and no.
    pub reason: &'static str,
    /// Which way a yes goes.
    pub direction: Option<Direction>,
    /// Whether two descriptors say yes in opposite directions.
    pub opposite_directions: bool,
    /// The descriptors that decided.
    pub decided_by: Vec<&'static str>,
}

/// What was compared, and the answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// One row per descriptor and observable with a margin, those that decide first.
    pub rows: Vec<Row>,
    /// One answer per observable that could be decided.
    pub answers: Vec<Answered>,
    /// All together: yes if any is yes, else unsure if any is, else no; unsure when nothing could be decided.
    pub answer: Answer,
    /// The rule that was applied.
    pub rule: Rule,
}

/// Compares every descriptor that both sides have. Errors when what was declared cannot be.
pub(super) fn compare(
    technique: &Technique,
    specimens: &[Analysed],
    paired: bool,
    declared: &Declared,
    notes: &mut Vec<Note>,
) -> Result<Compared, Error> {
    let rule = Rule::default();
    let known = TechniqueId::new(technique.id).ok().and_then(|id| catalogue().technique(&id));
    let mut rows = Vec::new();
    for descriptor in known.into_iter().flat_map(|technique| &technique.descriptors) {
        rows.extend(rows_of(descriptor, specimens, paired, declared, notes));
    }
    rows.sort_by_key(|row| !row.primary);
    let answers = judge(&mut rows, paired, rule)?;
    let any = |answer: Answer| answers.iter().any(|one| one.answer == answer);
    let answer = if any(Answer::Yes) {
        Answer::Yes
    } else if any(Answer::Unsure) || answers.is_empty() {
        Answer::Unsure
    } else {
        Answer::No
    };
    if answers.is_empty() {
        let message = "no descriptor that decides an observable has numbers on both sides and a margin, so there is nothing to answer by; the notes of the specimens say what is missing";
        notes.push(Note::new("nothing-decides", message, ""));
    }
    let said = |row: &&Row| row.primary && row.unanswered.is_none() && row.margin.is_some();
    let unconfirmed: Vec<&str> = rows
        .iter()
        .filter(said)
        .filter(|row| row.margin.as_ref().is_some_and(|margin| margin.confirmed_by.is_none()))
        .map(|row| row.descriptor.id.as_str())
        .collect();
    if !unconfirmed.is_empty() {
        let message = format!(
            "nobody has confirmed the margin of {} for this comparison, so the answer is provisional",
            unconfirmed.join(", ")
        );
        notes.push(Note::new("margin-unconfirmed", message, ""));
    }
    Ok(Compared { rows, answers, answer, rule })
}

/// The rows of one descriptor: one for each observable with a margin of its own, at least one. None when a side has
/// no number.
fn rows_of(
    descriptor: &'static Descriptor,
    specimens: &[Analysed],
    paired: bool,
    declared: &Declared,
    notes: &mut Vec<Note>,
) -> Vec<Row> {
    let [mut reference, mut test] =
        [Side::Reference, Side::Test].map(|side| numbers_of(descriptor, specimens, side));
    if paired {
        let has = |side: &[Number], label: &str| side.iter().any(|one| one.label == label);
        let alone: Vec<String> = reference
            .iter()
            .filter(|one| !has(&test, &one.label))
            .chain(test.iter().filter(|one| !has(&reference, &one.label)))
            .map(|one| one.label.clone())
            .collect();
        if !alone.is_empty() {
            let message = format!(
                "{} has a number on one side only of {}: these pairs were left out",
                descriptor.id,
                alone.join(", ")
            );
            notes.push(Note::new("pair-incomplete", message, alone.join(", ")));
        }
        reference.retain(|one| !alone.contains(&one.label));
        test.retain(|one| !alone.contains(&one.label));
        // The rule takes pairs in the same order.
        let place = |label: &str| reference.iter().position(|one| one.label == label);
        test.sort_by_key(|one| place(&one.label));
    }
    if reference.is_empty() || test.is_empty() {
        return Vec::new();
    }
    let numbers = || reference.iter().chain(&test);
    let unanswered = if numbers().any(|one| !one.qualifier.is_value()) {
        Some(Unanswered::Bound)
    } else if descriptor.scale == Scale::Ratio && numbers().any(|one| one.value <= 0.0) {
        Some(Unanswered::NotPositive)
    } else if descriptor.selects_specimens {
        Some(Unanswered::SelectsSpecimens)
    } else {
        None
    };
    let sides = [&reference, &test].map(|numbers| side_of(descriptor.scale, numbers));
    let row = |speaks: Option<&SpeaksFor>| {
        let margin = margin_of(descriptor, speaks, declared);
        let has_margin = margin.as_ref().is_some_and(|margin| margin.delta.is_some());
        Row {
            descriptor,
            observable: speaks.map(|speaks| speaks.observable.clone()),
            primary: speaks.is_some_and(|speaks| speaks.primary),
            margin,
            reference: sides[0].clone(),
            test: sides[1].clone(),
            comparisons: 1,
            verdict: None,
            unanswered: unanswered.or((!has_margin).then_some(Unanswered::NoMargin)),
        }
    };
    let mut rows: Vec<Row> = descriptor
        .speaks_for
        .iter()
        .filter(|speaks| speaks.delta.is_some())
        .map(|speaks| row(Some(speaks)))
        .collect();
    if rows.is_empty() {
        rows.push(row(descriptor.speaks_for.first()));
    }
    rows
}

fn numbers_of(descriptor: &Descriptor, specimens: &[Analysed], side: Side) -> Vec<Number> {
    specimens
        .iter()
        .filter(|one| one.side == side && one.rejected.is_none())
        .filter_map(|one| Some((one, one.analysis.quantity(descriptor.id.as_str())?)))
        .map(|(one, found)| Number {
            label: one.label.clone(),
            qualifier: found.qualifier,
            value: found.value,
            uncertainty: found.uncertainty,
            detail: found.detail.clone(),
        })
        .collect()
}

/// The mean of a side and its uncertainty.
fn side_of(scale: Scale, numbers: &[Number]) -> SideNumbers {
    let side = side(Side::Reference, numbers);
    let mean = side.mean(scale);
    let usable = numbers.iter().all(|one| one.qualifier.is_value()) && mean.is_finite();
    let n = numbers.len() as f64;
    let own = side.uncertainties.as_ref().map(|all| all.iter().map(|u| u * u).sum::<f64>() / n);
    let scatter = (numbers.len() > 1).then(|| {
        // Of a ratio relative to the mean, then in the unit.
        let away = |value: f64| match scale {
            Scale::Ratio => mean * (value / mean).ln(),
            Scale::Difference => value - mean,
        };
        side.values.iter().map(|value| away(*value).powi(2)).sum::<f64>() / (n - 1.0)
    });
    let variance = match (scatter, own) {
        (Some(scatter), Some(own)) => Some(scatter.max(own)),
        (scatter, own) => scatter.or(own),
    };
    SideNumbers {
        numbers: numbers.to_vec(),
        mean: usable.then_some(mean),
        uncertainty: variance.map(|one| (one / n).sqrt()).filter(|u| usable && u.is_finite()),
    }
}

/// A side as the rule takes it. Where some specimens state no uncertainty, they count as the others.
fn side(which: Side, numbers: &[Number]) -> evidence::Side {
    let stated: Vec<f64> = numbers.iter().filter_map(|one| one.uncertainty).collect();
    let mean_square = stated.iter().map(|u| u * u).sum::<f64>() / stated.len() as f64;
    let usual = (!stated.is_empty()).then(|| mean_square.sqrt());
    evidence::Side {
        groups: GroupId::new(which.word()).into_iter().collect(),
        values: numbers.iter().map(|one| one.value).collect(),
        uncertainties: usual
            .map(|usual| numbers.iter().map(|one| one.uncertainty.unwrap_or(usual)).collect()),
    }
}

/// What the catalogue says, with what was declared in its place. None when neither says anything.
fn margin_of(
    descriptor: &Descriptor,
    speaks: Option<&SpeaksFor>,
    declared: &Declared,
) -> Option<MarginInForce> {
    let of = |given: &super::Given| given.for_descriptor(&descriptor.id, descriptor.scale);
    let [delta, s0, u_sys] = [&declared.delta, &declared.s0, &declared.u_sys].map(of);
    let known = speaks.and_then(|one| catalogue().margin_for(&descriptor.id, &one.observable));
    let mut margin = match known {
        Some(margin) => margin,
        None if delta.is_some() => MarginInForce {
            scale: descriptor.scale,
            primary: false,
            delta: None,
            delta_source: None,
            s0: None,
            s0_source: None,
            s0_test: None,
            u_sys: None,
            nu_sys: None,
            confirmed_by: None,
            set_on: None,
        },
        None => return None,
    };
    if delta.is_some() {
        (margin.delta, margin.delta_source) = (delta, Some(DECLARED.to_owned()));
    }
    if s0.is_some() {
        (margin.s0, margin.s0_source) = (s0, Some(DECLARED.to_owned()));
        margin.s0_test = None;
    }
    margin.u_sys = u_sys.or(margin.u_sys);
    Some(margin)
}

/// Where a number comes from that was declared for this comparison.
const DECLARED: &str = "declared for this comparison";

/// Fills in the verdicts of the rows, and gives the answers by observable: primary descriptors of one observable
/// share the risk of a false yes, every other one is judged for itself.
fn judge(rows: &mut [Row], paired: bool, rule: Rule) -> Result<Vec<Answered>, Error> {
    let mut answers: Vec<Answered> = Vec::new();
    let mut observables: Vec<ObservableId> = Vec::new();
    let decides = |row: &Row| row.primary && row.unanswered.is_none();
    for row in rows.iter().filter(|row| decides(row)) {
        if let Some(observable) = row.observable.as_ref().filter(|one| !observables.contains(one)) {
            observables.push(observable.clone());
        }
    }
    for observable in observables {
        let of = |row: &&mut Row| decides(row) && row.observable.as_ref() == Some(&observable);
        let mut deciding: Vec<&mut Row> = rows.iter_mut().filter(of).collect();
        let verdict = judge_together(&mut deciding, paired, rule)?;
        answers.push(Answered {
            observable,
            answer: verdict.answer,
            reason: verdict.reason.map_or("", rule::Reason::word),
            direction: verdict.direction,
            opposite_directions: verdict.opposite_directions,
            decided_by: deciding.iter().map(|row| row.descriptor.id.as_str()).collect(),
        });
    }
    for row in rows.iter_mut().filter(|row| row.verdict.is_none()) {
        let no_difference =
            matches!(row.unanswered, Some(Unanswered::Bound | Unanswered::NotPositive));
        if !no_difference {
            judge_together(&mut [row], paired, rule)?;
        }
    }
    Ok(answers)
}

/// Judges rows as comparisons of one pixel.
fn judge_together(rows: &mut [&mut Row], paired: bool, rule: Rule) -> Result<PixelVerdict, Error> {
    let wrong = |error: galvanome_inference::error::RuleError| Error::Wrong(error.to_string());
    let mut comparisons = Vec::with_capacity(rows.len());
    let mut sides = Vec::with_capacity(rows.len());
    for row in rows.iter() {
        let reference = side(Side::Reference, &row.reference.numbers);
        let test = side(Side::Test, &row.test.numbers);
        let margin = row.margin.as_ref();
        let input = Input {
            reference_u: reference.uncertainties.as_deref(),
            test_u: test.uncertainties.as_deref(),
            paired,
            s0: margin.and_then(|margin| margin.s0),
            // Differences of pairs have one spread.
            s0_test: margin.and_then(|margin| margin.s0_test).filter(|_| !paired),
            u_sys: margin.and_then(|margin| margin.u_sys).unwrap_or(0.0),
            nu_sys: margin.and_then(|margin| margin.nu_sys),
            ..Input::new(
                row.descriptor.id.as_str(),
                row.descriptor.scale,
                &reference.values,
                &test.values,
                // Without a margin only the difference and its uncertainty are shown, which do not depend on it.
                margin.and_then(|margin| margin.delta).unwrap_or(1.0),
            )
        };
        comparisons.push(comparison::Comparison::new(&input).map_err(wrong)?);
        sides.push((reference, test));
    }
    let judged = pixel::judge(&comparisons, rule).map_err(wrong)?;
    for (row, ((reference, test), verdict)) in
        rows.iter_mut().zip(sides.into_iter().zip(&judged.descriptors))
    {
        let scale = row.descriptor.scale;
        row.comparisons = judged.descriptors.len();
        row.verdict = Some(Verdict {
            descriptor: row.descriptor.id.clone(),
            scale,
            reference_mean: reference.mean(scale),
            test_mean: test.mean(scale),
            reference_n: reference.values.len() as u32,
            test_n: test.values.len() as u32,
            reference: reference.groups,
            test: test.groups,
            answer: verdict.answer,
            reason: verdict.reason.map_or("", rule::Reason::word).to_owned(),
            direction: verdict.direction,
            d: verdict.d,
            u: verdict.u,
            nu: verdict.nu.filter(|nu| nu.is_finite()),
            yes_bound: verdict.yes_bound,
            no_bound: verdict.no_bound,
            delta: verdict.delta,
            s0: row.margin.as_ref().and_then(|margin| margin.s0),
            break_even_s0: verdict.break_even_s0,
            u_needed_for_no: verdict.u_needed_for_no,
        });
    }
    Ok(judged)
}
