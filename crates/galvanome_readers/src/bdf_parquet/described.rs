//! What some writers say of a column behind its pages: its name, its kind and its codec, as the end of the file says them
//! again. Polars, parquet-rs of old and Arrow up to version 17 do so. Source: Apache Parquet format 2.11, `parquet.thrift`
//! (`ColumnMetaData`).

use std::ops::Range;

use super::footer::{Chunk, Footer, Group};
use super::kinds;
use super::pages::Page;
use super::schema::Stored;
use super::thrift::{Thrift, kind};
use crate::error::ReadError;
use crate::source::{Source, read_full};

/// Bytes of a description, in which the least and the largest text stand.
const LEN_MAX: u64 = 1 << 16;

/// A column of a group of rows that is described behind its pages.
#[derive(Debug)]
pub(super) struct Described {
    /// Its name; none where it is within another one.
    name: Option<String>,
    /// Its kind; none where that is not known.
    stored: Option<Stored>,
    codec: i64,
    values: u64,
    /// Where its first page begins.
    begins: u64,
    /// Its pages, among all.
    pub(super) pages: Range<usize>,
}

impl Described {
    /// The same, of pages by their places.
    pub(super) fn of(self, pages: Range<usize>) -> Self {
        Self { pages, ..self }
    }
}

/// Reads the description at a byte, with its length, of the pages that begin at a byte. None where there is none. Errors
/// when the source cannot be read.
pub(super) fn at(
    source: &dyn Source,
    at: u64,
    until: u64,
    first: &Page,
) -> std::io::Result<Option<(Described, u64)>> {
    let len = until.saturating_sub(at).min(LEN_MAX);
    let mut bytes = vec![0; usize::try_from(len).unwrap_or(0)];
    let got = read_full(source, at, &mut bytes)?;
    bytes.truncate(got);
    let mut from = Thrift::new(&bytes);
    let read = described(&mut from);
    let of_pages = read.filter(|described| described.begins == first.at);
    Ok(of_pages.map(|described| (described, from.read() as u64)))
}

fn described(from: &mut Thrift<'_>) -> Option<Described> {
    let (mut stored, mut path, mut codec, mut values) = (None, Vec::new(), None, None);
    let (mut begins, mut dictionary, mut last) = (None, None, 0);
    while let Some(field) = from.field(&mut last)? {
        match (field.id, field.kind) {
            (1, kind::I32) => stored = Some(from.int()?),
            (3, kind::LIST) => {
                let (kind::BINARY, count) = from.list()? else { return None };
                for _ in 0..count {
                    path.push(from.text()?);
                }
            }
            (4, kind::I32) => codec = Some(from.int()?),
            (5, kind::I64) => values = Some(from.count()?),
            (9, kind::I64) => begins = Some(from.count()?),
            (11, kind::I64) => dictionary = Some(from.count()?),
            (_, kind) => from.skip(kind)?,
        }
    }
    let stored = match stored? {
        0 => Some(Stored::Bool),
        1 => Some(Stored::Int32),
        2 => Some(Stored::Int64),
        4 => Some(Stored::Float),
        5 => Some(Stored::Double),
        6 => Some(Stored::Bytes),
        _ => None,
    };
    // Some writers say 0 where there is no dictionary.
    let begins = dictionary.filter(|&at| at >= 4).into_iter().chain(begins).min()?;
    let name = if path.len() == 1 { path.pop() } else { None };
    Some(Described { name, stored, codec: codec?, values: values?, begins, pages: 0..0 })
}

/// What the end of the file would have said of columns, as far as they are described; groups of rows that lack columns of
/// the first are left out. Errors when the source cannot be read.
pub(super) fn footer(
    source: &dyn Source,
    file: &str,
    all: &[Described],
    pages: &[Page],
    end: u64,
) -> Result<Footer, ReadError> {
    let mut footer = Footer { begins: end, ..Footer::default() };
    // A group ends where a name comes again.
    let first = all.first().and_then(|column| column.name.as_ref());
    let width = all.iter().skip(1).position(|column| column.name.as_ref() == first);
    let width = width.map_or(all.len(), |before| before + 1).max(1);
    for (number, columns) in all.chunks(width).enumerate() {
        let mut group =
            Group { rows: columns.first().map_or(0, |column| column.values), ..Group::default() };
        if number == 0 {
            for column in columns {
                let (Some(name), Some(stored)) = (&column.name, column.stored) else { continue };
                let pages = pages.get(column.pages.clone()).unwrap_or_default();
                let leaf = kinds::known(source, file, pages, end, stored, column.codec)?;
                if let Some(mut leaf) = leaf {
                    leaf.name.clone_from(name);
                    leaf.place = footer.leaves.len();
                    footer.leaves.push(leaf);
                }
            }
        }
        for leaf in &footer.leaves {
            let column = columns.iter().find(|column| column.name.as_ref() == Some(&leaf.name));
            let last = column.and_then(|column| pages.get(column.pages.clone())?.last());
            group.chunks.push(column.zip(last).map(|(column, last)| Chunk {
                codec: column.codec,
                values: column.values,
                begins: column.begins,
                packed: last.end().saturating_sub(column.begins),
            }));
        }
        if group.chunks.iter().all(Option::is_some) {
            footer.rows = footer.rows.saturating_add(group.rows);
            footer.groups.push(group);
        }
    }
    Ok(footer)
}
