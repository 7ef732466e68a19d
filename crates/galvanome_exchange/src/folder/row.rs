//! One row of a table while it is read: what is asked of a cell reports what is wrong with it.

use std::borrow::{Borrow, Cow};
use std::collections::HashSet;
use std::hash::Hash;
use std::str::FromStr;

use galvanome_model::extra::Extra;
use galvanome_model::ids::BadId;
use galvanome_model::visibility::Visibility;

use super::cell;
use super::header::{Header, Table, VISIBILITY};
use super::ids::Ids;
use super::problem::{Problems, any_of};
use super::rows::Place;

/// One row of a table while it is read. What is asked of it reports what is wrong with the cell.
pub(super) struct Row<'r> {
    pub(super) table: &'static Table,
    pub(super) header: &'r Header,
    pub(super) cells: &'r [Cow<'r, str>],
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
    pub(super) fn new_id<T, I>(
        &mut self,
        column: &'static str,
        known: &mut Ids<T, I>,
        info: I,
    ) -> Option<T>
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
    pub(super) fn known_if_any<T, I>(
        &mut self,
        column: &'static str,
        known: &Ids<T, I>,
    ) -> Option<T>
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
