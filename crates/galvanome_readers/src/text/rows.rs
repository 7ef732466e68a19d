//! Rows of text on their way to a sink: cells become numbers, findings are counted.

use std::borrow::Cow;

use galvanome_model::measurement::Values;
use galvanome_model::note::Note;

use super::cells::{Delimiter, decode, split, text_cell};
use super::clock::{Civil, DateOrder, duration_s};
use super::lines::{Line, Lines};
use super::number::{Cell, Decimal, parse};
use crate::error::ReadError;
use crate::limits::Limits;
use crate::sink::{NewColumn, Sink};
use crate::units::Convert;

/// Cells handed over at once, over all columns.
const BATCH_CELLS: usize = 1 << 18;

/// How a cell becomes a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Take {
    /// As a number in another unit.
    Number(Convert),
    /// As a duration such as `12:34:56`, in seconds.
    Duration,
    /// As a time of day and date, in seconds since the given one, or since that of the first row.
    Since(Option<Civil>, DateOrder),
    /// As text.
    Text,
}

/// One column of the table, and the cell of a line that it comes from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Plan {
    /// The column.
    pub(crate) column: NewColumn,
    /// The index of its cell.
    pub(crate) cell: usize,
    /// How the cell is taken.
    pub(crate) take: Take,
}

/// How the table stands in the text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grid {
    /// What separates cells.
    pub(crate) delimiter: Delimiter,
    /// The decimal sign.
    pub(crate) decimal: Decimal,
    /// How many cells the line of column names has.
    pub(crate) width: usize,
    /// Cells at the beginning that a row of this table leaves empty.
    pub(crate) blank: usize,
    /// Whether rows may be shorter than the line of names.
    pub(crate) ragged: bool,
    /// Whether the software ends a file without a line break, as a habit.
    pub(crate) last_line_open: bool,
}

/// A finding that is counted, with the line where it was met first.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    times: u64,
    first: u64,
}

impl Count {
    fn add(&mut self, line: u64) {
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

#[derive(Debug, Default)]
struct Counts {
    wide: Count,
    narrow: Count,
    dropped: Count,
    outer: Count,
    infinite: Count,
    cut_text: Count,
    cut_line: Count,
    truncated: Option<(u64, u64)>,
    open_end: Option<u64>,
    limit: Option<u64>,
    other: Vec<Count>,
}

/// Writes lines of a table into a sink.
pub(crate) struct Rows<'a> {
    sink: &'a mut dyn Sink,
    limits: &'a Limits,
    grid: Grid,
    plans: Vec<Plan>,
    batch: Vec<Values>,
    batched: usize,
    batch_max: usize,
    kept: u64,
    counts: Counts,
    /// How the last cell of the row before ended, from its exponent on.
    last_exponent: Option<usize>,
}

impl<'a> Rows<'a> {
    /// Begins a table.
    pub(crate) fn begin(
        sink: &'a mut dyn Sink,
        limits: &'a Limits,
        name: &str,
        grid: Grid,
        mut plans: Vec<Plan>,
    ) -> Self {
        if plans.len() > limits.max_columns {
            let message = format!(
                "the table has {} columns; the first {} were read",
                plans.len(),
                limits.max_columns
            );
            sink.note(Note::new("limit-reached", message, ""));
            plans.truncate(limits.max_columns);
        }
        let columns: Vec<_> = plans.iter().map(|plan| plan.column.clone()).collect();
        sink.table(name, &columns);
        let batch = columns.iter().map(|column| column.kind.values()).collect();
        let batch_max = (BATCH_CELLS / plans.len().max(1)).max(1);
        let counts = Counts { other: vec![Count::default(); plans.len()], ..Counts::default() };
        Self {
            sink,
            limits,
            grid,
            plans,
            batch,
            batched: 0,
            batch_max,
            kept: 0,
            counts,
            last_exponent: None,
        }
    }

    /// Reads every line that is left as a row of the table. Errors when the source cannot be read or the sink
    /// cannot keep the rows.
    pub(crate) fn read_all(mut self, lines: &mut Lines<'_>) -> Result<(), ReadError> {
        let mut cells = Vec::new();
        let outcome = loop {
            match lines.next() {
                // The rows that were whole before the trouble are kept.
                Err(error) => break Err(error),
                Ok(None) => break Ok(()),
                Ok(Some(line)) => {
                    // Cells are positions here, so that one buffer serves all lines.
                    match self.line(line, &mut cells) {
                        Ok(true) => {}
                        Ok(false) => break Ok(()),
                        Err(error) => break Err(error),
                    }
                }
            }
        };
        let flushed = self.flush();
        self.write_notes();
        outcome.and(flushed)
    }

