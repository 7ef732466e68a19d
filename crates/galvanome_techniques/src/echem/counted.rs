//! What the instrument counted over halves of cycles.

use std::ops::Range;

use super::records::Records;

/// What was counted of one half of a cycle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Total {
    /// Charge, in ampere hours.
    pub(super) charge_ah: f64,
    /// Its standard uncertainty by the counter's last digit, and by what flowed before it began anew.
    pub(super) charge_u_ah: f64,
    /// Energy, in watt hours; NaN when it was not counted.
    pub(super) energy_wh: f64,
}

/// Adds up what was counted in the rows of one half (0 charge, 1 discharge) of a cycle. None where something is not known:
/// a counter is missing, or the direction flows on from one cycle into the next between two rows.
pub(super) fn total(
    records: &Records,
    rows: &Range<usize>,
    half: usize,
    flows: impl Fn(usize) -> bool,
) -> Option<Total> {
    let (mut charge_ah, mut energy_wh, mut readings, mut lost_ah) = (0.0, 0.0, 1.0, 0.0_f64);
    // With the interval that leads on to the next cycle.
    let end = records.rows().min(rows.end + 1);
    for (row, counted) in (rows.start..end).zip(records.counted.get(rows.start..end)?) {
        let charge = *counted.charge_ah.get(half)?;
        if charge.is_nan() {
            return None;
        }
        if row == rows.start || row == rows.end {
            // Between the last row of one cycle and the first of the next: of the one in which the direction flows.
            let (before, after) = (row > 0 && flows(row - 1), flows(row));
            if before && after && charge > 0.0 {
                return None;
            }
            if (after && !before) != (row == rows.start) {
                continue;
            }
        }
        charge_ah += charge;
        energy_wh += counted.energy_wh.get(half)?;
        if counted.anew {
            readings += 1.0;
            let before = row.checked_sub(1).filter(|&before| flows(before));
            let amperes = before.map_or(0.0, |before| records.current(before).abs());
            let since = records.step_time_s.get(row).copied().filter(|since| *since >= 0.0);
            let unseen_s = (records.gap_s(row) - since.unwrap_or(0.0)).max(0.0);
            lost_ah += amperes * unseen_s / 3600.0;
        }
    }
    let digits = records.counted_digit_ah * (readings / 6.0_f64).sqrt();
    let charge_u_ah = digits.hypot(lost_ah / 12.0_f64.sqrt());
    charge_ah.is_finite().then_some(Total { charge_ah, charge_u_ah, energy_wh })
}

/// What a cell holds at each row of a cycle by the counters, in ampere hours above what it held before. None where they
/// do not tell.
pub(super) fn held_ah(records: &Records, rows: &Range<usize>) -> Option<Vec<f64>> {
    let mut held = 0.0;
    let each = rows.clone().map(|row| {
        let [taken, given] = records.counted.get(row)?.charge_ah;
        // The interval before the first row belongs to the cycle before.
        held += if row > rows.start { taken - given } else { 0.0 };
        (!held.is_nan()).then_some(held)
    });
    each.collect()
}
