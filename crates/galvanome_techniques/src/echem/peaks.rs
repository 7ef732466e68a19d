//! Peaks of dQ/dV: where, how high, how much charge.

use galvanome_model::measurement::Table;
use galvanome_model::note::Note;

use super::accuracy::Share;
use super::cycles::Cycle;
use super::dqdv::{Branch, Curve, Replicates, Smoothing};
use super::records::{Precision, Records};
use super::settings::{DQDV_BRANCH, DQDV_NEAR, DQDV_RATE};
use super::tables::{integrated, table};
use super::{
    DQDV_PEAK_AREA, DQDV_PEAK_AREA_RETENTION, DQDV_PEAK_HEIGHT, DQDV_PEAK_POSITION,
    DQDV_PEAK_SHIFT, found,
};
use crate::analysis::{Found, Settings};

/// The fastest rate when nothing else is set, per hour.
const FASTEST: f64 = 0.1;

/// A peak stands out by at least this part of the highest.
const PROMINENCE: f64 = 0.05;

/// And by so many times what noise moves the curve by.
const ABOVE_NOISE: f64 = 3.0;

/// A peak of a later cycle farther away than this is another one, in volts.
const SAME_PEAK_V: f64 = 0.1;

/// A value with its standard uncertainty.
type Pair = (f64, f64);

/// A peak of dQ/dV, with its uncertainties by the record: by all but the instrument's accuracy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Peak {
    position_v: Pair,
    height_ah_per_v: Pair,
    area_ah: Pair,
}

/// One half of a slow cycle with its peaks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Slow {
    /// Number of the cycle.
    pub(super) number: f64,
    /// Its dQ/dV.
    pub(super) curve: Curve,
    /// Its peaks, by rising voltage.
    peaks: Vec<Peak>,
    /// Rows that it rests on.
    rows: usize,
    /// What the instrument's errors do to its charge.
    accuracy: Share,
    /// Standard uncertainty of the instrument's voltage by its offset.
    offset_u_v: f64,
}

impl Slow {
    /// Position, height and area of a peak with their uncertainties by all that is known of.
    fn whole(&self, peak: &Peak) -> [Pair; 3] {
        let charge = self.accuracy.charge();
        let with = |(value, u): Pair, relative: f64| (value, u.hypot(value * relative));
        let (position, u) = with(peak.position_v, self.accuracy.voltage_gain);
        [
            (position, u.hypot(self.offset_u_v)),
            with(peak.height_ah_per_v, charge.hypot(self.accuracy.voltage_gain)),
            with(peak.area_ah, charge),
        ]
    }
}

/// Finds dQ/dV and its peaks in the slow cycles.
pub(super) fn find_peaks(
    records: &Records,
    cycles: &[Cycle],
    nominal_ah: Option<f64>,
    [voltage, _]: [Precision; 2],
    settings: &Settings,
) -> Vec<Slow> {
    let Some(nominal_ah) = nominal_ah else { return Vec::new() };
    let fastest = settings.number(&DQDV_RATE).unwrap_or(FASTEST);
    let smoothing = Smoothing::of(settings);
    let largest = records.largest_current_a();
    let sign = if settings.word(&DQDV_BRANCH) == Some("charge") { 1.0 } else { -1.0 };
    let mut all = Vec::new();
    for cycle in cycles.iter().filter(|cycle| cycle.kind.is_complete()) {
        let half = if sign > 0.0 { &cycle.charge } else { &cycle.discharge };
        if half.mean_current_a > fastest * nominal_ah {
            continue;
        }
        let Some(branch) = Branch::of(records, cycle, sign, largest) else { continue };
        let Some((curve, replicates)) =
            Curve::with_replicates(&branch, smoothing, voltage.of_row())
        else {
            continue;
        };
        let peaks = peaks_of(&curve, smoothing, &replicates, voltage);
        all.push(Slow {
            number: cycle.number,
            curve,
            peaks,
            rows: half.rows,
            accuracy: half.accuracy,
            offset_u_v: voltage.offset_u,
        });
    }
    all
}

/// A peak of a smoothed curve.
#[derive(Debug, Clone, Copy)]
struct Maximum {
    place: f64,
    height: f64,
}

