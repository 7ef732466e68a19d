//! Versions up to 29: integers, scaled by the range of the current.

use std::collections::BTreeMap;
use std::io;

use galvanome_model::note::Note;

use super::aux::{AUX, Readings, places};
use super::find::{Records, Walk, is_event, records, two_rows};
use super::header::{Block, fixed_range, tell};
use super::order;
use crate::failure::Failure;
use crate::limits::Limits;
use crate::neware::record::Layout;
use crate::neware::rows::{Rows, Survey};
use crate::sink::Sink;
use crate::source::Source;

/// Versions that real files and the vendor's export of them proved.
const PROVEN: [u8; 4] = [8, 22, 23, 29];

/// What was found in one walk through the records.
#[derive(Default)]
struct Found {
    survey: Survey,
    aux: Readings,
    /// Parts of the file in which records follow one another: where they begin and end.
    stretches: Vec<(u64, u64)>,
    rows: u64,
    first: Option<Vec<u8>>,
    last_index: u32,
    /// Rows whose number is not above that of the row before.
    disorder: u64,
    /// Records of unknown kinds, by mark.
    unknown: BTreeMap<u8, u64>,
    /// Bytes that were skipped to find records again, and the first place.
    skipped: u64,
    skipped_at: u64,
    /// Bytes behind the last whole record.
    rest: u64,
}

pub(super) fn read(
    source: &dyn Source,
    head: &[u8],
    version: u8,
    layout: Layout,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), Failure> {
    tell(source, head, version, sink)?;
    if !PROVEN.contains(&version) {
        let message = format!(
            "version {version} of Neware nda was not tried on a file whose export by the vendor was at hand; compare some rows with BTSDA"
        );
        sink.note(Note::new("unverified-format", message, ""));
    }
    let range = fixed_range(source, head)?;
    let block = Block::at(head, 64);
    let mut found = Found::default();
    let records = records(source, block, &layout)?;
    if let Some(records) = records {
        found.walk(source, records, &layout, version)?;
        found.aux_behind(source, head, records, &layout, version)?;
    }
    let mut rows = Rows::new(layout, range, std::mem::take(&mut found.survey), sink);
    let mut channels = std::mem::take(&mut found.aux).columns(&mut rows.batch);
    rows.begin(found.first.as_deref(), limits, sink);
    let index = |record: &[u8]| layout.is_row(record).then(|| layout.index(record));
    let all = order::Rows { source, len: layout.len, stretches: &found.stretches, index: &index };
    let mut each = |records: &[u8], sink: &mut dyn Sink| {
        rows.decode(records);
        let indexes = records.chunks_exact(layout.len).map(|row| layout.index(row));
        channels.fill(&mut rows.batch, &indexes);
        Ok(rows.flush(sink)?)
    };
    if found.disorder == 0 {
        all.in_file_order(sink, &mut each)?;
    } else {
        all.sorted(sink, &mut each)?;
    }
    rows.finish(sink);
    note(source, &found, records, &layout, sink);
    Ok(())
}

impl Found {
    fn walk(
        &mut self,
        source: &dyn Source,
        records: Records,
        layout: &Layout,
        version: u8,
    ) -> io::Result<()> {
        let places = places(version);
        // Rows that go on behind the end that the head states are rows all the same.
        let mut walk = Walk::new(source, records.begin, source.len());
        let mut begin = records.begin;
        loop {
            let at = walk.at();
            let view = walk.view(3 * layout.len)?;
            let plain = self.plain_rows(layout, view, records.end.saturating_sub(at));
            if plain > 0 {
                walk.advance(plain * layout.len);
                continue;
            }
            let Some(record) = view.get(..layout.len) else {
                self.rest = if at < records.end { view.len() as u64 } else { 0 };
                break;
            };
            let beyond = at >= records.end;
            if layout.is_row(record) {
                let index = layout.index(record);
                if beyond && index != self.last_index.wrapping_add(1) {
                    break;
                }
                self.survey.look(layout, record);
                if self.rows == 0 {
                    self.first = Some(record.to_vec());
                } else if index <= self.last_index {
                    self.disorder += 1;
                }
                self.last_index = index;
                self.rows += 1;
            } else if beyond {
                break;
            } else if let Some(places) = places.filter(|_| record.first() == Some(&AUX)) {
                self.aux.take(places, record);
            } else if !is_event(layout, record) && record.iter().any(|&byte| byte != 0) {
                let again = (1..layout.len)
                    .find(|&by| view.get(by..).is_some_and(|view| two_rows(layout, view)));
                if let Some(by) = again {
                    self.stretches.push((begin, at));
                    if self.skipped == 0 {
                        self.skipped_at = at;
                    }
                    self.skipped += by as u64;
                    begin = at + by as u64;
                    walk.advance(by);
                    continue;
                }
                let mark = record.get(layout.mark).copied().unwrap_or(0);
                *self.unknown.entry(mark).or_default() += 1;
            }
            walk.advance(layout.len);
        }
        self.stretches.push((begin, walk.at()));
        Ok(())
    }

