//! Capacities before ageing: of the reference cycle and of the reference check-up.

use super::cycles::Cycle;
use super::settings::ACTIVE_MASS;
use super::words::four_digits;
use super::{CHECKUP_CAPACITY, DISCHARGE_CAPACITY, DISCHARGE_CAPACITY_C20, found};
use crate::analysis::{Found, Settings};

/// The discharge capacity of the reference cycle.
pub(super) fn discharge_capacity(reference: &Cycle) -> Option<Found> {
    of(DISCHARGE_CAPACITY, reference)
}

/// The discharge capacity of the reference check-up.
pub(super) fn checkup_capacity(reference: &Cycle) -> Option<Found> {
    of(CHECKUP_CAPACITY, reference)
}

fn of(descriptor: &str, cycle: &Cycle) -> Option<Found> {
    let half = &cycle.discharge;
    let detail = format!(
        "discharge of cycle {} at a mean of {} A, {}",
        cycle.number,
        four_digits(half.mean_current_a),
        if half.counted { "as the instrument counted it" } else { "integrated from the current" }
    );
    found(descriptor, half.charge_ah, Some(half.charge_u_whole_ah()), half.rows, detail)
}

/// Rates that are C/20.
const C20: std::ops::RangeInclusive<f64> = 0.04..=0.0625;

/// The discharge capacity at C/20 per gram, where the mass was set and the check-up runs at that rate.
pub(super) fn specific_capacity(
    checkup: &Cycle,
    nominal_ah: f64,
    settings: &Settings,
) -> Option<Found> {
    let mass_g = settings.number(&ACTIVE_MASS)?;
    let rate = checkup.discharge.mean_current_a / nominal_ah;
    if !C20.contains(&rate) {
        return None;
    }
    let per_gram = |ah: f64| 1000.0 * ah / mass_g;
    let half = &checkup.discharge;
    let detail = format!(
        "discharge of cycle {} at {rate:.3}/h over {} g; the mass counts as known",
        checkup.number,
        four_digits(mass_g)
    );
    let u = per_gram(half.charge_u_whole_ah());
    found(DISCHARGE_CAPACITY_C20, per_gram(half.charge_ah), Some(u), half.rows, detail)
}
