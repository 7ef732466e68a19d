//! What was found wrong with members, in words.

use galvanome_model::note::Note;

use super::aux::Channels;
use super::pages::Wrong;
use crate::archive::{End, note_differs};
use crate::sink::Sink;

/// Notes what was found wrong with the pages of a member.
pub(super) fn note_wrong(name: &str, wrong: Wrong, sink: &mut dyn Sink) {
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
    if wrong.differs {
        note_differs(name, name, sink);
    }
    if wrong.empty {
        let message =
            format!("{name} holds page after page without a row; the rest was not looked at");
        sink.note(Note::new("limit-reached", message, name));
    }
}

/// Notes what was found wrong with auxiliary channels of so many rows.
pub(super) fn note_channels(channels: &Channels, rows: u64, sink: &mut dyn Sink) {
    for (name, wrong, used) in channels.wrong() {
        note_wrong(name, wrong, sink);
        if used < rows {
            let message = format!("{name} has values for {used} of {rows} rows");
            sink.note(Note::new("row-count", message, name));
        }
    }
}
