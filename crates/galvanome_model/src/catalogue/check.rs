//! What a catalogue may not say, shipped or changed by a campaign.

use std::collections::BTreeSet;
use std::fmt;

use super::{Catalogue, Descriptor, Facts, Observable, Scale, Technique};
use crate::ids::ObservableId;

/// The table in which something is wrong, as it is written in `campaign.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// `[[observable]]`
    Observable,
    /// `[[technique]]`
    Technique,
    /// `[[descriptor]]`
    Descriptor,
    /// `[[margin]]`
    Margin,
}

impl Table {
    /// The word between the brackets.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Observable => "observable",
            Self::Technique => "technique",
            Self::Descriptor => "descriptor",
            Self::Margin => "margin",
        }
    }
}

/// Something wrong in a catalogue, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The table.
    pub table: Table,
    /// The id of the entry (of a margin: its descriptor's).
    pub id: String,
    /// Which of the campaign's entries of that table, from 0; `None` where the campaign has no such entry.
    pub index: Option<usize>,
    /// The field.
    pub field: &'static str,
    /// What is wrong with the field, and what would be right.
    pub what: String,
}

impl Problem {
    pub(super) fn new(
        table: Table,
        id: &str,
        field: &'static str,
        what: impl Into<String>,
    ) -> Self {
        Self { table, id: id.to_owned(), index: None, field, what: what.into() }
    }

    pub(super) fn at(mut self, index: usize) -> Self {
        self.index = Some(index);
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[[{}]] {}: `{}` {}", self.table.word(), self.id, self.field, self.what)
    }
}

impl std::error::Error for Problem {}

impl Scale {
    /// The word used in files and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ratio => "ratio",
            Self::Difference => "difference",
        }
    }
}

const POSITIVE: &str = "must be a number above zero";
const NOT_NEGATIVE: &str = "must be a number, zero or above";

fn is_positive(value: f64) -> bool {
    value.is_finite() && value > 0.0
}

fn is_not_negative(value: f64) -> bool {
    value.is_finite() && value >= 0.0
}

fn check_facts(id: &str, facts: &Facts, problems: &mut Vec<Problem>) {
    let mut wrong =
        |field, what: &str| problems.push(Problem::new(Table::Technique, id, field, what));
    let lengths = [
        ("depth_min_m", facts.depth_min_m),
        ("depth_typical_m", facts.depth_typical_m),
        ("depth_max_m", facts.depth_max_m),
        ("time_min_h", facts.time_min_h),
        ("time_max_h", facts.time_max_h),
    ];
    for (field, value) in lengths {
        if value.is_some_and(|value| !is_not_negative(value)) {
            wrong(field, NOT_NEGATIVE);
        }
    }
    for (field, value) in [
        ("lateral_resolution_m", facts.lateral_resolution_m),
        ("field_of_view_m", facts.field_of_view_m),
    ] {
        if value.is_some_and(|value| !is_positive(value)) {
            wrong(field, POSITIVE);
        }
    }
    let above = |low: Option<f64>, high: Option<f64>| matches!((low, high), (Some(low), Some(high)) if low > high);
    if above(facts.depth_min_m, facts.depth_typical_m) {
        wrong("depth_min_m", "is above `depth_typical_m`");
    }
    if above(facts.depth_typical_m, facts.depth_max_m) {
        wrong("depth_typical_m", "is above `depth_max_m`");
    }
    if above(facts.depth_min_m, facts.depth_max_m) {
        wrong("depth_min_m", "is above `depth_max_m`");
    }
    if above(facts.time_min_h, facts.time_max_h) {
        wrong("time_min_h", "is above `time_max_h`");
    }
    if above(facts.lateral_resolution_m, facts.field_of_view_m) {
        wrong("lateral_resolution_m", "is above `field_of_view_m`");
    }
    if facts.relative_cost.is_some_and(|cost| !(1..=5).contains(&cost)) {
        wrong("relative_cost", "must be a whole number from 1 (cheap) to 5");
    }
}

fn check_descriptor(descriptor: &Descriptor, problems: &mut Vec<Problem>) {
    let mut wrong = |field, what: &str| {
        problems.push(Problem::new(Table::Descriptor, descriptor.id.as_str(), field, what));
    };
    if descriptor.unit.trim().is_empty() {
        wrong("unit", "is empty; write 1 for a pure number");
    }
    if let Some(typical) = &descriptor.typical_uncertainty
        && (!is_not_negative(typical.value)
            || typical.up_to.is_some_and(|high| !high.is_finite() || high < typical.value))
    {
        wrong(
            "typical_uncertainty",
            "must be a number, zero or above, and `up_to` not below `value`",
        );
    }
    for (at, speaks) in descriptor.speaks_for.iter().enumerate() {
        if speaks.delta.is_some_and(|delta| !is_positive(delta)) {
            wrong("delta", POSITIVE);
        }
        if speaks.s0.is_some_and(|s0| !is_positive(s0)) {
            wrong("s0", POSITIVE);
        }
        if descriptor.speaks_for.iter().take(at).any(|other| other.observable == speaks.observable)
        {
            wrong("speaks_for", &format!("names `{}` twice", speaks.observable));
        }
    }
}