fn peaks_of(
    curve: &Curve,
    smoothing: Smoothing,
    replicates: &Replicates,
    voltage: Precision,
) -> Vec<Peak> {
    let found = prominent(curve, smoothing.half, ABOVE_NOISE * replicates.noise(curve));
    let window = (2 * smoothing.half + 1) as f64;
    found
        .iter()
        .enumerate()
        .map(|(rank, peak)| {
            // The same peak in a curve like this one: the highest within a window. Where it is gone, it has moved
            // by one.
            let again = |curve: &Curve| {
                let near = maxima(curve, smoothing.half)
                    .into_iter()
                    .filter(|one| (one.place - peak.place).abs() <= window);
                let gone = Maximum { place: peak.place + window, height: peak.height };
                near.max_by(|a, b| a.height.total_cmp(&b.height)).unwrap_or(gone)
            };
            let area = |curve: &Curve| -> f64 {
                let valleys = valleys(curve, &found);
                let (from, to) = (valleys.get(rank), valleys.get(rank + 1));
                let inside = from.zip(to).and_then(|(&from, &to)| curve.charge_ah.get(from..to));
                inside.unwrap_or_default().iter().sum()
            };
            let place_u = replicates.uncertainty(peak.place, |curve| again(curve).place);
            let height_u = replicates.uncertainty(peak.height, |curve| again(curve).height);
            let charge = area(curve);
            let position_u = (place_u * curve.step_v).hypot(voltage.of_digit());
            Peak {
                position_v: (curve.voltage(peak.place), position_u),
                height_ah_per_v: (peak.height, height_u),
                area_ah: (charge, replicates.uncertainty(charge, area)),
            }
        })
        .collect()
}

/// The maxima of a curve: where its smoothed slope falls through zero, half a window from its ends at least.
fn maxima(curve: &Curve, half: usize) -> Vec<Maximum> {
    let slopes = curve.slope.iter().zip(curve.slope.iter().skip(1)).enumerate();
    let last = curve.slope.len().saturating_sub(half + 1);
    slopes
        .filter(|(place, (before, after))| {
            **before > 0.0 && **after <= 0.0 && *place >= half && *place < last
        })
        .filter_map(|(place, (before, after))| {
            let share = before / (before - after);
            let (left, right) = (curve.dqdv.get(place)?, curve.dqdv.get(place + 1)?);
            Some(Maximum { place: place as f64 + share, height: left.max(*right) })
        })
        .collect()
}

/// The maxima that stand out: between each and higher ground on either side the curve falls by a part of the
/// highest, and by so much at least.
fn prominent(curve: &Curve, half: usize, at_least: f64) -> Vec<Maximum> {
    let mut kept = maxima(curve, half);
    let highest = kept.iter().fold(0.0_f64, |highest, one| highest.max(one.height));
    let least = at_least.max(PROMINENCE * highest);
    // The least prominent goes first, and its neighbours are looked at again.
    loop {
        let valleys = valleys(curve, &kept);
        let depth = |place: usize| -> f64 {
            let height = kept.get(place).map_or(0.0, |one| one.height);
            let side = |valley: usize| {
                let low = valleys
                    .get(valley)
                    .and_then(|&at| curve.dqdv.get(at.min(curve.dqdv.len().saturating_sub(1))));
                height - low.copied().unwrap_or(0.0)
            };
            side(place).min(side(place + 1))
        };
        let weakest = (0..kept.len()).min_by(|&a, &b| depth(a).total_cmp(&depth(b)));
        match weakest.filter(|&place| depth(place) < least) {
            Some(place) => {
                kept.remove(place);
            }
            None => return kept,
        }
    }
}

/// The steps that part peaks: the lowest between two neighbours, and on the outer sides; one more than peaks.
fn valleys(curve: &Curve, peaks: &[Maximum]) -> Vec<usize> {
    let mut borders = vec![0];
    borders.extend(peaks.iter().map(|peak| peak.place.round() as usize));
    borders.push(curve.dqdv.len());
    let pairs = borders.iter().zip(borders.iter().skip(1));
    pairs
        .map(|(&from, &to)| {
            let stretch = curve.dqdv.get(from..to).unwrap_or_default().iter().enumerate();
            let lowest = stretch.min_by(|a, b| a.1.total_cmp(b.1));
            from + lowest.map_or(0, |(place, _)| place)
        })
        .collect()
}

