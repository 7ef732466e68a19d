//! PANalytical XRDML: the XML of X'Pert and Empyrean diffractometers, schema 1.0 to 2.x.
//!
//! `intensities` are counts for which an attenuator was allowed already; `counts` (since schema 2) are what the detector
//! counted, and are multiplied by `beamAttenuationFactors`, the counts themselves given beside as `detector_counts`. Places
//! of drives are listed, or told by the first and the last point. Source: the schema's own names and what files hold;
//! that `intensities` hold the factors and `counts` do not is what the schema says of both.

mod parse;
mod scan;

use std::sync::Arc;

use galvanome_model::note::Note;

use self::parse::parse;
use crate::diffraction;
use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::source::head_of;
use crate::xml::walk::Ended;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format = Format {
    id: "panalytical-xrdml",
    name: "PANalytical XRDML",
    endings: &["xrdml"],
    claims,
    read,
};

/// Bytes in which the outermost element begins.
const HEAD: usize = 4096;
/// What the outermost element is called.
const ROOT: &[u8] = b"xrdMeasurements";
/// Versions of the schema that real files proved.
const PROVEN: [&str; 4] = ["1.3", "1.5", "1.6", "2.1"];

fn claims(files: &Files) -> Confidence {
    let Some(member) = files.only() else { return Confidence::No };
    let Ok(head) = head_of(member.source.as_ref(), HEAD) else { return Confidence::No };
    let begins = head.iter().position(|byte| !byte.is_ascii_whitespace());
    let head = begins.and_then(|begins| head.get(begins..)).unwrap_or_default();
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let root = head.windows(ROOT.len() + 1).any(|window| {
        window
            .strip_prefix(ROOT)
            .is_some_and(|behind| matches!(behind, b" " | b">" | b"\t" | b"\r" | b"\n"))
    });
    Confidence::certain_if(head.starts_with(b"<") && root)
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let damaged = |what: &str| {
        ReadError::new(Trouble::Damaged, what, "fetch the file from the instrument again")
    };
    let member = files.only().ok_or_else(|| damaged("XRDML is one file"))?;
    let found = parse(&Arc::clone(&member.source), limits, sink)
        .map_err(|error| ReadError::source(files.name(), &error))?;
    if !found.is_xrdml {
        return Err(damaged("there is no element `xrdMeasurements` in it"));
    }
    match found.version.as_deref() {
        Some(version) if PROVEN.contains(&version) => {}
        version => {
            let version = version.unwrap_or("unknown");
            let message = format!(
                "no file of version {version} of the schema was seen yet; it was read as its neighbours are. Compare it with the vendor's software"
            );
            sink.note(Note::new("unverified-format", message, ""));
        }
    }
    if found.ended == Ended::Cut {
        let message = "the file is cut off; everything that stands before the cut was read";
        sink.note(Note::new("truncated-file", message, format!("scan {}", found.scans.len())));
    }
    let scans = scan::finish(found.scans, sink);
    if scans.is_empty() {
        sink.note(Note::new("no-data", "no scan with an intensity is in it", ""));
    }
    diffraction::tell(scans, sink);
    Ok(())
}
