//! Finding records: by the head's pointer, and by their look where that leads nowhere.

use std::io;

use super::header::Block;
use crate::neware::record::Layout;
use crate::source::{Source, read_full};

/// Bytes that are fetched at a time.
const FETCH: usize = 1 << 18;

/// A walk through a part of a file.
pub(super) struct Walk<'a> {
    source: &'a dyn Source,
    at: u64,
    end: u64,
    buffer: Vec<u8>,
    from: usize,
}

impl<'a> Walk<'a> {
    pub(super) fn new(source: &'a dyn Source, begin: u64, end: u64) -> Self {
        Self { source, at: begin, end: end.min(source.len()), buffer: Vec::new(), from: 0 }
    }

    /// Where it stands.
    pub(super) fn at(&self) -> u64 {
        self.at
    }

    /// What comes next: at least `want` bytes, where there are as many.
    pub(super) fn view(&mut self, want: usize) -> io::Result<&[u8]> {
        if self.buffer.len() - self.from < want {
            self.buffer.drain(..self.from);
            self.from = 0;
            let have = self.buffer.len();
            let left = self.end.saturating_sub(self.at + have as u64);
            let more = usize::try_from(left).map_or(FETCH, |left| left.min(FETCH.max(want)));
            self.buffer.resize(have + more, 0);
            let place = self.at + have as u64;
            let got = match self.buffer.get_mut(have..) {
                Some(room) => read_full(self.source, place, room)?,
                None => 0,
            };
            self.buffer.truncate(have + got);
        }
        Ok(self.buffer.get(self.from..).unwrap_or_default())
    }

    /// Goes on.
    pub(super) fn advance(&mut self, bytes: usize) {
        let bytes = bytes.min(self.buffer.len() - self.from);
        self.from += bytes;
        self.at += bytes as u64;
    }
}

/// Records that are looked at to tell whether a pointer leads to rows.
const LOOK: usize = 64;

/// Whether rows begin at a view: perhaps after events, and nothing else.
fn begins(layout: &Layout, view: &[u8]) -> bool {
    let mut records = view.chunks_exact(layout.len);
    let other = records.find(|record| !is_event(layout, record));
    view.len() >= layout.len && other.is_none_or(|record| layout.is_row(record))
}

/// Whether two rows with following numbers stand at a view.
pub(super) fn two_rows(layout: &Layout, view: &[u8]) -> bool {
    let (Some(first), Some(second)) =
        (view.get(..layout.len), view.get(layout.len..2 * layout.len))
    else {
        return false;
    };
    layout.is_row(first)
        && layout.is_row(second)
        && layout.index(second) == layout.index(first).wrapping_add(1)
}

/// Whether a record marks the start, a stop or the end of a test.
pub(super) fn is_event(layout: &Layout, record: &[u8]) -> bool {
    matches!(record.get(layout.mark), Some(0xAA | 0xFF))
}

/// Where records begin and end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Records {
    pub(super) begin: u64,
    pub(super) end: u64,
    /// Whether the head says so; else they were searched for.
    pub(super) by_head: bool,
}

/// Finds the records: none when there are none.
pub(super) fn records(
    source: &dyn Source,
    block: Block,
    layout: &Layout,
) -> io::Result<Option<Records>> {
    let len = source.len();
    // Before version 9 the head does not say how long the block is.
    let end = if block.len == 0 { len } else { block.end() };
    if block.begin > 0 && block.begin < end {
        let look = LOOK * layout.len;
        let view = Block { begin: block.begin, len: look as u64 }.bytes(source, look)?;
        if begins(layout, &view) {
            return Ok(Some(Records { begin: block.begin, end, by_head: true }));
        }
    }
    let mut walk = Walk::new(source, 0, len);
    loop {
        let view = walk.view(3 * layout.len)?;
        if view.len() < 2 * layout.len {
            // A file that was cut off before its second row.
            let there = block.begin > 0 && block.begin <= len && block.begin < end;
            return Ok(there.then_some(Records { begin: block.begin, end, by_head: true }));
        }
        let last = view.len() - 2 * layout.len;
        let found =
            (0..=last).find(|&at| view.get(at..).is_some_and(|view| two_rows(layout, view)));
        if let Some(found) = found {
            let begin = walk.at() + found as u64;
            return Ok(Some(Records { begin, end: len, by_head: false }));
        }
        walk.advance(last + 1);
    }
}
