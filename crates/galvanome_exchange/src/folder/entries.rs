//! The entries of `campaign.toml`, each read on its own, so that one bad entry hides no other.

use std::borrow::Borrow;
use std::collections::HashSet;

use galvanome_model::catalogue::Facts;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error, ValueDeserializer};

use super::ids::Ids;
use super::problem::{Problems, any_of};
use super::rows::line_ends;

/// The file.
pub(super) const FILE: &str = "campaign.toml";

/// The entries of one `[[table]]` that could be read, and where each stands.
#[derive(Debug)]
pub(super) struct Entries<'t, T> {
    pub(super) items: Vec<T>,
    places: Vec<Spanned<DeValue<'t>>>,
    /// False when an entry could not be read.
    pub(super) complete: bool,
    text: &'t str,
}

impl<T> Entries<'_, T> {
    /// The line of a key of an entry, or of its head when it has not that key itself.
    pub(super) fn line(&self, index: usize, key: &str) -> Option<u32> {
        let entry = self.places.get(index)?;
        let at = entry.get_ref().as_table().and_then(|table| key_offset(table, key));
        line_at(self.text, at.unwrap_or(entry.span().start))
    }

    /// Reports a problem of an entry.
    pub(super) fn wrong(
        &self,
        index: usize,
        key: &str,
        message: impl Into<String>,
        hint: Option<String>,
        problems: &mut Problems,
    ) {
        problems.of_line(FILE, self.line(index, key), Some(key), message, hint);
    }
}

fn key_offset(table: &DeTable<'_>, key: &str) -> Option<usize> {
    if let Some((found, _)) = table.get_key_value(key) {
        return Some(found.span().start);
    }
    let mut inner = table.values().flat_map(|value| match value.get_ref() {
        DeValue::Table(table) => vec![table],
        DeValue::Array(array) => array.iter().filter_map(|one| one.get_ref().as_table()).collect(),
        _ => Vec::new(),
    });
    inner.find_map(|table| key_offset(table, key))
}

/// The line, from 1, of a byte of the text.
pub(super) fn line_at(text: &str, offset: usize) -> Option<u32> {
    text.get(..offset).map(|before| line_ends(before) + 1)
}

/// Takes the entries of one `[[table]]` out of the document and reads them.
pub(super) fn take<'t, T: DeserializeOwned>(
    document: &mut DeTable<'t>,
    name: &'static str,
    text: &'t str,
    problems: &mut Problems,
) -> Entries<'t, T> {
    let mut entries = Entries { items: Vec::new(), places: Vec::new(), complete: true, text };
    let Some(value) = document.remove(name) else { return entries };
    let span = value.span();
    let DeValue::Array(array) = value.into_inner() else {
        let hint = Some(format!("write [[{name}]], with two brackets, for each one"));
        problems.of_line(FILE, line_at(text, span.start), Some(name), "is not a list", hint);
        entries.complete = false;
        return entries;
    };
    for value in array {
        match read(value.clone(), name, text, problems) {
            Some(item) => {
                entries.items.push(item);
                entries.places.push(value);
            }
            None => entries.complete = false,
        }
    }
    entries
}

/// Reads one value. Unknown keys are all reported and then left aside, so that what else is wrong is seen too.
pub(super) fn read<T: DeserializeOwned>(
    mut value: Spanned<DeValue<'_>>,
    table: &str,
    text: &str,
    problems: &mut Problems,
) -> Option<T> {
    loop {
        let error = match T::deserialize(ValueDeserializer::from(value.clone())) {
            Ok(item) => return Some(item),
            Err(error) => error,
        };
        let start = error.span().map_or(value.span().start, |span| span.start);
        let key = key_at(value.get_ref(), start);
        report(&error, table, key.as_deref(), line_at(text, start), problems);
        let unknown = quoted(error.message()).next().filter(|_| is_unknown_key(&error));
        if !unknown.is_some_and(|key| remove(&mut value, key, start)) {
            return None;
        }
    }
}

fn is_unknown_key(error: &Error) -> bool {
    error.message().starts_with("unknown field")
}

