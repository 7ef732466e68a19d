//! Members of zips that programs of diffractometers write.

use std::io;

use galvanome_model::note::Note;

use super::about::About;
use crate::archive::{Archive, End, Entry};
use crate::files::Files;
use crate::xml::walk::{Ended, Place, Step, walk};
use crate::xml::{Attributes, Xml, attribute};

/// How many times as many bytes as the zip has its text may have: real ones have a tenth of it, a bomb a thousand times.
const TIMES_MAX: u64 = 100;
/// Bytes of text that may come of the smallest zip.
const LEAST: u64 = 1 << 20;

/// Bytes of text that are taken from a zip at most.
pub(crate) fn text_max(files: &Files) -> usize {
    let packed = files.members().iter().map(|member| member.source.len()).sum::<u64>();
    let most = packed.saturating_mul(TIMES_MAX).max(LEAST);
    usize::try_from(most).unwrap_or(usize::MAX)
}

/// The number behind a name: 12 of `RawData12.xml`.
pub(crate) fn number_of(name: &str, before: &str, behind: &str) -> Option<u32> {
    name.strip_prefix(before)?.strip_suffix(behind)?.parse().ok()
}

/// Tells everything that a member of XML says: texts by the path of their elements, attributes behind `@`. `visit` sees
/// each step first. Gives whether the member is whole. Errors when the source cannot be read.
pub(crate) fn tell_xml(
    archive: &Archive,
    entry: &Entry,
    about: &mut About<'_>,
    (part, name): (usize, &str),
    mut visit: impl FnMut(&mut About<'_>, &Place, &Step<'_>) -> bool,
) -> io::Result<bool> {
    let mut xml = Xml::new(archive.unpack(entry)?);
    let ended = walk(&mut xml, |place, step| {
        if !visit(about, place, &step) {
            return true;
        }
        match step {
            Step::Open(_, attributes) => {
                for (own, _) in Attributes(attributes) {
                    let own = String::from_utf8_lossy(own);
                    let is_schema = matches!(own.as_ref(), "xmlns" | "xsi" | "xsd");
                    if let Some(value) = attribute(attributes, &own).filter(|_| !is_schema) {
                        about.tell_part(
                            part,
                            name,
                            &format!("{}@{own}", place.path_from(1)),
                            &value,
                        );
                    }
                }
            }
            Step::Close(_, Some(text)) => about.tell_part(part, name, place.path_from(1), text),
            _ => {}
        }
        true
    })?;
    if xml.differs()? {
        crate::archive::note_differs(&entry.name, entry.name.clone(), about.sink);
    }
    Ok(ended == Ended::Whole && matches!(xml.end(), End::Whole | End::Open))
}

/// Says that members of a zip are not whole.
pub(crate) fn note_cut(names: &[String], about: &mut About<'_>) {
    if let Some(first) = names.first() {
        let message = format!(
            "the zip is cut off or damaged in {}; everything that could be unpacked was read",
            names.join(", ")
        );
        about.sink.note(Note::new("truncated-file", message, first.clone()));
    }
}
