//! Rows of a data module on their way to a sink, column by column.

use galvanome_model::measurement::Values;
use galvanome_model::note::Note;

use super::columns::Stored;
use super::layout::Layout;
use super::modules::Module;
use super::plan::{Beside, Rule, columns};
use crate::error::ReadError;
use crate::limits::Limits;
use crate::sink::{NewColumn, Sink};
use crate::source::{Source, read_full};
use crate::units::Convert;

/// Bytes read from the source at once.
const PIECE: usize = 1 << 22;

/// Values handed over at once, over all columns: what stays in a processor's cache.
const BATCH_CELLS: usize = 1 << 17;

/// Seconds in an hour over mA in an A: what a charge in mA.h over a time in s is times, to be a current in A.
const AMPERES_PER_MAH_PER_S: f64 = 3.6;

/// A table that is read from a data module.
struct Reading<'a> {
    columns: Vec<NewColumn>,
    rules: Vec<Rule>,
    loops: &'a [u64],
    /// Values of one batch.
    batch: Vec<Values>,
    /// Rows that were handed over.
    done: u64,
    /// The time of the row before.
    time_before: Option<f64>,
    infinite: u64,
    first_infinite: u64,
}

/// Reads the rows of a data module into a table of a name. Errors when the source cannot be read, or the sink
/// cannot keep the rows.
pub(super) fn read_rows(
    name: &str,
    module: &Module,
    layout: &Layout,
    beside: &Beside,
    (source, file): (&dyn Source, &str),
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), ReadError> {
    let place = format!("byte {}", module.at);
    let (mut columns, mut rules) = columns(layout, beside, &place, sink);
    if columns.len() > limits.max_columns {
        let message = format!(
            "the table has {} columns; the first {} were read",
            columns.len(),
            limits.max_columns
        );
        sink.note(Note::new("limit-reached", message, &place));
        columns.truncate(limits.max_columns);
        rules.truncate(limits.max_columns);
    }
    sink.table(name, &columns);
    let Some(width) = layout.width.filter(|&width| width > 0) else {
        let message = "how wide a row is cannot be told from the columns and the length of the module, so no row was read; export the file as text from EC-Lab";
        sink.note(Note::new("unknown-row-width", message, place));
        return Ok(());
    };
    let (there, expected) = layout.rows(module);
    if layout.counted != expected {
        let message = format!(
            "the file counts {} rows, but its length is that of {expected}; {there} whole rows were read",
            layout.counted
        );
        sink.note(Note::new("row-count", message, &place));
    }
    let most = limits.max_rows.min(limits.max_cells / columns.len().max(1) as u64);
    let rows = there.min(most);
    if rows < there {
        let message =
            format!("the limit on rows was reached; the first {rows} of {there} rows were read");
        sink.note(Note::new("limit-reached", message, &place));
    }
    let batch = columns.iter().map(|column| column.kind.values()).collect();
    let mut reading = Reading {
        columns,
        rules,
        loops: &beside.loops,
        batch,
        done: 0,
        time_before: None,
        infinite: 0,
        first_infinite: 0,
    };
    let outcome = reading.read_all(module.at + layout.rows_at, width, rows, (source, file), sink);
    if reading.infinite > 0 {
        let message = format!("{} values are infinite and count as missing", reading.infinite);
        let place = format!("row {}", reading.first_infinite);
        sink.note(Note::new("infinite-value", message, place));
    }
    if there < expected {
        let message = format!(
            "the file stops within its rows; {} of {expected} rows are whole and were read. Fetch the file again if the test is longer",
            reading.done
        );
        sink.note(Note::new("truncated-file", message, format!("row {}", reading.done + 1)));
    }
    outcome
}

