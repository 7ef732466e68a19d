//! RRUFF text: spectra and powder patterns of the database of minerals.
//!
//! Lines `##KEY=value` say what the mineral is, then come rows of two numbers with a comma between, then `##END=`. The text does
//! not name its axis: with an X-ray wavelength or cell parameters it is a powder pattern over 2θ, else Raman shift in 1/cm, as the
//! database shows it.

use galvanome_model::note::Note;
use galvanome_model::signal::{Axis, Condition, Signal, axes, conditions};

use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::optical::number_of;
use crate::sink::Sink;
use crate::text::cells::decode;
use crate::text::lines::Lines;
use crate::text::number::Decimal;
use crate::text::numbers::numbers_of;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "rruff-text", name: "RRUFF text", endings: &["txt"], claims, read };

/// The key that no other text has.
const MARK: &[u8] = b"##RRUFFID=";
/// Lines in which it stands.
const SEEN: usize = 12;

fn claims(files: &Files) -> Confidence {
    let Some(opening) = files.opening() else { return Confidence::No };
    let begins = opening.text().starts_with(b"##");
    let marked = opening.lines().take(SEEN).any(|line| line.starts_with(MARK));
    Confidence::certain_if(begins && marked)
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let none = || {
        ReadError::new(
            Trouble::Damaged,
            "the text holds no row of two numbers",
            "fetch it from the database again",
        )
    };
    let Some(member) = files.only() else { return Err(none()) };
    let mut lines = Lines::new(member.source.as_ref(), &member.name, limits.max_line_bytes)?;
    let (mut x, mut y, mut row) = (Vec::new(), Vec::new(), Vec::new());
    let (mut told, mut odd, mut beyond, mut ended) = (0, 0_u64, 0_u64, false);
    let (mut first_odd, mut pattern, mut label) = (0, false, String::new());
    let mut conditions: Vec<Condition> = Vec::new();
    let mut open = None;
    let most = limits.max_rows.min(limits.max_cells / 2);
    while let Some(line) = lines.next()? {
        if let Some(entry) = line.bytes.strip_prefix(b"##") {
            let entry = decode(entry);
            let (key, value) = entry.split_once('=').unwrap_or((&entry, ""));
            match key.trim() {
                "END" => ended = true,
                "NAMES" => value.trim().clone_into(&mut label),
                "X-RAY WAVELENGTH" => {
                    pattern = true;
                    conditions.push(conditions::WAVELENGTH.at(number_of(value)));
                }
                "CELL PARAMETERS" => pattern = true,
                "RAMAN WAVELENGTH" | "LASER WAVELENGTH" => {
                    let value = value.trim().trim_end_matches("nm");
                    conditions.push(conditions::LASER_WAVELENGTH.at(number_of(value)));
                }
                _ => {}
            }
            told += 1;
            if told <= limits.max_metadata && !value.trim().is_empty() {
                sink.metadata(key.trim(), value.trim());
            }
            continue;
        }
        if line.bytes.trim_ascii().is_empty() {
            continue;
        }
        match (numbers_of(line.bytes, Decimal::Point, &mut row), row.as_slice()) {
            (true, &[at, value]) if (x.len() as u64) < most => {
                x.push(at);
                y.push(value);
                open = (!line.ended).then_some(line.number);
            }
            (true, [_, _]) => beyond += 1,
            _ => {
                odd += 1;
                first_odd = if odd == 1 { line.number } else { first_odd };
            }
        }
    }
    if odd > 0 {
        let message = format!("{odd} lines are no pairs of numbers; they were left out");
        sink.note(Note::new("unreadable-line", message, format!("line {first_odd}")));
    }
    if beyond > 0 {
        let message = "the limit of rows is reached; the rest was not read";
        sink.note(Note::new("limit-reached", message, format!("row {most}")));
    }
    if let Some(line) = open {
        let message = "no line break ends the last line, so its last number may lack digits";
        sink.note(Note::new("unterminated-last-line", message, format!("line {line}")));
    } else if !ended {
        let message =
            "the line `##END=` is missing, with which such texts end; rows may be missing too";
        sink.note(Note::new("truncated-file", message, format!("row {}", x.len())));
    }
    if x.is_empty() {
        return Err(none());
    }
    let kind = if pattern { axes::TWO_THETA } else { axes::RAMAN_SHIFT };
    let message = if pattern {
        "the text does not name its axis; with an X-ray wavelength or a cell it is taken as 2θ in degrees"
    } else {
        "the text does not name its axis; it is taken as Raman shift in 1/cm, as the database shows it"
    };
    sink.note(Note::new("unit-assumed", message, ""));
    sink.signal(Signal {
        name: "intensity".to_owned(),
        label,
        axes: vec![Axis::of(kind, "", x)],
        values: y,
        conditions,
        ..Signal::default()
    });
    Ok(())
}
