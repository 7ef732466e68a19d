//! Dataspaces: how many values along which axes (specification IV.A.2.b).

use super::cursor::Cursor;
use super::file::File;
use super::trouble::Trouble;

/// More axes than the HDF5 library allows.
const RANK_MAX: usize = 32;

/// The axes of a dataset or an attribute.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Space {
    /// Lengths of the axes, the slowest first; none for a single value.
    pub(super) dims: Vec<u64>,
    /// How long the axes may become; `u64::MAX` where there is no end.
    pub(super) max: Vec<u64>,
    /// How many values there are.
    pub(super) len: u64,
}

/// Reads the content of a message.
pub(super) fn read(file: &File, cursor: &mut Cursor) -> Result<Space, Trouble> {
    let version = cursor.version("a dataspace", &[1, 2])?;
    let rank = usize::from(cursor.u8()?);
    let flags = cursor.u8()?;
    let kind = cursor.u8()?;
    cursor.skip(if version == 1 { 4 } else { 0 })?;
    if rank > RANK_MAX {
        return Err(Trouble::damaged("a dataspace has too many axes", cursor.byte()));
    }
    if version == 2 && kind == 2 {
        return Ok(Space::default());
    }
    let all = |cursor: &mut Cursor| (0..rank).map(|_| file.length(cursor)).collect();
    let dims: Result<Vec<u64>, Trouble> = all(cursor);
    let dims = dims?;
    let unlimited = u64::MAX >> (64 - 8 * file.length_size);
    let max = if flags & 1 == 0 {
        dims.clone()
    } else {
        let max: Result<Vec<u64>, Trouble> = all(cursor);
        max?.into_iter().map(|max| if max == unlimited { u64::MAX } else { max }).collect()
    };
    // So that bytes of values and of what they become can be counted.
    let len = dims.iter().try_fold(1_u64, |len, &side| len.checked_mul(side));
    match len.filter(|&len| len < 1 << 48) {
        Some(len) => Ok(Space { dims, max, len }),
        None => {
            Err(Trouble::damaged("a dataspace has more values than can be counted", cursor.byte()))
        }
    }
}
