//! The cycles and their rates as tables.

use galvanome_model::measurement::{Column, ColumnHead, Origin, Table, Values};

use super::cycles::Cycle;
use super::efficiency::{coulombic, energy, hysteresis};
use super::fade::{percent_of, percent_u};
use super::rates::all_rates;
use super::records::Records;

/// A table of columns of equal length.
pub(super) fn table(name: &str, columns: Vec<Column>) -> Table {
    let rows = columns.first().map_or(0, |column| column.values.len());
    Table { name: name.to_owned(), columns, rows }
}

/// A column of numbers that were integrated from the records.
pub(super) fn integrated(name: &str, unit: &str, values: Vec<f64>) -> Column {
    column(name, unit, Origin::Integrated, Values::Number(values))
}

fn column(name: &str, unit: &str, origin: Origin, values: Values) -> Column {
    let head = ColumnHead {
        name: name.to_owned(),
        unit: unit.to_owned(),
        vendor_name: String::new(),
        origin,
    };
    Column { head, values }
}

/// The cycles as a table, each number with its uncertainty where the data tell it. Missing ones are NaN.
pub(super) fn cycle_table(
    cycles: &[Cycle],
    reference: Option<&Cycle>,
    nominal_ah: Option<f64>,
    records: &Records,
) -> Table {
    let each = |name: &str, unit: &str, of: &dyn Fn(&Cycle) -> f64| {
        integrated(name, unit, cycles.iter().map(of).collect())
    };
    let flag = |name: &str, of: fn(&Cycle) -> bool| {
        let values = cycles.iter().map(|cycle| f64::from(u8::from(of(cycle)))).collect();
        column(name, "1", Origin::Reconstructed, Values::Number(values))
    };
    let value = |pair: Option<(f64, f64)>| pair.map_or(f64::NAN, |(value, _)| value);
    let u = |pair: Option<(f64, f64)>| pair.map_or(f64::NAN, |(_, u)| u);
    let nominal = nominal_ah.unwrap_or(f64::NAN);
    let start = records.clock_s.first().copied().unwrap_or(f64::NAN);
    let elapsed = |cycle: &Cycle| {
        records.clock_s.get(cycle.rows.start).map_or(f64::NAN, |clock| clock - start)
    };
    let retention = |cycle: &Cycle| {
        reference
            .filter(|_| cycle.kind.is_complete())
            .map(|reference| (percent_of(cycle, reference), percent_u(cycle, reference)))
    };
    let number = cycles.iter().map(|cycle| cycle.number).collect();
    let kinds = cycles.iter().map(|cycle| cycle.kind.word().to_owned()).collect();
    let columns = vec![
        column("cycle_count", "1", Origin::Reconstructed, Values::Number(number)),
        column("kind", "", Origin::Reconstructed, Values::Text(kinds)),
        each("elapsed_second", "s", &elapsed),
        each("cycle_charging_capacity_ah", "Ah", &|c| c.charge.charge_ah),
        each("cycle_charging_capacity_uncertainty_ah", "Ah", &|c| c.charge.charge_u_whole_ah()),
        each("cycle_discharging_capacity_ah", "Ah", &|c| c.discharge.charge_ah),
        each("cycle_discharging_capacity_uncertainty_ah", "Ah", &|c| {
            c.discharge.charge_u_whole_ah()
        }),
        each("cycle_charging_energy_wh", "Wh", &|c| c.charge.energy_wh),
        each("cycle_charging_energy_uncertainty_wh", "Wh", &|c| c.charge.energy_u_whole_wh()),
        each("cycle_discharging_energy_wh", "Wh", &|c| c.discharge.energy_wh),
        each("cycle_discharging_energy_uncertainty_wh", "Wh", &|c| c.discharge.energy_u_whole_wh()),
        each("capacity_retention_percent", "%", &|c| value(retention(c))),
        each("capacity_retention_uncertainty_percent", "%", &|c| u(retention(c))),
        each("coulombic_efficiency_percent", "%", &|c| value(coulombic(c))),
        each("coulombic_efficiency_uncertainty_percent", "%", &|c| u(coulombic(c))),
        each("energy_efficiency_percent", "%", &|c| value(energy(c))),
        each("energy_efficiency_uncertainty_percent", "%", &|c| u(energy(c))),
        each("mean_charge_voltage_volt", "V", &|c| c.charge.mean_voltage_v),
        each("mean_charge_voltage_uncertainty_volt", "V", &|c| c.charge.mean_voltage_u_whole_v()),
        each("mean_discharge_voltage_volt", "V", &|c| c.discharge.mean_voltage_v),
        each("mean_discharge_voltage_uncertainty_volt", "V", &|c| {
            c.discharge.mean_voltage_u_whole_v()
        }),
        each("voltage_hysteresis_volt", "V", &|c| value(hysteresis(c))),
        each("voltage_hysteresis_uncertainty_volt", "V", &|c| u(hysteresis(c))),
        each("end_of_charge_voltage_volt", "V", &|c| c.charge.end_voltage_v),
        each("end_of_discharge_voltage_volt", "V", &|c| c.discharge.end_voltage_v),
        each("mean_charge_current_ampere", "A", &|c| c.charge.mean_current_a),
        each("mean_discharge_current_ampere", "A", &|c| c.discharge.mean_current_a),
        each("charge_rate_per_hour", "1/h", &|c| c.charge.mean_current_a / nominal),
        each("discharge_rate_per_hour", "1/h", &|c| c.discharge.mean_current_a / nominal),
        flag("discharge_complete", |cycle| cycle.discharge.ended),
        flag("in_loss_rate", |cycle| cycle.used),
    ];
    table("cycles", columns)
}

