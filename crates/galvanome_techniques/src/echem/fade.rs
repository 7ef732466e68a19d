//! How fast capacity is lost: robust slopes of capacity against cycle.

use galvanome_model::note::Note;
use galvanome_numerics::theil_sen::TheilSen;

use super::cycles::{Cycle, Kind};
use super::rates::RATE_WINDOW;
use super::settings::{FIRST_CYCLE, LAST_CYCLE};
use super::words::{numbers, spans};
use super::{CAPACITY_LOSS_RATE, CHECKUP_LOSS_RATE, found};
use crate::analysis::{Found, Settings};

/// Cycles below which a slope is no loss rate.
const FEWEST: usize = 3;

/// Cycles below which the scatter of slopes does not tell an uncertainty (Sen's interval is then too narrow).
const FEWEST_FOR_UNCERTAINTY: usize = 5;

/// Whether a cycle is within the stretch that was set.
pub(super) fn in_stretch(cycle: &Cycle, settings: &Settings) -> bool {
    let from = settings.whole(&FIRST_CYCLE).map_or(f64::NEG_INFINITY, |first| first as f64);
    let to = settings.whole(&LAST_CYCLE).map_or(f64::INFINITY, |last| last as f64);
    (from..=to).contains(&cycle.number)
}

/// The loss rate of the cycles at the common rate.
pub(super) fn loss_rate(
    cycles: &[Cycle],
    reference: &Cycle,
    settings: &Settings,
    notes: &mut Vec<Note>,
) -> Option<Found> {
    let used: Vec<&Cycle> =
        cycles.iter().filter(|cycle| cycle.used && in_stretch(cycle, settings)).collect();
    if used.len() < FEWEST {
        let message = format!(
            "a loss rate needs at least {FEWEST} complete cycles at one rate; there are {}",
            used.len()
        );
        notes.push(Note::new("too-few-cycles", message, ""));
        return None;
    }
    if used.len() < FEWEST_FOR_UNCERTAINTY {
        let message = format!(
            "with {} cycles the scatter does not tell how uncertain the loss rate is; from {FEWEST_FOR_UNCERTAINTY} on it does",
            used.len()
        );
        notes.push(Note::new("too-few-cycles", message, ""));
    }
    slope(CAPACITY_LOSS_RATE, &used, reference)
}

/// The loss rate of the check-ups; none below as many as that needs, which needs no note: they are rare.
pub(super) fn checkup_loss_rate(
    cycles: &[Cycle],
    reference: &Cycle,
    settings: &Settings,
) -> Option<Found> {
    let used: Vec<&Cycle> = cycles
        .iter()
        .filter(|cycle| cycle.kind == Kind::CheckUp && in_stretch(cycle, settings))
        .collect();
    if used.len() < FEWEST {
        return None;
    }
    slope(CHECKUP_LOSS_RATE, &used, reference)
}

fn slope(descriptor: &str, used: &[&Cycle], reference: &Cycle) -> Option<Found> {
    let number: Vec<f64> = used.iter().map(|cycle| cycle.number).collect();
    let percent: Vec<f64> = used.iter().map(|cycle| percent_of(cycle, reference)).collect();
    let line = TheilSen::of(&number, &percent, 0.95)?;
    let uncertainty =
        (used.len() >= FEWEST_FOR_UNCERTAINTY).then(|| slope_uncertainty(&line, used, reference));
    let detail = format!(
        "median of {} slopes over cycles {}; 100 % is the discharge of cycle {}",
        line.pairs,
        spans(&number),
        reference.number
    );
    found(descriptor, 0.0 - line.slope, uncertainty, used.len(), detail)
}

/// Discharge capacity in percent of the reference.
pub(super) fn percent_of(cycle: &Cycle, reference: &Cycle) -> f64 {
    100.0 * cycle.discharge.charge_ah / reference.discharge.charge_ah
}

/// Its standard uncertainty. The last digit of the current is the same at the same rate, and cancels there, as do the
/// instrument's errors but for their drift.
pub(super) fn percent_u(cycle: &Cycle, reference: &Cycle) -> f64 {
    let relative = |cycle: &Cycle| {
        let half = &cycle.discharge;
        let own = half.charge_u_relative();
        if is_at_rate_of(cycle, reference) {
            own
        } else {
            own.hypot(half.charge_digit_u_ah / half.charge_ah)
        }
    };
    let accuracy = cycle.discharge.accuracy.charges_of_cycles(reference.discharge.accuracy);
    percent_of(cycle, reference) * relative(cycle).hypot(relative(reference)).hypot(accuracy)
}

/// Whether two discharges run at one rate.
fn is_at_rate_of(cycle: &Cycle, reference: &Cycle) -> bool {
    let current = reference.discharge.mean_current_a;
    (cycle.discharge.mean_current_a - current).abs() <= RATE_WINDOW * current
}

/// Standard uncertainty of a slope in percent per cycle: the larger of what scatter and integration give, and the
/// uncertainty of the 100 %.
fn slope_uncertainty(line: &TheilSen, used: &[&Cycle], reference: &Cycle) -> f64 {
    let n = used.len() as f64;
    let mean_number = used.iter().map(|cycle| cycle.number).sum::<f64>() / n;
    let spread: f64 = used.iter().map(|cycle| (cycle.number - mean_number).powi(2)).sum();
    // Errors of integration as the variance of a least-squares slope, which Theil-Sen nearly reaches.
    let weighted: f64 = used
        .iter()
        .map(|cycle| ((cycle.number - mean_number) * cycle.discharge.charge_u_ah).powi(2))
        .sum();
    let integration = if spread > 0.0 {
        100.0 / reference.discharge.charge_ah * weighted.sqrt() / spread
    } else {
        0.0
    };
    // One factor on all capacities is one on the slope: that of the reference, and of cycles at another rate than its.
    let accuracy = |cycle: &Cycle| cycle.discharge.accuracy;
    let other = used.iter().map(|cycle| accuracy(cycle).charges(accuracy(reference)));
    let factor = reference.discharge.charge_u_relative().hypot(other.fold(0.0, f64::max));
    // What has drifted between the first and the last tilts it.
    let ends = used.first().zip(used.last()).filter(|(first, last)| last.number > first.number);
    let tilt = ends.map_or(0.0, |(first, last)| {
        percent_of(last, reference) * accuracy(last).drifted(accuracy(first))
            / (last.number - first.number)
    });
    line.slope_u.max(integration).hypot(line.slope * factor).hypot(tilt)
}

/// Numbers of the cycles that make the loss rate.
pub(super) fn stretch(cycles: &[Cycle], settings: &Settings) -> Vec<f64> {
    numbers(cycles, |cycle| cycle.used && in_stretch(cycle, settings))
}
