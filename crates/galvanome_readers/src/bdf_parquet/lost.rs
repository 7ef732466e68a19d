//! What stands in a file that lost its end: pages one after the other, without the names of their columns.
//!
//! The end of a file says what its columns are called, of what kind they are, how they are packed and where the pages of
//! each begin. Pages tell some of it themselves: how many values they hold, and where the next one begins. Columns of one
//! group of rows have equally many values, so that pages are told apart into columns where only one way to do so fits;
//! what they hold is found out by [`kinds`](super::kinds). Nobody can say what such a column is called, so it is called by
//! its place in the file, `unknown_1` and on, and what is not told without doubt is left out. Where writers describe a
//! column behind its pages too ([`described`](super::described)), that is believed, and the name with it. Source: Apache
//! Parquet format 2.11.

use super::described::{self, Described};
use super::footer::{Chunk, Footer, Group};
use super::kinds::{self, Kind};
use super::pages::{Head, Page, PageKind};
use crate::error::ReadError;
use crate::source::Source;

/// Heads that are followed.
const PAGES_MAX: usize = 1 << 18;

/// Pages that are looked at, over all tries to tell columns apart.
const TRIES_MAX: u64 = 1 << 24;

/// Columns that are told apart.
const COLUMNS_MAX: usize = 1 << 12;

/// The whole pages from the beginning on.
#[derive(Debug, Default)]
pub(super) struct Pages {
    all: Vec<Page>,
    /// What is said of columns behind their pages.
    described: Vec<Described>,
    /// Where the last one ends.
    end: u64,
}

/// What could be told of pages alone.
pub(super) struct Told {
    /// What the end of the file would have said of the columns that were told.
    pub(super) footer: Footer,
    /// Whether the columns have their names.
    pub(super) named: bool,
    /// Whole columns of the first groups of rows, told or not.
    pub(super) columns: usize,
    /// Pages of values that belong to none of them.
    pub(super) over: usize,
}

impl Pages {
    /// Follows the pages from the beginning up to a byte. Errors when the source cannot be read.
    pub(super) fn walk(source: &dyn Source, file: &str, until: u64) -> Result<Self, ReadError> {
        let mut pages = Self { end: 4, ..Self::default() };
        let (mut window, mut begin) = (Vec::new(), 0);
        let failed = |at: u64| move |error| ReadError::source(file, &error).at_byte(at);
        while pages.all.len() < PAGES_MAX {
            let at = pages.end;
            let head = Head::at(source, at, until, &mut window).map_err(failed(at))?;
            // What has no bytes is no page: the end of a file looks like one.
            let Some(head) = head.filter(|head| head.packed > 0) else {
                let Some(first) = pages.all.get(begin) else { break };
                let found = described::at(source, at, until, first).map_err(failed(at))?;
                let Some((column, len)) = found else { break };
                pages.described.push(column.of(begin..pages.all.len()));
                begin = pages.all.len();
                pages.end = at + len;
                continue;
            };
            let page = Page { at, head };
            if page.end() > until {
                break;
            }
            pages.end = page.end();
            if page.is_of_values() || page.head.kind == PageKind::Dictionary {
                pages.all.push(page);
            }
        }
        Ok(pages)
    }

    /// How much is left, in words.
    pub(super) fn in_words(&self) -> String {
        let of_values = self.all.iter().filter(|page| page.is_of_values());
        let (pages, values) = of_values.fold((0_u64, 0_u64), |(pages, values), page| {
            (pages + 1, values.saturating_add(page.head.values))
        });
        if pages == 0 {
            return "no whole page of values stands before it".to_owned();
        }
        format!("{pages} whole pages with {values} values stand before byte {}", self.end)
    }

    /// What can be told without the end of the file; none when no column can be. Errors when the source cannot be read.
    pub(super) fn tell(&self, source: &dyn Source, file: &str) -> Result<Option<Told>, ReadError> {
        if !self.described.is_empty() {
            let footer = described::footer(source, file, &self.described, &self.all, self.end)?;
            let given = footer.groups.len() * footer.leaves.len();
            let over = self.described.last().map_or(0, |column| column.pages.end);
            let over = of_values(self.all.get(over..).unwrap_or_default());
            let told = Told { footer, named: true, columns: self.described.len(), over };
            return Ok((given > 0).then_some(told));
        }
        let Some((rows, columns)) = self.columns() else { return Ok(None) };
        let mut footer = Footer { begins: self.end, rows, ..Footer::default() };
        let mut group = Group { rows, chunks: Vec::new() };
        for (place, pages) in columns.iter().enumerate() {
            let (Some(first), Some(last)) = (pages.first(), pages.last()) else { continue };
            let Some(Kind { mut leaf, codec }) = kinds::tell(source, file, pages, self.end)? else {
                continue;
            };
            leaf.name = format!("unknown_{}", place + 1);
            leaf.place = group.chunks.len();
            footer.leaves.push(leaf);
            let packed = last.end().saturating_sub(first.at);
            group.chunks.push(Some(Chunk { codec, values: rows, begins: first.at, packed }));
        }
        let used: usize = columns.iter().map(|pages| of_values(pages)).sum();
        let over = of_values(&self.all) - used;
        footer.groups.push(group);
        let told = Told { footer, named: false, columns: columns.len(), over };
        Ok((!told.footer.leaves.is_empty()).then_some(told))
    }