impl Reading<'_> {
    fn read_all(
        &mut self,
        begin: u64,
        width: usize,
        rows: u64,
        (source, file): (&dyn Source, &str),
        sink: &mut dyn Sink,
    ) -> Result<(), ReadError> {
        let at_once = (PIECE / width).max(1);
        let in_batch = (BATCH_CELLS / self.columns.len().max(1)).max(1);
        let most = usize::try_from(rows).map_or(at_once, |rows| rows.min(at_once));
        let mut piece = vec![0; most * width];
        while self.done < rows {
            let left = usize::try_from(rows - self.done).unwrap_or(usize::MAX);
            let wanted = left.min(at_once) * width;
            let Some(room) = piece.get_mut(..wanted) else { break };
            let read = read_full(source, begin + self.done * width as u64, room)
                .map_err(|error| ReadError::source(file, &error))?;
            let there = room.get(..read - read % width).unwrap_or_default();
            if there.is_empty() {
                break;
            }
            for some in there.chunks(in_batch * width) {
                self.decode(some, width);
                self.done += (some.len() / width) as u64;
                sink.rows(&self.batch)?;
            }
        }
        Ok(())
    }

    /// Decodes whole rows into the batch.
    fn decode(&mut self, rows: &[u8], width: usize) {
        let mut batch = std::mem::take(&mut self.batch);
        for (place, rule) in self.rules.iter().enumerate() {
            let (before, rest) = batch.split_at_mut(place);
            let Some(Values::Number(values)) = rest.first_mut() else { continue };
            values.clear();
            let column = |place: usize| match before.get(place) {
                Some(Values::Number(numbers)) => numbers.as_slice(),
                _ => &[],
            };
            match *rule {
                Rule::Field { at, stored, convert } => {
                    fill(values, rows, width, at, stored);
                    match convert {
                        Convert::Same => {}
                        Convert::Over(divisor) => values.iter_mut().for_each(|v| *v /= divisor),
                        convert => values.iter_mut().for_each(|v| *v = convert.apply(*v)),
                    }
                    if matches!(stored, Stored::F32 | Stored::F64) {
                        let infinite = values.iter().filter(|value| value.is_infinite()).count();
                        if infinite > 0 {
                            if self.infinite == 0 {
                                let first = values.iter().position(|value| value.is_infinite());
                                self.first_infinite = self.done + first.unwrap_or(0) as u64 + 1;
                            }
                            self.infinite += infinite as u64;
                            for value in values.iter_mut().filter(|value| value.is_infinite()) {
                                *value = f64::NAN;
                            }
                        }
                    }
                }
                Rule::Bits { at, mask } => {
                    let shift = mask.trailing_zeros();
                    values.extend(rows.chunks_exact(width).map(|row| {
                        row.get(at).map_or(f64::NAN, |byte| f64::from((byte & mask) >> shift))
                    }));
                }
                Rule::Current { charge, time } => {
                    let (charge, time) = (column(charge), column(time));
                    let mut before = self.time_before;
                    values.extend(charge.iter().zip(time).map(|(&charge, &now)| {
                        let passed = before.replace(now).map(|before| now - before);
                        match passed {
                            _ if charge == 0.0 => 0.0,
                            Some(passed) if passed > 0.0 => {
                                finite(charge * AMPERES_PER_MAH_PER_S / passed)
                            }
                            _ => f64::NAN,
                        }
                    }));
                    self.time_before = before;
                }
                Rule::Cycle { half } => {
                    values.extend(column(half).iter().map(|half| (half / 2.0).floor()));
                }
                Rule::Difference { of, less } => {
                    let pairs = column(of).iter().zip(column(less));
                    values.extend(pairs.map(|(of, less)| finite(of - less)));
                }
                Rule::Loop => {
                    let first = self.done;
                    let rows = (rows.len() / width) as u64;
                    values.extend((first..first + rows).map(|row| {
                        self.loops.partition_point(|&start| start <= row).saturating_sub(1) as f64
                    }));
                }
            }
        }
        self.batch = batch;
    }
}

/// What is not finite is missing.
fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { f64::NAN }
}

/// Takes the values of one column out of whole rows.
fn fill(values: &mut Vec<f64>, rows: &[u8], width: usize, at: usize, stored: Stored) {
    fn gather<const N: usize>(
        values: &mut Vec<f64>,
        rows: &[u8],
        width: usize,
        at: usize,
        value: impl Fn([u8; N]) -> f64,
    ) {
        values.extend(rows.chunks_exact(width).map(|row| {
            let bytes = row.get(at..).and_then(|rest| rest.first_chunk::<N>());
            bytes.map_or(f64::NAN, |bytes| value(*bytes))
        }));
    }
    match stored {
        Stored::U8 => gather(values, rows, width, at, |[byte]| f64::from(byte)),
        Stored::U16 => gather(values, rows, width, at, |b| f64::from(u16::from_le_bytes(b))),
        Stored::U32 => gather(values, rows, width, at, |b| f64::from(u32::from_le_bytes(b))),
        Stored::F32 => gather(values, rows, width, at, |b| f64::from(f32::from_le_bytes(b))),
        Stored::F64 => gather(values, rows, width, at, f64::from_le_bytes),
    }
}
