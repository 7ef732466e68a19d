//! Floats of four bytes, which spectra and axes are made of.

use std::io;

use crate::source::{Source, read_full};

/// Bytes that are read at once: they stay close to the processor.
const CHUNK: usize = 1 << 16;

/// So many floats from a place on; missing where they are not finite, and where the source ends. Who calls has made sure
/// that it does not promise more than is there. Errors when the source cannot be read.
pub(super) fn floats(source: &dyn Source, at: u64, len: usize) -> io::Result<Vec<f64>> {
    let mut values = Vec::with_capacity(len);
    let mut bytes = vec![0; CHUNK.min(len * 4)];
    let mut at = at;
    while values.len() < len {
        let wanted = bytes.len().min((len - values.len()) * 4);
        let room = bytes.get_mut(..wanted).unwrap_or_default();
        let read = read_full(source, at, room)?;
        let (whole, _) = room.get(..read).unwrap_or_default().as_chunks::<4>();
        values.extend(whole.iter().map(|four| f64::from(f32::from_le_bytes(*four))));
        at += read as u64;
        if read < wanted {
            values.resize(len, f64::NAN);
        }
    }
    Ok(values)
}
