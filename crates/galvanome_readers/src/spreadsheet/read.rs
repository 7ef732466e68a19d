//! Workbooks as measurements: which sheets hold the records, which continue each other, what the others say.

use std::io;
use std::sync::Arc;

use galvanome_model::note::Note;

use super::lines::{Lines, Part};
use super::package::Book;
use super::sheet::Stop;
use super::tell::OnSheet;
use crate::delimited;
use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::source::head_of;
use crate::text::cells::{Delimiter, decode, split, text_cell};
use crate::text::clock::duration_s;
use crate::text::heads::plain;
use crate::text::number::{Cell, Decimal, parse};
use crate::vocabulary::parts;

/// Text of a sheet by which it is judged.
const HEAD: usize = 1 << 13;
/// Rows above the first record in which names are looked for.
const ABOVE_MAX: usize = 40;
/// Rows of a sheet without a table that are kept as metadata.
const TOLD_MAX: usize = 400;

const TAB: Delimiter = Delimiter::Byte(b'\t');

/// How the workbooks of a vendor are read.
pub(crate) struct Vendor {
    /// The texts that his tables of records are written like.
    pub(crate) texts: &'static [Format],
    /// What a sheet is for, by its name in small letters.
    pub(crate) purpose: fn(&str) -> Purpose,
    /// Whether two sheets, by their names, can be of one test.
    pub(crate) together: fn(&str, &str) -> bool,
    /// Whether a sheet of metadata has names in one row and values in the next, and not both side by side.
    pub(crate) named_columns: bool,
}

/// What a sheet is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Records, if it has their names.
    Records,
    /// A table beside the records, called so; by an empty name, as its sheet.
    Table(&'static str),
    /// What was tested and how.
    About,
}

/// A sheet as it was judged.
struct Judged {
    sheet: usize,
    name: String,
    purpose: Purpose,
    /// The text that its records are written like.
    format: Option<&'static Format>,
    /// The lines above its first record.
    above: Vec<Vec<u8>>,
    /// The first line of its records.
    first: Vec<u8>,
}

/// Sheets that continue each other.
struct Group {
    format: &'static Format,
    name: String,
    last: usize,
    parts: Vec<Part>,
}

/// How sure it is that a workbook is of this vendor. A sheet with the names of his records is certain.
pub(crate) fn claims(files: &Files, vendor: &Vendor) -> Confidence {
    let Ok(Some(book)) = Book::open(files) else { return Confidence::No };
    let of_vendor = (0..book.sheets.len())
        .any(|sheet| judge(&book, sheet, vendor).is_ok_and(|judged| judged.format.is_some()));
    if of_vendor { Confidence::Certain } else { Confidence::No }
}

/// The beginning of a sheet's text, in whole lines.
fn head(book: &Arc<Book>, sheet: usize) -> io::Result<Vec<u8>> {
    let lines = Lines::new(book, vec![Part { sheet, skip: 0 }]);
    let mut head = head_of(&lines, HEAD)?;
    let end = head.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
    head.truncate(end);
    Ok(head)
}

/// Whether a text is claimed.
fn is_of(format: &Format, text: &[u8]) -> bool {
    let claims = (format.claims)(&Files::one("", text.to_vec()));
    claims >= Confidence::Likely || claims == Confidence::Fallback && format.id == "delimited"
}

fn judge(book: &Arc<Book>, sheet: usize, vendor: &Vendor) -> io::Result<Judged> {
    let name = book.sheets.get(sheet).map_or_else(String::new, |sheet| sheet.name.clone());
    let purpose = (vendor.purpose)(&name.to_lowercase());
    let mut judged =
        Judged { sheet, name, purpose, format: None, above: Vec::new(), first: Vec::new() };
    if purpose != Purpose::Records {
        return Ok(judged);
    }
    let head = head(book, sheet)?;
    judged.format = vendor.texts.iter().find(|format| is_of(format, &head));
    let lines: Vec<&[u8]> = head.split_inclusive(|&byte| byte == b'\n').collect();
    let mut above = 0;
    if let Some(format) = judged.format {
        // As many lines as it takes to recognise them: the last is that of the names, or else the first row.
        let mut seen = Vec::new();
        for line in lines.iter().take(ABOVE_MAX) {
            seen.extend_from_slice(line);
            if is_of(format, &seen) {
                above += usize::from(format.id != "delimited");
                break;
            }
            above += 1;
        }
    }
    judged.above = lines.iter().take(above).map(|line| line.to_vec()).collect();
    let first = lines.iter().skip(above).find(|line| !line.trim_ascii().is_empty());
    judged.first = first.map_or_else(Vec::new, |line| line.to_vec());
    Ok(judged)
}

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

/// The sheets of records, those that continue each other together.
fn grouped(judged: &[Judged], vendor: &Vendor) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (place, sheet) in judged.iter().enumerate() {
        if sheet.purpose != Purpose::Records {
            continue;
        }
        let continued = groups.iter_mut().find(|group| {
            judged.get(group.last).is_some_and(|before| {
                same_stem(&before.name, &sheet.name)
                    && (vendor.together)(&before.name, &sheet.name)
                    && continues(before, sheet)
            })
        });
        match (continued, sheet.format) {
            (Some(group), _) => {
                group.last = place;
                group.parts.push(Part { sheet: sheet.sheet, skip: sheet.above.len() as u64 });
            }
            (None, Some(format)) => groups.push(Group {
                format,
                name: sheet.name.clone(),
                last: place,
                parts: vec![Part { sheet: sheet.sheet, skip: 0 }],
            }),
            (None, None) => {}
        }
    }
    groups
}

