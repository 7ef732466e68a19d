//! The standard plots: capacity against cycle, voltage against charge, dQ/dV.

use galvanome_model::plot::{Mark, Plot, PlotAxis, Series};
use galvanome_numerics::median::median;

use super::cycles::{Cycle, Kind};
use super::halves::seconds_of_rows;
use super::peaks::Slow;
use super::records::{Records, direction};
use super::{CAPACITY_LOSS_RATE, DISCHARGE_CAPACITY};
use crate::analysis::Analysis;

fn axis(label: &str, unit: &str) -> PlotAxis {
    PlotAxis { label: label.to_owned(), unit: unit.to_owned(), logarithmic: false }
}

/// Discharge capacity against cycle, with the line of the loss rate.
pub(super) fn capacity(cycles: &[Cycle], stretch: &[f64], analysis: &Analysis) -> Option<Plot> {
    if cycles.is_empty() {
        return None;
    }
    let series = |label: &str, which: &dyn Fn(&Cycle) -> bool| {
        let some: Vec<&Cycle> = cycles.iter().filter(|cycle| which(cycle)).collect();
        Series {
            label: label.to_owned(),
            group: None,
            mark: Mark::Points,
            x: some.iter().map(|cycle| cycle.number).collect(),
            y: some.iter().map(|cycle| cycle.discharge.charge_ah).collect(),
            y_uncertainty: some.iter().map(|cycle| cycle.discharge.charge_u_whole_ah()).collect(),
        }
    };
    let finite = |cycle: &Cycle| cycle.discharge.charge_ah.is_finite();
    let checkup = |cycle: &Cycle| !cycle.used && cycle.kind == Kind::CheckUp;
    let mut all = vec![
        series("discharge capacity", &|cycle| cycle.used && finite(cycle)),
        series("check-ups", &|cycle| checkup(cycle) && finite(cycle)),
        series("not in the loss rate", &|cycle| !cycle.used && !checkup(cycle) && finite(cycle)),
    ];
    all.retain(|series| !series.x.is_empty());
    all.extend(line_of(cycles, stretch, analysis));
    Some(Plot {
        title: "Discharge capacity against cycle".to_owned(),
        x: axis("cycle", "1"),
        y: axis("discharge capacity", "Ah"),
        series: all,
    })
}

/// The line of the loss rate through the medians of the cycles that make it.
fn line_of(cycles: &[Cycle], stretch: &[f64], analysis: &Analysis) -> Option<Series> {
    let rate = analysis.quantity(CAPACITY_LOSS_RATE)?.value;
    let reference = analysis.quantity(DISCHARGE_CAPACITY)?.value;
    let (Some(&first), Some(&last)) = (stretch.first(), stretch.last()) else { return None };
    let heights: Vec<f64> = cycles
        .iter()
        .filter(|cycle| cycle.used && (first..=last).contains(&cycle.number))
        .map(|cycle| cycle.discharge.charge_ah)
        .collect();
    let slope = -rate / 100.0 * reference;
    let (middle, height) = (median(stretch)?, median(&heights)?);
    Some(Series {
        label: "loss rate".to_owned(),
        group: None,
        mark: Mark::Line,
        x: vec![first, last],
        y: [first, last].iter().map(|x| height + slope * (x - middle)).collect(),
        y_uncertainty: Vec::new(),
    })
}

/// Points of one curve, at most: more are not seen.
const MOST_POINTS: usize = 1000;

/// Voltage against charge of the first and last cycles at the common rate and of the first and last check-ups.
pub(super) fn voltage(
    cycles: &[Cycle],
    reference: Option<&Cycle>,
    records: &Records,
) -> Option<Plot> {
    if !records.has_voltage() {
        return None;
    }
    let mut shown: Vec<&Cycle> = reference.into_iter().collect();
    for kind in [Kind::Ageing, Kind::CheckUp] {
        let mut of_kind = cycles.iter().filter(|cycle| cycle.kind == kind);
        shown.extend(of_kind.next());
        shown.extend(of_kind.next_back());
    }
    shown.sort_by(|a, b| a.number.total_cmp(&b.number));
    shown.dedup_by(|a, b| a.number == b.number);
    let largest = records.largest_current_a();
    let mut series = Vec::new();
    for cycle in shown {
        let seconds = seconds_of_rows(records, &cycle.rows, largest);
        for (sign, word) in [(1.0, "charge"), (-1.0, "discharge")] {
            let mut charge = 0.0;
            let (mut x, mut y) = (Vec::new(), Vec::new());
            for (row, seconds) in cycle.rows.clone().zip(&seconds) {
                let current = records.current(row);
                if direction(current, largest) != sign {
                    continue;
                }
                charge += seconds * current.abs() / 3600.0;
                let voltage = records.voltage(row);
                if charge.is_finite() && voltage.is_finite() {
                    x.push(charge);
                    y.push(voltage);
                }
            }
            let (x, y) = thinned(&x, &y);
            if x.len() > 1 {
                let label = format!("cycle {} {word}", cycle.number);
                series.push(Series { label, x, y, ..Series::default() });
            }
        }
    }
    (!series.is_empty()).then(|| Plot {
        title: "Voltage against charge".to_owned(),
        x: axis("charge", "Ah"),
        y: axis("voltage", "V"),
        series,
    })
}

/// Every n-th point of a curve, and its last.
fn thinned(x: &[f64], y: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let every = x.len().div_ceil(MOST_POINTS).max(1);
    let last = x.len().saturating_sub(1);
    let points = x.iter().zip(y).enumerate();
    points
        .filter(|(place, _)| place % every == 0 || *place == last)
        .map(|(_, (x, y))| (*x, *y))
        .unzip()
}

/// Smoothed dQ/dV of the first, the middle and the last slow cycle.
pub(super) fn dqdv(slow: &[Slow], branch: &str) -> Option<Plot> {
    let last = slow.len().checked_sub(1)?;
    let mut places = vec![0, last / 2, last];
    places.dedup();
    let series = places
        .into_iter()
        .filter_map(|place| slow.get(place))
        .map(|one| Series {
            label: format!("cycle {} {branch}", one.number),
            x: (0..one.curve.dqdv.len()).map(|place| one.curve.voltage(place as f64)).collect(),
            y: one.curve.dqdv.clone(),
            ..Series::default()
        })
        .collect();
    Some(Plot {
        title: "dQ/dV against voltage".to_owned(),
        x: axis("voltage", "V"),
        y: axis("dQ/dV", "Ah/V"),
        series,
    })
}
