//! Rows of text on their way to a sink: cells become numbers, findings are counted.

mod counts;
mod outer;
mod take;
mod watch;

use galvanome_model::measurement::Values;

use self::counts::{Count, Counts};
pub(crate) use self::outer::{Level, Outer};
use self::take::exponent_len;
pub(crate) use self::take::{Plan, State, Take, carried, is_discharge, number_of, planned};
pub(crate) use self::watch::Watch;
use super::ahead::{Ahead, Row};
use super::cells::{Delimiter, Piece, pieces, text_into};
use super::lines::{Line, Lines};
use super::number::{Cell, Decimal};
use crate::columns::unique;
use crate::error::ReadError;
use crate::limits::Limits;
use crate::sink::Sink;

/// Cells handed over at once, over all columns: few enough to stay near the processor.
const BATCH_CELLS: usize = 1 << 16;

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
    outer: Option<Outer>,
    watch: Option<Watch>,
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
        if let Some(note) = limits.too_many_columns(plans.len(), "") {
            sink.note(note);
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
            outer: None,
            watch: None,
        }
    }

    /// Keeps the tables that this one is nested in, and writes them behind it.
    pub(crate) fn nested_in(mut self, outer: Outer) -> Self {
        self.outer = Some(outer);
        self
    }

    /// Compares the wall clock with the test time.
    pub(crate) fn watching(mut self, watch: Option<Watch>) -> Self {
        self.watch = watch;
        self
    }

    /// Reads every line that is left as a row of the table; the first of them were looked at ahead. Errors when the source
    /// cannot be read or the sink cannot keep the rows.
    pub(crate) fn read_all(
        mut self,
        lines: &mut Lines<'_>,
        ahead: &Ahead,
    ) -> Result<(), ReadError> {
        let (mut cells, mut next) = (Vec::new(), 0);
        let outcome = loop {
            match lines.next() {
                // The rows that were whole before the trouble are kept.
                Err(error) => break Err(error),
                Ok(None) => break Ok(()),
                Ok(Some(ref line)) => {
                    let known = ahead.row_at(line.byte, &mut next);
                    match self.line(line, known, &mut cells) {
                        Ok(true) => {}
                        Ok(false) => break Ok(()),
                        Err(error) => break Err(error),
                    }
                }
            }
        };
        let flushed = self.flush();
        let Self { sink, plans, counts, kept, outer, watch, .. } = self;
        counts.write_notes(kept, &plans, sink);
        if let Some(note) = watch.and_then(|watch| watch.note()) {
            sink.note(note);
        }
        let written = outer.map_or(Ok(()), |outer| outer.write(sink));
        outcome.and(flushed).and(written)
    }

    /// Takes one line, whose cells may be known. Gives whether there is room for more.
    fn line(
        &mut self,
        line: &Line<'_>,
        known: Option<Row<'_>>,
        spare: &mut Vec<Piece<'static>>,
    ) -> Result<bool, ReadError> {
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
        let mut cells: Vec<Piece<'_>> = std::mem::take(spare);
        match known {
            // Its numbers were read as they are with a point.
            Some(row) if self.grid.decimal == Decimal::Point => cells.extend(row.pieces()),
            _ => pieces(line, self.grid.delimiter, self.grid.decimal, &mut cells),
        }
        let is_row = self.row(line, &cells);
        cells.clear();
        // An empty vector lends nothing: its room serves the next line.
        *spare = cells.into_iter().map(|_| Piece::default()).collect();
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
    fn row(&mut self, line: &Line<'_>, cells: &[Piece<'_>]) -> bool {
        let bytes = |cell: usize| cells.get(cell).map_or(&[][..], |cell| cell.bytes);
        let filled =
            cells.iter().rposition(|cell| !cell.bytes.is_empty()).map_or(0, |last| last + 1);
        let last_cell = bytes(self.grid.width.saturating_sub(1));
        if !line.ended && (cells.len() < self.grid.width || self.looks_cut(last_cell)) {
            self.counts.truncated = Some((line.number, line.byte));
            return false;
        }
        if !line.ended && (!self.grid.last_line_open || self.last_exponent.is_none()) {
            self.counts.open_end = Some(line.number);
        }
        let depth = cells.iter().take(self.grid.blank).position(|cell| !cell.bytes.is_empty());
        if let Some(depth) = depth {
            let decimal = self.grid.decimal;
            let cells: Vec<&[u8]> = cells.iter().map(|cell| cell.bytes).collect();
            let take = |outer: &mut Outer| outer.take(depth, &cells, decimal, self.limits);
            if !self.outer.as_mut().is_some_and(take) {
                self.counts.outer.add(line.number);
            }
            return false;
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
        let (mut good, mut bad) = (0_usize, 0_usize);
        for ((plan, values), count) in
            self.plans.iter_mut().zip(&mut self.batch).zip(&mut self.counts.other)
        {
            if let (Values::Number(numbers), Take::Number(convert)) = (&mut *values, &plan.take)
                && let Some(number) = cells.get(plan.cell).map(|cell| cell.number)
                && !number.is_nan()
            {
                good += 1;
                numbers.push(convert.apply(number));
                continue;
            }
            let cell = match (&plan.take, &self.outer) {
                (Take::Carried(level, _), Some(outer)) => outer.cell(*level, plan.cell),
                _ => bytes(plan.cell),
            };
            match values {
                Values::Text(texts) => {
                    // The texts of the batch before lend their room.
                    if texts.len() <= self.batched {
                        texts.push(String::new());
                    }
                    if let Some(text) = texts.get_mut(self.batched)
                        && text_into(text, cell, self.limits.max_text_bytes)
                    {
                        self.counts.cut_text.add(line.number);
                    }
                }
                Values::Number(numbers) => {
                    let state = match (&plan.take, &self.outer) {
                        (Take::Signed(_, State::Cell(cell)), _) => bytes(*cell),
                        (Take::Signed(_, State::Carried(level, cell)), Some(outer)) => {
                            outer.cell(*level, *cell)
                        }
                        _ => &[],
                    };
                    let number = match number_of(cell, state, &mut plan.take, self.grid.decimal) {
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
        if let Some(watch) = &mut self.watch
            && let Some(Values::Number(times)) = self.batch.get(watch.time())
        {
            watch.look(cells, times.last().copied().unwrap_or(f64::NAN));
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
                // The next row takes its place.
                Values::Text(_) => {}
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
        for values in &mut self.batch {
            if let Values::Text(texts) = values {
                texts.truncate(self.batched);
            }
        }
        let kept = self.sink.rows(&self.batch);
        for values in &mut self.batch {
            if let Values::Number(numbers) = values {
                numbers.clear();
            }
        }
        self.batched = 0;
        kept
    }
}

/// Names of columns made unique, each by the place of its cell.
pub(crate) fn make_unique(plans: &mut [Plan]) {
    unique(plans.iter_mut().map(|plan| (&mut plan.column.head.name, plan.cell)));
}
