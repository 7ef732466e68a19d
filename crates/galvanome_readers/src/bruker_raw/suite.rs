//! Version 4, `RAW4.00`, of DIFFRAC.SUITE: records, each with its kind and its length, and ranges between them.
//!
//! Source: the bytes of real files, and what users found in theirs.

use std::io;

use super::bytes::Piece;
use super::range::{Found, RECORD_MAX, Values, drive, start, stepped, time_s};
use crate::diffraction::{About, Beam, Drive, Places, Scan};
use crate::source::Source;

/// Bytes before the first record.
const HEAD: usize = 61;
/// Bytes of a range's head.
const RANGE_HEAD: usize = 160;
/// Kinds of records.
const TEXT: u32 = 10;
const INSTRUMENT: u32 = 30;
const DRIVE: u32 = 50;
/// Kinds that a range begins with.
const RANGES: [u32; 2] = [0, 160];

/// Types of scans that move 2θ.
const ALONG_TWO_THETA: [&str; 6] = [
    "Locked Coupled",
    "Unlocked Coupled",
    "Detector Scan",
    "2Theta",
    "PSD Fast Scan",
    "PSD Fix Scan",
];

/// Reads a file. Errors when the source cannot be read.
pub(super) fn read(
    source: &dyn Source,
    found: &mut Found,
    about: &mut About<'_>,
) -> io::Result<()> {
    let head = Piece::of(source, 0, HEAD)?;
    about.tell("date", &head.text(12, 12));
    about.tell("time", &head.text(24, 10));
    if let Some(start) = start(&head.text(12, 12), &head.text(24, 10)) {
        about.sink.started_at(start);
    }
    let mut beam = Beam::default();
    let mut at = HEAD as u64;
    let mut number = 0;
    while at < source.len() {
        let Some((kind, len)) = kind_and_length(source, at)? else {
            found.cut_at.get_or_insert(at);
            break;
        };
        if RANGES.contains(&kind) {
            number += 1;
            match range(source, at, number, &beam, found, about)? {
                Some(end) => at = end,
                None => break,
            }
            continue;
        }
        let end = at.saturating_add(u64::from(len.max(8)));
        if end > source.len() {
            found.cut_at.get_or_insert(at);
            break;
        }
        let len = len as usize;
        match kind {
            TEXT if len > 36 => {
                let record = Piece::of(source, at, len.min(RECORD_MAX))?;
                about.tell(&record.text(12, 24), &record.text(36, len - 36));
            }
            INSTRUMENT if len >= 120 => {
                let record = Piece::of(source, at, 120)?;
                beam = Beam {
                    k_alpha_1: record.f64(80),
                    k_alpha_2: record.f64(88),
                    k_beta: record.f64(96),
                    ratio: record.f64(104),
                    ..Beam::default()
                };
                about.tell("anode", &record.text(116, 4));
            }
            _ => {}
        }
        at = end;
    }
    if found.scans.is_empty() {
        found.cut_at.get_or_insert(source.len());
    }
    Ok(())
}

/// The kind and the length of the record at a place.
fn kind_and_length(source: &dyn Source, at: u64) -> io::Result<Option<(u32, u32)>> {
    let head = Piece::of(source, at, 8)?;
    Ok(head.u32(0).zip(head.u32(4)))
}

