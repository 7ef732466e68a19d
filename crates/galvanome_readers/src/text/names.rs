//! The line of column names: what it says, and how it is found.

use super::cells::{Delimiter, texts_of};
use super::heads::plain;
use super::lines::{Line, Lines};
use crate::error::ReadError;
use crate::vocabulary::parts;

/// The line of column names.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    /// What separates cells.
    pub(crate) delimiter: Delimiter,
    /// The names, without empty ones at the end.
    pub(crate) cells: Vec<String>,
    /// The line, from 1.
    pub(crate) line: u64,
}

/// The cells of a line that may name columns.
pub(crate) struct Heads {
    /// The names, without empty ones at the end.
    pub(crate) names: Vec<String>,
    bases: Vec<String>,
}

impl Heads {
    /// Whether one of the names has one of these bases, in small letters with single blanks.
    pub(crate) fn has(&self, bases: &[&str]) -> bool {
        self.bases.iter().any(|base| bases.contains(&base.as_str()))
    }

    /// Whether a name is just this.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.names.iter().any(|own| own == name)
    }

    /// The base of the name in a cell.
    pub(crate) fn base(&self, cell: usize) -> &str {
        self.bases.get(cell).map_or("", String::as_str)
    }
}

/// The names in a line, separated by that of the delimiters for which `are_they` says so.
pub(crate) fn names_in(
    line: &[u8],
    delimiters: &[Delimiter],
    are_they: impl Fn(&Heads) -> bool,
) -> Option<(Delimiter, Vec<String>)> {
    // Rows are more frequent than names, and need no closer look.
    let begins = line.iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'"' | b',' | b';'))?;
    if begins.is_ascii_digit() || *begins == b'-' {
        return None;
    }
    delimiters.iter().find_map(|&delimiter| {
        let mut cells = texts_of(line, delimiter);
        while cells.last().is_some_and(|cell| cell.is_empty()) {
            cells.pop();
        }
        if cells.len() < 3 {
            return None;
        }
        let names: Vec<String> = cells.into_iter().map(std::borrow::Cow::into_owned).collect();
        let bases = names.iter().map(|name| plain(parts(name, "").0)).collect();
        let heads = Heads { names, bases };
        are_they(&heads).then_some((delimiter, heads.names))
    })
}

/// Reads up to the line of column names, and gives every line before it to `before`, until `most` lines were
/// read. None when the text ends before that. Errors when the source cannot be read.
pub(crate) fn find_names(
    lines: &mut Lines<'_>,
    most: usize,
    mut are_they: impl FnMut(&[u8]) -> Option<(Delimiter, Vec<String>)>,
    mut before: impl FnMut(&Line<'_>),
) -> Result<Option<Names>, ReadError> {
    for _ in 0..most {
        let Some(line) = lines.next()? else { return Ok(None) };
        if let Some((delimiter, cells)) = are_they(line.bytes) {
            return Ok(Some(Names { delimiter, cells, line: line.number }));
        }
        before(&line);
    }
    Ok(None)
}
