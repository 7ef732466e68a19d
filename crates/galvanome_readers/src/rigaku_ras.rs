//! Rigaku's text of diffractometer scans (`.ras`): for each scan a header of `*KEY "value"` and rows of angle, intensity and the
//! factor of the attenuator.
//!
//! The intensity is the second column times the third. The only real file at hand has factors of 1 throughout, so that it does
//! not tell whether they are meant so; where they differ from 1, a note says what was done.

mod header;

use galvanome_model::note::Note;

use self::header::Header;
use crate::diffraction::{Places, Scan, tell};
use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::pattern::counting;
use crate::sink::Sink;
use crate::text::lines::Lines;
use crate::text::number::Decimal;
use crate::text::numbers::Numbers;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "rigaku-ras", name: "Rigaku RAS", endings: &["ras"], claims, read };

/// Scans that are read of one file: a map of several days has fewer.
const MOST_SCANS: usize = 100_000;

fn claims(files: &Files) -> Confidence {
    let marked = files.opening().is_some_and(|opening| {
        let mut lines = opening.lines().filter(|line| !line.trim_ascii().is_empty());
        lines.next().is_some_and(|line| line.trim_ascii() == b"*RAS_DATA_START")
    });
    Confidence::certain_if(marked)
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let none = || {
        ReadError::new(
            Trouble::Damaged,
            "there is no scan in it: no line says *RAS_INT_START",
            "export the scans from the instrument's software again",
        )
    };
    let Some(member) = files.only() else { return Err(none()) };
    let mut lines = Lines::new(member.source.as_ref(), &member.name, limits.max_line_bytes)?;
    let (mut header, mut before) = (Header::default(), None::<Header>);
    let (mut scans, mut ended) = (Vec::new(), false);
    let mut room = limits.max_metadata;
    while let Some(line) = lines.next()? {
        let text = line.bytes.trim_ascii();
        if text == b"*RAS_HEADER_START" {
            before = Some(std::mem::take(&mut header));
        } else if text == b"*RAS_DATA_END" {
            ended |= !scans.is_empty();
        } else if text == b"*RAS_INT_START" {
            if scans.len() >= MOST_SCANS {
                let message = format!("the first {MOST_SCANS} scans were read");
                sink.note(Note::new("limit-reached", message, ""));
                ended = true;
                break;
            }
            let old = before.take().filter(|_| !scans.is_empty());
            header.tell(scans.len() + 1, old.as_ref(), &mut room, sink);
            ended = scan(&mut lines, &header, limits, &mut scans, sink)?;
        } else {
            header.take(text, limits);
        }
    }
    if scans.is_empty() {
        return Err(none().in_file(&member.name));
    }
    if !ended {
        let place = format!("scan {}", scans.len());
        let message = "the file ends within a scan; the points before were read. Fetch it again if the scan is longer";
        sink.note(Note::new("truncated-file", message, place));
    }
    tell(scans, sink);
    Ok(())
}

/// Reads the points of one scan. Gives whether its end was met. Errors when the text cannot be read.
fn scan(
    lines: &mut Lines<'_>,
    header: &Header,
    limits: &Limits,
    scans: &mut Vec<Scan>,
    sink: &mut dyn Sink,
) -> Result<bool, ReadError> {
    let number = scans.len() + 1;
    let mut rows = Numbers::default();
    let end = |line: &[u8]| line.trim_ascii().starts_with(b"*RAS_INT_END");
    let ended = rows.read(lines, Decimal::Point, limits, usize::MAX, end)?.is_some();
    let place = format!("scan {number}");
    for note in rows.notes() {
        sink.note(note);
    }
    let stated = header.number("MEAS_DATA_COUNT");
    if stated.is_some_and(|stated| stated != rows.len() as f64) && ended {
        let message = format!(
            "the header says that the scan has {} points; {} were read",
            stated.unwrap_or_default(),
            rows.len()
        );
        sink.note(Note::new("row-count", message, place.as_str()));
    }
    let mut columns = rows.columns.into_iter();
    let points = columns.next().unwrap_or_default();
    let values = columns.next().unwrap_or_else(|| vec![f64::NAN; points.len()]);
    let factors = columns.next().unwrap_or_default();
    let unit = header.intensity_unit();
    let (along, drives) = header.drives(points);
    let counted = (unit == "counts").then(|| counting(&values, None)).flatten();
    let mut scan = Scan {
        label: header.text("DISP_NOTE").to_owned(),
        unit: unit.to_owned(),
        values,
        drives,
        along,
        time_s: header.live_time_s().map(Places::Fixed),
        counts_per_unit: counted.map(|counted| counted.counts_per_unit),
        started_unix_s: header.started_unix_s(),
        conditions: header.conditions(),
        ..Scan::default()
    };
    scan.find_incidence();
    scan.attenuate(&factors);
    if !scan.detector_counts.is_empty() {
        let message = "attenuators stood in the beam: the intensities of the file were multiplied by their factors, which no other reading of such a scan has proved; compare it with the instrument's software";
        sink.note(Note::new("attenuation-applied", message, place));
    }
    scans.push(scan);
    Ok(ended)
}
