//! What the instrument counted itself. It adds up charge and energy far more often than it writes rows, so that its
//! counters see pulses and tapers that rows far apart do not.

use galvanome_model::measurement::{Origin, Table};

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
