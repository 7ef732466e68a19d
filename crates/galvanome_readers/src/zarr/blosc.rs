//! Blosc 1 containers: blocks of bytes, shuffled and packed with one of five packers.
//!
//! Source: the description of the format in c-blosc (`README_CHUNK_FORMAT.rst`) and of BloscLZ streams, written anew. A head
//! of 16 bytes, the places of the blocks, then the blocks; a block is packed as one stream, or as one for each byte of its
//! numbers. Nothing is made longer than what can come out of the bytes that are there.

use super::grow::grow;
use crate::le::{u8_at, u32_at};

/// Bytes of the head.
const HEAD: usize = 16;
/// Bits of the flags.
const SHUFFLED: u8 = 1;
const COPIED: u8 = 2;
const BITS_SHUFFLED: u8 = 4;
const NOT_SPLIT: u8 = 16;
/// Numbers of more bytes than this are never split, nor blocks of fewer numbers than that.
const SPLITS_MAX: usize = 16;
const SPLIT_MIN: usize = 128;
/// No stream of LZ4, BloscLZ or Snappy unpacks to more than this many times its length.
const TIMES_MAX: usize = 260;

/// What a container holds, which must be so many bytes. Errors say why it is not read.
pub(super) fn unpack(packed: &[u8], wanted: usize) -> Result<Vec<u8>, String> {
    if packed.len() < HEAD {
        return Err("the Blosc container is cut off".to_owned());
    }
    let (version, flags, size) =
        (u8_at(packed, 0), u8_at(packed, 2), usize::from(u8_at(packed, 3)).max(1));
    let (held, block) = (u32_at(packed, 4) as usize, u32_at(packed, 8) as usize);
    if !(1..=2).contains(&version) {
        return Err(format!("version {version} of Blosc containers is not read"));
    }
    if held != wanted {
        return Err(format!("the Blosc container says {held} bytes where {wanted} belong"));
    }
    if flags & COPIED != 0 {
        let all = packed.get(HEAD..HEAD + held);
        return all.map(<[u8]>::to_vec).ok_or_else(|| "the Blosc container is cut off".to_owned());
    }
    if held == 0 {
        return Ok(Vec::new());
    }
    if block == 0 {
        return Err("the Blosc container says blocks without bytes".to_owned());
    }
    let mut all = Vec::new();
    let (mut bytes, mut spare) = (Vec::new(), Vec::new());
    for nth in 0..held.div_ceil(block) {
        let place = HEAD + 4 * nth;
        let at = packed.get(place..place + 4).map(|place| u32_at(place, 0) as usize);
        let rest = at.and_then(|at| packed.get(at..)).ok_or("the Blosc container is cut off")?;
        let len = block.min(held - nth * block);
        let split = flags & NOT_SPLIT == 0
            && size <= SPLITS_MAX
            && block / size >= SPLIT_MIN
            && len == block;
        bytes.clear();
        streams(rest, if split { size } else { 1 }, len, flags >> 5, &mut bytes)?;
        if flags & SHUFFLED != 0 && size > 1 {
            unshuffle(&bytes, size, &mut spare);
            std::mem::swap(&mut bytes, &mut spare);
        } else if flags & BITS_SHUFFLED != 0 {
            unshuffle_bits(&bytes, size, &mut spare);
            std::mem::swap(&mut bytes, &mut spare);
        }
        all.extend_from_slice(&bytes);
    }
    Ok(all)
}

/// The streams of a block, one behind the other, each behind its length.
fn streams(
    mut rest: &[u8],
    count: usize,
    len: usize,
    packer: u8,
    into: &mut Vec<u8>,
) -> Result<(), String> {
    let each = len / count;
    for _ in 0..count {
        let packed_len = rest.get(..4).map(|four| u32_at(four, 0) as usize);
        let packed = packed_len.and_then(|len| rest.get(4..4_usize.checked_add(len)?));
        let packed = packed.ok_or("the Blosc container is cut off")?;
        rest = rest.get(4 + packed.len()..).unwrap_or_default();
        if packed.len() == each {
            into.extend_from_slice(packed);
            continue;
        }
        let before = into.len();
        stream(packed, each, packer, into)?;
        if into.len() != before + each {
            return Err("a block of the Blosc container is shorter than it should be".to_owned());
        }
    }
    Ok(())
}

fn stream(packed: &[u8], len: usize, packer: u8, into: &mut Vec<u8>) -> Result<(), String> {
    let believable = len <= packed.len().saturating_mul(TIMES_MAX) + 64;
    if packer <= 2 && !believable {
        return Err(
            "a block of the Blosc container is too short for what it should hold".to_owned()
        );
    }
    match packer {
        0 => blosc_lz(packed, len, into),
        1 => lz4(packed, len, into),
        2 => {
            let before = into.len();
            into.resize(before + len, 0);
            let room = into.get_mut(before..).unwrap_or_default();
            let got = snap::raw::Decoder::new().decompress(packed, room);
            got.map(|got| into.truncate(before + got)).map_err(|error| error.to_string())
        }
        3 => grow(flate2::read::ZlibDecoder::new(packed), len, into),
        4 => {
            let stream = zstd::stream::read::Decoder::with_buffer(packed);
            grow(stream.map_err(|error| error.to_string())?, len, into)
        }
        other => Err(format!("packer {other} of Blosc is not read")),
    }
}