/// The chosen peak of the first slow cycle from the reference on, and what has become of it in the last.
pub(super) fn quantities(
    slow: &[Slow],
    reference: Option<&Cycle>,
    settings: &Settings,
    has_voltage: bool,
    notes: &mut Vec<Note>,
) -> Vec<Found> {
    let from = reference.map_or(f64::NEG_INFINITY, |reference| reference.number);
    let mut later = slow.iter().filter(|one| one.number >= from);
    let Some(first) = later.next() else {
        // Without voltage there is a note already.
        if has_voltage {
            notes.push(Note::new(
                "no-dqdv",
                "no complete cycle is slow enough (C/10, or as `dqdv-rate` says) and has voltages in enough rows at constant current, so there is no dQ/dV",
                "",
            ));
        }
        return Vec::new();
    };
    let near = settings.number(&DQDV_NEAR);
    let Some(peak) = chosen(&first.peaks, near) else {
        notes.push(Note::new(
            "no-dqdv",
            "dQ/dV has no peak that stands out by a twentieth of the highest and lies half a window from the ends",
            format!("cycle {}", first.number),
        ));
        return Vec::new();
    };
    let branch = settings.word(&DQDV_BRANCH).unwrap_or("discharge");
    let which = near.map_or("highest peak".to_owned(), |near| format!("peak nearest to {near} V"));
    let how = Smoothing::of(settings).in_words();
    let detail = format!("{which} of dQ/dV on {branch} of cycle {}; {how}", first.number);
    let mut all = Vec::new();
    let descriptors = [DQDV_PEAK_POSITION, DQDV_PEAK_HEIGHT, DQDV_PEAK_AREA];
    for (descriptor, (value, u)) in descriptors.into_iter().zip(first.whole(peak)) {
        all.extend(found(descriptor, value, Some(u), first.rows, detail.clone()));
    }
    let Some(last) = later.next_back() else { return all };
    let position = peak.position_v.0;
    let same = chosen(&last.peaks, Some(position))
        .filter(|later| (later.position_v.0 - position).abs() <= SAME_PEAK_V);
    let Some(same) = same else {
        notes.push(Note::new(
            "dqdv-peak-gone",
            format!("the peak of dQ/dV at {position:.3} V has no other within 0.1 V in the last slow cycle, so there is neither its shift nor what is left of its area"),
            format!("cycle {}", last.number),
        ));
        return all;
    };
    let detail = format!(
        "{which} of dQ/dV on {branch}, cycle {} against {}; {how}",
        last.number, first.number
    );
    let shift = same.position_v.0 - position;
    let by_record = same.position_v.1.hypot(peak.position_v.1);
    let Share { voltage_gain, drift, .. } = first.accuracy;
    let drifted = 2.0_f64.sqrt() * drift * first.offset_u_v.hypot(position * voltage_gain);
    let shift_u = by_record.hypot(shift * voltage_gain).hypot(drifted);
    all.extend(found(DQDV_PEAK_SHIFT, shift, Some(shift_u), last.rows, detail.clone()));
    let left = same.area_ah.0 / peak.area_ah.0;
    let relative = (same.area_ah.1 / same.area_ah.0)
        .hypot(peak.area_ah.1 / peak.area_ah.0)
        .hypot(last.accuracy.charges_of_cycles(first.accuracy));
    let u = Some(100.0 * left * relative);
    all.extend(found(DQDV_PEAK_AREA_RETENTION, 100.0 * left, u, last.rows, detail));
    all
}

/// The peak nearest to a voltage, or the highest.
fn chosen(peaks: &[Peak], near: Option<f64>) -> Option<&Peak> {
    match near {
        Some(volts) => {
            let away = |peak: &Peak| (peak.position_v.0 - volts).abs();
            peaks.iter().min_by(|a, b| away(a).total_cmp(&away(b)))
        }
        None => peaks.iter().max_by(|a, b| a.height_ah_per_v.0.total_cmp(&b.height_ah_per_v.0)),
    }
}

/// Every peak of every slow cycle as a table.
pub(super) fn peak_table(slow: &[Slow]) -> Table {
    let every =
        || slow.iter().flat_map(|one| one.peaks.iter().map(|peak| (one.number, one.whole(peak))));
    let column = |name: &str, unit: &str, of: fn((f64, [Pair; 3])) -> f64| {
        integrated(name, unit, every().map(of).collect())
    };
    table(
        "dqdv-peaks",
        vec![
            column("cycle_count", "1", |(number, _)| number),
            column("position_volt", "V", |(_, [position, ..])| position.0),
            column("position_uncertainty_volt", "V", |(_, [position, ..])| position.1),
            column("height_ah_per_volt", "Ah/V", |(_, [_, height, _])| height.0),
            column("height_uncertainty_ah_per_volt", "Ah/V", |(_, [_, height, _])| height.1),
            column("area_ah", "Ah", |(_, [.., area])| area.0),
            column("area_uncertainty_ah", "Ah", |(_, [.., area])| area.1),
        ],
    )
}
