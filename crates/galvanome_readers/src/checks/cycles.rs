//! A count of cycles of our own, by one rule for every instrument, in a column behind those of the file.
//!
//! The rule is that of [`galvanome_numerics::turns`], which analyses go by, too: one charge and one discharge make a cycle,
//! in the order in which the test has them first; the count begins with 1 and changes with the row at which the
//! current turns. A current below a thousandth of the largest so far (the first 4096 rows taken together) is rest,
//! and a turn counts only when the charge until the next one is at least a hundredth of the largest between turns
//! before it, so that noise and pulses are no cycles.
//!
//! A turn shows itself some rows after it began. Rows in doubt wait for that, up to [`WAIT_ROWS`]; behind these the count
//! changes where the turn shows itself.

use galvanome_model::measurement::{ColumnHead, Origin, Values};
use galvanome_numerics::turns::{FIRST, Turns};

use crate::error::ReadError;
use crate::sink::{Kind, NewColumn, Sink};

/// The name of the column.
const NAME: &str = "cycle_count_derived";

/// Rows, and cells, that wait at most for a turn to show itself.
const WAIT_ROWS: usize = 1 << 16;
const WAIT_CELLS: usize = 1 << 22;

/// Counts the cycles of one table and hands its rows on.
#[derive(Debug)]
pub(super) struct Cycles {
    current: usize,
    time: Option<usize>,
    /// Rows that wait, column by column, and their counts and those of the rows that are judged now.
    held: Vec<Values>,
    counts: Vec<f64>,
    began: bool,
    since: Since,
    turns: Turns,
}

/// How long the current of each row flowed: since the row before, in seconds.
#[derive(Debug)]
struct Since {
    last_time: f64,
    /// The last interval that is known; taken again where a row has no time.
    interval: f64,
}

impl Since {
    fn row(&mut self, time: f64) -> f64 {
        if !time.is_finite() {
            return self.interval;
        }
        let interval = time - std::mem::replace(&mut self.last_time, time);
        if interval > 0.0 {
            self.interval = interval;
            interval
        } else {
            // The first row, or a clock that stands still or goes back.
            0.0
        }
    }
}

impl Cycles {
    /// For a table of the main kind with a current, if it is one.
    pub(super) fn begin(name: &str, columns: &[NewColumn]) -> Option<Self> {
        let place = |name: &str| {
            columns
                .iter()
                .position(|column| column.kind == Kind::Number && column.head.name == name)
        };
        if name != "records" || columns.iter().any(|column| column.head.name == NAME) {
            return None;
        }
        Some(Self {
            current: place("current_ampere")?,
            time: place("test_time_second"),
            held: columns.iter().map(|column| column.kind.values()).collect(),
            counts: Vec::new(),
            began: false,
            since: Since { last_time: f64::NAN, interval: 1.0 },
            turns: Turns::new(),
        })
    }

    /// The column.
    pub(super) fn column() -> NewColumn {
        NewColumn {
            head: ColumnHead {
                name: NAME.to_owned(),
                unit: "1".to_owned(),
                vendor_name: String::new(),
                origin: Origin::Reconstructed,
            },
            kind: Kind::Number,
        }
    }

    /// The rule in words, and the name under which metadata say it.
    pub(super) const RULE: (&str, &str) = (
        "galvanome.cycle_count_derived",
        "sign of the current: one charge and one discharge are a cycle, in the order of the test, from 1; a current below 1/1000 of the largest is rest; a turn that moves less than 1/100 of the largest charge between turns does not count",
    );

    /// Takes rows, and hands on those whose count is sure. Errors when the sink cannot keep them.
    pub(super) fn take(
        &mut self,
        columns: &[Values],
        sink: &mut dyn Sink,
    ) -> Result<(), ReadError> {
        let rows = columns.first().map_or(0, Values::len);
        if self.began {
            return self.judge(columns, sink);
        }
        if self.held_rows() == 0 && rows >= FIRST {
            self.start(columns);
            return self.judge(columns, sink);
        }
        self.hold(columns, 0);
        if self.held_rows() >= FIRST { self.judge_held(sink) } else { Ok(()) }
    }

    /// Hands on all that waits. Errors when the sink cannot keep it.
    pub(super) fn finish(&mut self, sink: &mut dyn Sink) -> Result<(), ReadError> {
        if !self.began {
            self.judge_held(sink)?;
        }
        self.release(sink)
    }

    fn held_rows(&self) -> usize {
        self.held.first().map_or(0, Values::len)
    }

