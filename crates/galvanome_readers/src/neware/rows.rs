//! From records that hold everything of a row to columns.

use std::collections::BTreeMap;

use galvanome_model::measurement::{Origin, StartTime, Zone};
use galvanome_model::note::Note;

use super::batch::{Batch, Numbers, Texts};
use super::record::{Amounts, Clock, Layout};
use super::scale::{Scale, of_range};
use super::{clock, steps};
use crate::error::ReadError;
use crate::le::{i32_at, u8_at, u32_at};
use crate::limits::Limits;
use crate::sink::Sink;

/// What has to be known of all rows before the first one is handed on.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    /// Ranges that rows name, with how many do.
    ranges: BTreeMap<i32, u64>,
    /// The range of the rows that came last, and how many they were.
    last: (i32, u64),
}

/// Ranges that are told apart; a file names two or three.
const RANGES_MAX: usize = 1000;

impl Survey {
    /// Looks at a row.
    pub(crate) fn look(&mut self, layout: &Layout, row: &[u8]) {
        let range = layout.range.map_or(0, |at| i32_at(row, at));
        if self.last.0 != range {
            self.settle();
            self.last = (range, 0);
        }
        self.last.1 += 1;
    }

    fn settle(&mut self) {
        let (range, rows) = std::mem::take(&mut self.last);
        if rows > 0 && (self.ranges.len() < RANGES_MAX || self.ranges.contains_key(&range)) {
            *self.ranges.entry(range).or_default() += rows;
        }
    }

    /// Ranges that rows name, with how many do.
    fn ranges(mut self) -> BTreeMap<i32, u64> {
        self.settle();
        self.ranges
    }
}

/// Names of the columns of charges and energies, and of the same without a scale.
const FOUR: [(&str, &str, &str); 4] = [
    ("step_charging_capacity_ah", "charge capacity", "raw_charge_capacity"),
    ("step_discharging_capacity_ah", "discharge capacity", "raw_discharge_capacity"),
    ("step_charging_energy_wh", "charge energy", "raw_charge_energy"),
    ("step_discharging_energy_wh", "discharge energy", "raw_discharge_energy"),
];
const TWO: [(&str, &str, &str); 2] =
    [("step_capacity_ah", "capacity", "raw_capacity"), ("step_energy_wh", "energy", "raw_energy")];

/// Turns records into columns.
pub(crate) struct Rows {
    layout: Layout,
    /// The range where a row names none.
    fixed_range: i32,
    pub(crate) batch: Batch,
    test_time: Numbers,
    voltage: Numbers,
    current: Numbers,
    unix: Option<Numbers>,
    cycle: Numbers,
    step_count: Numbers,
    step_id: Numbers,
    step_type: Texts,
    step_time: Numbers,
    index: Numbers,
    amounts: Vec<Numbers>,
    /// Current, charges and energies in counts, where a range has no scale.
    raw: Vec<Numbers>,
    steps: StepTimes,
    scale: (Option<i32>, f64),
    /// Test time and number of the step, and counts per ampere, of the rows that are decoded.
    times: Vec<(f64, f64)>,
    scales: Vec<f64>,
    unknown_types: BTreeMap<u8, u64>,
}

/// Steps counted, and their times added up.
#[derive(Debug, Default)]
struct StepTimes {
    key: Option<(u64, u8)>,
    count: u64,
    /// Units of time before the step that runs, and the longest time in it.
    before: u64,
    longest: u64,
}

impl StepTimes {
    fn step(&mut self, key: (u64, u8)) {
        if self.key != Some(key) {
            self.key = Some(key);
            self.count += 1;
            self.before = self.before.saturating_add(std::mem::take(&mut self.longest));
        }
    }

    fn test_time(&mut self, step_time: u64) -> u64 {
        self.longest = self.longest.max(step_time);
        self.before.saturating_add(step_time)
    }
}

