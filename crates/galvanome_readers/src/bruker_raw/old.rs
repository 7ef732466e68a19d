//! Versions 1 and 2, of DIFFRAC-AT. Source: its manual, appendix B, as users quote it.

use std::io;

use super::bytes::Piece;
use super::range::{Found, Values, drive, start, stepped, time_s};
use crate::diffraction::{About, Beam, Drive, Scan};
use crate::source::Source;

/// Bytes of a range's head in version 1, its mark among them.
const FIRST_HEAD: usize = 156;
/// What stands for an angle that is not known.
const UNKNOWN: f64 = -1e6;
/// Points of a range, more than which no instrument measures.
const POINTS_MAX: u32 = 10_000_000;

fn is_step(step: Option<f64>) -> bool {
    step.is_some_and(|step| step != 0.0 && step.abs() < 100.0 && step.abs() > 1e-6)
}

/// Whether a head is that of version 1, behind its mark.
pub(super) fn is_first(head: &Piece) -> bool {
    let points = head.u32(4).is_some_and(|points| (1..POINTS_MAX).contains(&points));
    let start = head.f32(24).is_some_and(|start| start.abs() < 1000.0);
    points && start && is_step(head.f32(12)) && head.text(3, 1).is_empty()
}

/// Whether a head is that of version 2, behind its mark.
pub(super) fn is_second(head: &Piece) -> bool {
    let ranges = head.u16(4).is_some_and(|ranges| ranges > 0);
    let len = head.u16(256).is_some_and(|len| (48..8192).contains(&len));
    ranges && len && is_step(head.f32(268))
}

/// What a drive begins at, where that is known.
fn known(name: &str, angle: Option<f64>, step: f64) -> Option<Drive> {
    let angle = angle.filter(|angle| *angle != UNKNOWN)?;
    Some(drive(name, "deg", stepped(angle, step)))
}

/// Reads a file of version 1: each range is followed by the next. Early ones repeat no mark. Errors when the source cannot
/// be read.
pub(super) fn read_first(
    source: &dyn Source,
    found: &mut Found,
    about: &mut About<'_>,
) -> io::Result<()> {
    let mut at = 0;
    loop {
        let mut head = Piece::of(source, at, FIRST_HEAD)?;
        // Without the mark the fields stand four bytes earlier: read from there, they stand where they would with it.
        if at > 0 && head.text(0, 4) != "RAW" {
            head = Piece::of(source, at - 4, FIRST_HEAD)?;
            at -= 4;
        }
        let (Some(n), Some(more)) = (head.u32(4), head.u32(152)) else {
            found.cut_at.get_or_insert(at + head.len() as u64);
            return Ok(());
        };
        let step = head.f32_as_written(12).unwrap_or(0.0);
        let beam = Beam {
            k_alpha_1: head.f32_as_written(72),
            k_alpha_2: head.f32_as_written(76),
            ..Beam::default()
        };
        let mode = head.u32(16).unwrap_or(0);
        let number = found.scans.len() + 1;
        if number == 1 {
            about.tell("sample", &head.text(40, 32));
        }
        about.tell(&format!("range {number}/scan mode"), &mode.to_string());
        let drives = [
            known("2Theta", head.f32_as_written(24), step),
            known("Theta", head.f32_as_written(28), if mode == 0 { step / 2.0 } else { 0.0 }),
            known("Khi", head.f32_as_written(32), 0.0),
            known("Phi", head.f32_as_written(36), 0.0),
        ];
        let scan = Scan {
            drives: drives.into_iter().flatten().collect(),
            time_s: time_s(head.f32_as_written(8)),
            conditions: beam.conditions(),
            ..Scan::default()
        };
        let values = Values { at: at + FIRST_HEAD as u64, n, size: 4, listed: Vec::new() };
        let end = found.take(source, scan, &values)?;
        if more == 0 || found.cut_at.is_some() || end >= source.len() {
            if more != 0 {
                found.cut_at.get_or_insert(source.len());
            }
            return Ok(());
        }
        at = end;
    }
}

/// Reads a file of version 2: a head, then ranges. Errors when the source cannot be read.
pub(super) fn read_second(
    source: &dyn Source,
    found: &mut Found,
    about: &mut About<'_>,
) -> io::Result<()> {
    let head = Piece::of(source, 0, 256)?;
    let stamp = head.text(168, 20);
    about.tell("date", &stamp);
    about.tell("anode", &head.text(188, 2));
    if let Some((date, time)) = stamp.split_once(' ')
        && let Some(start) = start(date.trim(), time.trim())
    {
        about.sink.started_at(start);
    }
    let beam = Beam {
        k_alpha_1: head.f32_as_written(190),
        k_alpha_2: head.f32_as_written(194),
        ratio: head.f32_as_written(198),
        ..Beam::default()
    };
    let mut at = 256;
    for number in 1..=head.u16(4).unwrap_or(0) {
        let range = Piece::of(source, at, 48)?;
        let fields =
            (range.u16(0), range.u16(2), range.f32_as_written(12), range.f32_as_written(16));
        let (Some(len), Some(n), Some(step), Some(start)) = fields else {
            found.cut_at.get_or_insert(at + range.len() as u64);
            return Ok(());
        };
        if let Some(kelvin) = range.u16(46).filter(|kelvin| *kelvin > 0) {
            about.tell(&format!("range {number}/temperature in K"), &kelvin.to_string());
        }
        let places = stepped(start, step);
        let scan = Scan {
            drives: vec![drive("2Theta", "deg", places)],
            time_s: time_s(range.f32_as_written(8)),
            conditions: beam.conditions(),
            ..Scan::default()
        };
        let len = u64::from(len.max(48));
        let values = Values { at: at + len, n: u32::from(n), size: 4, listed: Vec::new() };
        at = found.take(source, scan, &values)?;
        if found.cut_at.is_some() {
            return Ok(());
        }
    }
    Ok(())
}
