//! Versions 129 and 130, of BTS 9: floating-point numbers, milliampere seconds, clocks of nanoseconds.

use std::collections::BTreeMap;
use std::io;

use galvanome_model::measurement::{Origin, Zone};
use galvanome_model::note::Note;

use super::find::Walk;
use super::header::{Block, Failure, bts9_records, has_parts, tell_bts9, tell_version};
use super::order;
use crate::limits::Limits;
use crate::neware::batch::{Batch, Numbers, Texts};
use crate::neware::le::{f32_at, u8_at, u32_at, u64_at};
use crate::neware::record::ROW;
use crate::neware::rows::note_unknown_types;
use crate::neware::{clock, steps};
use crate::sink::Sink;
use crate::source::{Source, read_full};

/// Where the fields of a record stand, and what they are.
#[derive(Debug, Clone, Copy)]
struct Layout {
    len: usize,
    mark: usize,
    step: usize,
    step_type: usize,
    index: usize,
    time: Time,
    current: usize,
    voltage: usize,
    amounts: Amounts,
    /// Seconds since 1970 in UTC.
    unix: Option<Clock>,
    cycle: Option<usize>,
    temperature: Option<usize>,
    /// Numbers of 4 bytes of which nobody knows what they are.
    unknown: &'static [usize],
}

#[derive(Debug, Clone, Copy)]
enum Time {
    /// Since the step began, in microseconds, 8 bytes.
    OfStep(usize),
    /// Since the test began, in seconds and nanoseconds of 4 bytes each.
    OfTest(usize),
}

#[derive(Debug, Clone, Copy)]
enum Amounts {
    /// Charged charge, charged energy, discharged charge, discharged energy.
    Four(usize),
    /// Charge and energy, negative when discharged.
    Two(usize),
}

#[derive(Debug, Clone, Copy)]
enum Clock {
    /// Microseconds, 8 bytes.
    Micros(usize),
    /// Seconds and nanoseconds, of 4 bytes each.
    Nanos(usize),
}

/// Records of BTS 9.0: versions 2 and 3 of records.
const FIRST: Layout = Layout {
    len: 88,
    mark: 4,
    step: 9,
    step_type: 10,
    index: 16,
    time: Time::OfStep(28),
    current: 40,
    voltage: 36,
    amounts: Amounts::Four(52),
    unix: Some(Clock::Micros(68)),
    cycle: None,
    temperature: None,
    unknown: &[],
};

/// What all records of BTS 9.1 begin with: versions 19 and 42 of records.
const SECOND: Layout = Layout {
    len: 36,
    mark: 0,
    step: 2,
    step_type: 3,
    index: 8,
    time: Time::OfTest(12),
    current: 20,
    voltage: 24,
    amounts: Amounts::Two(28),
    unix: None,
    cycle: None,
    temperature: None,
    unknown: &[],
};

/// The longest record of BTS 9.1 that is looked for.
const LEN_MAX: usize = 256;

/// Records of BTS 9.1 of a length. The file does not say what stands behind their beginning.
fn second(len: usize) -> Layout {
    let short =
        Layout { len, cycle: Some(36), unix: Some(Clock::Nanos(44)), unknown: &[40], ..SECOND };
    match len {
        52 => short,
        56 => Layout { temperature: Some(52), ..short },
        60 => Layout {
            len,
            unix: Some(Clock::Nanos(36)),
            temperature: Some(48),
            cycle: Some(52),
            unknown: &[44, 56],
            ..SECOND
        },
        _ => Layout { len, ..SECOND },
    }
}

impl Layout {
    fn index(&self, record: &[u8]) -> Option<u32> {
        let index = u32_at(record, self.index);
        (u8_at(record, self.mark) == ROW && index != 0).then_some(index)
    }

    /// Time in units, and how many make a second.
    fn time(&self, record: &[u8]) -> u64 {
        match self.time {
            Time::OfStep(at) => u64_at(record, at),
            Time::OfTest(at) => {
                u64::from(u32_at(record, at)) * 1_000_000_000 + u64::from(u32_at(record, at + 4))
            }
        }
    }

    fn units_per_s(&self) -> f64 {
        match self.time {
            Time::OfStep(_) => 1e6,
            Time::OfTest(_) => 1e9,
        }
    }

    fn unix_s(&self, record: &[u8]) -> f64 {
        let unix = match self.unix {
            Some(Clock::Micros(at)) => u64_at(record, at) as f64 / 1e6,
            Some(Clock::Nanos(at)) => {
                f64::from(u32_at(record, at)) + f64::from(u32_at(record, at + 4)) / 1e9
            }
            None => 0.0,
        };
        if unix > 0.0 { unix } else { f64::NAN }
    }
}

