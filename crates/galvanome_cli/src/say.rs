//! Everything that is not data, on standard error. Nobody may be reading there: that is no reason to stop.

use std::fmt::Display;
use std::io::Write;

use galvanome_model::note::Note;

/// Says one thing in the name of the program.
pub(crate) fn error(what: impl Display) {
    line(format_args!("galvanome: {what}"));
}

/// Says what was found about the data.
pub(crate) fn note(note: &Note) {
    let Note { code, message, place } = note;
    if place.is_empty() {
        line(format_args!("note {code}: {message}"));
    } else {
        line(format_args!("note {code}: {message} [{place}]"));
    }
}

/// Says every note and that `--strict` makes errors of those that doubt the data, if any do. Gives whether none does.
pub(crate) fn strictly(what: impl Display, notes: &[Note]) -> bool {
    let doubts = galvanome::strict::findings(notes);
    if doubts.is_empty() {
        return true;
    }
    notes.iter().for_each(note);
    let mut codes: Vec<&str> = doubts.iter().map(|doubt| doubt.code.as_str()).collect();
    codes.dedup();
    error(format_args!("{what}: --strict refuses data that are in doubt: {}", codes.join(", ")));
    false
}

/// Says one line.
pub(crate) fn line(what: impl Display) {
    let _ = writeln!(std::io::stderr(), "{what}");
}
