//! Powder patterns as GSAS takes them (`.gsa`, `.gda`, `.fxye`, `.raw`, `.xra`): a title, comments, and banks, each behind a line
//! `BANK 1 5753 576 CONST 1500 2 0 0 STD` that says how many points follow, how their positions are counted and how they are
//! packed. Source: A. C. Larson, R. B. Von Dreele, General Structure Analysis System, Los Alamos report LAUR 86-748 (2004),
//! chapter on the standard powder data file.
//!
//! A bank does not say whether its positions are hundredths of a degree of 2θ or microseconds of flight: the instrument's
//! parameter file does. Steps of one width that end below 180° are taken as angles, everything else as times, and a note says so.

mod bank;
mod fields;
mod positions;

use galvanome_model::note::Note;

use self::bank::{Bank, read_bank};
use self::positions::TimeMap;
use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::pattern::Said;
use crate::sink::Sink;
use crate::text::cells::decode;
use crate::text::lines::Lines;
use crate::text::remarks::entry;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format = Format {
    id: "gsas-powder",
    name: "GSAS powder data",
    endings: &["fxye", "gsa", "gda", "raw", "xra", "gss", "std", "esd"],
    claims,
    read,
};

fn claims(files: &Files) -> Confidence {
    let marked = || files.opening()?.lines().find_map(Bank::of_line);
    Confidence::certain_if(marked().is_some())
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let none = || {
        ReadError::new(
            Trouble::Damaged,
            "there is no bank in it: no line such as BANK 1 5753 576 CONST 1500 2 0 0 STD",
            "fetch the file again, or export the pattern as columns of 2θ and intensity",
        )
    };
    let Some(member) = files.only() else { return Err(none()) };
    let mut lines = Lines::new(member.source.as_ref(), &member.name, limits.max_line_bytes)?;
    let mut said = Said::default();
    let mut maps = Vec::new();
    let (mut entries, mut banks, mut doubted) = (0, 0, false);
    let mut next = lines.next()?.map(|line| line.bytes.to_vec());
    while let Some(line) = next {
        if let Some(bank) = Bank::of_line(&line) {
            banks += 1;
            if banks == 1 {
                tell(&said, sink);
            }
            if !bank.is_proven() && !std::mem::replace(&mut doubted, true) {
                let message = "banks of this kind were written by our tests only: compare the pattern with the program's own";
                sink.note(Note::new("unverified-format", message, ""));
            }
            next = read_bank(&bank, &mut lines, &maps, &said, limits, sink)?;
            continue;
        }
        if line.starts_with(b"TIME_MAP") {
            let (map, behind) = TimeMap::read(&line, &mut lines, limits)?;
            maps.extend(map);
            next = behind;
            continue;
        }
        if let Some((key, value)) = entry(&decode(&line)) {
            entries += 1;
            if entries <= limits.max_metadata {
                sink.metadata(key, value);
            }
            said.look(key, value);
        }
        next = lines.next()?.map(|line| line.bytes.to_vec());
    }
    if banks == 0 { Err(none().in_file(&member.name)) } else { Ok(()) }
}

/// Tells what the comments say of the whole.
fn tell(said: &Said, sink: &mut dyn Sink) {
    if let Some(instrument) = &said.instrument {
        sink.instrument(instrument);
    }
    if let Some(start) = said.start.clone() {
        sink.started_at(start);
    }
    if said.order_assumed {
        let message = "the date of the start does not show whether the day or the month stands first; the month was taken to";
        sink.note(Note::new("date-order-assumed", message, ""));
    }
}
