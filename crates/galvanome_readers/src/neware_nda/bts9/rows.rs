//! From records to columns.

use std::collections::BTreeMap;

use galvanome_model::measurement::Origin;

use super::found::Found;
use super::layout::{Amounts, Layout, Time};
use crate::le::{f32_at, u8_at, u32_at};
use crate::neware::batch::{Batch, Numbers, Texts};
use crate::neware::steps;

/// Turns records into columns.
pub(super) struct Rows {
    layout: Layout,
    pub(super) batch: Batch,
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
    pub(super) unknown_types: BTreeMap<u8, u64>,
}

impl Rows {
    /// Makes the columns.
    pub(super) fn new(layout: Layout, found: &Found) -> Self {
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

    /// Turns records, one behind the other, into the columns that wait.
    pub(super) fn decode(&mut self, records: &[u8]) {
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
