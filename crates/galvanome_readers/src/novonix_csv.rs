//! Delimited text of Novonix's high-precision chargers (HPC, UHPC).
//!
//! Parts between marks in square brackets: `[Summary]` with `Key: value`, `[Protocol]` with the steps as text or
//! JSON, `[Data]` with a line of column names and rows. Times are in hours. Some versions put each line as a whole into
//! quotes. UTF-8. Positive current charges.

use crate::error::ReadError;
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::text::cells::decode;
use crate::text::clock::{Civil, DateOrder};
use crate::text::names::{Heads, names_in};
use crate::text::records::Records;
use crate::text::table::Table;
use crate::text::wall::Wall;
use crate::vocabulary::Vocabulary;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "novonix-csv", name: "Novonix text", endings: &["csv"], claims, read };

const CLOCK: [&str; 3] = ["date and time", "timestamp", "absolute time"];

/// What the software calls its columns. `Capacity` and `Energy` are sums with the sign of the current, which no step
/// sets back. `Step position` marks the ends of a step.
pub(crate) const VOCABULARY: Vocabulary = Vocabulary {
    names: &[
        ("run time", "test_time_second", "h"),
        ("runtime", "test_time_second", "h"),
        ("test time", "test_time_second", "h"),
        ("step time", "step_time_second", "h"),
        ("potential", "voltage_volt", "V"),
        ("voltage", "voltage_volt", "V"),
        ("cell voltage", "voltage_volt", "V"),
        ("current", "current_ampere", "A"),
        ("cell current", "current_ampere", "A"),
        ("cycle number", "cycle_count", "1"),
        ("cycle", "cycle_count", "1"),
        ("step number", "step_count", "1"),
        ("step type", "step_type", ""),
        ("capacity", "net_capacity_ah", "Ah"),
        ("energy", "net_energy_wh", "Wh"),
        ("power", "power_watt", "W"),
        ("temperature", "temperature_t1_celsius", "degC"),
    ],
    others: &[
        "date and time",
        "circuit temperature",
        "circuit temp",
        "dvdt",
        "didt",
        "step position",
    ],
};

fn claims(files: &Files) -> Confidence {
    let Some(opening) = files.opening() else { return Confidence::No };
    let marked = opening.lines().take(3).any(|line| {
        let text = decode(line);
        text.starts_with("Novonix") && text.contains("data file")
    });
    Confidence::certain_if(marked || opening.names(usize::MAX, are_names))
}

/// Whether names are those of a Novonix table.
fn are_names(heads: &Heads) -> bool {
    heads.has(&["run time", "runtime"]) && heads.has(&["potential"]) && heads.has(&["current"])
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let (mut part, mut start) = (String::new(), None);
    let names_of = |line: &[u8]| names_in(line, are_names);
    let table = Table::below(files, limits, sink, names_of, |line, sink| {
        let text = decode(line.bytes);
        let text = text.trim().trim_matches('"');
        if text.is_empty() {
            return;
        }
        let name = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
        if let Some(name) = name.filter(|name| !name.contains([':', ' ']) || *name == "End Summary")
        {
            name.clone_into(&mut part);
        } else if let Some(name) = text.strip_suffix("data file").filter(|_| line.number <= 3) {
            sink.instrument(name.trim());
            sink.metadata("", text);
        } else if let Some((key, value)) = text.split_once(':').filter(|_| part == "Summary") {
            if key == "Started" {
                start = Civil::parse(value, DateOrder::MonthFirst);
            }
            sink.metadata(key.trim(), value.trim());
        } else {
            sink.metadata(&part, text);
        }
    })?;
    if let Some(start) = &start {
        sink.started_at(start.start());
    }
    let Some(table) = table else { return Ok(()) };
    let wall = Wall::find(&table, &CLOCK, DateOrder::MonthFirst, start, sink);
    let records = Records::of(table, 0, &VOCABULARY, wall, None, sink);
    if start.is_none()
        && let Some(start) = records.start()
    {
        sink.started_at(start);
    }
    records.read(sink, limits)
}
