//! Versions since 8: voltage and current of each row in one member, and time, charge and energy of some rows in
//! another (`data_runInfo.ndc`), the steps in a third (`data_step.ndc`).
//!
//! What is stored of a row that is in `runInfo` is taken as it is. Time of a row between two of them is counted on by
//! the interval that the one before states, and its charges and energies are those of the one before plus current
//! times interval: so BTSDA shows them. Where `runInfo` is cut off, rows behind its last one get no time.

use std::collections::BTreeMap;
use std::io;

use galvanome_model::measurement::Origin;

use super::pages::{Page, Stream};
use crate::neware::batch::{Batch, Numbers, Texts};
use crate::neware::le::{f32_at, i16_at, i32_at, u8_at, u32_at};
use crate::neware::steps::{self, CycleCounter};
use crate::neware::write::{Row, put};

/// What differs between versions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Family {
    /// What the stored voltage and current are of a volt and an ampere.
    pub(super) per_v: f64,
    pub(super) per_a: f64,
    /// What a stored charge and energy is of an ampere hour and a watt hour.
    per_ah: f64,
    /// Bytes of a row of `runInfo`, where its second half begins, and whether its clock has milliseconds.
    pub(super) run_len: usize,
    run_behind: usize,
    run_millis: bool,
    /// Bytes of a row of `step`.
    pub(super) step_len: usize,
}

/// Bytes of a row of the data.
pub(super) const ROW_LEN: usize = 8;

/// The family of a version: tenths of millivolts, milliamperes and their seconds, or volts, amperes and their hours.
pub(super) fn family(version: u8) -> Option<Family> {
    let milli = Family {
        per_v: 1e4,
        per_a: 1e3,
        per_ah: 3.6e6,
        run_len: 47,
        run_behind: 29,
        run_millis: true,
        step_len: 37,
    };
    let whole = Family { per_v: 1.0, per_a: 1.0, per_ah: 1.0, ..milli };
    Some(match version {
        8 => Family { run_len: 42, run_behind: 26, run_millis: false, ..whole },
        9 => Family { run_len: 45, run_millis: false, ..milli },
        11 => milli,
        12 => whole,
        13 => Family { run_len: 55, ..milli },
        14 => Family { run_len: 55, ..whole },
        16 => Family { run_len: 100, step_len: 100, ..milli },
        17 => Family { run_len: 100, step_len: 100, ..whole },
        _ => return None,
    })
}

impl Family {
    /// Rows of `runInfo` for a test that began at a time since 1970: of the first two rows of each step, and of
    /// those behind which another interval begins.
    pub(super) fn write_runs(&self, rows: &[Row], start_s: f64) -> Vec<Vec<u8>> {
        let ms = |seconds: f64| (seconds * 1e3).round() as i64;
        let interval = |at: usize| {
            let next = rows.get(at + 1).or(rows.get(at)).map_or(0, |row| ms(row.test_s));
            next - rows.get(at).map_or(0, |row| ms(row.test_s))
        };
        let mut runs = Vec::new();
        let mut step = (0, 0);
        let mut last = 0;
        for (at, row) in rows.iter().enumerate() {
            step =
                if step.0 == row.step_count { (step.0, step.1 + 1) } else { (row.step_count, 0) };
            let next = interval(at);
            // What comes last has no interval of its own.
            let same = at + 1 == rows.len() || next == last;
            if step.1 > 1 && same {
                continue;
            }
            last = next;
            let mut record = vec![0; self.run_len];
            put(&mut record, 0, &(ms(row.step_s) as u32).to_le_bytes());
            for (which, amount) in row.amounts.into_iter().enumerate() {
                put(&mut record, 5 + 4 * which, &((amount * self.per_ah) as f32).to_le_bytes());
            }
            let behind = self.run_behind;
            let clock_ms = ms(start_s + row.test_s).max(0);
            put(&mut record, behind, &(next as i32).to_le_bytes());
            put(&mut record, behind + 4, &((clock_ms / 1000) as u32).to_le_bytes());
            put(&mut record, behind + 8, &row.step_count.to_le_bytes());
            put(&mut record, behind + 12, &row.index.to_le_bytes());
            if self.run_millis {
                put(&mut record, behind + 16, &((clock_ms % 1000) as i16).to_le_bytes());
            }
            runs.push(record);
        }
        runs
    }
}

