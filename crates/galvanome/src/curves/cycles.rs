//! The cycles of a main table, by the same rules as the technique `echem` finds them: what the instrument counts, or where
//! it does not count, the readers' `cycle_count_derived`. Charges are integrals by the trapezoidal rule, each row counted
//! to its own cycle.

use std::io;

use galvanome_model::note::Note;

use super::contents::{Cycle, TIME};
use super::read::Columns;

/// Rows that are looked at at a time.
const CHUNK: u64 = 65_536;

/// Cycles that are told apart, at most: what switches more often is a pulse train.
const MOST: usize = 100_000;

/// Cycles under way.
#[derive(Default)]
struct Found {
    cycles: Vec<Cycle>,
    too_many: bool,
    /// The number that runs; none before the first.
    number: Option<f64>,
}

impl Found {
    /// A row that bears a number; one without goes on with the number before.
    fn number(&mut self, number: f64, row: &Row) {
        if number.is_finite() && self.number != Some(number) {
            self.number = Some(number);
            self.begin(number, row.at, row.time);
        }
    }

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
    derived: f64,
    gap: f64,
}

/// Counts cycles row by row, in both ways.
#[derive(Default)]
struct Both {
    counted: Found,
    derived: Found,
}

impl Both {
    fn row(&mut self, row: Row, next_gap: f64) {
        self.counted.number(row.number, &row);
        self.derived.number(row.derived, &row);
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
    if facts.span.is_none() {
        return none;
    }
    let counter = place("cycle_count").map(|(place, _)| place);
    let derived = place("cycle_count_derived").map(|(place, _)| place);
    let mut both = Both::default();
    let mut before: Option<Row> = None;
    let mut begin = 0;
    while begin < table.rows {
        let rows = begin..(begin + CHUNK).min(table.rows);
        let times = columns.numbers(0, time, rows.clone())?;
        let currents = columns.numbers(0, current, rows.clone())?;
        let count = |column: Option<usize>| match column {
            Some(column) => columns.numbers(0, column, rows.clone()),
            None => Ok(vec![f64::NAN; times.len()]),
        };
        let (numbers, counts) = (count(counter)?, count(derived)?);
        for (at, (((&time, &current), &number), &derived)) in
            times.iter().zip(&currents).zip(&numbers).zip(&counts).enumerate()
        {
            let gap = before.map_or(0.0, |before| time - before.time);
            if let Some(before) = before {
                both.row(before, gap);
            }
            before = Some(Row { at: rows.start + at as u64, time, current, number, derived, gap });
        }
        begin = rows.end;
    }
    if let Some(before) = before {
        both.row(before, 0.0);
    }
    let Both { counted, derived } = both;
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
