//! The files of one cell, joined.

use galvanome_model::measurement::{Table, Zone};
use galvanome_model::note::Note;

use super::counters::{Counted, Counters, digit_ah};
use super::records::{Records, direction};
use crate::analysis::{Input, Inputs, start};

/// Columns that hold a temperature, best first, with where it was taken.
const TEMPERATURES: &[(&str, &str)] = &[
    ("surface_temperature_celsius", "at the surface"),
    ("temperature_t1_celsius", "at T1"),
    ("ambient_temperature_celsius", "of the surroundings"),
];

/// Joins the files of a cell in time order. None when no file has what is needed; a note says what.
pub(super) fn join(inputs: &Inputs, notes: &mut Vec<Note>) -> Option<Records> {
    let order = inputs.time_order().unwrap_or_else(|note| {
        notes.push(note);
        (0..inputs.main.len()).collect()
    });
    let mut joined =
        Joined { records: Records::default(), files: Vec::new(), counted: true, shift: 0.0 };
    for input in order.iter().filter_map(|&place| inputs.main.get(place)) {
        let Some(table) = input.measurement.table("records").or(input.measurement.tables.first())
        else {
            notes.push(Note::new(
                "no-table",
                "the file holds no table of records, so it was left out",
                &input.name,
            ));
            continue;
        };
        if let Some(rows) = rows_of(input, table, notes) {
            joined.add(rows, notes);
        }
    }
    joined.finish(notes)
}

/// What a file gives, row by row.
struct Rows<'a> {
    file: &'a str,
    records: Records,
    /// The instrument's cycle number; NaN before the first.
    labels: Vec<f64>,
    /// What the clock counts from, where it counts from anything.
    clock: Clock,
}

/// What a file's clock counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Clock {
    /// UTC.
    Universal,
    /// The instrument's wall clock.
    Local,
    /// The start of the file.
    Own,
}

/// Takes from a table what is needed. None when it has no time or no current; a note says so.
fn rows_of<'a>(input: &'a Input, table: &Table, notes: &mut Vec<Note>) -> Option<Rows<'a>> {
    let missing: Vec<_> = ["test_time_second", "current_ampere"]
        .into_iter()
        .filter(|name| table.numbers(name).is_none())
        .collect();
    let (Some(time), Some(current)) =
        (table.numbers("test_time_second"), table.numbers("current_ampere"))
    else {
        let message = format!("the file has no {}, so it was left out", missing.join(" and no "));
        notes.push(Note::new("missing-column", message, &input.name));
        return None;
    };
    let column = |name: &str| table.numbers(name);
    let at = |column: Option<&[f64]>, row: usize| {
        column.and_then(|column| column.get(row)).copied().filter(|value| value.is_finite())
    };
    let counter = column("cycle_count");
    let (voltage, step_time) = (column("voltage_volt"), column("step_time_second"));
    let temperature = TEMPERATURES.iter().find(|(name, _)| {
        column(name).is_some_and(|values| values.iter().any(|value| value.is_finite()))
    });
    let unix = column("unix_time_second").filter(|unix| unix.iter().any(|value| value.is_finite()));
    let started = input.measurement.started_at.as_ref();
    let (clock, start_s) = match (unix, started.and_then(|at| Some((at.zone, start::seconds(at)?))))
    {
        (Some(_), _) => (Clock::Universal, 0.0),
        (None, Some((Zone::Stated, seconds))) => (Clock::Universal, seconds),
        (None, Some((Zone::Local, seconds))) => (Clock::Local, seconds),
        (None, None) => (Clock::Own, 0.0),
    };
    let mut records = Records {
        temperature_of: temperature.map_or("", |(_, place)| place),
        ..Records::default()
    };
    let mut labels = Vec::new();
    let (mut dropped, mut label, mut last, mut lost) =
        (0_usize, f64::NAN, f64::NEG_INFINITY, false);
    let counters = Counters::of(table);
    let mut before = None;
    for (row, (&time, &current)) in time.iter().zip(current).enumerate() {
        label = at(counter, row).unwrap_or(label);
        if !(time.is_finite() && current.is_finite()) {
            dropped += 1;
            continue;
        }
        if records.time_s.is_empty() || time < last {
            // Once the file's own time has stepped back, it no longer tells how long the test has run.
            lost |= !records.time_s.is_empty();
            records.breaks.push(records.time_s.len());
            before = None;
        }
        last = time;
        if let Some(counters) = counters {
            let since = |before| counters.between(before, row, current);
            records.counted.push(before.map_or(Counted::NOTHING, since));
        }
        before = Some(row);
        let clock_s = match unix {
            Some(_) => at(unix, row).unwrap_or(f64::NAN),
            None if lost => f64::NAN,
            None => start_s + time,
        };
        records.time_s.push(time);
        records.clock_s.push(clock_s);
        records.step_time_s.push(at(step_time, row).unwrap_or(f64::NAN));
        records.current_a.push(current);
        records.voltage_v.push(at(voltage, row).unwrap_or(f64::NAN));
        records
            .temperature_c
            .push(temperature.and_then(|(name, _)| at(column(name), row)).unwrap_or(f64::NAN));
        labels.push(label);
    }
    if dropped > 0 {
        let message = format!("{dropped} rows lack test time or current and were left out");
        notes.push(Note::new("missing-value", message, &input.name));
    }
    Some(Rows { file: &input.name, records, labels, clock })
}

