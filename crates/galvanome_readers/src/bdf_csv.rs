//! Battery Data Format as delimited text: one line of column names, then rows.
//!
//! Recognised by its column names: machine names of BDF 1.3 (`test_time_second`) or preferred labels with a
//! unit (`Test Time / s`), whatever the unit. Columns that the format does not know are kept under their own
//! names. Positive current charges, as the format says.

use galvanome_model::measurement::{ColumnHead, Origin, StartTime, Table, Values, Zone};
use galvanome_model::note::Note;

use crate::columns::{ALL, by_bdf_header};
use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::sink::{Kind, Sink};
use crate::text::ahead::Ahead;
use crate::text::cells::{Delimiter, texts_of};
use crate::text::clock::iso_of_unix;
use crate::text::guess::{Looks, tell_decimal};
use crate::text::lines::Lines;
use crate::text::number::{Cell, Decimal, parse};
use crate::text::rows::{Grid, Plan, Rows, Take, make_unique};
use crate::units::{Convert, is_unit};

/// The entry of the list of formats.
pub(crate) const FORMAT: Format = Format {
    id: "bdf-csv",
    name: "Battery Data Format, text",
    endings: &["bdf.csv", "csv"],
    claims,
    read,
};

const REQUIRED: [&str; 3] = ["test_time_second", "voltage_volt", "current_ampere"];

const DELIMITERS: [Delimiter; 3] =
    [Delimiter::Byte(b','), Delimiter::Byte(b';'), Delimiter::Byte(b'\t')];

fn claims(files: &Files) -> Confidence {
    let Some(opening) = files.opening() else { return Confidence::No };
    let first =
        opening.text().split(|&byte| byte == b'\n' || byte == b'\r').next().unwrap_or_default();
    match delimiter_of(first) {
        // One of the three alone could be anybody's column.
        Some((delimiter, required)) if required >= 2 => {
            let names = texts_of(first, delimiter);
            let spelled = names.iter().filter(|name| is_spelled_out(name)).count();
            // `test_time_s` and `Voltage/V` are names that others write too.
            if spelled >= 2 { Confidence::Certain } else { Confidence::Likely }
        }
        _ => Confidence::No,
    }
}

/// Whether a name is one of the required ones and written as the format has it: a label with blanks around its
/// stroke, or a machine name with its unit spelled out.
fn is_spelled_out(name: &str) -> bool {
    let unit = name.rsplit_once('_').map_or("", |(_, unit)| unit);
    (name.contains(" / ") || unit.len() > 3)
        && by_bdf_header(name).is_some_and(|(known, _)| REQUIRED.contains(&known.name))
}

/// The delimiter by which a line of column names shows most of the required columns, and how many.
fn delimiter_of(line: &[u8]) -> Option<(Delimiter, usize)> {
    let found = DELIMITERS.into_iter().map(|delimiter| {
        let cells = texts_of(line, delimiter);
        let known: Vec<&str> =
            cells.iter().filter_map(|cell| Some(by_bdf_header(cell)?.0.name)).collect();
        (delimiter, REQUIRED.iter().filter(|required| known.contains(required)).count())
    });
    found.rev().max_by_key(|&(_, required)| required).filter(|&(_, required)| required > 0)
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let Some(member) = files.only() else { return Err(not_bdf(files.name())) };
    let mut lines = Lines::new(member.source.as_ref(), &member.name, limits.max_line_bytes)?;
    let (delimiter, header) = match lines.next()? {
        Some(line) => match delimiter_of(line.bytes) {
            Some((delimiter, _)) => {
                // One more than may be, which is told when the table begins.
                let header: Vec<String> = texts_of(line.bytes, delimiter)
                    .into_iter()
                    .take(limits.max_columns.saturating_add(1))
                    .map(std::borrow::Cow::into_owned)
                    .collect();
                (delimiter, header)
            }
            None => return Err(not_bdf(&member.name).at_row(1)),
        },
        None => return Err(not_bdf(&member.name)),
    };
    let ahead = Ahead::look(&mut lines, delimiter)?;
    let (decimal, _) = ahead.decimal();
    tell_decimal(decimal, false, sink);
    let looks = ahead.looks(header.len(), decimal);
    let mut plans = plans_of(&header, &looks, sink);
    make_unique(&mut plans);
    if let Some(start) = start_of(&plans, &ahead, decimal) {
        sink.started_at(start);
    }
    let grid = Grid {
        delimiter,
        decimal,
        width: header.len(),
        blank: 0,
        ragged: true,
        last_line_open: false,
    };
    Rows::begin(sink, limits, "records", grid, plans).read_all(&mut lines, &ahead)
}

