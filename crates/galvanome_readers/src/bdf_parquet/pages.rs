//! Pages: the pieces in which the values of one column of one row group stand, each with a head of its own.
//! Source: Apache Parquet format 2.11, `parquet.thrift` and `Compression.md`.

use std::io::Read;

use super::thrift::{Thrift, kind};
use crate::error::ReadError;
use crate::source::{Source, read_full};

/// No writer makes larger pages: a mebibyte is usual.
const PAGE_MAX: u64 = 1 << 29;

/// Heads with the least and the largest text in them are the longest.
const HEAD_MAX: usize = 1 << 20;

/// What kind of page it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PageKind {
    /// Values that the others point at.
    Dictionary,
    /// Values, all of it packed.
    Data,
    /// Values, with levels in front that are not packed: the bytes of the repetitions and of the definitions.
    Second { repetitions: u64, definitions: u64, packed: bool },
    /// Something else, which is passed over.
    Other,
}

/// The head of a page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head {
    pub(super) kind: PageKind,
    /// Bytes when unpacked.
    pub(super) unpacked: u64,
    /// Bytes that follow the head.
    pub(super) packed: u64,
    /// Values, missing ones included.
    pub(super) values: u64,
    /// How the values are written.
    pub(super) encoding: i64,
    /// How it is written whether they are missing; 3 is the usual.
    pub(super) levels: i64,
    crc: Option<u32>,
    /// Bytes of the head itself.
    pub(super) len: u64,
}

impl Head {
    /// Reads the head at a byte, which ends before `end`. None when there is none.
    /// Errors when the source cannot be read.
    pub(super) fn at(
        source: &dyn Source,
        at: u64,
        end: u64,
        window: &mut Vec<u8>,
    ) -> std::io::Result<Option<Self>> {
        let mut want = 512;
        loop {
            let room = usize::try_from(end.saturating_sub(at)).map_or(want, |room| room.min(want));
            window.resize(room, 0);
            let read = read_full(source, at, window)?;
            window.truncate(read);
            let mut from = Thrift::new(window);
            if let Some(head) = head(&mut from) {
                return Ok(
                    Some(head).filter(|head| head.packed <= PAGE_MAX && head.unpacked <= PAGE_MAX)
                );
            }
            if read < want || want >= HEAD_MAX {
                return Ok(None);
            }
            want *= 8;
        }
    }
}

fn head(from: &mut Thrift<'_>) -> Option<Head> {
    let mut head = Head {
        kind: PageKind::Other,
        unpacked: 0,
        packed: 0,
        values: 0,
        encoding: 0,
        levels: 3,
        crc: None,
        len: 0,
    };
    let (mut page, mut second, mut last) = (None, None, 0);
    while let Some(field) = from.field(&mut last)? {
        match (field.id, field.kind) {
            (1, kind::I32) => page = Some(from.int()?),
            (2, kind::I32) => head.unpacked = from.count()?,
            (3, kind::I32) => head.packed = from.count()?,
            (4, kind::I32) => head.crc = Some(from.int()? as u32),
            (5 | 7, kind::STRUCT) => {
                let mut last = 0;
                while let Some(inner) = from.field(&mut last)? {
                    match (inner.id, inner.kind) {
                        (1, kind::I32) => head.values = from.count()?,
                        (2, kind::I32) => head.encoding = from.int()?,
                        (3, kind::I32) if field.id == 5 => head.levels = from.int()?,
                        (_, kind) => from.skip(kind)?,
                    }
                }
            }
            (8, kind::STRUCT) => {
                let (mut repetitions, mut definitions, mut packed, mut last) = (0, 0, true, 0);
                while let Some(inner) = from.field(&mut last)? {
                    match (inner.id, inner.kind) {
                        (1, kind::I32) => head.values = from.count()?,
                        (4, kind::I32) => head.encoding = from.int()?,
                        (5, kind::I32) => definitions = from.count()?,
                        (6, kind::I32) => repetitions = from.count()?,
                        (7, kind::FALSE) => packed = false,
                        (_, kind) => from.skip(kind)?,
                    }
                }
                second = Some(PageKind::Second { repetitions, definitions, packed });
            }
            (_, kind) => from.skip(kind)?,
        }
    }
    head.kind = match page? {
        0 => PageKind::Data,
        2 => PageKind::Dictionary,
        3 => second?,
        1 => PageKind::Other,
        _ => return None,
    };
    head.len = from.read() as u64;
    Some(head)
}

/// A page by its head and where that stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    pub(super) at: u64,
    pub(super) head: Head,
}

impl Page {
    /// Whether it holds values, and not what they point at.
    pub(super) fn is_of_values(&self) -> bool {
        matches!(self.head.kind, PageKind::Data | PageKind::Second { .. })
    }

    /// The byte behind it.
    pub(super) fn end(&self) -> u64 {
        self.at.saturating_add(self.head.len).saturating_add(self.head.packed)
    }
}

