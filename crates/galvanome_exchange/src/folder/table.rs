//! The tables of a folder: one thing per row.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use galvanome_model::extra::Extra;
use galvanome_model::visibility::Visibility;

use super::header::{Table, VISIBILITY, read_header, report_fault};
use super::problem::Problems;
use super::row::Row;
use super::rows::{Rows, line_ends};

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
