//! Data sets of an Ivium file on their way to the sink: those of one kind that follow each other share a table.

use galvanome_model::measurement::{ColumnHead, Origin, Values};
use galvanome_model::note::Note;

use crate::columns::by_name;
use crate::error::ReadError;
use crate::limits::Limits;
use crate::sink::{self, NewColumn, Sink};
use crate::text::cells::{Delimiter, split};
use crate::text::lines::Line;
use crate::text::number::{Cell, Decimal, parse};

/// Rows handed over at once.
const BATCH_ROWS: usize = 1 << 13;

/// What a data set holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kind {
    table: &'static str,
    /// Canonical names; empty for columns whose meaning is not known.
    columns: Vec<&'static str>,
}

impl Kind {
    /// What a method measures, in so many columns.
    pub(super) fn of(method: &str, columns: usize) -> Self {
        let method = method.trim().to_ascii_lowercase();
        let begins = |words: &[&str]| words.iter().any(|word| method.starts_with(word));
        let (table, known): (_, &[&'static str]) = if begins(&["impedance"]) {
            ("impedance", &["real_impedance_ohm", "imaginary_impedance_ohm", "frequency_hertz"])
        } else if begins(&["transient", "tr", "mixed", "mixm", "chrono", "galvanostatic"]) {
            ("records", &["test_time_second", "current_ampere", "voltage_volt"])
        } else if begins(&["cyclic", "cv", "linear", "lsv"]) {
            ("records", &["voltage_volt", "current_ampere"])
        } else {
            ("records", &[])
        };
        let columns = (0..columns).map(|at| known.get(at).copied().unwrap_or_default()).collect();
        Self { table, columns }
    }
}

/// Writes data sets.
pub(super) struct Sets<'a> {
    limits: &'a Limits,
    kind: Option<Kind>,
    tables: Vec<&'static str>,
    set: u64,
    /// What the file says of the set that is read, and where.
    declared: (u64, u64),
    rows: u64,
    kept: u64,
    /// Rows beyond the limit.
    over: u64,
    batch: Vec<Vec<f64>>,
    last_exponent: Option<usize>,
}

impl<'a> Sets<'a> {
    /// Nothing yet.
    pub(super) fn new(limits: &'a Limits) -> Self {
        Self {
            limits,
            kind: None,
            tables: Vec::new(),
            set: 0,
            declared: (0, 0),
            rows: 0,
            kept: 0,
            over: 0,
            batch: Vec::new(),
            last_exponent: None,
        }
    }

    /// Begins a data set that is to have so many rows. Errors when the sink cannot keep what was before.
    pub(super) fn begin(
        &mut self,
        kind: Kind,
        rows: u64,
        line: u64,
        sink: &mut dyn Sink,
    ) -> Result<(), ReadError> {
        self.end_set(sink);
        self.set += 1;
        self.declared = (rows, line);
        if self.kind.as_ref() == Some(&kind) {
            return Ok(());
        }
        self.flush(sink)?;
        self.kept = 0;
        let same = self.tables.iter().filter(|table| **table == kind.table).count();
        self.tables.push(kind.table);
        let name = match same {
            0 => kind.table.to_owned(),
            n => format!("{}_{}", kind.table, n + 1),
        };
        let own = |name: String, unit: &str, origin| NewColumn {
            head: ColumnHead { name, unit: unit.to_owned(), vendor_name: String::new(), origin },
            kind: sink::Kind::Number,
        };
        let mut columns = vec![own("data_set".to_owned(), "1", Origin::Reconstructed)];
        let mut unknown = Vec::new();
        for (at, canonical) in kind.columns.iter().enumerate() {
            if let Some(canonical) = by_name(canonical) {
                columns.push(canonical.column("", Origin::Stored));
                continue;
            }
            let name = format!("unknown_{}", at + 1);
            unknown.push(name.clone());
            columns.push(own(name, "", Origin::Stored));
        }
        sink.table(&name, &columns);
        if !unknown.is_empty() {
            let message = format!(
                "the file does not name its columns, and for this method the meaning of these is not known: {}",
                unknown.join(", ")
            );
            sink.note(Note::new("unknown-column", message, format!("line {line}")));
        }
        self.batch = vec![Vec::new(); columns.len()];
        self.kind = Some(kind);
        Ok(())
    }

    /// Takes a line. Gives whether it was a row of the data set. Errors when the sink cannot keep the rows.
    pub(super) fn row(&mut self, line: &Line<'_>, sink: &mut dyn Sink) -> Result<bool, ReadError> {
        let width = self.batch.len().saturating_sub(1);
        let mut cells = Vec::new();
        split(line.bytes, Delimiter::Blanks, &mut cells);
        let exponent = cells.last().and_then(|cell| {
            let place = cell.iter().rposition(|byte| matches!(byte, b'e' | b'E'))?;
            Some(cell.len() - place)
        });
        let numbers: Vec<f64> = cells
            .iter()
            .map_while(|cell| match parse(cell, Decimal::Point) {
                Cell::Number(number) => Some(number),
                Cell::Infinite | Cell::Missing => Some(f64::NAN),
                Cell::Other => None,
            })
            .collect();
        let cut = !line.ended
            && (numbers.len() < width
                || self.last_exponent.is_some() && exponent != self.last_exponent);
        if cut {
            let message = format!(
                "the file stops within its last line; {} whole rows were read, the broken one was left out. Fetch the file again",
                self.rows
            );
            let place = format!("line {}, byte {}", line.number, line.byte);
            sink.note(Note::new("truncated-file", message, place));
            return Ok(false);
        }
        if numbers.len() != width || cells.len() != width {
            return Ok(false);
        }
        if !line.ended {
            let message = "the last line has no line break at its end; if the file was cut off, its last cell may miss digits";
            sink.note(Note::new(
                "unterminated-last-line",
                message,
                format!("line {}", line.number),
            ));
        }
        self.last_exponent = exponent;
        self.rows += 1;
        if self.kept >= self.limits.max_rows {
            self.over += 1;
            return Ok(true);
        }
        self.kept += 1;
        let set = self.set as f64;
        for (values, number) in self.batch.iter_mut().zip(std::iter::once(set).chain(numbers)) {
            values.push(number);
        }
        if self.batch.first().is_some_and(|values| values.len() >= BATCH_ROWS) {
            self.flush(sink)?;
        }
        Ok(true)
    }

    fn end_set(&mut self, sink: &mut dyn Sink) {
        let (declared, line) = self.declared;
        if self.set > 0 && declared != self.rows {
            let message = format!(
                "the file says that data set {} has {declared} rows; {} are there",
                self.set, self.rows
            );
            sink.note(Note::new("row-count", message, format!("line {line}")));
        }
        self.rows = 0;
        self.last_exponent = None;
    }

    fn flush(&mut self, sink: &mut dyn Sink) -> Result<(), ReadError> {
        if self.batch.first().is_none_or(Vec::is_empty) {
            return Ok(());
        }
        let columns: Vec<Values> =
            self.batch.iter_mut().map(|values| Values::Number(std::mem::take(values))).collect();
        sink.rows(&columns)
    }

    /// Writes what is left. Errors when the sink cannot keep it.
    pub(super) fn finish(mut self, sink: &mut dyn Sink) -> Result<(), ReadError> {
        self.end_set(sink);
        if self.over > 0 {
            let message =
                format!("the limit on rows was reached; {} more rows were left out", self.over);
            sink.note(Note::new("limit-reached", message, ""));
        }
        if self.set == 0 {
            let message = "the file holds settings and no data";
            sink.note(Note::new("truncated-file", message, ""));
        }
        self.flush(sink)
    }
}
