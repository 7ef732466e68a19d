//! Any text with a table of numbers under a line of column names: the last resort.
//!
//! Lines before the table are kept as metadata. A column becomes a canonical one only when both its name and its
//! unit are plain (`Voltage (V)`, `Current [mA]`, `Time_s`); everything else stays under its own name, with its
//! unit where one is written.

mod heads;
mod layout;

use galvanome_model::measurement::Origin;
use galvanome_model::note::Note;

use self::heads::{Head, head_of_column};
use self::layout::{Layout, find};
use crate::bdf_csv::own_column;
use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::text::ahead::Ahead;
use crate::text::cells::decode;
use crate::text::guess::{Looks, tell_decimal};
use crate::text::lines::Lines;
use crate::text::opening::{head_text, whole_lines};
use crate::text::rows::{Grid, Plan, Rows, Take, make_unique};

/// The entry of the list of formats.
pub(crate) const FORMAT: Format = Format {
    id: "delimited",
    name: "delimited text with units in the header",
    endings: &["csv", "txt", "tsv", "dat"],
    claims,
    read,
};

/// Bytes at the beginning in which the table must show.
const HEAD: usize = 1 << 16;

fn claims(files: &Files) -> Confidence {
    let (Some(opening), Some(member)) = (files.opening(), files.only()) else {
        return Confidence::No;
    };
    // Nearly all that have a table show it soon.
    let soon = || find(&opening.lines().collect::<Vec<_>>()).is_some();
    let later = || {
        head_text(member.source.as_ref(), HEAD)
            .is_some_and(|head| find(&whole_lines(&head, HEAD)).is_some())
    };
    if soon() || later() { Confidence::Fallback } else { Confidence::No }
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let no_table = || {
        ReadError::new(
            Trouble::Damaged,
            "there is no table of numbers under a line of column names",
            "export the data as text with one line of column names and units above the numbers",
        )
    };
    let Some(member) = files.only() else { return Err(no_table()) };
    let head = head_text(member.source.as_ref(), HEAD).unwrap_or_default();
    let Some(layout) = find(&whole_lines(&head, HEAD)) else {
        return Err(no_table().in_file(&member.name));
    };
    let message = format!(
        "no reader knows this file, so it was read as a table separated by {}, with column names in line {}",
        layout.delimiter.name(),
        layout.names_line + 1
    );
    sink.note(Note::new("generic-reader", message, ""));
    let mut lines = Lines::new(member.source.as_ref(), &member.name, limits.max_line_bytes)?;
    for number in 0..layout.first_row {
        let Some(line) = lines.next()? else { break };
        if number < layout.names_line.min(limits.max_metadata) {
            before_table(&decode(line.bytes), sink);
        }
    }
    let ahead = Ahead::look(&mut lines, layout.delimiter)?;
    let (decimal, mixed) = ahead.decimal();
    tell_decimal(decimal, mixed, sink);
    let looks = ahead.looks(layout.names.len(), decimal);
    let mut plans = plans_of(&layout, &looks, sink);
    make_unique(&mut plans);
    let grid = Grid {
        delimiter: layout.delimiter,
        decimal,
        width: layout.names.len(),
        blank: layout.blank,
        ragged: false,
        last_line_open: false,
    };
    Rows::begin(sink, limits, "records", grid, plans).read_all(&mut lines, &ahead)
}

/// Keeps a line that stands before the table.
fn before_table(line: &str, sink: &mut dyn Sink) {
    let line = line.trim().trim_end_matches([',', ';', '\t']);
    if line.is_empty() {
        return;
    }
    let place = line.find([':', '=', ';', '\t', ',']);
    let (key, value) = match place.and_then(|place| line.split_at_checked(place)) {
        Some((key, value)) if !key.trim().is_empty() => {
            (key.trim(), value.trim_start_matches([':', '=', ';', '\t', ',', ' ']).trim())
        }
        _ => ("", line),
    };
    sink.metadata(key, value);
}

fn plans_of(layout: &Layout, looks: &[Looks], sink: &mut dyn Sink) -> Vec<Plan> {
    let heads: Vec<Head> = layout
        .names
        .iter()
        .enumerate()
        .map(|(cell, name)| head_of_column(name, layout.units.get(cell).map_or("", String::as_str)))
        .collect();
    let candidate = |cell: usize| {
        let (name, head) = (layout.names.get(cell)?, heads.get(cell)?);
        Some((head.rank, known(name, cell, head, *looks.get(cell)?)?))
    };
    let mut plans: Vec<Plan> = Vec::with_capacity(heads.len());
    let mut own = Vec::new();
    for (cell, name) in layout.names.iter().enumerate().skip(layout.blank) {
        // Where several columns could be one (`Time` and `Total Time`), the plainest name wins.
        let chosen = candidate(cell).filter(|(rank, plan)| {
            !(0..heads.len()).any(|other| {
                candidate(other).is_some_and(|(other_rank, same)| {
                    same.column.head.name == plan.column.head.name
                        && (other_rank, other) < (*rank, cell)
                })
            })
        });
        let plan = chosen.map(|(_, plan)| plan);
        plans.push(plan.unwrap_or_else(|| {
            let look = looks.get(cell).copied().unwrap_or(Looks::Text);
            let mut plan = own_column(name, cell, look);
            if plan.take != Take::Text {
                plan.column.head.unit =
                    heads.get(cell).map_or_else(String::new, |head| head.unit.clone());
            }
            if !name.is_empty() {
                own.push(name.as_str());
            }
            plan
        }));
    }
    let place = format!("line {}", layout.names_line + 1);
    if !own.is_empty() {
        let message = format!(
            "these columns are kept under their own names, because their name or unit does not say plainly what they are: {}",
            own.join(", ")
        );
        sink.note(Note::new("unknown-column", message, place.as_str()));
    }
    if plans.iter().any(|plan| plan.column.head.name == "current_ampere") {
        let message = "the file does not say which sign of the current charges; it was kept as it is, and positive current is taken to charge";
        sink.note(Note::new("current-sign-assumed", message, place));
    }
    plans
}

/// The canonical column of a head, when what is in the column can be one.
fn known(name: &str, cell: usize, head: &Head, looks: Looks) -> Option<Plan> {
    let (canonical, convert) = head.canonical?;
    if canonical.dimension.is_none() {
        return Some(Plan {
            column: canonical.column(name, Origin::Stored),
            cell,
            take: Take::Text,
        });
    }
    let is_time = matches!(canonical.name, "test_time_second" | "step_time_second");
    let (take, origin) = match (looks, convert) {
        (Looks::Number | Looks::Empty, Some(convert)) => (Take::Number(convert), Origin::Stored),
        (Looks::Duration, _) if is_time => (Take::Duration, Origin::Stored),
        (Looks::Clock(order), _) if canonical.name == "test_time_second" => {
            (Take::Since(None, order), Origin::Reconstructed)
        }
        _ => return None,
    };
    Some(Plan { column: canonical.column(name, origin), cell, take })
}
