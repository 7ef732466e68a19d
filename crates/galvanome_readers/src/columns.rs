//! The canonical columns of cycling data, by the names of the Battery Data Format.
//!
//! Source: Battery Data Format ontology 1.3.0 (machine names, preferred labels, units, meanings). Positive
//! current charges. `ewe_volt`, `ece_volt` and `ewe_ece_volt` are ours, for three electrodes, and
//! so is `cycle_count_derived`, a count of cycles by one rule.

use galvanome_model::measurement::{ColumnHead, Origin};

use crate::sink::{Kind, NewColumn};
use crate::units::{Convert, Dimension, conversion};

/// A canonical column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Canonical {
    /// The machine name.
    pub(crate) name: &'static str,
    /// The preferred label without its unit; empty for names of our own.
    pub(crate) label: &'static str,
    /// What it measures; none for text.
    pub(crate) dimension: Option<Dimension>,
}

impl Canonical {
    /// The preferred label with its unit, such as `Voltage / V`.
    pub(crate) fn full_label(&self) -> String {
        match self.dimension {
            Some(dimension) => format!("{} / {}", self.label, dimension.unit()),
            None => self.label.to_owned(),
        }
    }

    /// The machine name without its unit, such as `voltage`.
    fn base(&self) -> &'static str {
        const UNITS: [&str; 11] = [
            "_second", "_volt", "_ampere", "_ah", "_wh", "_watt", "_ohm", "_celsius", "_pa",
            "_hertz", "_degree",
        ];
        UNITS.iter().find_map(|unit| self.name.strip_suffix(unit)).unwrap_or(self.name)
    }

    /// A new column of this kind that the file calls `vendor_name`.
    pub(crate) fn column(&self, vendor_name: &str, origin: Origin) -> NewColumn {
        NewColumn {
            head: ColumnHead {
                name: self.name.to_owned(),
                unit: self.dimension.map_or("", Dimension::unit).to_owned(),
                vendor_name: vendor_name.to_owned(),
                origin,
            },
            kind: if self.dimension.is_some() { Kind::Number } else { Kind::Text },
        }
    }
}

macro_rules! canonical {
    ($($name:ident $label:literal $($dimension:ident)?;)*) => {
        /// Every canonical column.
        pub(crate) const ALL: &[Canonical] = &[$(Canonical {
            name: stringify!($name),
            label: $label,
            dimension: canonical!(@ $($dimension)?),
        }),*];
    };
    (@ $dimension:ident) => { Some(Dimension::$dimension) };
    (@) => { None };
}

canonical! {
    test_time_second "Test Time" Time;
    voltage_volt "Voltage" Voltage;
    current_ampere "Current" Current;
    unix_time_second "Unix Time" Time;
    cycle_count "Cycle Count" One;
    step_count "Step Count" One;
    step_id "Step ID" One;
    step_index "Step Index" One;
    step_record_index "Step Record Index" One;
    step_type "Step Type";
    step_time_second "Step Time" Time;
    record_index "Record Index" One;
    ambient_temperature_celsius "Ambient Temperature" Temperature;
    surface_temperature_celsius "Surface Temperature" Temperature;
    temperature_t1_celsius "Temperature T1" Temperature;
    temperature_t2_celsius "Temperature T2" Temperature;
    temperature_t3_celsius "Temperature T3" Temperature;
    temperature_t4_celsius "Temperature T4" Temperature;
    temperature_t5_celsius "Temperature T5" Temperature;
    charging_capacity_ah "Charging Capacity" Charge;
    discharging_capacity_ah "Discharging Capacity" Charge;
    net_capacity_ah "Net Capacity" Charge;
    cumulative_capacity_ah "Cumulative Capacity" Charge;
    cycle_charging_capacity_ah "Cycle Charging Capacity" Charge;
    cycle_discharging_capacity_ah "Cycle Discharging Capacity" Charge;
    cycle_net_capacity_ah "Cycle Net Capacity" Charge;
    cycle_cumulative_capacity_ah "Cycle Cumulative Capacity" Charge;
    step_charging_capacity_ah "Step Charging Capacity" Charge;
    step_discharging_capacity_ah "Step Discharging Capacity" Charge;
    step_net_capacity_ah "Step Net Capacity" Charge;
    step_cumulative_capacity_ah "Step Cumulative Capacity" Charge;
    step_capacity_ah "Step Capacity" Charge;
    schedule_charging_capacity_ah "Schedule Charging Capacity" Charge;
    schedule_discharging_capacity_ah "Schedule Discharging Capacity" Charge;
    charging_energy_wh "Charging Energy" Energy;
    discharging_energy_wh "Discharging Energy" Energy;
    net_energy_wh "Net Energy" Energy;
    cumulative_energy_wh "Cumulative Energy" Energy;
    cycle_charging_energy_wh "Cycle Charging Energy" Energy;
    cycle_discharging_energy_wh "Cycle Discharging Energy" Energy;
    cycle_net_energy_wh "Cycle Net Energy" Energy;
    cycle_cumulative_energy_wh "Cycle Cumulative Energy" Energy;
    step_charging_energy_wh "Step Charging Energy" Energy;
    step_discharging_energy_wh "Step Discharging Energy" Energy;
    step_net_energy_wh "Step Net Energy" Energy;
    step_cumulative_energy_wh "Step Cumulative Energy" Energy;
    step_energy_wh "Step Energy" Energy;
    schedule_charging_energy_wh "Schedule Charging Energy" Energy;
    schedule_discharging_energy_wh "Schedule Discharging Energy" Energy;
    power_watt "Power" Power;
    internal_resistance_ohm "Internal Resistance" Resistance;
    dc_internal_resistance_ohm "DC Internal Resistance" Resistance;
    ac_internal_resistance_ohm "AC Internal Resistance" Resistance;
    ambient_pressure_pa "Ambient Pressure" Pressure;
    applied_pressure_pa "Applied Pressure" Pressure;
    surface_pressure_pa "Surface Pressure" Pressure;
    frequency_hertz "Frequency" Frequency;
    absolute_impedance_ohm "Absolute Impedance" Resistance;
    real_impedance_ohm "Real Impedance" Resistance;
    imaginary_impedance_ohm "Imaginary Impedance" Resistance;
    phase_degree "Phase" Angle;
    ewe_volt "" Voltage;
    ece_volt "" Voltage;
    ewe_ece_volt "" Voltage;
    cycle_count_derived "" One;
}