/// Reads a range and gives where it ends; none where the file ends before. Errors when the source cannot be read.
fn range(
    source: &dyn Source,
    at: u64,
    number: usize,
    beam: &Beam,
    found: &mut Found,
    about: &mut About<'_>,
) -> io::Result<Option<u64>> {
    let head = Piece::of(source, at, RANGE_HEAD)?;
    let fields = (head.f64(72), head.f64(80), head.u32(88), head.u32(136), head.u32(140));
    let (Some(begin), Some(step), Some(n), Some(size), Some(behind)) = fields else {
        found.cut_at.get_or_insert(at + head.len() as u64);
        return Ok(None);
    };
    let (drives_at, values_at) =
        (at + RANGE_HEAD as u64, at + RANGE_HEAD as u64 + u64::from(behind));
    let size = size as usize;
    if head.len() < RANGE_HEAD || values_at > source.len() || !(4..=RECORD_MAX).contains(&size) {
        found.cut_at.get_or_insert(at);
        return Ok(None);
    }
    let scan_type = head.text(32, 24);
    let flagged = drives(source, drives_at, values_at, about, number)?;
    if size != 4 {
        found.unproved = Some("records of more than a count in version 4");
    }
    if scan_type != "Locked Coupled" {
        found.unproved = Some("this type of scan in version 4");
    }
    let moving = along(&scan_type, begin, &flagged);
    let mut scan = Scan {
        time_s: time_s(head.f32_as_written(92)),
        conditions: Beam { used: head.f64(112), ..beam.clone() }.conditions(),
        along: moving.clone().unwrap_or_default(),
        ..Scan::default()
    };
    if moving.is_none() {
        let what = format!(
            "nobody knows which drive a scan of type `{scan_type}` moves; its values are given by their number, it begins at {begin} and its step is {step}"
        );
        found.strange.push((number, what));
    }
    if let Some(moving) = &moving
        && !flagged.iter().any(|(own, _)| own.name == *moving)
    {
        scan.drives.push(drive(moving, "deg", stepped(begin, step)));
    }
    let coupled = ["Locked Coupled", "Unlocked Coupled"].contains(&scan_type.as_str());
    let is_known = ALONG_TWO_THETA.contains(&scan_type.as_str());
    for (own, flag) in flagged {
        let places = match (own.name.as_str(), own.places) {
            (name, _) if moving.as_deref() == Some(name) => stepped(begin, step),
            ("Theta", Places::Fixed(theta)) if coupled => stepped(theta, step / 2.0),
            // It may have moved too.
            _ if !is_known && flag != 0 => continue,
            (_, places) => places,
        };
        scan.drives.push(Drive { places, ..own });
    }
    let text = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    for (key, value) in [
        ("scan type", scan_type),
        ("generator voltage in kV", text(head.f32_as_written(100))),
        ("generator current in mA", text(head.f32_as_written(104))),
    ] {
        about.tell(&format!("range {number}/{key}"), &value);
    }
    let values = Values { at: values_at, n, size, listed: Vec::new() };
    let end = found.take(source, scan, &values)?;
    Ok((found.cut_at.is_none()).then_some(end))
}

/// The drives of a range, each with its flag.
fn drives(
    source: &dyn Source,
    mut at: u64,
    end: u64,
    about: &mut About<'_>,
    number: usize,
) -> io::Result<Vec<(Drive, u32)>> {
    let mut found = Vec::new();
    while at < end {
        let Some((kind, len)) = kind_and_length(source, at)? else { break };
        let record = |len: usize| Piece::of(source, at, len.min(RECORD_MAX));
        match kind {
            DRIVE if len >= 64 && found.len() < 64 => {
                let record = record(64)?;
                let name = record.text(12, 24);
                let is_angle =
                    ["2Theta", "Theta", "Chi", "Phi", "Omega", "Psi"].contains(&name.as_str());
                let unit = if is_angle { "deg" } else { "" };
                if let (Some(place), Some(flag), false) =
                    (record.f64(56), record.u32(8), name.is_empty())
                {
                    found.push((drive(&name, unit, Places::Fixed(place)), flag));
                }
            }
            TEXT if len > 36 => {
                let record = record(len as usize)?;
                let key = format!("range {number}/{}", record.text(12, 24));
                about.tell(&key, &record.text(36, len as usize - 36));
            }
            _ => {}
        }
        at = at.saturating_add(u64::from(len.max(8)));
    }
    Ok(found)
}

/// The drive that a scan moves: 2θ where the type of the scan says so, else the drive that is flagged and stands where the
/// range begins.
fn along(scan_type: &str, begin: f64, drives: &[(Drive, u32)]) -> Option<String> {
    if ALONG_TWO_THETA.contains(&scan_type) {
        return Some("2Theta".to_owned());
    }
    let stands = |drive: &Drive| matches!(drive.places, Places::Fixed(place) if (place - begin).abs() < 1e-6);
    let mut flagged = drives.iter().filter(|(drive, flag)| *flag != 0 && stands(drive));
    let (found, _) = flagged.next()?;
    flagged.next().is_none().then(|| found.name.clone())
}
