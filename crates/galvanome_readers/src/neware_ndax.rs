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
mod columns;
mod family;
mod full;
mod info;
mod join;
mod notes;
mod pages;
mod split;
mod steps;
mod stored;
mod write;

use galvanome_model::note::Note;

use self::family::{DATA, family};
use self::pages::Pages;
pub use self::write::{NdaxTest, write_ndax};
use crate::archive::Archive;
use crate::error::{ReadError, Trouble};
use crate::failure::Failure;
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::neware::record;
use crate::sink::Sink;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format = Format {
    id: "neware-ndax",
    name: "Neware ndax and ndc",
    endings: &["ndax", "ndc"],
    claims,
    read,
};

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

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let archive = Archive::open(files).map_err(|error| ReadError::source(files.name(), &error))?;
    let Some(archive) = archive.or_else(|| bare::set(files)) else {
        return Err(ReadError::new(
            Trouble::Damaged,
            "the file does not begin as a zip does, nor as one of its tables",
            "copy the file from the instrument's computer again",
        ));
    };
    read_archive(&archive, limits, sink).map_err(|failure| failure.in_file(files.name()))
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
        return split::read(archive, data, family, &info, limits, sink);
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
