//! Filters, turned back: a chunk as it was before it was packed.

mod bitshuffle;
mod blocks;
mod lzf;
mod scaled;

use std::io::Read;

use super::checksum::fletcher32;
use super::layout::Filter;
use super::trouble::Trouble;

/// Turns the filters of a chunk back, the last one first; those whose bit of `mask` is set were left out. Gives
/// exactly `len` bytes, or an error.
pub(super) fn undo(
    filters: &[Filter],
    mask: u32,
    mut bytes: Vec<u8>,
    len: usize,
) -> Result<Vec<u8>, Trouble> {
    // What stands before the last step may be a little longer than the chunk: checksums, a rest that did not pack.
    let room = len.saturating_add(len / 8).saturating_add(4096);
    for (place, filter) in filters.iter().enumerate().rev() {
        if place < 32 && mask >> place & 1 == 1 {
            continue;
        }
        let setting = |at: usize| filter.settings.get(at).copied().unwrap_or(0) as usize;
        bytes = match filter.id {
            1 => unpack(
                flate2::read::ZlibDecoder::new(bytes.as_slice()),
                bytes.len(),
                room,
                "deflate",
            )?,
            2 => unshuffle(&bytes, setting(0)),
            3 => without_checksum(bytes)?,
            5 => scaled::nbit(&bytes, filter, len)?,
            6 => scaled::scale_offset(&bytes, filter, len)?,
            32000 => lzf::unpack(&bytes, room)?,
            32004 => blocks::lz4(&bytes, room)?,
            32008 => bitshuffle::undo(&bytes, filter, room)?,
            32015 => zstd(&bytes, room)?,
            other => return Err(Trouble::refused(format!("the filter {other} ({})", name(other)))),
        };
    }
    if bytes.len() == len {
        Ok(bytes)
    } else {
        Err(Trouble::Damaged(format!("a chunk unpacks to {} bytes instead of {len}", bytes.len())))
    }
}

/// Whether every filter can be turned back; else what cannot, in an error.
pub(super) fn are_known(filters: &[Filter]) -> Result<(), Trouble> {
    const KNOWN: [u16; 9] = [1, 2, 3, 5, 6, 32000, 32004, 32008, 32015];
    match filters.iter().find(|filter| !KNOWN.contains(&filter.id)) {
        None => filters
            .iter()
            .filter(|filter| matches!(filter.id, 5 | 6))
            .try_for_each(scaled::is_known),
        Some(filter) => {
            Err(Trouble::refused(format!("the filter {} ({})", filter.id, name(filter.id))))
        }
    }
}

/// Names of filters that are registered and not read.
fn name(id: u16) -> &'static str {
    match id {
        4 => "szip",
        307 => "bzip2",
        32001 => "blosc",
        32013 => "zfp",
        32017 => "sz",
        32019 => "fcidecomp",
        32024 => "sz3",
        32026 => "blosc2",
        _ => "not known here",
    }
}

/// Reads a stream to its end, or to the room there is.
fn unpack(stream: impl Read, packed: usize, room: usize, what: &str) -> Result<Vec<u8>, Trouble> {
    let mut bytes = Vec::with_capacity(packed.min(room));
    match stream.take(room as u64 + 1).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() <= room => Ok(bytes),
        Ok(_) => Err(Trouble::Damaged(format!("a chunk unpacks ({what}) to more than it holds"))),
        Err(error) => Err(Trouble::Damaged(format!("a chunk does not unpack ({what}): {error}"))),
    }
}

fn zstd(bytes: &[u8], room: usize) -> Result<Vec<u8>, Trouble> {
    let mut stream = zstd::stream::read::Decoder::new(bytes)?;
    // The window is what a frame may ask for before it gives anything; none is longer than twice what it holds.
    stream.window_log_max((room.max(1).ilog2() + 1).clamp(10, 27))?;
    unpack(stream, bytes.len(), room, "Zstandard")
}

/// First bytes of all values, then second bytes, and so on, become values again.
fn unshuffle(bytes: &[u8], size: usize) -> Vec<u8> {
    let values = bytes.len().checked_div(size).unwrap_or(0);
    if size < 2 || values < 2 {
        return bytes.to_vec();
    }
    let mut out = vec![0; bytes.len()];
    let (planes, rest) = bytes.split_at(values * size);
    for (place, plane) in planes.chunks_exact(values).enumerate() {
        for (to, from) in out.iter_mut().skip(place).step_by(size).zip(plane) {
            *to = *from;
        }
    }
    if let Some(end) = out.get_mut(values * size..) {
        end.copy_from_slice(rest);
    }
    out
}

fn without_checksum(mut bytes: Vec<u8>) -> Result<Vec<u8>, Trouble> {
    let told = bytes
        .split_last_chunk::<4>()
        .map(|(body, sum)| (fletcher32(body), u32::from_le_bytes(*sum)));
    let Some((ours, told)) = told else {
        return Err(Trouble::Damaged("a chunk is shorter than its checksum".to_owned()));
    };
    // Versions of the HDF5 library before 1.6.3 wrote the bytes of each half the other way round.
    let swapped = (ours & 0x00FF_00FF) << 8 | (ours & 0xFF00_FF00) >> 8;
    if told != ours && told != swapped {
        return Err(Trouble::Damaged("the checksum of a chunk is wrong".to_owned()));
    }
    bytes.truncate(bytes.len() - 4);
    Ok(bytes)
}
