//! Unpacking strips and tiles. What comes out grows as it comes, never by what a header says.

use std::io::Read;

use super::directory::{Order, number};

/// How strips and tiles are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compression {
    /// Not at all.
    None,
    /// Repetitions by a Lempel-Ziv-Welch table (TIFF 6.0, section 13).
    Lzw,
    /// A zlib stream, under either of its two numbers.
    Deflate,
    /// Runs of equal bytes (TIFF 6.0, section 9).
    PackBits,
    /// A Zstandard frame.
    Zstd,
}

impl Compression {
    /// The compression of a number. Errors name those that are not read.
    pub(super) fn of(number: u64) -> Result<Self, String> {
        Ok(match number {
            1 => Self::None,
            5 => Self::Lzw,
            8 | 32946 => Self::Deflate,
            32773 => Self::PackBits,
            50000 => Self::Zstd,
            other => {
                let name = match other {
                    2..=4 => " (fax)",
                    6 | 7 => " (JPEG)",
                    33003 | 33005 | 34712 => " (JPEG 2000)",
                    34887 => " (LERC)",
                    34925 => " (LZMA)",
                    50001 => " (WebP)",
                    50002 | 52546 => " (JPEG XL)",
                    _ => "",
                };
                return Err(format!("its compression {other}{name} is not read"));
            }
        })
    }
}

/// Replaces `into` by what a strip or tile holds, at most `most` bytes. Errors say why nothing more came.
pub(super) fn unpack(
    compression: Compression,
    packed: &[u8],
    most: usize,
    into: &mut Vec<u8>,
) -> Result<(), String> {
    into.clear();
    match compression {
        Compression::None => {
            into.extend_from_slice(packed.get(..most).unwrap_or(packed));
            Ok(())
        }
        Compression::Lzw => lzw(packed, most, into),
        Compression::Deflate => stream(flate2::read::ZlibDecoder::new(packed), most, into),
        Compression::PackBits => {
            pack_bits(packed, most, into);
            Ok(())
        }
        Compression::Zstd => {
            let stream_of = zstd::stream::read::Decoder::with_buffer(packed);
            stream(stream_of.map_err(|error| error.to_string())?, most, into)
        }
    }
}

fn stream(packed: impl Read, most: usize, into: &mut Vec<u8>) -> Result<(), String> {
    match packed.take(most as u64).read_to_end(into) {
        // Trouble behind all that is needed is no trouble.
        Err(error) if into.len() < most => Err(error.to_string()),
        _ => Ok(()),
    }
}

fn pack_bits(packed: &[u8], most: usize, into: &mut Vec<u8>) {
    let mut rest = packed;
    while let Some((&head, behind)) = rest.split_first() {
        if into.len() >= most {
            break;
        }
        match head.cast_signed() {
            // Says nothing.
            i8::MIN => rest = behind,
            times @ ..0 => {
                let Some((&byte, behind)) = behind.split_first() else { break };
                into.extend(std::iter::repeat_n(byte, 1 + usize::from(times.unsigned_abs())));
                rest = behind;
            }
            more => {
                let len = behind.len().min(usize::from(more.unsigned_abs()) + 1);
                into.extend_from_slice(behind.get(..len).unwrap_or_default());
                rest = behind.get(len..).unwrap_or_default();
            }
        }
    }
    into.truncate(most);
}

/// Codes that are no strings: the table begins anew, the strip ends; and the first string.
const CLEAR: usize = 256;
const END: usize = 257;
const FIRST: usize = 258;
/// Codes are at most twelve bits long.
const CODES: usize = 4096;

/// Each string of the table was given already: it is a piece of what came out, so that the table holds places.
fn lzw(packed: &[u8], most: usize, into: &mut Vec<u8>) -> Result<(), String> {
    if let [0, second, ..] = packed
        && second & 1 == 1
    {
        return Err("it is packed with LZW as before 1992, which is not read".to_owned());
    }
    let mut table: Vec<(usize, usize)> = Vec::with_capacity(CODES - FIRST);
    let mut before: Option<(usize, usize)> = None;
    let (mut bits, mut held, mut width) = (0_u64, 0_u32, 9_u32);
    let mut packed = packed.iter();
    while into.len() < most {
        while held < width {
            let Some(&byte) = packed.next() else { return Ok(()) };
            bits = bits << 8 | u64::from(byte);
            held += 8;
        }
        held -= width;
        let code = (bits >> held) as usize & ((1 << width) - 1);
        if code == CLEAR {
            table.clear();
            (width, before) = (9, None);
            continue;
        }
        if code == END {
            break;
        }
        let start = into.len();
        if let Some((begin, len)) = before
            && table.len() < CODES - FIRST
        {
            table.push((begin, len + 1));
        }
        if code < CLEAR {
            into.push(code as u8);
        } else {
            let Some(&(begin, len)) = table.get(code - FIRST) else {
                return Err(format!("its LZW code {code} stands for nothing"));
            };
            // The newest string may end with the first byte of itself.
            let there = len.min(start - begin);
            into.extend_from_within(begin..begin + there);
            if there < len
                && let Some(&first) = into.get(start)
            {
                into.push(first);
            }
        }
        before = Some((start, into.len() - start));
        if FIRST + table.len() >= (1 << width) - 1 && width < 12 {
            width += 1;
        }
    }
    into.truncate(most);
    Ok(())
}

/// Undoes the differences between neighbours in a row of whole numbers (TIFF 6.0, section 14), of so many bytes each and so
/// many samples a pixel.
pub(super) fn add_up(row: &mut [u8], bytes: usize, samples: usize, order: Order) {
    let step = bytes * samples;
    if bytes == 1 {
        for place in step..row.len() {
            if let Some(before) = row.get(place - step).copied()
                && let Some(byte) = row.get_mut(place)
            {
                *byte = byte.wrapping_add(before);
            }
        }
        return;
    }
    let mut at = step;
    while let (Some(before), Some(here)) =
        (row.get(at - step..at - step + bytes), row.get(at..at + bytes))
    {
        let sum = number(before, order).wrapping_add(number(here, order));
        write(row, at, bytes, sum, order);
        at += bytes;
    }
}

fn write(row: &mut [u8], at: usize, bytes: usize, value: u64, order: Order) {
    let all = match order {
        Order::Little => value.to_le_bytes(),
        Order::Big => value.to_be_bytes(),
    };
    let from = if order == Order::Little { 0 } else { 8 - bytes };
    if let (Some(to), Some(from)) = (row.get_mut(at..at + bytes), all.get(from..from + bytes)) {
        to.copy_from_slice(from);
    }
}

/// Undoes the floating point predictor in a row (Adobe's Technical Note 3): differences between neighbouring bytes, of which
/// the highest of all numbers come first.
pub(super) fn add_up_floats(
    row: &mut [u8],
    bytes: usize,
    samples: usize,
    order: Order,
    spare: &mut Vec<u8>,
) {
    add_up(row, 1, samples, order);
    spare.clear();
    spare.extend_from_slice(row);
    let count = row.len() / bytes;
    for (place, value) in row.chunks_exact_mut(bytes).enumerate() {
        for (nth, byte) in value.iter_mut().enumerate() {
            // The highest byte of all numbers comes first.
            let plane = if order == Order::Big { nth } else { bytes - 1 - nth };
            *byte = spare.get(plane * count + place).copied().unwrap_or(0);
        }
    }
}
