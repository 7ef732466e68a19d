//! Checks that hold for every cycler file, made while its rows pass by: what they find becomes notes that
//! travel with the numbers, and changes nothing.

use galvanome_model::measurement::{Signal, StartTime, Values};
use galvanome_model::note::Note;

use crate::error::ReadError;
use crate::limits::Limits;
use crate::sink::{Kind, NewColumn, Sink};

/// A voltage beyond this is not one of a cell, but millivolts or a lost decimal sign.
const VOLTAGE_MAX_V: f64 = 100.0;

/// No test runs longer than this (12 years); milliseconds taken for seconds do.
const TEST_MAX_S: f64 = 12.0 * 365.25 * 86400.0;

/// Voltage that must have moved against the current before its sign is doubted.
const AGAINST_MIN_V: f64 = 0.1;

/// A sink that looks at what passes through it.
pub struct Checked<'a> {
    inner: &'a mut dyn Sink,
    notes_left: usize,
    table: Watched,
}

/// What is watched in one table.
#[derive(Debug, Default)]
struct Watched {
    time: Option<usize>,
    unix: Option<usize>,
    voltage: Option<usize>,
    current: Option<usize>,
    rows: u64,
    last_time: Option<f64>,
    time_back: Found,
    voltage_wild: Found,
    span: Option<Span>,
    run: Option<Run>,
    with_v: f64,
    against_v: f64,
}

/// Something found in rows: how often, and the first of them, from 1.
#[derive(Debug, Clone, Copy, Default)]
struct Found {
    times: u64,
    first: u64,
}

impl Found {
    fn add(&mut self, row: u64) {
        if self.times == 0 {
            self.first = row;
        }
        self.times += 1;
    }
}

/// First and last test time and Unix time that stand in one row.
#[derive(Debug, Clone, Copy)]
struct Span {
    first: (f64, f64),
    last: (f64, f64),
}

/// Rows on end in which the current has one sign.
#[derive(Debug, Clone, Copy)]
struct Run {
    sign: f64,
    rows: u64,
    first_v: f64,
    last_v: f64,
}

impl Watched {
    fn begin(columns: &[NewColumn]) -> Self {
        let place = |name: &str| {
            columns
                .iter()
                .position(|column| column.kind == Kind::Number && column.head.name == name)
        };
        Self {
            time: place("test_time_second"),
            unix: place("unix_time_second"),
            voltage: place("voltage_volt"),
            current: place("current_ampere"),
            ..Self::default()
        }
    }

    fn look(&mut self, columns: &[Values]) {
        let numbers = |place: Option<usize>| match columns.get(place?)? {
            Values::Number(numbers) => Some(numbers.as_slice()),
            Values::Text(_) => None,
        };
        let (time, unix) = (numbers(self.time), numbers(self.unix));
        let (voltage, current) = (numbers(self.voltage), numbers(self.current));
        for row in 0..columns.first().map_or(0, Values::len) {
            self.rows += 1;
            let value =
                |column: Option<&[f64]>| column?.get(row).copied().filter(|v| v.is_finite());
            let (time, voltage) = (value(time), value(voltage));
            if let Some(time) = time {
                if self.last_time.is_some_and(|last| time < last) {
                    self.time_back.add(self.rows);
                }
                self.last_time = Some(time);
                // Without a Unix time the span is that of the test alone.
                let both = (time, value(unix).unwrap_or(f64::NAN));
                self.span.get_or_insert(Span { first: both, last: both }).last = both;
            }
            if let Some(voltage) = voltage {
                if voltage.abs() > VOLTAGE_MAX_V {
                    self.voltage_wild.add(self.rows);
                }
                if let Some(current) = value(current) {
                    self.follow(voltage, current);
                }
            }
        }
    }

    /// Follows the voltage while the current keeps its sign.
    fn follow(&mut self, voltage: f64, current: f64) {
        let sign = if current == 0.0 { 0.0 } else { current.signum() };
        match &mut self.run {
            Some(run) if run.sign == sign => {
                run.rows += 1;
                run.last_v = voltage;
            }
            _ => {
                self.end_run();
                self.run = Some(Run { sign, rows: 1, first_v: voltage, last_v: voltage });
            }
        }
    }

