//! The header of an EC-Lab text: what was set, on which instrument, and when it began.

use galvanome_model::note::Note;

use super::loops::List;
use super::{TAB, is_column_line};
use crate::error::ReadError;
use crate::limits::Limits;
use crate::sink::Sink;
use crate::text::cells::{decode, texts_of};
use crate::text::clock::{Civil, DateOrder};
use crate::text::lines::{Line, Lines};

/// Characters of one column in the table of settings.
const SETTING_WIDTH: usize = 20;

/// What the header tells the reader.
pub(super) struct Header {
    /// Names of the columns; none when the file ends before them.
    pub(super) columns: Option<Vec<String>>,
    /// The line that names them, from 1, or the last one.
    pub(super) line: u64,
    /// The start of the acquisition.
    pub(super) start: Option<Civil>,
    /// The loops.
    pub(super) loops: List,
}

/// Reads up to the line of column names, and writes what stands before it into the sink. Errors when the source
/// cannot be read.
pub(super) fn read_header(
    lines: &mut Lines<'_>,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<Header, ReadError> {
    let mut declared: Option<u64> = None;
    let mut header = Header { columns: None, line: 0, start: None, loops: List::default() };
    let mut entries = 0_usize;
    let mut technique = false;
    while let Some(line) = lines.next()? {
        header.line = line.number;
        if declared == Some(line.number)
            || (declared.is_none_or(|n| line.number > n) && is_column_line(line.bytes))
        {
            let columns = columns_of(&line);
            if columns.len() >= 2 {
                if declared.is_some_and(|declared| declared != line.number) {
                    let message = format!(
                        "the file says that line {} names the columns; line {} does",
                        declared.unwrap_or(0),
                        line.number
                    );
                    sink.note(Note::new("header-count", message, "line 2"));
                }
                header.columns = Some(columns);
                return Ok(header);
            }
        }
        let text = decode(line.bytes);
        if let Some(count) = text.strip_prefix("Nb header lines") {
            declared = count.trim_start_matches([' ', ':']).trim().parse().ok().filter(|&n| n > 2);
        }
        if line.number > 2 && !technique && !text.trim().is_empty() {
            // The first line behind the count, alone.
            technique = true;
            if declared.is_some() && entry(&text).0.is_empty() {
                sink.metadata("Technique", text.trim());
                entries += 1;
                continue;
            }
        }
        header.loops.take(&text);
        if entries < limits.max_metadata && take(&text, line.number, &mut header.start, sink) {
            entries += 1;
        }
    }
    Ok(header)
}

/// Names of the columns; the line ends by a tab, which is no column.
fn columns_of(line: &Line<'_>) -> Vec<String> {
    let mut columns: Vec<_> =
        texts_of(line.bytes, TAB).into_iter().map(std::borrow::Cow::into_owned).collect();
    while columns.last().is_some_and(String::is_empty) {
        columns.pop();
    }
    columns
}

/// Takes one line of the header. Gives whether there was anything in it.
fn take(text: &str, number: u64, start: &mut Option<Civil>, sink: &mut dyn Sink) -> bool {
    if text.trim().is_empty() {
        return false;
    }
    let (key, value) = entry(text);
    match key {
        "Device" => sink.instrument(value),
        "Acquisition started on" if start.is_none() => {
            // EC-Lab writes the month first in every language.
            *start = Civil::parse(value, DateOrder::MonthFirst);
            if let Some(civil) = start {
                sink.started_at(civil.start());
            } else {
                let message =
                    format!("the start of the acquisition cannot be read as a date: {value}");
                sink.note(Note::new("start-unreadable", message, format!("line {number}")));
            }
        }
        _ => {}
    }
    sink.metadata(key, value);
    true
}

/// The key and value of a line: `Device : VMP3`, `Ewe min = 1.40 V`, a row of the table of settings, or a line
/// that is only a value.
fn entry(text: &str) -> (&str, &str) {
    let line = text.trim_end();
    let settings = line.char_indices().nth(SETTING_WIDTH).and_then(|(place, _)| {
        let (key, values) = line.split_at_checked(place)?;
        let padded = key.ends_with(' ') && !key.starts_with([' ', '\t']);
        (padded && !values.starts_with([' ', ':', '='])).then_some((key, values))
    });
    if let Some((key, value)) = line.split_once(" : ") {
        (key.trim(), value.trim())
    } else if let Some(key) = line.strip_suffix(" :") {
        (key.trim(), "")
    } else if let Some((key, values)) = settings {
        (key.trim(), values)
    } else if let Some((key, value)) = line.split_once(" = ") {
        (key.trim(), value.trim())
    } else {
        ("", line.trim())
    }
}
