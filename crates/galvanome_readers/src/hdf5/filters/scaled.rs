//! The filters of HDF5 that keep only the bits that count: n-bit, and scale-offset for whole numbers and decimals.

use crate::hdf5::layout::Filter;
use crate::hdf5::trouble::Trouble;

/// The most bytes of a chunk that holds one value alone.
const SAME_MAX: usize = 16 << 20;

fn setting(filter: &Filter, at: usize) -> u32 {
    filter.settings.get(at).copied().unwrap_or(0)
}

/// Whether this kind of the filter can be turned back; else an error.
pub(super) fn is_known(filter: &Filter) -> Result<(), Trouble> {
    let size = setting(filter, 4);
    let sound = (1..=8).contains(&size);
    match filter.id {
        5 if setting(filter, 1) == 1 || (setting(filter, 3) == 1 && sound) => Ok(()),
        5 => Err(Trouble::refused("the n-bit filter on values of several parts")),
        _ if sound && matches!(setting(filter, 0), 0 | 2) => Ok(()),
        _ => Err(Trouble::refused("the scale-offset filter of this kind")),
    }
}

/// Bits one after the other, the high one of a byte first.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn next(&mut self, count: u32) -> Option<u64> {
        let mut value = 0_u64;
        let mut left = count;
        while left > 0 {
            let byte = *self.bytes.get(self.at / 8)?;
            let there = 8 - (self.at % 8) as u32;
            let now = left.min(there);
            let bits = byte >> (there - now) & (u16::MAX >> (16 - now)) as u8;
            value = value << now | u64::from(bits);
            self.at += now as usize;
            left -= now;
        }
        Some(value)
    }
}

/// Writes the low bytes of a number.
fn push(out: &mut Vec<u8>, value: u64, size: usize, high_first: bool) {
    let bytes = value.to_le_bytes();
    let bytes = bytes.get(..size).unwrap_or_default();
    if high_first {
        out.extend(bytes.iter().rev());
    } else {
        out.extend(bytes);
    }
}

fn damaged(what: &str) -> Trouble {
    Trouble::Damaged(format!("a chunk does not unpack ({what})"))
}

/// Turns n-bit back into `len` bytes.
pub(super) fn nbit(bytes: &[u8], filter: &Filter, len: usize) -> Result<Vec<u8>, Trouble> {
    is_known(filter)?;
    if setting(filter, 1) == 1 {
        return Ok(bytes.to_vec());
    }
    let (size, high_first) = (setting(filter, 4) as usize, setting(filter, 5) == 1);
    let (precision, offset) = (setting(filter, 6), setting(filter, 7));
    if precision == 0 || u64::from(precision) + u64::from(offset) > 8 * size as u64 {
        return Err(damaged("n-bit"));
    }
    // At least one bit a value stands in the file, so that the room follows the bytes.
    let mut bits = Bits { bytes, at: 0 };
    let mut out = Vec::new();
    while out.len() < len {
        let value = bits.next(precision).ok_or_else(|| damaged("n-bit"))?;
        push(&mut out, value << offset, size, high_first);
    }
    Ok(out)
}

/// Turns scale-offset back into `len` bytes.
pub(super) fn scale_offset(bytes: &[u8], filter: &Filter, len: usize) -> Result<Vec<u8>, Trouble> {
    is_known(filter)?;
    let wrong = || damaged("scale-offset");
    let (size, high_first) = (setting(filter, 4) as usize, setting(filter, 6) == 1);
    let low_first = |bytes: &[u8]| {
        bytes.iter().rev().fold(0_u64, |number, &byte| number << 8 | u64::from(byte))
    };
    let width = low_first(bytes.get(..4).ok_or_else(wrong)?);
    let minimum = low_first(bytes.get(5..13).ok_or_else(wrong)?);
    let body = bytes.get(21..).unwrap_or_default();
    let width =
        u32::try_from(width).ok().filter(|&width| width as usize <= 8 * size).ok_or_else(wrong)?;
    let mut out = Vec::new();
    if width as usize == 8 * size {
        let whole = body.get(..len).ok_or_else(wrong)?;
        whole.chunks_exact(size).for_each(|one| push(&mut out, low_first(one), size, high_first));
        return Ok(out);
    }
    // A chunk of one value alone says nothing of how long it may be.
    if width == 0 && len > SAME_MAX {
        return Err(Trouble::refused(format!("a chunk of {len} equal bytes (scale-offset)")));
    }
    let is_float = setting(filter, 3) == 1;
    let fill = (setting(filter, 7) == 1).then(|| {
        let [low, high] = [setting(filter, 8), setting(filter, 9)].map(u64::from);
        high << 32 | low
    });
    let decimals = setting(filter, 1).cast_signed();
    let marks_fill = u64::MAX.checked_shr(64 - width).unwrap_or(0);
    let mut bits = Bits { bytes: body, at: 0 };
    while out.len() < len {
        let value = bits.next(width).ok_or_else(wrong)?;
        let value = match fill {
            Some(fill) if width > 0 && value == marks_fill => fill,
            _ if is_float => decimal(value, minimum, size, decimals).ok_or_else(wrong)?,
            _ => value.wrapping_add(minimum),
        };
        push(&mut out, value, size, high_first);
    }
    Ok(out)
}

/// A number of so many decimals above the smallest one, as bits of a float of its size.
fn decimal(value: u64, minimum: u64, size: usize, decimals: i32) -> Option<u64> {
    match size {
        4 => {
            let minimum = f32::from_bits(minimum as u32);
            Some(u64::from((value as f32 / 10_f32.powi(decimals) + minimum).to_bits()))
        }
        8 => {
            let minimum = f64::from_bits(minimum);
            Some((value as f64 / 10_f64.powi(decimals) + minimum).to_bits())
        }
        _ => None,
    }
}
