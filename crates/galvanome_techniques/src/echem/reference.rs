//! The cycles whose capacity is 100 %.

use galvanome_model::note::Note;

use super::cycles::{Cycle, Kind};
use super::settings::{CHECKUP_REFERENCE, REFERENCE_CYCLE};
use super::words::{numbers, spans};
use crate::analysis::{Setting, Settings};

/// The cycle whose capacity is 100 %: the declared one, or the first that makes the loss rate.
pub(super) fn reference_of<'a>(
    cycles: &'a [Cycle],
    settings: &Settings,
    notes: &mut Vec<Note>,
) -> Option<&'a Cycle> {
    if settings.whole(&REFERENCE_CYCLE).is_some() {
        let cycle = declared(
            cycles,
            settings,
            &REFERENCE_CYCLE,
            "neither its capacity nor a loss rate",
            notes,
        )?;
        if !cycle.used {
            let message = "the reference cycle does not run at the common rate of discharge: the loss is given in percent of its capacity, which was taken at another rate";
            notes.push(Note::new(
                "reference-at-other-rate",
                message,
                format!("cycle {}", cycle.number),
            ));
        }
        return Some(cycle);
    }
    let first = cycles.iter().find(|cycle| cycle.used);
    let note = match first {
        Some(cycle) => Note::new(
            "reference-by-default",
            format!(
                "no reference cycle was declared; the first one that can be used, cycle {}, is 100 %",
                cycle.number
            ),
            format!("cycle {}", cycle.number),
        ),
        None => Note::new(
            "no-reference",
            "no cycle has a complete discharge, so there is neither a capacity nor a loss rate",
            "",
        ),
    };
    notes.push(note);
    first
}

/// The check-up whose capacity is a state of health of 100 %. None when there are no check-ups, or the declared one
/// cannot be it; a note says which.
pub(super) fn checkup_reference_of<'a>(
    cycles: &'a [Cycle],
    reference: Option<&'a Cycle>,
    settings: &Settings,
    notes: &mut Vec<Note>,
) -> Option<&'a Cycle> {
    if settings.whole(&CHECKUP_REFERENCE).is_some() {
        let cycle = declared(cycles, settings, &CHECKUP_REFERENCE, "no state of health", notes)?;
        if cycle.kind != Kind::CheckUp {
            notes.push(Note::new(
                "reference-at-other-rate",
                "the reference of the state of health is not at the rate of the check-ups",
                format!("cycle {}", cycle.number),
            ));
        }
        return Some(cycle);
    }
    let declared = reference.filter(|cycle| cycle.kind == Kind::CheckUp);
    let found = declared.or_else(|| cycles.iter().find(|cycle| cycle.kind == Kind::CheckUp));
    if found.is_none() && reference.is_some() {
        notes.push(Note::new(
            "no-check-up",
            "no discharge is slow enough for a check-up (below half the common rate, or as `checkup-rate` says), so there is no state of health",
            "",
        ));
    }
    found
}

/// The cycle that a setting names, if its discharge can be 100 %. Otherwise a note says why it cannot.
fn declared<'a>(
    cycles: &'a [Cycle],
    settings: &Settings,
    setting: &Setting,
    without: &str,
    notes: &mut Vec<Note>,
) -> Option<&'a Cycle> {
    let number = settings.whole(setting)? as f64;
    let named = cycles.iter().find(|cycle| cycle.number == number);
    let reason = match named {
        Some(cycle) if !cycle.discharge.ended => "is not complete",
        Some(cycle) if !cycle.discharge.charge_ah.is_finite() => "cannot be integrated",
        Some(cycle) if cycle.discharge.charge_ah <= 0.0 => "has no discharge",
        Some(cycle) => return Some(cycle),
        None => "is not in the files",
    };
    let message = format!(
        "the reference cycle {number} {reason}, so there is {without}; there are cycles {}",
        spans(&numbers(cycles, |_| true))
    );
    notes.push(Note::new("no-reference", message, format!("cycle {number}")));
    None
}
