//! Internal resistance from steps of the current.

use galvanome_model::measurement::Table;
use galvanome_model::note::Note;
use galvanome_numerics::interpolation::linear;

use super::counted::held_ah;
use super::cycles::{Cycle, Kind};
use super::halves::{SWITCH, seconds_of_rows};
use super::records::{Precision, Records, direction};
use super::settings::{RESISTANCE_DIRECTION, RESISTANCE_SOC, RESISTANCE_TIME};
use super::tables::{integrated, table};
use super::words::two_digits;
use super::{INTERNAL_RESISTANCE, RESISTANCE_GROWTH, found};
use crate::analysis::{Found, Settings};

/// Time after the step when nothing else is set.
const TIME_S: f64 = 10.0;

/// State of charge that is looked for when nothing else is set.
const SOC_PERCENT: f64 = 50.0;

/// Relative distance within which the current after the step counts as constant.
const CONSTANT: f64 = 0.05;

/// Part of the time after the step in which the current may settle.
const SETTLING: f64 = 0.1;

/// Steps whose states of charge are farther apart, in percent, are not compared.
const SAME_SOC: f64 = 5.0;

/// Steps whose currents differ by more than this part are not compared.
const SAME_CURRENT: f64 = 0.2;

/// A step of the current from rest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Step {
    /// Place of its cycle.
    cycle: usize,
    /// Number of its cycle.
    number: f64,
    /// 1 for a charge, -1 for a discharge.
    direction: f64,
    /// State of charge within the cycle, in percent; NaN when the cycle does not tell.
    soc_percent: f64,
    /// Current after the step, in amperes.
    current_a: f64,
    /// How long the cell had rested.
    rest_s: f64,
    /// Resistance and its standard uncertainty by the record, in ohms.
    resistance_ohm: f64,
    resistance_u_ohm: f64,
    /// Relative standard uncertainty by the gains of voltage and current, which a ratio of resistances is free of.
    gain_u: f64,
    /// The same by the current's offset, which is not there at rest, where instruments open the circuit.
    offset_u: f64,
    /// Part of both that is another one at another cycle.
    drift: f64,
    /// Temperature; NaN when it is not known.
    temperature_c: f64,
}

impl Step {
    /// Standard uncertainty of the resistance by all that is known of.
    fn u_whole_ohm(&self) -> f64 {
        self.resistance_u_ohm.hypot(self.resistance_ohm * self.gain_u.hypot(self.offset_u))
    }
}

/// Finds the steps of the current from rest at which the voltage was taken in time.
pub(super) fn find_steps(
    records: &Records,
    cycles: &[Cycle],
    [voltage, current]: [Precision; 2],
    settings: &Settings,
) -> Vec<Step> {
    let after_s = settings.number(&RESISTANCE_TIME).unwrap_or(TIME_S);
    let largest = records.largest_current_a();
    let mut steps = Vec::new();
    for (place, cycle) in cycles.iter().enumerate() {
        let soc = states_of_charge(records, cycle, largest);
        for row in cycle.rows.clone() {
            let Some(before) = row.checked_sub(1) else { continue };
            let jumps = (records.current(row) - records.current(before)).abs() > SWITCH * largest;
            let rested = direction(records.current(before), largest) == 0.0;
            if !jumps || !rested || records.is_break(row) {
                continue;
            }
            let rest_s = rested_s(records, before, largest, after_s);
            if rest_s < after_s {
                continue;
            }
            let Some(end) = ending(records, row, after_s, largest) else { continue };
            let change_a = end.current_a - records.current(before);
            let resistance_ohm = (end.voltage_v - records.voltage(before)) / change_a;
            // Both ends carry the noise of a row; the switch lies anywhere in its interval.
            let square = 2.0 * voltage.of_row().powi(2)
                + 2.0 * (resistance_ohm * current.of_row()).powi(2)
                + (end.slope_v_per_s * end.unknown_s).powi(2) / 12.0;
            let resistance_u_ohm = square.sqrt() / change_a.abs();
            if !(resistance_ohm > 0.0 && resistance_ohm.is_finite() && resistance_u_ohm.is_finite())
            {
                continue;
            }
            let soc_before = before
                .checked_sub(cycle.rows.start)
                .and_then(|place| soc.get(place))
                .or(soc.first())
                .copied();
            steps.push(Step {
                cycle: place,
                number: cycle.number,
                direction: end.current_a.signum(),
                soc_percent: soc_before.unwrap_or(f64::NAN),
                current_a: end.current_a,
                rest_s,
                resistance_ohm,
                resistance_u_ohm,
                gain_u: voltage.gain_u.hypot(current.gain_u),
                offset_u: current.offset_u / change_a.abs(),
                drift: current.drift,
                temperature_c: records.temperature_c.get(row).copied().unwrap_or(f64::NAN),
            });
        }
    }
    steps
}

