//! Versions 129 and 130, of BTS 9: floating-point numbers, milliampere seconds, clocks of nanoseconds.

mod found;
mod layout;
mod rows;

use std::io;

use galvanome_model::measurement::Zone;
use galvanome_model::note::Note;

use self::found::Found;
use self::layout::Time;
use self::rows::Rows;
use super::header::{Block, has_parts, tell_bts9, tell_version};
use super::order;
use crate::failure::Failure;
use crate::le::u8_at;
use crate::limits::Limits;
use crate::neware::batch::Batch;
use crate::neware::clock;
use crate::neware::rows::note_unknown_types;
use crate::sink::Sink;
use crate::source::{Source, read_full};

pub(super) fn read(
    source: &dyn Source,
    head: &[u8],
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), Failure> {
    tell_version(head, u8_at(head, super::VERSION_AT), sink);
    let promised = tell_bts9(source, head, sink)?;
    let blocks = blocks(source, head)?;
    let layout = layout::find(source, head, &blocks, promised)?;
    let Some(layout) = layout else {
        let message = "the file ends before its first row, or its rows are not to be found; copy it from the instrument's computer again";
        sink.note(Note::new("truncated-file", message, ""));
        Batch::default().begin(limits, sink);
        return Ok(());
    };
    let found = Found::walk(source, &blocks, &layout)?;
    let mut rows = Rows::new(layout, &found);
    if let Some(first) = &found.first {
        let test_s = match layout.time {
            Time::OfTest(_) => layout.time(first) as f64 / layout.units_per_s(),
            Time::OfStep(_) => 0.0,
        };
        if let Some(start) = clock::start(layout.unix_s(first), test_s, Zone::Stated) {
            sink.started_at(start);
        }
    }
    rows.batch.begin(limits, sink);
    let index = |record: &[u8]| layout.index(record);
    let all = order::Rows { source, len: layout.len, stretches: &found.stretches, index: &index };
    let mut each = |records: &[u8], sink: &mut dyn Sink| {
        rows.decode(records);
        Ok(rows.batch.flush(sink)?)
    };
    if found.disorder {
        all.sorted(sink, &mut each)?;
    } else {
        all.in_file_order(sink, &mut each)?;
    }
    note_unknown_types(&rows.unknown_types, sink);
    found.note(source, &blocks, &layout, promised, sink);
    Ok(())
}

/// The blocks of rows: one, or one for each part of a file that was put together.
fn blocks(source: &dyn Source, head: &[u8]) -> io::Result<Vec<Block>> {
    let whole = Block::at_long(head, 82);
    if whole.begin != 0 || !has_parts(head) {
        return Ok(vec![whole]);
    }
    let mut blocks = Vec::new();
    let mut at = 1024;
    // Parts follow one another, so that this ends with the file.
    while at < source.len() && blocks.len() < 10_000 {
        let mut part = [0; 258];
        let got = read_full(source, at, &mut part)?;
        if got < part.len() || !part.starts_with(super::MARK) {
            break;
        }
        let block = Block::at_long(&part, 82);
        if block.len > 0 {
            blocks.push(block);
        }
        let next = Block::at_long(&part, 242).end();
        if next <= at {
            break;
        }
        at = next;
    }
    Ok(blocks)
}
