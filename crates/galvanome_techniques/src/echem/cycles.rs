//! Cycles: where they begin and end, and what kind they are.

use std::ops::Range;

use galvanome_model::note::Note;
use galvanome_numerics::turns::waves;

use super::halves::{Half, measure};
use super::records::{Precision, Records};

/// One cycle.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cycle {
    /// Its number.
    pub(super) number: f64,
    /// Its rows.
    pub(super) rows: Range<usize>,
    /// What it took up.
    pub(super) charge: Half,
    /// What it gave.
    pub(super) discharge: Half,
    /// What kind it is.
    pub(super) kind: Kind,
    /// Whether it makes the loss rate.
    pub(super) used: bool,
}

/// What kind a cycle is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Complete, at the common rate of discharge.
    Ageing,
    /// Complete, at the rate of the check-ups.
    CheckUp,
    /// Complete, at another rate.
    OtherRate,
    /// Its discharge began without a charge before it, and gives much less than those that follow.
    Partial,
    /// The record ends within its discharge.
    Incomplete,
    /// It has hardly any discharge.
    Empty,
    /// It cannot be integrated.
    Wild,
}

impl Kind {
    /// The word of the cycle table.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Ageing => "ageing",
            Self::CheckUp => "check-up",
            Self::OtherRate => "other-rate",
            Self::Partial => "partial",
            Self::Incomplete => "incomplete",
            Self::Empty => "no-discharge",
            Self::Wild => "out-of-range",
        }
    }

    /// Whether the discharge is one that can be compared.
    pub(super) const fn is_complete(self) -> bool {
        matches!(self, Self::Ageing | Self::CheckUp | Self::OtherRate)
    }
}

/// How cycles are derived, in words.
const RULE: &str = "one charge and one discharge are a cycle, in the order in which they flowed first, and turns that move less than 1/100 of the largest charge between turns do not count";

/// Finds the cycles of a cell. Their kinds are not known yet.
pub(super) fn find_cycles(
    records: &Records,
    precision: [Precision; 2],
    notes: &mut Vec<Note>,
) -> Vec<Cycle> {
    let derived = derive(records);
    let counted = records.counter.as_deref().map(count);
    let ranges = match counted {
        Some(counted) if counted.len() > 1 || derived.len() <= 1 => counted,
        Some(_) => {
            let message = format!(
                "the instrument's cycle counter never changes while {} cycles pass; cycles were counted by the direction of the current: {RULE}",
                derived.len()
            );
            notes.push(Note::new("cycles-derived", message, "column cycle_count"));
            derived
        }
        None => {
            let message = format!(
                "the file does not count cycles; they were counted by the direction of the current: {RULE}"
            );
            notes.push(Note::new("cycles-derived", message, ""));
            derived
        }
    };
    let largest = records.largest_current_a();
    let measured = |(number, rows): (f64, Range<usize>)| {
        let [charge, discharge] = measure(records, &rows, largest, precision);
        Cycle { number, rows, charge, discharge, kind: Kind::OtherRate, used: false }
    };
    ranges.into_iter().map(measured).collect()
}

/// Rows of equal number on end.
fn count(counter: &[f64]) -> Vec<(f64, Range<usize>)> {
    let mut begin = 0;
    counter
        .chunk_by(|a, b| a == b)
        .map(|run| {
            let rows = begin..begin + run.len();
            begin = rows.end;
            (run.first().copied().unwrap_or(0.0), rows)
        })
        .collect()
}

/// Cycles by the direction of the current, numbered from 1, by the rule of the readers' `cycle_count_derived`. That
/// column is not taken itself: which direction flows first is for all files of a cell together to say.
fn derive(records: &Records) -> Vec<(f64, Range<usize>)> {
    let seconds: Vec<f64> = (0..records.rows()).map(|row| records.gap_s(row)).collect();
    count(&waves(&records.current_a, &seconds))
}
