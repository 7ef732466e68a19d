//! The cycles of a main table, by the same rules as the technique `echem` finds them: what the instrument counts, or the
//! direction of the current where it does not count. Charges are integrals by the trapezoidal rule, each row
//! counted to its own cycle.

use std::io;

use galvanome_model::note::Note;

use super::contents::{Cycle, TIME};
use super::read::Columns;

/// Rows that are looked at at a time.
const CHUNK: u64 = 65_536;

/// Cycles that are told apart, at most: what switches more often is a pulse train.
const MOST: usize = 100_000;

/// Currents below this part of the largest one count as rest.
const REST: f64 = 1e-3;

/// Cycles under way.
#[derive(Default)]
struct Found {
    cycles: Vec<Cycle>,
    too_many: bool,
}

impl Found {
    fn begin(&mut self, number: f64, row: u64, time: f64) {
        if self.cycles.len() >= MOST {
            self.too_many = true;
            return;
        }
        self.cycles.push(Cycle {
            number,
            first_row: row,
            rows: 0,
            charge_ah: 0.0,
            discharge_ah: 0.0,
            begins_s: time,
        });
    }

    fn row(&mut self, ampere_hours: f64) {
        let Some(cycle) = self.cycles.last_mut() else { return };
        cycle.rows += 1;
        if ampere_hours > 0.0 {
            cycle.charge_ah += ampere_hours;
        } else {
            cycle.discharge_ah -= ampere_hours;
        }
    }
}

/// What is needed of one row.
#[derive(Clone, Copy)]
struct Row {
    at: u64,
    time: f64,
    current: f64,
    number: f64,
    gap: f64,
}

/// Counts cycles row by row, in both ways.
struct Both {
    largest: f64,
    counted: Found,
    derived: Found,
    number: f64,
    first: f64,
    turned: bool,
}

impl Both {
    fn row(&mut self, row: Row, next_gap: f64) {
        if row.number.is_finite() && row.number != self.number {
            self.number = row.number;
            self.counted.begin(row.number, row.at, row.time);
        }
        let flows = row.current.abs() > REST * self.largest;
        let sign = if flows { row.current.signum() } else { 0.0 };
        if self.derived.cycles.is_empty() {
            self.derived.begin(1.0, row.at, row.time);
        }
        if sign != 0.0 {
            if self.first == 0.0 {
                self.first = sign;
            } else if sign != self.first {
                self.turned = true;
            } else if self.turned {
                self.turned = false;
                let number = self.derived.cycles.len() as f64 + 1.0;
                self.derived.begin(number, row.at, row.time);
            }
        }
        let hours = 0.5 * (row.gap + next_gap) / 3600.0;
        let current = if row.current.is_finite() { row.current } else { 0.0 };
        self.counted.row(hours * current);
        self.derived.row(hours * current);
    }
}

/// Finds the cycles of the main table; none when it has no current against time.
pub(super) fn find(columns: &Columns) -> io::Result<(Vec<Cycle>, Option<Note>)> {
    let none = Ok((Vec::new(), None));
    let Some(table) = columns.contents().tables.first() else { return none };
    let place = |name: &str| table.column(name).filter(|(_, facts)| !facts.is_text);
    let (Some((time, _)), Some((current, facts)), Some(_)) =
        (place(TIME), place("current_ampere"), place("test_time_second"))
    else {
        return none;
    };
    let Some([_, _, least, greatest]) = facts.span else { return none };
    let counter = place("cycle_count").map(|(place, _)| place);
    let mut both = Both {
        largest: least.abs().max(greatest.abs()),
        counted: Found::default(),
        derived: Found::default(),
        number: f64::NAN,
        first: 0.0,
        turned: false,
    };
    let mut before: Option<Row> = None;
    let mut begin = 0;
    while begin < table.rows {
        let rows = begin..(begin + CHUNK).min(table.rows);
        let times = columns.numbers(0, time, rows.clone())?;
        let currents = columns.numbers(0, current, rows.clone())?;
        let numbers = match counter {
            Some(counter) => columns.numbers(0, counter, rows.clone())?,
            None => vec![f64::NAN; times.len()],
        };
        for (at, ((&time, &current), &number)) in
            times.iter().zip(&currents).zip(&numbers).enumerate()
        {
            let gap = before.map_or(0.0, |before| time - before.time);
            if let Some(before) = before {
                both.row(before, gap);
            }
            before = Some(Row { at: rows.start + at as u64, time, current, number, gap });
        }
        begin = rows.end;
    }
    if let Some(before) = before {
        both.row(before, 0.0);
    }
    let Both { counted, derived, .. } = both;
    let by_counter =
        counted.cycles.len() > 1 || (counted.cycles.len() == 1 && derived.cycles.len() <= 1);
    let chosen = if by_counter { counted } else { derived };
    let note = chosen.too_many.then(|| {
        Note::new(
            "many-cycles",
            format!("the current turns back more than {MOST} times; only the first {MOST} cycles are told apart, and the last of them holds the rest"),
            "column current_ampere",
        )
    });
    Ok((chosen.cycles, note))
}
