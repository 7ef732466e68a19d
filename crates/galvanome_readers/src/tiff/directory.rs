//! The directories of a TIFF: lists of tagged values, anywhere in the file.

use std::io;
use std::sync::Arc;

use crate::source::{Source, read_full};

/// Bytes that are fetched at once around a place: a directory and its short values.
const WINDOW: usize = 1 << 12;
/// Entries of a directory that are looked at; instruments write a few dozen.
const ENTRIES_MAX: u64 = 4096;

/// Which byte of a number comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// The low one.
    Little,
    /// The high one.
    Big,
}

/// What a TIFF begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    /// The order of bytes.
    pub(super) order: Order,
    /// Whether places are eight bytes long (BigTIFF) and not four.
    pub(super) big: bool,
    /// Where the first directory is.
    pub(super) first: u64,
}

impl Head {
    /// The head that bytes are; none when they are none. Sixteen are enough.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        let order = match bytes.get(..2)? {
            b"II" => Order::Little,
            b"MM" => Order::Big,
            _ => return None,
        };
        match number(bytes.get(2..4)?, order) {
            42 => Some(Self { order, big: false, first: number(bytes.get(4..8)?, order) }),
            43 if bytes.get(4..8)? == big_mark(order) => {
                Some(Self { order, big: true, first: number(bytes.get(8..16)?, order) })
            }
            _ => None,
        }
    }
}

/// What stands in a BigTIFF behind its mark: places of eight bytes, and two zeros.
fn big_mark(order: Order) -> [u8; 4] {
    match order {
        Order::Little => [8, 0, 0, 0],
        Order::Big => [0, 8, 0, 0],
    }
}

/// A whole number of up to eight bytes.
pub(super) fn number(bytes: &[u8], order: Order) -> u64 {
    let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
    match order {
        Order::Little => bytes.iter().rev().fold(0, add),
        Order::Big => bytes.iter().fold(0, add),
    }
}

/// Bytes of a value of a kind; none for kinds that TIFF does not have.
pub(super) fn kind_bytes(kind: u16) -> Option<u64> {
    Some(match kind {
        1 | 2 | 6 | 7 => 1,
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 | 16 | 17 | 18 => 8,
        _ => return None,
    })
}

/// A tagged list of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    /// What it is.
    pub(super) tag: u16,
    /// How a value is stored.
    pub(super) kind: u16,
    /// How many there are.
    pub(super) count: u64,
    /// Where the first one is.
    pub(super) at: u64,
}

/// A directory.
#[derive(Debug, Default)]
pub(super) struct Directory {
    entries: Vec<Entry>,
    /// Where the next one is; 0 behind the last.
    pub(super) next: u64,
    /// Whether the file ends within it.
    pub(super) cut: bool,
}

impl Directory {
    /// The entry of a tag.
    pub(super) fn entry(&self, tag: u16) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.tag == tag)
    }

    /// Every entry.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

/// Bytes of a TIFF by their place, a window of them at a time.
pub(super) struct Bytes {
    /// The file.
    pub(super) source: Arc<dyn Source>,
    /// The order of its bytes.
    pub(super) order: Order,
    at: u64,
    window: Vec<u8>,
}

impl Bytes {
    pub(super) fn new(source: Arc<dyn Source>, order: Order) -> Self {
        Self { source, order, at: 0, window: Vec::new() }
    }

    /// Some bytes at a place, at most as many as a window holds; fewer where the file ends. Errors when the source cannot be read.
    fn at(&mut self, at: u64, len: usize) -> io::Result<&[u8]> {
        let len = len.min(WINDOW);
        let inside = at.checked_sub(self.at).and_then(|skip| usize::try_from(skip).ok());
        let held = inside
            .is_some_and(|skip| skip.checked_add(len).is_some_and(|end| end <= self.window.len()));
        if !held {
            self.window.resize(WINDOW, 0);
            let got = read_full(self.source.as_ref(), at, &mut self.window)?;
            self.window.truncate(got);
            self.at = at;
        }
        let skip = usize::try_from(at - self.at).unwrap_or(usize::MAX);
        let rest = self.window.get(skip..).unwrap_or_default();
        Ok(rest.get(..len).unwrap_or(rest))
    }

    fn number_at(&mut self, at: u64, len: usize) -> io::Result<Option<u64>> {
        let order = self.order;
        let bytes = self.at(at, len)?;
        Ok((bytes.len() == len).then(|| number(bytes, order)))
    }

