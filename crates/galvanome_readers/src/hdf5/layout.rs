//! Where the values of a dataset stand (specification IV.A.2.i), and through which filters they went (IV.A.2.l).

use super::cursor::Cursor;
use super::file::File;
use super::trouble::Trouble;

/// The largest chunk that is read, in bytes.
const CHUNK_MAX: u64 = 512 << 20;

/// Where the values of a dataset stand.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Layout {
    /// In the header itself.
    Compact(Vec<u8>),
    /// In one piece; nowhere as long as nothing was written.
    Contiguous(Option<u64>),
    /// In chunks of one shape.
    Chunked(Grid, Option<u64>, Index),
}

/// How a dataset is cut into chunks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Grid {
    /// Edges of a chunk along the axes, the slowest first.
    pub(super) edges: Vec<u64>,
    /// Bytes of a value.
    pub(super) element: u64,
    /// Bytes of a chunk.
    pub(super) bytes: u64,
    /// Chunks that reach over an end did not go through the filters.
    pub(super) bare_ends: bool,
}

/// How the chunks are found from the address in the layout.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Index {
    /// By a B-tree of version 1.
    Tree1,
    /// There is only one, of so many bytes and with this mask of filters left out.
    Single(Option<(u64, u32)>),
    /// They follow each other.
    Implicit,
    /// By an array of fixed length.
    FixedArray,
    /// By an array that grows along one axis.
    ExtensibleArray,
    /// By a B-tree of version 2.
    Tree2,
}

/// Reads the content of a layout message. Errors for storage in other files.
pub(super) fn read(file: &File, cursor: &mut Cursor) -> Result<Layout, Trouble> {
    let version = cursor.version("a data layout", &[1, 2, 3, 4, 5])?;
    if version < 3 { old(file, cursor) } else { new(file, cursor, version) }
}

fn old(file: &File, cursor: &mut Cursor) -> Result<Layout, Trouble> {
    let rank = usize::from(cursor.u8()?);
    let class = cursor.u8()?;
    cursor.skip(5)?;
    let address = if class == 0 { None } else { file.address(cursor)? };
    let dims: Result<Vec<u64>, Trouble> = (0..rank).map(|_| cursor.u32().map(u64::from)).collect();
    let dims = dims?;
    match class {
        0 => {
            let len = cursor.u32()? as usize;
            Ok(Layout::Compact(cursor.take(len)?.to_vec()))
        }
        1 => Ok(Layout::Contiguous(address)),
        2 => Ok(Layout::Chunked(grid(dims, false, cursor.byte())?, address, Index::Tree1)),
        other => Err(Trouble::refused(format!("a data layout of class {other}"))),
    }
}

fn new(file: &File, cursor: &mut Cursor, version: u8) -> Result<Layout, Trouble> {
    match cursor.u8()? {
        0 => {
            let len = usize::from(cursor.u16()?);
            Ok(Layout::Compact(cursor.take(len)?.to_vec()))
        }
        1 => Ok(Layout::Contiguous(file.address(cursor)?)),
        2 if version == 3 => {
            let rank = usize::from(cursor.u8()?);
            let address = file.address(cursor)?;
            let dims: Result<Vec<u64>, Trouble> =
                (0..rank).map(|_| cursor.u32().map(u64::from)).collect();
            Ok(Layout::Chunked(grid(dims?, false, cursor.byte())?, address, Index::Tree1))
        }
        2 => indexed(file, cursor),
        3 => Err(Trouble::elsewhere("a virtual dataset, whose values stand in other files,")),
        other => Err(Trouble::refused(format!("a data layout of class {other}"))),
    }
}

fn indexed(file: &File, cursor: &mut Cursor) -> Result<Layout, Trouble> {
    let flags = cursor.u8()?;
    let rank = usize::from(cursor.u8()?);
    let width = usize::from(cursor.u8()?);
    if !(1..=8).contains(&width) {
        return Err(Trouble::damaged("edges of chunks make no sense", cursor.byte()));
    }
    let dims: Result<Vec<u64>, Trouble> = (0..rank).map(|_| cursor.uint(width)).collect();
    let grid = grid(dims?, flags & 1 != 0, cursor.byte())?;
    let index = match cursor.u8()? {
        1 if flags & 2 != 0 => Index::Single(Some((file.length(cursor)?, cursor.u32()?))),
        1 => Index::Single(None),
        2 => Index::Implicit,
        3 => {
            cursor.skip(1)?;
            Index::FixedArray
        }
        4 => {
            cursor.skip(5)?;
            Index::ExtensibleArray
        }
        5 => {
            cursor.skip(6)?;
            Index::Tree2
        }
        other => return Err(Trouble::refused(format!("an index of chunks of kind {other}"))),
    };
    Ok(Layout::Chunked(grid, file.address(cursor)?, index))
}

/// The edges of a chunk; the last number is the size of a value.
fn grid(mut dims: Vec<u64>, bare_ends: bool, byte: u64) -> Result<Grid, Trouble> {
    let element = dims.pop().unwrap_or(0);
    let bytes =
        dims.iter().try_fold(element, |bytes, &edge| bytes.checked_mul(edge)).unwrap_or(u64::MAX);
    if bytes == 0 || dims.is_empty() {
        return Err(Trouble::damaged("edges of chunks make no sense", byte));
    }
    if bytes > CHUNK_MAX {
        return Err(Trouble::refused(format!("a chunk of {bytes} bytes")));
    }
    Ok(Grid { edges: dims, element, bytes, bare_ends })
}

/// A filter and its settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Filter {
    /// Its registered number.
    pub(super) id: u16,
    /// Its settings.
    pub(super) settings: Vec<u32>,
}

/// Reads the content of a message on filters: in the order in which they were applied.
pub(super) fn filters(cursor: &mut Cursor) -> Result<Vec<Filter>, Trouble> {
    let version = cursor.version("a list of filters", &[1, 2])?;
    let count = cursor.u8()?;
    cursor.skip(if version == 1 { 6 } else { 0 })?;
    let mut filters = Vec::new();
    for _ in 0..count {
        let id = cursor.u16()?;
        let name = if version == 1 || id >= 256 { usize::from(cursor.u16()?) } else { 0 };
        cursor.skip(2)?;
        let values = usize::from(cursor.u16()?);
        cursor.skip(name)?;
        let settings: Result<Vec<u32>, Trouble> = (0..values).map(|_| cursor.u32()).collect();
        cursor.skip(if version == 1 && values % 2 == 1 { 4 } else { 0 })?;
        filters.push(Filter { id, settings: settings? });
    }
    Ok(filters)
}

/// Reads the value that stands for what was never written; empty where it is zero. `old` is the message of old.
pub(super) fn fill(cursor: &mut Cursor, old: bool) -> Result<Vec<u8>, Trouble> {
    let there = if old {
        true
    } else {
        match cursor.version("a fill value", &[1, 2, 3])? {
            3 => cursor.u8()? & 0x20 != 0,
            version => {
                cursor.skip(2)?;
                cursor.u8()? != 0 || version == 1
            }
        }
    };
    if !there || cursor.left() < 4 {
        return Ok(Vec::new());
    }
    let len = cursor.u32()? as usize;
    Ok(cursor.take(len)?.to_vec())
}
