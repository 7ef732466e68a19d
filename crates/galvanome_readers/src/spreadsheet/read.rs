//! Workbooks as measurements: the tables of records, those beside them, and what the other sheets say.

use std::io;
use std::sync::Arc;

use galvanome_model::note::Note;

use super::about::about;
use super::found::Stop;
use super::group::{Group, grouped};
use super::judge::{Judged, Purpose, Vendor, head, is_of, judge};
use super::lines::{Lines, Part};
use super::package::Book;
use super::tell::OnSheet;
use crate::archive::note_differs;
use crate::delimited;
use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::Format;
use crate::limits::Limits;
use crate::sink::Sink;

/// Reads a workbook. Gives what its sheets about the test say and whether the start was told, or nothing when no sheet
/// holds records. Errors when the source cannot be read or the sink cannot keep the rows.
pub(crate) fn read(
    files: &Files,
    book: &Arc<Book>,
    vendor: &Vendor,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<Option<Told>, ReadError> {
    let fetched = |error: io::Error| ReadError::source(files.name(), &error);
    note_archive(book, sink);
    let sheets = 0..book.sheets.len();
    let judged: Vec<Judged> = sheets
        .map(|sheet| judge(book, sheet, vendor))
        .collect::<Result<_, _>>()
        .map_err(fetched)?;
    let groups = grouped(&judged, vendor);
    let mut told = Told::default();
    let mut beside = Vec::new();
    for sheet in judged.iter().filter(|sheet| {
        !groups.iter().any(|group| group.parts.iter().any(|part| part.sheet == sheet.sheet))
    }) {
        let is_table = sheet.purpose != Purpose::About
            && is_of(&delimited::FORMAT, &head(book, sheet.sheet).map_err(fetched)?);
        if is_table {
            beside.push(sheet);
        } else {
            let about = about(book, sheet, vendor.named_columns).map_err(fetched)?;
            told.about.extend(about);
        }
    }
    told.about.truncate(limits.max_metadata);
    for (key, value) in &told.about {
        sink.metadata(key, value);
    }
    let mut names: Vec<String> = Vec::new();
    for (place, group) in groups.iter().enumerate() {
        let name = if place == 0 { "records".to_owned() } else { unused(&group.name, &names) };
        names.push(name.clone());
        note_joined(book, group, sink);
        let muted: &[&str] = if group.format.id == "delimited" { &["generic-reader"] } else { &[] };
        let whole = Reading { files, book, limits, aside: place > 0, muted };
        let started = whole.read(group.format, &group.parts, &name, sink)?;
        told.started |= started;
    }
    for sheet in beside {
        // These are known tables whose columns have no canonical names.
        const MUTED: &[&str] =
            &["generic-reader", "unknown-column", "current-sign-assumed", "unreadable-line"];
        let name = match sheet.purpose {
            Purpose::Table(name) if !name.is_empty() => name,
            _ => &sheet.name,
        };
        let name = unused(name, &names);
        names.push(name.clone());
        let whole = Reading { files, book, limits, aside: true, muted: MUTED };
        let parts = [Part { sheet: sheet.sheet, skip: 0 }];
        whole.read(&delimited::FORMAT, &parts, &name, sink)?;
    }
    if book.texts_differ().map_err(fetched)? {
        note_differs("the texts that cells share", "", sink);
    }
    Ok((!groups.is_empty()).then_some(told))
}

/// What the sheets about a test said.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// Their entries.
    pub(crate) about: Vec<(String, String)>,
    /// Whether the start of the test was told from its records.
    pub(crate) started: bool,
}

/// A name that no table before has.
fn unused(name: &str, names: &[String]) -> String {
    let mut unused = name.to_owned();
    while names.contains(&unused) {
        unused = format!("{name}#{}", names.len() + 1);
    }
    unused
}

struct Reading<'a> {
    files: &'a Files,
    book: &'a Arc<Book>,
    limits: &'a Limits,
    aside: bool,
    muted: &'static [&'static str],
}

