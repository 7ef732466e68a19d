//! The charge that the instrument counted, against the integral of the current.
//!
//! Between two rows the current is taken to lie between its values in them. So the integral has a lower and an upper bound,
//! which are the same while the current is constant, and a wrong unit, sign or scale shows itself without a guess at what
//! the current did between rows. Where a counter is set back, or a step, a cycle or the clock begins anew, the pair of
//! rows says nothing.

use galvanome_model::measurement::{Origin, Values};
use galvanome_model::note::Note;

use super::cycles::numbers;
use crate::sink::{Kind, NewColumn};

/// What the counted charge may differ from the bounds, as a part of it: instruments add at every sample, and current and
/// charge are calibrated apart.
const TOLERANCE: f64 = 0.03;

/// Pairs of rows with a current or a change below which nothing is said.
const PAIRS_MIN: u64 = 10;

/// Which way a counter counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counts {
    Charge,
    Discharge,
    Net,
    Both,
}

/// The counters that are compared.
const COUNTERS: &[(&str, Counts)] = &[
    ("charging_capacity_ah", Counts::Charge),
    ("cycle_charging_capacity_ah", Counts::Charge),
    ("step_charging_capacity_ah", Counts::Charge),
    ("schedule_charging_capacity_ah", Counts::Charge),
    ("discharging_capacity_ah", Counts::Discharge),
    ("cycle_discharging_capacity_ah", Counts::Discharge),
    ("step_discharging_capacity_ah", Counts::Discharge),
    ("schedule_discharging_capacity_ah", Counts::Discharge),
    ("net_capacity_ah", Counts::Net),
    ("cycle_net_capacity_ah", Counts::Net),
    ("step_net_capacity_ah", Counts::Net),
    ("cumulative_capacity_ah", Counts::Both),
    ("cycle_cumulative_capacity_ah", Counts::Both),
    ("step_cumulative_capacity_ah", Counts::Both),
    ("step_capacity_ah", Counts::Both),
];

/// Columns whose change sets counters back.
const MARKS: [&str; 5] = ["step_count", "step_id", "step_index", "cycle_count", "loop"];

/// Compares the counters of one table.
#[derive(Debug)]
pub(super) struct Charge {
    time: usize,
    current: usize,
    step_time: Option<usize>,
    marks: Vec<(usize, f64)>,
    counters: Vec<Counter>,
    last_time: f64,
    last_current: f64,
    last_step_time: f64,
    /// Of the rows at hand: hours since the row before, NaN where the pair says nothing, and the current before.
    hours: Vec<f64>,
    before: Vec<f64>,
}

#[derive(Debug)]
struct Counter {
    place: usize,
    name: String,
    counts: Counts,
    last: f64,
    sums: Sums,
}

/// What pairs of rows add up to.
#[derive(Debug, Clone, Copy)]
struct Sums {
    pairs: u64,
    /// Ampere hours: the instrument's, and the bounds of ours.
    counted: f64,
    lower: f64,
    upper: f64,
    /// Changes seen, and the smallest of them: it may be the counter's last digit.
    changes: u64,
    digit: f64,
}

/// What is known of one row: what the counter shows, the hours since the row before, the current there and here.
struct Row {
    value: f64,
    hours: f64,
    before: f64,
    current: f64,
}

impl Counter {
    /// Looks at rows.
    fn look(&mut self, values: &[f64], currents: &[f64], hours: &[f64], before: &[f64]) {
        let rows = values.iter().zip(currents).zip(hours).zip(before);
        let rows = rows.map(|(((&value, &current), &hours), &before)| Row {
            value,
            hours,
            before,
            current,
        });
        // Each way of counting has a loop of its own. Where an instrument counts a discharge below zero, it is taken the
        // other way round.
        let (charge, discharge) = (|flow: f64| flow.max(0.0), |flow: f64| (-flow).max(0.0));
        let falls = |last: f64, value: f64| value < last;
        match self.counts {
            Counts::Charge => self.add(rows, f64::abs, charge, falls),
            Counts::Discharge => self.add(rows, f64::abs, discharge, falls),
            Counts::Both => self.add(rows, f64::abs, f64::abs, falls),
            Counts::Net => {
                let to_zero = |last: f64, value: f64| value.abs() < 0.01 * last.abs();
                self.add(rows, |value| value, |flow| flow, to_zero);
            }
        }
    }

    /// Adds up rows: what the counter says by its value, what flows by the current, and when the counter is set back.
    fn add(
        &mut self,
        rows: impl Iterator<Item = Row>,
        says: impl Fn(f64) -> f64,
        flows: impl Fn(f64) -> f64,
        is_set_back: impl Fn(f64, f64) -> bool,
    ) {
        let net = self.counts == Counts::Net;
        // Of its own until the end, so that it stays in registers.
        let (mut sums, mut before_it) = (self.sums, self.last);
        for Row { value, hours, before, current } in rows {
            let value = says(value);
            let last = std::mem::replace(&mut before_it, value);
            let grown = value - last;
            let (a, b) = (flows(before), flows(current));
            let is_known = hours > 0.0 && grown.is_finite() && a.is_finite() && b.is_finite();
            if !is_known || is_set_back(last, value) {
                continue;
            }
            // A counter that goes both ways is compared by what it moves in the direction of the current.
            let (a, b, grown) = if net && a + b < 0.0 { (-a, -b, -grown) } else { (a, b, grown) };
            sums.pairs += u64::from(a + b != 0.0 || grown != 0.0);
            let (least, most) = if a < b { (a, b) } else { (b, a) };
            sums.lower += least * hours;
            sums.upper += most * hours;
            sums.counted += grown;
            let size = grown.abs();
            if size > 0.0 {
                sums.changes += 1;
                sums.digit = if size < sums.digit { size } else { sums.digit };
            }
        }
        (self.sums, self.last) = (sums, before_it);
    }