/// A bare block of LZ4, of which so many bytes must come.
pub(super) fn lz4(packed: &[u8], len: usize, into: &mut Vec<u8>) -> Result<(), String> {
    if len > packed.len().saturating_mul(TIMES_MAX) + 64 {
        return Err("the LZ4 block is too short for what it should hold".to_owned());
    }
    let before = into.len();
    into.resize(before + len, 0);
    let room = into.get_mut(before..).unwrap_or_default();
    let got = lz4_flex::block::decompress_into(packed, room).map_err(|error| error.to_string())?;
    into.truncate(before + got);
    Ok(())
}

/// BloscLZ: runs of bytes as they are, and places and lengths of what came before.
fn blosc_lz(packed: &[u8], len: usize, into: &mut Vec<u8>) -> Result<(), String> {
    let broken = || "a BloscLZ stream of the Blosc container is damaged".to_owned();
    let begin = into.len();
    let end = begin + len;
    let mut bytes = packed.iter().copied();
    // The upper bits of the first byte say nothing.
    let mut control = usize::from(bytes.next().ok_or_else(broken)? & 31);
    loop {
        if control < 32 {
            for _ in 0..=control {
                into.push(bytes.next().ok_or_else(broken)?);
            }
        } else {
            let mut long = (control >> 5) - 1;
            let high = (control & 31) << 8;
            if long == 6 {
                loop {
                    let more = bytes.next().ok_or_else(broken)?;
                    long += usize::from(more);
                    if more != 255 || long > len {
                        break;
                    }
                }
            }
            let low = bytes.next().ok_or_else(broken)?;
            let mut back = high + usize::from(low) + 1;
            if low == 255 && high == 31 << 8 {
                let far = [bytes.next().ok_or_else(broken)?, bytes.next().ok_or_else(broken)?];
                back = usize::from(u16::from_be_bytes(far)) + 8191 + 1;
            }
            let from =
                into.len().checked_sub(back).filter(|from| *from >= begin).ok_or_else(broken)?;
            for place in from..from + (long + 3).min(end - into.len()) {
                let byte = into.get(place).copied().ok_or_else(broken)?;
                into.push(byte);
            }
        }
        if into.len() >= end {
            into.truncate(end);
            return Ok(());
        }
        match bytes.next() {
            Some(next) => control = usize::from(next),
            None => return Ok(()),
        }
    }
}

/// First bytes of all numbers, then second ones, and so on, back to numbers; a rest too short for one stays behind them.
pub(super) fn unshuffle(shuffled: &[u8], size: usize, into: &mut Vec<u8>) {
    let count = shuffled.len() / size;
    into.clear();
    into.resize(count * size, 0);
    for (plane, bytes) in shuffled.chunks_exact(count.max(1)).take(size).enumerate() {
        for (number, byte) in into.chunks_exact_mut(size).zip(bytes) {
            if let Some(to) = number.get_mut(plane) {
                *to = *byte;
            }
        }
    }
    into.extend_from_slice(shuffled.get(count * size..).unwrap_or_default());
}

/// The same for bits: first bits of all numbers, the lowest first, then second ones. Eight numbers at a time; a rest of
/// fewer stays as it is.
fn unshuffle_bits(shuffled: &[u8], size: usize, into: &mut Vec<u8>) {
    let count = shuffled.len() / size / 8 * 8;
    into.clear();
    into.resize(count * size, 0);
    let row = count / 8;
    for (bit, bytes) in shuffled.chunks_exact(row.max(1)).take(size * 8).enumerate() {
        for (eight, &byte) in into.chunks_exact_mut(size * 8).zip(bytes) {
            if byte == 0 {
                continue;
            }
            for (nth, number) in eight.chunks_exact_mut(size).enumerate() {
                if let Some(to) = number.get_mut(bit / 8) {
                    *to |= (byte >> nth & 1) << (bit % 8);
                }
            }
        }
    }
    into.extend_from_slice(shuffled.get(count * size..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::blosc_lz;

    #[test]
    fn blosc_lz_copies_what_came_before() {
        let check = |packed: &[u8], len: usize, wanted: Option<&[u8]>| {
            let mut into = b"before".to_vec();
            let read = blosc_lz(packed, len, &mut into).ok().map(|()| into.split_off(6));
            assert_eq!(read.as_deref(), wanted);
        };
        check(&[2, b'a', b'b', b'c'], 3, Some(b"abc"));
        // Three more from three back; nine more from one back.
        check(&[2, b'a', b'b', b'c', 1 << 5, 2], 6, Some(b"abcabc"));
        check(&[0, b'a', 7 << 5, 0, 0], 10, Some(b"aaaaaaaaaa"));
        // From before the beginning, and cut off.
        check(&[0, b'a', 1 << 5, 1], 4, None);
        check(&[2, b'a'], 3, None);
    }
}
