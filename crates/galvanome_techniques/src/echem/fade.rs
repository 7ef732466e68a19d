//! Capacity against cycle: the reference, the loss rate, the plot.

use galvanome_model::ids::DescriptorId;
use galvanome_model::note::Note;
use galvanome_model::plot::{Mark, Plot, PlotAxis, Series};
use galvanome_model::quantity::Qualifier;
use galvanome_numerics::theil_sen::TheilSen;

use super::cycles::Cycle;
use super::{
    CAPACITY_LOSS_RATE, DISCHARGE_CAPACITY, FIRST_CYCLE, LAST_CYCLE, REFERENCE_CYCLE, spans,
};
use crate::analysis::{Analysis, Found, Settings};

/// Cycles below which a slope is no loss rate.
const FEWEST: usize = 3;

/// Cycles below which the scatter of slopes does not tell an uncertainty (Sen's interval is then too narrow).
const FEWEST_FOR_UNCERTAINTY: usize = 5;

/// Finds the discharge capacity of the reference cycle and the loss rate.
pub(super) fn quantities(cycles: &[Cycle], settings: &Settings, analysis: &mut Analysis) {
    let Some(reference) = reference_of(cycles, settings, &mut analysis.notes) else { return };
    analysis.quantities.extend(found(
        DISCHARGE_CAPACITY,
        reference.discharge_ah,
        Some(reference.discharge_u_ah),
        "Ah",
        reference.discharge_rows,
        format!(
            "discharge of cycle {} at a mean of {} A, integrated from the current",
            reference.number,
            four_digits(reference.mean_discharge_current_a)
        ),
    ));
    analysis.quantities.extend(loss_rate(cycles, reference, settings, &mut analysis.notes));
}

fn found(
    descriptor: &str,
    value: f64,
    uncertainty: Option<f64>,
    unit: &str,
    points: usize,
    detail: String,
) -> Option<Found> {
    // Numbers beyond all measure are in a note already.
    if !value.is_finite() {
        return None;
    }
    Some(Found {
        descriptor: DescriptorId::new(descriptor).ok()?,
        qualifier: Qualifier::Equal,
        value,
        uncertainty: uncertainty.filter(|u| u.is_finite()),
        unit: unit.to_owned(),
        points,
        detail,
    })
}

/// A number to four digits, however small.
fn four_digits(value: f64) -> String {
    let magnitude = value.abs().log10().floor();
    let decimals =
        if magnitude.is_finite() { (3.0 - magnitude).clamp(0.0, 15.0) as usize } else { 0 };
    format!("{value:.decimals$}")
}

/// The cycle whose capacity is 100 %.
fn reference_of<'a>(
    cycles: &'a [Cycle],
    settings: &Settings,
    notes: &mut Vec<Note>,
) -> Option<&'a Cycle> {
    if let Some(number) = settings.whole(&REFERENCE_CYCLE) {
        let named = cycles.iter().find(|cycle| cycle.number == number as f64);
        let reason = match named {
            Some(cycle) if !cycle.ended => "is not complete",
            Some(cycle) if !cycle.discharge_ah.is_finite() => "cannot be integrated",
            Some(cycle) if cycle.discharge_ah <= 0.0 => "has no discharge",
            Some(cycle) => {
                if !cycle.used {
                    let message = "the reference cycle does not run at the common rate of discharge: the loss is given in percent of its capacity, which was taken at another rate";
                    notes.push(Note::new(
                        "reference-at-other-rate",
                        message,
                        format!("cycle {number}"),
                    ));
                }
                return Some(cycle);
            }
            None => "is not in the files",
        };
        let all: Vec<f64> = cycles.iter().map(|cycle| cycle.number).collect();
        let message = format!(
            "the reference cycle {number} {reason}, so there is neither its capacity nor a loss rate; there are cycles {}",
            spans(&all)
        );
        notes.push(Note::new("no-reference", message, format!("cycle {number}")));
        return None;
    }
    let first = cycles.iter().find(|cycle| cycle.used);
    let note = match first {
        Some(cycle) => Note::new(
            "reference-by-default",
            format!(
                "no reference cycle was declared; the first one that can be used, cycle {}, is 100 %",
                cycle.number
            ),
            format!("cycle {}", cycle.number),
        ),
        None => Note::new(
            "no-reference",
            "no cycle has a complete discharge, so there is neither a capacity nor a loss rate",
            "",
        ),
    };
    notes.push(note);
    first
}

