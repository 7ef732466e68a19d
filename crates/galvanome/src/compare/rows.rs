//! Descriptors side by side: what both sides gave, by which margin it is judged, and why it may not be.

use galvanome_inference::evidence;
use galvanome_model::catalogue::{Descriptor, MarginInForce, Scale, SpeaksFor};
use galvanome_model::ids::{GroupId, ObservableId};
use galvanome_model::note::Note;
use galvanome_model::verdict::Verdict;
use galvanome_techniques::catalogue;

use super::number::Number;
use super::{Analysed, Declared, Side, bounds};

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
            Self::Bound => {
                "a specimen gave only a bound (it has not reached its end), and the rule compares values: the others alone would leave out those that lasted longest"
            }
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

/// The rows of one descriptor: one for each observable with a margin of its own, at least one. None when a side has
/// no number.
pub(super) fn rows_of(
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
    if unanswered == Some(Unanswered::Bound) {
        notes.extend(bounds::direction(descriptor, &reference, &test));
    }
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
pub(super) fn side(which: Side, numbers: &[Number]) -> evidence::Side {
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
