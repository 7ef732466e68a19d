//! Text of BaSyTec's battery test systems.
//!
//! Lines that begin with `~`: first what was tested, as `~Key: value`, last the names of the columns with their units
//! in square brackets; then rows, separated by tabs or blanks, with the decimal sign of the computer's language. Latin-1
//! or UTF-8. Positive current charges.

use galvanome_model::measurement::{StartTime, Zone};

use crate::error::ReadError;
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::text::cells::{Delimiter, decode};
use crate::text::clock::{Civil, DateOrder};
use crate::text::guess::{head_text, whole_lines};
use crate::text::lines::Lines;
use crate::text::names::{find_names, names_in};
use crate::text::records::Records;
use crate::text::table::{Table, no_table, only};
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
    const HEAD: usize = 1 << 14;
    let Some(head) = head_text(files, HEAD) else { return Confidence::No };
    let lines = whole_lines(&head, HEAD);
    let mut marked = lines.iter().take_while(|line| line.starts_with(b"~"));
    let first = lines.first().map(|line| decode(line).to_lowercase()).unwrap_or_default();
    if first.starts_with('~') && first.contains("basytec battery test system")
        || marked.any(|line| names_of(line).is_some())
    {
        Confidence::Certain
    } else {
        Confidence::No
    }
}

/// The names in a line, if it names the columns.
fn names_of(line: &[u8]) -> Option<(Delimiter, Vec<String>)> {
    let line = line.strip_prefix(b"~")?;
    names_in(line, &DELIMITERS, |heads| {
        heads.has(&["time"]) && heads.has(&["u", "voltage"]) && heads.has(&["i", "current"])
    })
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let member = only(files)?;
    let mut lines = Lines::new(member.source.as_ref(), &member.name, limits.max_line_bytes)?;
    let (mut last, mut start, mut instrument) = (0, None, String::new());
    let names = find_names(&mut lines, limits.max_metadata, names_of, |line| {
        last = line.number;
        let text = decode(line.bytes);
        let text = text.trim_start_matches('~').trim();
        match text.split_once(':').map(|(key, value)| (key.trim(), value.trim())) {
            Some((key, value)) => {
                match key {
                    "Start of Test" => start = Civil::parse(value, DateOrder::DayFirst),
                    "Testchannel" => value.clone_into(&mut instrument),
                    _ => {}
                }
                sink.metadata(key, value);
            }
            None if !text.is_empty() => sink.metadata("", text),
            None => {}
        }
    })?;
    if !instrument.is_empty() {
        sink.instrument(&instrument);
    }
    let stated = start.map(|civil| StartTime { iso: civil.iso(), zone: Zone::Local });
    if let Some(start) = stated.clone() {
        sink.started_at(start);
    }
    let Some(names) = names else {
        no_table(sink, last);
        return Ok(());
    };
    let table = Table::open(lines, names, sink)?;
    let wall = Wall::find(&table, &["datetime"], DateOrder::DayFirst, start, sink);
    let records = Records::of(table, 0, &VOCABULARY, wall, None, sink);
    if stated.is_none()
        && let Some(start) = records.start()
    {
        sink.started_at(start);
    }
    records.read(sink, limits)
}