fn loss_rate(
    cycles: &[Cycle],
    reference: &Cycle,
    settings: &Settings,
    notes: &mut Vec<Note>,
) -> Option<Found> {
    let from = settings.whole(&FIRST_CYCLE).map_or(f64::NEG_INFINITY, |first| first as f64);
    let to = settings.whole(&LAST_CYCLE).map_or(f64::INFINITY, |last| last as f64);
    let used: Vec<&Cycle> =
        cycles.iter().filter(|cycle| cycle.used && (from..=to).contains(&cycle.number)).collect();
    let number: Vec<f64> = used.iter().map(|cycle| cycle.number).collect();
    let percent: Vec<f64> =
        used.iter().map(|cycle| 100.0 * cycle.discharge_ah / reference.discharge_ah).collect();
    let line = TheilSen::of(&number, &percent, 0.95).filter(|_| used.len() >= FEWEST);
    let Some(line) = line else {
        let message = format!(
            "a loss rate needs at least {FEWEST} complete cycles at one rate; there are {}",
            used.len()
        );
        notes.push(Note::new("too-few-cycles", message, ""));
        return None;
    };
    let uncertainty = if used.len() >= FEWEST_FOR_UNCERTAINTY {
        Some(slope_uncertainty(&line, &used, reference))
    } else {
        let message = format!(
            "with {} cycles the scatter does not tell how uncertain the loss rate is; from {FEWEST_FOR_UNCERTAINTY} on it does",
            used.len()
        );
        notes.push(Note::new("too-few-cycles", message, ""));
        None
    };
    let detail = format!(
        "median of {} slopes over cycles {}; 100 % is the discharge of cycle {}",
        line.pairs,
        spans(&number),
        reference.number
    );
    found(CAPACITY_LOSS_RATE, 0.0 - line.slope, uncertainty, "%/cycle", used.len(), detail)
}

/// Standard uncertainty of a slope in percent per cycle: the larger of what scatter and integration give, and the
/// uncertainty of the 100 %.
fn slope_uncertainty(line: &TheilSen, used: &[&Cycle], reference: &Cycle) -> f64 {
    let n = used.len() as f64;
    let mean_number = used.iter().map(|cycle| cycle.number).sum::<f64>() / n;
    let spread: f64 = used.iter().map(|cycle| (cycle.number - mean_number).powi(2)).sum();
    // Errors of integration as the variance of a least-squares slope, which Theil-Sen nearly reaches.
    let weighted: f64 = used
        .iter()
        .map(|cycle| ((cycle.number - mean_number) * cycle.discharge_u_ah).powi(2))
        .sum();
    let integration =
        if spread > 0.0 { 100.0 / reference.discharge_ah * weighted.sqrt() / spread } else { 0.0 };
    let scale = line.slope * reference.discharge_u_ah / reference.discharge_ah;
    line.slope_u.max(integration).hypot(scale)
}

/// Discharge capacity against cycle, with the line of the loss rate.
pub(super) fn plot(cycles: &[Cycle], analysis: &Analysis) -> Option<Plot> {
    if cycles.is_empty() {
        return None;
    }
    let series = |label: &str, used: bool| {
        let some: Vec<&Cycle> = cycles.iter().filter(|cycle| cycle.used == used).collect();
        Series {
            label: label.to_owned(),
            group: None,
            mark: Mark::Points,
            x: some.iter().map(|cycle| cycle.number).collect(),
            y: some.iter().map(|cycle| cycle.discharge_ah).collect(),
            y_uncertainty: some.iter().map(|cycle| cycle.discharge_u_ah).collect(),
        }
    };
    let mut all = vec![series("discharge capacity", true), series("not in the loss rate", false)];
    all.retain(|series| !series.x.is_empty());
    all.extend(line_of(cycles, analysis));
    Some(Plot {
        title: "Discharge capacity against cycle".to_owned(),
        x: PlotAxis { label: "cycle".to_owned(), unit: "1".to_owned(), logarithmic: false },
        y: PlotAxis {
            label: "discharge capacity".to_owned(),
            unit: "Ah".to_owned(),
            logarithmic: false,
        },
        series: all,
    })
}

/// The line of the loss rate through the medians of the used cycles.
fn line_of(cycles: &[Cycle], analysis: &Analysis) -> Option<Series> {
    let rate = analysis.quantity(CAPACITY_LOSS_RATE)?.value;
    let reference = analysis.quantity(DISCHARGE_CAPACITY)?.value;
    let used = || cycles.iter().filter(|cycle| cycle.used);
    let slope = -rate / 100.0 * reference;
    let middle = super::median(used().map(|cycle| cycle.number))?;
    let height = super::median(used().map(|cycle| cycle.discharge_ah))?;
    let ends = [used().next()?.number, used().next_back()?.number];
    Some(Series {
        label: "loss rate".to_owned(),
        group: None,
        mark: Mark::Line,
        x: ends.to_vec(),
        y: ends.iter().map(|x| height + slope * (x - middle)).collect(),
        y_uncertainty: Vec::new(),
    })
}
