//! What the columns of a Parquet file are. Source: Apache Parquet format 2.11, `parquet.thrift` and `LogicalTypes.md`.

use super::thrift::{Thrift, kind};

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

const REQUIRED: i64 = 0;
pub(super) const REPEATED: i64 = 2;

/// An element of the schema.
#[derive(Default)]
pub(super) struct Element {
    stored: Option<i64>,
    length: usize,
    pub(super) repetition: i64,
    pub(super) name: String,
    pub(super) children: u64,
    converted: Option<i64>,
    scale: i32,
    logical: Option<Logical>,
}

impl Element {
    /// The column of single values that it is, at a place among all columns; none when it is of no known kind.
    pub(super) fn leaf(&self, place: usize) -> Option<Leaf> {
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

/// Reads an element.
pub(super) fn element(from: &mut Thrift<'_>) -> Option<Element> {
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