impl Reading<'_> {
    /// Reads sheets that continue each other as one table. Gives whether the start was told.
    fn read(
        &self,
        format: &Format,
        parts: &[Part],
        name: &str,
        sink: &mut dyn Sink,
    ) -> Result<bool, ReadError> {
        let lines = Lines::new(self.book, parts.to_vec());
        let text = Files::one(self.files.name(), lines.clone());
        let mut on = OnSheet {
            inner: sink,
            book: self.book,
            lines: &lines,
            table: name,
            aside: self.aside,
            muted: self.muted,
            started: false,
        };
        let outcome = (format.read)(&text, self.limits, &mut on);
        let started = on.started;
        self.note_seen(&lines, sink);
        match outcome {
            // The other sheets may still be read.
            Err(error) if self.aside && error.trouble() == Trouble::Damaged => {
                sink.note(Note::new("unreadable-table", error.what(), name));
                Ok(false)
            }
            outcome => outcome.map(|()| started),
        }
    }

    fn note_seen(&self, lines: &Lines, sink: &mut dyn Sink) {
        let seen = lines.seen();
        let place = |line: u64| seen.place(self.book, line);
        for &(line, stop) in &seen.found.stopped {
            let (code, message) = match stop {
                Stop::Cut => (
                    "truncated-file",
                    "the file ends within this sheet; every whole row before that was read. Fetch the file again",
                ),
                Stop::Broken => (
                    "truncated-file",
                    "the sheet is damaged from here on; every whole row before that was read. Fetch the file again",
                ),
                Stop::Unknown => (
                    "unsupported-version",
                    "the sheet is packed or locked in a way that is not known; save the workbook without a password",
                ),
                Stop::Endless => (
                    "limit-reached",
                    "the sheet goes on with nothing in it, or with more rows than a sheet can have; the rows before that were read",
                ),
            };
            sink.note(Note::new(code, message, place(line)));
        }
        let found = &seen.found;
        for &line in &found.altered {
            note_differs("this sheet", place(line), sink);
        }
        if found.errors.times > 0 {
            let message = format!(
                "{} cells hold an error of the spreadsheet (as #DIV/0!) and count as missing",
                found.errors.times
            );
            sink.note(Note::new("error-cell", message, place(found.errors.first)));
        }
        if found.unusable.times > 0 {
            let message = format!(
                "{} rows are longer or emptier than a row of a table can be and were left out",
                found.unusable.times
            );
            sink.note(Note::new("unreadable-line", message, place(found.unusable.first)));
        }
        if found.lost.times > 0 {
            let (cut, full) = self.book.lost_texts();
            let why = match (cut, full) {
                (true, _) => "behind the cut",
                (_, true) => "behind the limit on their length",
                _ => "not there",
            };
            let message = format!(
                "the texts of {} cells are {why}; they were called by their number (unknown_12), names of columns too",
                found.lost.times
            );
            sink.note(Note::new("lost-text", message, place(found.lost.first)));
        }
    }
}

fn note_archive(book: &Book, sink: &mut dyn Sink) {
    if !book.archive.whole {
        let message = "the file is cut off: the directory at its end is missing, and parts behind the cut with it, perhaps those that hold names and the looks of dates; what was left was read";
        sink.note(Note::new("truncated-file", message, ""));
    }
    let climbing = book.archive.entries.iter().filter(|entry| entry.climbs()).count();
    if climbing > 0 {
        let message =
            format!("{climbing} members have names that lead out of the file and were not read");
        sink.note(Note::new("unsafe-name", message, ""));
    }
}

fn note_joined(book: &Book, group: &Group, sink: &mut dyn Sink) {
    if group.parts.len() < 2 {
        return;
    }
    let names: Vec<&str> = group
        .parts
        .iter()
        .filter_map(|part| book.sheets.get(part.sheet))
        .map(|sheet| sheet.name.as_str())
        .collect();
    let message =
        format!("these sheets continue each other and were read as one: {}", names.join(", "));
    sink.note(Note::new("sheets-joined", message, format!("sheet {}", group.name)));
}