/// The canonical column of a machine name.
pub(crate) fn by_name(name: &str) -> Option<Canonical> {
    ALL.iter().find(|canonical| canonical.name == name).copied()
}

/// Names of versions before 1.3.0, and those that 1.3.0 has for them.
const OLDER_NAMES: [(&str, &str); 20] = [
    ("cycle_dimensionless", "cycle_count"),
    ("cycle_count_1", "cycle_count"),
    ("step_dimensionless", "step_count"),
    ("step_count_1", "step_count"),
    ("step_index_1", "step_index"),
    ("step_record_index_1", "step_record_index"),
    ("date_time_millisecond", "unix_time_millisecond"),
    ("date_time_second", "unix_time_second"),
    ("ac_resistance_ohm", "ac_internal_resistance_ohm"),
    ("dc_resistance_ohm", "dc_internal_resistance_ohm"),
    ("ambient_temperature_degc", "ambient_temperature_celsius"),
    ("surface_temperature_degc", "surface_temperature_celsius"),
    ("temperature_t1_degc", "temperature_t1_celsius"),
    ("surface_temperature_t1_celsius", "temperature_t1_celsius"),
    ("cycle_charge_capacity_ah", "cycle_charging_capacity_ah"),
    ("cycle_discharge_capacity_ah", "cycle_discharging_capacity_ah"),
    ("cycle_charge_energy_wh", "cycle_charging_energy_wh"),
    ("cycle_discharge_energy_wh", "cycle_discharging_energy_wh"),
    ("step_charge_capacity_ah", "step_charging_capacity_ah"),
    ("step_discharge_capacity_ah", "step_discharging_capacity_ah"),
];

/// The canonical column that a header of the Battery Data Format means, and how its numbers are converted: a
/// machine name (`voltage_volt`), one in another unit (`test_time_millisecond`), or a preferred label
/// (`Voltage / mV`).
pub(crate) fn by_bdf_header(header: &str) -> Option<(Canonical, Convert)> {
    let older = OLDER_NAMES.iter().find(|(older, _)| *older == header);
    let header = older.map_or(header, |(_, name)| name);
    if let Some(canonical) = by_name(header) {
        return Some((canonical, Convert::Same));
    }
    if let Some((label, unit)) = header.rsplit_once('/') {
        let label = label.trim();
        // 1.3.0 keeps `Surface Temperature T1` as another label of `Temperature T1`.
        let label = label
            .strip_prefix("Surface ")
            .filter(|label| label.starts_with("Temperature T"))
            .unwrap_or(label);
        return ALL.iter().find_map(|canonical| {
            let same = !canonical.label.is_empty() && canonical.label.eq_ignore_ascii_case(label);
            if !same {
                return None;
            }
            match canonical.dimension {
                Some(dimension) => Some((*canonical, conversion(unit, dimension)?)),
                None => Some((*canonical, Convert::Same)),
            }
        });
    }
    if let Some(canonical) = ALL.iter().find(|canonical| {
        // Names of our own have no label.
        matches!(canonical.dimension, None | Some(Dimension::One))
            && !header.is_empty()
            && canonical.label == header
    }) {
        return Some((*canonical, Convert::Same));
    }
    ALL.iter().find_map(|canonical| {
        let unit = header.strip_prefix(canonical.base())?.strip_prefix('_')?;
        Some((*canonical, conversion(unit, canonical.dimension?)?))
    })
}

/// Makes names unique: one that was there before gets its place (`Voltage#7`), which counts from 0.
pub(crate) fn unique<'a>(names: impl Iterator<Item = (&'a mut String, usize)>) {
    let mut seen = std::collections::BTreeSet::new();
    for (name, place) in names {
        while !seen.insert(name.clone()) {
            *name = format!("{name}#{}", place + 1);
        }
    }
}
