//! How many rows of a table a sink may still be given.

use galvanome_model::measurement::Values;
use galvanome_model::note::Note;

use super::Sink;
use crate::error::ReadError;
use crate::limits::Limits;

/// How many rows of a table may still come, and how many were handed on.
#[derive(Debug, Default)]
pub(crate) struct Allowance {
    left: u64,
    gave: u64,
}

impl Allowance {
    /// What the limits allow a table of so many columns.
    pub(crate) fn of(limits: &Limits, columns: usize) -> Self {
        Self { left: limits.max_rows.min(limits.max_cells / columns.max(1) as u64), gave: 0 }
    }

    /// Hands on rows, columns of one length, as many as may come. False when no more may, which a note then says.
    /// Errors when the sink cannot keep them.
    pub(crate) fn hand_on(
        &mut self,
        values: &mut [Values],
        sink: &mut dyn Sink,
    ) -> Result<bool, ReadError> {
        let rows = values.iter().map(Values::len).min().unwrap_or(0);
        let may = usize::try_from(self.left).unwrap_or(usize::MAX);
        if rows > may {
            for values in &mut *values {
                match values {
                    Values::Number(numbers) => numbers.truncate(may),
                    Values::Text(texts) => texts.truncate(may),
                }
            }
        }
        if rows.min(may) > 0 {
            sink.rows(values)?;
        }
        self.left -= rows.min(may) as u64;
        self.gave += rows.min(may) as u64;
        if rows > may {
            let message = "the limit of rows is reached; the rest was not read";
            sink.note(Note::new("limit-reached", message, format!("row {}", self.gave)));
        }
        Ok(rows <= may)
    }

    /// How many rows were handed on.
    pub(crate) fn gave(&self) -> u64 {
        self.gave
    }
}
