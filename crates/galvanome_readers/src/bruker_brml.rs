//! Bruker DIFFRAC.SUITE `.brml`: a zip of XML, in which `RawData0.xml` and its like hold what was measured.
//!
//! A point is an element `Datum` of numbers; `DataViews` behind them say which columns are the time, the absorber's factor,
//! the axes and what the detector gave. Where a cut took the views, the axes that the scan names before its points do.
//! Source: real files, which are plain XML.

mod columns;
mod raw_data;

use std::io;

use galvanome_model::measurement::{StartTime, Zone};
use galvanome_model::note::Note;

use self::raw_data::{RawData, parse};
use crate::archive::{Archive, Entry};
use crate::diffraction::{self, About, packed};
use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::text::clock::split_zone;
use crate::xml::walk::Step;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format = Format {
    id: "bruker-brml",
    name: "Bruker DIFFRAC.SUITE brml",
    endings: &["brml"],
    claims,
    read,
};

/// Members that only such a zip has.
const MEMBERS: [&str; 4] = [
    "DataContainer.xml",
    "InstructionContainer.xml",
    "MeasurementContainer.xml",
    "experimentCollection.xml",
];

/// The number of the raw data that a member holds.
fn number_of(entry: &Entry) -> Option<(&str, u32)> {
    let folder = entry.name.strip_suffix(entry.file_name())?;
    let number = packed::number_of(entry.file_name(), "RawData", ".xml")?;
    (!entry.climbs()).then_some((folder, number))
}

fn claims(files: &Files) -> Confidence {
    let Ok(Some(archive)) = Archive::open(files) else { return Confidence::No };
    let named = |entry: &Entry| MEMBERS.contains(&entry.file_name());
    Confidence::certain_if(
        archive.entries.iter().any(|entry| number_of(entry).is_some() || named(entry)),
    )
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let failed = |error: io::Error| ReadError::source(files.name(), &error);
    let archive = Archive::open(files).map_err(failed)?.ok_or_else(|| {
        let remedy = "fetch the file from the instrument again";
        ReadError::new(Trouble::Damaged, "the file does not begin as a zip does", remedy)
    })?;
    let mut about = About::new(limits, sink);
    let scans = read_archive(files, &archive, limits, &mut about).map_err(failed)?;
    about.finish();
    if scans.is_empty() {
        sink.note(Note::new("no-data", "no raw data with a point are in it", ""));
    }
    diffraction::tell(scans, sink);
    Ok(())
}

fn read_archive(
    files: &Files,
    archive: &Archive,
    limits: &Limits,
    about: &mut About<'_>,
) -> io::Result<Vec<diffraction::Scan>> {
    let mut cut = Vec::new();
    if !archive.whole {
        cut.push("its end".to_owned());
    }
    let mut members: Vec<_> =
        archive.entries.iter().filter_map(|entry| Some((number_of(entry)?, entry))).collect();
    members.sort_by_key(|(place, _)| *place);
    for name in ["experimentCollection.xml", "DataContainer.xml"] {
        let Some(entry) = archive.entry(name) else { continue };
        let part = name.trim_end_matches(".xml");
        let whole = packed::tell_xml(archive, entry, about, (0, part), |about, place, step| {
            if let Step::Close("DeviceTypeDesc" | "InstrumentName", Some(text)) = step
                && place.path_from(1).contains("InstrumentDescription")
            {
                about.sink.instrument(text);
            }
            true
        })?;
        if !whole {
            cut.push(entry.name.clone());
        }
    }
    let mut left = usize::try_from(limits.max_rows).unwrap_or(usize::MAX);
    left = left.min(packed::text_max(files) / 2);
    let (mut scans, mut processed, mut beyond, mut odd) = (Vec::new(), 0, 0, 0);
    let several = members.len() > 1;
    for (part, (_, entry)) in (1..).zip(members) {
        let mut found = RawData::new(left);
        if !parse(archive, entry, about, part, &mut found)? {
            cut.push(entry.name.clone());
        }
        if part == 1 && found.started.len() >= 10 {
            let zone =
                if split_zone(&found.started).is_some() { Zone::Stated } else { Zone::Local };
            about.sink.started_at(StartTime { iso: found.started.clone(), zone });
        }
        if !matches!(found.status.as_str(), "" | "Measured") {
            let message = format!(
                "the file says of {} that it is `{}`: it may not have been measured to its end",
                entry.name, found.status
            );
            about.sink.note(Note::new("incomplete-measurement", message, entry.name.clone()));
        }
        processed += found.processed();
        beyond += found.beyond;
        odd += found.odd;
        left = found.left;
        let label = if several { entry.file_name().trim_end_matches(".xml") } else { "" };
        scans.extend(found.scans(label, &entry.name, about));
    }
    packed::note_cut(&cut, about);
    for (count, code, what) in [
        (
            processed,
            "route-left-out",
            "routes hold data that were processed; only what was measured was read",
        ),
        (beyond, "limit-reached", "numbers lie beyond the limit and were not read"),
        (
            odd,
            "unreadable-value",
            "words between the numbers of points are no numbers; they are taken as missing",
        ),
    ] {
        if count > 0 {
            about.sink.note(Note::new(code, format!("{count} {what}"), ""));
        }
    }
    Ok(scans)
}
