//! Floats of four bytes, which spectra and axes are made of.

use std::io;
use std::panic::resume_unwind;
use std::thread;

use crate::source::{Source, read_full};

/// Bytes that are read at once: they stay close to the processor.
const CHUNK: usize = 1 << 16;

/// Floats for which a thread of its own is worth its while.
const PART: usize = 1 << 17;

/// So many floats from a place on; missing where the source ends. Who calls has made sure that it does not promise more than
/// is there. Errors when the source cannot be read.
pub(super) fn floats(
    source: &dyn Source,
    at: u64,
    len: usize,
    threads: usize,
) -> io::Result<Vec<f64>> {
    let mut values = vec![0.0; len];
    let threads = threads.min(len / PART);
    if threads <= 1 {
        fill(source, at, &mut values)?;
        return Ok(values);
    }
    let part = len.div_ceil(threads);
    thread::scope(|scope| {
        let parts = values.chunks_mut(part).zip((at..).step_by(part * 4));
        let parts: Vec<_> =
            parts.map(|(into, at)| scope.spawn(move || fill(source, at, into))).collect();
        parts
            .into_iter()
            .try_for_each(|part| part.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })?;
    Ok(values)
}

fn fill(source: &dyn Source, at: u64, into: &mut [f64]) -> io::Result<()> {
    let mut bytes = vec![0; CHUNK.min(into.len() * 4)];
    for (into, at) in into.chunks_mut(CHUNK / 4).zip((at..).step_by(CHUNK)) {
        let room = bytes.get_mut(..into.len() * 4).unwrap_or_default();
        let read = read_full(source, at, room)?;
        let (whole, _) = room.get(..read).unwrap_or_default().as_chunks::<4>();
        for (to, four) in into.iter_mut().zip(whole) {
            *to = f64::from(f32::from_le_bytes(*four));
        }
        into.get_mut(whole.len()..).unwrap_or_default().fill(f64::NAN);
    }
    Ok(())
}