/// The words between backticks.
fn quoted(message: &str) -> impl Iterator<Item = &str> {
    message.split('`').skip(1).step_by(2)
}

fn report(
    error: &Error,
    table: &str,
    key: Option<&str>,
    line: Option<u32>,
    problems: &mut Problems,
) {
    let message = error.message().trim_end();
    let mut words = quoted(message);
    let first = words.next().unwrap_or_default();
    let known: Vec<&str> = words.collect();
    if is_unknown_key(error) {
        let hint = if Facts::NAMES.contains(&first) {
            "it belongs under [technique.facts]".to_owned()
        } else {
            let near = problems.suggest(first, known.iter().copied());
            near.unwrap_or_else(|| format!("the keys are {}", known.join(", ")))
        };
        let place =
            if table.is_empty() { "campaign.toml".to_owned() } else { format!("[[{table}]]") };
        problems.of_line(FILE, line, Some(first), format!("is not a key of {place}"), Some(hint));
    } else if message.starts_with("unknown variant") {
        let hint = Some(format!("use {}", any_of(&known)));
        problems.of_line(FILE, line, key, format!("`{first}` is not known here"), hint);
    } else if message.starts_with("missing field") {
        problems.of_line(FILE, line, Some(first), "is missing", None);
    } else if let Some((found, wanted)) =
        message.strip_prefix("invalid type: ").and_then(|rest| rest.split_once(", expected "))
    {
        let wanted = match wanted {
            "f64" => "a number",
            "u8" | "u32" | "u64" => "a whole number",
            "a boolean" => "true or false",
            "a string" => "a text between double quotes",
            "a sequence" => "a list in square brackets",
            other => other,
        };
        let found = match found.split_once(' ') {
            Some(("string", text)) => format!("the text {text}"),
            Some(("integer" | "boolean", value)) => value.replace('`', ""),
            Some(("floating", _)) => "a number".to_owned(),
            _ if found == "map" => "a table, or a date without quotes".to_owned(),
            _ => found.to_owned(),
        };
        problems.of_line(FILE, line, key, format!("is {found}"), Some(format!("write {wanted}")));
    } else {
        problems.of_line(FILE, line, key, message.replace('\n', "; "), None);
    }
}

/// The innermost key that begins at a byte, or whose value does.
fn key_at(value: &DeValue<'_>, start: usize) -> Option<String> {
    match value {
        DeValue::Table(table) => table.iter().find_map(|(key, value)| {
            key_at(value.get_ref(), start).or_else(|| {
                let covers = key.span().start == start || value.span().contains(&start);
                (covers && !value.get_ref().is_table()).then(|| key.get_ref().to_string())
            })
        }),
        DeValue::Array(array) => array.iter().find_map(|value| key_at(value.get_ref(), start)),
        _ => None,
    }
}

/// Removes a key that begins at a byte; false when there is none.
fn remove(value: &mut Spanned<DeValue<'_>>, key: &str, start: usize) -> bool {
    match value.get_mut() {
        DeValue::Table(table) => {
            let here = table.get_key_value(key).is_some_and(|(key, _)| key.span().start == start);
            if here {
                table.remove(key).is_some()
            } else {
                table.iter_mut().any(|(_, value)| remove(value, key, start))
            }
        }
        DeValue::Array(array) => array.iter_mut().any(|value| remove(value, key, start)),
        _ => false,
    }
}

/// Reports the ids of an entry's list that are not known, and those that are in it twice.
pub(super) fn check_known<T, E>(
    entries: &Entries<'_, E>,
    index: usize,
    key: &str,
    ids: &[T],
    known: &Ids<T>,
    problems: &mut Problems,
) where
    T: Clone + Eq + std::hash::Hash + Borrow<str>,
{
    let mut seen = HashSet::new();
    for id in ids {
        let text: &str = id.borrow();
        if !seen.insert(text) {
            entries.wrong(index, key, format!("names `{text}` twice"), None, problems);
        } else if known.find(text).is_none()
            && let Some((message, hint)) = known.unknown(text, problems)
        {
            entries.wrong(index, key, message, hint, problems);
        }
    }
}