/// Whether names differ by no more than a number at their end: `record` and `record_1`, `Detail_1` and `Detail_2`.
fn same_stem(before: &str, name: &str) -> bool {
    fn stem(name: &str) -> &str {
        let name = name.trim_end_matches([')', ' ']);
        name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches(['_', '-', '(', ' '])
    }
    stem(before) == stem(name) || stem(name) == before || stem(stem(name)) == stem(before)
}

/// Whether a sheet goes on where another one ends: under the same names or under none, and with later records.
fn continues(before: &Judged, sheet: &Judged) -> bool {
    const ORDER: [&str; 12] = [
        "data point",
        "datapoint",
        "record index",
        "record number",
        "record id",
        "record",
        "数据序号",
        "记录序号",
        "test time",
        "testtime",
        "total time",
        "time",
    ];
    let mut names = Vec::new();
    split(before.above.last().map_or(&[][..], Vec::as_slice), TAB, &mut names);
    let (mut firsts, mut others) = (Vec::new(), Vec::new());
    split(&before.first, TAB, &mut firsts);
    split(&sheet.first, TAB, &mut others);
    let nameless = sheet.format.is_none() && others.len() == names.len();
    if !nameless && (sheet.format.is_none() || sheet.above != before.above) {
        return false;
    }
    let bases: Vec<String> = names.iter().map(|name| plain(parts(&decode(name), "").0)).collect();
    let Some(column) = ORDER.iter().find_map(|name| bases.iter().position(|base| base == name))
    else {
        return !nameless;
    };
    let value = |cells: &[&[u8]]| match parse(cells.get(column)?, Decimal::Point) {
        Cell::Number(number) => Some(number),
        _ => duration_s(&decode(cells.get(column)?)),
    };
    value(&firsts).zip(value(&others)).is_some_and(|(before, after)| after > before)
}

/// What a sheet without a table says, as names and values.
fn about(book: &Arc<Book>, sheet: &Judged, columns: bool) -> io::Result<Vec<(String, String)>> {
    let text = head(book, sheet.sheet)?;
    let rows: Vec<Vec<String>> = text
        .split(|&byte| byte == b'\n')
        .take(TOLD_MAX)
        .map(|line| {
            let mut cells = Vec::new();
            split(line, TAB, &mut cells);
            cells.into_iter().map(|cell| text_cell(cell, HEAD).0).collect()
        })
        .collect();
    let mut told = Vec::new();
    // Titles stand above the names, and are fewer.
    let filled = |row: &Vec<String>| row.iter().filter(|cell| !cell.is_empty()).count();
    let candidates = rows.windows(2).enumerate().filter_map(|(place, pair)| match pair {
        [row, next] if columns && are_names_of(row, next) => Some((place, filled(row))),
        _ => None,
    });
    let named = candidates.rev().max_by_key(|(_, filled)| *filled).map(|(place, _)| place);
    let mut names: Option<&Vec<String>> = None;
    for (place, row) in rows.iter().enumerate() {
        if let Some(names) = names {
            let named = row.iter().enumerate().filter(|(_, value)| !value.is_empty());
            told.extend(named.map(|(cell, value)| {
                (names.get(cell).cloned().unwrap_or_default(), value.clone())
            }));
        } else if named == Some(place) {
            names = Some(row);
        } else {
            told.extend(if columns { cells_of(row) } else { pairs_of(row) });
        }
    }
    Ok(told)
}

/// Every filled cell of a row without names, or a name and its value.
fn cells_of(row: &[String]) -> Vec<(String, String)> {
    let filled: Vec<&String> = row.iter().filter(|cell| !cell.is_empty()).collect();
    match filled.as_slice() {
        [_, _] => pairs_of(row),
        cells => cells.iter().map(|cell| (String::new(), (*cell).clone())).collect(),
    }
}

/// Names and the values right of them. Where no two filled cells touch, cells were merged, and every second one is a
/// value.
fn pairs_of(row: &[String]) -> Vec<(String, String)> {
    let touch = row.windows(2).any(|pair| pair.iter().all(|cell| !cell.is_empty()));
    let mut cells = row.iter().filter(|cell| touch || !cell.is_empty());
    let mut pairs = Vec::new();
    while let Some(name) = cells.next() {
        if name.is_empty() {
            continue;
        }
        match cells.next() {
            Some(value) if !value.is_empty() => {
                pairs.push((name.trim_end_matches([':', '：']).to_owned(), value.clone()));
            }
            // A name without a value says nothing, unless it stands alone.
            _ if !touch => pairs.push((String::new(), name.clone())),
            _ => {}
        }
    }
    pairs
}

/// Whether a row names what stands in the next: words everywhere, and nothing in the next beside them.
fn are_names_of(row: &[String], next: &[String]) -> bool {
    let is_word = |cell: &&String| {
        cell.chars().any(char::is_alphabetic) && !cell.starts_with(|c: char| c.is_ascii_digit())
    };
    let filled = || row.iter().filter(|cell| !cell.is_empty());
    let below = next.iter().filter(|cell| !cell.is_empty()).count();
    filled().count() >= 3
        && filled().all(|cell| is_word(&cell))
        && below * 3 >= filled().count()
        && next
            .iter()
            .enumerate()
            .all(|(at, cell)| cell.is_empty() || row.get(at).is_some_and(|name| !name.is_empty()))
}
