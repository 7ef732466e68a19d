//! Scans as an XRDML file holds them, and what they mean.

use galvanome_model::note::Note;
use galvanome_model::signal::Condition;

use crate::diffraction::{Beam, Drive, Places, Scan};
use crate::sink::Sink;
use crate::text::clock::{Civil, DateOrder, split_zone};

/// The beam of a measurement, and the line of it that is meant.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    /// `K-Alpha`, `K-Alpha 1`, `K-Beta` …
    pub(super) intended: String,
    pub(super) beam: Beam,
}

impl Line {
    /// What it is to an analysis.
    fn conditions(&self) -> Vec<Condition> {
        let mut beam = self.beam.clone();
        let line = self.intended.to_ascii_lowercase();
        if line.contains("beta") {
            beam.used = beam.k_beta;
        } else if line.ends_with('1') {
            beam.ratio = None;
        }
        beam.conditions()
    }
}

/// A drive as the file tells it.
#[derive(Debug, Clone, Default)]
pub(super) struct DriveFound {
    pub(super) name: String,
    pub(super) unit: String,
    pub(super) common: Option<f64>,
    pub(super) start: Option<f64>,
    pub(super) end: Option<f64>,
    pub(super) listed: Option<Vec<f64>>,
}

/// A scan as the file tells it.
#[derive(Debug, Clone, Default)]
pub(super) struct ScanFound {
    pub(super) along: String,
    pub(super) status: String,
    /// The drive that is stepped between scans.
    pub(super) stepped: String,
    pub(super) transmission: bool,
    pub(super) line: Line,
    pub(super) started: String,
    pub(super) drives: Vec<DriveFound>,
    /// Unit of the intensities or counts.
    pub(super) unit: String,
    pub(super) intensities: Vec<f64>,
    pub(super) counts: Vec<f64>,
    pub(super) factors: Vec<f64>,
    pub(super) time_s: Option<f64>,
    pub(super) times_s: Vec<f64>,
    /// Whether factors for a divergence slit stand beside the values.
    pub(super) diverges: bool,
    /// Whether the file ends in it.
    pub(super) cut: bool,
}

impl ScanFound {
    /// What the detector gave, in whichever form.
    pub(super) fn values(&self) -> &[f64] {
        if self.intensities.is_empty() { &self.counts } else { &self.intensities }
    }

    /// Whether the file says that it was not measured to its end.
    fn is_incomplete(&self) -> bool {
        !matches!(self.status.as_str(), "" | "Completed")
    }
}

/// Scans of the same range that were measured to their ends: first place, last place, step.
type Steps = Vec<(f64, f64, f64)>;

/// Scans with something in them.
pub(super) fn finish(found: Vec<ScanFound>, sink: &mut dyn Sink) -> Vec<Scan> {
    let mut steps = Steps::new();
    let several = found.iter().filter(|scan| !scan.values().is_empty()).count() > 1;
    let mut scans = Vec::new();
    let (mut uneven, mut diverges) = (Vec::new(), 0);
    for (number, scan) in (1..).zip(found) {
        if scan.is_incomplete() {
            let message = format!(
                "the file says of scan {number} that it is `{}`: it was not measured to its end",
                scan.status
            );
            sink.note(Note::new("incomplete-measurement", message, format!("scan {number}")));
        }
        diverges += u64::from(scan.diverges);
        let stated = scan.values().len();
        if stated == 0 {
            continue;
        }
        let mut scan = one(scan, number, &mut steps, sink);
        if scan.values.len() < stated {
            uneven.push(number);
        }
        if several {
            scan.label = format!("scan {number}");
        }
        scans.push(scan);
    }
    if let Some(first) = uneven.first() {
        let message = format!(
            "in {} scans there are more values than places; the values that have none were left out",
            uneven.len()
        );
        sink.note(Note::new("row-count", message, format!("scan {first}")));
    }
    if diverges > 0 {
        let message =
            "corrections for the divergence slit stand beside the counts; they were not applied";
        sink.note(Note::new("unapplied-correction", message, format!("{diverges} scans")));
    }
    scans
}

fn one(found: ScanFound, number: usize, steps: &mut Steps, sink: &mut dyn Sink) -> Scan {
    let conditions = found.line.conditions();
    let incomplete = found.cut || found.is_incomplete();
    let raw = found.intensities.is_empty();
    let mut values = if raw { found.counts } else { found.intensities };
    let stated = values.len();
    let listed = found.drives.iter().filter_map(|drive| drive.listed.as_ref());
    let n = listed.map(Vec::len).filter(|&len| len > 0).fold(stated, usize::min);
    values.truncate(n);
    let mut lost = false;
    let mut drives = Vec::new();
    for drive in found.drives {
        let DriveFound { name, unit, common, start, end, listed } = drive;
        let places = match (listed, start, end, common) {
            (Some(mut listed), ..) if !listed.is_empty() => {
                listed.truncate(n);
                Places::Listed(listed)
            }
            (_, Some(start), Some(end), _) => {
                let places = even(start, end, stated, incomplete, steps);
                if found.cut && matches!(places, Places::Between(..)) {
                    lost = true;
                    continue;
                }
                places
            }
            (_, _, _, Some(common)) => Places::Fixed(common),
            _ => continue,
        };
        drives.push(Drive { name, unit, places });
    }
    if lost {
        let message = "the scan is cut off, and the file tells only where its first and its last point lie, so that the places of those that are left are not known";
        sink.note(Note::new("places-unknown", message, format!("scan {number}")));
    }
    let unit = match found.unit.as_str() {
        "cps" | "counts per second" => "counts/s",
        "" => "counts",
        other => other,
    };
    let time = found.time_s.filter(|time| *time > 0.0);
    let time_s = if found.times_s.is_empty() {
        time.map(Places::Fixed)
    } else {
        Some(Places::Listed(found.times_s))
    };
    let mut scan = Scan {
        counts_per_unit: match unit {
            "counts" => Some(1.0),
            "counts/s" => time,
            _ => None,
        },
        unit: unit.to_owned(),
        values,
        drives,
        along: found.along,
        stepped: found.stepped,
        time_s,
        started_unix_s: unix_s(&found.started),
        conditions,
        ..Scan::default()
    };
    if raw {
        scan.attenuate(&found.factors);
    } else {
        scan.was_attenuated(&found.factors);
    }
    if !found.transmission {
        scan.find_incidence();
    }
    if n == 1 {
        // One point lies where the scan begins.
        for drive in &mut scan.drives {
            drive.places = Places::Fixed(drive.places.at(0, 1));
        }
    }
    scan
}

/// The places of `n` points from `start` to `end`. An incomplete scan ends where its points end: where a complete one of the
/// same range was measured before, in steps of that.
fn even(start: f64, end: f64, n: usize, incomplete: bool, steps: &mut Steps) -> Places {
    if start == end {
        return Places::Fixed(start);
    }
    let known = steps.iter().find(|(first, last, _)| (*first, *last) == (start, end));
    if incomplete {
        return match known {
            Some(&(_, _, step)) => Places::Stepped(start, step),
            None => Places::Between(start, end),
        };
    }
    if known.is_none() && n > 1 && steps.len() < 64 {
        steps.push((start, end, (end - start) / (n - 1) as f64));
    }
    Places::Between(start, end)
}

/// When a scan began.
fn unix_s(stamp: &str) -> Option<f64> {
    let (time, ahead_s) = split_zone(stamp).unwrap_or((stamp, 0.0));
    Some(Civil::parse(time, DateOrder::DayFirst)?.unix_s(ahead_s))
}
