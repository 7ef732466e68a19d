//! What one half of a cycle takes up or gives: charge, energy, voltages.

use std::ops::Range;

use galvanome_numerics::sum::compensated;

use super::accuracy::Share;
use super::counted::{Total, total};
use super::records::{Precision, Records, direction};

/// The charge or the discharge of one cycle. What cannot be told is NaN.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Half {
    /// Charge that flowed, in ampere hours.
    pub(super) charge_ah: f64,
    /// Whether it is what the instrument counted, not the integral of the current.
    pub(super) counted: bool,
    /// Whether what the instrument counted is something else.
    pub(super) differs: bool,
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
    /// Its standard uncertainty by the moments of switching and the last digit of the voltage.
    pub(super) mean_voltage_u_v: f64,
    /// Charge over the time in which it flowed, in amperes.
    pub(super) mean_current_a: f64,
    /// What the instrument's errors of gain and offset do to it.
    pub(super) accuracy: Share,
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

    /// Standard uncertainty of the charge by the record: by all but the instrument's accuracy, which ratios share.
    pub(super) fn charge_u_record_ah(&self) -> f64 {
        self.charge_u_ah.hypot(self.charge_digit_u_ah)
    }

    /// Standard uncertainty of the charge by all that is known of.
    pub(super) fn charge_u_whole_ah(&self) -> f64 {
        self.charge_u_record_ah().hypot(self.charge_ah * self.accuracy.charge())
    }

    /// Standard uncertainty of the energy by the record: by all but the instrument's accuracy, which ratios share.
    pub(super) fn energy_u_record_wh(&self) -> f64 {
        self.energy_u_wh.hypot(self.energy_digit_u_wh)
    }

    /// Standard uncertainty of the energy by all that is known of.
    pub(super) fn energy_u_whole_wh(&self) -> f64 {
        self.energy_u_record_wh().hypot(self.energy_wh * self.accuracy.energy())
    }

    /// What the instrument counted in its place, where that agrees and is known better; `most_ah` flowed in the larger
    /// half. Energy, charge and mean voltage
    /// stay of one kind: without a counter of the energy the mean voltage is that of the integrals.
    fn or_counted(self, total: Total, most_ah: f64) -> Self {
        let u = self.charge_u_record_ah();
        let alike = COUNTED_ALIKE * self.charge_ah.max(total.charge_ah) + COUNTED_AT_REST * most_ah;
        let away = (total.charge_ah - self.charge_ah).abs();
        if away > 3.0 * u.hypot(total.charge_u_ah) + alike {
            return Self { differs: true, ..self };
        }
        if total.charge_u_ah >= u || total.charge_ah <= 0.0 {
            return self;
        }
        let mean_voltage_v = total.energy_wh / total.charge_ah;
        let known = (mean_voltage_v - self.mean_voltage_v).abs()
            <= COUNTED_ALIKE * self.mean_voltage_v + 3.0 * self.mean_voltage_u_v;
        let relative = total.charge_u_ah / total.charge_ah;
        let counted = Self {
            charge_ah: total.charge_ah,
            counted: true,
            charge_u_ah: total.charge_u_ah,
            charge_digit_u_ah: 0.0,
            ..self
        };
        if known {
            Self {
                energy_wh: total.energy_wh,
                energy_u_wh: total.energy_wh * relative,
                energy_digit_u_wh: 0.0,
                mean_voltage_v,
                mean_voltage_u_v: mean_voltage_v * relative,
                ..counted
            }
        } else {
            Self {
                energy_wh: total.charge_ah * self.mean_voltage_v,
                energy_u_wh: (self.mean_voltage_v * total.charge_u_ah)
                    .hypot(total.charge_ah * self.mean_voltage_u_v),
                energy_digit_u_wh: 0.0,
                ..counted
            }
        }
    }

    /// Standard uncertainty of the mean voltage by all that is known of.
    pub(super) fn mean_voltage_u_whole_v(&self) -> f64 {
        self.mean_voltage_u_v.hypot(self.mean_voltage_v * self.accuracy.voltage())
    }
}

