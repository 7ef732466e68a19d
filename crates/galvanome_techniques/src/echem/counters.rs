//! What the instrument counted itself. It adds up charge and energy far more often than it writes rows, so that its
//! counters see pulses and tapers that rows far apart do not.

use std::ops::Range;

use galvanome_model::measurement::{Origin, Table};

use super::records::Records;

/// What was counted since the row before: charged and discharged. NaN where nothing was counted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Counted {
    /// Charge in ampere hours.
    pub(super) charge_ah: [f64; 2],
    /// Energy in watt hours.
    pub(super) energy_wh: [f64; 2],
    /// Whether a counter began anew in between: what it counted until then is not known.
    pub(super) anew: bool,
}

impl Counted {
    /// Not known.
    pub(super) const UNKNOWN: Self =
        Self { charge_ah: [f64::NAN; 2], energy_wh: [f64::NAN; 2], anew: false };
    /// Nothing, as over a break.
    pub(super) const NOTHING: Self = Self { charge_ah: [0.0; 2], energy_wh: [0.0; 2], anew: false };
}

/// Columns of one counter.
#[derive(Debug, Clone, Copy)]
enum Counter<'a> {
    /// What was charged and what was discharged, each growing until it begins anew.
    Apart([&'a [f64]; 2]),
    /// The first less the second, never anew within a file.
    Net(&'a [f64]),
    /// What flowed, either way, growing until it begins anew.
    Either(&'a [f64]),
}

/// The counters of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counters<'a> {
    charge: Counter<'a>,
    energy: Option<Counter<'a>>,
}

impl<'a> Counters<'a> {
    /// Those that the instrument stored. None when there is none of the charge.
    pub(super) fn of(table: &'a Table) -> Option<Self> {
        Some(Self { charge: counter(table, "capacity_ah")?, energy: counter(table, "energy_wh") })
    }

    /// What was counted from one row to another, between which nothing but the current of the second is known.
    pub(super) fn between(&self, before: usize, row: usize, current_a: f64) -> Counted {
        let (charge_ah, anew) = self.charge.between(before, row, current_a);
        let (energy_wh, _) =
            self.energy.map_or(([f64::NAN; 2], false), |one| one.between(before, row, current_a));
        Counted { charge_ah, energy_wh, anew }
    }
}

/// The counter of something: over the schedule, the test, without a word of what over, over cycles, over steps.
fn counter<'a>(table: &'a Table, of: &str) -> Option<Counter<'a>> {
    let stored = |name: &str| {
        let column = table.column(name).filter(|column| column.head.origin == Origin::Stored)?;
        table.numbers(&column.head.name)
    };
    let apart = ["schedule_", "test_", "", "cycle_", "step_"].iter().find_map(|over| {
        let [taken, given] =
            ["charging", "discharging"].map(|way| stored(&format!("{over}{way}_{of}")));
        Some(Counter::Apart([taken?, given?]))
    });
    apart
        .or_else(|| stored(&format!("net_{of}")).map(Counter::Net))
        .or_else(|| stored(&format!("step_cumulative_{of}")).map(Counter::Either))
}

/// Part of a counter by which it may fall without having begun anew: the last bits.
const LAST_BITS: f64 = 1e-6;

impl Counter<'_> {
    /// What it counted, charged and discharged, and whether it began anew.
    fn between(self, before: usize, row: usize, current_a: f64) -> ([f64; 2], bool) {
        let at = |column: &[f64], row: usize| column.get(row).copied().unwrap_or(f64::NAN);
        let grown = |column: &[f64]| {
            let (before, after) = (at(column, before), at(column, row));
            if after < before - LAST_BITS * before.abs() {
                (after, true)
            } else {
                ((after - before).max(0.0), false)
            }
        };
        match self {
            Self::Apart(columns) => {
                let [taken, given] = columns.map(grown);
                ([taken.0, given.0], taken.1 || given.1)
            }
            Self::Net(column) => {
                let more = at(column, row) - at(column, before);
                (
                    [more.max(0.0), (-more).max(0.0)]
                        .map(|one| if more.is_nan() { more } else { one }),
                    false,
                )
            }
            Self::Either(column) => {
                let (more, anew) = grown(column);
                (if current_a < 0.0 { [0.0, more] } else { [more, 0.0] }, anew)
            }
        }
    }
}

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

/// The coarsest decimal fraction of an ampere hour of which all that was counted is a whole multiple; 0 when there is none.
pub(super) fn digit_ah(counted: &[Counted]) -> f64 {
    let whole = |digit: f64| {
        let fits = |charge: &f64| {
            let steps = charge / digit;
            charge.is_nan() || (steps - steps.round()).abs() <= 1e-3
        };
        counted.iter().flat_map(|one| &one.charge_ah).all(fits)
    };
    let digits = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9];
    if counted
        .iter()
        .all(|one| one.charge_ah.iter().all(|charge| charge.is_nan() || *charge == 0.0))
    {
        return 0.0;
    }
    digits.into_iter().find(|digit| whole(*digit)).unwrap_or(0.0)
}
