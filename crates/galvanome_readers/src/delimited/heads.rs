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
const NAMES: [(&str, &str); 62] = [
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
];

/// Reads a column name, with the unit that a line of its own may give.
pub(super) fn head_of_column(name: &str, written: &str) -> Head {
    let (base, unit) = if written.is_empty() { split_unit(name) } else { (name, written) };
    let plain = plain(base);
    // `Volts` and `Amps` are their own units.
    let own_unit = matches!(plain.as_str(), "volts" | "volt" | "amps");
    let unit = if unit.is_empty() && own_unit { base.trim() } else { unit.trim() };
    if let Some(rank) = NAMES.iter().position(|(known, _)| *known == plain) {
        let canonical = NAMES.get(rank).and_then(|(_, canonical)| by_name(canonical));
        let canonical = canonical.map(|canonical| {
            (canonical, canonical.dimension.and_then(|dimension| conversion(unit, dimension)))
        });
        return Head { canonical, rank, unit: unit.to_owned() };
    }
    let canonical = by_bdf_header(name)
        .filter(|_| written.is_empty())
        .map(|(canonical, convert)| (canonical, Some(convert)));
    Head { canonical, rank: NAMES.len(), unit: unit.to_owned() }
}
