//! Versions up to 5: everything of a row stands in `data.ndc`.

use galvanome_model::note::Note;

use super::aux;
use super::family::DATA;
use super::info::Info;
use super::notes::{note_channels, note_wrong};
use super::pages::Pages;
use crate::archive::Archive;
use crate::failure::Failure;
use crate::limits::Limits;
use crate::neware::batch::ROWS;
use crate::neware::record::Layout;
use crate::neware::rows::{Rows, Survey};
use crate::sink::Sink;

pub(super) fn read(
    archive: &Archive,
    mut data: Pages,
    layout: Layout,
    info: &Info,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), Failure> {
    // Once for what must be known of all rows before the first one is handed on, and once for the rows.
    let mut survey = Survey::default();
    let mut first = None;
    let mut unknown: u64 = 0;
    while let Some(page) = data.next(layout.len)? {
        for (_, row) in page.rows(layout.len) {
            if layout.is_row(row) {
                survey.look(&layout, row);
                if first.is_none() {
                    first = Some(row.to_vec());
                }
            } else if row.iter().any(|&byte| byte != 0) {
                unknown += 1;
            }
        }
    }
    let wrong = data.wrong;
    let mut rows = Rows::new(layout, 0, survey, sink);
    let mut channels = aux::columns(archive, info, limits, &mut rows.batch, sink)?;
    rows.begin(first.as_deref(), limits, sink);
    let again = match archive.entry(DATA) {
        Some(entry) => Pages::begin(archive.unpack(entry)?)?,
        None => None,
    };
    let mut waiting = Vec::new();
    let (mut last, mut back) = (0, 0);
    if let Some(mut data) = again {
        while let Some(page) = data.next(layout.len)? {
            for (_, row) in page.rows(layout.len).filter(|(_, row)| layout.is_row(row)) {
                let index = layout.index(row);
                if index <= last {
                    back += 1;
                }
                last = index;
                channels.fill(&[u64::from(index)], &mut rows.batch)?;
                waiting.extend_from_slice(row);
            }
            if waiting.len() >= ROWS * layout.len {
                rows.decode(&waiting);
                waiting.clear();
                if !rows.flush(sink)? {
                    break;
                }
            }
        }
    }
    rows.decode(&waiting);
    rows.flush(sink)?;
    note_wrong(DATA, wrong, sink);
    if back > 0 {
        let message = format!(
            "{back} rows do not stand in the order of their numbers; they were kept in the order of the file"
        );
        sink.note(Note::new("rows-out-of-order", message, "column record_index"));
    }
    if unknown > 0 {
        let message = format!("{unknown} records of unknown kinds were left out");
        sink.note(Note::new("unknown-record", message, DATA));
    }
    rows.finish(sink);
    note_channels(&channels, rows.batch.gave(), sink);
    Ok(())
}
