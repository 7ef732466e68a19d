//! What a column name of any file means.

use crate::columns::{Canonical, by_bdf_header, by_name};
use crate::text::heads::{plain, split_unit};
use crate::units::{Convert, conversion};

/// What a column name says.
pub(super) struct Head {
    /// The canonical column it names, and how its numbers are converted; no conversion when its unit is missing
    /// or strange.
    pub(super) canonical: Option<(Canonical, Option<Convert>)>,
    /// How plain the name is among those for the same column; smaller is plainer.
    pub(super) rank: usize,
    /// Its unit as written; empty when none is.
    pub(super) unit: String,
}

/// Plain names, in small letters with single blanks, and what they stand for.
const NAMES: [(&str, &str); 97] = [
    ("test time", "test_time_second"),
    ("total time", "test_time_second"),
    ("elapsed time", "test_time_second"),
    ("run time", "test_time_second"),
    ("testtime", "test_time_second"),
    ("test", "test_time_second"),
    ("time", "test_time_second"),
    ("t", "test_time_second"),
    ("step time", "step_time_second"),
    ("steptime", "step_time_second"),
    ("voltage", "voltage_volt"),
    ("cell voltage", "voltage_volt"),
    ("potential", "voltage_volt"),
    ("ecell", "voltage_volt"),
    ("ewe", "voltage_volt"),
    ("e", "voltage_volt"),
    ("u", "voltage_volt"),
    ("v", "voltage_volt"),
    ("volt", "voltage_volt"),
    ("volts", "voltage_volt"),
    ("current", "current_ampere"),
    ("i", "current_ampere"),
    ("amps", "current_ampere"),
    ("unix time", "unix_time_second"),
    ("cycle", "cycle_count"),
    ("cycle index", "cycle_count"),
    ("cycle number", "cycle_count"),
    ("cycle count", "cycle_count"),
    ("cycle no", "cycle_count"),
    ("cycle nr", "cycle_count"),
    ("cyc#", "cycle_count"),
    ("cycle id", "cycle_count"),
    ("cycle c", "cycle_count"),
    ("step", "step_id"),
    ("step index", "step_id"),
    ("step number", "step_id"),
    ("step no", "step_id"),
    ("step id", "step_id"),
    ("ns", "step_id"),
    ("step count", "step_count"),
    ("step type", "step_type"),
    ("record", "record_index"),
    ("record number", "record_index"),
    ("record index", "record_index"),
    ("rec#", "record_index"),
    ("data point", "record_index"),
    ("datapoint", "record_index"),
    ("temperature", "temperature_t1_celsius"),
    ("cell temperature", "temperature_t1_celsius"),
    ("aux temperature", "temperature_t1_celsius"),
    ("surface temperature", "surface_temperature_celsius"),
    ("ambient temperature", "ambient_temperature_celsius"),
    ("environment temperature", "ambient_temperature_celsius"),
    ("chamber temperature", "ambient_temperature_celsius"),
    ("power", "power_watt"),
    ("internal resistance", "internal_resistance_ohm"),
    ("frequency", "frequency_hertz"),
    ("freq", "frequency_hertz"),
    ("re(z)", "real_impedance_ohm"),
    ("im(z)", "imaginary_impedance_ohm"),
    ("|z|", "absolute_impedance_ohm"),
    ("phase(z)", "phase_degree"),
    ("charging capacity", "charging_capacity_ah"),
    ("charge capacity", "charging_capacity_ah"),
    ("chg capacity", "charging_capacity_ah"),
    ("q charge", "charging_capacity_ah"),
    ("discharging capacity", "discharging_capacity_ah"),
    ("discharge capacity", "discharging_capacity_ah"),
    ("dchg capacity", "discharging_capacity_ah"),
    ("q discharge", "discharging_capacity_ah"),
    ("charging energy", "charging_energy_wh"),
    ("charge energy", "charging_energy_wh"),
    ("discharging energy", "discharging_energy_wh"),
    ("discharge energy", "discharging_energy_wh"),
    ("testzeit", "test_time_second"),
    ("prüfzeit", "test_time_second"),
    ("zeit", "test_time_second"),
    ("temps", "test_time_second"),
    ("测试时间", "test_time_second"),
    ("时间", "test_time_second"),
    ("schrittzeit", "step_time_second"),
    ("spannung", "voltage_volt"),
    ("zellspannung", "voltage_volt"),
    ("tension", "voltage_volt"),
    ("电压", "voltage_volt"),
    ("strom", "current_ampere"),
    ("courant", "current_ampere"),
    ("电流", "current_ampere"),
    ("zyklus", "cycle_count"),
    ("循环", "cycle_count"),
    ("循环序号", "cycle_count"),
    ("schritt", "step_id"),
    ("temperatur", "temperature_t1_celsius"),
    ("zelltemperatur", "temperature_t1_celsius"),
    ("温度", "temperature_t1_celsius"),
    ("leistung", "power_watt"),
    ("puissance", "power_watt"),
];

/// What a clock is called that says how far it is from UTC.
pub(super) const CLOCKS: [&str; 6] =
    ["date", "datetime", "date time", "timestamp", "time stamp", "time"];

/// Reads a column name, with the unit that a line of its own may give.
pub(super) fn head_of_column(name: &str, written: &str) -> Head {
    let (base, unit) = if written.is_empty() { split_unit(name) } else { (name, written) };
    let plain = plain(base);
    // `Volts` and `Amps` are their own units.
    let own_unit = matches!(plain.as_str(), "volts" | "volt" | "amps");
    let unit = if unit.is_empty() && own_unit { base.trim() } else { unit.trim() };
    // A potential is measured against something, which its unit need not say: `V vs. Li+/Li`.
    let plain_unit = unit.split_once(" vs").map_or(unit, |(unit, _)| unit);
    if let Some(rank) = NAMES.iter().position(|(known, _)| *known == plain) {
        let canonical = NAMES.get(rank).and_then(|(_, canonical)| by_name(canonical));
        let canonical = canonical.map(|canonical| {
            (canonical, canonical.dimension.and_then(|dimension| conversion(plain_unit, dimension)))
        });
        return Head { canonical, rank, unit: unit.to_owned() };
    }
    let canonical = by_bdf_header(name)
        .filter(|_| written.is_empty())
        .map(|(canonical, convert)| (canonical, Some(convert)));
    Head { canonical, rank: NAMES.len(), unit: unit.to_owned() }
}
