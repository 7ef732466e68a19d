//! What a walk through all records finds before the first one is handed on.

use std::io;

use galvanome_model::note::Note;

use super::super::find::Walk;
use super::super::header::Block;
use super::layout::{FIRST, Layout, SECOND};
use crate::le::u32_at;
use crate::sink::Sink;
use crate::source::Source;

/// What was found in one walk through the records.
#[derive(Default)]
pub(super) struct Found {
    pub(super) stretches: Vec<(u64, u64)>,
    rows: u64,
    pub(super) first: Option<Vec<u8>>,
    last_index: u32,
    pub(super) disorder: bool,
    /// Records that are no rows.
    others: u64,
    /// Which of the numbers that nobody knows are not 0 everywhere.
    pub(super) unknown: Vec<bool>,
}

impl Found {
    /// Walks through every record. Errors when the source cannot be read.
    pub(super) fn walk(source: &dyn Source, blocks: &[Block], layout: &Layout) -> io::Result<Self> {
        let mut found = Self { unknown: vec![false; layout.unknown.len()], ..Self::default() };
        let mut parts: Vec<(u64, u64)> = blocks
            .iter()
            .filter(|block| block.begin < source.len())
            .map(|b| (b.begin, b.end()))
            .collect();
        if parts.iter().all(|(begin, end)| end <= begin) {
            parts = vec![(1024, source.len())];
        }
        for (begin, end) in parts {
            let mut walk = Walk::new(source, begin, end);
            loop {
                let view = walk.view(layout.len)?;
                let Some(record) = view.get(..layout.len) else { break };
                match layout.index(record) {
                    Some(index) => {
                        found.disorder |= found.rows > 0 && index <= found.last_index;
                        found.last_index = index;
                        found.rows += 1;
                        if found.first.is_none() {
                            found.first = Some(record.to_vec());
                        }
                        for (seen, at) in found.unknown.iter_mut().zip(layout.unknown) {
                            *seen |= u32_at(record, *at) != 0;
                        }
                    }
                    None => found.others += 1,
                }
                walk.advance(layout.len);
            }
            found.stretches.push((begin, walk.at()));
        }
        Ok(found)
    }

    /// Notes what was found.
    pub(super) fn note(
        &self,
        source: &dyn Source,
        blocks: &[Block],
        layout: &Layout,
        promised: Option<u64>,
        sink: &mut dyn Sink,
    ) {
        let row = || format!("row {}", self.rows);
        let missing: u64 = blocks
            .iter()
            .map(|block| block.end().saturating_sub(source.len().max(block.begin)))
            .fold(0, u64::saturating_add);
        if missing > 0 {
            let message = format!(
                "the file is cut off: about {} more records should follow; every whole row was read",
                missing.div_ceil(layout.len as u64)
            );
            sink.note(Note::new("truncated-file", message, row()));
        }
        if self.others > 0 {
            let message = format!("{} records of unknown kinds were left out", self.others);
            sink.note(Note::new("unknown-record", message, ""));
        }
        if let Some(promised) = promised.filter(|&promised| promised != self.rows) {
            let message = format!(
                "the description of the test promises {promised} rows, and the file holds {}",
                self.rows
            );
            sink.note(Note::new("row-count", message, row()));
        }
        if layout.len != FIRST.len && layout.unix.is_none() {
            let message = format!(
                "records of {} bytes were not seen before: what stands behind their first {} bytes (the clock, the cycle) was not read",
                layout.len, SECOND.len
            );
            sink.note(Note::new("unverified-format", message, ""));
        } else if layout.len == FIRST.len || layout.len == 60 {
            let message = format!(
                "records of {} bytes were not tried on a file whose export by the vendor was at hand; compare some rows with BTSDA",
                layout.len
            );
            sink.note(Note::new("unverified-format", message, ""));
        }
        let unknown: Vec<String> = layout
            .unknown
            .iter()
            .zip(&self.unknown)
            .filter(|(_, seen)| **seen)
            .map(|(at, _)| format!("unknown_{at}"))
            .collect();
        if !unknown.is_empty() {
            let message = format!(
                "the meaning of these numbers is not known; they are called by their byte in the record: {}",
                unknown.join(", ")
            );
            sink.note(Note::new("unknown-column", message, ""));
        }
    }
}
