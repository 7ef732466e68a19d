//! Rows of a data module on their way to a sink: read piece by piece, decoded in batches, and, where two threads may be
//! taken, decoded on one of them while the sink takes the batch before on the other.

use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread::{Builder, scope};

use galvanome_model::measurement::Values;
use galvanome_model::note::Note;

use super::columns::UNNAMED_FLAGS;
use super::decode::Decoder;
use super::layout::Layout;
use super::modules::Module;
use super::plan::{Beside, columns};
use crate::error::ReadError;
use crate::limits::Limits;
use crate::sink::Sink;
use crate::source::{Source, read_full};

/// Bytes read from the source at once, and values handed over at once, over all columns: what stays in a processor's
/// cache.
const PIECE: usize = 1 << 17;
const BATCH_CELLS: usize = 1 << 15;

/// Batches that are under way between two threads.
const BATCHES: usize = 3;

/// Bytes of rows from which a second thread, and the room for batches between the two, are worth their start.
const BYTES_FOR_TWO: u64 = 1 << 22;

/// Where the rows lie.
#[derive(Clone, Copy)]
struct Stretch<'a> {
    source: &'a dyn Source,
    file: &'a str,
    begin: u64,
    width: usize,
    rows: u64,
    /// Rows of a batch.
    in_batch: usize,
}

/// Reads the rows of a data module into a table of a name. Errors when the source cannot be read, or the sink
/// cannot keep the rows.
pub(super) fn read_rows(
    name: &str,
    module: &Module,
    layout: &Layout,
    beside: &Beside,
    (source, file): (&dyn Source, &str),
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), ReadError> {
    let place = format!("byte {}", module.at);
    let (mut columns, mut rules) = columns(layout, beside, &place, sink);
    if let Some(note) = limits.too_many_columns(columns.len(), &place) {
        sink.note(note);
        columns.truncate(limits.max_columns);
        rules.truncate(limits.max_columns);
    }
    sink.table(name, &columns);
    let Some(width) = layout.width.filter(|&width| width > 0) else {
        let message = "how wide a row is cannot be told from the columns and the length of the module, so no row was read; export the file as text from EC-Lab";
        sink.note(Note::new("unknown-row-width", message, place));
        return Ok(());
    };
    let (there, expected) = layout.rows(module);
    if layout.counted != expected {
        let message = format!(
            "the file counts {} rows, but its length is that of {expected}; {there} whole rows were read",
            layout.counted
        );
        sink.note(Note::new("row-count", message, &place));
    }
    let most = limits.max_rows.min(limits.max_cells / columns.len().max(1) as u64);
    let rows = there.min(most);
    if rows < there {
        let message =
            format!("the limit on rows was reached; the first {rows} of {there} rows were read");
        sink.note(Note::new("limit-reached", message, &place));
    }
    let mut decoder = Decoder::new(rules, &beside.loops, width);
    let stretch = Stretch {
        source,
        file,
        begin: module.at + layout.rows_at,
        width,
        rows,
        in_batch: (BATCH_CELLS / columns.len().max(1)).max(1),
    };
    let is_long = rows.saturating_mul(width as u64) >= BYTES_FOR_TWO;
    let outcome = if limits.threads > 1 && is_long {
        read_beside(stretch, &mut decoder, sink)
    } else {
        read_alone(stretch, &mut decoder, sink)
    };
    if decoder.infinite > 0 {
        let message = format!("{} values are infinite and count as missing", decoder.infinite);
        let place = format!("row {}", decoder.first_infinite);
        sink.note(Note::new("infinite-value", message, place));
    }
    if decoder.flagged > 0 {
        let message = format!(
            "bit 0x{UNNAMED_FLAGS:x} of the byte of flags is set in {} rows; EC-Lab's text has no column for it, what it means is not known, and it was not kept",
            decoder.flagged
        );
        let place = format!("row {}", decoder.first_flagged);
        sink.note(Note::new("unknown-flag", message, place));
    }
    if there < expected {
        let message = format!(
            "the file stops within its rows; {} of {expected} rows are whole and were read. Fetch the file again if the test is longer",
            decoder.done
        );
        sink.note(Note::new("truncated-file", message, format!("row {}", decoder.done + 1)));
    }
    outcome
}