/// Capacity retention at each rate of discharge, the slowest first: of the last complete cycle at that rate against
/// the first from the reference on.
pub(super) fn rate_table(
    cycles: &[Cycle],
    reference: Option<&Cycle>,
    nominal_ah: Option<f64>,
) -> Table {
    let from = reference.map_or(f64::NEG_INFINITY, |reference| reference.number);
    let nominal = nominal_ah.unwrap_or(f64::NAN);
    let (mut kinds, mut numbers): (Vec<String>, Vec<[f64; 8]>) = (Vec::new(), Vec::new());
    for class in all_rates(cycles) {
        let members: Vec<&Cycle> = class.iter().filter_map(|&place| cycles.get(place)).collect();
        // Formation before the reference is passed over, unless there is nothing else.
        let first = members.iter().find(|cycle| cycle.number >= from).or(members.first());
        let (Some(first), Some(last)) = (first, members.last()) else { continue };
        let (percent, percent_u) = if last.number > first.number {
            (percent_of(last, first), percent_u(last, first))
        } else {
            (f64::NAN, f64::NAN)
        };
        kinds.push(first.kind.word().to_owned());
        numbers.push([
            first.discharge.mean_current_a / nominal,
            members.len() as f64,
            first.number,
            last.number,
            first.discharge.charge_ah,
            last.discharge.charge_ah,
            percent,
            percent_u,
        ]);
    }
    let names = [
        ("discharge_rate_per_hour", "1/h"),
        ("cycles", "1"),
        ("first_cycle", "1"),
        ("last_cycle", "1"),
        ("first_discharging_capacity_ah", "Ah"),
        ("last_discharging_capacity_ah", "Ah"),
        ("capacity_retention_percent", "%"),
        ("capacity_retention_uncertainty_percent", "%"),
    ];
    let mut columns = vec![column("kind", "", Origin::Reconstructed, Values::Text(kinds))];
    for (place, (name, unit)) in names.into_iter().enumerate() {
        let values =
            numbers.iter().map(|row| row.get(place).copied().unwrap_or(f64::NAN)).collect();
        columns.push(integrated(name, unit, values));
    }
    table("rates", columns)
}