pub(super) fn read(
    source: &dyn Source,
    head: &[u8],
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), Failure> {
    tell_version(head, u8_at(head, super::VERSION_AT), sink);
    let promised = tell_bts9(source, head, sink)?;
    let blocks = blocks(source, head)?;
    let layout = layout(source, head, &blocks, promised)?;
    let Some(layout) = layout else {
        let message = "the file ends before its first row, or its rows are not to be found; copy it from the instrument's computer again";
        sink.note(Note::new("truncated-file", message, ""));
        Batch::default().begin(limits, sink);
        return Ok(());
    };
    let found = Found::walk(source, &blocks, &layout)?;
    let mut rows = Rows::new(layout, &found);
    if let Some(first) = &found.first {
        let test_s = match layout.time {
            Time::OfTest(_) => layout.time(first) as f64 / layout.units_per_s(),
            Time::OfStep(_) => 0.0,
        };
        if let Some(start) = clock::start(layout.unix_s(first), test_s, Zone::Stated) {
            sink.started_at(start);
        }
    }
    rows.batch.begin(limits, sink);
    let index = |record: &[u8]| layout.index(record);
    let all = order::Rows { source, len: layout.len, stretches: &found.stretches, index: &index };
    let mut each = |records: &[u8], sink: &mut dyn Sink| {
        rows.decode(records);
        Ok(rows.batch.flush(sink)?)
    };
    if found.disorder {
        all.sorted(sink, &mut each)?;
    } else {
        all.in_file_order(sink, &mut each)?;
    }
    note_unknown_types(&rows.unknown_types, sink);
    found.note(source, &blocks, &layout, promised, sink);
    Ok(())
}

/// The blocks of rows: one, or one for each part of a file that was put together.
fn blocks(source: &dyn Source, head: &[u8]) -> io::Result<Vec<Block>> {
    let whole = Block::at_long(head, 82);
    if whole.begin != 0 || !has_parts(head) {
        return Ok(vec![whole]);
    }
    let mut blocks = Vec::new();
    let mut at = 1024;
    // Parts follow one another, so that this ends with the file.
    while at < source.len() && blocks.len() < 10_000 {
        let mut part = [0; 258];
        let got = read_full(source, at, &mut part)?;
        if got < part.len() || !part.starts_with(super::MARK) {
            break;
        }
        let block = Block::at_long(&part, 82);
        if block.len > 0 {
            blocks.push(block);
        }
        let next = Block::at_long(&part, 242).end();
        if next <= at {
            break;
        }
        at = next;
    }
    Ok(blocks)
}

/// The layout of the rows; none where there are no rows to tell it by.
fn layout(
    source: &dyn Source,
    head: &[u8],
    blocks: &[Block],
    promised: Option<u64>,
) -> io::Result<Option<Layout>> {
    // Where a damaged head leads nowhere, rows stand behind it.
    let first = blocks.iter().find(|block| block.len > 0 && block.begin < source.len());
    let block = first.copied().unwrap_or(Block { begin: 1024, len: source.len() });
    let view = block.bytes(source, 64 * LEN_MAX)?;
    if view.len() < SECOND.len {
        return Ok(None);
    }
    if u8_at(&view, FIRST.mark) == ROW
        && (matches!(bts9_records(head), 2 | 3) || u8_at(&view, 0) != ROW)
    {
        return Ok(Some(FIRST));
    }
    if u8_at(&view, SECOND.mark) != ROW {
        return Ok(None);
    }
    // The length by which numbers of rows follow one another.
    let first = u32_at(&view, SECOND.index);
    let follows = |len: usize| {
        let rows = (view.len() / len).min(16);
        rows >= 2
            && (1..rows).all(|row| {
                let record = view.get(row * len..).unwrap_or_default();
                u8_at(record, 0) == ROW
                    && u32_at(record, SECOND.index) == first.wrapping_add(row as u32)
            })
    };
    let known = [52, 56, 60];
    let all: u64 = blocks.iter().map(|block| block.len).fold(0, u64::saturating_add);
    let by_count = promised.filter(|&count| all.is_multiple_of(count)).map(|count| all / count);
    let by_count = by_count.and_then(|len| usize::try_from(len).ok());
    let len = known
        .into_iter()
        .chain(SECOND.len..=LEN_MAX)
        .find(|&len| follows(len))
        .or(by_count.filter(|len| (SECOND.len..=LEN_MAX).contains(len)))
        .or_else(|| known.into_iter().find(|&len| block.len.is_multiple_of(len as u64)));
    Ok(len.map(second))
}