fn plans_of(header: &[String], looks: &[Looks], sink: &mut dyn Sink) -> Vec<Plan> {
    let mut plans: Vec<Plan> = Vec::with_capacity(header.len());
    let mut unknown = Vec::new();
    for ((cell, name), &looks) in header.iter().enumerate().zip(looks) {
        let taken = |canonical: &str| plans.iter().any(|plan| plan.column.head.name == canonical);
        let known = by_bdf_header(name).filter(|(known, _)| !taken(known.name));
        if let Some((known, convert)) = known {
            let mut column = known.column(name, Origin::Stored);
            // A step may be called by a name instead of a number.
            if looks == Looks::Text && convert == Convert::Same && known.name.starts_with("step_") {
                column.kind = Kind::Text;
                column.head.unit = String::new();
            }
            let take = if column.kind == Kind::Text { Take::Text } else { Take::Number(convert) };
            plans.push(Plan { column, cell, take });
            continue;
        }
        if !name.is_empty() {
            unknown.push(name.as_str());
        }
        plans.push(own_column(name, cell, looks));
    }
    if !unknown.is_empty() {
        let message = format!(
            "the Battery Data Format does not know these columns, or they repeat another; they are kept under their own names: {}",
            unknown.join(", ")
        );
        sink.note(Note::new("unknown-column", message, "line 1"));
    }
    plans
}

/// A column that nobody knows, under its own name; one without a name is called by its place.
pub(crate) fn own_column(name: &str, cell: usize, looks: Looks) -> Plan {
    let unit = match name.rsplit_once('/') {
        Some((_, unit)) if is_unit(unit) => unit.trim(),
        _ => "",
    };
    Plan::own(name, unit, cell, Take::by(looks))
}

/// The start by the Unix time of the first row.
fn start_of(plans: &[Plan], ahead: &Ahead, decimal: Decimal) -> Option<StartTime> {
    let plan = plans.iter().find(|plan| plan.column.head.name == "unix_time_second")?;
    let Take::Number(convert) = plan.take else { return None };
    match parse(ahead.rows().next()?.cell(plan.cell), decimal) {
        Cell::Number(unix) => {
            Some(StartTime { iso: iso_of_unix(convert.apply(unix))?, zone: Zone::Stated })
        }
        _ => None,
    }
}

fn not_bdf(file: &str) -> ReadError {
    ReadError::new(
        Trouble::Damaged,
        "the first line does not name the columns of the Battery Data Format",
        "write `test_time_second`, `voltage_volt`, `current_ampere` or `Test Time / s`, `Voltage / V`, `Current / A` into the first line",
    )
    .in_file(file)
}

/// How column names are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// `voltage_volt`
    Machine,
    /// `Voltage / V`
    Label,
}

/// Writes a table in the Battery Data Format, every column in its order. Columns that the format knows get
/// their names in the way asked for, others keep theirs. Numbers are written with as many digits as they
/// need to be read back unchanged; missing ones are empty. Errors when `into` cannot take the bytes.
pub fn write_bdf(
    table: &Table,
    names: Names,
    into: &mut dyn std::io::Write,
) -> std::io::Result<()> {
    let header: Vec<_> =
        table.columns.iter().map(|column| quoted(&name_of(&column.head, names))).collect();
    writeln!(into, "{}", header.join(","))?;
    for row in 0..table.rows {
        for (place, column) in table.columns.iter().enumerate() {
            if place > 0 {
                into.write_all(b",")?;
            }
            match &column.values {
                Values::Number(numbers) => match numbers.get(row) {
                    Some(number) if number.is_finite() => write!(into, "{number}")?,
                    _ => {}
                },
                Values::Text(texts) => {
                    into.write_all(quoted(texts.get(row).map_or("", String::as_str)).as_bytes())?;
                }
            }
        }
        into.write_all(b"\n")?;
    }
    Ok(())
}

fn name_of(head: &ColumnHead, names: Names) -> String {
    let known = ALL.iter().find(|known| known.name == head.name && !known.label.is_empty());
    match (names, known) {
        (Names::Label, Some(known)) => known.full_label(),
        _ => head.name.clone(),
    }
}

/// A cell, in quotes where it needs them.
pub(crate) fn quoted(text: &str) -> String {
    // A line break inside quotes is legal and read by few: a blank takes its place.
    let text = text.replace(['\n', '\r'], " ");
    if text.contains(['"', ',', ';', '\t']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}