/// A row of `runInfo`.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Stored {
    step_ms: u64,
    /// Charged and discharged charge, charged and discharged energy.
    amounts: [f64; 4],
    /// To the next row.
    interval_ms: u64,
    /// Since 1970; 0 when it is not told.
    unix_ms: u64,
    step: u32,
    place: u64,
}

impl Stored {
    fn read(family: &Family, row: &[u8]) -> Self {
        let behind = family.run_behind;
        let amount = |which: usize| f32_at(row, 5 + 4 * which).abs() / family.per_ah;
        let millis = if family.run_millis { i16_at(row, behind + 16).max(0) } else { 0 };
        let seconds = u64::from(u32_at(row, behind + 4));
        Self {
            step_ms: u64::from(u32_at(row, 0)),
            amounts: [amount(0), amount(1), amount(2), amount(3)],
            interval_ms: u64::from(i32_at(row, behind).max(0).unsigned_abs()),
            unix_ms: if seconds == 0 {
                0
            } else {
                seconds * 1000 + u64::from(millis.unsigned_abs())
            },
            step: u32_at(row, behind + 8),
            place: u64::from(u32_at(row, behind + 12)),
        }
    }
}

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Step {
    cycle: u32,
    id: u32,
    kind: u8,
    /// The place of its first row; 0 when it is not told.
    first: u32,
}

/// The steps of a test, in order.
#[derive(Debug, Default)]
pub(super) struct Steps {
    all: Vec<Step>,
    /// Whether they say where they begin, so that a row's step is known without `runInfo`.
    by_place: bool,
    /// Whether steps may be missing behind the last one.
    cut: bool,
}

/// Steps that are kept at most.
const STEPS_MAX: usize = 4_000_000;

impl Steps {
    /// Reads them. Errors when the source cannot be read.
    pub(super) fn read(stream: &mut Stream) -> io::Result<Self> {
        let mut steps: Vec<Step> = Vec::new();
        while let Some((_, row)) = stream.next()? {
            if steps.len() >= STEPS_MAX {
                break;
            }
            steps.push(Step {
                cycle: u32_at(row, 0),
                id: u32_at(row, 4),
                kind: u8_at(row, 24),
                first: u32_at(row, 33),
            });
        }
        let starts = steps.first().is_some_and(|step| step.first == 1);
        let by_place = starts && steps.is_sorted_by(|a, b| a.first < b.first);
        Ok(Self { all: steps, by_place, cut: stream.pages.wrong.is_cut() })
    }

    /// The place behind the step of a row, as far as steps say where they begin.
    fn end_of(&self, place: u64) -> u64 {
        let count = self.all.partition_point(|step| u64::from(step.first) <= place);
        let next = self.all.get(count).filter(|_| self.by_place);
        next.map_or(u64::MAX, |next| u64::from(next.first))
    }

    /// The number of the step of a row, from 1, where the steps say it: where the last one ends is not told.
    fn of_place(&self, place: u64) -> Option<usize> {
        let count = self.all.partition_point(|step| u64::from(step.first) <= place);
        (self.by_place && !(self.cut && count == self.all.len())).then_some(count)
    }
}

/// Columns of rows that are put together from several members.
pub(super) struct Columns {
    test_time: Numbers,
    voltage: Numbers,
    current: Numbers,
    unix: Numbers,
    cycle: Numbers,
    instrument_cycle: Option<Numbers>,
    step_count: Numbers,
    step_id: Numbers,
    step_type: Texts,
    step_time: Numbers,
    index: Numbers,
    amounts: [Numbers; 4],
}

