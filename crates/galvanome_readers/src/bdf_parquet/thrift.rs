//! The compact protocol of Thrift, in which Parquet writes its heads. Whatever runs over the end of the bytes is
//! not there: nothing is ever made as large as a number says. Source: Apache Thrift, compact protocol.

/// Kinds of fields.
pub(super) mod kind {
    pub(in super::super) const TRUE: u8 = 1;
    pub(in super::super) const FALSE: u8 = 2;
    pub(in super::super) const BYTE: u8 = 3;
    pub(in super::super) const I16: u8 = 4;
    pub(in super::super) const I32: u8 = 5;
    pub(in super::super) const I64: u8 = 6;
    pub(in super::super) const DOUBLE: u8 = 7;
    pub(in super::super) const BINARY: u8 = 8;
    pub(in super::super) const LIST: u8 = 9;
    pub(in super::super) const SET: u8 = 10;
    pub(in super::super) const MAP: u8 = 11;
    pub(in super::super) const STRUCT: u8 = 12;
}

/// Structures within structures that are passed over; Parquet has 6.
const DEPTH_MAX: usize = 32;

/// Reads one structure after the other.
pub(super) struct Thrift<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// What stands in front of a field.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    /// Its number in the structure.
    pub(super) id: i16,
    /// Its kind.
    pub(super) kind: u8,
}

impl<'a> Thrift<'a> {
    /// Reads from the beginning of some bytes.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How many bytes were read.
    pub(super) fn read(&self) -> usize {
        self.at
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn unsigned(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    /// An integer of any width.
    pub(super) fn int(&mut self) -> Option<i64> {
        let value = self.unsigned()?;
        Some((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
    }

    /// An integer that counts or places something.
    pub(super) fn count(&mut self) -> Option<u64> {
        u64::try_from(self.int()?).ok()
    }

    /// Bytes.
    pub(super) fn bytes(&mut self) -> Option<&'a [u8]> {
        let len = usize::try_from(self.unsigned()?).ok()?;
        let bytes = self.bytes.get(self.at..self.at.checked_add(len)?)?;
        self.at += len;
        Some(bytes)
    }

    /// Text; what is not UTF-8 in it is shown as such.
    pub(super) fn text(&mut self) -> Option<String> {
        self.bytes().map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }

    /// The next field of a structure, given the number of the one before, or its end.
    #[expect(clippy::option_option, reason = "no bytes, and no more fields, are two things")]
    pub(super) fn field(&mut self, last: &mut i16) -> Option<Option<Field>> {
        let head = self.byte()?;
        let kind = head & 0x0F;
        if kind == 0 {
            return Some(None);
        }
        let id = match i16::from(head >> 4) {
            0 => i16::try_from(self.int()?).ok()?,
            step => last.checked_add(step)?,
        };
        *last = id;
        Some(Some(Field { id, kind }))
    }

    /// The head of a list: the kind of its members, and how many it says there are.
    pub(super) fn list(&mut self) -> Option<(u8, u64)> {
        let head = self.byte()?;
        let count = match head >> 4 {
            15 => self.unsigned()?,
            count => u64::from(count),
        };
        Some((head & 0x0F, count))
    }

    /// Passes over a value of a kind.
    pub(super) fn skip(&mut self, kind: u8) -> Option<()> {
        self.skip_at(kind, 0)
    }

    fn skip_at(&mut self, kind: u8, depth: usize) -> Option<()> {
        if depth > DEPTH_MAX {
            return None;
        }
        match kind {
            kind::TRUE | kind::FALSE => {}
            kind::BYTE => {
                self.byte()?;
            }
            kind::I16 | kind::I32 | kind::I64 => {
                self.unsigned()?;
            }
            kind::DOUBLE => {
                self.bytes.get(self.at..self.at.checked_add(8)?)?;
                self.at += 8;
            }
            kind::BINARY => {
                self.bytes()?;
            }
            kind::LIST | kind::SET => {
                let (kind, count) = self.list()?;
                for _ in 0..count {
                    self.skip_member(kind, depth)?;
                }
            }
            kind::MAP => {
                let count = self.unsigned()?;
                if count > 0 {
                    let kinds = self.byte()?;
                    for _ in 0..count {
                        self.skip_member(kinds >> 4, depth)?;
                        self.skip_member(kinds & 0x0F, depth)?;
                    }
                }
            }
            kind::STRUCT => {
                let mut last = 0;
                while let Some(field) = self.field(&mut last)? {
                    self.skip_at(field.kind, depth + 1)?;
                }
            }
            _ => return None,
        }
        Some(())
    }

    /// Within a list, a truth is a byte of its own, so that every member takes at least one.
    fn skip_member(&mut self, kind: u8, depth: usize) -> Option<()> {
        match kind {
            kind::TRUE | kind::FALSE => self.byte().map(drop),
            kind => self.skip_at(kind, depth + 1),
        }
    }
}
