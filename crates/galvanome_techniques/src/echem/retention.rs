//! What is left: capacity retention at each rate, state of health, and when 80 % was reached.

use galvanome_model::note::Note;
use galvanome_model::quantity::Qualifier;
use galvanome_numerics::median::{deviation, median};
use galvanome_numerics::theil_sen::TheilSen;

use super::cycles::{Cycle, Kind};
use super::fade::{percent_of, percent_u};
use super::records::Records;
use super::words::two_digits;
use super::{CAPACITY_RETENTION, CYCLES_TO_80, STATE_OF_HEALTH, TIME_TO_80, found};
use crate::analysis::Found;

/// The last discharge capacity at the common rate, in percent of the reference.
pub(super) fn capacity_retention(cycles: &[Cycle], reference: &Cycle) -> Option<Found> {
    let last = cycles.iter().rfind(|cycle| cycle.kind == Kind::Ageing)?;
    (last.number > reference.number).then_some(())?;
    let detail = format!(
        "discharge of cycle {} in percent of cycle {}, at a mean of {} A and {} A",
        last.number,
        reference.number,
        two_digits(last.discharge.mean_current_a),
        two_digits(reference.discharge.mean_current_a)
    );
    let (value, u) = (percent_of(last, reference), percent_u(last, reference));
    found(CAPACITY_RETENTION, value, Some(u), last.discharge.rows, detail)
}

/// The last check-up's discharge capacity, in percent of the reference check-up's.
pub(super) fn state_of_health(cycles: &[Cycle], reference: &Cycle) -> Option<Found> {
    let last = cycles.iter().rfind(|cycle| cycle.kind == Kind::CheckUp)?;
    (last.number > reference.number).then_some(())?;
    let detail = format!(
        "discharge of check-up cycle {} in percent of cycle {}, at a mean of {} A",
        last.number,
        reference.number,
        two_digits(last.discharge.mean_current_a)
    );
    let (value, u) = (percent_of(last, reference), percent_u(last, reference));
    found(STATE_OF_HEALTH, value, Some(u), last.discharge.rows, detail)
}

/// The state of health at which a cell is at its end.
const END: f64 = 80.0;

/// How many cycles around the end make the slope there.
const AROUND: usize = 11;

/// Cycles below which their scatter does not count.
const FEWEST_FOR_SCATTER: usize = 5;

/// Cycles and time from the reference to 80 %. A cell that did not get there gives bounds.
pub(super) fn end_of_life(
    cycles: &[Cycle],
    reference: &Cycle,
    kind: Kind,
    records: &Records,
    notes: &mut Vec<Note>,
) -> Vec<Found> {
    let clock = |cycle: &Cycle| {
        let row = cycle.discharge.last_row;
        row.and_then(|row| records.clock_s.get(row)).copied().unwrap_or(f64::NAN)
    };
    let points: Vec<Point> = cycles
        .iter()
        .filter(|cycle| cycle.kind == kind || cycle.number == reference.number)
        .filter(|cycle| cycle.number == reference.number || cycle.kind.is_complete())
        .filter(|cycle| cycle.number >= reference.number)
        .map(|cycle| Point {
            cycle: cycle.number - reference.number,
            days: (clock(cycle) - clock(reference)) / 86_400.0,
            percent: percent_of(cycle, reference),
            u: percent_u(cycle, reference),
        })
        .collect();
    let Some(last) = points.last().filter(|last| last.cycle > 0.0) else { return Vec::new() };
    let by = if kind == Kind::CheckUp { "check-ups" } else { "cycles at the common rate" };
    let knows_time = points.iter().all(|point| point.days.is_finite() && point.days >= 0.0);
    if !knows_time {
        notes.push(Note::new(
            "elapsed-unknown",
            "the files do not tell how long the test has run (no start times of one kind, or a clock that steps back), so there is no time to 80 %",
            "",
        ));
    }
    let Some(end) = crossing(&points) else {
        let detail = format!(
            "80 % of cycle {} is not reached: {:.1} % after {} cycles, by the {by}",
            reference.number, last.percent, last.cycle
        );
        let bound = |descriptor: &str, value: f64| {
            let found = found(descriptor, value, None, points.len(), detail.clone())?;
            Some(Found { qualifier: Qualifier::Greater, ..found })
        };
        let cycles = bound(CYCLES_TO_80, last.cycle);
        let days = if knows_time { bound(TIME_TO_80, last.days) } else { None };
        return cycles.into_iter().chain(days).collect();
    };
    let detail = format!(
        "from cycle {} to 80 % of its discharge, between cycles {} and {}, by the {by}",
        reference.number,
        end.before.cycle + reference.number,
        end.after.cycle + reference.number
    );
    let n = points.len();
    let cycles = found(CYCLES_TO_80, end.cycles(), Some(end.cycles_u()), n, detail.clone());
    let days = if knows_time {
        found(TIME_TO_80, end.days(), Some(end.days_u()), n, detail)
    } else {
        None
    };
    cycles.into_iter().chain(days).collect()
}

