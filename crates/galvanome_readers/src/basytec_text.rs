//! Text of BaSyTec's battery test systems.
//!
//! Lines that begin with `~`: first what was tested, as `~Key: value`, last the names of the columns with their units
//! in square brackets; then rows, separated by tabs or blanks, with the decimal sign of the computer's language. Latin-1
//! or UTF-8. Positive current charges.

use crate::error::ReadError;
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::text::cells::{Delimiter, decode};
use crate::text::clock::{Civil, DateOrder};
use crate::text::names::{Heads, heads_by};
use crate::text::records::Records;
use crate::text::table::Table;
use crate::text::wall::Wall;
use crate::vocabulary::Vocabulary;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "basytec-text", name: "BaSyTec text", endings: &["txt", "dat"], claims, read };

const DELIMITERS: [Delimiter; 4] =
    [Delimiter::Byte(b'\t'), Delimiter::Byte(b';'), Delimiter::Byte(b','), Delimiter::Blanks];

/// What the software calls its columns.
pub(crate) const VOCABULARY: Vocabulary = Vocabulary {
    names: &[
        ("time", "test_time_second", ""),
        ("u", "voltage_volt", "V"),
        ("voltage", "voltage_volt", "V"),
        ("i", "current_ampere", "A"),
        ("current", "current_ampere", "A"),
        ("cyc count", "cycle_count", "1"),
        ("line", "step_id", "1"),
        ("command", "step_type", ""),
        ("dataset", "record_index", "1"),
        ("t step", "step_time_second", ""),
        ("p", "power_watt", "W"),
        ("ah", "net_capacity_ah", "Ah"),
        ("ah cyc charge", "cycle_charging_capacity_ah", "Ah"),
        ("ah cyc discharge", "cycle_discharging_capacity_ah", "Ah"),
        ("wh", "net_energy_wh", "Wh"),
        ("wh cyc charge", "cycle_charging_energy_wh", "Wh"),
        ("wh cyc discharge", "cycle_discharging_energy_wh", "Wh"),
        ("r ac", "ac_internal_resistance_ohm", "ohm"),
        ("r dc", "dc_internal_resistance_ohm", "ohm"),
        ("t1", "temperature_t1_celsius", "degC"),
        ("temp", "temperature_t1_celsius", "degC"),
        ("temperature", "temperature_t1_celsius", "degC"),
        ("t2", "temperature_t2_celsius", "degC"),
        ("t3", "temperature_t3_celsius", "degC"),
        ("t4", "temperature_t4_celsius", "degC"),
        ("t5", "temperature_t5_celsius", "degC"),
    ],
    others: &[
        "datetime",
        "t set",
        "t cyc",
        "ah cyc charge 0",
        "ah cyc discharge 0",
        "ah set",
        "ah step",
        "ah ch",
        "ah dis",
        "wh cyc charge 0",
        "wh cyc discharge 0",
        "wh set",
        "wh step",
        "level",
        "count",
        "state",
        "u1",
        "u2",
        "u3",
    ],
};

fn claims(files: &Files) -> Confidence {
    let Some(opening) = files.opening() else { return Confidence::No };
    let mut marked = opening.lines().take_while(|line| line.starts_with(b"~")).peekable();
    let first = marked.peek().map(|line| decode(line).to_lowercase()).unwrap_or_default();
    Confidence::certain_if(
        first.contains("basytec battery test system")
            || marked.any(|line| names_of(line).is_some()),
    )
}

/// The names in a line, if it names the columns.
fn names_of(line: &[u8]) -> Option<Heads> {
    heads_by(line.strip_prefix(b"~")?, &DELIMITERS).into_iter().find(|heads| {
        heads.has(&["time"]) && heads.has(&["u", "voltage"]) && heads.has(&["i", "current"])
    })
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let mut start = None;
    let table = Table::below(files, limits, sink, names_of, |line, sink| {
        let text = decode(line.bytes);
        let text = text.trim_start_matches('~').trim();
        match text.split_once(':').map(|(key, value)| (key.trim(), value.trim())) {
            Some((key, value)) => {
                match key {
                    "Start of Test" => start = Civil::parse(value, DateOrder::DayFirst),
                    "Testchannel" => sink.instrument(value),
                    _ => {}
                }
                sink.metadata(key, value);
            }
            None if !text.is_empty() => sink.metadata("", text),
            None => {}
        }
    })?;
    if let Some(start) = &start {
        sink.started_at(start.start());
    }
    let Some(table) = table else { return Ok(()) };
    let wall = Wall::find(&table, &["datetime"], DateOrder::DayFirst, start, sink);
    let records = Records::of(table, 0, &VOCABULARY, wall, None, sink);
    if start.is_none()
        && let Some(start) = records.start()
    {
        sink.started_at(start);
    }
    records.read(sink, limits)
}
