//! Numbers and texts at places of a file, none where the file ends before them.

use std::io;

use crate::source::{Source, read_full};

/// Bytes that are fetched at a time.
const FETCH: usize = 1 << 16;

/// A piece of a file, such as a head.
pub(super) struct Piece(Vec<u8>);

impl Piece {
    /// The bytes from a place on, fewer where the file ends. Errors when the source cannot be read.
    pub(super) fn of(source: &dyn Source, at: u64, len: usize) -> io::Result<Self> {
        let mut bytes = vec![0; len];
        let got = read_full(source, at, &mut bytes)?;
        bytes.truncate(got);
        Ok(Self(bytes))
    }

    /// How many bytes there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    fn at<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        self.0.get(at..)?.first_chunk().copied()
    }

    pub(super) fn u16(&self, at: usize) -> Option<u16> {
        self.at(at).map(u16::from_le_bytes)
    }

    pub(super) fn u32(&self, at: usize) -> Option<u32> {
        self.at(at).map(u32::from_le_bytes)
    }

    /// A float of four bytes, where it is a number.
    pub(super) fn f32(&self, at: usize) -> Option<f64> {
        self.at(at)
            .map(|bytes| f64::from(f32::from_le_bytes(bytes)))
            .filter(|value| value.is_finite())
    }

    /// A float of four bytes as the decimal number of few digits that it was written from.
    pub(super) fn f32_as_written(&self, at: usize) -> Option<f64> {
        let value = f32::from_le_bytes(self.at(at)?);
        value.to_string().parse().ok().filter(|value: &f64| value.is_finite())
    }

    /// A float of eight bytes, where it is a number.
    pub(super) fn f64(&self, at: usize) -> Option<f64> {
        self.at(at).map(f64::from_le_bytes).filter(|value| value.is_finite())
    }

    /// A text that a zero ends, in UTF-8 or else in Latin-1.
    pub(super) fn text(&self, at: usize, len: usize) -> String {
        let bytes = self.0.get(at..).unwrap_or_default();
        let bytes = bytes.get(..len.min(bytes.len())).unwrap_or_default();
        let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
        let bytes = bytes.get(..end).unwrap_or_default();
        match std::str::from_utf8(bytes) {
            Ok(text) => text.trim().to_owned(),
            Err(_) => {
                bytes.iter().map(|&byte| char::from(byte)).collect::<String>().trim().to_owned()
            }
        }
    }
}

/// Records of a scan: a float of four bytes each, and floats of eight bytes behind it.
pub(super) struct Records {
    /// The first numbers.
    pub(super) values: Vec<f64>,
    /// Those behind, one list for each.
    pub(super) behind: Vec<Vec<f64>>,
}

/// Reads `n` records of `size` bytes, or as many as there are whole, from a place on. Errors when the source cannot be
/// read.
pub(super) fn records(
    source: &dyn Source,
    mut at: u64,
    n: usize,
    size: usize,
    behind: usize,
) -> io::Result<Records> {
    let mut found = Records { values: Vec::new(), behind: vec![Vec::new(); behind] };
    let size = size.max(4);
    let room = (FETCH / size).max(1) * size;
    let mut bytes = vec![0; room.min(n.saturating_mul(size))];
    while found.values.len() < n {
        let wanted = (n - found.values.len()).saturating_mul(size).min(bytes.len());
        let got = read_full(source, at, bytes.get_mut(..wanted).unwrap_or_default())?;
        let got = bytes.get(..got).unwrap_or_default();
        if size == 4 {
            let whole = got.as_chunks().0.iter();
            found.values.extend(whole.map(|four| f64::from(f32::from_le_bytes(*four))));
        } else {
            for record in got.chunks_exact(size) {
                let Some((four, rest)) = record.split_first_chunk() else { continue };
                found.values.push(f64::from(f32::from_le_bytes(*four)));
                let mut eights = rest.as_chunks().0.iter();
                for list in &mut found.behind {
                    list.push(eights.next().map_or(f64::NAN, |eight| f64::from_le_bytes(*eight)));
                }
            }
        }
        at = at.saturating_add(got.len() as u64);
        if got.len() < wanted {
            break;
        }
    }
    Ok(found)
}
