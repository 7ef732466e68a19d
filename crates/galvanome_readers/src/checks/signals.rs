//! What may be wrong with a signal: values that are no numbers, counts below zero, axes that run back.

use galvanome_model::note::Note;
use galvanome_model::signal::{Axis, Signal};

/// Makes a signal keep its word (no infinities, conditions that are numbers) and says what may be wrong with it.
pub(super) fn look(signal: &mut Signal) -> Vec<Note> {
    let mut notes = Vec::new();
    let name = if signal.label.is_empty() { &signal.name } else { &signal.label };
    let place = format!("signal {name}");
    let mut note = |code: &str, message: String, place: &str| {
        notes.push(Note::new(code, message, place));
    };
    let in_values = finite(&mut signal.values);
    let infinite = in_values + finite(&mut signal.uncertainties);
    if infinite > 0 {
        let message = format!("{infinite} values are infinite; they are taken as missing");
        note("infinite-value", message, &place);
    }
    let missing = signal.values.iter().filter(|value| value.is_nan()).count() - in_values;
    if missing > 0 {
        let message = format!("{missing} of {} values are missing", signal.values.len());
        note("missing-values", message, &place);
    }
    if signal.unit.starts_with("counts") {
        let negative = signal.values.iter().filter(|value| **value < 0.0).count();
        if negative > 0 {
            let message = format!(
                "{negative} of {} counts are below zero, so something was taken off them already; counting statistics do not hold for them",
                signal.values.len()
            );
            note("negative-counts", message, &place);
        }
    }
    for axis in &mut signal.axes {
        let place = format!("axis {} of {place}", axis.name);
        let infinite = finite(&mut axis.points);
        let missing = axis.points.iter().filter(|point| point.is_nan()).count();
        if missing > 0 {
            let message = format!(
                "{missing} of {} points are missing ({infinite} were infinite)",
                axis.points.len()
            );
            note("missing-values", message, &place);
        }
        let (turns, repeats) = (turns(axis), repeats(axis));
        if turns > 0 {
            let message = format!(
                "the points turn round {turns} times, so they are in no order; they are given as the file has them"
            );
            note("axis-unsorted", message, &place);
        }
        if repeats > 0 {
            let message = format!("{repeats} points are the same as the one before");
            note("axis-repeats", message, &place);
        }
    }
    signal.conditions.retain(|condition| condition.value.is_finite());
    notes
}

/// Turns infinities into missing values and says how many there were.
fn finite(values: &mut [f64]) -> usize {
    let mut infinite = 0;
    for value in values.iter_mut().filter(|value| value.is_infinite()) {
        *value = f64::NAN;
        infinite += 1;
    }
    infinite
}

/// How often the points of an axis change from rising to falling or back.
fn turns(axis: &Axis) -> usize {
    let steps = axis.points.windows(2).map(|pair| pair[1] - pair[0]);
    let mut signs = steps.filter(|step| *step != 0.0 && !step.is_nan()).map(|step| step > 0.0);
    let Some(mut before) = signs.next() else { return 0 };
    signs.filter(|&sign| std::mem::replace(&mut before, sign) != sign).count()
}

fn repeats(axis: &Axis) -> usize {
    axis.points.windows(2).filter(|pair| pair[0] == pair[1]).count()
}
