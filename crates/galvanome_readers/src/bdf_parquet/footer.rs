//! The end of a Parquet file: which columns it has, where their values stand, and what was written beside them.
//! Source: Apache Parquet format 2.11, `parquet.thrift`.

use std::io;

use super::schema::{Leaf, REPEATED, element};
use super::thrift::{Thrift, kind};
use crate::source::{Source, read_full};

/// What a Parquet file begins and ends with.
pub(super) const MARK: &[u8; 4] = b"PAR1";

/// What it ends with when its end is encrypted.
const MARK_ENCRYPTED: &[u8; 4] = b"PARE";

/// A longer end than this is not read: no table of a cycler has a million columns or groups.
const LENGTH_MAX: u64 = 1 << 28;

/// Where the values of one column stand in one row group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chunk {
    pub(super) codec: i64,
    /// How many values there are, missing ones included.
    pub(super) values: u64,
    pub(super) begins: u64,
    pub(super) packed: u64,
}

/// Rows whose columns stand together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) rows: u64,
    /// By the place of the column; none where they are encrypted, in another file, or unreadable.
    pub(super) chunks: Vec<Option<Chunk>>,
}

/// The end of a file, as far as it could be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Footer {
    pub(super) leaves: Vec<Leaf>,
    /// Names of columns that hold lists, maps or structures.
    pub(super) nested: Vec<String>,
    pub(super) rows: u64,
    pub(super) groups: Vec<Group>,
    pub(super) metadata: Vec<(String, String)>,
    pub(super) created_by: String,
    pub(super) encrypted: bool,
    /// Where the data end and this begins.
    pub(super) begins: u64,
    /// Whether it could be read to its last field.
    pub(super) whole: bool,
}

/// Why there is no end to read.
#[derive(Debug)]
pub(super) enum Missing {
    /// The file does not end as it should.
    Lost,
    /// It says a length that it cannot have; the length.
    Length(u64),
    /// Nothing can be read of it; where it begins.
    Damaged(u64),
    /// It is encrypted.
    Encrypted,
    /// The bytes could not be fetched.
    Source(io::Error),
}

impl Footer {
    /// Reads the end of a file.
    pub(super) fn of(source: &dyn Source) -> Result<Self, Missing> {
        let mut tail = [0; 8];
        let all = source.len();
        // The mark at the beginning, a length and a mark are the least.
        let Some(tail_at) = all.checked_sub(8).filter(|&at| at >= 4) else {
            return Err(Missing::Lost);
        };
        let read = read_full(source, tail_at, &mut tail).map_err(Missing::Source)?;
        let [a, b, c, d, mark @ ..] = tail;
        if read < 8 || mark != *MARK {
            let encrypted = mark == *MARK_ENCRYPTED;
            return Err(if encrypted { Missing::Encrypted } else { Missing::Lost });
        }
        let length = u64::from(u32::from_le_bytes([a, b, c, d]));
        let Some(begins) = tail_at.checked_sub(length).filter(|&at| at >= 4) else {
            return Err(Missing::Length(length));
        };
        if length > LENGTH_MAX {
            return Err(Missing::Length(length));
        }
        let mut bytes = vec![0; length as usize];
        let read = read_full(source, begins, &mut bytes).map_err(Missing::Source)?;
        bytes.truncate(read);
        let mut footer = Self { begins, ..Self::default() };
        footer.whole = footer.take(&mut Thrift::new(&bytes)).is_some();
        if !footer.whole && footer.leaves.is_empty() && footer.nested.is_empty() {
            return Err(Missing::Damaged(begins));
        }
        Ok(footer)
    }

    fn take(&mut self, from: &mut Thrift<'_>) -> Option<()> {
        let mut last = 0;
        while let Some(field) = from.field(&mut last)? {
            match (field.id, field.kind) {
                (2, kind::LIST) => self.take_schema(from)?,
                (3, kind::I64) => self.rows = from.count()?,
                (4, kind::LIST) => {
                    let (kind::STRUCT, count) = from.list()? else { return None };
                    for _ in 0..count {
                        self.groups.push(group(from)?);
                    }
                }
                (5, kind::LIST) => {
                    let (kind::STRUCT, count) = from.list()? else { return None };
                    for _ in 0..count {
                        self.metadata.push(key_and_value(from)?);
                    }
                }
                (6, kind::BINARY) => self.created_by = from.text()?,
                (8, kind::STRUCT) => {
                    self.encrypted = true;
                    from.skip(kind::STRUCT)?;
                }
                (_, kind) => from.skip(kind)?,
            }
        }
        Some(())
    }

