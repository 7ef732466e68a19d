//! One fuzz target for all formats: whatever the bytes are, every reader that may be asked for them gives whole
//! tables or an error, soon, and without memory in proportion to a number that it found in them.

#![no_main]

#[path = "../../crates/galvanome_readers/tests/it/judge.rs"]
mod judge;
mod memory;

use std::time::{Duration, Instant};

use galvanome_readers::{FORMATS, Files, Format, Limits, identify, read_as};
use libfuzzer_sys::{Corpus, fuzz_target};

use crate::judge::Judge;
use crate::memory::Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The longest that reading may take of the processor. Inputs are at most some ten thousand bytes.
const TIME_MAX: Duration = Duration::from_secs(2);

/// Room that a reader may take whatever the file is: its buffers and one batch of rows.
const ROOM: usize = 48 << 20;

/// Room for each byte of the file: names, metadata, notes, tables that are put together before they are handed on.
const ROOM_PER_BYTE: usize = 256;

fuzz_target!(|data: &[u8]| -> Corpus {
    let files = Files::one("fuzz", data.to_vec());
    let claimed = identify(&files).map(|(format, _)| format);
    // Besides the format that claims the bytes, one that need not: a caller may name any.
    let named = FORMATS.get(data.len() % FORMATS.len());
    let named = named.filter(|named| claimed.is_none_or(|claimed| claimed.id != named.id));
    for format in claimed.into_iter().chain(named) {
        try_read(format, &files, data.len());
    }
    Corpus::Keep
});

fn try_read(format: &Format, files: &Files, len: usize) {
    let (begun, begun_cpu) = (Instant::now(), processor_time());
    memory::begin();
    let mut judge = Judge::default();
    let outcome = read_as(format, files, &Limits::default(), &mut judge);
    judge.finish(outcome.is_ok());
    drop(outcome);
    let peak = memory::peak();
    assert!(
        peak <= ROOM + ROOM_PER_BYTE * len,
        "{} took {peak} bytes of memory for {len} of the file",
        format.id
    );
    // The clock on the wall also counts what others did meanwhile.
    if begun.elapsed() > TIME_MAX {
        let took = processor_time().saturating_sub(begun_cpu);
        assert!(took <= TIME_MAX, "{} took {took:?} for {len} bytes", format.id);
    }
}

/// Time that this thread had on a processor; none where the system does not tell.
fn processor_time() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = told.split(' ').next().and_then(|told| told.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or(0))
}
