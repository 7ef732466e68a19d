//! What comes back of what was put in: efficiencies, mean voltages, hysteresis.

use galvanome_model::note::Note;
use galvanome_numerics::median::{deviation, median};

use super::cycles::{Cycle, Kind};
use super::fade::in_stretch;
use super::halves::Half;
use super::words::spans;
use super::{
    COULOMBIC_EFFICIENCY, ENERGY_EFFICIENCY, HYSTERESIS_GROWTH, MEAN_CHARGE_VOLTAGE,
    MEAN_DISCHARGE_VOLTAGE, VOLTAGE_HYSTERESIS, found,
};
use crate::analysis::{Found, Settings};

/// Charge given over charge taken up in one cycle, in percent, with its standard uncertainty.
pub(super) fn coulombic(cycle: &Cycle) -> Option<(f64, f64)> {
    if !is_whole(cycle) {
        return None;
    }
    let (given, taken) = (&cycle.discharge, &cycle.charge);
    let value = 100.0 * given.charge_ah / taken.charge_ah;
    let relative = |half: &Half| half.charge_u_record_ah() / half.charge_ah;
    let u = relative(given).hypot(relative(taken)).hypot(given.accuracy.charges(taken.accuracy));
    value.is_finite().then_some((value, value * u))
}

/// Energy given over energy taken up in one cycle, in percent, with its standard uncertainty.
pub(super) fn energy(cycle: &Cycle) -> Option<(f64, f64)> {
    if !is_whole(cycle) {
        return None;
    }
    let (given, taken) = (&cycle.discharge, &cycle.charge);
    let value = 100.0 * given.energy_wh / taken.energy_wh;
    let relative = |half: &Half| half.energy_u_record_wh() / half.energy_wh;
    let u = relative(given).hypot(relative(taken)).hypot(given.accuracy.energies(taken.accuracy));
    (value.is_finite() && value > 0.0).then_some((value, value * u))
}

/// Mean voltage of the charge less that of the discharge, with its standard uncertainty. The voltage's offset cancels.
pub(super) fn hysteresis(cycle: &Cycle) -> Option<(f64, f64)> {
    let (value, u) = hysteresis_by_record(cycle)?;
    Some((value, u.hypot(value * cycle.charge.accuracy.voltage_gain)))
}

/// The same with its uncertainty by all but the instrument's accuracy.
fn hysteresis_by_record(cycle: &Cycle) -> Option<(f64, f64)> {
    if !is_whole(cycle) {
        return None;
    }
    let value = cycle.charge.mean_voltage_v - cycle.discharge.mean_voltage_v;
    let u = cycle.charge.mean_voltage_u_v.hypot(cycle.discharge.mean_voltage_u_v);
    value.is_finite().then_some((value, u))
}

/// Whether both halves are there, from end to end.
fn is_whole(cycle: &Cycle) -> bool {
    cycle.kind.is_complete() && cycle.charge.ended && cycle.charge.charge_ah > 0.0
}

/// Cycles below which their scatter does not count.
const FEWEST_FOR_SCATTER: usize = 5;

/// The median of what the cycles at the common rate give; its uncertainty from their scatter and from what one
/// cycle is uncertain by, which cycles sampled alike share.
fn typical(
    descriptor: &str,
    cycles: &[Cycle],
    settings: &Settings,
    what: &str,
    of: fn(&Cycle) -> Option<(f64, f64)>,
) -> Option<Found> {
    let used =
        cycles.iter().filter(|cycle| cycle.kind == Kind::Ageing && in_stretch(cycle, settings));
    let (mut values, mut u, mut number) = (Vec::new(), Vec::new(), Vec::new());
    for (cycle, (value, one)) in used.filter_map(|cycle| Some((cycle, of(cycle)?))) {
        values.push(value);
        u.push(one);
        number.push(cycle.number);
    }
    let n = values.len();
    // A median of normal values scatters by √(π/2) times what their mean does.
    let scatter = if n >= FEWEST_FOR_SCATTER {
        (std::f64::consts::FRAC_PI_2 / n as f64).sqrt() * deviation(&values)?
    } else {
        0.0
    };
    let u = median(&u)?.hypot(scatter);
    let detail = format!("median of the {what} of cycles {}", spans(&number));
    found(descriptor, median(&values)?, Some(u), n, detail)
}

/// Efficiencies of the cycles at the common rate; mean voltages and hysteresis of the reference cycle, and how much
/// the hysteresis has grown since.
pub(super) fn quantities(
    cycles: &[Cycle],
    reference: &Cycle,
    settings: &Settings,
    notes: &mut Vec<Note>,
) -> Vec<Found> {
    let coulombic = typical(
        COULOMBIC_EFFICIENCY,
        cycles,
        settings,
        "charge given over that taken up",
        coulombic,
    );
    if coulombic.is_none() {
        notes.push(Note::new(
            "no-efficiency",
            "no cycle at the common rate has both a charge and a discharge from end to end, so there is no efficiency",
            "",
        ));
    }
    let energy =
        typical(ENERGY_EFFICIENCY, cycles, settings, "energy given over that taken up", energy);
    let mut all: Vec<Found> = coulombic.into_iter().chain(energy).collect();
    for (descriptor, half, word) in [
        (MEAN_DISCHARGE_VOLTAGE, &reference.discharge, "discharge"),
        (MEAN_CHARGE_VOLTAGE, &reference.charge, "charge"),
    ] {
        let detail = format!("energy over charge, {word} of cycle {}", reference.number);
        all.extend(found(
            descriptor,
            half.mean_voltage_v,
            Some(half.mean_voltage_u_whole_v()),
            half.rows,
            detail,
        ));
    }
    let Some((first, first_u)) = hysteresis(reference) else { return all };
    let rows = |cycle: &Cycle| cycle.charge.rows + cycle.discharge.rows;
    all.extend(found(
        VOLTAGE_HYSTERESIS,
        first,
        Some(first_u),
        rows(reference),
        format!("mean voltage of charge less that of discharge, cycle {}", reference.number),
    ));
    let later = cycles
        .iter()
        .rev()
        .filter(|cycle| cycle.kind == reference.kind && cycle.number > reference.number)
        .find_map(|cycle| Some((cycle, hysteresis_by_record(cycle)?)));
    if let (Some((cycle, (last, last_u))), Some((_, first_u))) =
        (later, hysteresis_by_record(reference))
    {
        let accuracy = reference.charge.accuracy;
        let drifted = accuracy.drift * last.hypot(first);
        let gain_u = accuracy.voltage_gain * (last - first).hypot(drifted);
        all.extend(found(
            HYSTERESIS_GROWTH,
            last - first,
            Some(last_u.hypot(first_u).hypot(gain_u)),
            rows(cycle) + rows(reference),
            format!("hysteresis of cycle {} less that of cycle {}", cycle.number, reference.number),
        ));
    }
    all
}
