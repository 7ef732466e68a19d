//! The tables of a folder: a header with fixed columns, then one thing per row.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use galvanome_model::extra::Extra;
use galvanome_model::visibility::Visibility;

use super::problem::Problems;
use super::row::Row;
use super::rows::{Fault, Place, Rows, line_ends};

/// Columns whose name begins so are kept verbatim.
pub(super) const OWN: &str = "x_";
/// The optional column of tables that do not always have it.
pub(super) const VISIBILITY: &str = "visibility";

/// What a table looks like.
#[derive(Debug)]
pub(super) struct Table {
    /// Its file.
    pub(super) file: &'static str,
    /// Its columns in the order in which they are written.
    pub(super) columns: &'static [&'static str],
    /// Those that a header must have; the others are empty when it has them not.
    pub(super) needed: &'static [&'static str],
    /// Columns that are written only when they are used.
    pub(super) optional: &'static [&'static str],
}

impl Table {
    pub(super) fn knows(&self, column: &str) -> bool {
        self.columns.contains(&column) || self.optional.contains(&column)
    }
}

/// The text of a file without its byte order mark; a problem when it is not UTF-8, naming the byte.
pub(super) fn text_of<'a>(file: &str, bytes: &'a [u8], problems: &mut Problems) -> Option<&'a str> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) => {
            let offset = error.valid_up_to();
            let before = bytes.get(..offset).and_then(|before| std::str::from_utf8(before).ok());
            let line = before.map(|before| line_ends(before) + 1);
            let byte = bytes.get(offset).copied().unwrap_or_default();
            let message = format!("is not UTF-8: byte {offset} is 0x{byte:02X}");
            let hint = "save it again as UTF-8 (a spreadsheet calls it \"CSV UTF-8\")".to_owned();
            problems.of_line(file, line, None, message, Some(hint));
            None
        }
    }
}

/// Calls `take` for every row of a table; a table that is not there has none. Empty rows are passed over. False when
/// a row, or the whole table, could not be split into the header's columns: then ids are missing.
pub(super) fn each_row(
    table: &'static Table,
    files: &BTreeMap<String, Vec<u8>>,
    problems: &mut Problems,
    mut take: impl FnMut(&mut Row<'_>),
) -> bool {
    let Some(bytes) = files.get(table.file) else { return true };
    let Some(text) = text_of(table.file, bytes, problems) else { return false };
    let mut rows = Rows::of(text);
    let mut cells = Vec::new();
    if text.trim().is_empty() {
        return true;
    }
    let Some(header) = read_header(table, &mut rows, &mut cells, problems) else { return false };
    let mut complete = true;
    while let Some((place, result)) = rows.next(&mut cells) {
        if let Err(fault) = result {
            report_fault(table, &header, place, fault, problems);
            complete = false;
            continue;
        }
        if cells.iter().all(|cell| cell.is_empty()) {
            continue;
        }
        // A spreadsheet that pads the header pads every row as far, and no further.
        let width = header.names.len();
        let is_padded = cells.len() == header.padded_width
            && cells.get(width..).is_some_and(|rest| rest.iter().all(|cell| cell.is_empty()));
        if cells.len() == width || is_padded {
            take(&mut Row { table, header: &header, cells: &cells, place, problems });
        } else {
            complete = false;
            let message =
                format!("has {} cells where the header has {}", cells.len(), header.names.len());
            let hint = if cells.len() > header.names.len() {
                "put a cell that holds a comma between double quotes"
            } else {
                "write a comma for every empty cell too"
            };
            problems.of_row(table.file, place, None, message, Some(hint.to_owned()));
        }
    }
    complete
}

/// The header of a table as it was found.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) names: Vec<String>,
    /// How many cells it has with the empty ones at its end.
    padded_width: usize,
    /// The cell of each column that the table knows.
    pub(super) known: Vec<(&'static str, usize)>,
    /// The cells of the columns that are kept verbatim.
    pub(super) own: Vec<usize>,
}

fn read_header<'a>(
    table: &'static Table,
    rows: &mut Rows<'a>,
    cells: &mut Vec<Cow<'a, str>>,
    problems: &mut Problems,
) -> Option<Header> {
    let (place, result) = rows.next(cells)?;
    let padded_width = cells.len();
    let mut header = Header { names: Vec::new(), padded_width, known: Vec::new(), own: Vec::new() };
    if let Err(fault) = result {
        report_fault(table, &header, place, fault, problems);
        return None;
    }
    while cells.last().is_some_and(|cell| cell.trim().is_empty()) {
        cells.pop();
    }
    if let [only] = cells.as_slice()
        && let Some(separator) = [";", "\t"].into_iter().find(|one| only.contains(one))
    {
        let what = if separator == ";" { "semicolons" } else { "tabs" };
        let message = format!("its columns are separated by {what}");
        problems.of_file(table.file, message, Some("save it with commas between them".to_owned()));
        return None;
    }
    for (at, cell) in cells.iter().enumerate() {
        let name = cell.trim();
        let known = table.columns.iter().chain(table.optional).find(|column| **column == name);
        if header.names.iter().any(|other| other == name) {
            problems.of_row(
                table.file,
                place,
                Some(name),
                "the header has this column twice",
                None,
            );
        } else if let Some(column) = known {
            header.known.push((column, at));
        } else if name.starts_with(OWN) {
            header.own.push(at);
        } else {
            let near = problems.suggest(name, table.columns.iter().chain(table.optional).copied());
            let hint = near.unwrap_or_else(|| {
                format!(
                    "the columns are {}; begin the name of a column of your own with `{OWN}`",
                    table.columns.join(", ")
                )
            });
            problems.of_row(
                table.file,
                place,
                Some(name),
                "is not a column of this table",
                Some(hint),
            );
        }
        header.names.push(name.to_owned());
    }
    let missing: Vec<&str> = table
        .needed
        .iter()
        .copied()
        .filter(|column| !header.known.iter().any(|(name, _)| name == column))
        .collect();
    for column in &missing {
        let hint = format!("the header of {} is {}", table.file, table.columns.join(","));
        problems.of_row(table.file, place, Some(column), "the column is missing", Some(hint));
    }
    missing.is_empty().then_some(header)
}

