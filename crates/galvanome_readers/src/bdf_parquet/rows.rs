//! Rows, gathered from their columns.

use galvanome_model::measurement::{StartTime, Values, Zone};
use galvanome_model::note::Note;

use super::footer::{Footer, Group};
use super::meaning::Instant;
use super::pages::codec_name;
use super::schema::Leaf;
use super::stream::{From, Stream, Trouble};
use crate::carried::Carried;
use crate::error::ReadError;
use crate::limits::Limits;
use crate::sink::Sink;
use crate::source::Source;
use crate::text::clock::iso_of_unix;
use crate::text::rows::{Plan, Take};
use crate::units::Convert;

/// Cells handed over at once, over all columns.
const BATCH_CELLS: usize = 1 << 18;

/// Bytes of text handed over at once, over all columns.
const BATCH_TEXT: usize = 1 << 24;

/// Bytes in memory that any file may ask for, and for each of its own bytes: runs of equal values take next to
/// nothing, so a small file could ask for any amount.
const MEMORY_MIN: u64 = 1 << 27;
const MEMORY_PER_BYTE: u64 = 2048;

/// Bytes in memory that a text takes beside its letters.
const TEXT_MEMORY: usize = 24;

/// What was found in one column over all groups of rows.
#[derive(Default)]
struct Found {
    trouble: Option<Trouble>,
    infinite: u64,
    infinite_row: u64,
    rounded: bool,
    codec: Option<i64>,
    elsewhere: bool,
}

struct Reading<'a> {
    from: From<'a>,
    footer: &'a Footer,
    plans: &'a [Plan],
    limits: &'a Limits,
    rows: u64,
    memory_left: u64,
    limit_met: bool,
    start_wanted: bool,
    found: Vec<Found>,
}

/// Reads every group of rows. Errors when the source cannot be read or the sink cannot keep the rows.
pub(super) fn read_rows(
    source: &dyn Source,
    file: &str,
    footer: &Footer,
    carried: Option<&Carried>,
    plans: &[Plan],
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), ReadError> {
    let columns: Vec<_> = plans.iter().map(|plan| plan.column.clone()).collect();
    let name = carried.map_or("records", |carried| carried.table.as_str());
    sink.table(if name.is_empty() { "records" } else { name }, &columns);
    // Behind the head of the table: what is said of it already is not told again by the checks that see it pass.
    for note in carried.iter().flat_map(|carried| &carried.notes) {
        sink.note(note.clone());
    }
    let from = From { source, file, end: footer.begins, text_max: limits.max_text_bytes };
    let mut reading = Reading {
        from,
        footer,
        plans,
        limits,
        rows: 0,
        memory_left: MEMORY_MIN.max(source.len().saturating_mul(MEMORY_PER_BYTE)),
        limit_met: false,
        start_wanted: carried.is_none(),
        found: plans.iter().map(|_| Found::default()).collect(),
    };
    let mut outcome = Ok(());
    for group in &footer.groups {
        outcome = reading.group(group, sink);
        if outcome.is_err() || reading.limit_met {
            break;
        }
    }
    reading.notes(sink);
    outcome
}

