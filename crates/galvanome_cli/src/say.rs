//! Everything that is not data, on standard error. Nobody may be reading there: that is no reason to stop.

use std::fmt::Display;
use std::io::Write;

/// Says one thing in the name of the program.
pub(crate) fn error(what: impl Display) {
    line(format_args!("galvanome: {what}"));
}

/// Says one line.
pub(crate) fn line(what: impl Display) {
    let _ = writeln!(std::io::stderr(), "{what}");
}