    /// Learns the largest current of the first rows.
    fn start(&mut self, columns: &[Values]) {
        self.began = true;
        self.turns.learn(numbers(columns, Some(self.current)).unwrap_or_default());
    }

    /// Judges the rows that were held until the first of them could be judged.
    fn judge_held(&mut self, sink: &mut dyn Sink) -> Result<(), ReadError> {
        let fresh = self.held.iter().map(empty_like).collect();
        let first = std::mem::replace(&mut self.held, fresh);
        self.start(&first);
        self.judge(&first, sink)
    }

    fn judge(&mut self, columns: &[Values], sink: &mut dyn Sink) -> Result<(), ReadError> {
        let rows = columns.first().map_or(0, Values::len);
        let Some(currents) = numbers(columns, Some(self.current)) else { return Ok(()) };
        let held = self.held_rows();
        let Self { since, turns, counts, .. } = self;
        if let Some(times) = numbers(columns, self.time) {
            let flow =
                currents.iter().zip(times).map(|(&current, &time)| (current, since.row(time)));
            turns.judge(flow, counts);
        } else {
            turns.judge(currents.iter().map(|&current| (current, since.interval)), counts);
        }
        let sure = turns.in_doubt_from().unwrap_or(held + rows);
        if sure < held {
            // The turn that the rows wait for is still in doubt.
            self.hold(columns, 0);
        } else {
            self.hand_on_held(held, sink)?;
            let now = sure - held;
            if now == rows {
                let counts = [Values::Number(std::mem::take(&mut self.counts))];
                sink.rows_and(columns, &counts)?;
                // The next rows take the room.
                if let [Values::Number(mut counts)] = counts {
                    counts.clear();
                    self.counts = counts;
                }
            } else {
                if now > 0 {
                    let head: Vec<_> = columns.iter().map(|values| part(values, 0, now)).collect();
                    let counts = self.counts.drain(..now).collect();
                    self.turns.taken(now);
                    sink.rows_and(&head, &[Values::Number(counts)])?;
                }
                self.hold(columns, now);
            }
        }
        let waiting = self.held_rows();
        if waiting > WAIT_ROWS || waiting.saturating_mul(self.held.len()) > WAIT_CELLS {
            return self.release(sink);
        }
        Ok(())
    }

    /// Hands on the first `held` rows that wait.
    fn hand_on_held(&mut self, held: usize, sink: &mut dyn Sink) -> Result<(), ReadError> {
        if held == 0 {
            return Ok(());
        }
        let counts: Vec<f64> = self.counts.drain(..held.min(self.counts.len())).collect();
        self.turns.taken(held);
        sink.rows_and(&self.held, &[Values::Number(counts)])?;
        for values in &mut self.held {
            *values = empty_like(values);
        }
        Ok(())
    }

    /// Hands on the rows in doubt as they are; the turn counts from where it shows itself.
    fn release(&mut self, sink: &mut dyn Sink) -> Result<(), ReadError> {
        self.hand_on_held(self.held_rows(), sink)
    }

    /// Keeps rows from a place on.
    fn hold(&mut self, columns: &[Values], from: usize) {
        for (held, values) in self.held.iter_mut().zip(columns) {
            match (held, values) {
                (Values::Number(held), Values::Number(values)) => {
                    held.extend_from_slice(values.get(from..).unwrap_or_default());
                }
                (Values::Text(held), Values::Text(values)) => {
                    held.extend_from_slice(values.get(from..).unwrap_or_default());
                }
                (Values::Number(held), values) => {
                    held.resize(held.len() + values.len() - from, f64::NAN);
                }
                (Values::Text(held), values) => {
                    held.resize(held.len() + values.len() - from, String::new());
                }
            }
        }
    }
}

/// The numbers of a column.
pub(super) fn numbers(columns: &[Values], place: Option<usize>) -> Option<&[f64]> {
    match columns.get(place?)? {
        Values::Number(numbers) => Some(numbers),
        Values::Text(_) => None,
    }
}

fn empty_like(values: &Values) -> Values {
    match values {
        Values::Number(_) => Kind::Number.values(),
        Values::Text(_) => Kind::Text.values(),
    }
}

fn part(values: &Values, from: usize, to: usize) -> Values {
    match values {
        Values::Number(numbers) => {
            Values::Number(numbers.get(from..to).unwrap_or_default().to_vec())
        }
        Values::Text(texts) => Values::Text(texts.get(from..to).unwrap_or_default().to_vec()),
    }
}
