//! Neware `.ndax`: a zip of tables (`.ndc`) and XML, the test file of BTS 8.
//!
//! `data.ndc` holds the rows. Up to version 5 everything of a row stands there; since version 8 only voltage and current
//! do, and time, charge and energy are stored for some rows in `data_runInfo.ndc`, the steps in `data_step.ndc`,
//! further channels in `data_AUX_*.ndc`. What is filled in between is marked so by the origin of its column, and a note
//! counts the rows. Positive current charges, as in the file.
//!
//! The instrument's count of cycles is kept. Where somebody asked BTSDA to count cycles otherwise, the file remembers it
//! (`CycleMode`), and `cycle_count` follows it; the instrument's count is then `instrument_cycle_count`.
//!
//! The instrument's computer keeps the same `.ndc` files unpacked, side by side in a folder (`NAME.ndc`, `NAME_step.ndc`,
//! …). Such a set, or one file of it, is read as the zip would be ([`bare`]).

mod aux;
mod bare;
mod full;
mod info;
mod pages;
mod split;
mod write;

use std::io;

use galvanome_model::measurement::Zone;
use galvanome_model::note::Note;

use self::aux::Channels;
use self::info::Info;
use self::pages::{Pages, Stream, Wrong};
use self::split::{Columns, Data, Family, Join, ROW_LEN, Steps, family};
pub use self::write::{NdaxTest, write_ndax};
use crate::archive::{Archive, End};
use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::neware::batch::{Batch, ROWS};
use crate::neware::rows::note_unknown_types;
use crate::neware::steps::CycleCounter;
use crate::neware::{clock, record};
use crate::sink::Sink;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format = Format {
    id: "neware-ndax",
    name: "Neware ndax and ndc",
    endings: &["ndax", "ndc"],
    claims,
    read,
};

/// The member that holds the rows.
const DATA: &str = "data.ndc";

/// Versions that real files proved.
const PROVEN: [u8; 3] = [5, 14, 17];

fn claims(files: &Files) -> Confidence {
    let archive = match Archive::open(files) {
        Ok(Some(archive)) => archive,
        Ok(None) => return bare::claims(files),
        Err(_) => return Confidence::No,
    };
    let ndc = archive.entries.iter().any(|entry| entry.has_ending("ndc"));
    // A file that was cut off may have kept no more than its first member.
    let xml = ["Step.xml", "EditStep.xml", "TestInfo.xml", "VersionInfo.xml"];
    let xml = xml.iter().filter(|name| archive.entry(name).is_some()).count();
    match (ndc, xml) {
        (true, _) | (_, 3..) => Confidence::Certain,
        (false, 1..) => Confidence::Likely,
        (false, _) => Confidence::No,
    }
}

/// Why reading ended early.
enum Failure {
    Source(io::Error),
    Sink(ReadError),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Source(error)
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        Self::Sink(error)
    }
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let archive = Archive::open(files).map_err(|error| ReadError::source(files.name(), &error))?;
    let Some(archive) = archive.or_else(|| bare::set(files)) else {
        return Err(ReadError::new(
            Trouble::Damaged,
            "the file does not begin as a zip does, nor as one of its tables",
            "copy the file from the instrument's computer again",
        ));
    };
    read_archive(&archive, limits, sink).map_err(|error| match error {
        Failure::Source(error) => ReadError::source(files.name(), &error),
        Failure::Sink(error) => error,
    })
}