/// A jump of the current beyond this part of its larger value is a switch, not a ramp. Where the current flows on in the
/// same direction, of the largest value in the test.
pub(super) const SWITCH: f64 = 0.1;

/// Whether the current is switched between the row before and a row.
fn is_switched(records: &Records, row: usize, largest_a: f64) -> bool {
    let Some(before) = row.checked_sub(1).map(|before| records.current(before)) else {
        return false;
    };
    let after = records.current(row);
    let turns = direction(before, largest_a) != direction(after, largest_a);
    let of = if turns { before.abs().max(after.abs()) } else { largest_a };
    (after - before).abs() > SWITCH * of
}

/// Integrates the charge and the discharge of one cycle. The current of a row holds for half of the interval on
/// either side of it, which is the trapezoidal rule with each row counted to its own cycle; where the current is switched
/// and the file says how long the new step has lasted, each current holds on its side of the switch, and where it
/// falls it falls exponentially. Nothing is integrated over a break.
pub(super) fn measure(
    records: &Records,
    rows: &Range<usize>,
    largest_a: f64,
    precision: [Precision; 2],
) -> [Half; 2] {
    let seconds = seconds_of_rows(records, rows, largest_a);
    let both = [1.0, -1.0].map(|sign| half(records, rows, &seconds, sign, largest_a, precision));
    let most_ah = both[0].charge_ah.max(both[1].charge_ah);
    let counted = |half: Half, place: usize| {
        let sign = if place == 0 { 1.0 } else { -1.0 };
        let flows = |row: usize| direction(records.current(row), largest_a) == sign;
        match total(records, rows, place, flows) {
            Some(total) => half.or_counted(total, most_ah),
            None => half,
        }
    };
    [counted(both[0], 0), counted(both[1], 1)]
}

/// Part of a charge by which a counter and the integral may differ for reasons of their own, beside their uncertainties.
const COUNTED_ALIKE: f64 = 0.005;

/// Part of the larger half of a cycle by which they may differ: what flows at rest is counted and not integrated.
const COUNTED_AT_REST: f64 = 1e-3;

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
    // Both times are rounded, each in its own way, and their clocks may run differently.
    let within = step_s <= gap_s + records.time_digit_s.max(1e-3).max(1e-3 * gap_s);
    (gap_s > 0.0 && within && is_switched(records, row, largest_a)).then(|| step_s.min(gap_s))
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
    let tapers = tapers(records, rows, largest_a, sign);
    let taper_as: f64 = tapers.iter().map(|(charge, _)| charge).sum();
    let taper_ws: f64 = tapers.iter().map(|(charge, volts)| charge * volts).sum();
    let charge_as = compensated(each().map(|(row, seconds)| seconds * flow(row))) - taper_as;
    // What flows at rest is next to nothing, also where its voltage is missing.
    let energy_ws = compensated(each().map(|(row, seconds)| {
        let energy = seconds * flow(row) * records.voltage(row);
        if energy.is_nan() && !flows(row) { 0.0 } else { energy }
    })) - taper_ws;
    let lasted_s = compensated(each().filter(|(row, _)| flows(*row)).map(|(_, seconds)| seconds));
    let switched = switches(records, rows, largest_a, flow);
    let mean_voltage_v = if charge_as > 0.0 { energy_ws / charge_as } else { f64::NAN };
    let last_row = rows.clone().rev().find(|&row| flows(row));
    let charge_digit_u_ah = current.of_digit() * lasted_s / 3600.0;
    let mean_current_a = if lasted_s > 0.0 { charge_as / lasted_s } else { 0.0 };
    Half {
        charge_ah: charge_as / 3600.0,
        counted: false,
        differs: false,
        charge_u_ah: uncertainty(&switched, |_| 1.0).hypot(SHAPE * taper_as) / 3600.0,
        charge_digit_u_ah,
        energy_wh: if charge_as > 0.0 { energy_ws / 3600.0 } else { f64::NAN },
        energy_u_wh: uncertainty(&switched, |voltage| voltage).hypot(SHAPE * taper_ws) / 3600.0,
        energy_digit_u_wh: (mean_voltage_v * charge_digit_u_ah)
            .hypot(charge_as / 3600.0 * voltage.of_digit()),
        mean_voltage_v,
        mean_voltage_u_v: (uncertainty(&switched, |voltage| voltage - mean_voltage_v)
            .hypot(SHAPE * (taper_ws - mean_voltage_v * taper_as))
            / charge_as)
            .hypot(voltage.of_digit()),
        mean_current_a,
        accuracy: Share::of([voltage, current], sign, mean_current_a, mean_voltage_v),
        end_voltage_v: last_row.map_or(f64::NAN, |row| records.voltage(row)),
        rows: rows.clone().filter(|&row| flows(row)).count(),
        last_row,
        ended: last_row.is_none_or(|row| row + 1 < records.rows()),
    }
}

