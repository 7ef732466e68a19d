//! Rows on their way to the sink, column by column.

use galvanome_model::measurement::{ColumnHead, Origin, Values};

use crate::columns::by_name;
use crate::error::ReadError;
use crate::limits::Limits;
use crate::sink::{Allowance, Kind, NewColumn, Sink};

/// Rows that are handed on at a time.
pub(crate) const ROWS: usize = 8192;

/// The place of a column of numbers in a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Numbers(usize);

/// The place of a column of text in a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Texts(usize);

/// Columns of a table, and the rows of them that wait to be handed on.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    heads: Vec<NewColumn>,
    values: Vec<Values>,
    /// Texts are overwritten in place, so that each needs memory once and not once a row: how many of
    /// each column count.
    texts: Vec<(usize, usize)>,
    allowance: Allowance,
}

impl Batch {
    fn add(&mut self, column: NewColumn) -> usize {
        self.values.push(column.kind.values());
        self.heads.push(column);
        self.heads.len() - 1
    }

    /// A column of numbers: a canonical one by its name, else one of our own with its unit.
    pub(crate) fn numbers(
        &mut self,
        name: &str,
        unit: &str,
        vendor: &str,
        origin: Origin,
    ) -> Numbers {
        let own = || NewColumn {
            head: ColumnHead {
                name: name.to_owned(),
                unit: unit.to_owned(),
                vendor_name: vendor.to_owned(),
                origin,
            },
            kind: Kind::Number,
        };
        Numbers(self.add(by_name(name).map_or_else(own, |known| known.column(vendor, origin))))
    }

    /// A column of text.
    pub(crate) fn texts(&mut self, name: &str, vendor: &str, origin: Origin) -> Texts {
        let head = ColumnHead {
            name: name.to_owned(),
            unit: String::new(),
            vendor_name: vendor.to_owned(),
            origin,
        };
        let place = self.add(NewColumn { head, kind: Kind::Text });
        self.texts.push((place, 0));
        Texts(self.texts.len() - 1)
    }

    /// Whether a column of a name is there already.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.heads.iter().any(|column| column.head.name == name)
    }

    /// How many columns there are.
    pub(crate) fn width(&self) -> usize {
        self.heads.len()
    }

    /// Begins the table.
    pub(crate) fn begin(&mut self, limits: &Limits, sink: &mut dyn Sink) {
        self.allowance = Allowance::of(limits, self.width());
        sink.table("records", &self.heads);
    }

    /// Puts numbers into the rows that wait last.
    pub(crate) fn extend(&mut self, column: Numbers, more: impl Iterator<Item = f64>) {
        if let Some(Values::Number(numbers)) = self.values.get_mut(column.0) {
            numbers.extend(more);
        }
    }

    /// Puts a number into the row that waits last.
    pub(crate) fn push(&mut self, column: Numbers, value: f64) {
        if let Some(Values::Number(numbers)) = self.values.get_mut(column.0) {
            numbers.push(value);
        }
    }

    /// Puts a number into so many rows that wait last.
    pub(crate) fn repeat(&mut self, column: Numbers, value: f64, times: usize) {
        self.extend(column, std::iter::repeat_n(value, times));
    }

    /// Puts a text into so many rows that wait last.
    pub(crate) fn repeat_text(&mut self, column: Texts, text: &str, times: usize) {
        let Some((place, filled)) = self.texts.get_mut(column.0) else { return };
        let Some(Values::Text(texts)) = self.values.get_mut(*place) else { return };
        let end = *filled + times;
        for old in texts.iter_mut().take(end).skip(*filled).filter(|old| *old != text) {
            text.clone_into(old);
        }
        if texts.len() < end {
            texts.resize(end, text.to_owned());
        }
        *filled = end;
    }

    /// Hands on what waits. False when no more rows may come, which a note then says. Errors when the sink
    /// cannot keep them.
    pub(crate) fn flush(&mut self, sink: &mut dyn Sink) -> Result<bool, ReadError> {
        for (place, filled) in &mut self.texts {
            if let Some(Values::Text(texts)) = self.values.get_mut(*place) {
                texts.truncate(std::mem::take(filled));
            }
        }
        let more = self.allowance.hand_on(&mut self.values, sink)?;
        for values in &mut self.values {
            if let Values::Number(numbers) = values {
                numbers.clear();
            }
        }
        Ok(more)
    }

    /// How many rows were handed on.
    pub(crate) fn gave(&self) -> u64 {
        self.allowance.gave()
    }
}