impl Columns {
    /// Makes them; with a column for the instrument's own count of cycles when they are counted otherwise.
    pub(super) fn new(batch: &mut Batch, counted: bool) -> Self {
        let stored = Origin::Stored;
        let rebuilt = Origin::Reconstructed;
        let cycle = if counted { ("", rebuilt) } else { ("Cycle", stored) };
        Self {
            test_time: batch.numbers("test_time_second", "s", "", rebuilt),
            voltage: batch.numbers("voltage_volt", "V", "Voltage", stored),
            current: batch.numbers("current_ampere", "A", "Current", stored),
            unix: batch.numbers("unix_time_second", "s", "Date", Origin::Interpolated),
            cycle: batch.numbers("cycle_count", "1", cycle.0, cycle.1),
            instrument_cycle: counted
                .then(|| batch.numbers("instrument_cycle_count", "1", "Cycle", stored)),
            step_count: batch.numbers("step_count", "1", "", rebuilt),
            step_id: batch.numbers("step_id", "1", "Step Index", stored),
            step_type: batch.texts("step_type", "Step Type", stored),
            step_time: batch.numbers("step_time_second", "s", "Time", Origin::Interpolated),
            index: batch.numbers("record_index", "1", "", rebuilt),
            amounts: [
                ("step_charging_capacity_ah", "Chg. Cap."),
                ("step_discharging_capacity_ah", "DChg. Cap."),
                ("step_charging_energy_wh", "Chg. Energy"),
                ("step_discharging_energy_wh", "DChg. Energy"),
            ]
            .map(|(name, vendor)| batch.numbers(name, "", vendor, Origin::Integrated)),
        }
    }
}

/// Rows of the data: their places, which rise, volts and amperes.
#[derive(Debug, Default)]
pub(super) struct Data {
    pub(super) places: Vec<u64>,
    voltages_v: Vec<f64>,
    currents_a: Vec<f64>,
}

impl Data {
    /// Takes the rows of a page instead of those that it had.
    pub(super) fn take(&mut self, family: &Family, page: &Page<'_>) {
        self.places.clear();
        self.voltages_v.clear();
        self.currents_a.clear();
        let before = page.number * page.room() as u64;
        for (slot, row) in page.rows(ROW_LEN) {
            self.places.push(before + slot as u64 + 1);
            self.voltages_v.push(f32_at(row, 0) / family.per_v);
            self.currents_a.push(f32_at(row, 4) / family.per_a);
        }
    }
}

/// Puts members together, row by row.
pub(super) struct Join {
    family: Family,
    pub(super) runs: Option<Stream>,
    steps: Steps,
    counter: Option<CycleCounter>,
    next: Option<Stored>,
    last: Option<Stored>,
    /// Rows since the last one that is stored, and what charges and energies grew by.
    since: u64,
    grown: [f64; 4],
    grown_by: Vec<[f64; 4]>,
    /// The step that runs: its number, its mark in `runInfo`, its place among the steps.
    step_count: usize,
    step_mark: Option<u32>,
    step: Option<Step>,
    cycle_asked: u32,
    before_ms: u64,
    longest_ms: u64,
    last_unix_ms: u64,
    /// Rows that are stored, filled in, and left without time.
    pub(super) stored: u64,
    pub(super) filled: u64,
    pub(super) lost: u64,
    /// Rows of `runInfo` that repeat or go back.
    pub(super) repeated: u64,
    /// Rows whose clock is behind that of the row before.
    pub(super) clock_back: u64,
    pub(super) unknown_kinds: BTreeMap<u8, u64>,
}

impl Join {
    /// Begins. Errors when the source cannot be read.
    pub(super) fn begin(
        family: Family,
        runs: Option<Stream>,
        steps: Steps,
        counter: Option<CycleCounter>,
    ) -> io::Result<Self> {
        let mut join = Self {
            family,
            runs,
            steps,
            counter,
            next: None,
            last: None,
            since: 0,
            grown: [0.0; 4],
            grown_by: Vec::new(),
            step_count: 0,
            step_mark: None,
            step: None,
            cycle_asked: 1,
            before_ms: 0,
            longest_ms: 0,
            last_unix_ms: 0,
            stored: 0,
            filled: 0,
            lost: 0,
            repeated: 0,
            clock_back: 0,
            unknown_kinds: BTreeMap::new(),
        };
        join.fetch()?;
        Ok(join)
    }

