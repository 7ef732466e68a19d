//! What can be seen in rows as they pass: order, clock, repeated rows, voltage, sign of the current, unit of time.

use galvanome_model::measurement::Values;
use galvanome_model::note::Note;

use super::cycles::numbers;
use crate::sink::{Kind, NewColumn};

/// A voltage beyond this is not one of a cell, but millivolts or a lost decimal sign.
const VOLTAGE_MAX_V: f64 = 100.0;

/// No test runs longer than this (12 years); milliseconds taken for seconds do.
const TEST_MAX_S: f64 = 12.0 * 365.25 * 86400.0;

/// Voltage that must have moved against the current before its sign is doubted.
const AGAINST_MIN_V: f64 = 0.1;

/// Rows that are looked at at once.
const AT_ONCE: usize = 64;

/// What test time and wall clock may differ by: seconds, and part of the test.
const CLOCK_S: f64 = 60.0;
const CLOCK_PART: f64 = 1e-3;

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

    fn place(self) -> String {
        format!("row {}", self.first)
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

/// What is watched in one table.
#[derive(Debug, Default)]
pub(super) struct Watched {
    time: Option<usize>,
    unix: Option<usize>,
    voltage: Option<usize>,
    current: Option<usize>,
    rows: u64,
    last_time: Option<f64>,
    /// What stands in the row before the ones at hand.
    last_row: Option<u64>,
    repeated: Found,
    time_back: Found,
    voltage_wild: Found,
    span: Option<Span>,
    /// The wall clock's lead over the test time in the row before, and its largest leap with the row.
    lead: f64,
    leap: (f64, u64),
    run: Option<Run>,
    with_v: f64,
    against_v: f64,
    twins: Vec<Twin>,
}

/// A column of the file's own that bears the plain name of a canonical one (`Current` beside `Current / A`), and the
/// largest sizes of both.
#[derive(Debug)]
struct Twin {
    canonical: usize,
    own: usize,
    name: String,
    largest: (f64, f64),
}

impl Twin {
    /// The twins among columns.
    fn all(columns: &[NewColumn]) -> Vec<Self> {
        const PLAIN: [(&str, &str); 3] = [
            ("test_time_second", "test_time"),
            ("voltage_volt", "voltage"),
            ("current_ampere", "current"),
        ];
        let number = |name: &str| {
            columns.iter().position(|column| {
                column.kind == Kind::Number && column.head.name.eq_ignore_ascii_case(name)
            })
        };
        let twins = PLAIN.iter().filter_map(|(canonical, plain)| {
            let own = number(plain)?;
            Some(Self {
                canonical: number(canonical)?,
                own,
                name: columns.get(own)?.head.name.clone(),
                largest: (0.0, 0.0),
            })
        });
        twins.collect()
    }

    fn look(&mut self, columns: &[Values]) {
        let largest = |place: usize, so_far: f64| {
            let values = numbers(columns, Some(place)).unwrap_or_default();
            values.iter().fold(so_far, |largest, value| largest.max(value.abs()))
        };
        self.largest = (largest(self.canonical, self.largest.0), largest(self.own, self.largest.1));
    }

    fn note(&self) -> Option<Note> {
        let (ours, own) = self.largest;
        if (ours - own).abs() <= 0.01 * ours.max(own) {
            return None;
        }
        let message = format!(
            "the file has this twice, and its column {} goes up to {own} where the one with a unit goes up to {ours} (in our unit): one of them is wrong, or in another unit. The one with a unit was taken",
            self.name
        );
        Some(Note::new("columns-disagree", message, format!("column {}", self.name)))
    }
}

impl Watched {
    pub(super) fn begin(columns: &[NewColumn]) -> Self {
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
            lead: f64::NAN,
            twins: Twin::all(columns),
            ..Self::default()
        }
    }

    pub(super) fn look(&mut self, columns: &[Values]) {
        let (time, unix) = (numbers(columns, self.time), numbers(columns, self.unix));
        let (voltage, current) = (numbers(columns, self.voltage), numbers(columns, self.current));
        for twin in &mut self.twins {
            twin.look(columns);
        }
        let rows = columns.first().map_or(0, Values::len);
        let mut begin = 0;
        while begin < rows {
            let end = (begin + AT_ONCE).min(rows);
            let [time_part, unix_part, voltage_part, current_part] = [time, unix, voltage, current]
                .map(|column| column.and_then(|column| column.get(begin..end)));
            if !self.is_plain(time_part, unix_part, voltage_part, current_part) {
                for row in begin..end {
                    self.look_at(row, columns, [time, unix, voltage, current]);
                }
            }
            begin = end;
        }
        if let Some(last) = rows.checked_sub(1).filter(|_| self.time.is_some()) {
            self.last_row = Some(print_of(columns, last));
        }
    }

    /// Looks at rows in which there is nothing to be seen, if they are of this kind: the time goes on, no Unix time is
    /// beside it, and the voltage is one while the current keeps the sign that it had. That is most of a test.
    fn is_plain(
        &mut self,
        time: Option<&[f64]>,
        unix: Option<&[f64]>,
        voltage: Option<&[f64]>,
        current: Option<&[f64]>,
    ) -> bool {
        let (Some(time), None, Some(voltage), Some(current)) = (time, unix, voltage, current)
        else {
            return false;
        };
        let (Some(run), Some(span), Some(last_time)) =
            (&mut self.run, &mut self.span, &mut self.last_time)
        else {
            return false;
        };
        let (Some(&first), Some(&end), Some(&last_v)) = (time.first(), time.last(), voltage.last())
        else {
            return false;
        };
        let later = time.get(1..).unwrap_or_default();
        let sign = run.sign;
        let is_plain = first > *last_time
            && end < f64::INFINITY
            && all(time.iter().zip(later).map(|(before, time)| before < time))
            && all(voltage.iter().map(|voltage| voltage.abs() <= VOLTAGE_MAX_V))
            && if sign == 0.0 {
                all(current.iter().map(|&current| current == 0.0))
            } else {
                // Its product with its sign is its size; none is infinite.
                all(current.iter().map(|&current| {
                    let size = current * sign;
                    size > 0.0 && size < f64::INFINITY
                }))
            };
        if is_plain {
            self.rows += time.len() as u64;
            run.rows += time.len() as u64;
            run.last_v = last_v;
            span.last = (end, f64::NAN);
            *last_time = end;
        }
        is_plain
    }

    /// Looks at one row.
    fn look_at(
        &mut self,
        row: usize,
        columns: &[Values],
        [time, unix, voltage, current]: [Option<&[f64]>; 4],
    ) {
        self.rows += 1;
        let value = |column: Option<&[f64]>| column?.get(row).copied().filter(|v| v.is_finite());
        let (time, voltage) = (value(time), value(voltage));
        if let Some(time) = time {
            self.follow_time(time, value(unix), || {
                let before = row.checked_sub(1).map(|before| print_of(columns, before));
                (before, print_of(columns, row))
            });
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

    /// Follows the clocks. `prints` gives what stands in the row before, if it is at hand, and in this one.
    fn follow_time(
        &mut self,
        time: f64,
        unix: Option<f64>,
        prints: impl FnOnce() -> (Option<u64>, u64),
    ) {
        if let Some(last) = self.last_time {
            if time < last {
                self.time_back.add(self.rows);
            } else if time == last {
                let (before, this) = prints();
                if before.or(self.last_row) == Some(this) {
                    self.repeated.add(self.rows);
                }
            }
        }
        self.last_time = Some(time);
        if let Some(unix) = unix {
            let lead = unix - time;
            let leap = lead - std::mem::replace(&mut self.lead, lead);
            if leap.abs() > self.leap.0.abs() {
                self.leap = (leap, self.rows);
            }
        }
        // Without a Unix time the span is that of the test alone.
        let both = (time, unix.unwrap_or(f64::NAN));
        self.span.get_or_insert(Span { first: both, last: both }).last = both;
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

    pub(super) fn notes(&mut self) -> Vec<Note> {
        self.end_run();
        let mut notes = Vec::new();
        if self.time_back.times > 0 {
            let message = format!(
                "the test time goes back {} times; the rows were kept in the order of the file",
                self.time_back.times
            );
            notes.push(Note::new("time-goes-back", message, self.time_back.place()));
        }
        if self.repeated.times > 0 {
            let message = format!(
                "{} rows say the same as the row before them in every column; they were kept",
                self.repeated.times
            );
            notes.push(Note::new("repeated-rows", message, self.repeated.place()));
        }
        if self.voltage_wild.times > 0 {
            let message = format!(
                "{} voltages are beyond {VOLTAGE_MAX_V} V: millivolts under a heading of volts, or a lost decimal sign? They were kept as they are",
                self.voltage_wild.times
            );
            notes.push(Note::new("voltage-out-of-range", message, self.voltage_wild.place()));
        }
        if let Some(span) = self.span {
            notes.extend(time_unit(span).or_else(|| self.clock(span)));
        }
        notes.extend(self.twins.iter().filter_map(Twin::note));
        if self.against_v > AGAINST_MIN_V && self.against_v > 5.0 * self.with_v {
            notes.push(Note::new(
                "current-sign-suspect",
                "the voltage falls while the current is positive, or rises while it is negative: the sign of the current may be turned round. It was kept as it is; positive current is taken to charge",
                "column current_ampere",
            ));
        }
        notes
    }

    /// Doubts about the wall clock beside the test time.
    fn clock(&self, span: Span) -> Option<Note> {
        let test = span.last.0 - span.first.0;
        let more = span.last.1 - span.first.1 - test;
        // Where there is no Unix time, `more` is no number.
        if more.is_nan() || more.abs() <= CLOCK_S + CLOCK_PART * test.abs() {
            return None;
        }
        let (leap, row) = self.leap;
        let how = if more > 0.0 { "more" } else { "less" };
        let message = format!(
            "from the first row to the last the wall clock ran {:.0} s {how} than the test time ({leap:.0} s of it at once in row {row}): the test was paused, or the clock was set. Both were kept as they are",
            more.abs()
        );
        Some(Note::new("clock-differs", message, format!("row {row}")))
    }
}

/// Whether all are true. Without a branch for each: a processor looks at several of them at once.
fn all(of: impl Iterator<Item = bool>) -> bool {
    of.fold(true, |all, one| all & one)
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

/// A number that differs, but for a chance of one in 2^64, where anything in a row does (FNV-1a).
fn print_of(columns: &[Values], row: usize) -> u64 {
    let mut print = 0xcbf2_9ce4_8422_2325_u64;
    let mut mix = |bytes: &[u8]| {
        for &byte in bytes {
            print = (print ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for values in columns {
        match values {
            Values::Number(numbers) => {
                mix(&numbers.get(row).copied().unwrap_or(f64::NAN).to_bits().to_le_bytes());
            }
            Values::Text(texts) => {
                mix(texts.get(row).map_or("", String::as_str).as_bytes());
                mix(&[0xff]);
            }
        }
    }
    print
}