    /// Takes in rows at a view as long as their numbers rise, in so many bytes, and gives how many they were.
    fn plain_rows(&mut self, layout: &Layout, view: &[u8], bytes: u64) -> usize {
        let most = usize::try_from(bytes).unwrap_or(usize::MAX) / layout.len;
        let mut plain = 0;
        if self.rows == 0 {
            return plain;
        }
        for record in view.chunks_exact(layout.len).take(most) {
            let index = layout.index(record);
            if !layout.is_row(record) || index <= self.last_index {
                break;
            }
            self.survey.look(layout, record);
            self.last_index = index;
            plain += 1;
        }
        self.rows += plain as u64;
        plain
    }

    /// Auxiliary records that stand in a block of their own, or behind the rows.
    fn aux_behind(
        &mut self,
        source: &dyn Source,
        head: &[u8],
        records: Records,
        layout: &Layout,
        version: u8,
    ) -> io::Result<()> {
        let Some(places) = places(version) else { return Ok(()) };
        let block = Block::at(head, 72);
        let (begin, end) = if block.len > 0 && block.begin > 0 {
            (block.begin, block.end())
        } else {
            (self.stretches.last().map_or(records.end, |last| last.1), source.len())
        };
        let mut walk = Walk::new(source, begin, end);
        loop {
            let view = walk.view(layout.len)?;
            let Some(record) = view.get(..layout.len) else { return Ok(()) };
            if record.first() == Some(&AUX) {
                self.aux.take(places, record);
            }
            walk.advance(layout.len);
        }
    }
}

/// Notes what is wrong with the file.
fn note(
    source: &dyn Source,
    found: &Found,
    records: Option<Records>,
    layout: &Layout,
    sink: &mut dyn Sink,
) {
    let row = || format!("row {}", found.rows);
    let Some(records) = records else {
        let message = "the file ends before its first row, or its rows are not to be found; copy it from the instrument's computer again";
        sink.note(Note::new("truncated-file", message, ""));
        return;
    };
    if !records.by_head {
        let message = format!(
            "the head does not say where the rows begin; they were found at byte {} by their look",
            records.begin
        );
        sink.note(Note::new("damaged-head", message, "byte 64"));
    }
    let missing = records.end.saturating_sub(source.len().max(records.begin));
    if missing > 0 {
        let message = format!(
            "the file is cut off: about {} more records should follow; every whole row was read",
            missing.div_ceil(layout.len as u64)
        );
        sink.note(Note::new("truncated-file", message, row()));
    } else if found.rest > 0 {
        let message = format!(
            "{} bytes follow the last whole row: the file was cut off, or not closed by the instrument; every whole row was read",
            found.rest
        );
        sink.note(Note::new("truncated-file", message, row()));
    }
    let went_on = found.stretches.last().is_some_and(|last| last.1 > records.end);
    if records.by_head && went_on {
        let message = "rows go on behind the end that the head states, and were read";
        sink.note(Note::new("row-count", message, row()));
    }
    if found.skipped > 0 {
        let message = format!(
            "rows do not follow one another without a gap; {} bytes were skipped to find them again",
            found.skipped
        );
        sink.note(Note::new("damaged-rows", message, format!("byte {}", found.skipped_at)));
    }
    for (mark, records) in &found.unknown {
        let message = format!("{records} records of unknown kind 0x{mark:02x} were left out");
        sink.note(Note::new("unknown-record", message, ""));
    }
}