/// What became of the body of a page.
pub(super) enum Body {
    /// Its bytes, unpacked.
    Bytes(Vec<u8>),
    /// Why it cannot be used.
    Broken(&'static str),
}

/// The name of a codec, and whether it can be unpacked.
pub(super) fn codec_name(codec: i64) -> (&'static str, bool) {
    match codec {
        0 => ("no compression", true),
        1 => ("Snappy", true),
        2 => ("gzip", true),
        3 => ("LZO", false),
        4 => ("Brotli", true),
        5 | 7 => ("LZ4", true),
        6 => ("Zstandard", true),
        _ => ("an unknown codec", false),
    }
}

/// Fetches and unpacks the body of the page whose head stands at a byte. Errors when the source cannot be read.
pub(super) fn body(
    source: &dyn Source,
    file: &str,
    at: u64,
    end: u64,
    head: &Head,
    codec: i64,
) -> Result<Body, ReadError> {
    let at = at + head.len;
    if at.checked_add(head.packed).is_none_or(|page_end| page_end > end) {
        return Ok(Body::Broken("it would end behind the data"));
    }
    let mut bytes = vec![0; head.packed as usize];
    let read = read_full(source, at, &mut bytes)
        .map_err(|error| ReadError::source(file, &error).at_byte(at))?;
    if read < bytes.len() {
        return Ok(Body::Broken("the file ends in it"));
    }
    if head.crc.is_some_and(|crc| crc != checksum(&bytes)) {
        return Ok(Body::Broken("its checksum is wrong"));
    }
    // Levels of the second kind stand in front, not packed.
    let (levels, packed) = match head.kind {
        PageKind::Second { repetitions, definitions, packed } => {
            (repetitions.saturating_add(definitions), packed)
        }
        _ => (0, true),
    };
    if codec == 0 || !packed {
        return Ok(Body::Bytes(bytes));
    }
    let levels = usize::try_from(levels).unwrap_or(usize::MAX);
    let (Some((levels, rest)), Some(unpacked)) =
        (bytes.split_at_checked(levels), (head.unpacked as usize).checked_sub(levels))
    else {
        return Ok(Body::Broken("its head contradicts itself"));
    };
    let Some(rest) = unpack(rest, codec, unpacked) else {
        return Ok(Body::Broken("it cannot be unpacked"));
    };
    Ok(Body::Bytes(if levels.is_empty() { rest } else { [levels, &rest].concat() }))
}

fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// Unpacks bytes to exactly `len`. Room is taken as it is filled, or as much as the packed bytes can fill.
fn unpack(packed: &[u8], codec: i64, len: usize) -> Option<Vec<u8>> {
    if len == 0 {
        return Some(Vec::new());
    }
    let bytes = match codec {
        1 => {
            // A copy of 64 bytes takes 3.
            let said = snap::raw::decompress_len(packed).ok().filter(|&said| said == len)?;
            let mut bytes = vec![0; Some(said).filter(|&said| said / 24 <= packed.len())?];
            snap::raw::Decoder::new().decompress(packed, &mut bytes).ok()?;
            bytes
        }
        2 => read_up_to(flate2::read::MultiGzDecoder::new(packed), len)?,
        4 => read_up_to(brotli::Decompressor::new(packed, 1 << 14), len)?,
        5 => lz4_framed(packed, len).or_else(|| lz4(packed, len))?,
        6 => zstandard(packed, len)?,
        7 => lz4(packed, len)?,
        _ => return None,
    };
    (bytes.len() == len).then_some(bytes)
}

fn read_up_to(from: impl Read, len: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    // One more than there should be, so that too many are seen.
    from.take(len as u64 + 1).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

fn lz4(packed: &[u8], len: usize) -> Option<Vec<u8>> {
    // A byte of length adds at most 255.
    let room = Some(len).filter(|&len| len / 256 <= packed.len())?;
    let mut bytes = vec![0; room];
    let filled = lz4_flex::block::decompress_into(packed, &mut bytes).ok()?;
    bytes.truncate(filled);
    Some(bytes)
}

/// LZ4 as Hadoop wraps it: blocks, each with its length when unpacked and when packed.
fn lz4_framed(mut packed: &[u8], len: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    while !packed.is_empty() {
        let (unpacked_len, rest) = packed.split_first_chunk::<4>()?;
        let (packed_len, rest) = rest.split_first_chunk::<4>()?;
        let (block, rest) = rest.split_at_checked(u32::from_be_bytes(*packed_len) as usize)?;
        let unpacked_len = u32::from_be_bytes(*unpacked_len) as usize;
        if bytes.len() + unpacked_len > len {
            return None;
        }
        bytes.extend(lz4(block, unpacked_len)?);
        packed = rest;
    }
    Some(bytes)
}

/// Without a window of its own, whose size a frame would decide: into room that grows while it is too small.
fn zstandard(packed: &[u8], len: usize) -> Option<Vec<u8>> {
    let mut unpacker = zstd::bulk::Decompressor::new().ok()?;
    let mut room = len.min(packed.len().saturating_mul(16).max(1 << 16));
    loop {
        let mut bytes = Vec::with_capacity(room);
        match unpacker.decompress_to_buffer(packed, &mut bytes) {
            Ok(_) => return Some(bytes),
            Err(_) if room < len => room = len.min(room.saturating_mul(4)),
            Err(_) => return None,
        }
    }
}
