//! Bruker and Siemens DIFFRAC `.raw`, versions 1 to 4: `RAW `, `RAW2`, `RAW1.01` and `RAW4.00`.
//!
//! A file holds ranges, each a head and counts as floats of four bytes, on places that go on in even steps. What heads hold
//! was taken from published tables of their fields (the manuals of DIFFRAC-AT and DIFFRAC^plus XCH 5.0, as users quote
//! them) and from the bytes of real files; version 4, of which nothing is published, from the latter alone.

mod bytes;
mod old;
mod range;
mod suite;
mod third;

use std::io;

use galvanome_model::note::Note;

use self::bytes::Piece;
use self::range::Found;
use crate::diffraction::{self, About};
use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::source::Source;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "bruker-raw", name: "Bruker DIFFRAC raw", endings: &["raw"], claims, read };

/// The versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Version {
    First,
    Second,
    Third,
    Fourth,
}

/// The version of a file, none where it is of another kind.
fn version(source: &dyn Source) -> io::Result<Option<Version>> {
    let head = Piece::of(source, 0, 280)?;
    let mark = head.text(0, 7);
    Ok(match mark.as_str() {
        "RAW1.01" => Some(Version::Third),
        "RAW4.00" => Some(Version::Fourth),
        // The marks of the first two are short: a text may begin so.
        _ if head.text(0, 4) == "RAW2" && old::is_second(&head) => Some(Version::Second),
        _ if head.text(0, 4) == "RAW" && old::is_first(&head) => Some(Version::First),
        _ => None,
    })
}

fn claims(files: &Files) -> Confidence {
    let Some(member) = files.only() else { return Confidence::No };
    Confidence::certain_if(matches!(version(member.source.as_ref()), Ok(Some(_))))
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let damaged = |what: &str| {
        ReadError::new(Trouble::Damaged, what, "fetch the file from the instrument again")
    };
    let failed = |error: io::Error| ReadError::source(files.name(), &error);
    let member = files.only().ok_or_else(|| damaged("a raw file is one file"))?;
    let source = member.source.as_ref();
    let version = version(source).map_err(failed)?;
    let version = version.ok_or_else(|| damaged("it does not begin as a raw file does"))?;
    let mut about = About::new(limits, sink);
    let mut found = Found::new(limits);
    match version {
        Version::First => old::read_first(source, &mut found, &mut about),
        Version::Second => old::read_second(source, &mut found, &mut about),
        Version::Third => third::read(source, &mut found, &mut about),
        Version::Fourth => suite::read(source, &mut found, &mut about),
    }
    .map_err(failed)?;
    about.finish();
    if matches!(version, Version::First | Version::Second) {
        let message = "no file of this version was seen yet; it was read by published tables of its fields. Compare it with the vendor's software";
        sink.note(Note::new("unverified-format", message, ""));
    }
    found.note(sink);
    diffraction::tell(found.scans, sink);
    Ok(())
}