fn read_archive(archive: &Archive, limits: &Limits, sink: &mut dyn Sink) -> Result<(), Failure> {
    if !archive.whole {
        let message = "the file is cut off: the directory at its end is missing, and members behind the cut with it; what was left was read";
        sink.note(Note::new("truncated-file", message, ""));
    }
    let climbing = archive.entries.iter().filter(|entry| entry.climbs()).count();
    if climbing > 0 {
        let message =
            format!("{climbing} members have names that lead out of the file and were not read");
        sink.note(Note::new("unsafe-name", message, ""));
    }
    let info = info::tell(archive, limits, sink)?;
    let data = match archive.entry(DATA) {
        Some(entry) => Pages::begin(archive.unpack(entry)?)?,
        None => None,
    };
    let server =
        info.server.clone().or_else(|| data.as_ref().and_then(|data| server_of(&data.head)));
    sink.instrument(
        &server.map_or_else(|| "Neware".to_owned(), |server| format!("Neware {server}")),
    );
    let Some(data) = data else {
        sink.note(if archive.is_bare() {
            let message = "the file that holds the rows (NAME.ndc) is missing; read it together with its fellows (NAME_step.ndc, NAME_runInfo.ndc, …), in a folder of their own";
            Note::new("member-missing", message, DATA)
        } else {
            let message = "data.ndc, which holds the rows, is missing or cut off before its first row; copy the file again";
            Note::new("truncated-file", message, DATA)
        });
        return Ok(());
    };
    sink.metadata("ndc version", &data.version.to_string());
    if let Some(layout) = record::of_ndc(data.version) {
        note_unproven(data.version, sink);
        return full::read(archive, data, layout, &info, limits, sink);
    }
    if let Some(family) = family(data.version) {
        note_unproven(data.version, sink);
        return read_split(archive, data, family, &info, limits, sink);
    }
    let message = format!(
        "version {} of Neware ndc is not known: its rows were not read. Export the test from BTSDA as text, and send the makers of this reader the file",
        data.version
    );
    sink.note(Note::new("unsupported-version", message, DATA));
    Ok(())
}

fn note_unproven(version: u8, sink: &mut dyn Sink) {
    if !PROVEN.contains(&version) {
        let message = format!(
            "version {version} of Neware ndc was not tried on a real file; compare some rows with BTSDA"
        );
        sink.note(Note::new("unverified-format", message, DATA));
    }
}

/// The software that stored the test, as the first page names it.
fn server_of(head: &[u8]) -> Option<String> {
    let text = head.get(182..232)?;
    let text = text.split(|&byte| byte == 0).next().unwrap_or_default();
    text.starts_with(b"BTS").then(|| String::from_utf8_lossy(text).into_owned())
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

fn read_split(
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

/// Notes what was found wrong with the pages of a member.
fn note_wrong(name: &str, wrong: Wrong, sink: &mut dyn Sink) {
    if wrong.checksums > 0 {
        let message = format!(
            "the checksums of {} pages of {name} do not hold: their rows may be damaged. They were kept as they are",
            wrong.checksums
        );
        sink.note(Note::new("checksum", message, format!("{name}, page {}", wrong.first_checksum)));
    }
    if wrong.counts > 0 {
        let message = format!(
            "{} pages of {name} count other rows than they mark; the marked ones were read",
            wrong.counts
        );
        sink.note(Note::new("row-count", message, name));
    }
    match wrong.end {
        Some(End::Cut | End::Broken) => {
            let message = format!(
                "{name} is cut off or does not unpack to its end; every whole row was read"
            );
            sink.note(Note::new("truncated-file", message, name));
        }
        Some(End::Unknown | End::TooLong) => {
            let message = format!("{name} is packed or locked in a way that is not known");
            sink.note(Note::new("unsupported-version", message, name));
        }
        Some(End::Open | End::Whole) | None => {}
    }
    if wrong.empty {
        let message =
            format!("{name} holds page after page without a row; the rest was not looked at");
        sink.note(Note::new("limit-reached", message, name));
    }
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

fn note_channels(channels: &Channels, rows: u64, sink: &mut dyn Sink) {
    for (name, wrong, used) in channels.wrong() {
        note_wrong(name, wrong, sink);
        if used < rows {
            let message = format!("{name} has values for {used} of {rows} rows");
            sink.note(Note::new("row-count", message, name));
        }
    }
}