impl Rows {
    /// Makes the columns. What is doubtful about ranges is noted.
    pub(crate) fn new(
        layout: Layout,
        fixed_range: i32,
        survey: Survey,
        sink: &mut dyn Sink,
    ) -> Self {
        let mut batch = Batch::default();
        let stored = Origin::Stored;
        let test_time = batch.numbers("test_time_second", "s", "", Origin::Reconstructed);
        let voltage = batch.numbers("voltage_volt", "V", "voltage", stored);
        let current = batch.numbers("current_ampere", "A", "current", stored);
        let unix = match layout.clock {
            Clock::None => None,
            Clock::Unix(_) => Some(batch.numbers("unix_time_second", "s", "date", stored)),
            // Not UTC: seconds as if the clock's zone were UTC, which a note says.
            Clock::Local(_) => {
                Some(batch.numbers("unix_time_second", "s", "date", Origin::Reconstructed))
            }
        };
        let cycle = batch.numbers("cycle_count", "1", "cycle", stored);
        let step_count = batch.numbers("step_count", "1", "", Origin::Reconstructed);
        let step_id = batch.numbers("step_id", "1", "step index", stored);
        let step_type = batch.texts("step_type", "step type", stored);
        let step_time = batch.numbers("step_time_second", "s", "time", stored);
        let index = batch.numbers("record_index", "1", "index", stored);
        let names: &[(&str, &str, &str)] = match layout.amounts {
            Amounts::Charge(_) | Amounts::ChargeAndEnergy(_) => &TWO,
            Amounts::Four(_) | Amounts::FourShort(_) => &FOUR,
        };
        let names = names.iter().take(layout.amounts.count());
        let amounts = names
            .clone()
            .map(|(name, vendor, _)| batch.numbers(name, "", vendor, stored))
            .collect();
        let mut rows = Self {
            layout,
            fixed_range,
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
            raw: Vec::new(),
            steps: StepTimes::default(),
            scale: (None, f64::NAN),
            times: Vec::new(),
            scales: Vec::new(),
            unknown_types: BTreeMap::new(),
        };
        if rows.note_ranges(&survey.ranges(), sink) {
            rows.raw.push(rows.batch.numbers("raw_current", "", "current", stored));
            for (_, vendor, raw) in names {
                rows.raw.push(rows.batch.numbers(raw, "", vendor, stored));
            }
        }
        if matches!(layout.clock, Clock::Local(_)) {
            let message = "the file gives the local time of the computer that ran the test, without its zone; unix_time_second was counted as if that were UTC";
            sink.note(Note::new("clock-zone-unknown", message, "column unix_time_second"));
        }
        rows
    }

    fn scale_of(&self, range: i32) -> Scale {
        of_range(if range == 0 { self.fixed_range } else { range })
    }

    /// Notes ranges whose scale is not sure. True when one has none.
    fn note_ranges(&self, ranges: &BTreeMap<i32, u64>, sink: &mut dyn Sink) -> bool {
        let mut unknown = false;
        for (&range, rows) in ranges {
            let named = if range == 0 { self.fixed_range } else { range };
            let (code, message) = match self.scale_of(range) {
                Scale::Known(_) => continue,
                Scale::ByRule(counts) => (
                    "range-unseen",
                    format!(
                        "{rows} rows were measured in the range {named}, which was not seen together with the vendor's own export; by the rule of its neighbours a count is {} mA, and current, capacity and energy were scaled so: compare one value with BTSDA",
                        counts.recip()
                    ),
                ),
                Scale::Unknown => {
                    unknown = true;
                    (
                        "range-unknown",
                        format!(
                            "{rows} rows were measured in the range {named}, whose scale is not known: their current, capacity and energy are missing, and the counts of the file stand in the columns raw_*; BTSDA shows what a count is worth"
                        ),
                    )
                }
            };
            sink.note(Note::new(code, message, "column current_ampere"));
        }
        unknown
    }

    /// Begins the table, with the start as the first row has it.
    pub(crate) fn begin(&mut self, first: Option<&[u8]>, limits: &Limits, sink: &mut dyn Sink) {
        if let Some(start) = first.and_then(|row| self.start(row)) {
            sink.started_at(start);
        }
        self.batch.begin(limits, sink);
    }

    fn start(&self, row: &[u8]) -> Option<StartTime> {
        let zone = match self.layout.clock {
            Clock::Local(_) => Zone::Local,
            _ => Zone::Stated,
        };
        let time_s = self.layout.time.of(row) as f64 / self.layout.time_per_s as f64;
        clock::start(self.layout.clock.of(row), time_s, zone)
    }

