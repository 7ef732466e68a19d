//! VAMAS, the transfer format of surface analysis (ISO 14976): what instruments of Kratos, SPECS, Thermo and others
//! export, and what CasaXPS works on (`.vms`, `.npl`).
//!
//! One item a line. A header says which items each block has; a block is one spectrum, or several quantities on the same
//! points. CasaXPS keeps its calibrations, regions and components in the comments of a block: they are a laboratory's own
//! result, and are given as tables.
//!
//! Kinetic energies of these files are counted from the Fermi level, so that the binding energy is the photon energy less
//! the kinetic energy and nothing else, whatever work function a file states: CasaXPS takes them so, and files
//! of SPECS (work function 4.1 eV) and Kratos (−4.5 eV) agree with it and with the maker's own export. No work function is
//! therefore given as a condition; it stands in the metadata.
//!
//! Source: ISO 14976:1998; W. A. Dench, L. B. Hazell, M. P. Seah, Surf. Interface Anal. 13 (1988) 63.

mod block;
mod casa;
mod experiment;
mod give;
mod items;
mod lines;

use galvanome_model::note::Note;

use self::block::Block;
use self::experiment::Experiment;
use self::give::Given;
use self::lines::{Items, Stop};
use crate::electrons::Told;
use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::text::table::only;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format = Format {
    id: "vamas",
    name: "VAMAS (ISO 14976)",
    endings: &["vms", "vamas", "npl"],
    claims,
    read,
};

/// What the first line begins with.
const MARK: &[u8] = b"VAMAS Surface Chemical Analysis";

/// What the last line says.
const LAST: &str = "end of experiment";

fn claims(files: &Files) -> Confidence {
    let Some(opening) = files.opening() else { return Confidence::No };
    // Kratos writes empty lines before the first one.
    let first = opening.lines().map(<[u8]>::trim_ascii).find(|line| !line.is_empty());
    let begin = first.and_then(|line| line.get(..MARK.len()));
    Confidence::certain_if(begin.is_some_and(|begin| begin.eq_ignore_ascii_case(MARK)))
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let member = only(files)?;
    let mut items = Items::new(member.source.as_ref(), &member.name, limits)?;
    let mut told = Told::new(limits);
    let experiment = match Experiment::read(&mut items, &mut told, sink) {
        Ok(experiment) => experiment,
        Err(stop) => return Err(of_header(stop)),
    };
    if experiment.blocks > 0 && experiment.unverified() {
        let message = "nobody has seen a file of this experiment mode or with this list of items beside another reader's numbers; compare with the instrument's software";
        sink.note(Note::new("unverified-format", message, experiment.mode.as_str()));
    }
    let mut given = Given::new(&experiment);
    let mut first: Option<Block> = None;
    let mut stopped = None;
    for number in 1..=experiment.blocks {
        let mut block = Block::default();
        let end = block.read(&mut items, &experiment, first.as_ref(), limits);
        if matches!(end, Ok(()) | Err(Stop::Ended(_) | Stop::Wrong { .. })) {
            given.take(number, &block, &mut told, sink);
        }
        if let Err(stop) = end {
            stopped = Some((number, stop));
            break;
        }
        if first.is_none() {
            first = Some(block.without_values());
        }
    }
    match stopped {
        Some((_, Stop::Source(error))) => return Err(error),
        Some((number, stop)) => sink.note(of_block(number, experiment.blocks, &stop)),
        None => close(&mut items, experiment.blocks, sink)?,
    }
    told.finish(sink);
    given.finish(sink)
}

/// Looks at what follows the last block.
fn close(items: &mut Items<'_>, blocks: u64, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let place = format!("line {}", items.line() + 1);
    match items.any_text() {
        Err(Stop::Source(error)) => Err(error),
        Ok(text) if text.trim().eq_ignore_ascii_case(LAST) => Ok(()),
        Ok(_) => {
            let message = format!(
                "something stands behind the {blocks} blocks that the header announces; it was not read"
            );
            sink.note(Note::new("block-left-out", message, place));
            Ok(())
        }
        Err(_) => {
            let message = "the line that ends the experiment is missing; all announced blocks were read, but the file may have been cut";
            sink.note(Note::new("truncated-file", message, place));
            Ok(())
        }
    }
}

/// Why nothing could be read.
fn of_header(stop: Stop) -> ReadError {
    let remedy = "export the file from the instrument's software again";
    match stop {
        Stop::Source(error) => error,
        Stop::Ended(what) => ReadError::new(
            Trouble::Damaged,
            format!("the file ends in its header, before the {what}"),
            remedy,
        ),
        Stop::Wrong { what, found, line } => ReadError::new(
            Trouble::Damaged,
            format!("the {what} should stand here, and {found:?} does"),
            remedy,
        )
        .at_row(line),
    }
}

/// Why a block was not read to its end.
fn of_block(number: u64, blocks: u64, stop: &Stop) -> Note {
    let place = format!("block {number}");
    match stop {
        Stop::Wrong { what, found, line } => {
            let message = format!(
                "line {line}: the {what} should stand here, and {found:?} does; the rest of the file was not read"
            );
            Note::new("damaged-rows", message, place)
        }
        Stop::Ended(what) => {
            let message = format!(
                "the file ends within block {number} of {blocks}, before the {what}; what was there is given"
            );
            Note::new("truncated-file", message, place)
        }
        Stop::Source(error) => Note::new("truncated-file", error.to_string(), place),
    }
}
