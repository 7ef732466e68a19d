//! The tables of a folder: a header with fixed columns, then one thing per row.

use std::borrow::{Borrow, Cow};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::Hash;
use std::str::FromStr;

use galvanome_model::campaign::Extra;
use galvanome_model::ids::BadId;
use galvanome_model::visibility::Visibility;

use super::cell;
use super::ids::Ids;
use super::problem::{Problems, any_of};
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
    fn knows(&self, column: &str) -> bool {
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

/// Calls `take` for every row of a table; a table that is not there has none. Rows that are empty, and rows that
/// cannot be split into the header's columns, are not handed on.
pub(super) fn each_row(
    table: &'static Table,
    files: &BTreeMap<String, Vec<u8>>,
    problems: &mut Problems,
    mut take: impl FnMut(&mut Row<'_>),
) {
    let Some(bytes) = files.get(table.file) else { return };
    let Some(text) = text_of(table.file, bytes, problems) else { return };
    let mut rows = Rows::of(text);
    let mut cells = Vec::new();
    let Some(header) = read_header(table, &mut rows, &mut cells, problems) else { return };
    while let Some((place, result)) = rows.next(&mut cells) {
        if let Err(fault) = result {
            report_fault(table, &header, place, fault, problems);
            continue;
        }
        if cells.iter().all(|cell| cell.is_empty()) {
            continue;
        }
        while cells.len() > header.names.len() && cells.last().is_some_and(|cell| cell.is_empty()) {
            cells.pop();
        }
        if cells.len() == header.names.len() {
            take(&mut Row { table, header: &header, cells: &cells, place, problems });
        } else {
            let message = format!(
                "has {} cells where the header has {}",
                cells.len(),
                header.names.len()
            );
            let hint = if cells.len() > header.names.len() {
                "put a cell that holds a comma between double quotes"
            } else {
                "write a comma for every empty cell too"
            };
            problems.of_row(table.file, place, None, message, Some(hint.to_owned()));
        }
    }
}

#[derive(Debug)]
struct Header {
    names: Vec<String>,
    /// The cell of each column that the table knows.
    known: Vec<(&'static str, usize)>,
    /// The cells of the columns that are kept verbatim.
    own: Vec<usize>,
}

fn read_header<'a>(
    table: &'static Table,
    rows: &mut Rows<'a>,
    cells: &mut Vec<Cow<'a, str>>,
    problems: &mut Problems,
) -> Option<Header> {
    let (place, result) = rows.next(cells)?;
    let mut header = Header { names: Vec::new(), known: Vec::new(), own: Vec::new() };
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
            problems.of_row(table.file, place, Some(name), "the header has this column twice", None);
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
            problems.of_row(table.file, place, Some(name), "is not a column of this table", Some(hint));
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

/// One row of a table while it is read. What is asked of it reports what is wrong with the cell.
pub(super) struct Row<'r> {
    table: &'static Table,
    header: &'r Header,
    cells: &'r [Cow<'r, str>],
    pub(super) place: Place,
    pub(super) problems: &'r mut Problems,
}

impl<'r> Row<'r> {
    fn raw(&self, column: &'static str) -> &'r str {
        debug_assert!(self.table.knows(column), "{column}");
        let at = self.header.known.iter().find(|(name, _)| *name == column);
        at.and_then(|(_, at)| self.cells.get(*at)).map_or("", |cell| cell.as_ref())
    }

    /// The cell without white space around it.
    pub(super) fn cell(&self, column: &'static str) -> &'r str {
        self.raw(column).trim()
    }

    /// The cell as it stands.
    pub(super) fn text(&self, column: &'static str) -> String {
        self.raw(column).to_owned()
    }

    /// The cell as it stands, which may not be blank.
    pub(super) fn needed_text(&mut self, column: &'static str, what: &str) -> String {
        if self.cell(column).is_empty() {
            self.wrong(column, "is empty", Some(what.to_owned()));
        }
        self.text(column)
    }

    /// Reports a problem of this row.
    pub(super) fn wrong(
        &mut self,
        column: &'static str,
        message: impl Into<String>,
        hint: Option<String>,
    ) {
        self.problems.of_row(self.table.file, self.place, Some(column), message, hint);
    }

    /// The id of this row, added to those that are known. None when it is no id; a label that is there already is
    /// reported.
    pub(super) fn new_id<T, I>(&mut self, column: &'static str, known: &mut Ids<T, I>, info: I) -> Option<T>
    where
        T: FromStr<Err = BadId> + Clone + Eq + Hash + Borrow<str>,
    {
        match self.cell(column).parse::<T>() {
            Ok(id) => {
                if !known.add(&id, info) {
                    let message = format!("`{}` is the label of a row above", self.cell(column));
                    self.wrong(column, message, Some("give each its own".to_owned()));
                }
                Some(id)
            }
            Err(error) => {
                self.bad_id(column, &error);
                known.mark_incomplete();
                None
            }
        }
    }

    fn bad_id(&mut self, column: &'static str, error: &BadId) {
        if error.given.is_empty() {
            self.wrong(column, "is empty", None);
        } else {
            self.wrong(column, error.to_string(), None);
        }
    }

    /// An id without asking whether it is known.
    fn any_id<T: FromStr<Err = BadId>>(&mut self, column: &'static str, text: &str) -> Option<T> {
        text.parse().map_err(|error| self.bad_id(column, &error)).ok()
    }

    fn known_text<T, I>(&mut self, column: &'static str, text: &str, known: &Ids<T, I>) -> Option<T>
    where
        T: FromStr<Err = BadId> + Clone + Eq + Hash + Borrow<str>,
    {
        if let Some((id, _)) = known.find(text) {
            return Some(id.clone());
        }
        let id = self.any_id(column, text)?;
        if let Some((message, hint)) = known.unknown(text, self.problems) {
            self.wrong(column, message, hint);
        }
        Some(id)
    }

    /// An id that must be known. None when it is no id at all.
    pub(super) fn known<T, I>(&mut self, column: &'static str, known: &Ids<T, I>) -> Option<T>
    where
        T: FromStr<Err = BadId> + Clone + Eq + Hash + Borrow<str>,
    {
        self.known_text(column, self.cell(column), known)
    }

    /// An id that must be known, or an empty cell.
    pub(super) fn known_if_any<T, I>(&mut self, column: &'static str, known: &Ids<T, I>) -> Option<T>
    where
        T: FromStr<Err = BadId> + Clone + Eq + Hash + Borrow<str>,
    {
        if self.cell(column).is_empty() { None } else { self.known(column, known) }
    }

    /// Ids that must be known.
    pub(super) fn known_list<T, I>(&mut self, column: &'static str, known: &Ids<T, I>) -> Vec<T>
    where
        T: FromStr<Err = BadId> + Clone + Eq + Hash + Borrow<str>,
    {
        let mut list: Vec<T> = Vec::new();
        for text in entries(self.cell(column)) {
            if let Some(id) = self.known_text(column, text, known) {
                list.push(id);
            }
        }
        self.check_twice(column, &list);
        list
    }

    /// Ids that are looked up later, when all rows are read.
    pub(super) fn ids<T>(&mut self, column: &'static str) -> Vec<T>
    where
        T: FromStr<Err = BadId> + Eq + Borrow<str>,
    {
        let mut list: Vec<T> = Vec::new();
        for text in entries(self.cell(column)) {
            if let Some(id) = self.any_id(column, text) {
                list.push(id);
            }
        }
        self.check_twice(column, &list);
        list
    }

    fn check_twice<T: Borrow<str>>(&mut self, column: &'static str, list: &[T]) {
        if list.len() < 2 {
            return;
        }
        let mut seen = HashSet::new();
        for id in list {
            if !seen.insert(id.borrow()) {
                self.wrong(column, format!("names `{}` twice", id.borrow()), None);
            }
        }
    }

    /// A finite number, or an empty cell.
    pub(super) fn number(&mut self, column: &'static str) -> Option<f64> {
        let text = self.cell(column);
        if text.is_empty() {
            return None;
        }
        let number = cell::number(text);
        if number.is_none() {
            let hint = if text.parse::<f64>().is_ok() {
                "use a finite number"
            } else if text.replace(',', ".").parse::<f64>().is_ok() {
                "write a point for the decimal"
            } else {
                "write digits with a decimal point; units have their own column"
            };
            self.wrong(column, format!("`{text}` is not a number here"), Some(hint.to_owned()));
        }
        number
    }

    /// A whole number, or an empty cell.
    pub(super) fn whole<T: FromStr>(&mut self, column: &'static str) -> Option<T> {
        let text = self.cell(column);
        if text.is_empty() {
            return None;
        }
        let whole = text.parse().ok();
        if whole.is_none() {
            self.wrong(column, format!("`{text}` is not a whole number, zero or above"), None);
        }
        whole
    }

    /// A date or date and time, or an empty cell.
    pub(super) fn date(&mut self, column: &'static str) -> String {
        let text = self.cell(column);
        if !text.is_empty() && !cell::is_date(text) {
            let hint = "write 2024-05-31 or 2024-05-31T14:00:00+02:00".to_owned();
            self.wrong(column, format!("`{text}` is not an ISO 8601 date"), Some(hint));
        }
        text.to_owned()
    }

    /// Yes or no; an empty cell is no.
    pub(super) fn flag(&mut self, column: &'static str) -> bool {
        let text = self.cell(column);
        match text.to_ascii_lowercase().as_str() {
            "yes" | "true" | "1" => true,
            "" | "no" | "false" | "0" => false,
            _ => {
                self.wrong(column, format!("`{text}` is neither yes nor no"), None);
                false
            }
        }
    }

    /// One of some words. None when the cell is empty, or holds something else, which is reported.
    pub(super) fn word<T>(
        &mut self,
        column: &'static str,
        noun: &str,
        words: &[&str],
        from_word: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.cell(column);
        if text.is_empty() {
            return None;
        }
        let value = from_word(text);
        if value.is_none() {
            let hint = format!("use {}", any_of(words));
            self.wrong(column, format!("`{text}` is not {noun}"), Some(hint));
        }
        value
    }

    /// One of some words; an empty cell is a problem too.
    pub(super) fn needed_word<T>(
        &mut self,
        column: &'static str,
        noun: &str,
        words: &[&str],
        from_word: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        if self.cell(column).is_empty() {
            self.wrong(column, "is empty", Some(format!("use {}", any_of(words))));
            return None;
        }
        self.word(column, noun, words, from_word)
    }

    /// Who may see it; everybody in the campaign when the cell is empty.
    pub(super) fn visibility(&self) -> Visibility {
        match self.cell(VISIBILITY) {
            "" => Visibility::Campaign,
            names => Visibility::from(names.to_owned()),
        }
    }

    /// The columns that are kept verbatim, empty cells left out.
    pub(super) fn extra(&self) -> Extra {
        let named = self.header.own.iter().filter_map(|at| {
            let cell = self.cells.get(*at).filter(|cell| !cell.is_empty())?;
            Some((self.header.names.get(*at)?.clone(), cell.to_string()))
        });
        named.collect()
    }
}

fn entries(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(';').map(str::trim).filter(|text| !text.is_empty())
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