    /// Turns rows, one behind the other, into the columns that wait.
    pub(crate) fn decode(&mut self, rows: &[u8]) {
        let layout = self.layout;
        let rows = || rows.chunks_exact(layout.len);
        let batch = &mut self.batch;
        batch.extend(self.index, rows().map(|row| f64::from(layout.index(row))));
        batch.extend(self.voltage, rows().map(|row| f64::from(i32_at(row, layout.voltage)) / 1e4));
        batch.extend(
            self.cycle,
            rows()
                .map(|row| f64::from(u32_at(row, layout.cycle).saturating_add(layout.cycle_base))),
        );
        batch.extend(self.step_id, rows().map(|row| layout.step.of(row) as f64));
        let per_s = layout.time_per_s as f64;
        batch.extend(self.step_time, rows().map(|row| layout.time.of(row) as f64 / per_s));
        if let Some(unix) = self.unix {
            batch.extend(unix, rows().map(|row| layout.clock.of(row)));
        }
        self.times.clear();
        let mut same: (u8, usize) = (0, 0);
        for row in rows() {
            self.steps.step(layout.step_key(row));
            let test_time = self.steps.test_time(layout.time.of(row));
            self.times.push((test_time as f64 / per_s, self.steps.count as f64));
            let step_type = u8_at(row, layout.step_type);
            if step_type == same.0 {
                same.1 += 1;
            } else {
                put_types(batch, self.step_type, same, &mut self.unknown_types);
                same = (step_type, 1);
            }
        }
        put_types(batch, self.step_type, same, &mut self.unknown_types);
        batch.extend(self.test_time, self.times.iter().map(|times| times.0));
        batch.extend(self.step_count, self.times.iter().map(|times| times.1));
        let mut scales = std::mem::take(&mut self.scales);
        scales.clear();
        scales.extend(rows().map(|row| self.counts_per_a(row)));
        let batch = &mut self.batch;
        let counts = rows().map(|row| f64::from(i32_at(row, layout.current)));
        batch.extend(self.current, counts.zip(&scales).map(|(counts, per_a)| counts / per_a));
        for (which, &column) in self.amounts.iter().enumerate() {
            // Counts times seconds.
            let amounts = rows().map(|row| layout.amounts.of(row, which)).zip(&scales);
            batch.extend(column, amounts.map(|(amount, per_a)| amount / (per_a * 3600.0)));
        }
        self.scales = scales;
        let mut raw = self.raw.iter();
        if let Some(&current) = raw.next() {
            self.batch.extend(current, rows().map(|row| f64::from(i32_at(row, layout.current))));
        }
        for (which, &column) in raw.enumerate() {
            self.batch.extend(column, rows().map(|row| layout.amounts.of(row, which)));
        }
    }

    /// Counts per ampere of a row; NaN where nobody knows.
    fn counts_per_a(&mut self, row: &[u8]) -> f64 {
        let range = self.layout.range.map_or(0, |at| i32_at(row, at));
        if self.scale.0 != Some(range) {
            let counts = self.scale_of(range).counts_per_ma();
            self.scale = (Some(range), counts.map_or(f64::NAN, |counts| counts * 1000.0));
        }
        self.scale.1
    }

    /// Hands on what waits. False when no more may come. Errors when the sink cannot keep it.
    pub(crate) fn flush(&mut self, sink: &mut dyn Sink) -> Result<bool, ReadError> {
        self.batch.flush(sink)
    }

    /// Notes what was found on the way.
    pub(crate) fn finish(&self, sink: &mut dyn Sink) {
        note_unknown_types(&self.unknown_types, sink);
    }
}

/// Puts the name of a step's type into so many rows, and counts those that have none.
fn put_types(
    batch: &mut Batch,
    column: Texts,
    (step_type, rows): (u8, usize),
    unknown: &mut BTreeMap<u8, u64>,
) {
    batch.repeat_text(column, &steps::name(step_type), rows);
    if rows > 0 && !steps::is_known(step_type) {
        *unknown.entry(step_type).or_default() += rows as u64;
    }
}

/// Notes types of steps that have no name.
pub(crate) fn note_unknown_types(types: &BTreeMap<u8, u64>, sink: &mut dyn Sink) {
    for (code, rows) in types {
        let message =
            format!("{rows} rows belong to steps of type {code}, whose name is not known");
        sink.note(Note::new("unknown-step-type", message, "column step_type"));
    }
}