    /// The columns stand in one list, each before those that are below it.
    fn take_schema(&mut self, from: &mut Thrift<'_>) -> Option<()> {
        let (kind::STRUCT, count) = from.list()? else { return None };
        // How many are still to come at each depth.
        let mut open: Vec<u64> = Vec::new();
        let mut top = String::new();
        let mut place = 0;
        for at in 0..count {
            let element = element(from)?;
            if at == 0 {
                open.push(element.children);
                continue;
            }
            while open.last() == Some(&0) {
                open.pop();
            }
            *open.last_mut()? -= 1;
            let flat = open.len() == 1;
            if flat {
                top.clone_from(&element.name);
            }
            if element.children > 0 {
                open.push(element.children);
                // Names nest no deeper than people can think.
                if open.len() > 64 {
                    return None;
                }
                continue;
            }
            match element.leaf(place) {
                Some(leaf) if flat && element.repetition != REPEATED => self.leaves.push(leaf),
                _ if self.nested.last() != Some(&top) => self.nested.push(top.clone()),
                _ => {}
            }
            place += 1;
        }
        Some(())
    }
}

fn key_and_value(from: &mut Thrift<'_>) -> Option<(String, String)> {
    let (mut key, mut value, mut last) = (String::new(), String::new(), 0);
    while let Some(field) = from.field(&mut last)? {
        match (field.id, field.kind) {
            (1, kind::BINARY) => key = from.text()?,
            (2, kind::BINARY) => value = from.text()?,
            (_, kind) => from.skip(kind)?,
        }
    }
    Some((key, value))
}

fn group(from: &mut Thrift<'_>) -> Option<Group> {
    let mut group = Group::default();
    let mut last = 0;
    while let Some(field) = from.field(&mut last)? {
        match (field.id, field.kind) {
            (1, kind::LIST) => {
                let (kind::STRUCT, count) = from.list()? else { return None };
                for _ in 0..count {
                    group.chunks.push(chunk(from)?);
                }
            }
            (3, kind::I64) => group.rows = from.count()?,
            (_, kind) => from.skip(kind)?,
        }
    }
    Some(group)
}

#[expect(
    clippy::option_option,
    reason = "broken bytes, and values that are elsewhere, are two things"
)]
fn chunk(from: &mut Thrift<'_>) -> Option<Option<Chunk>> {
    let (mut found, mut elsewhere, mut last) = (None, false, 0);
    while let Some(field) = from.field(&mut last)? {
        match (field.id, field.kind) {
            (1, kind::BINARY) => elsewhere = !from.bytes()?.is_empty(),
            (3, kind::STRUCT) => found = Some(chunk_facts(from)?),
            (_, kind) => from.skip(kind)?,
        }
    }
    Some(found.filter(|_| !elsewhere))
}

fn chunk_facts(from: &mut Thrift<'_>) -> Option<Chunk> {
    let mut chunk = Chunk { codec: 0, values: 0, begins: 0, packed: 0 };
    let (mut dictionary, mut last) = (None, 0);
    while let Some(field) = from.field(&mut last)? {
        match (field.id, field.kind) {
            (4, kind::I32) => chunk.codec = from.int()?,
            (5, kind::I64) => chunk.values = from.count()?,
            (7, kind::I64) => chunk.packed = from.count()?,
            (9, kind::I64) => chunk.begins = from.count()?,
            (11, kind::I64) => dictionary = Some(from.count()?),
            (_, kind) => from.skip(kind)?,
        }
    }
    // Some writers say 0 where there is no dictionary.
    if let Some(at) = dictionary.filter(|&at| at >= 4 && at < chunk.begins) {
        chunk.begins = at;
    }
    Some(chunk)
}