    /// Fetches the next row of `runInfo` whose place is above that of the last one. Of several with one place the first
    /// holds, as in BTSDA.
    fn fetch(&mut self) -> io::Result<()> {
        let above = self.next.take().map_or(0, |next| next.place);
        let Some(runs) = &mut self.runs else { return Ok(()) };
        while let Some((_, row)) = runs.next()? {
            let stored = Stored::read(&self.family, row);
            if stored.place > above {
                self.next = Some(stored);
                return Ok(());
            }
            // Places are counted from 1; 0 is room that was never used.
            if stored.place > 0 {
                self.repeated += 1;
            }
        }
        Ok(())
    }

    /// The last place that `runInfo` speaks of and that no row had.
    pub(super) fn beyond(&self) -> Option<u64> {
        self.next.map(|next| next.place)
    }

    /// Milliseconds since 1970 at the beginning, and of the test then.
    pub(super) fn start(&self) -> Option<(f64, f64)> {
        let first = self.next?;
        (first.unix_ms > 0).then_some((first.unix_ms as f64 / 1e3, first.step_ms as f64 / 1e3))
    }

    /// Puts rows into the columns that wait, with all that is known of them. Errors when the source cannot be read.
    pub(super) fn put(
        &mut self,
        data: &Data,
        columns: &Columns,
        batch: &mut Batch,
    ) -> io::Result<()> {
        batch.extend(columns.index, data.places.iter().map(|&place| place as f64));
        batch.extend(columns.voltage, data.voltages_v.iter().copied());
        batch.extend(columns.current, data.currents_a.iter().copied());
        let mut at = 0;
        while let Some(&place) = data.places.get(at) {
            while self.next.is_some_and(|next| next.place < place) {
                self.fetch()?;
            }
            let mut found = false;
            if let Some(next) = self.next.filter(|next| next.place == place) {
                found = true;
                self.last = Some(next);
                self.since = 0;
                self.grown = [0.0; 4];
                self.fetch()?;
            }
            let cut = self.runs.as_ref().is_none_or(|runs| runs.pages.wrong.is_cut());
            // Behind the last row of a cut member nobody knows when the next one was.
            let last = self.last.filter(|_| found || self.next.is_some() || !cut);
            self.begin_step(place, last);
            // Rows on end for which the same holds.
            let mut until =
                self.next.map_or(u64::MAX, |next| next.place).min(self.steps.end_of(place));
            if found && self.next.is_none() && cut {
                until = place + 1;
            }
            let rest = data.places.get(at..).unwrap_or_default();
            let rows = rest.partition_point(|&place| place < until).max(1);
            self.put_step(rows, columns, batch);
            let voltages = data.voltages_v.get(at..at + rows).unwrap_or_default();
            let currents = data.currents_a.get(at..at + rows).unwrap_or_default();
            if let Some(last) = last {
                self.put_times(last, found, voltages, currents, columns, batch);
            } else {
                self.lost += rows as u64;
                for column in [columns.test_time, columns.step_time, columns.unix] {
                    batch.repeat(column, f64::NAN, rows);
                }
                for column in columns.amounts {
                    batch.repeat(column, f64::NAN, rows);
                }
            }
            at += rows;
        }
        Ok(())
    }

    /// Puts what the step says of so many rows.
    fn put_step(&mut self, rows: usize, columns: &Columns, batch: &mut Batch) {
        let of_step = |value: fn(Step) -> f64| self.step.map_or(f64::NAN, value);
        let cycle = of_step(|step| f64::from(step.cycle.saturating_add(1)));
        match columns.instrument_cycle {
            Some(column) => {
                batch.repeat(columns.cycle, f64::from(self.cycle_asked), rows);
                batch.repeat(column, cycle, rows);
            }
            None => batch.repeat(columns.cycle, cycle, rows),
        }
        let count = if self.step_count == 0 { f64::NAN } else { self.step_count as f64 };
        batch.repeat(columns.step_count, count, rows);
        batch.repeat(columns.step_id, of_step(|step| f64::from(step.id)), rows);
        match self.step.map(|step| step.kind) {
            Some(kind) => {
                batch.repeat_text(columns.step_type, &steps::name(kind), rows);
                if !steps::is_known(kind) {
                    *self.unknown_kinds.entry(kind).or_default() += rows as u64;
                }
            }
            None => batch.repeat_text(columns.step_type, "", rows),
        }
    }