    fn end_run(&mut self) {
        // A few rows are a pulse or a switch, in which the voltage may do anything.
        let Some(run) = self.run.take().filter(|run| run.rows >= 5) else { return };
        let moved = (run.last_v - run.first_v) * run.sign;
        if moved > 0.0 {
            self.with_v += moved;
        } else {
            self.against_v -= moved;
        }
    }

    fn notes(&mut self) -> Vec<Note> {
        self.end_run();
        let mut notes = Vec::new();
        if self.time_back.times > 0 {
            let message = format!(
                "the test time goes back {} times; the rows were kept in the order of the file",
                self.time_back.times
            );
            notes.push(Note::new(
                "time-goes-back",
                message,
                format!("row {}", self.time_back.first),
            ));
        }
        if self.voltage_wild.times > 0 {
            let message = format!(
                "{} voltages are beyond {VOLTAGE_MAX_V} V: millivolts under a heading of volts, or a lost decimal sign? They were kept as they are",
                self.voltage_wild.times
            );
            let place = format!("row {}", self.voltage_wild.first);
            notes.push(Note::new("voltage-out-of-range", message, place));
        }
        notes.extend(self.span.and_then(time_unit));
        if self.against_v > AGAINST_MIN_V && self.against_v > 5.0 * self.with_v {
            notes.push(Note::new(
                "current-sign-suspect",
                "the voltage falls while the current is positive, or rises while it is negative: the sign of the current may be turned round. It was kept as it is; positive current is taken to charge",
                "column current_ampere",
            ));
        }
        notes
    }
}

/// Doubts about the unit of the test time.
fn time_unit(span: Span) -> Option<Note> {
    let test = span.last.0 - span.first.0;
    let wall = span.last.1 - span.first.1;
    let thousand = |ratio: f64| (900.0..1100.0).contains(&ratio);
    let message = if wall > 10.0 && thousand(test / wall) {
        "the test time runs a thousand times faster than the wall clock: milliseconds under a heading of seconds? It was kept as it is".to_owned()
    } else if test > 0.0 && wall > 10.0 && thousand(wall / test) {
        "the test time runs a thousand times slower than the wall clock; look at its unit. It was kept as it is".to_owned()
    } else if test > TEST_MAX_S {
        format!(
            "the test would have lasted {:.1} years: milliseconds under a heading of seconds? The time was kept as it is",
            test / (365.25 * 86400.0)
        )
    } else {
        return None;
    };
    Some(Note::new("time-unit-suspect", message, "column test_time_second"))
}

impl<'a> Checked<'a> {
    /// Looks at what passes to `inner`.
    pub fn new(inner: &'a mut dyn Sink, limits: &Limits) -> Self {
        Self { inner, notes_left: limits.max_notes, table: Watched::default() }
    }

    /// Writes down what was found in the last table. Call it when everything has passed.
    pub fn finish(mut self) {
        self.end_table();
    }

    fn end_table(&mut self) {
        for note in std::mem::take(&mut self.table).notes() {
            self.note(note);
        }
    }
}

impl Sink for Checked<'_> {
    fn format(&mut self, id: &str) {
        self.inner.format(id);
    }

    fn instrument(&mut self, name: &str) {
        self.inner.instrument(name);
    }

    fn started_at(&mut self, start: StartTime) {
        self.inner.started_at(start);
    }

    fn metadata(&mut self, key: &str, value: &str) {
        self.inner.metadata(key, value);
    }

    fn table(&mut self, name: &str, columns: &[NewColumn]) {
        self.end_table();
        self.table = Watched::begin(columns);
        self.inner.table(name, columns);
    }

    fn rows(&mut self, columns: &[Values]) -> Result<(), ReadError> {
        self.table.look(columns);
        self.inner.rows(columns)
    }

    fn signal(&mut self, signal: Signal) {
        self.inner.signal(signal);
    }

    fn note(&mut self, note: Note) {
        if let Some(left) = self.notes_left.checked_sub(1) {
            self.notes_left = left;
            self.inner.note(note);
        }
    }
}
