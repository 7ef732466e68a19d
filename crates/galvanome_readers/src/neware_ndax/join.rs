//! Members put together, row by row.
//!
//! What is stored of a row that is in `runInfo` is taken as it is. Time of a row between two of them is counted on by
//! the interval that the one before states, and its charges and energies are those of the one before plus current
//! times interval: so BTSDA shows them. Where `runInfo` is cut off, rows behind its last one get no time.

use std::collections::BTreeMap;
use std::io;

use super::columns::{Columns, Data};
use super::family::Family;
use super::pages::Stream;
use super::steps::{Step, Steps};
use super::stored::Stored;
use crate::neware::batch::Batch;
use crate::neware::steps::{self, CycleCounter};

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
