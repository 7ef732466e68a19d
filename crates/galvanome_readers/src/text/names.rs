//! The line of column names: what it says, and what stands above it.

use std::sync::OnceLock;

use super::cells::{Delimiter, texts_of};
use super::heads::plain;
use crate::vocabulary::parts;

/// What separates cells in the texts of most vendors.
const DELIMITERS: [Delimiter; 3] =
    [Delimiter::Byte(b'\t'), Delimiter::Byte(b';'), Delimiter::Byte(b',')];

/// The cells of a line that may name columns.
#[derive(Debug)]
pub(crate) struct Heads {
    /// What separates them.
    pub(crate) delimiter: Delimiter,
    /// The names, without empty ones at the end.
    pub(crate) names: Vec<String>,
    bases: Vec<OnceLock<String>>,
}

impl Heads {
    /// Whether one of the names has one of these bases, in small letters with single blanks.
    pub(crate) fn has(&self, bases: &[&str]) -> bool {
        self.names.iter().enumerate().any(|(cell, name)| {
            bases.iter().any(|base| may_begin(name, base)) && bases.contains(&self.base(cell))
        })
    }

    /// Whether a name is just this.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.names.iter().any(|own| own == name)
    }

    /// The base of the name in a cell.
    pub(crate) fn base(&self, cell: usize) -> &str {
        let (Some(name), Some(base)) = (self.names.get(cell), self.bases.get(cell)) else {
            return "";
        };
        base.get_or_init(|| plain(parts(name, "").0))
    }
}

/// Whether the base of a name may be this one, judged by its first letter: nearly all are told apart by it.
fn may_begin(name: &str, base: &str) -> bool {
    let ignored = |byte: &u8| byte.is_ascii_whitespace() || b"<>_.-".contains(byte);
    match (name.bytes().find(|byte| !ignored(byte)), base.bytes().next()) {
        (Some(first), Some(wanted)) if first.is_ascii() => first.eq_ignore_ascii_case(&wanted),
        (first, _) => first.is_some(),
    }
}

/// What a line says if it names columns, by each delimiter that it may be separated by.
pub(crate) fn heads_of(line: &[u8]) -> Vec<Heads> {
    heads_by(line, &DELIMITERS)
}

/// As [`heads_of`], for these delimiters.
pub(crate) fn heads_by(line: &[u8], delimiters: &[Delimiter]) -> Vec<Heads> {
    // Rows are more frequent than names, and need no closer look.
    let begins = line.iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'"' | b',' | b';'));
    if begins.is_none_or(|byte| byte.is_ascii_digit() || *byte == b'-') {
        return Vec::new();
    }
    let heads = delimiters.iter().filter_map(|&delimiter| {
        if let Delimiter::Byte(delimiter) = delimiter
            && line.iter().filter(|&&byte| byte == delimiter).nth(1).is_none()
        {
            return None;
        }
        let mut cells = texts_of(line, delimiter);
        while cells.last().is_some_and(|cell| cell.is_empty()) {
            cells.pop();
        }
        if cells.len() < 3 {
            return None;
        }
        let names: Vec<String> = cells.into_iter().map(std::borrow::Cow::into_owned).collect();
        let bases = names.iter().map(|_| OnceLock::new()).collect();
        Some(Heads { delimiter, names, bases })
    });
    heads.collect()
}

/// The names in a line, if they are the right ones.
pub(crate) fn names_in(line: &[u8], are_they: impl Fn(&Heads) -> bool) -> Option<Heads> {
    heads_of(line).into_iter().find(are_they)
}

/// A line above a table as an entry: a key, which is empty where nothing separates it, and a value. None of an empty
/// line.
pub(crate) fn entry(line: &str) -> Option<(&str, &str)> {
    let line = line.trim().trim_end_matches([',', ';']);
    let (key, value) = line.split_once([',', ';', '\t', ':']).unwrap_or(("", line));
    (!line.is_empty()).then(|| (key.trim(), value.trim()))
}
