//! EC-Lab and BT-Lab text (`.mpt`): the export of BioLogic's instruments.
//!
//! Two lines of greeting and a count of header lines; the settings of the technique, one per line; the last
//! header line names the columns with their units, separated by tabs; then rows. Latin-1, with the decimal sign
//! of the computer's language. Positive current charges, as in EC-Lab. Some exports leave the header out and
//! begin with the column names.

mod header;
mod loops;
pub(crate) mod names;
mod write;

use galvanome_model::measurement::Origin;
use galvanome_model::note::Note;

use self::header::{Header, read_header};
use self::loops::Loops;
use self::names::{base_and_unit, chosen, electrodes, is_known};
pub use self::write::{Headed, write_eclab_text};
use crate::columns::Canonical;
use crate::error::ReadError;
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::impedance::Impedance;
use crate::limits::Limits;
use crate::sink::Sink;
use crate::text::ahead::Ahead;
use crate::text::cells::{Delimiter, texts_of};
use crate::text::clock::{Civil, DateOrder};
use crate::text::guess::{Looks, tell_decimal};
use crate::text::lines::Lines;
use crate::text::rows::{Grid, Plan, Rows, Take, make_unique};
use crate::text::table::only;
use crate::units::Convert;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format = Format {
    id: "eclab-text",
    name: "BioLogic EC-Lab and BT-Lab text",
    endings: &["mpt", "txt"],
    claims,
    read,
};

const TAB: Delimiter = Delimiter::Byte(b'\t');

/// Names that EC-Lab writes and nobody else.
const MARKS: [&str; 6] =
    ["mode", "ox/red", "control changes", "Ns changes", "counter inc.", "(Q-Qo)/mA.h"];

fn claims(files: &Files) -> Confidence {
    let Some(opening) = files.opening() else { return Confidence::No };
    let head = opening.text();
    if head.starts_with(b"EC-Lab ASCII FILE") || head.starts_with(b"BT-Lab ASCII FILE") {
        return Confidence::Certain;
    }
    let first = head.split(|&byte| byte == b'\n' || byte == b'\r').next().unwrap_or_default();
    if is_column_line(first) { Confidence::Likely } else { Confidence::No }
}

/// Whether a line names the columns of an EC-Lab table.
fn is_column_line(line: &[u8]) -> bool {
    let cells = texts_of(line, TAB);
    let marks = cells.iter().filter(|cell| MARKS.contains(&cell.as_ref())).count();
    cells.len() >= 2 && (marks >= 2 || cells.iter().any(|cell| cell == "time/s"))
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let member = only(files)?;
    let mut lines = Lines::new(member.source.as_ref(), &member.name, limits.max_line_bytes)?;
    let Header { columns, line, start, loops } = read_header(&mut lines, limits, sink)?;
    let Some(columns) = columns else {
        let message = "the file ends before the line of column names, so it holds no rows; export it from EC-Lab again";
        sink.note(Note::new("truncated-file", message, format!("line {line}")));
        return Ok(());
    };
    let ahead = Ahead::look(&mut lines, TAB)?;
    let (decimal, _) = ahead.decimal();
    tell_decimal(decimal, false, sink);
    let looks = ahead.looks(columns.len(), decimal);
    let mut plans = plans_of(&columns, &looks, start, line, sink);
    make_unique(&mut plans);
    let grid = Grid {
        delimiter: TAB,
        decimal,
        width: columns.len(),
        blank: 0,
        ragged: true,
        last_line_open: true,
    };
    let mut impedance = Impedance::new(sink);
    let mut loops = Loops::new(&mut impedance, loops);
    let outcome =
        Rows::begin(&mut loops, limits, "records", grid, plans).read_all(&mut lines, &ahead);
    loops.finish();
    outcome.and(impedance.finish())
}

fn plans_of(
    columns: &[String],
    looks: &[Looks],
    start: Option<Civil>,
    line: u64,
    sink: &mut dyn Sink,
) -> Vec<Plan> {
    let chosen = chosen(columns);
    let mut unknown = Vec::new();
    let mut plans = Vec::with_capacity(columns.len());
    for ((cell, (name, chosen)), &looks) in columns.iter().zip(chosen).enumerate().zip(looks) {
        if !is_known(name) && !name.is_empty() {
            unknown.push(name.as_str());
        }
        plans.push(plan_of(name, cell, chosen, looks, start));
    }
    if !unknown.is_empty() {
        let message = format!(
            "the meaning of these columns is not known; they are kept under their own names: {}",
            unknown.join(", ")
        );
        sink.note(Note::new("unknown-column", message, format!("line {line}")));
    }
    if plans.iter().any(|plan| plan.column.head.origin == Origin::Reconstructed) {
        let message = if start.is_some() {
            "the file gives the time of day of each row instead of seconds; the test time was counted from the start of the acquisition"
        } else {
            "the file gives the time of day of each row instead of seconds, and no start; the test time was counted from the first row"
        };
        sink.note(Note::new("time-from-clock", message, "column time/s"));
    }
    let has = |name: &str| plans.iter().any(|plan| plan.column.head.name == name);
    if let Some(note) = electrodes(has) {
        sink.note(note);
    }
    plans
}

fn plan_of(
    name: &str,
    cell: usize,
    chosen: Option<(Canonical, Convert)>,
    looks: Looks,
    start: Option<Civil>,
) -> Plan {
    let number = matches!(looks, Looks::Number | Looks::Empty);
    match chosen {
        Some((known, convert)) if number => {
            let column = known.column(name, Origin::Stored);
            return Plan { column, cell, take: Take::Number(convert) };
        }
        Some((known, _))
            if known.name == "test_time_second" && matches!(looks, Looks::Clock(_)) =>
        {
            let column = known.column(name, Origin::Reconstructed);
            return Plan { column, cell, take: Take::Since(start, DateOrder::MonthFirst) };
        }
        _ => {}
    }
    Plan::own(name, base_and_unit(name).1, cell, Take::by(looks))
}