/// What takes the bytes of whole rows, and says whether it wants more.
type Take<'a> = dyn FnMut(&mut Decoder<'_>, &[u8]) -> Result<ControlFlow<()>, ReadError> + 'a;

/// Reads the rows piece by piece and hands each batch of whole rows to `take`, until it wants no more. Errors when the
/// source cannot be read, or as `take` does.
fn read_each(
    stretch: Stretch<'_>,
    decoder: &mut Decoder<'_>,
    take: &mut Take<'_>,
) -> Result<(), ReadError> {
    let Stretch { source, file, begin, width, rows, in_batch } = stretch;
    let at_once = (PIECE / width).max(1);
    let most = usize::try_from(rows).map_or(at_once, |rows| rows.min(at_once));
    let mut piece = vec![0; most * width];
    while decoder.done < rows {
        let left = usize::try_from(rows - decoder.done).unwrap_or(usize::MAX);
        let wanted = left.min(at_once) * width;
        let Some(room) = piece.get_mut(..wanted) else { break };
        let read = read_full(source, begin + decoder.done * width as u64, room)
            .map_err(|error| ReadError::source(file, &error))?;
        let there = room.get(..read - read % width).unwrap_or_default();
        if there.is_empty() {
            break;
        }
        for some in there.chunks(in_batch * width) {
            if take(decoder, some)?.is_break() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Reads, decodes and hands on, on this thread. Errors when the source cannot be read, or the sink cannot keep the rows.
fn read_alone(
    stretch: Stretch<'_>,
    decoder: &mut Decoder<'_>,
    sink: &mut dyn Sink,
) -> Result<(), ReadError> {
    let mut batch = decoder.empty();
    read_each(stretch, decoder, &mut |decoder, rows| {
        decoder.decode(rows, &mut batch);
        sink.rows(&batch)?;
        Ok(ControlFlow::Continue(()))
    })
}

/// As [`read_alone`], with reading and decoding on another thread: the same rows in the same order.
fn read_beside(
    stretch: Stretch<'_>,
    decoder: &mut Decoder<'_>,
    sink: &mut dyn Sink,
) -> Result<(), ReadError> {
    let (full, take_full) = sync_channel::<Vec<Values>>(BATCHES);
    let (empty, take_empty) = channel();
    for _ in 0..BATCHES {
        // The other end is there still.
        drop(empty.send(decoder.empty()));
    }
    let outcome = scope(|scope| {
        let decoder = &mut *decoder;
        let work = move || decode_into(stretch, decoder, &take_empty, &full);
        let Ok(worker) = Builder::new().spawn_scoped(scope, work) else { return None };
        let mut kept = Ok(());
        while let Ok(batch) = take_full.recv() {
            kept = sink.rows(&batch);
            if kept.is_err() {
                break;
            }
            // Once it has read all it needs no more.
            drop(empty.send(batch));
        }
        // When the sink has failed, the worker must not wait for room.
        drop((take_full, empty));
        let read = worker.join().unwrap_or_else(|panic| resume_unwind(panic));
        Some(kept.and(read))
    });
    // A system that gives no thread.
    outcome.unwrap_or_else(|| read_alone(stretch, decoder, sink))
}

/// Decodes batch after batch into emptied ones, until all is read or nobody takes them. Errors when the source cannot be
/// read.
fn decode_into(
    stretch: Stretch<'_>,
    decoder: &mut Decoder<'_>,
    empty: &Receiver<Vec<Values>>,
    full: &SyncSender<Vec<Values>>,
) -> Result<(), ReadError> {
    read_each(stretch, decoder, &mut |decoder, rows| {
        let Ok(mut batch) = empty.recv() else { return Ok(ControlFlow::Break(())) };
        decoder.decode(rows, &mut batch);
        let taken = full.send(batch).is_ok();
        Ok(if taken { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })
}
