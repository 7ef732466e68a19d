//! TIFF and BigTIFF: images, stacks of them, and what microscopes and beamlines write beside them.
//!
//! Sources: TIFF revision 6.0 (Adobe 1992) with its Technical Notes, the BigTIFF design (AWare Systems), the descriptions
//! that ImageJ (its `TiffDecoder`) and OME write. Pixels stay in the file: a page remembers where its strips are, and a
//! slice is read when somebody asks for it.

mod described;
mod directory;
mod instruments;
mod page;
mod slabs;
mod tell;
mod unpack;
mod volumes;

use std::collections::BTreeSet;
use std::sync::Arc;

use galvanome_model::note::Note;

use self::described::described;
use self::directory::{Bytes, Directory, Head};
use self::page::{Refused, page, tags};
use self::tell::{Teller, tell};
use self::volumes::{Found, Volumes};
use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::source::head_of;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "tiff", name: "TIFF", endings: &["tif", "tiff", "btf"], claims, read };

/// Pages that are looked at.
const PAGES_MAX: usize = 1 << 20;

fn head(files: &Files) -> Option<Head> {
    Head::of(&head_of(files.only()?.source.as_ref(), 16).ok()?)
}

fn claims(files: &Files) -> Confidence {
    Confidence::certain_if(head(files).is_some())
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let failed = |error: std::io::Error| ReadError::source(files.name(), &error);
    let fetch_again = "fetch it from the instrument again";
    let (Some(member), Some(head)) = (files.only(), head(files)) else {
        let what = "the file does not begin as a TIFF does";
        return Err(ReadError::new(Trouble::Damaged, what, fetch_again));
    };
    let mut bytes = Bytes::new(Arc::clone(&member.source), head.order);
    let mut seen = BTreeSet::new();
    let mut volumes = Volumes::default();
    let mut place = head.first;
    let mut teller = Teller::new(sink, limits);
    while place != 0 && volumes.pages < PAGES_MAX && seen.insert(place) {
        let directory = bytes.directory(place, head.big).map_err(failed)?;
        if directory.entries().is_empty() {
            volumes.cut = true;
            break;
        }
        if volumes.pages == 0 {
            let (text, told) = tell(&mut bytes, &directory, &mut teller).map_err(failed)?;
            volumes.described = described(&text);
            volumes.told = told;
        }
        one(&mut bytes, &directory, &mut volumes, &mut teller, place).map_err(failed)?;
        volumes.cut |= directory.cut;
        place = directory.next;
    }
    volumes.limit = volumes.pages >= PAGES_MAX && place != 0;
    // A chain that comes back to itself or leads behind the end of the file.
    volumes.cut |= place != 0 && !volumes.limit;
    let found = volumes.images(&bytes);
    tell_found(found, volumes, sink)
}

/// Takes the page of a directory; small copies of pages are told and not given.
fn one(
    bytes: &mut Bytes,
    directory: &Directory,
    volumes: &mut Volumes,
    teller: &mut Teller<'_>,
    place: u64,
) -> std::io::Result<()> {
    volumes.pages += 1;
    let reduced = match directory.entry(tags::SUBFILE) {
        Some(entry) => bytes.whole(entry, 0)?.is_some_and(|kind| kind & 1 == 1),
        None => false,
    };
    if let Some(entry) = directory.entry(tags::SUB_DIRECTORIES) {
        let places = format!("{} of page {}", entry.count, volumes.pages);
        teller.entry("smaller copies in directories of their own", &places);
    }
    if reduced && volumes.pages > 1 {
        teller.entry("smaller copy, not read", &format!("page {} at byte {place}", volumes.pages));
        return Ok(());
    }
    match page(bytes, directory) {
        Ok((frame, page)) => volumes.add(bytes, directory, frame, page),
        Err(Refused::Because(why)) => {
            volumes.refuse(why, directory.cut);
            Ok(())
        }
        Err(Refused::Source(error)) => Err(error),
    }
}

fn tell_found(found: Found, volumes: Volumes, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let Found { images, mut notes } = found;
    let instrument = volumes.told.instrument;
    if !instrument.is_empty() {
        sink.instrument(&instrument);
    }
    if images.is_empty() {
        let (trouble, what, remedy) = match volumes.refused.first() {
            Some((page, why)) => (
                Trouble::Unsupported,
                format!("no page can be read; page {page}: {why}"),
                "save it from its software as TIFF without compression, or with LZW or Deflate",
            ),
            None => (
                Trouble::Damaged,
                "the file ends before the first whole row of an image".to_owned(),
                "fetch it from the instrument again",
            ),
        };
        return Err(ReadError::new(trouble, what, remedy));
    }
    for image in images {
        sink.image(image);
    }
    if volumes.limit {
        let message = format!("the file has more than {PAGES_MAX} pages; the rest was not read");
        notes.push(Note::new("limit-reached", message, "pages"));
    }
    for note in notes {
        sink.note(note);
    }
    Ok(())
}
