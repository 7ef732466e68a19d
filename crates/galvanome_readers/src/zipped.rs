//! A zip that holds one file of an instrument: people pack what they send. Formats that are zips themselves are told by
//! what they hold, before this.

use crate::FORMATS;
use crate::archive::{Archive, End, Entry, note_differs};
use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::sink::Sink;
use galvanome_model::note::Note;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "zip", name: "zip of one file", endings: &["zip"], claims, read };

/// What is unpacked at most, since it is held in memory; and how many times longer than the zip it may be: text of
/// instruments shrinks to a tenth, a bomb to a thousandth.
const BYTES_MAX: u64 = 1 << 28;
const TIMES_MAX: u64 = 100;

/// What is unpacked to see what it is.
const HEAD: usize = 1 << 16;

/// The one member that is not a folder nor what an operating system adds.
fn only(archive: &Archive) -> Option<&Entry> {
    let mut members = archive.entries.iter().filter(|entry| {
        !entry.name.ends_with('/')
            && !entry.name.starts_with("__MACOSX/")
            && !entry.file_name().starts_with('.')
    });
    let member = members.next()?;
    (members.next().is_none() && !member.climbs()).then_some(member)
}

/// The format of what a zip holds, other than a zip.
fn inner_format(files: &Files) -> Option<&'static Format> {
    let each = FORMATS.iter().filter(|format| format.id != FORMAT.id);
    let best = each.map(|format| ((format.claims)(files), format)).max_by_key(|(claim, _)| *claim);
    best.filter(|(claim, _)| *claim > Confidence::Fallback).map(|(_, format)| format)
}

fn claims(files: &Files) -> Confidence {
    let Ok(Some(archive)) = Archive::open(files) else { return Confidence::No };
    let Some(member) = only(&archive) else { return Confidence::No };
    let Ok(mut unpack) = archive.unpack(member) else { return Confidence::No };
    let mut head = vec![0; HEAD];
    let Ok(got) = unpack.fill(&mut head) else { return Confidence::No };
    head.truncate(got);
    match inner_format(&Files::one(&member.name, head)) {
        Some(_) => Confidence::Likely,
        None => Confidence::No,
    }
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let damaged =
        |what: &str| ReadError::new(Trouble::Damaged, what, "unpack it and read what it holds");
    let failed = |error: std::io::Error| ReadError::source(files.name(), &error);
    let archive = Archive::open(files).map_err(failed)?;
    let archive = archive.ok_or_else(|| damaged("the file does not begin as a zip does"))?;
    let member = only(&archive).ok_or_else(|| damaged("the zip does not hold one file"))?;
    let packed = files.members().iter().map(|member| member.source.len()).sum::<u64>();
    let most = packed.saturating_mul(TIMES_MAX).min(BYTES_MAX);
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let (bytes, end, differs) = archive.bytes(member, most).map_err(failed)?;
    if end == End::TooLong {
        return Err(damaged("what the zip holds is too long to be unpacked in memory"));
    }
    let inner = Files::one(&member.name, bytes);
    let format =
        inner_format(&inner).ok_or_else(|| damaged("no reader recognises the file in the zip"))?;
    sink.format(format.id);
    if end != End::Whole || !archive.whole {
        let message = "the zip is cut off or damaged; what could be unpacked of it was read";
        sink.note(Note::new("truncated-file", message, member.name.clone()));
    }
    if differs {
        note_differs(&member.name, member.name.clone(), sink);
    }
    (format.read)(&inner, limits, sink)
}