/// The files that were joined so far.
struct Joined<'a> {
    records: Records,
    /// Name, first row and clock of each.
    files: Vec<(&'a str, usize, Clock)>,
    /// Whether every file counts cycles.
    counted: bool,
    /// What is added to the last file's cycle numbers.
    shift: f64,
}

impl<'a> Joined<'a> {
    fn add(&mut self, mut file: Rows<'a>, notes: &mut Vec<Note>) {
        if file.records.time_s.is_empty() {
            return;
        }
        let mut goes_on = false;
        match find(&self.records, &file.records) {
            Shared::Nothing => {}
            Shared::All(row) => {
                let message = format!(
                    "the file holds the same rows as {}, so it was left out",
                    self.file_of(row)
                );
                notes.push(Note::new("repeated-file", message, file.file));
                return;
            }
            Shared::Head(rows) => {
                let message = format!(
                    "the first {rows} rows of the file are the last ones of {}; they were taken once",
                    self.file_of(self.records.rows().saturating_sub(1))
                );
                notes.push(Note::new("overlapping-files", message, file.file));
                cut(&mut file, rows);
                goes_on = true;
            }
        }
        self.check_clock(&file, notes);
        let begin = self.records.rows();
        self.files.push((file.file, begin, file.clock));
        self.records.breaks.extend(file.records.breaks.iter().map(|row| row + begin));
        if self.records.temperature_of.is_empty() {
            self.records.temperature_of = file.records.temperature_of;
        }
        self.records.time_s.append(&mut file.records.time_s);
        self.records.clock_s.append(&mut file.records.clock_s);
        self.records.step_time_s.append(&mut file.records.step_time_s);
        self.records.current_a.append(&mut file.records.current_a);
        self.records.voltage_v.append(&mut file.records.voltage_v);
        self.records.temperature_c.append(&mut file.records.temperature_c);
        if !file.records.counted.is_empty() {
            // Files before it may have no counters.
            self.records.counted.resize(begin, Counted::UNKNOWN);
            self.records.counted.append(&mut file.records.counted);
        }
        self.count(&file, begin, goes_on, notes);
    }

    /// Continues the cycle numbers.
    fn count(&mut self, file: &Rows<'_>, begin: usize, goes_on: bool, notes: &mut Vec<Note>) {
        let all = self.records.counter.get_or_insert_default();
        // Rows before the first number belong to it.
        let first = file.labels.iter().copied().find(|label| !label.is_nan());
        self.counted &= first.is_some();
        let first = first.unwrap_or(0.0);
        if !goes_on {
            self.shift = shift_of(all, &self.records.current_a, begin, first);
            if self.shift != 0.0 {
                let message = format!(
                    "the instrument counts its cycles anew in this file; they were counted on from {}",
                    first + self.shift
                );
                notes.push(Note::new("cycles-renumbered", message, file.file));
            }
        }
        let shift = self.shift;
        let label = |&label: &f64| if label.is_nan() { first + shift } else { label + shift };
        all.extend(file.labels.iter().map(label));
    }

