//! Bitshuffle (Masui et al. 2015): the bits of equal place of many values stand together, mostly packed by LZ4 or Zstandard.

use super::blocks::{block_of, high_first};
use crate::hdf5::layout::Filter;
use crate::hdf5::trouble::Trouble;

/// Turns the filter back. Errors when the bytes make no sense, or become more than `room`.
pub(super) fn undo(bytes: &[u8], filter: &Filter, room: usize) -> Result<Vec<u8>, Trouble> {
    let setting = |at: usize| filter.settings.get(at).copied().unwrap_or(0);
    let size = setting(2) as usize;
    let packing = setting(4);
    if ![0, 2, 3].contains(&packing) {
        return Err(Trouble::refused(format!("Bitshuffle with packing {packing}")));
    }
    let damaged = || Trouble::Damaged("a chunk does not unpack (Bitshuffle)".to_owned());
    if size == 0 {
        return Err(damaged());
    }
    if packing == 0 {
        let block = match setting(3) as usize {
            0 => block_by_default(size),
            told => told,
        };
        return plain(bytes, size, block).ok_or_else(damaged);
    }
    packed(bytes, size, packing == 3, room).ok_or_else(damaged)
}

/// Values of a block where the file does not say.
fn block_by_default(size: usize) -> usize {
    (8192 / size / 8 * 8).max(128)
}

fn plain(bytes: &[u8], size: usize, block: usize) -> Option<Vec<u8>> {
    let values = bytes.len() / size;
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    for len in lengths(values, block)? {
        let (head, behind) = rest.split_at_checked(len * size)?;
        turn_back(head, size, &mut out);
        rest = behind;
    }
    out.extend_from_slice(rest);
    Some(out)
}

fn packed(mut bytes: &[u8], size: usize, zstd: bool, room: usize) -> Option<Vec<u8>> {
    let all = usize::try_from(high_first(&mut bytes, 8)?.0).ok()?;
    let block = usize::try_from(high_first(&mut bytes, 4)?.0).ok()? / size;
    if all > room {
        return None;
    }
    let mut out = Vec::new();
    for len in lengths(all / size, block)? {
        let packed = usize::try_from(high_first(&mut bytes, 4)?.0).ok()?;
        let (head, rest) = bytes.split_at_checked(packed)?;
        bytes = rest;
        let expected = len * size;
        let shuffled = if zstd {
            super::zstd(head, expected).ok().filter(|block| block.len() == expected)?
        } else {
            block_of(head, expected)?
        };
        turn_back(&shuffled, size, &mut out);
    }
    // The last values, fewer than eight, stand as they are.
    out.extend_from_slice(bytes.get(..all.checked_sub(out.len())?)?);
    Some(out)
}

/// Values of each block: whole ones, and what of the rest is a multiple of eight.
fn lengths(values: usize, block: usize) -> Option<impl Iterator<Item = usize>> {
    if !block.is_multiple_of(8) || (block == 0 && values >= 8) {
        return None;
    }
    let whole = values.checked_div(block).unwrap_or(0);
    let last = (values - whole * block) / 8 * 8;
    Some(std::iter::repeat_n(block, whole).chain((last > 0).then_some(last)))
}

/// Turns one block back: of each place of a bit in a value the bits of all values stand together.
fn turn_back(block: &[u8], size: usize, out: &mut Vec<u8>) {
    let values = block.len() / size;
    let begin = out.len();
    out.resize(begin + block.len(), 0);
    let Some(out) = out.get_mut(begin..) else { return };
    for (place, bits) in block.chunks_exact((values / 8).max(1)).enumerate() {
        let (byte, bit) = (place / 8, place % 8);
        for (eight, &of_eight) in bits.iter().enumerate() {
            for value in 0..8 {
                if let Some(to) = out.get_mut((eight * 8 + value) * size + byte) {
                    *to |= (of_eight >> value & 1) << bit;
                }
            }
        }
    }
}