    /// Puts times, charges and energies of rows that follow a stored one, or begin with it.
    fn put_times(
        &mut self,
        last: Stored,
        found: bool,
        voltages_v: &[f64],
        currents_a: &[f64],
        columns: &Columns,
        batch: &mut Batch,
    ) {
        let rows = voltages_v.len() as u64;
        let first = self.since + u64::from(!found);
        self.since = first + rows - 1;
        self.stored += u64::from(found);
        self.filled += rows - u64::from(found);
        let on_ms = |since: u64| last.interval_ms.saturating_mul(since);
        let before_ms = self.before_ms;
        let (since, last_ms) = (first..=self.since, last.step_ms);
        batch.extend(
            columns.step_time,
            since.clone().map(|since| last_ms.saturating_add(on_ms(since)) as f64 / 1e3),
        );
        batch.extend(
            columns.test_time,
            since.clone().map(|since| {
                before_ms.saturating_add(last_ms).saturating_add(on_ms(since)) as f64 / 1e3
            }),
        );
        self.longest_ms = self.longest_ms.max(last_ms.saturating_add(on_ms(self.since)));
        if last.unix_ms == 0 {
            batch.repeat(columns.unix, f64::NAN, voltages_v.len());
        } else {
            let unix_ms = last.unix_ms;
            batch.extend(
                columns.unix,
                since.map(|since| unix_ms.saturating_add(on_ms(since)) as f64 / 1e3),
            );
            self.clock_back += u64::from(unix_ms.saturating_add(on_ms(first)) < self.last_unix_ms);
            self.last_unix_ms = unix_ms.saturating_add(on_ms(self.since));
        }
        let interval_h = last.interval_ms as f64 / 3.6e6;
        self.grown_by.clear();
        for (row, (voltage_v, current_a)) in voltages_v.iter().zip(currents_a).enumerate() {
            if row > 0 || !found {
                self.grow(current_a * interval_h, *voltage_v);
            }
            self.grown_by.push(self.grown);
        }
        for (which, column) in columns.amounts.into_iter().enumerate() {
            let amount = last.amounts.get(which).copied().unwrap_or(f64::NAN);
            let grown = self.grown_by.iter().filter_map(|grown| grown.get(which));
            batch.extend(column, grown.map(|grown| amount + grown));
        }
    }

    /// Adds a charge that went in (positive) or out at a voltage.
    fn grow(&mut self, charge_ah: f64, voltage_v: f64) {
        let energy_wh = charge_ah * voltage_v;
        if !energy_wh.is_finite() {
            return;
        }
        let [charged, discharged, charged_wh, discharged_wh] = &mut self.grown;
        if charge_ah > 0.0 {
            *charged += charge_ah;
            *charged_wh += energy_wh;
        } else {
            *discharged -= charge_ah;
            *discharged_wh -= energy_wh;
        }
    }

    /// Goes on to the next step where a row belongs to it.
    fn begin_step(&mut self, place: u64, last: Option<Stored>) {
        let goes_on = last.is_none_or(|last| self.step_mark == Some(last.step));
        let count = match self.steps.of_place(place) {
            Some(count) => count,
            None if !goes_on => self.step_count + 1,
            // Neither member says it.
            None if self.steps.by_place && last.is_none() => 0,
            None => self.step_count,
        };
        self.step_mark = last.map(|last| last.step).or(self.step_mark);
        if count == self.step_count {
            return;
        }
        self.step_count = count;
        self.step = count.checked_sub(1).and_then(|at| self.steps.all.get(at)).copied();
        self.before_ms = self.before_ms.saturating_add(std::mem::take(&mut self.longest_ms));
        if let (Some(counter), Some(step)) = (&mut self.counter, self.step) {
            self.cycle_asked = counter.step(step.kind);
        }
    }
}