    /// Says when a file begins before the last one ends.
    fn check_clock(&self, file: &Rows<'_>, notes: &mut Vec<Note>) {
        let Some((name, _, clock)) = self.files.last() else { return };
        let (Some(end), Some(begin)) = (self.records.clock_s.last(), file.records.clock_s.first())
        else {
            return;
        };
        if *clock == file.clock && *clock != Clock::Own && end - begin > 1.0 {
            let message = format!(
                "by the clock the file begins {:.0} s before {name} ends, with other rows; both were kept, so check the clocks, and that no charge counts twice",
                end - begin
            );
            notes.push(Note::new("overlapping-files", message, file.file));
        }
    }

    fn file_of(&self, row: usize) -> &'a str {
        let after = self.files.partition_point(|(_, first, _)| *first <= row);
        self.files.get(after.saturating_sub(1)).map_or("", |(name, _, _)| name)
    }

    fn finish(mut self, notes: &mut Vec<Note>) -> Option<Records> {
        if self.records.time_s.is_empty() {
            notes.push(Note::new(
                "nothing-to-analyse",
                "no file holds test time and current, so there is nothing to integrate",
                "",
            ));
            return None;
        }
        if !self.counted {
            self.records.counter = None;
        }
        // Clocks that count from different things do not tell the time between files.
        if let [(_, _, first), rest @ ..] = self.files.as_slice()
            && let Some((_, row, _)) =
                rest.iter().find(|(_, _, clock)| clock != first || *clock == Clock::Own)
        {
            self.records.clock_s.iter_mut().skip(*row).for_each(|clock| *clock = f64::NAN);
        }
        self.records.time_digit_s = self.records.find_time_digit_s();
        self.records.counted_digit_ah = digit_ah(&self.records.counted);
        Some(self.records)
    }
}

/// Which of a file's rows were there before.
enum Shared {
    Nothing,
    /// All of them, from this row on.
    All(usize),
    /// So many of the first, and nothing was there after them.
    Head(usize),
}

/// Places at which a file's first row is looked for, at most.
const MOST_PLACES: usize = 64;

/// Finds a file's rows among earlier ones, by time, current and voltage to the last bit.
fn find(records: &Records, file: &Records) -> Shared {
    let same = |here: usize, there: usize| {
        let equal = |a: &[f64], b: &[f64]| match (a.get(here), b.get(there)) {
            (Some(a), Some(b)) => a.to_bits() == b.to_bits(),
            _ => false,
        };
        equal(&records.time_s, &file.time_s)
            && equal(&records.current_a, &file.current_a)
            && equal(&records.voltage_v, &file.voltage_v)
    };
    let places = (0..records.rows()).filter(|&row| same(row, 0)).take(MOST_PLACES);
    for place in places {
        let shared = (0..file.rows()).take_while(|&row| same(place + row, row)).count();
        if shared == file.rows() {
            return Shared::All(place);
        }
        // A single row may be alike by chance.
        if shared > 1 && place + shared == records.rows() {
            return Shared::Head(shared);
        }
    }
    Shared::Nothing
}

/// Leaves out the first rows of a file. What was no break before is none now.
fn cut(file: &mut Rows<'_>, rows: usize) {
    let records = &mut file.records;
    for column in [
        &mut records.time_s,
        &mut records.clock_s,
        &mut records.step_time_s,
        &mut records.current_a,
        &mut records.voltage_v,
        &mut records.temperature_c,
    ] {
        column.drain(..rows.min(column.len()));
    }
    records.counted.drain(..rows.min(records.counted.len()));
    let label = file.labels.get(rows.saturating_sub(1)).copied().unwrap_or(f64::NAN);
    file.labels.drain(..rows.min(file.labels.len()));
    if let Some(first) = file.labels.first_mut()
        && first.is_nan()
    {
        *first = label;
    }
    records.breaks = records.breaks.iter().filter_map(|row| row.checked_sub(rows)).collect();
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
