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
    pairs: u64,
    /// Ampere hours: the instrument's, and the bounds of ours.
    counted: f64,
    lower: f64,
    upper: f64,
    /// Changes seen, and the smallest of them: it may be the counter's last digit.
    changes: u64,
    digit: f64,
}

impl Counter {
    fn look(&mut self, values: &[f64], currents: &[f64], hours: &[f64], before: &[f64]) {
        let counts = self.counts;
        for (((&value, &current), &hours), &before) in
            values.iter().zip(currents).zip(hours).zip(before)
        {
            // The other way round where an instrument counts a discharge below zero.
            let value = if counts == Counts::Net { value } else { value.abs() };
            let grown = value - self.last;
            let last = std::mem::replace(&mut self.last, value);
            let set_back = match counts {
                Counts::Net => value.abs() < 0.01 * last.abs(),
                _ => grown < 0.0,
            };
            // Also when anything is missing.
            if set_back || !(hours > 0.0 && grown.is_finite()) {
                continue;
            }
            let (a, b) = match counts {
                Counts::Charge => (before.max(0.0), current.max(0.0)),
                Counts::Discharge => ((-before).max(0.0), (-current).max(0.0)),
                Counts::Net => (before, current),
                Counts::Both => (before.abs(), current.abs()),
            };
            if !(a.is_finite() && b.is_finite()) {
                continue;
            }
            // A counter that goes both ways is compared by what it moves in the direction of the current.
            let (a, b, grown) =
                if counts == Counts::Net && a + b < 0.0 { (-a, -b, -grown) } else { (a, b, grown) };
            self.pairs += u64::from(a + b != 0.0 || grown != 0.0);
            self.lower += a.min(b) * hours;
            self.upper += a.max(b) * hours;
            self.counted += grown;
            let size = grown.abs();
            if size > 0.0 {
                self.changes += 1;
                self.digit = self.digit.min(size);
            }
        }
    }

    fn note(&self) -> Option<Note> {
        // Of few changes, one may be missed at either end.
        let digit = if self.changes < 30 { 2.0 * self.digit } else { 0.0 };
        let slack = TOLERANCE * self.counted.abs() + digit;
        let differs = self.counted + slack < self.lower || self.counted - slack > self.upper;
        // A column of zeros was not counted by the instrument.
        if self.pairs < PAIRS_MIN || !differs || self.counted == 0.0 {
            return None;
        }
        let message = format!(
            "the instrument counted {:.6} Ah where the current gives {:.6} to {:.6} Ah, which is more than {} % apart: look at the unit, the sign or the scale of either. Both were kept as they are",
            self.counted,
            self.lower,
            self.upper,
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
                    pairs: 0,
                    counted: 0.0,
                    lower: 0.0,
                    upper: 0.0,
                    changes: 0,
                    digit: f64::INFINITY,
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
        self.hours.clear();
        self.before.clear();
        for (&time, &current) in times.iter().zip(currents) {
            let interval = time - std::mem::replace(&mut self.last_time, time);
            self.hours.push(interval / 3600.0);
            self.before.push(std::mem::replace(&mut self.last_current, current));
        }
        if let Some(step_times) = numbers(columns, self.step_time) {
            for (hours, &time) in self.hours.iter_mut().zip(step_times) {
                if time < std::mem::replace(&mut self.last_step_time, time) {
                    *hours = f64::NAN;
                }
            }
        }
        for (place, last) in &mut self.marks {
            for (hours, &mark) in
                self.hours.iter_mut().zip(numbers(columns, Some(*place)).unwrap_or_default())
            {
                let before = std::mem::replace(last, mark);
                if mark != before && !(mark.is_nan() && before.is_nan()) {
                    *hours = f64::NAN;
                }
            }
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
