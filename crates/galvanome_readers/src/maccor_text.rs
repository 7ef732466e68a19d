//! Text that Maccor's software exports.
//!
//! A few lines say what was tested, when and by which procedure, several entries to a line in older versions; then a
//! line of column names that begins with `Rec` or `Rec#`; then rows, separated by tabs or commas, with the decimal
//! sign of the computer's language. Many versions write the current without a sign and its direction as a letter
//! (`State`, `Md`: C, D, R, …). Times are numbers or `  0d 00:00:00.00`. Impedance has files of its own.

mod header;
mod impedance;

pub(crate) use self::header::Header;
use crate::error::ReadError;
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::text::clock::DateOrder;
use crate::text::heads::plain;
use crate::text::names::{Heads, names_in};
use crate::text::records::Records;
use crate::text::rows::planned;
use crate::text::sign::{by_state, sign_assumed};
use crate::text::table::Table;
use crate::text::wall::Wall;
use crate::units::Convert;
use crate::vocabulary::Vocabulary;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format = Format {
    id: "maccor-text",
    name: "Maccor text",
    endings: &["txt", "csv", "001"],
    claims,
    read,
};

/// What the software calls its columns. Capacity and energy keep their names: whether they begin anew with each
/// step, each half cycle or each cycle is set on the instrument, and the file does not say.
pub(crate) const VOCABULARY: Vocabulary = Vocabulary {
    names: &[
        ("test time", "test_time_second", ""),
        ("testtime", "test_time_second", ""),
        ("test", "test_time_second", ""),
        ("step time", "step_time_second", ""),
        ("steptime", "step_time_second", ""),
        ("step", "step_id", "1"),
        ("step", "step_time_second", ""),
        ("volts", "voltage_volt", "V"),
        ("voltage", "voltage_volt", "V"),
        ("mvolts", "voltage_volt", "mV"),
        ("amps", "current_ampere", "A"),
        ("current", "current_ampere", "A"),
        ("mamps", "current_ampere", "mA"),
        ("cyc#", "cycle_count", "1"),
        ("cycle c", "cycle_count", "1"),
        ("cycle", "cycle_count", "1"),
        ("cycle#", "cycle_count", "1"),
        ("state", "step_type", ""),
        ("md", "step_type", ""),
        ("mode", "step_type", ""),
        ("rec#", "record_index", "1"),
        ("rec", "record_index", "1"),
        ("acimp", "ac_internal_resistance_ohm", "ohm"),
        ("dcir", "dc_internal_resistance_ohm", "ohm"),
        ("power", "power_watt", "W"),
        ("temp 1", "temperature_t1_celsius", "degC"),
        ("temperature cell", "temperature_t1_celsius", "degC"),
        ("temp 2", "temperature_t2_celsius", "degC"),
        ("temp 3", "temperature_t3_celsius", "degC"),
        ("temp 4", "temperature_t4_celsius", "degC"),
        ("temp 5", "temperature_t5_celsius", "degC"),
        ("temperature chamber", "ambient_temperature_celsius", "degC"),
    ],
    others: &[
        "cycle p",
        "cyc p",
        "amp hr",
        "watt hr",
        "mamp hr",
        "mwatt hr",
        "capacity",
        "energy",
        "cap",
        "ener",
        "es",
        "end status",
        "dpt time",
        "dpt",
        "loop",
        "aux #",
        "aux",
        "units",
        "var",
        "flg",
        "wf chg cap",
        "wf dis cap",
        "wf chg e",
        "wf dis e",
        "range",
        "chamber temp",
        "temp",
    ],
};

/// Names of the column of the wall clock.
pub(crate) const CLOCK: [&str; 2] = ["dpt time", "dpt"];

fn claims(files: &Files) -> Confidence {
    let Some(opening) = files.opening() else { return Confidence::No };
    Confidence::certain_if(impedance::is_mark(opening.text()) || opening.names(60, are_names))
}

/// Whether names are those of a Maccor table.
fn are_names(heads: &Heads) -> bool {
    matches!(heads.base(0), "rec#" | "rec")
            && heads.names.len() >= 5
            && heads.has(&["step"])
            && heads.has(&["volts", "voltage", "mvolts"])
            && heads.has(&["amps", "current", "mamps"])
            // Landt's instruments write nearly the same.
            && !heads.is("DPt-Time")
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    if files.opening().is_some_and(|opening| impedance::is_mark(opening.text())) {
        return impedance::read(files, limits, sink);
    }
    let mut header = Header::default();
    let names_of = |line: &[u8]| names_in(line, are_names);
    let table = Table::below(files, limits, sink, names_of, |line, sink| header.take(line, sink))?;
    let Some(table) = table else {
        header.write(None, sink);
        return Ok(());
    };
    read_table(table, &header, limits, sink)
}

/// Reads a table with the columns of Maccor.
pub(crate) fn read_table(
    table: Table<'_>,
    header: &Header,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), ReadError> {
    let wall = Wall::find(&table, &CLOCK, DateOrder::MonthFirst, header.known_date(), sink);
    // Every file with times as numbers and without their unit that is known has minutes.
    let habit = Some(Convert::Times(60.0));
    let mut records = Records::of(table, 0, &VOCABULARY, wall, habit, sink);
    name_auxiliaries(&mut records);
    if planned(&mut records.plans, "step_type").is_some() {
        by_state(&mut records, sink);
    } else {
        sign_assumed(&records, sink);
    }
    header.write(Some(&records), sink);
    records.read(sink, limits)
}

/// The unit of an auxiliary channel stands in the column behind it, in every row.
fn name_auxiliaries(records: &mut Records<'_>) {
    let Records { table, plans, .. } = records;
    for plan in plans {
        let is_unit = table.names.get(plan.cell + 1).is_some_and(|next| plain(next) == "units");
        if is_unit && plan.column.head.unit.is_empty() {
            let mut cells = table.cells([plan.cell, plan.cell + 1]);
            let unit = cells.next().map(|[_, unit]| String::from_utf8_lossy(unit).into_owned());
            plan.column.head.unit = unit.unwrap_or_default();
        }
    }
}
