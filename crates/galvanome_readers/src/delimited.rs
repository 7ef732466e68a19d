//! Any text with a table of numbers under a line of column names: the last resort.
//!
//! Lines before the table are kept as metadata. A column becomes a canonical one only when both its name and its
//! unit are plain (`Voltage (V)`, `Current [mA]`, `Time_s`, `Spannung/V`); everything else stays under its own name, with
//! its unit where one is written. A clock beside the rows says when the test began, and counts its time where nothing
//! else does.

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
use crate::text::cells::decode;
use crate::text::clock::DateOrder;
use crate::text::guess::Looks;
use crate::text::heads::plain;
use crate::text::lines::Lines;
use crate::text::opening::{head_text, whole_lines};
use crate::text::rows::{Grid, Plan, Rows, Take, make_unique};
use crate::text::table::Table;
use crate::text::wall::Wall;
use crate::vocabulary::parts;

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
    let Layout { delimiter, names_line, names, units, blank, .. } = layout;
    let line = names_line as u64 + 1;
    let mut table = Table::at(lines, (delimiter, names), units, line, sink)?;
    let wall = clock(&table, sink);
    let mut plans = plans_of(&table, blank, wall.as_ref(), sink);
    if let Some(wall) = &wall {
        wall.as_unix(&mut plans);
        for plan in plans.iter_mut().filter(|plan| plan.cell == wall.cell) {
            if let Take::Since(_, order) = &mut plan.take {
                *order = wall.order;
            }
        }
        wall.add_test_time(&mut plans, sink);
        if let Some(start) = wall.start(&table, &plans) {
            sink.started_at(start);
        }
    }
    make_unique(&mut plans);
    let watch = wall.and_then(|wall| wall.watch(&plans));
    let grid = Grid { ragged: false, ..table.grid(blank) };
    Rows::begin(sink, limits, "records", grid, plans)
        .watching(watch)
        .read_all(&mut table.lines, &table.ahead)
}

/// The first column that shows the time of day and the date.
fn clock(table: &Table<'_>, sink: &mut dyn Sink) -> Option<Wall> {
    (0..table.names.len()).find_map(|cell| {
        let name = table.names.get(cell)?;
        let base = plain(parts(name, "").0);
        let habit = match table.looks(cell) {
            Looks::Clock(order) => order,
            // One that says how far it is from UTC looks like text.
            _ if heads::CLOCKS.contains(&base.as_str()) => DateOrder::MonthFirst,
            _ => return None,
        };
        Wall::find(table, &[&base], habit, None, sink).filter(|wall| wall.cell == cell)
    })
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

fn plans_of(
    table: &Table<'_>,
    blank: usize,
    wall: Option<&Wall>,
    sink: &mut dyn Sink,
) -> Vec<Plan> {
    let unit = |cell: usize| table.units.get(cell).map_or("", String::as_str);
    let heads: Vec<Head> = table
        .names
        .iter()
        .enumerate()
        .map(|(cell, name)| head_of_column(name, unit(cell)))
        .collect();
    let candidate = |cell: usize| {
        let (name, head) = (table.names.get(cell)?, heads.get(cell)?);
        Some((head.rank, known(name, cell, head, table.looks(cell))?))
    };
    let mut plans: Vec<Plan> = Vec::with_capacity(heads.len());
    let mut own = Vec::new();
    for (cell, name) in table.names.iter().enumerate().skip(blank) {
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
            let mut plan = own_column(name, cell, table.looks(cell));
            if plan.take != Take::Text {
                plan.column.head.unit =
                    heads.get(cell).map_or_else(String::new, |head| head.unit.clone());
            }
            if !name.is_empty() && wall.is_none_or(|wall| wall.cell != cell) {
                own.push(name.as_str());
            }
            plan
        }));
    }
    let place = format!("line {}", table.line);
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
