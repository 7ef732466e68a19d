//! Delimited text of Novonix's high-precision chargers (HPC, UHPC).
//!
//! Parts between marks in square brackets: `[Summary]` with `Key: value`, `[Protocol]` with the steps as text or
//! JSON, `[Data]` with a line of column names and rows. Times are in hours. Some versions put each line as a whole into
//! quotes. UTF-8. Positive current charges.

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
    Format { id: "novonix-csv", name: "Novonix text", endings: &["csv"], claims, read };

const DELIMITERS: [Delimiter; 3] =
    [Delimiter::Byte(b','), Delimiter::Byte(b';'), Delimiter::Byte(b'\t')];

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
    const HEAD: usize = 1 << 14;
    let Some(head) = head_text(files, HEAD) else { return Confidence::No };
    let lines = whole_lines(&head, HEAD);
    let marked = lines.iter().take(3).any(|line| {
        let text = decode(line);
        text.starts_with("Novonix") && text.contains("data file")
    });
    if marked || lines.iter().any(|line| names_of(line).is_some()) {
        Confidence::Certain
    } else {
        Confidence::No
    }
}

/// The names in a line, if it names the columns of a Novonix table.
fn names_of(line: &[u8]) -> Option<(Delimiter, Vec<String>)> {
    names_in(line, &DELIMITERS, |heads| {
        heads.has(&["run time", "runtime"]) && heads.has(&["potential"]) && heads.has(&["current"])
    })
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let member = only(files)?;
    let mut lines = Lines::new(member.source.as_ref(), &member.name, limits.max_line_bytes)?;
    let (mut last, mut part, mut start) = (0, String::new(), None);
    let names = find_names(&mut lines, limits.max_metadata, names_of, |line| {
        last = line.number;
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
    let stated = start.map(|civil| StartTime { iso: civil.iso(), zone: Zone::Local });
    if let Some(start) = stated.clone() {
        sink.started_at(start);
    }
    let Some(names) = names else {
        no_table(sink, last);
        return Ok(());
    };
    let table = Table::open(lines, names, sink)?;
    let wall = Wall::find(&table, &CLOCK, DateOrder::MonthFirst, start, sink);
    let records = Records::of(table, 0, &VOCABULARY, wall, None, sink);
    if stated.is_none()
        && let Some(start) = records.start()
    {
        sink.started_at(start);
    }
    records.read(sink, limits)
}
