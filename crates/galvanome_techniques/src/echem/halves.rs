//! What one half of a cycle takes up or gives: charge, energy, voltages.

use std::ops::Range;

use galvanome_numerics::sum::compensated;

use super::records::{Precision, Records, direction};

/// The charge or the discharge of one cycle. What cannot be told is NaN.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Half {
    /// Charge that flowed, in ampere hours.
    pub(super) charge_ah: f64,
    /// Its standard uncertainty by the moments of switching.
    pub(super) charge_u_ah: f64,
    /// Its standard uncertainty by the last digit of the current, which cycles at one current share.
    pub(super) charge_digit_u_ah: f64,
    /// Energy that flowed, in watt hours.
    pub(super) energy_wh: f64,
    /// Its standard uncertainty by the moments of switching.
    pub(super) energy_u_wh: f64,
    /// Its standard uncertainty by the last digits of current and voltage.
    pub(super) energy_digit_u_wh: f64,
    /// Energy over charge, in volts.
    pub(super) mean_voltage_v: f64,
    /// Its standard uncertainty.
    pub(super) mean_voltage_u_v: f64,
    /// Charge over the time in which it flowed, in amperes.
    pub(super) mean_current_a: f64,
    /// The voltage of the last row in which it flowed.
    pub(super) end_voltage_v: f64,
    /// Rows in which it flowed.
    pub(super) rows: usize,
    /// The last of them.
    pub(super) last_row: Option<usize>,
    /// Whether the record goes on after it.
    pub(super) ended: bool,
}

impl Half {
    /// Relative standard uncertainty of the charge by the moments of switching; 0 when none flowed.
    pub(super) fn charge_u_relative(&self) -> f64 {
        if self.charge_ah > 0.0 { self.charge_u_ah / self.charge_ah } else { 0.0 }
    }

    /// Standard uncertainty of the charge by all that is known of.
    pub(super) fn charge_u_whole_ah(&self) -> f64 {
        self.charge_u_ah.hypot(self.charge_digit_u_ah)
    }

    /// Standard uncertainty of the energy by all that is known of.
    pub(super) fn energy_u_whole_wh(&self) -> f64 {
        self.energy_u_wh.hypot(self.energy_digit_u_wh)
    }
}

/// A jump of the current beyond this part of its largest value is a switch, not a ramp.
pub(super) const SWITCH: f64 = 0.1;

/// Integrates the charge and the discharge of one cycle. The current of a row holds for half of the interval on
/// either side of it, which is the trapezoidal rule with each row counted to its own cycle; where the current is switched
/// and the file says how long the new step has lasted, each current holds on its side of the switch. Nothing is
/// integrated over a break.
pub(super) fn measure(
    records: &Records,
    rows: &Range<usize>,
    largest_a: f64,
    precision: [Precision; 2],
) -> [Half; 2] {
    let seconds = seconds_of_rows(records, rows, largest_a);
    [1.0, -1.0].map(|sign| half(records, rows, &seconds, sign, largest_a, precision))
}

/// The seconds that each row stands for.
pub(super) fn seconds_of_rows(records: &Records, rows: &Range<usize>, largest_a: f64) -> Vec<f64> {
    // What of the interval before a row belongs to it.
    let own = |row: usize| {
        switched_since_s(records, row, largest_a).unwrap_or_else(|| 0.5 * records.gap_s(row))
    };
    rows.clone().map(|row| own(row) + records.gap_s(row + 1) - own(row + 1)).collect()
}

/// How long the current of a row has flowed when it was switched since the row before and the file says so. None
/// where it was not switched, or the moment is not known.
fn switched_since_s(records: &Records, row: usize, largest_a: f64) -> Option<f64> {
    let gap_s = records.gap_s(row);
    let step_s = records.step_time_s.get(row).copied().filter(|step| *step >= 0.0)?;
    let before = row.checked_sub(1)?;
    let jump = (records.current(row) - records.current(before)).abs();
    // Both times are rounded, each in its own way, and their clocks may run differently.
    let within = step_s <= gap_s + records.time_digit_s.max(1e-3).max(1e-3 * gap_s);
    (gap_s > 0.0 && within && jump > SWITCH * largest_a).then(|| step_s.min(gap_s))
}