fn report_fault(
    table: &Table,
    header: &Header,
    place: Place,
    fault: Fault,
    problems: &mut Problems,
) {
    let (Fault::OpenQuote(number) | Fault::AfterQuote(number)) = fault;
    let (message, hint) = match fault {
        Fault::OpenQuote(_) => (
            "the double quote that opens this cell is never closed; nothing after it was read",
            "close it, and write a double quote within a cell twice",
        ),
        Fault::AfterQuote(_) => (
            "text follows the closing double quote of this cell",
            "write a double quote within a quoted cell twice",
        ),
    };
    let column = header.names.get(number).map(String::as_str);
    problems.of_row(table.file, place, column, message, Some(hint.to_owned()));
}

/// The visibility as it is written: empty when everybody in the campaign may see it.
pub(super) fn visibility_text(visibility: &Visibility) -> Cow<'static, str> {
    match visibility {
        Visibility::Campaign => Cow::Borrowed(""),
        other => Cow::Owned(other.clone().into()),
    }
}

/// Writes a table: the header, then each record's cells in the order of the columns, its visibility when the table
/// has it as an optional column and any record is restricted, and its columns of its own.
pub(super) fn write<'a, T, const N: usize>(
    table: &Table,
    records: &'a [T],
    cells: impl Fn(&'a T) -> [Cow<'a, str>; N],
    extra: impl Fn(&'a T) -> &'a Extra,
    visibility: Option<fn(&T) -> &Visibility>,
) -> Vec<u8> {
    let own: BTreeSet<&str> =
        records.iter().flat_map(|record| extra(record).keys()).map(String::as_str).collect();
    let visibility = visibility.filter(|visibility| {
        records.iter().any(|record| *visibility(record) != Visibility::Campaign)
    });
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    let header = table
        .columns
        .iter()
        .copied()
        .chain(visibility.map(|_| VISIBILITY))
        .chain(own.iter().copied());
    let put = |row: csv::Result<()>| row.expect("writing into memory");
    put(writer.write_record(header));
    for record in records {
        let cells = cells(record);
        for cell in &cells {
            put(writer.write_field(cell.as_bytes()));
        }
        if let Some(visibility) = visibility {
            put(writer.write_field(visibility_text(visibility(record)).as_bytes()));
        }
        for name in &own {
            put(writer.write_field(extra(record).get(*name).map_or("", String::as_str)));
        }
        put(writer.write_record(None::<&[u8]>));
    }
    writer.into_inner().expect("writing into memory")
}
