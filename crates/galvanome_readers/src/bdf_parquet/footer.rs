//! The end of a Parquet file: which columns it has, where their values stand, and what was written beside them.
//! Source: Apache Parquet format 2.11, `parquet.thrift`.

use std::io;

use super::thrift::{Thrift, kind};
use crate::source::{Source, read_full};

/// What a Parquet file begins and ends with.
pub(super) const MARK: &[u8; 4] = b"PAR1";

/// What it ends with when its end is encrypted.
const MARK_ENCRYPTED: &[u8; 4] = b"PARE";

/// A longer end than this is not read: no table of a cycler has a million columns or groups.
const LENGTH_MAX: u64 = 1 << 28;

/// How values are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stored {
    Bool,
    Int32,
    Int64,
    /// Nanoseconds of the day, then the Julian day.
    Int96,
    Float,
    Double,
    Bytes,
    /// Bytes of this number, which is not zero.
    Fixed(usize),
}

/// What stored values mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Logical {
    /// What they are.
    Plain,
    /// Integers without sign.
    Unsigned,
    /// Integers over a power of ten.
    Decimal(i32),
    /// Days since 1970.
    Date,
    /// Time of day, in this many parts of a second.
    Time(u32),
    /// Time since 1970 in this many parts of a second, and whether it is in UTC.
    Timestamp(u32, bool),
    Text,
    Float16,
    /// Nothing is known but that everything is missing.
    Nothing,
    /// Something that is neither a number nor a text.
    Other(&'static str),
}

/// A column of single values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leaf {
    pub(super) name: String,
    pub(super) stored: Stored,
    pub(super) logical: Logical,
    /// Whether values may be missing.
    pub(super) optional: bool,
    /// Its place among all columns of a row group, nested ones included.
    pub(super) place: usize,
}

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

const REQUIRED: i64 = 0;
const REPEATED: i64 = 2;

/// An element of the schema.
#[derive(Default)]
struct Element {
    stored: Option<i64>,
    length: usize,
    repetition: i64,
    name: String,
    children: u64,
    converted: Option<i64>,
    scale: i32,
    logical: Option<Logical>,
}

impl Element {
    fn leaf(&self, place: usize) -> Option<Leaf> {
        let stored = match self.stored? {
            0 => Stored::Bool,
            1 => Stored::Int32,
            2 => Stored::Int64,
            3 => Stored::Int96,
            4 => Stored::Float,
            5 => Stored::Double,
            6 => Stored::Bytes,
            7 if self.length > 0 => Stored::Fixed(self.length),
            _ => return None,
        };
        let logical = self.logical.or_else(|| self.converted.map(|one| self.converted(one)));
        Some(Leaf {
            name: self.name.clone(),
            stored,
            logical: logical.unwrap_or(Logical::Plain),
            optional: self.repetition != REQUIRED,
            place,
        })
    }

    /// What older writers say a value means.
    fn converted(&self, converted: i64) -> Logical {
        match converted {
            0 | 4 | 19 => Logical::Text,
            5 => Logical::Decimal(self.scale),
            6 => Logical::Date,
            7 => Logical::Time(1_000),
            8 => Logical::Time(1_000_000),
            9 => Logical::Timestamp(1_000, true),
            10 => Logical::Timestamp(1_000_000, true),
            11..=14 => Logical::Unsigned,
            20 => Logical::Other("BSON"),
            21 => Logical::Other("intervals"),
            _ => Logical::Plain,
        }
    }
}

fn element(from: &mut Thrift<'_>) -> Option<Element> {
    let mut element = Element::default();
    let mut last = 0;
    while let Some(field) = from.field(&mut last)? {
        match (field.id, field.kind) {
            (1, kind::I32) => element.stored = Some(from.int()?),
            (2, kind::I32) => element.length = usize::try_from(from.int()?).ok()?,
            (3, kind::I32) => element.repetition = from.int()?,
            (4, kind::BINARY) => element.name = from.text()?,
            (5, kind::I32) => element.children = from.count()?,
            (6, kind::I32) => element.converted = Some(from.int()?),
            (7, kind::I32) => element.scale = i32::try_from(from.int()?).ok()?,
            (10, kind::STRUCT) => element.logical = logical(from)?,
            (_, kind) => from.skip(kind)?,
        }
    }
    Some(element)
}

/// What a value means, as newer writers say it: a structure of which one field is there. None for a meaning that
/// is not known, so that the older word for it holds.
#[expect(
    clippy::option_option,
    reason = "broken bytes, and a meaning that is not known, are two things"
)]
fn logical(from: &mut Thrift<'_>) -> Option<Option<Logical>> {
    let mut logical = None;
    let mut last = 0;
    while let Some(field) = from.field(&mut last)? {
        if field.kind != kind::STRUCT {
            from.skip(field.kind)?;
            continue;
        }
        logical = match field.id {
            1 | 4 | 12 => passed(from, Logical::Text)?,
            5 => Some(Logical::Decimal(scale(from)?)),
            6 => passed(from, Logical::Date)?,
            7 | 8 => {
                let (utc, parts) = clock(from)?;
                let stamp = field.id == 8;
                Some(if stamp { Logical::Timestamp(parts, utc) } else { Logical::Time(parts) })
            }
            10 => {
                let signed = is_signed(from)?;
                Some(if signed { Logical::Plain } else { Logical::Unsigned })
            }
            11 => passed(from, Logical::Nothing)?,
            13 => passed(from, Logical::Other("BSON"))?,
            14 => passed(from, Logical::Other("UUIDs"))?,
            15 => passed(from, Logical::Float16)?,
            _ => {
                from.skip(kind::STRUCT)?;
                logical
            }
        };
    }
    Some(logical)
}

#[expect(clippy::option_option, reason = "as `logical`")]
fn passed(from: &mut Thrift<'_>, logical: Logical) -> Option<Option<Logical>> {
    from.skip(kind::STRUCT)?;
    Some(Some(logical))
}

fn scale(from: &mut Thrift<'_>) -> Option<i32> {
    let (mut scale, mut last) = (0, 0);
    while let Some(field) = from.field(&mut last)? {
        match (field.id, field.kind) {
            (1, kind::I32) => scale = i32::try_from(from.int()?).ok()?,
            (_, kind) => from.skip(kind)?,
        }
    }
    Some(scale)
}

fn is_signed(from: &mut Thrift<'_>) -> Option<bool> {
    let (mut signed, mut last) = (true, 0);
    while let Some(field) = from.field(&mut last)? {
        match (field.id, field.kind) {
            (2, kind::FALSE) => signed = false,
            (_, kind) => from.skip(kind)?,
        }
    }
    Some(signed)
}

/// Whether a time is in UTC, and its parts of a second.
fn clock(from: &mut Thrift<'_>) -> Option<(bool, u32)> {
    let (mut utc, mut parts, mut last) = (false, 1_000_000, 0);
    while let Some(field) = from.field(&mut last)? {
        match (field.id, field.kind) {
            (1, kind::TRUE) => utc = true,
            (2, kind::STRUCT) => {
                let mut last = 0;
                while let Some(field) = from.field(&mut last)? {
                    match field.id {
                        1 => parts = 1_000,
                        2 => parts = 1_000_000,
                        3 => parts = 1_000_000_000,
                        _ => {}
                    }
                    from.skip(field.kind)?;
                }
            }
            (_, kind) => from.skip(kind)?,
        }
    }
    Some((utc, parts))
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