/// What was found in one walk through the records.
#[derive(Default)]
struct Found {
    stretches: Vec<(u64, u64)>,
    rows: u64,
    first: Option<Vec<u8>>,
    last_index: u32,
    disorder: bool,
    /// Records that are no rows.
    others: u64,
    /// Which of the numbers that nobody knows are not 0 everywhere.
    unknown: Vec<bool>,
}

impl Found {
    fn walk(source: &dyn Source, blocks: &[Block], layout: &Layout) -> io::Result<Self> {
        let mut found = Self { unknown: vec![false; layout.unknown.len()], ..Self::default() };
        let mut parts: Vec<(u64, u64)> = blocks
            .iter()
            .filter(|block| block.begin < source.len())
            .map(|b| (b.begin, b.end()))
            .collect();
        if parts.iter().all(|(begin, end)| end <= begin) {
            parts = vec![(1024, source.len())];
        }
        for (begin, end) in parts {
            let mut walk = Walk::new(source, begin, end);
            loop {
                let view = walk.view(layout.len)?;
                let Some(record) = view.get(..layout.len) else { break };
                match layout.index(record) {
                    Some(index) => {
                        found.disorder |= found.rows > 0 && index <= found.last_index;
                        found.last_index = index;
                        found.rows += 1;
                        if found.first.is_none() {
                            found.first = Some(record.to_vec());
                        }
                        for (seen, at) in found.unknown.iter_mut().zip(layout.unknown) {
                            *seen |= u32_at(record, *at) != 0;
                        }
                    }
                    None => found.others += 1,
                }
                walk.advance(layout.len);
            }
            found.stretches.push((begin, walk.at()));
        }
        Ok(found)
    }

    fn note(
        &self,
        source: &dyn Source,
        blocks: &[Block],
        layout: &Layout,
        promised: Option<u64>,
        sink: &mut dyn Sink,
    ) {
        let row = || format!("row {}", self.rows);
        let missing: u64 = blocks
            .iter()
            .map(|block| block.end().saturating_sub(source.len().max(block.begin)))
            .fold(0, u64::saturating_add);
        if missing > 0 {
            let message = format!(
                "the file is cut off: about {} more records should follow; every whole row was read",
                missing.div_ceil(layout.len as u64)
            );
            sink.note(Note::new("truncated-file", message, row()));
        }
        if self.others > 0 {
            let message = format!("{} records of unknown kinds were left out", self.others);
            sink.note(Note::new("unknown-record", message, ""));
        }
        if let Some(promised) = promised.filter(|&promised| promised != self.rows) {
            let message = format!(
                "the description of the test promises {promised} rows, and the file holds {}",
                self.rows
            );
            sink.note(Note::new("row-count", message, row()));
        }
        if layout.len != FIRST.len && layout.unix.is_none() {
            let message = format!(
                "records of {} bytes were not seen before: what stands behind their first {} bytes (the clock, the cycle) was not read",
                layout.len, SECOND.len
            );
            sink.note(Note::new("unverified-format", message, ""));
        } else if layout.len == FIRST.len || layout.len == 60 {
            let message = format!(
                "records of {} bytes were not tried on a file whose export by the vendor was at hand; compare some rows with BTSDA",
                layout.len
            );
            sink.note(Note::new("unverified-format", message, ""));
        }
        let unknown: Vec<String> = layout
            .unknown
            .iter()
            .zip(&self.unknown)
            .filter(|(_, seen)| **seen)
            .map(|(at, _)| format!("unknown_{at}"))
            .collect();
        if !unknown.is_empty() {
            let message = format!(
                "the meaning of these numbers is not known; they are called by their byte in the record: {}",
                unknown.join(", ")
            );
            sink.note(Note::new("unknown-column", message, ""));
        }
    }
}

/// Turns records into columns.
struct Rows {
    layout: Layout,
    batch: Batch,
    test_time: Numbers,
    voltage: Numbers,
    current: Numbers,
    unix: Option<Numbers>,
    cycle: Option<Numbers>,
    step_count: Numbers,
    step_id: Numbers,
    step_type: Texts,
    step_time: Numbers,
    index: Numbers,
    amounts: Vec<(Numbers, usize)>,
    temperature: Option<Numbers>,
    unknown: Vec<(Numbers, usize)>,
    step: Option<u8>,
    steps: u64,
    /// Units of time before the step that runs, and those at the last row.
    before: u64,
    longest: u64,
    unknown_types: BTreeMap<u8, u64>,
}