    fn note(&self) -> Option<Note> {
        let sums = self.sums;
        // Of few changes, one may be missed at either end.
        let digit = if sums.changes < 30 { 2.0 * sums.digit } else { 0.0 };
        let slack = TOLERANCE * sums.counted.abs() + digit;
        let differs = sums.counted + slack < sums.lower || sums.counted - slack > sums.upper;
        // A column of zeros was not counted by the instrument.
        if sums.pairs < PAIRS_MIN || !differs || sums.counted == 0.0 {
            return None;
        }
        let message = format!(
            "the instrument counted {:.6} Ah where the current gives {:.6} to {:.6} Ah, which is more than {} % apart: look at the unit, the sign or the scale of either. Both were kept as they are",
            sums.counted,
            sums.lower,
            sums.upper,
            TOLERANCE * 100.0
        );
        Some(Note::new("charge-differs", message, format!("column {}", self.name)))
    }
}

impl Charge {
    /// For a table that has what is compared, as the file holds it.
    pub(super) fn begin(columns: &[NewColumn]) -> Option<Self> {
        let place = |name: &str| {
            columns
                .iter()
                .position(|column| column.kind == Kind::Number && column.head.name == name)
        };
        let (time, current) = (place("test_time_second")?, place("current_ampere")?);
        // A current that was computed from the charge, or given its sign by something else, proves nothing.
        if columns.get(current)?.head.origin != Origin::Stored {
            return None;
        }
        let counters: Vec<_> = COUNTERS
            .iter()
            .filter_map(|&(name, counts)| {
                Some(Counter {
                    place: place(name)?,
                    name: name.to_owned(),
                    counts,
                    last: f64::NAN,
                    sums: Sums {
                        pairs: 0,
                        counted: 0.0,
                        lower: 0.0,
                        upper: 0.0,
                        changes: 0,
                        digit: f64::INFINITY,
                    },
                })
            })
            .collect();
        (!counters.is_empty()).then(|| Self {
            time,
            current,
            step_time: place("step_time_second"),
            marks: MARKS.iter().filter_map(|name| Some((place(name)?, f64::NAN))).collect(),
            counters,
            last_time: f64::NAN,
            last_current: f64::NAN,
            last_step_time: f64::NAN,
            hours: Vec::new(),
            before: Vec::new(),
        })
    }

    /// Looks at rows.
    pub(super) fn look(&mut self, columns: &[Values]) {
        let (Some(times), Some(currents)) =
            (numbers(columns, Some(self.time)), numbers(columns, Some(self.current)))
        else {
            return;
        };
        let rows = times.len().min(currents.len());
        self.before.clear();
        self.before.push(self.last_current);
        self.before.extend_from_slice(currents.get(..rows.saturating_sub(1)).unwrap_or_default());
        self.hours.clear();
        self.hours.extend(times.first().map(|time| (time - self.last_time) / 3600.0));
        let later = times.iter().zip(times.get(1..).unwrap_or_default());
        self.hours.extend(later.map(|(before, time)| (time - before) / 3600.0));
        self.last_time = times.last().copied().unwrap_or(self.last_time);
        self.last_current = currents.last().copied().unwrap_or(self.last_current);
        if let Some(step_times) = numbers(columns, self.step_time) {
            let breaks = |before, time| time < before;
            forget(&mut self.hours, &mut self.last_step_time, step_times, breaks);
        }
        for (place, last) in &mut self.marks {
            let marks = numbers(columns, Some(*place)).unwrap_or_default();
            let breaks =
                |before: f64, mark: f64| mark != before && !(mark.is_nan() && before.is_nan());
            forget(&mut self.hours, last, marks, breaks);
        }
        for counter in &mut self.counters {
            let Some(values) = numbers(columns, Some(counter.place)) else { continue };
            counter.look(values, currents, &self.hours, &self.before);
        }
    }

    /// What was found.
    pub(super) fn notes(&self) -> impl Iterator<Item = Note> + '_ {
        self.counters.iter().filter_map(Counter::note)
    }
}

/// Forgets how long it was between two rows where the values of a column, which follow on `last`, say that something
/// breaks there.
fn forget(hours: &mut [f64], last: &mut f64, values: &[f64], breaks: impl Fn(f64, f64) -> bool) {
    let Some((&first, &end)) = values.first().zip(values.last()) else { return };
    let before = std::mem::replace(last, end);
    let Some((hours, rest)) = hours.split_first_mut() else { return };
    if breaks(before, first) {
        *hours = f64::NAN;
    }
    let later = values.iter().zip(values.get(1..).unwrap_or_default());
    for (hours, (&before, &value)) in rest.iter_mut().zip(later) {
        *hours = if breaks(before, value) { f64::NAN } else { *hours };
    }
}