/// A discharge capacity after the reference.
#[derive(Debug, Clone, Copy)]
struct Point {
    /// Cycles since the reference.
    cycle: f64,
    /// Days since the reference.
    days: f64,
    /// Discharge capacity in percent.
    percent: f64,
    /// Its standard uncertainty.
    u: f64,
}

/// Where the capacity falls to 80 %.
#[derive(Debug, Clone, Copy)]
struct Crossing {
    before: Point,
    after: Point,
    /// Part of the way from the one to the other.
    share: f64,
    /// Standard uncertainty of the capacity there, in cycles.
    scatter_cycles: f64,
}

impl Crossing {
    fn gap(self) -> f64 {
        self.after.cycle - self.before.cycle
    }

    fn cycles(self) -> f64 {
        self.before.cycle + self.share * self.gap()
    }

    fn days(self) -> f64 {
        self.before.days + self.share * (self.after.days - self.before.days)
    }

    /// What the capacity is uncertain by, and that it is not seen between two discharges (JCGM 100:2008, 4.3.7).
    fn cycles_u(self) -> f64 {
        self.scatter_cycles.hypot(self.gap() / 12.0_f64.sqrt())
    }

    fn days_u(self) -> f64 {
        self.cycles_u() * (self.after.days - self.before.days) / self.gap()
    }
}

/// The first fall to 80 % of the capacities, each replaced by the median of itself and its neighbours, so that one
/// cycle that went wrong is no end of life. None when they stay above.
fn crossing(points: &[Point]) -> Option<Crossing> {
    let percent: Vec<f64> = points.iter().map(|point| point.percent).collect();
    let smoothed: Vec<f64> = (0..percent.len())
        .filter_map(|place| {
            let at = |place: usize| percent.get(place).copied();
            let here = at(place)?;
            let before = place.checked_sub(1).and_then(at).unwrap_or(here);
            median(&[before, here, at(place + 1).unwrap_or(here)])
        })
        .collect();
    let pairs = smoothed.iter().zip(smoothed.iter().skip(1));
    let place = pairs.clone().position(|(before, after)| *before > END && *after <= END)?;
    let (above, below) = (*smoothed.get(place)?, *smoothed.get(place + 1)?);
    let (before, after) = (*points.get(place)?, *points.get(place + 1)?);
    let share = (above - END) / (above - below);
    let first = (place + 1).saturating_sub(AROUND / 2);
    let around = points.get(first..points.len().min(first + AROUND))?;
    let scatter = scatter_of(points).hypot(before.u.max(after.u));
    let steps: (Vec<f64>, Vec<f64>) = around.iter().map(|at| (at.cycle, at.percent)).unzip();
    let bracket = (below - above) / (after.cycle - before.cycle);
    let slope = TheilSen::of(&steps.0, &steps.1, 0.95)
        .filter(|_| around.len() >= FEWEST_FOR_SCATTER)
        .map_or(bracket, |line| line.slope)
        .min(0.0);
    let slope = if slope < 0.0 { slope } else { bracket };
    Some(Crossing { before, after, share, scatter_cycles: scatter / slope.abs() })
}

/// Standard deviation from cycle to cycle, by second differences, which a straight fall leaves at zero.
fn scatter_of(points: &[Point]) -> f64 {
    if points.len() < FEWEST_FOR_SCATTER {
        return 0.0;
    }
    let at = |place: usize| points.get(place).map_or(0.0, |point| point.percent);
    let bends: Vec<f64> =
        (2..points.len()).map(|place| at(place) - 2.0 * at(place - 1) + at(place - 2)).collect();
    deviation(&bends).unwrap_or(0.0) / 6.0_f64.sqrt()
}