impl Rows {
    fn new(layout: Layout, found: &Found) -> Self {
        let mut batch = Batch::default();
        let (stored, rebuilt) = (Origin::Stored, Origin::Reconstructed);
        let (of_test, of_step) = match layout.time {
            Time::OfTest(_) => (stored, rebuilt),
            Time::OfStep(_) => (rebuilt, stored),
        };
        let vendor = |origin, name| if origin == Origin::Stored { name } else { "" };
        let test_time =
            batch.numbers("test_time_second", "s", vendor(of_test, "total time"), of_test);
        let voltage = batch.numbers("voltage_volt", "V", "voltage", stored);
        let current = batch.numbers("current_ampere", "A", "current", stored);
        let unix = layout.unix.map(|_| batch.numbers("unix_time_second", "s", "date", stored));
        let cycle = layout.cycle.map(|_| batch.numbers("cycle_count", "1", "cycle", stored));
        let step_count = batch.numbers("step_count", "1", "", rebuilt);
        let step_id = batch.numbers("step_id", "1", "step index", stored);
        let step_type = batch.texts("step_type", "step type", stored);
        let step_time = batch.numbers("step_time_second", "s", vendor(of_step, "time"), of_step);
        let index = batch.numbers("record_index", "1", "index", stored);
        let mut amount = |name: &str, vendor, at| (batch.numbers(name, "", vendor, stored), at);
        let amounts = match layout.amounts {
            Amounts::Four(at) => vec![
                amount("step_charging_capacity_ah", "charge capacity", at),
                amount("step_charging_energy_wh", "charge energy", at + 4),
                amount("step_discharging_capacity_ah", "discharge capacity", at + 8),
                amount("step_discharging_energy_wh", "discharge energy", at + 12),
            ],
            Amounts::Two(at) => vec![
                amount("step_net_capacity_ah", "capacity", at),
                amount("step_net_energy_wh", "energy", at + 4),
            ],
        };
        let temperature = layout
            .temperature
            .map(|_| batch.numbers("temperature_t1_celsius", "degC", "T1", stored));
        let seen = layout.unknown.iter().zip(&found.unknown).filter(|(_, seen)| **seen);
        let unknown = seen
            .map(|(at, _)| (batch.numbers(&format!("unknown_{at}"), "", "", stored), *at))
            .collect();
        Self {
            layout,
            batch,
            test_time,
            voltage,
            current,
            unix,
            cycle,
            step_count,
            step_id,
            step_type,
            step_time,
            index,
            amounts,
            temperature,
            unknown,
            step: None,
            steps: 0,
            before: 0,
            longest: 0,
            unknown_types: BTreeMap::new(),
        }
    }

    fn decode(&mut self, records: &[u8]) {
        let layout = self.layout;
        let per_s = layout.units_per_s();
        let batch = &mut self.batch;
        for record in records.chunks_exact(layout.len) {
            batch.push(self.index, f64::from(u32_at(record, layout.index)));
            batch.push(self.voltage, f32_at(record, layout.voltage));
            batch.push(self.current, f32_at(record, layout.current) / 1e3);
            let step = u8_at(record, layout.step);
            let begins = self.step != Some(step);
            if begins {
                self.step = Some(step);
                self.steps += 1;
            }
            let time = layout.time(record);
            let (test, of_step) = match layout.time {
                Time::OfTest(_) => {
                    if begins {
                        self.before = self.longest;
                    }
                    self.longest = self.longest.max(time);
                    (time, time.saturating_sub(self.before))
                }
                Time::OfStep(_) => {
                    if begins {
                        self.before = self.before.saturating_add(std::mem::take(&mut self.longest));
                    }
                    self.longest = self.longest.max(time);
                    (self.before.saturating_add(time), time)
                }
            };
            batch.push(self.test_time, test as f64 / per_s);
            batch.push(self.step_time, of_step as f64 / per_s);
            batch.push(self.step_count, self.steps as f64);
            batch.push(self.step_id, f64::from(step));
            let step_type = u8_at(record, layout.step_type);
            batch.repeat_text(self.step_type, &steps::name(step_type), 1);
            if !steps::is_known(step_type) {
                *self.unknown_types.entry(step_type).or_default() += 1;
            }
            if let Some(unix) = self.unix {
                batch.push(unix, layout.unix_s(record));
            }
            if let Some((cycle, at)) = self.cycle.zip(layout.cycle) {
                batch.push(cycle, f64::from(u32_at(record, at).saturating_add(1)));
            }
            for &(column, at) in &self.amounts {
                // Milliampere seconds and milliwatt seconds; of four, some builds write discharge negative.
                let amount = f32_at(record, at) / 3.6e6;
                let signed = matches!(layout.amounts, Amounts::Two(_));
                batch.push(column, if signed { amount } else { amount.abs() });
            }
            if let Some((temperature, at)) = self.temperature.zip(layout.temperature) {
                batch.push(temperature, f32_at(record, at));
            }
            for &(column, at) in &self.unknown {
                batch.push(column, f32_at(record, at));
            }
        }
    }
}
