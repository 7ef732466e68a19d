//! What sheets without a table say of the test, as names and values.

use std::io;
use std::sync::Arc;

use super::judge::{HEAD, Judged, head};
use super::lines::TAB;
use super::package::Book;
use crate::text::cells::{split, text_cell};

/// Rows of a sheet without a table that are kept as metadata.
const TOLD_MAX: usize = 400;

/// What a sheet without a table says, as names and values.
pub(super) fn about(
    book: &Arc<Book>,
    sheet: &Judged,
    columns: bool,
) -> io::Result<Vec<(String, String)>> {
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
