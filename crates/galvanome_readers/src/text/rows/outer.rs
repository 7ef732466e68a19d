//! Tables that the rows of another one are nested in: cycles, and steps within them.

use galvanome_model::measurement::Values;
use galvanome_model::note::Note;

use super::take::number_of;
use super::{Plan, Take};
use crate::error::ReadError;
use crate::limits::Limits;
use crate::sink::Sink;
use crate::text::cells::text_cell;
use crate::text::number::{Cell, Decimal};

/// Rows of one outer table that are kept; nobody cycles a cell so often.
const MOST_ROWS: u64 = 1 << 20;

/// One outer table. The rows of the first level begin at the first cell, those of the second at the second.
#[derive(Debug)]
pub(crate) struct Level {
    /// Its name.
    pub(crate) name: &'static str,
    /// How many cells its line of column names has, empty ones at the beginning included.
    pub(crate) width: usize,
    /// Its columns; a column may be carried from a level before.
    pub(crate) plans: Vec<Plan>,
}

/// Outer tables while they are read.
#[derive(Debug)]
pub(crate) struct Outer {
    levels: Vec<Gathered>,
}

#[derive(Debug)]
struct Gathered {
    level: Level,
    values: Vec<Values>,
    rows: u64,
    /// The cells of the last row.
    current: Vec<Vec<u8>>,
}

impl Outer {
    /// Nothing yet.
    pub(crate) fn new(levels: Vec<Level>) -> Self {
        let gathered = |level: Level| {
            let values = level.plans.iter().map(|plan| plan.column.kind.values()).collect();
            Gathered { level, values, rows: 0, current: Vec::new() }
        };
        Self { levels: levels.into_iter().map(gathered).collect() }
    }

    /// A cell of the last row of a level; empty when there is none.
    pub(super) fn cell(&self, level: usize, cell: usize) -> &[u8] {
        let current = self.levels.get(level).map(|level| &level.current);
        current.and_then(|current| current.get(cell)).map_or(&[], Vec::as_slice)
    }

    /// Takes a line whose first filled cell has the index `depth`. Gives whether it was a row of an outer table.
    pub(super) fn take(
        &mut self,
        depth: usize,
        cells: &[&[u8]],
        decimal: Decimal,
        limits: &Limits,
    ) -> bool {
        let Some(width) = self.levels.get(depth).map(|level| level.level.width) else {
            return false;
        };
        let own = cells.get(..width.min(cells.len())).unwrap_or_default();
        self.add(depth, own, decimal, limits);
        // The software writes the first row of the next level behind the row, without the cells it leaves empty.
        let rest = cells.get(width..).unwrap_or_default();
        if rest.iter().any(|cell| !cell.is_empty()) && depth + 1 < self.levels.len() {
            let empty: &[u8] = &[];
            let mut next = vec![empty; depth + 1];
            next.extend_from_slice(rest);
            self.add(depth + 1, &next, decimal, limits);
        }
        true
    }

    fn add(&mut self, depth: usize, cells: &[&[u8]], decimal: Decimal, limits: &Limits) {
        for level in self.levels.iter_mut().skip(depth) {
            level.current.clear();
        }
        let Some((before, from)) = self.levels.split_at_mut_checked(depth) else { return };
        let Some(level) = from.first_mut() else { return };
        level.current.extend(cells.iter().map(|cell| cell.to_vec()));
        level.rows += 1;
        if level.rows > MOST_ROWS {
            return;
        }
        for (plan, values) in level.level.plans.iter_mut().zip(&mut level.values) {
            let cell = match plan.take {
                Take::Carried(depth, _) => before
                    .get(depth)
                    .and_then(|level| level.current.get(plan.cell))
                    .map_or(&[][..], Vec::as_slice),
                _ => cells.get(plan.cell).copied().unwrap_or_default(),
            };
            match values {
                Values::Text(texts) => texts.push(text_cell(cell, limits.max_text_bytes).0),
                Values::Number(numbers) => {
                    numbers.push(match number_of(cell, &[], &mut plan.take, decimal) {
                        Cell::Number(number) => number,
                        _ => f64::NAN,
                    });
                }
            }
        }
    }

    /// Writes every outer table that has rows. Errors when the sink cannot keep them.
    pub(super) fn write(self, sink: &mut dyn Sink) -> Result<(), ReadError> {
        for gathered in self.levels.into_iter().filter(|gathered| gathered.rows > 0) {
            let columns: Vec<_> =
                gathered.level.plans.iter().map(|plan| plan.column.clone()).collect();
            sink.table(gathered.level.name, &columns);
            if gathered.rows > MOST_ROWS {
                let message = format!("the table has its first {MOST_ROWS} rows");
                sink.note(Note::new("limit-reached", message, gathered.level.name));
            }
            sink.rows(&gathered.values)?;
        }
        Ok(())
    }
}
