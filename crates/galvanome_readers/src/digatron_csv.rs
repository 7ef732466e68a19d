//! Delimited text that Digatron's software (Battery Manager) exports.
//!
//! Lines of `Key,value` say what was tested; a line names the columns, in English or German, some versions with the
//! unit behind `#` (`Voltage#V`); a line of units in square brackets may follow; then rows. Positive current charges.

use galvanome_model::note::Note;

use crate::error::ReadError;
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::text::cells::decode;
use crate::text::clock::{Civil, DateOrder};
use crate::text::names::{Heads, entry, names_in};
use crate::text::records::Records;
use crate::text::rows::{Take, planned};
use crate::text::sign::by_state;
use crate::text::table::Table;
use crate::text::wall::Wall;
use crate::units::Convert;
use crate::vocabulary::Vocabulary;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "digatron-csv", name: "Digatron text", endings: &["csv", "txt"], claims, read };

const CLOCK: [&str; 3] = ["time stamp", "timestamp", "zeitstempel"];

/// What the software calls its columns.
pub(crate) const VOCABULARY: Vocabulary = Vocabulary {
    names: &[
        ("program duration", "test_time_second", "s"),
        ("prog time", "test_time_second", "s"),
        ("program time", "test_time_second", "s"),
        ("progr zeit", "test_time_second", "s"),
        ("programm zeit", "test_time_second", "s"),
        ("step duration", "step_time_second", "s"),
        ("step time", "step_time_second", "s"),
        ("schritt zeit", "step_time_second", "s"),
        ("voltage", "voltage_volt", "V"),
        ("spannung", "voltage_volt", "V"),
        ("current", "current_ampere", "A"),
        ("strom", "current_ampere", "A"),
        ("cycle", "cycle_count", "1"),
        ("zyklus", "cycle_count", "1"),
        ("step", "step_id", "1"),
        ("schritt nr", "step_id", "1"),
        ("schritt", "step_id", "1"),
        ("status", "step_type", ""),
        ("zustand", "step_type", ""),
        ("ahcha", "charging_capacity_ah", "Ah"),
        ("ahdch", "discharging_capacity_ah", "Ah"),
        ("ahaccu", "net_capacity_ah", "Ah"),
        ("ahstep", "step_cumulative_capacity_ah", "Ah"),
        ("whcha", "charging_energy_wh", "Wh"),
        ("whdch", "discharging_energy_wh", "Wh"),
        ("whaccu", "net_energy_wh", "Wh"),
        ("whstep", "step_cumulative_energy_wh", "Wh"),
        ("power", "power_watt", "W"),
        ("watt", "power_watt", "W"),
        ("leistung", "power_watt", "W"),
        ("tenv", "ambient_temperature_celsius", "degC"),
        ("t1", "temperature_t1_celsius", "degC"),
        ("temperature", "temperature_t1_celsius", "degC"),
        ("temperatur", "temperature_t1_celsius", "degC"),
        ("t batt", "temperature_t1_celsius", "degC"),
        ("logtemp001", "temperature_t1_celsius", "degC"),
        ("t2", "temperature_t2_celsius", "degC"),
        ("t3", "temperature_t3_celsius", "degC"),
        ("t4", "temperature_t4_celsius", "degC"),
        ("zreal1", "real_impedance_ohm", "ohm"),
        ("zimg1", "imaginary_impedance_ohm", "ohm"),
    ],
    others: &[
        "time stamp",
        "timestamp",
        "zeitstempel",
        "cycle level",
        "procedure",
        "prozedur",
        "capacity",
        "kapazität",
        "ahbal",
        "whbal",
        "ahprev",
        "whprev",
        "cnt",
        "logtemp",
        "channel",
    ],
};

fn claims(files: &Files) -> Confidence {
    Confidence::certain_if(files.opening().is_some_and(|opening| opening.names(100, are_names)))
}

/// Whether names are those of a Digatron table.
fn are_names(heads: &Heads) -> bool {
    heads.has(&CLOCK)
        && heads.has(&["step", "schritt nr", "schritt"])
        && heads.has(&["voltage", "spannung"])
        && heads.has(&["current", "strom"])
        && heads.has(&[
            "program duration",
            "prog time",
            "program time",
            "progr zeit",
            "programm zeit",
            "schritt zeit",
            "step duration",
        ])
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let mut stated = None;
    let names_of = |line: &[u8]| names_in(line, are_names);
    let table = Table::below(files, limits, sink, names_of, |line, sink| {
        let text = decode(line.bytes);
        let Some((key, value)) = entry(&text) else { return };
        match key {
            "Start Time" | "Startzeit" => stated = Civil::parse(value, DateOrder::MonthFirst),
            "Circuit" | "Device" => sink.instrument(value),
            _ => {}
        }
        sink.metadata(key, value);
    })?;
    let Some(table) = table else { return Ok(()) };
    let wall = Wall::find(&table, &CLOCK, DateOrder::MonthFirst, None, sink);
    let mut records = Records::of(table, 0, &VOCABULARY, wall, None, sink);
    milliseconds(&mut records, sink);
    records.add_test_time(sink);
    if let Some(start) = records.start().or(stated.map(|stated| stated.start())) {
        sink.started_at(start);
    }
    by_state(&mut records, sink);
    records.read(sink, limits)
}

/// Some versions write milliseconds into columns that they call seconds. Where the clock beside them proves it, they
/// are read as what they are.
fn milliseconds(records: &mut Records<'_>, sink: &mut dyn Sink) {
    const THOUSANDTH: Convert = Convert::Over(1e3);
    let Records { table, wall: Some(wall), plans } = records else { return };
    let Some(time) = planned(plans, "test_time_second") else { return };
    if time.take != Take::Number(Convert::Same)
        || wall.unit_of(table, time.cell) != Some(THOUSANDTH)
    {
        return;
    }
    time.take = Take::Number(THOUSANDTH);
    let name = time.column.head.vendor_name.clone();
    let message = format!(
        "{name} holds milliseconds below a name of seconds, since the wall clock runs a thousand times slower; it and the time of the step were read as milliseconds"
    );
    sink.note(Note::new("time-unit-from-clock", message, format!("column {name}")));
    if let Some(step) = planned(plans, "step_time_second")
        && step.take == Take::Number(Convert::Same)
    {
        step.take = Take::Number(THOUSANDTH);
    }
}