    /// The pages of each column, and how many values all of them have; none where more than one number fits, or none.
    fn columns(&self) -> Option<(u64, Vec<&[Page]>)> {
        let (mut rows, mut tries) = (0_u64, TRIES_MAX);
        for page in self.all.iter().filter(|page| page.is_of_values()) {
            rows = rows.saturating_add(page.head.values);
            if rows > 0
                && let Some(split) = split(&self.all, rows, &mut tries)
                && split.columns.len() > 1
                && goes_on(&split)
                && (split.rest.is_empty() || is_split_by_fewer(split.rest, rows, &mut tries))
            {
                return (!may_be_parts(&split.columns)).then_some((rows, split.columns));
            }
            // The first column cannot go on behind a dictionary.
            let behind =
                self.all.iter().skip(1).find(|page| page.head.kind == PageKind::Dictionary);
            if behind.is_some_and(|dictionary| dictionary.at < page.at) {
                return None;
            }
        }
        None
    }
}

fn of_values(pages: &[Page]) -> usize {
    pages.iter().filter(|page| page.is_of_values()).count()
}

/// Pages as columns of equally many values.
struct Split<'a> {
    /// The pages of each whole column.
    columns: Vec<&'a [Page]>,
    /// Pages behind them that are fewer than a column has.
    short: &'a [Page],
    /// Pages behind the last whole column that are of no column of so many values.
    rest: &'a [Page],
}

/// Splits pages into columns of so many values each, as far as they go. None where not even the first ones do, or after
/// too many tries.
fn split<'a>(pages: &'a [Page], rows: u64, tries: &mut u64) -> Option<Split<'a>> {
    let mut split = Split { columns: Vec::new(), short: &[], rest: &[] };
    let (mut begin, mut values, mut least) = (0, 0_u64, u64::MAX);
    let mut pointed = false;
    for (at, page) in pages.iter().enumerate() {
        *tries = tries.checked_sub(1)?;
        if page.is_of_values() {
            values = values.saturating_add(page.head.values);
        }
        let ends = values == rows && page.is_of_values();
        let pointing = page.is_of_values() && matches!(page.head.encoding, 2 | 8);
        // Where a dictionary becomes too large a page ends early, and plain ones follow.
        if pointed && page.is_of_values() && !pointing {
            least = u64::MAX;
        }
        pointed = pointing;
        // Values that point at a dictionary stand behind it; writers fill pages, so that the last one is the smallest.
        let fits = values <= rows
            && (page.is_of_values() || begin == at)
            && !(pointing && begin == at)
            && !(ends && page.head.values > least);
        if !fits || split.columns.len() >= COLUMNS_MAX {
            split.rest = pages.get(begin..).unwrap_or_default();
            return Some(split).filter(|split| !split.columns.is_empty());
        }
        if ends {
            split.columns.extend(pages.get(begin..=at));
            (begin, values, least) = (at + 1, 0, u64::MAX);
        } else if page.is_of_values() {
            least = least.min(page.head.values);
        }
    }
    split.short = pages.get(begin..).unwrap_or_default();
    Some(split).filter(|split| !split.columns.is_empty())
}

/// Whether the pages of a column that was cut off begin as those of a whole one do.
fn goes_on(split: &Split<'_>) -> bool {
    let counts = |pages: &[Page]| -> Vec<u64> {
        pages.iter().filter(|page| page.is_of_values()).map(|page| page.head.values).collect()
    };
    let short = counts(split.short);
    short.is_empty() || split.columns.iter().any(|pages| counts(pages).starts_with(&short))
}

/// Whether pages are those of a last group of fewer rows.
fn is_split_by_fewer(pages: &[Page], rows: u64, tries: &mut u64) -> bool {
    let mut fewer = 0_u64;
    for page in pages.iter().filter(|page| page.is_of_values()) {
        fewer = fewer.saturating_add(page.head.values);
        if fewer >= rows {
            return false;
        }
        let split =
            Some(fewer).filter(|&fewer| fewer > 0).and_then(|rows| split(pages, rows, tries));
        if split.is_some_and(|split| split.rest.is_empty() && goes_on(&split)) {
            return true;
        }
    }
    false
}

/// Whether what looks like columns of one page each may be full pages of fewer columns. Writers end a page at a mebibyte,
/// or at 20,000 rows or somewhat more.
fn may_be_parts(columns: &[&[Page]]) -> bool {
    const FULL: u64 = 1_000_000;
    const FULL_ROWS: u64 = 20_000;
    let single = columns.iter().all(|pages| of_values(pages) == 1);
    let is_begin =
        |pages: &&[Page]| pages.first().is_some_and(|page| page.head.kind == PageKind::Dictionary);
    // A dictionary begins a column, and so ends the one before.
    if columns.iter().skip(1).all(is_begin) {
        return false;
    }
    let full = |page: &Page| {
        page.is_of_values() && (page.head.unpacked >= FULL || page.head.values >= FULL_ROWS)
    };
    single && columns.iter().copied().flatten().any(full)
}
