//! Delimited text that Arbin's software (MITS, LBT) exports: one line of column names, then a row for each record.
//!
//! Versions write names with blanks or underscores and units in brackets or not at all, which then are seconds, volts,
//! amperes, ampere hours, watt hours, ohms. The clock is a date, or Unix time. Positive current charges. Charge and
//! energy begin anew where the operator's schedule says so.

use galvanome_model::measurement::{StartTime, Zone};
use galvanome_model::note::Note;

use crate::columns::by_name;
use crate::error::ReadError;
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::text::cells::decode;
use crate::text::clock::{DateOrder, iso_of_unix};
use crate::text::names::{Heads, entry, names_in};
use crate::text::number::{Cell, parse};
use crate::text::records::Records;
use crate::text::rows::{Plan, Take};
use crate::text::table::Table;
use crate::text::wall::Wall;
use crate::units::Convert;
use crate::vocabulary::Vocabulary;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "arbin-csv", name: "Arbin text", endings: &["csv", "txt"], claims, read };

const CLOCK: [&str; 2] = ["date time", "datetime"];

/// Times of Unix between 1985 and 2128: no clock of another kind shows such numbers.
const UNIX_S: std::ops::Range<f64> = 5e8..5e9;

/// What the software calls its columns.
pub(crate) const VOCABULARY: Vocabulary = Vocabulary {
    names: &[
        ("test time", "test_time_second", "s"),
        ("testtime", "test_time_second", "s"),
        ("voltage", "voltage_volt", "V"),
        ("current", "current_ampere", "A"),
        ("cycle index", "cycle_count", "1"),
        ("cycle id", "cycle_count", "1"),
        ("step index", "step_id", "1"),
        ("step id", "step_id", "1"),
        ("data point", "record_index", "1"),
        ("step time", "step_time_second", "s"),
        ("steptime", "step_time_second", "s"),
        ("charge capacity", "schedule_charging_capacity_ah", "Ah"),
        ("chg capacity", "schedule_charging_capacity_ah", "Ah"),
        ("discharge capacity", "schedule_discharging_capacity_ah", "Ah"),
        ("dchg capacity", "schedule_discharging_capacity_ah", "Ah"),
        ("charge energy", "schedule_charging_energy_wh", "Wh"),
        ("chg energy", "schedule_charging_energy_wh", "Wh"),
        ("discharge energy", "schedule_discharging_energy_wh", "Wh"),
        ("dchg energy", "schedule_discharging_energy_wh", "Wh"),
        ("power", "power_watt", "W"),
        ("internal resistance", "internal_resistance_ohm", "ohm"),
        ("acr", "ac_internal_resistance_ohm", "ohm"),
        ("aux temperature 1", "temperature_t1_celsius", "degC"),
        ("aux temperature(c) 1", "temperature_t1_celsius", "degC"),
        ("temperature (c) 1", "temperature_t1_celsius", "degC"),
        ("temperature", "temperature_t1_celsius", "degC"),
        ("aux temperature 2", "temperature_t2_celsius", "degC"),
        ("aux temperature(c) 2", "temperature_t2_celsius", "degC"),
        ("aux temperature 3", "temperature_t3_celsius", "degC"),
        ("aux temperature(c) 3", "temperature_t3_celsius", "degC"),
        ("environment temperature", "ambient_temperature_celsius", "degC"),
    ],
    others: &[
        "date time",
        "datetime",
        "sub step index",
        "sub step time",
        "capacity",
        "mah/g",
        "dv/dt",
        "di/dt",
        "dq/dv",
        "dv/dq",
        "is fc data",
        "data flags",
        "ac impedance",
        "aci phase angle",
        "reference ac impedance",
        "reference aci phase angle",
        "reference voltage",
        "frequency",
        "amplitude",
        "tc counter1",
        "tc counter",
        "metacode mv ud",
        "aux temperature",
        "aux temperature(c)",
        "aux dt/dt",
        "aux voltage",
        "aux voltage(v)",
        "aux pressure",
        "channel id",
        "channel index",
        "test id",
        "test name",
    ],
};

fn claims(files: &Files) -> Confidence {
    let found = files.opening().is_some_and(|opening| opening.names(10, are_names));
    match found {
        false => Confidence::No,
        // Columns of the Battery Data Format beside Arbin's say their units.
        true if (crate::bdf_csv::FORMAT.claims)(files) == Confidence::Certain => Confidence::Likely,
        true => Confidence::Certain,
    }
}

/// Whether names are those of an Arbin table.
fn are_names(heads: &Heads) -> bool {
    heads.has(&["test time", "testtime"])
        && heads.has(&["step index", "step id"])
        && heads.has(&["cycle index", "cycle id"])
        && heads.has(&["voltage"])
        && heads.has(&["current"])
        && (heads.has(&["data point"])
            || heads.has(&CLOCK) && heads.has(&["charge capacity", "chg capacity"]))
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let names_of = |line: &[u8]| names_in(line, are_names);
    let table = Table::below(files, limits, sink, names_of, |line, sink| {
        if let Some((key, value)) = entry(&decode(line.bytes)) {
            sink.metadata(key, value);
        }
    })?;
    let Some(table) = table else { return Ok(()) };
    let wall = Wall::find(&table, &CLOCK, DateOrder::MonthFirst, None, sink);
    let mut records = Records::of(table, 0, &VOCABULARY, wall, None, sink);
    let start = match &records.wall {
        Some(_) => records.start(),
        None => unix_clock(&records.table, &mut records.plans, sink),
    };
    if let Some(start) = start {
        sink.started_at(start);
    }
    records.read(sink, limits)
}

/// Makes a clock of plain numbers a Unix time, if they are in its range. Gives the start of the test by it.
fn unix_clock(table: &Table<'_>, plans: &mut [Plan], sink: &mut dyn Sink) -> Option<StartTime> {
    let cell = table.place(&CLOCK)?;
    let test = plans.iter().find(|plan| plan.column.head.name == "test_time_second")?.cell;
    let [clock, test] = table.cells([cell, test]).next()?;
    let Cell::Number(unix_s) = parse(clock, table.decimal) else { return None };
    let plan = plans.iter_mut().find(|plan| plan.cell == cell)?;
    if !UNIX_S.contains(&unix_s) {
        let message = "the clock holds numbers that are not Unix time; they were kept as they are";
        let place = format!("column {}", plan.column.head.vendor_name);
        sink.note(Note::new("clock-unreadable", message, place));
        return None;
    }
    let name = plan.column.head.vendor_name.clone();
    plan.column = by_name("unix_time_second")?.column(&name, plan.column.head.origin);
    plan.take = Take::Number(Convert::Same);
    match parse(test, table.decimal) {
        Cell::Number(test_s) if (0.0..=60.0).contains(&test_s) => {
            Some(StartTime { iso: iso_of_unix(unix_s - test_s)?, zone: Zone::Stated })
        }
        _ => None,
    }
}
