//! What a file format is, and how the right one is found.

use crate::FORMATS;
use crate::checks::Checked;
use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::limits::Limits;
use crate::sink::Sink;

/// How sure a format is that files are its own, judged by their content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// They are not.
    No,
    /// They can be read by it when nothing knows better: text with a table in it.
    Fallback,
    /// They look like it, without a mark that only this format has.
    Likely,
    /// They carry its mark.
    Certain,
}

impl Confidence {
    /// Certain or not at all.
    pub(crate) fn certain_if(marked: bool) -> Self {
        if marked { Self::Certain } else { Self::No }
    }
}

/// A file format: one entry of [`FORMATS`](crate::FORMATS).
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// Its id, in kebab case, which a measurement remembers.
    pub id: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// Endings that such files usually have, for dialogs. A format is never recognised by them.
    pub endings: &'static [&'static str],
    /// Says whether files are of this format, by reading little of them.
    pub claims: fn(&Files) -> Confidence,
    /// Reads files of this format into a sink. Whatever is wrong with the data becomes notes, and every whole
    /// row goes to the sink. Errors when the bytes cannot be fetched or kept, or nothing at all can be read.
    pub read: fn(&Files, &Limits, &mut dyn Sink) -> Result<(), ReadError>,
}

/// Formats that read whatever holds a table, and claim it as a [`Fallback`](Confidence::Fallback) at most: they are asked
/// when nobody else knows the files.
const LAST_RESORTS: [&str; 3] = ["bare-columns", "delimited", "spreadsheet"];

/// The format that claims files with the highest confidence, if any does.
pub fn identify(files: &Files) -> Option<(&'static Format, Confidence)> {
    let mut best: Option<(&'static Format, Confidence)> = None;
    let is_last = |format: &&Format| LAST_RESORTS.contains(&format.id);
    let known = FORMATS.iter().filter(|format| !is_last(format));
    for format in known.chain(FORMATS.iter().filter(is_last)) {
        if best.is_some() && is_last(&format) {
            break;
        }
        let confidence = (format.claims)(files);
        if confidence > best.map_or(Confidence::No, |(_, confidence)| confidence) {
            best = Some((format, confidence));
        }
        // Nobody else is as sure.
        if confidence == Confidence::Certain {
            break;
        }
    }
    best
}

/// Reads files in the format that claims them, with the checks that hold for every cycler
/// ([`checks`](crate::checks)). Gives the format. Errors when no format recognises them, when the bytes
/// cannot be fetched or kept, or when nothing at all can be read.
pub fn read(
    files: &Files,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<&'static Format, ReadError> {
    let Some((format, _)) = identify(files) else { return Err(not_recognised(files)) };
    read_as(format, files, limits, sink)?;
    Ok(format)
}

/// Reads files in a given format, whether it claims them or not. Otherwise as [`read`].
pub fn read_as(
    format: &Format,
    files: &Files,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), ReadError> {
    sink.format(format.id);
    let mut checked = Checked::new(sink, limits);
    let result = (format.read)(files, limits, &mut checked);
    let kept = checked.finish();
    result.and(kept).map_err(|error| error.by_reader(format.id).in_file(files.name()))
}

fn not_recognised(files: &Files) -> ReadError {
    let (what, remedy) = match files.members() {
        [] => ("there is no file to read".to_owned(), "name at least one file"),
        members => match members.iter().find_map(|member| member.source.read_at(0, &mut [0]).err())
        {
            Some(error) => return ReadError::source(files.name(), &error),
            None if members.iter().all(|member| member.source.is_empty()) => {
                ("the file is empty".to_owned(), "fetch it from the instrument again")
            }
            None => {
                let known: Vec<_> = FORMATS.iter().map(|format| format.name).collect();
                (
                    format!("no reader recognises this content; known are: {}", known.join(", ")),
                    "export it from the instrument's software as text with one line of column names and units",
                )
            }
        },
    };
    ReadError::new(Trouble::NotRecognised, what, remedy).in_file(files.name())
}
