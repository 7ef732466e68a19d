//! The records of one cell, from all its files.

use galvanome_model::measurement::Table;
use galvanome_model::note::Note;

use crate::analysis::Inputs;

/// The records of one cell on end.
#[derive(Debug, Default)]
pub(super) struct Records {
    /// Test time of each row, in seconds; it starts again with each file.
    pub(super) time_s: Vec<f64>,
    /// Current of each row in amperes, positive when it charges.
    pub(super) current_a: Vec<f64>,
    /// The instrument's cycle number of each row, continued over the files; none when a file has none.
    pub(super) counter: Option<Vec<f64>>,
    /// Rows that do not follow on the one before: first rows of files, and rows after a step back of the clock.
    pub(super) breaks: Vec<usize>,
}

impl Records {
    /// Whether a row does not follow on the one before.
    pub(super) fn is_break(&self, row: usize) -> bool {
        self.breaks.binary_search(&row).is_ok()
    }

    /// The largest current, in amperes.
    pub(super) fn largest_current_a(&self) -> f64 {
        self.current_a.iter().fold(0.0, |largest, current| current.abs().max(largest))
    }
}

/// Currents below this part of the largest one count as rest.
pub(super) const REST: f64 = 1e-3;

/// The direction of a current: 1, -1, or 0 for rest.
pub(super) fn direction(current_a: f64, largest_a: f64) -> f64 {
    if current_a.abs() <= REST * largest_a { 0.0 } else { current_a.signum() }
}

/// Joins the files of a cell in time order. None when no file has what is needed; a note says what.
pub(super) fn join(inputs: &Inputs, notes: &mut Vec<Note>) -> Option<Records> {
    let mut inputs = inputs.clone();
    notes.extend(inputs.order_by_start());
    let mut records = Records { counter: Some(Vec::new()), ..Records::default() };
    let mut seen: Vec<(&str, &Table)> = Vec::new();
    for input in &inputs.main {
        let Some(table) = input.measurement.table("records").or(input.measurement.tables.first())
        else {
            notes.push(Note::new(
                "no-table",
                "the file holds no table of records, so it was left out",
                &input.name,
            ));
            continue;
        };
        if let Some((same, _)) = seen.iter().find(|(_, other)| *other == table) {
            let message = format!("the file holds the same rows as {same}, so it was left out");
            notes.push(Note::new("repeated-file", message, &input.name));
            continue;
        }
        seen.push((&input.name, table));
        add(&mut records, table, &input.name, notes);
    }
    if records.time_s.is_empty() {
        notes.push(Note::new(
            "nothing-to-analyse",
            "no file holds test time and current, so there is nothing to integrate",
            "",
        ));
        return None;
    }
    Some(records)
}

fn add(records: &mut Records, table: &Table, file: &str, notes: &mut Vec<Note>) {
    let missing: Vec<_> = ["test_time_second", "current_ampere"]
        .into_iter()
        .filter(|name| table.numbers(name).is_none())
        .collect();
    let (Some(time), Some(current)) =
        (table.numbers("test_time_second"), table.numbers("current_ampere"))
    else {
        let message = format!("the file has no {}, so it was left out", missing.join(" and no "));
        notes.push(Note::new("missing-column", message, file));
        return;
    };
    let counter = table.numbers("cycle_count");
    let begin = records.time_s.len();
    let mut counted = Vec::new();
    let (mut dropped, mut label, mut last) = (0_usize, f64::NAN, f64::NEG_INFINITY);
    for (row, (&time, &current)) in time.iter().zip(current).enumerate() {
        if let Some(number) = counter.and_then(|counter| counter.get(row)).filter(|n| n.is_finite())
        {
            label = *number;
        }
        if !(time.is_finite() && current.is_finite()) {
            dropped += 1;
            continue;
        }
        if records.time_s.len() == begin || time < last {
            records.breaks.push(records.time_s.len());
        }
        last = time;
        records.time_s.push(time);
        records.current_a.push(current);
        counted.push(label);
    }
    if dropped > 0 {
        let message = format!("{dropped} rows lack test time or current and were left out");
        notes.push(Note::new("missing-value", message, file));
    }
    if counter.is_none() || counted.iter().all(|label| label.is_nan()) {
        records.counter = None;
    }
    if let Some(all) = &mut records.counter {
        // Rows before the first number belong to it.
        let first = counted.iter().copied().find(|label| !label.is_nan()).unwrap_or(0.0);
        let shift = shift_of(all, &records.current_a, begin, first);
        if shift != 0.0 {
            let message = format!(
                "the instrument counts its cycles anew in this file; they were counted on from {}",
                first + shift
            );
            notes.push(Note::new("cycles-renumbered", message, file));
        }
        all.extend(counted.iter().map(|&label| if label.is_nan() { first } else { label } + shift));
    }
}

/// What to add to the numbers of a file that begins with cycle `first`, so that they go on from the last file.
fn shift_of(counter: &[f64], current_a: &[f64], begin: usize, first: f64) -> f64 {
    let Some(&last) = counter.last() else { return 0.0 };
    let largest = current_a.iter().fold(0.0_f64, |largest, current| current.abs().max(largest));
    let flowing = |current: &&f64| direction(**current, largest) != 0.0;
    let before = current_a.get(..begin).and_then(|rows| rows.iter().rfind(flowing));
    let after = current_a.get(begin..).and_then(|rows| rows.iter().find(flowing));
    let goes_on = match (before, after) {
        (Some(before), Some(after)) => before.signum() == after.signum(),
        _ => true,
    };
    if first > last || (first == last && goes_on) { 0.0 } else { last + 1.0 - first }
}