    /// The directory at a place; of one that the file cuts off what is there. Errors when the source cannot be read.
    pub(super) fn directory(&mut self, at: u64, big: bool) -> io::Result<Directory> {
        let (count_len, entry_len, place_len) = if big { (8, 20, 8) } else { (2, 12, 4) };
        let mut directory = Directory { cut: true, ..Directory::default() };
        let Some(count) = self.number_at(at, count_len)? else { return Ok(directory) };
        let order = self.order;
        let mut at = at.saturating_add(count_len as u64);
        for _ in 0..count.min(ENTRIES_MAX) {
            let bytes = self.at(at, entry_len)?;
            let (Some(head), Some(counted)) = (bytes.get(..4), bytes.get(4..4 + place_len)) else {
                return Ok(directory);
            };
            let Some(place) = bytes.get(4 + place_len..entry_len) else { return Ok(directory) };
            let (tag, kind) = (
                number(head.get(..2).unwrap_or_default(), order) as u16,
                number(head.get(2..).unwrap_or_default(), order) as u16,
            );
            let count = number(counted, order);
            let long = kind_bytes(kind)
                .and_then(|one| one.checked_mul(count))
                .is_none_or(|all| all > place_len as u64);
            let place = if long { number(place, order) } else { at + 4 + place_len as u64 };
            directory.entries.push(Entry { tag, kind, count, at: place });
            at = at.saturating_add(entry_len as u64);
        }
        if let Some(next) = self.number_at(at, place_len)? {
            directory.next = next;
            directory.cut = false;
        }
        Ok(directory)
    }

    /// A whole number of an entry, counted from 0; none when it is not there or no such number.
    pub(super) fn whole(&mut self, entry: &Entry, place: u64) -> io::Result<Option<u64>> {
        if !matches!(entry.kind, 1 | 3 | 4 | 13 | 16 | 18) || place >= entry.count {
            return Ok(None);
        }
        let len = kind_bytes(entry.kind).unwrap_or(1);
        let at = entry.at.saturating_add(place.saturating_mul(len));
        self.number_at(at, usize::try_from(len).unwrap_or(8))
    }

    /// A number of an entry, counted from 0, whatever it is stored as; none when it is not there.
    pub(super) fn real(&mut self, entry: &Entry, place: u64) -> io::Result<Option<f64>> {
        let Some(len) = kind_bytes(entry.kind).filter(|_| place < entry.count) else {
            return Ok(None);
        };
        let at = entry.at.saturating_add(place.saturating_mul(len));
        let Some(bits) = self.number_at(at, usize::try_from(len).unwrap_or(8))? else {
            return Ok(None);
        };
        // The two numbers of a fraction lie one behind the other, in either order of bytes.
        let (first, second) = match self.order {
            Order::Little => (bits as u32, (bits >> 32) as u32),
            Order::Big => ((bits >> 32) as u32, bits as u32),
        };
        Ok(Some(match entry.kind {
            5 => f64::from(first) / f64::from(second),
            10 => f64::from(first.cast_signed()) / f64::from(second.cast_signed()),
            6 => f64::from((bits as u8).cast_signed()),
            8 => f64::from((bits as u16).cast_signed()),
            9 => f64::from((bits as u32).cast_signed()),
            11 => f64::from(f32::from_bits(bits as u32)),
            12 => f64::from_bits(bits),
            17 => bits.cast_signed() as f64,
            _ => bits as f64,
        }))
    }

    /// The bytes of an entry, at most so many. Errors when the source cannot be read.
    pub(super) fn raw(&mut self, entry: &Entry, max: usize) -> io::Result<Vec<u8>> {
        let all = kind_bytes(entry.kind).unwrap_or(1).saturating_mul(entry.count);
        let there = self.source.len().saturating_sub(entry.at);
        let len = usize::try_from(all.min(there)).map_or(max, |len| len.min(max));
        let mut bytes = vec![0; len];
        let got = read_full(self.source.as_ref(), entry.at, &mut bytes)?;
        bytes.truncate(got);
        Ok(bytes)
    }

    /// The text of an entry up to its first zero, at most so many bytes of it: UTF-8, else Latin-1 with Windows' additions.
    pub(super) fn text(&mut self, entry: &Entry, max: usize) -> io::Result<String> {
        let bytes = self.raw(entry, max)?;
        let bytes = bytes.split(|&byte| byte == 0).next().unwrap_or_default();
        Ok(match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
        })
    }
}