/// Part of what a taper bends the current by that it is uncertain by: between nothing and twice as much, evenly.
const SHAPE: f64 = 0.577_350_269_189_625_8;

/// By how much the trapezoidal rule is too large where the current falls between two rows, as it does while the voltage
/// is held: there it falls exponentially, whose mean is the difference of the currents over that of their logarithms.
/// Charges in ampere seconds, with the voltage there.
fn tapers(records: &Records, rows: &Range<usize>, largest_a: f64, sign: f64) -> Vec<(f64, f64)> {
    let mut tapers = Vec::new();
    for row in rows.clone().skip(1) {
        let (before, after) = (sign * records.current(row - 1), sign * records.current(row));
        let falls = after < before && direction(sign * after, largest_a) == sign;
        if !falls || records.is_break(row) || switched_since_s(records, row, largest_a).is_some() {
            continue;
        }
        let ratio = before / after;
        // Two nearly equal means: the beginning of the series of their difference.
        let more = ratio - 1.0;
        let bent = if more < 0.01 {
            after * more * more / 12.0 * (1.0 - 0.5 * more)
        } else {
            0.5 * (before + after) - (before - after) / ratio.ln()
        };
        let volts = 0.5 * (records.voltage(row - 1) + records.voltage(row));
        tapers.push((bent * records.gap_s(row), volts));
    }
    tapers
}

/// A charge of unknown size at a moment at which the current was switched.
struct Switch {
    /// Its standard uncertainty, in ampere seconds.
    charge_as: f64,
    /// The voltage there.
    voltage_v: f64,
    /// Whether the current rises there.
    rises: bool,
}

/// The charges of unknown size at the moments at which the current was switched.
fn switches(
    records: &Records,
    rows: &Range<usize>,
    largest_a: f64,
    flow: impl Fn(usize) -> f64,
) -> Vec<Switch> {
    let mut switched = Vec::new();
    for row in rows.start.max(1)..=rows.end {
        let (before, after) = (flow(row - 1), flow(row));
        // A direction that ends with the cycle is switched, too.
        let at_edge = row == rows.start || row == rows.end;
        let jump = (after - before).abs();
        let switches =
            is_switched(records, row, largest_a) || (at_edge && jump > SWITCH * before.max(after));
        if jump > 0.0 && switches && !records.is_break(row) {
            // Somewhere between the two rows, whose times have a last digit (JCGM 100:2008, 4.3.7).
            let known = switched_since_s(records, row, largest_a).is_some();
            let between_s = if known { 0.0 } else { records.gap_s(row) }.max(records.time_digit_s);
            let charge_as = jump * between_s / 12.0_f64.sqrt();
            let rises = after > before;
            let voltage_v = records.voltage(if rises { row } else { row - 1 });
            if charge_as > 0.0 {
                switched.push(Switch { charge_as, voltage_v, rises });
            }
        }
    }
    switched
}

/// Standard uncertainty of the integral of a function of the voltage over the charge. An instrument that writes its
/// rows late where the current begins does so each time, and so where it ends: these add up, the two in quadrature.
fn uncertainty(switched: &[Switch], of: impl Fn(f64) -> f64) -> f64 {
    let sum = |rises: bool| {
        let alike = switched.iter().filter(|switch| switch.rises == rises);
        alike.map(|switch| switch.charge_as * of(switch.voltage_v)).sum::<f64>()
    };
    sum(true).hypot(sum(false))
}