    /// Takes one line. Gives whether there is room for more.
    fn line(&mut self, line: Line<'_>, spare: &mut Vec<&'static [u8]>) -> Result<bool, ReadError> {
        if line.cut {
            self.counts.cut_line.add(line.number);
            return Ok(true);
        }
        if line.bytes.trim_ascii().is_empty() {
            return Ok(true);
        }
        if self.kept >= self.limits.max_rows
            || (self.kept + 1).saturating_mul(self.plans.len() as u64) > self.limits.max_cells
        {
            self.counts.limit = Some(line.number);
            return Ok(false);
        }
        let mut cells: Vec<&[u8]> = std::mem::take(spare);
        split(line.bytes, self.grid.delimiter, &mut cells);
        let is_row = self.row(&line, &cells);
        cells.clear();
        // An empty vector lends nothing: its room serves the next line.
        *spare = cells.into_iter().map(|_| -> &'static [u8] { &[] }).collect();
        if is_row {
            self.kept += 1;
            self.batched += 1;
            if self.batched >= self.batch_max {
                self.flush()?;
            }
        }
        Ok(true)
    }

    /// Takes the cells of one line into the batch. Gives whether they were kept.
    fn row(&mut self, line: &Line<'_>, cells: &[&[u8]]) -> bool {
        let filled = cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
        let last_cell = cells.get(self.grid.width.saturating_sub(1)).copied().unwrap_or_default();
        if !line.ended && (cells.len() < self.grid.width || self.looks_cut(last_cell)) {
            self.counts.truncated = Some((line.number, line.byte));
            return false;
        }
        if !line.ended && (!self.grid.last_line_open || self.last_exponent.is_none()) {
            self.counts.open_end = Some(line.number);
        }
        if filled > self.grid.width {
            self.counts.wide.add(line.number);
        } else if cells.len() < self.grid.width {
            // A stub of a line would become a row of nothing: memory that the file does not pay for.
            if cells.len() * 2 < self.grid.width || !self.grid.ragged {
                self.counts.dropped.add(line.number);
                return false;
            }
            self.counts.narrow.add(line.number);
        }
        if cells.iter().take(self.grid.blank).any(|cell| !cell.is_empty()) {
            self.counts.outer.add(line.number);
            return false;
        }
        let (mut good, mut bad) = (0_usize, 0_usize);
        for ((plan, values), count) in
            self.plans.iter_mut().zip(&mut self.batch).zip(&mut self.counts.other)
        {
            let cell = cells.get(plan.cell).copied().unwrap_or_default();
            match values {
                Values::Text(texts) => {
                    let (text, cut) = text_cell(cell, self.limits.max_text_bytes);
                    if cut {
                        self.counts.cut_text.add(line.number);
                    }
                    texts.push(text);
                }
                Values::Number(numbers) => {
                    let number = match number_of(cell, &mut plan.take, self.grid.decimal) {
                        Cell::Number(number) => {
                            good += 1;
                            number
                        }
                        Cell::Missing => f64::NAN,
                        Cell::Infinite => {
                            self.counts.infinite.add(line.number);
                            f64::NAN
                        }
                        Cell::Other => {
                            bad += 1;
                            count.add(line.number);
                            f64::NAN
                        }
                    };
                    numbers.push(number);
                }
            }
        }
        if good == 0 && bad > 0 {
            // Not a row of this table: a repeated header, a remark, a burst of garbage.
            self.forget_last_row(line.number);
            self.counts.dropped.add(line.number);
            return false;
        }
        if !last_cell.is_empty() {
            self.last_exponent = exponent_len(last_cell);
        }
        true
    }

    /// Whether the last cell of a file is shorter than this column's numbers are: `1.2345E+0` after
    /// `1.2344E+000`.
    fn looks_cut(&self, cell: &[u8]) -> bool {
        self.last_exponent.is_some_and(|len| exponent_len(cell) != Some(len))
    }

    fn forget_last_row(&mut self, line: u64) {
        for values in &mut self.batch {
            match values {
                Values::Number(numbers) => drop(numbers.pop()),
                Values::Text(texts) => drop(texts.pop()),
            }
        }
        for count in &mut self.counts.other {
            if count.times > 0 && count.first == line {
                *count = Count::default();
            }
        }
    }

    fn flush(&mut self) -> Result<(), ReadError> {
        if self.batched == 0 {
            return Ok(());
        }
        let kept = self.sink.rows(&self.batch);
        for values in &mut self.batch {
            match values {
                Values::Number(numbers) => numbers.clear(),
                Values::Text(texts) => texts.clear(),
            }
        }
        self.batched = 0;
        kept
    }

    fn write_notes(&mut self) {
        let sink = &mut *self.sink;
        let counts = std::mem::take(&mut self.counts);
        if let Some((line, byte)) = counts.truncated {
            let message = format!(
                "the file stops within its last line; {} whole rows were read, the broken one was left out. Fetch the file again if the test is longer",
                self.kept
            );
            sink.note(Note::new("truncated-file", message, format!("line {line}, byte {byte}")));
        }
        if let Some(line) = counts.open_end {
            let message = "the last line has no line break at its end; if the file was cut off, its last cell may miss digits";
            sink.note(Note::new("unterminated-last-line", message, format!("line {line}")));
        }
        if let Some(line) = counts.limit {
            let message =
                format!("the limit on rows was reached; the first {} rows were read", self.kept);
            sink.note(Note::new("limit-reached", message, format!("line {line}")));
        }
        counts.wide.note(sink, "row-width", |n| {
            format!(
                "{n} lines have more cells than there are column names; the surplus was left out"
            )
        });
        counts.narrow.note(sink, "row-width", |n| {
            format!("{n} lines have fewer cells than there are column names; what is missing stays empty")
        });
        counts.dropped.note(sink, "unreadable-line", |n| {
            format!("{n} lines within the table are not rows of it and were left out")
        });
        counts.outer.note(sink, "nested-table", |n| {
            format!(
                "{n} lines belong to another table that this one is nested in and were left out"
            )
        });
        counts.cut_line.note(sink, "unreadable-line", |n| {
            format!("{n} lines are longer than any row of numbers and were left out")
        });
        counts
            .cut_text
            .note(sink, "limit-reached", |n| format!("{n} texts were cut to the longest allowed"));
        counts.infinite.note(sink, "infinite-value", |n| {
            format!("{n} values are infinite and count as missing")
        });
        for (plan, count) in self.plans.iter().zip(counts.other) {
            let name = &plan.column.head.vendor_name;
            count.note(sink, "unreadable-value", |n| {
                format!("{n} cells of column {name} are not numbers as the others are and count as missing")
            });
        }
    }
}

fn number_of(cell: &[u8], take: &mut Take, decimal: Decimal) -> Cell {
    match take {
        Take::Text => Cell::Missing,
        Take::Duration | Take::Since(..) if cell.is_empty() => Cell::Missing,
        Take::Number(convert) => match parse(cell, decimal) {
            Cell::Number(number) => Cell::Number(convert.apply(number)),
            other => other,
        },
        Take::Duration => duration_s(&decode(cell)).map_or(Cell::Other, Cell::Number),
        Take::Since(origin, order) => match Civil::parse(&decode(cell), *order) {
            Some(time) => Cell::Number(time.seconds_since(origin.get_or_insert(time))),
            None => Cell::Other,
        },
    }
}

/// How many bytes stand behind the `E` of a number.
fn exponent_len(cell: &[u8]) -> Option<usize> {
    let exponent = cell.iter().rposition(|byte| matches!(byte, b'e' | b'E'))?;
    Some(cell.len() - exponent - 1)
}

/// Names of columns made unique: a name that was there before gets its place (`Voltage#7`).
pub(crate) fn make_unique(plans: &mut [Plan]) {
    let mut seen = std::collections::BTreeSet::new();
    for plan in plans {
        let name = &mut plan.column.head.name;
        while !seen.insert(name.clone()) {
            *name = format!("{name}#{}", plan.cell + 1);
        }
    }
}

/// The cells of a line as texts.
pub(crate) fn texts_of(line: &[u8], delimiter: Delimiter) -> Vec<Cow<'_, str>> {
    let mut cells = Vec::new();
    split(line, delimiter, &mut cells);
    cells.into_iter().map(decode).collect()
}