fn half(
    records: &Records,
    rows: &Range<usize>,
    seconds: &[f64],
    sign: f64,
    largest_a: f64,
    [voltage, current]: [Precision; 2],
) -> Half {
    let flow = |row: usize| {
        if rows.contains(&row) { (sign * records.current(row)).max(0.0) } else { 0.0 }
    };
    let flows = |row: usize| direction(records.current(row), largest_a) == sign;
    let each = || rows.clone().zip(seconds.iter().copied());
    let charge_as = compensated(each().map(|(row, seconds)| seconds * flow(row)));
    // What flows at rest is next to nothing, also where its voltage is missing.
    let energy_ws = compensated(each().map(|(row, seconds)| {
        let energy = seconds * flow(row) * records.voltage(row);
        if energy.is_nan() && !flows(row) { 0.0 } else { energy }
    }));
    let lasted_s = compensated(each().filter(|(row, _)| flows(*row)).map(|(_, seconds)| seconds));
    let switched = switches(records, rows, largest_a, flow);
    let mean_voltage_v = if charge_as > 0.0 { energy_ws / charge_as } else { f64::NAN };
    let last_row = rows.clone().rev().find(|&row| flows(row));
    let charge_digit_u_ah = current.of_digit() * lasted_s / 3600.0;
    Half {
        charge_ah: charge_as / 3600.0,
        charge_u_ah: uncertainty(&switched, |_| 1.0) / 3600.0,
        charge_digit_u_ah,
        energy_wh: if charge_as > 0.0 { energy_ws / 3600.0 } else { f64::NAN },
        energy_u_wh: uncertainty(&switched, |voltage| voltage) / 3600.0,
        energy_digit_u_wh: (mean_voltage_v * charge_digit_u_ah)
            .hypot(charge_as / 3600.0 * voltage.of_digit()),
        mean_voltage_v,
        mean_voltage_u_v: (uncertainty(&switched, |voltage| voltage - mean_voltage_v) / charge_as)
            .hypot(voltage.of_digit()),
        mean_current_a: if lasted_s > 0.0 { charge_as / lasted_s } else { 0.0 },
        end_voltage_v: last_row.map_or(f64::NAN, |row| records.voltage(row)),
        rows: rows.clone().filter(|&row| flows(row)).count(),
        last_row,
        ended: last_row.is_none_or(|row| row + 1 < records.rows()),
    }
}

/// The charges of unknown size at the moments at which the current was switched: the standard uncertainty of each
/// in ampere seconds, with the voltage there.
fn switches(
    records: &Records,
    rows: &Range<usize>,
    largest_a: f64,
    flow: impl Fn(usize) -> f64,
) -> Vec<(f64, f64)> {
    let mut switched = Vec::new();
    for row in rows.start.max(1)..=rows.end {
        let (before, after) = (flow(row - 1), flow(row));
        let jump = (after - before).abs();
        if jump > SWITCH * largest_a && !records.is_break(row) {
            // Somewhere between the two rows, whose times have a last digit (JCGM 100:2008, 4.3.7).
            let known = switched_since_s(records, row, largest_a).is_some();
            let between_s = if known { 0.0 } else { records.gap_s(row) }.max(records.time_digit_s);
            let charge = jump * between_s / 12.0_f64.sqrt();
            let voltage = records.voltage(if after > before { row } else { row - 1 });
            if charge > 0.0 {
                switched.push((charge, voltage));
            }
        }
    }
    switched
}

/// Standard uncertainty of the integral of a function of the voltage over the charge.
fn uncertainty(switched: &[(f64, f64)], of: impl Fn(f64) -> f64) -> f64 {
    switched.iter().map(|(charge, voltage)| (charge * of(*voltage)).powi(2)).sum::<f64>().sqrt()
}
