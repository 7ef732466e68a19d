//! What a table looks like, and the header that a file has for it.

use std::borrow::Cow;

use super::problem::Problems;
use super::rows::{Fault, Place, Rows};

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

/// The header of a table as it was found.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) names: Vec<String>,
    /// How many cells it has with the empty ones at its end.
    pub(super) padded_width: usize,
    /// The cell of each column that the table knows.
    pub(super) known: Vec<(&'static str, usize)>,
    /// The cells of the columns that are kept verbatim.
    pub(super) own: Vec<usize>,
}

/// Reads the header; none when its columns cannot be told, or one is missing.
pub(super) fn read_header<'a>(
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

/// Reports a row that could not be split into cells.
pub(super) fn report_fault(
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