/// The state of charge of each row of a cycle, in percent: the charge that it holds between the least and the most
/// that it held in the cycle. By the instrument's counters where there are any and they agree with the current: rows
/// far apart do not see short pulses.
fn states_of_charge(records: &Records, cycle: &Cycle, largest_a: f64) -> Vec<f64> {
    let counted = if cycle.charge.differs || cycle.discharge.differs {
        None
    } else {
        held_ah(records, &cycle.rows)
    };
    let charge = counted.unwrap_or_else(|| {
        let seconds = seconds_of_rows(records, &cycle.rows, largest_a);
        let mut held = 0.0;
        let each = cycle.rows.clone().zip(seconds).map(|(row, seconds)| {
            held += seconds * records.current(row);
            held
        });
        each.collect()
    });
    let (least, most) = charge
        .iter()
        .fold((0.0_f64, 0.0_f64), |(least, most), held| (least.min(*held), most.max(*held)));
    charge.iter().map(|held| 100.0 * (held - least) / (most - least)).collect()
}

/// How long the cell had rested up to a row, counted up to ten times as long as is needed.
fn rested_s(records: &Records, row: usize, largest_a: f64, needed_s: f64) -> f64 {
    let mut rested = 0.0;
    for row in (1..=row).rev() {
        let rests = direction(records.current(row - 1), largest_a) == 0.0;
        if !rests || records.is_break(row) || rested > 10.0 * needed_s {
            // The last interval of the current belongs to it; a rest begins with its first row.
            break;
        }
        rested += records.gap_s(row);
    }
    rested
}

/// What is found at the time after a step.
struct Ending {
    voltage_v: f64,
    current_a: f64,
    /// How fast the voltage still moves.
    slope_v_per_s: f64,
    /// The interval within which the step lies.
    unknown_s: f64,
}

/// Interpolates voltage and current at a time after the step at `row`. None when the rows do not reach there, lie
/// too far apart, or the current is not constant.
fn ending(records: &Records, row: usize, after_s: f64, largest_a: f64) -> Option<Ending> {
    let gap = records.gap_s(row);
    let time = |row: usize| records.time_s.get(row).copied();
    let step_time = records.step_time_s.get(row).copied().unwrap_or(f64::NAN);
    // The file may say how long the step has lasted at its first row; otherwise the step follows the row before.
    let (began, unknown_s) = if step_time >= 0.0 && step_time <= gap {
        (time(row)? - step_time, 0.0)
    } else {
        (time(row)? - gap, gap)
    };
    if unknown_s > 0.5 * after_s {
        return None;
    }
    let at = began + after_s;
    let way = direction(records.current(row), largest_a);
    let mut last = row;
    while time(last)? < at {
        last += 1;
        if records.is_break(last) || direction(records.current(last), largest_a) != way {
            return None;
        }
    }
    let (voltage_v, current_a, slope_v_per_s) = if last == row {
        (time(row)? == at).then(|| (records.voltage(row), records.current(row), 0.0))?
    } else {
        let width = records.gap_s(last);
        if width > 0.5 * after_s {
            return None;
        }
        let times = [time(last - 1)?, time(last)?];
        let volts = [records.voltage(last - 1), records.voltage(last)];
        let amperes = [records.current(last - 1), records.current(last)];
        let slope = (volts[1] - volts[0]) / width;
        (linear(&times, &volts, at)?, linear(&times, &amperes, at)?, slope)
    };
    let settled = |row: usize| {
        time(row).is_some_and(|time| time - began < SETTLING * after_s)
            || (records.current(row) - current_a).abs() <= CONSTANT * current_a.abs()
    };
    (row..=last).all(settled).then_some(Ending { voltage_v, current_a, slope_v_per_s, unknown_s })
}

