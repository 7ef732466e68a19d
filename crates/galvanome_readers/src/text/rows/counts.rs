//! What was found in the lines of a table, counted.

use galvanome_model::note::Note;

use super::Plan;
use crate::sink::Sink;

/// A finding that is counted, with the line where it was met first.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Count {
    pub(super) times: u64,
    pub(super) first: u64,
}

impl Count {
    pub(super) fn add(&mut self, line: u64) {
        if self.times == 0 {
            self.first = line;
        }
        self.times += 1;
    }

    fn note(self, sink: &mut dyn Sink, code: &str, message: impl FnOnce(u64) -> String) {
        if self.times > 0 {
            sink.note(Note::new(code, message(self.times), format!("line {}", self.first)));
        }
    }
}

/// Everything that is counted.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) wide: Count,
    pub(super) narrow: Count,
    pub(super) dropped: Count,
    pub(super) outer: Count,
    pub(super) infinite: Count,
    pub(super) cut_text: Count,
    pub(super) cut_line: Count,
    pub(super) truncated: Option<(u64, u64)>,
    pub(super) open_end: Option<u64>,
    pub(super) limit: Option<u64>,
    /// Cells of each column that are not what the others are.
    pub(super) other: Vec<Count>,
}

impl Counts {
    /// Writes what was found as notes. `kept` is the number of rows.
    pub(super) fn write_notes(self, kept: u64, plans: &[Plan], sink: &mut dyn Sink) {
        if let Some((line, byte)) = self.truncated {
            let message = format!(
                "the file stops within its last line; {kept} whole rows were read, the broken one was left out. Fetch the file again if the test is longer"
            );
            sink.note(Note::new("truncated-file", message, format!("line {line}, byte {byte}")));
        }
        if let Some(line) = self.open_end {
            let message = "the last line has no line break at its end; if the file was cut off, its last cell may miss digits";
            sink.note(Note::new("unterminated-last-line", message, format!("line {line}")));
        }
        if let Some(line) = self.limit {
            let message = format!("the limit on rows was reached; the first {kept} rows were read");
            sink.note(Note::new("limit-reached", message, format!("line {line}")));
        }
        self.wide.note(sink, "row-width", |n| {
            format!(
                "{n} lines have more cells than there are column names; the surplus was left out"
            )
        });
        self.narrow.note(sink, "row-width", |n| {
            format!("{n} lines have fewer cells than there are column names; what is missing stays empty")
        });
        self.dropped.note(sink, "unreadable-line", |n| {
            format!("{n} lines within the table are not rows of it and were left out")
        });
        self.outer.note(sink, "nested-table", |n| {
            format!(
                "{n} lines belong to another table that this one is nested in and were left out"
            )
        });
        self.cut_line.note(sink, "unreadable-line", |n| {
            format!("{n} lines are longer than any row of numbers and were left out")
        });
        self.cut_text
            .note(sink, "limit-reached", |n| format!("{n} texts were cut to the longest allowed"));
        self.infinite.note(sink, "infinite-value", |n| {
            format!("{n} values are infinite and count as missing")
        });
        for (plan, count) in plans.iter().zip(self.other) {
            let name = &plan.column.head.vendor_name;
            count.note(sink, "unreadable-value", |n| {
                format!("{n} cells of column {name} are not numbers as the others are and count as missing")
            });
        }
    }
}
