//! Columns of rows that are put together from several members, and the rows of the data itself.

use galvanome_model::measurement::Origin;

use super::family::{Family, ROW_LEN};
use super::pages::Page;
use crate::le::f32_at;
use crate::neware::batch::{Batch, Numbers, Texts};

/// Columns of rows that are put together from several members.
pub(super) struct Columns {
    pub(super) test_time: Numbers,
    pub(super) voltage: Numbers,
    pub(super) current: Numbers,
    pub(super) unix: Numbers,
    pub(super) cycle: Numbers,
    pub(super) instrument_cycle: Option<Numbers>,
    pub(super) step_count: Numbers,
    pub(super) step_id: Numbers,
    pub(super) step_type: Texts,
    pub(super) step_time: Numbers,
    pub(super) index: Numbers,
    pub(super) amounts: [Numbers; 4],
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
    pub(super) voltages_v: Vec<f64>,
    pub(super) currents_a: Vec<f64>,
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
