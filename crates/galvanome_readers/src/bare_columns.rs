//! Columns of numbers under no names: the last resort behind [`delimited`](crate::delimited).
//!
//! `.xy`, `.xye`, `.dat`, `.txt` of two or more numbers a row, separated by blanks, tabs, semicolons or commas, perhaps behind
//! comments or prose. What the columns mean stands nowhere in such a file, so they are given as a table of nameless columns, and a
//! technique that is declared for the file takes them by custom: first the axis, second the values, third the standard
//! uncertainties of the values.

use galvanome_model::measurement::{ColumnHead, Origin, Values};
use galvanome_model::note::Note;

use crate::delimited;
use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::sink::{Kind, NewColumn, Sink};
use crate::text::cells::decode;
use crate::text::guess::tell_decimal;
use crate::text::lines::Lines;
use crate::text::numbers::{Found, Numbers, find_rows, numbers_of};
use crate::text::opening::{head_text, whole_lines};
use crate::text::remarks::entry;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format = Format {
    id: "bare-columns",
    name: "columns of numbers without names",
    endings: &["xy", "xye", "dat", "txt", "csv"],
    claims,
    read,
};

/// Bytes at the beginning in which the columns must show.
const HEAD: usize = 1 << 16;

/// Rows that are handed on at once.
const BATCH: usize = 1 << 16;

fn claims(files: &Files) -> Confidence {
    let (Some(opening), Some(member)) = (files.opening(), files.only()) else {
        return Confidence::No;
    };
    let soon = || found_in(&opening.lines().collect::<Vec<_>>()).is_some();
    let later = || {
        head_text(member.source.as_ref(), HEAD)
            .is_some_and(|head| found_in(&whole_lines(&head, HEAD)).is_some())
    };
    // What has names is read under them.
    let bare = (soon() || later()) && (delimited::FORMAT.claims)(files) == Confidence::No;
    if bare { Confidence::Fallback } else { Confidence::No }
}

fn found_in(lines: &[&[u8]]) -> Option<Found> {
    // Rows of JCAMP-DX have their steps along the axis left out: they are no columns.
    let packed = |line: &&[u8]| line.trim_ascii().to_ascii_uppercase().starts_with(b"##XYDATA");
    find_rows(lines).filter(|found| !lines.iter().take(found.first).any(packed))
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let none = || {
        ReadError::new(
            Trouble::Damaged,
            "there are no three rows of two or more numbers in it",
            "export the data as text with one row of numbers a line",
        )
    };
    let Some(member) = files.only() else { return Err(none()) };
    let head = head_text(member.source.as_ref(), HEAD).unwrap_or_default();
    let Some(found) = found_in(&whole_lines(&head, HEAD)) else {
        return Err(none().in_file(&member.name));
    };
    let mut lines = Lines::new(member.source.as_ref(), &member.name, limits.max_line_bytes)?;
    let (mut row, mut rows_before) = (Vec::new(), 0);
    for number in 0..found.first {
        let Some(line) = lines.next()? else { break };
        let is_row = numbers_of(line.bytes, found.decimal, &mut row) && row.len() == found.width;
        rows_before += u64::from(is_row);
        if number < limits.max_metadata
            && let Some((key, value)) = entry(&decode(line.bytes))
        {
            sink.metadata(key, value);
        }
    }
    tell_decimal(found.decimal, false, sink);
    sink.note(Note::new("columns-unnamed", meaning(found.width), ""));
    if rows_before > 0 {
        let message = format!(
            "{rows_before} lines before the columns hold as many numbers as they do, with other lines between; they were kept as metadata"
        );
        sink.note(Note::new("rows-left-out", message, ""));
    }
    let mut numbers = Numbers::of_width(found.width, limits);
    let columns: Vec<_> = (1..=numbers.columns.len()).map(nameless).collect();
    sink.table("columns", &columns);
    loop {
        numbers.read(&mut lines, found.decimal, limits, BATCH, |_| false)?;
        if numbers.len() == 0 {
            break;
        }
        let rows: Vec<Values> = numbers.drain().into_iter().map(Values::Number).collect();
        sink.rows(&rows)?;
    }
    for note in numbers.notes() {
        sink.note(note);
    }
    Ok(())
}

fn nameless(number: usize) -> NewColumn {
    let head = ColumnHead {
        name: format!("column_{number}"),
        unit: String::new(),
        vendor_name: String::new(),
        origin: Origin::Stored,
    };
    NewColumn { head, kind: Kind::Number }
}

/// What is said of columns without names.
fn meaning(columns: usize) -> String {
    let third = match columns {
        2 => "",
        3 => ", the third as their standard uncertainties",
        _ => ", the third as their standard uncertainties, and no other",
    };
    format!(
        "the file does not say what its {columns} columns are, nor their units; a technique that is declared for it takes the first as the axis, the second as the values{third}"
    )
}
