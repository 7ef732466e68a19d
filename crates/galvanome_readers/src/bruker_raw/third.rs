//! Version 3, `RAW1.01`, of DIFFRAC^plus. Source: the manual of its XCH 5.0 (2002), appendix A, as users quote it; scan
//! types and varying parameters as users list them.

use std::io;

use galvanome_model::note::Note;

use super::bytes::Piece;
use super::range::{Found, RECORD_MAX, Values, drive, start, stepped, time_s};
use crate::diffraction::{About, Beam, Drive, Places, Scan};
use crate::source::Source;

/// Bytes of the head of the file.
const HEAD: usize = 712;
/// Bytes of a range's head, as far as it is known.
const RANGE_HEAD: usize = 304;

/// What the state of a measurement is called, but for one that is done.
const STATES: [(u32, &str); 4] =
    [(0, "not measured"), (2, "active"), (3, "aborted"), (4, "interrupted")];

/// Drives, where their first place stands in a range's head, and their units; in the order in which records hold them.
const DRIVES: [(&str, usize, &str); 7] = [
    ("2Theta", 16, "deg"),
    ("Theta", 8, "deg"),
    ("Chi", 24, "deg"),
    ("Phi", 32, "deg"),
    ("X", 40, "mm"),
    ("Y", 48, "mm"),
    ("Z", 56, "mm"),
];

/// Types of scans: the number, the name, and the drive that goes in steps.
const TYPES: [(u32, &str, &str); 11] = [
    (0, "locked coupled", "2Theta"),
    (1, "unlocked coupled", "2Theta"),
    (2, "detector scan", "2Theta"),
    (3, "rocking curve", "Theta"),
    (4, "chi scan", "Chi"),
    (5, "phi scan", "Phi"),
    (6, "x scan", "X"),
    (7, "y scan", "Y"),
    (8, "z scan", "Z"),
    (20, "unlocked coupled", "2Theta"),
    (130, "PSD fast scan", "2Theta"),
];

/// Reads a file. Errors when the source cannot be read.
pub(super) fn read(
    source: &dyn Source,
    found: &mut Found,
    about: &mut About<'_>,
) -> io::Result<()> {
    let head = Piece::of(source, 0, HEAD)?;
    if head.len() < HEAD {
        found.cut_at = Some(head.len() as u64);
    }
    for (key, at, len) in [
        ("date", 16, 10),
        ("time", 26, 10),
        ("user", 36, 72),
        ("site", 108, 218),
        ("sample", 326, 60),
        ("comment", 386, 160),
        ("anode", 608, 4),
    ] {
        about.tell(key, &head.text(at, len));
    }
    if let Some(start) = start(&head.text(16, 10), &head.text(26, 10)) {
        about.sink.started_at(start);
    }
    let state = head.u32(8);
    if let Some((_, state)) = STATES.iter().find(|(number, _)| Some(*number) == state) {
        let message =
            format!("the file says that the measurement is {state}: it did not come to its end");
        about.sink.note(Note::new("incomplete-measurement", message, ""));
    }
    let beam = Beam {
        k_alpha_1: head.f64(624),
        k_alpha_2: head.f64(632),
        k_beta: head.f64(640),
        ratio: head.f64(648),
        radius_mm: head.f32(564),
        ..Beam::default()
    };
    let mut at = HEAD as u64;
    for number in 1..=head.u32(12).unwrap_or(0) {
        let range = Piece::of(source, at, RANGE_HEAD)?;
        let (Some(len), Some(n), Some(more)) = (range.u32(0), range.u32(4), range.u32(256)) else {
            found.cut_at.get_or_insert(at + range.len() as u64);
            break;
        };
        let (bits, size) = (range.u32(248).unwrap_or(0), range.u32(252).unwrap_or(4) as usize);
        if !(260..65_536).contains(&len) || !(4..=RECORD_MAX).contains(&size) {
            let what = format!(
                "the head of range {number} is not one of this version; it and what follows were not read"
            );
            about.sink.note(Note::new("damaged-head", what, format!("byte {at}")));
            break;
        }
        let scan = scan_of(&range, number as usize, &beam, bits, found, about);
        let listed = listed(bits, found);
        let values = Values { at: at + u64::from(len) + u64::from(more), n, size, listed };
        at = found.take(source, scan, &values)?;
        if found.cut_at.is_some() {
            break;
        }
    }
    Ok(())
}

/// Drives of which each record holds the place, in order. Others that records may hold stand behind them.
fn listed(bits: u32, found: &mut Found) -> Vec<(&'static str, &'static str)> {
    if bits != 0 {
        found.unproved = Some("places beside the counts of version 3");
    }
    let held = DRIVES.iter().enumerate().filter(|(bit, _)| bits >> bit & 1 == 1);
    held.map(|(_, (name, _, unit))| (*name, *unit)).collect()
}

fn scan_of(
    range: &Piece,
    number: usize,
    beam: &Beam,
    bits: u32,
    found: &mut Found,
    about: &mut About<'_>,
) -> Scan {
    let code = range.u32(196).unwrap_or(u32::MAX);
    let known = TYPES.iter().find(|(own, ..)| *own == code);
    let along = known.map_or("", |(_, _, drive)| *drive);
    let step = range.f64(176).unwrap_or(0.0);
    if code > 1 && known.is_some() {
        found.unproved = Some("this type of scan in version 3");
    }
    if known.is_none() && bits.trailing_zeros() >= 7 {
        let what = format!(
            "nobody knows which drive a scan of type {code} moves; its values are given by their number, its step is {step}"
        );
        found.strange.push((number, what));
    }
    let of = |name: &str, start: f64| -> Places {
        match name {
            _ if name == along => stepped(start, step),
            "Theta" if matches!(code, 0 | 1 | 20) => stepped(start, step / 2.0),
            _ => Places::Fixed(start),
        }
    };
    let drives: Vec<Drive> = DRIVES
        .iter()
        .filter_map(|(name, at, unit)| Some(drive(name, unit, of(name, range.f64(*at)?))))
        .collect();
    for (key, value) in [
        ("scan type", known.map_or(code.to_string(), |(_, name, _)| (*name).to_owned())),
        ("generator voltage in kV", range.u32(224).map_or_else(String::new, |kv| kv.to_string())),
        ("generator current in mA", range.u32(228).map_or_else(String::new, |ma| ma.to_string())),
    ] {
        about.tell(&format!("range {number}/{key}"), &value);
    }
    let beam = Beam { used: range.f64(240), ..beam.clone() };
    Scan {
        drives,
        along: along.to_owned(),
        time_s: time_s(range.f32_as_written(192)),
        conditions: beam.conditions(),
        ..Scan::default()
    }
}
