//! Versions since 8: voltage and current of each row in one member, and time, charge and energy of some rows in
//! another (`data_runInfo.ndc`), the steps in a third (`data_step.ndc`).

use std::io;

use galvanome_model::measurement::Zone;
use galvanome_model::note::Note;

use super::aux;
use super::columns::{Columns, Data};
use super::family::{DATA, Family, ROW_LEN};
use super::info::Info;
use super::join::Join;
use super::notes::{note_channels, note_wrong};
use super::pages::{Pages, Stream, Wrong};
use super::steps::Steps;
use crate::archive::Archive;
use crate::failure::Failure;
use crate::limits::Limits;
use crate::neware::batch::{Batch, ROWS};
use crate::neware::clock;
use crate::neware::rows::note_unknown_types;
use crate::neware::steps::CycleCounter;
use crate::sink::Sink;

pub(super) fn read(
    archive: &Archive,
    mut data: Pages,
    family: Family,
    info: &Info,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), Failure> {
    let counter = match info.cycle_mode.as_deref() {
        None | Some("0") => None,
        Some("1") => {
            let message = "the file asks for cycles that begin with a charge (CycleMode 1): cycle_count is counted so, and instrument_cycle_count is the instrument's own count";
            sink.note(Note::new("cycles-counted", message, "column cycle_count"));
            Some(CycleCounter::new(true))
        }
        Some(other) => {
            let message = format!(
                "the file asks for another way to count cycles (CycleMode {other}), which is not known; cycle_count is the instrument's own count"
            );
            sink.note(Note::new("cycle-mode-unknown", message, "column cycle_count"));
            None
        }
    };
    let version = data.version;
    let mut step_wrong = Wrong::default();
    let steps = match stream(archive, "data_step.ndc", version, family.step_len, sink)? {
        Some(mut stream) => {
            let steps = Steps::read(&mut stream)?;
            step_wrong = stream.pages.wrong;
            steps
        }
        None => Steps::default(),
    };
    let runs = stream(archive, "data_runInfo.ndc", version, family.run_len, sink)?;
    let mut join = Join::begin(family, runs, steps, counter)?;
    let mut batch = Batch::default();
    let columns = Columns::new(&mut batch, counter.is_some());
    let mut channels = aux::columns(archive, info, limits, &mut batch, sink)?;
    if let Some((unix_s, test_s)) = join.start()
        && let Some(start) = clock::start(unix_s, test_s, Zone::Stated)
    {
        sink.started_at(start);
    }
    batch.begin(limits, sink);
    let mut waiting = 0;
    let mut places = 0;
    let mut rows = Data::default();
    while let Some(page) = data.next(ROW_LEN)? {
        rows.take(&family, &page);
        join.put(&rows, &columns, &mut batch)?;
        channels.fill(&rows.places, &mut batch)?;
        places = rows.places.last().copied().unwrap_or(places);
        waiting += rows.places.len();
        if waiting >= ROWS {
            waiting = 0;
            if !batch.flush(sink)? {
                break;
            }
        }
    }
    batch.flush(sink)?;
    note_wrong(DATA, data.wrong, sink);
    note_wrong("data_step.ndc", step_wrong, sink);
    note_join(&join, places, batch.gave(), sink);
    note_channels(&channels, batch.gave(), sink);
    Ok(())
}

/// A member as a stream of rows of a length; none when it is not there, or not of the version.
fn stream(
    archive: &Archive,
    name: &str,
    version: u8,
    row_len: usize,
    sink: &mut dyn Sink,
) -> io::Result<Option<Stream>> {
    let Some(entry) = archive.entry(name) else {
        sink.note(if archive.is_bare() {
            let message = format!(
                "{} of the same test is missing; read the files of a test together, in a folder of their own",
                name.replace("data_", "NAME_")
            );
            Note::new("member-missing", message, name)
        } else {
            Note::new("truncated-file", format!("{name} is missing"), name)
        });
        return Ok(None);
    };
    let Some(pages) = Pages::begin(archive.unpack(entry)?)? else {
        let message = format!("{name} is cut off before its first row");
        sink.note(Note::new("truncated-file", message, name));
        return Ok(None);
    };
    if pages.version != version {
        let message = format!(
            "{name} is of version {}, data.ndc of version {version}; it was left out",
            pages.version
        );
        sink.note(Note::new("unsupported-version", message, name));
        return Ok(None);
    }
    Ok(Some(Stream::new(pages, row_len)))
}

fn note_join(join: &Join, places: u64, rows: u64, sink: &mut dyn Sink) {
    const RUNS: &str = "data_runInfo.ndc";
    if let Some(runs) = &join.runs {
        note_wrong(RUNS, runs.pages.wrong, sink);
    }
    if join.filled > 0 {
        let message = format!(
            "time, charge and energy are stored for {} of {rows} rows; between them time was counted on by the stored interval, and charge and energy by current times interval, as BTSDA does",
            join.stored
        );
        sink.note(Note::new("rows-filled-in", message, RUNS));
    }
    if join.lost > 0 {
        let message = format!(
            "for {} rows the file does not say when they were measured: their time, charge and energy are missing",
            join.lost
        );
        sink.note(Note::new("rows-without-time", message, RUNS));
    }
    if let Some(beyond) = join.beyond().filter(|_| rows > 0) {
        let message =
            format!("{RUNS} goes on to row {beyond} at least, and {DATA} ends with row {places}");
        sink.note(Note::new("row-count", message, format!("row {places}")));
    }
    // Every test has one such row, which repeats the first after the first tenth of a second.
    if join.repeated > 1 {
        let message = format!(
            "{} rows of {RUNS} repeat or go back behind others; the first of each was taken",
            join.repeated
        );
        sink.note(Note::new("rows-out-of-order", message, RUNS));
    }
    if join.clock_back > 0 {
        let message =
            format!("the clock goes back {} times; it was kept as it is", join.clock_back);
        sink.note(Note::new("clock-goes-back", message, "column unix_time_second"));
    }
    note_unknown_types(&join.unknown_kinds, sink);
}
