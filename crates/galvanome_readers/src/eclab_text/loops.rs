//! Loops of a test, which the header lists by the numbers of their rows: a column for them, and a check of the number of
//! rows.

use galvanome_model::measurement::{ColumnHead, Origin, Values};
use galvanome_model::note::Note;

use crate::error::ReadError;
use crate::sink::{Kind, NewColumn, Sink, hand_on};

/// Loops that are kept at most.
const LOOPS_MAX: usize = 1 << 20;

/// The first row of each loop, from 0, and the row behind the last one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct List {
    firsts: Vec<u64>,
    behind: u64,
}

impl List {
    /// Takes a line of the header, where it is one of the list: `Loop 1 from point number 20 to 39`.
    pub(super) fn take(&mut self, line: &str) {
        let Some(rest) = line.trim().strip_prefix("Loop ") else { return };
        let mut words = rest.split_ascii_whitespace();
        let number = words.next().and_then(|word| word.parse::<u64>().ok());
        let mut numbers = words.filter_map(|word| word.parse::<u64>().ok());
        let (Some(number), Some(first), Some(last)) = (number, numbers.next(), numbers.next())
        else {
            return;
        };
        // What does not begin with the first row and go on is no list of loops.
        let next = number == self.firsts.len() as u64 && first == self.behind && last >= first;
        if next && self.firsts.len() < LOOPS_MAX {
            self.firsts.push(first);
            self.behind = last.saturating_add(1);
        }
    }
}

/// A sink that adds the loop to each row.
pub(super) struct Loops<'a> {
    inner: &'a mut dyn Sink,
    list: List,
    rows: u64,
}

impl<'a> Loops<'a> {
    /// Adds loops to what passes to `inner`.
    pub(super) fn new(inner: &'a mut dyn Sink, list: List) -> Self {
        Self { inner, list, rows: 0 }
    }

    fn has_column(&self) -> bool {
        self.list.firsts.len() > 1
    }

    /// Notes a number of rows other than the header's. Call it when all have passed.
    pub(super) fn finish(self) {
        if self.list.behind > 0 && self.list.behind != self.rows {
            let message = format!(
                "the header lists loops of {} rows and the file has {}: rows may have been cut off or left out",
                self.list.behind, self.rows
            );
            self.inner.note(Note::new("row-count", message, ""));
        }
    }
}

impl Sink for Loops<'_> {
    hand_on! { format instrument started_at metadata signal image note }

    fn table(&mut self, name: &str, columns: &[NewColumn]) {
        if columns.iter().any(|column| column.head.name == "loop") {
            self.list.firsts.clear();
        }
        if !self.has_column() {
            return self.inner.table(name, columns);
        }
        let head = ColumnHead {
            name: "loop".to_owned(),
            unit: "1".to_owned(),
            vendor_name: "Loop".to_owned(),
            origin: Origin::Stored,
        };
        let all = columns.iter().cloned().chain([NewColumn { head, kind: Kind::Number }]);
        self.inner.table(name, &all.collect::<Vec<_>>());
    }

    fn rows(&mut self, columns: &[Values]) -> Result<(), ReadError> {
        let begin = self.rows;
        self.rows += columns.first().map_or(0, Values::len) as u64;
        if !self.has_column() {
            return self.inner.rows(columns);
        }
        let firsts = &self.list.firsts;
        let loops = (begin..self.rows)
            .map(|row| firsts.partition_point(|&first| first <= row).saturating_sub(1) as f64);
        self.inner.rows_and(columns, &[Values::Number(loops.collect())])
    }
}