impl Reading<'_> {
    fn group(&mut self, group: &Group, sink: &mut dyn Sink) -> Result<(), ReadError> {
        let mut streams: Vec<Option<Stream<'_>>> = Vec::with_capacity(self.plans.len());
        for (plan, found) in self.plans.iter().zip(&mut self.found) {
            let leaf = self.footer.leaves.get(plan.cell);
            let chunk = leaf.and_then(|leaf| group.chunks.get(leaf.place)?.as_ref());
            let mut stream = None;
            match (leaf, chunk) {
                (Some(leaf), Some(chunk)) if codec_name(chunk.codec).1 => {
                    stream = Some(Stream::new(self.from, leaf, chunk, group.rows));
                }
                (_, Some(chunk)) => found.codec = Some(chunk.codec),
                _ => found.elsewhere = true,
            }
            streams.push(stream);
        }
        let mut done = 0;
        while done < group.rows && !self.limit_met {
            let rows = self.batch(&mut streams, group.rows - done, sink)?;
            if rows == 0 {
                break;
            }
            done += rows;
        }
        for (stream, found) in streams.into_iter().zip(&mut self.found) {
            let Some(stream) = stream else { continue };
            found.rounded |= stream.rounded;
            match (&mut found.trouble, stream.trouble) {
                (Some(all), Some(this)) => all.lost += this.lost,
                (none, this) => *none = none.take().or(this),
            }
        }
        Ok(())
    }

    /// Reads the next rows, as many as are handed over at once. Gives how many there were.
    fn batch(
        &mut self,
        streams: &mut [Option<Stream<'_>>],
        left: u64,
        sink: &mut dyn Sink,
    ) -> Result<u64, ReadError> {
        let mut text = 0;
        for (stream, plan) in streams.iter_mut().zip(self.plans) {
            let Some(stream) = stream else { continue };
            stream.begin()?;
            if plan.take == Take::Text {
                text += stream.widest();
            }
        }
        let width = self.plans.len().max(1);
        let most = (BATCH_CELLS / width).min(BATCH_TEXT / text.max(1)).max(1);
        let most = usize::try_from(left).map_or(most, |left| left.min(most));
        let most = self.room_for(most);
        let mut batch: Vec<Values> =
            self.plans.iter().map(|plan| plan.column.kind.values()).collect();
        let mut rows = 0;
        for (stream, values) in streams.iter_mut().zip(&mut batch) {
            if let Some(stream) = stream {
                rows = rows.max(stream.take(most, values)?);
            }
        }
        if rows == 0 {
            return Ok(0);
        }
        for (stream, values) in streams.iter_mut().zip(&mut batch) {
            let missing = rows - values.len();
            match (stream, values) {
                (Some(stream), values) => stream.pad(missing, values),
                (None, Values::Number(numbers)) => numbers.resize(rows, f64::NAN),
                (None, Values::Text(texts)) => texts.resize(rows, String::new()),
            }
        }
        self.finish(&mut batch);
        if self.start_wanted {
            self.start(&batch, sink);
        }
        sink.rows(&batch)?;
        let memory: usize = batch.iter().map(memory_of).sum();
        self.memory_left = self.memory_left.saturating_sub(memory as u64);
        self.rows += rows as u64;
        Ok(rows as u64)
    }

    /// How many of so many rows there is room for.
    fn room_for(&mut self, rows: usize) -> usize {
        let width = self.plans.len().max(1) as u64;
        let room = (self.limits.max_rows.saturating_sub(self.rows))
            .min((self.limits.max_cells / width).saturating_sub(self.rows))
            .min(self.memory_left / self.row_memory().max(1));
        let room = usize::try_from(room).unwrap_or(usize::MAX);
        self.limit_met = room < rows;
        rows.min(room)
    }

    /// Bytes in memory that a row takes at least.
    fn row_memory(&self) -> u64 {
        let of = |plan: &Plan| if plan.take == Take::Text { TEXT_MEMORY } else { 8 };
        self.plans.iter().map(|plan| of(plan) as u64).sum()
    }

    /// Converts numbers to the units of their columns, and takes out the infinite ones.
    fn finish(&mut self, batch: &mut [Values]) {
        for ((values, plan), found) in batch.iter_mut().zip(self.plans).zip(&mut self.found) {
            let Values::Number(numbers) = values else { continue };
            if let Take::Number(convert) = plan.take
                && convert != Convert::Same
            {
                for number in numbers.iter_mut() {
                    *number = convert.apply(*number);
                }
            }
            for (row, number) in numbers.iter_mut().enumerate() {
                if number.is_infinite() {
                    if found.infinite == 0 {
                        found.infinite_row = self.rows + row as u64 + 1;
                    }
                    found.infinite += 1;
                    *number = f64::NAN;
                }
            }
        }
    }

    /// The start by the wall clock of the first row.
    fn start(&mut self, batch: &[Values], sink: &mut dyn Sink) {
        self.start_wanted = false;
        let clock = self.plans.iter().zip(batch);
        let clock = clock.filter(|(plan, _)| plan.column.head.name == "unix_time_second");
        for (plan, values) in clock {
            let Values::Number(numbers) = values else { continue };
            let Some(iso) = numbers.first().and_then(|&unix| iso_of_unix(unix)) else { continue };
            let leaf = self.footer.leaves.get(plan.cell);
            let local = leaf.and_then(Leaf::instant) == Some(Instant::Local);
            let start = if local {
                StartTime { iso: iso.trim_end_matches('Z').to_owned(), zone: Zone::Local }
            } else {
                StartTime { iso, zone: Zone::Stated }
            };
            sink.started_at(start);
        }
    }

    fn notes(&self, sink: &mut dyn Sink) {
        if self.limit_met {
            let message = format!(
                "the rows would take more memory than a file of this size may ask for, or than is allowed; the first {} were read",
                self.rows
            );
            sink.note(Note::new("limit-reached", message, format!("row {}", self.rows)));
        }
        let said: u64 =
            self.footer.groups.iter().fold(0, |all, group| all.saturating_add(group.rows));
        let said = said.max(self.footer.rows);
        if !self.limit_met && said != self.rows && !self.plans.is_empty() {
            let message = format!(
                "the end of the file says that there are {said} rows; {} were found",
                self.rows
            );
            sink.note(Note::new("row-count", message, ""));
        }
        for (plan, found) in self.plans.iter().zip(&self.found) {
            let name = self.footer.leaves.get(plan.cell).map_or("", |leaf| leaf.name.as_str());
            let place = format!("column {name}");
            if let Some(Trouble { why, at, lost }) = &found.trouble {
                let message = format!(
                    "a page of column {name} is damaged: {why}; {lost} of its values count as missing"
                );
                sink.note(Note::new("damaged-page", message, format!("{place}, byte {at}")));
            }
            if let Some(codec) = found.codec {
                let message = format!(
                    "column {name} is packed by {} (codec {codec}), which cannot be unpacked; its values count as missing. Write the file again with Zstandard or Snappy",
                    codec_name(codec).0
                );
                sink.note(Note::new("unread-column", message, place.clone()));
            }
            if found.elsewhere {
                let message = format!(
                    "values of column {name} are encrypted or stand in another file; they count as missing"
                );
                sink.note(Note::new("unread-column", message, place.clone()));
            }
            if found.infinite > 0 {
                let message =
                    format!("{} values are infinite and count as missing", found.infinite);
                let place = format!("{place}, row {}", found.infinite_row);
                sink.note(Note::new("infinite-value", message, place));
            }
            if found.rounded {
                let message = format!(
                    "integers of column {name} have more digits than a float keeps; they were rounded to the nearest"
                );
                sink.note(Note::new("integer-rounded", message, place));
            }
        }
    }
}

fn memory_of(values: &Values) -> usize {
    match values {
        Values::Number(numbers) => numbers.len() * 8,
        Values::Text(texts) => texts.iter().map(|text| TEXT_MEMORY + text.len()).sum(),
    }
}