/// The internal resistance at the reference cycle, or the first that has one, and how much it has grown since.
pub(super) fn quantities(
    steps: &[Step],
    cycles: &[Cycle],
    reference: Option<&Cycle>,
    records: &Records,
    settings: &Settings,
    notes: &mut Vec<Note>,
) -> Vec<Found> {
    let after_s = settings.number(&RESISTANCE_TIME).unwrap_or(TIME_S);
    let sign = if settings.word(&RESISTANCE_DIRECTION) == Some("charge") { 1.0 } else { -1.0 };
    let wanted = settings.number(&RESISTANCE_SOC).unwrap_or(SOC_PERCENT);
    let away = |step: &Step| {
        if step.soc_percent.is_nan() { f64::INFINITY } else { (step.soc_percent - wanted).abs() }
    };
    let mut chosen: Vec<Step> = Vec::new();
    for step in steps.iter().filter(|step| step.direction == sign) {
        if cycles.get(step.cycle).is_none_or(|cycle| cycle.kind == Kind::Wild) {
            continue;
        }
        match chosen.last_mut().filter(|last| last.cycle == step.cycle) {
            Some(last) if away(step) < away(last) => *last = *step,
            Some(_) => {}
            None => chosen.push(*step),
        }
    }
    let of_reference = chosen
        .iter()
        .find(|step| reference.is_some_and(|reference| step.number == reference.number));
    let Some(first) = of_reference.or(chosen.first()) else {
        notes.push(Note::new(
            "no-resistance",
            format!(
                "no {} from rest has voltages {after_s} s after it with rows close enough (half of that time apart), so there is no internal resistance; `resistance-time` sets the time",
                if sign > 0.0 { "charge" } else { "discharge" }
            ),
            "",
        ));
        return Vec::new();
    };
    let detail = format!(
        "{after_s} s after the current stepped from rest to {} A ({}), {}, {}, cycle {}",
        two_digits(first.current_a),
        if sign > 0.0 { "charge" } else { "discharge" },
        soc_in_words(first),
        temperature_in_words(first, records),
        first.number
    );
    let mut all: Vec<Found> =
        found(INTERNAL_RESISTANCE, first.resistance_ohm, Some(first.u_whole_ohm()), 2, detail)
            .into_iter()
            .collect();
    let alike = |step: &&Step| {
        step.number > first.number
            && (step.soc_percent - first.soc_percent).abs() <= SAME_SOC
            && (step.current_a - first.current_a).abs() <= SAME_CURRENT * first.current_a.abs()
    };
    if let Some(last) = chosen.iter().rev().find(alike) {
        let ratio = last.resistance_ohm / first.resistance_ohm;
        let relative = (last.resistance_u_ohm / last.resistance_ohm)
            .hypot(first.resistance_u_ohm / first.resistance_ohm)
            .hypot(last.offset_u - first.offset_u)
            .hypot(last.drift * last.gain_u.hypot(last.offset_u))
            .hypot(first.drift * first.gain_u.hypot(first.offset_u));
        let detail = format!(
            "resistance of cycle {} over that of cycle {}, less one; {after_s} s after the step, {}, {}",
            last.number,
            first.number,
            soc_in_words(last),
            temperature_in_words(last, records)
        );
        all.extend(found(
            RESISTANCE_GROWTH,
            100.0 * (ratio - 1.0),
            Some(100.0 * ratio * relative),
            4,
            detail,
        ));
    }
    all
}

fn soc_in_words(step: &Step) -> String {
    if step.soc_percent.is_nan() {
        "state of charge unknown".to_owned()
    } else {
        format!("at {:.0} % of the charge held in that cycle", step.soc_percent)
    }
}

fn temperature_in_words(step: &Step, records: &Records) -> String {
    if step.temperature_c.is_nan() {
        "temperature unknown".to_owned()
    } else {
        format!("{:.1} °C {}", step.temperature_c, records.temperature_of)
    }
}

/// Every step from rest as a table.
pub(super) fn step_table(steps: &[Step]) -> Table {
    let column = |name: &str, unit: &str, of: fn(&Step) -> f64| {
        integrated(name, unit, steps.iter().map(of).collect())
    };
    table(
        "resistances",
        vec![
            column("cycle_count", "1", |step| step.number),
            column("current_ampere", "A", |step| step.current_a),
            column("state_of_charge_percent", "%", |step| step.soc_percent),
            column("rest_second", "s", |step| step.rest_s),
            column("internal_resistance_ohm", "ohm", |step| step.resistance_ohm),
            column("internal_resistance_uncertainty_ohm", "ohm", Step::u_whole_ohm),
            column("temperature_celsius", "degC", |step| step.temperature_c),
        ],
    )
}