impl Catalogue {
    /// Everything that is wrong in this catalogue: ids given twice, unknown observables, numbers out of
    /// order or range, a descriptor whose id does not begin with its technique, more than three primary
    /// descriptors for one technique and observable, a margin for what does not exist.
    pub fn problems(&self) -> Vec<Problem> {
        self.problems_beside(&[])
    }

    /// As [`Self::problems`]; `others` are observables that may be named although they are no column here.
    pub(super) fn problems_beside(&self, others: &[Observable]) -> Vec<Problem> {
        let mut problems = Vec::new();
        let known: BTreeSet<&ObservableId> =
            self.observables.iter().chain(others).map(|one| &one.id).collect();
        for (at, observable) in self.observables.iter().enumerate() {
            if self.observables.iter().take(at).any(|other| other.id == observable.id) {
                problems.push(Problem::new(
                    Table::Observable,
                    observable.id.as_str(),
                    "id",
                    "is given twice",
                ));
            }
        }
        for (at, technique) in self.techniques.iter().enumerate() {
            if self.techniques.iter().take(at).any(|other| other.id == technique.id) {
                problems.push(Problem::new(
                    Table::Technique,
                    technique.id.as_str(),
                    "id",
                    "is given twice",
                ));
            } else {
                check_technique(technique, &known, &mut problems);
            }
        }
        self.check_margins(&mut problems);
        problems
    }

    fn check_margins(&self, problems: &mut Vec<Problem>) {
        for (index, margin) in self.margins.iter().enumerate() {
            let id = margin.descriptor.as_str();
            let mut wrong = |field, what: String| {
                problems.push(Problem::new(Table::Margin, id, field, what).at(index));
            };
            match self.descriptor(&margin.descriptor) {
                None => wrong(
                    "descriptor",
                    format!("`{id}` is not a descriptor of a technique of this campaign"),
                ),
                Some(descriptor) if descriptor.speaks_for(&margin.observable).is_none() => wrong(
                    "observable",
                    format!(
                        "`{}` is not among what {id} speaks for; add it under [[descriptor]] speaks_for",
                        margin.observable
                    ),
                ),
                Some(_) => {}
            }
            let twin = |other: &super::Margin| {
                other.descriptor == margin.descriptor && other.observable == margin.observable
            };
            if self.margins.iter().take(index).any(twin) {
                wrong("descriptor", format!("already has a margin for `{}`", margin.observable));
            }
            for (field, value) in [
                ("delta", margin.delta),
                ("s0", margin.s0),
                ("s0_test", margin.s0_test),
                ("nu_sys", margin.nu_sys),
            ] {
                if value.is_some_and(|value| !is_positive(value)) {
                    wrong(field, POSITIVE.to_owned());
                }
            }
            if margin.u_sys.is_some_and(|value| !is_not_negative(value)) {
                wrong("u_sys", NOT_NEGATIVE.to_owned());
            }
            if margin.s0_test.is_some() && margin.s0.is_none() {
                wrong(
                    "s0_test",
                    "needs `s0`, the spread of the reference side, beside it".to_owned(),
                );
            }
        }
    }
}

fn check_technique(
    technique: &Technique,
    known: &BTreeSet<&ObservableId>,
    problems: &mut Vec<Problem>,
) {
    let id = technique.id.as_str();
    check_facts(id, &technique.facts, problems);
    for observable in technique.facts.observables.iter().flatten() {
        if !known.contains(observable) {
            let what = format!("names `{observable}`, which is not an observable");
            problems.push(Problem::new(Table::Technique, id, "observables", what));
        }
    }
    for (at, descriptor) in technique.descriptors.iter().enumerate() {
        let wrong = |field, what: String| {
            Problem::new(Table::Descriptor, descriptor.id.as_str(), field, what)
        };
        if !descriptor.id.as_str().strip_prefix(id).is_some_and(|rest| rest.starts_with('.')) {
            problems.push(wrong("id", format!("must begin with its technique, `{id}.`")));
        }
        if technique.descriptors.iter().take(at).any(|other| other.id == descriptor.id) {
            problems.push(wrong("id", "is given twice".to_owned()));
        }
        for speaks in &descriptor.speaks_for {
            let observable = &speaks.observable;
            if !known.contains(observable) {
                problems.push(wrong(
                    "speaks_for",
                    format!("names `{observable}`, which is not an observable"),
                ));
            }
            let decides = |other: &Descriptor| {
                other.speaks_for(observable).is_some_and(|speaks| speaks.primary)
            };
            let before =
                technique.descriptors.iter().take(at).filter(|other| decides(other)).count();
            if speaks.primary && before >= 3 {
                let what = format!(
                    "makes a fourth primary descriptor of {id} for `{observable}`; three at most decide a pixel"
                );
                problems.push(wrong("speaks_for", what));
            }
        }
        check_descriptor(descriptor, problems);
    }
}
