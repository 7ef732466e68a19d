//! Powder patterns in loops.

use galvanome_model::signal::{Axis, Condition, Signal, axes, conditions};

use super::block::{Block, Loop};
use super::number::number_of;
use crate::pattern::{counting, start_of};
use crate::sink::Sink;
use crate::text::clock::DateOrder;

/// Names of angles 2θ, the best known first.
const ANGLES: [&str; 3] =
    ["_pd_proc_2theta_corrected", "_pd_meas_2theta_scan", "_pd_meas_2theta_corrected"];

/// Names of the pattern that was measured, the rawest first.
const MEASURED: [&str; 4] = [
    "_pd_meas_counts_total",
    "_pd_meas_intensity_total",
    "_pd_proc_intensity_total",
    "_pd_proc_intensity_net",
];

/// How names of intensities begin.
const INTENSITIES: [&str; 4] =
    ["_pd_meas_counts_", "_pd_meas_intensity_", "_pd_proc_intensity_", "_pd_calc_intensity_"];

/// Where the axis of a pattern stands.
enum Along {
    /// In a column of angles.
    Angles(usize),
    /// In a column of times of flight.
    Times(usize),
    /// In a first value and a step.
    Steps(f64, f64),
}

/// Whether a loop holds a pattern with its axis.
pub(super) fn is_pattern(block: &Block, found: &Loop) -> bool {
    intensities(found).next().is_some() && along(block, found).is_some()
}

fn intensities(found: &Loop) -> impl Iterator<Item = usize> {
    let is = |tag: &String| {
        let lower = tag.to_lowercase().replace('.', "_");
        INTENSITIES.iter().any(|begin| lower.starts_with(begin))
    };
    found.tags.iter().enumerate().filter(move |(_, tag)| is(tag)).map(|(column, _)| column)
}

fn along(block: &Block, found: &Loop) -> Option<Along> {
    if let Some(column) = ANGLES.iter().find_map(|tag| found.column(tag)) {
        return Some(Along::Angles(column));
    }
    if let Some(column) = found.column("_pd_meas_time_of_flight") {
        return Some(Along::Times(column));
    }
    let number = |tag: &str| Some(number_of(block.value(tag)?)?.0).filter(|at| !at.is_nan());
    ["proc", "meas"].iter().find_map(|kind| {
        let first = number(&format!("_pd_{kind}_2theta_range_min"))?;
        let step = number(&format!("_pd_{kind}_2theta_range_inc"))?;
        Some(Along::Steps(first, step))
    })
}

/// Wavelengths of the first and second line, and the intensity of the second over that of the first.
pub(super) fn wavelengths(block: &Block) -> (Option<f64>, Option<f64>, Option<f64>) {
    let numbers = |tag: &str| -> Vec<f64> {
        let of = |value: &str| number_of(value).map_or(f64::NAN, |(number, _)| number);
        block.values(tag).into_iter().map(of).collect()
    };
    let found = numbers("_diffrn_radiation_wavelength");
    let weights = numbers("_diffrn_radiation_wavelength_wt");
    let weight = |line: usize| weights.get(line).copied().unwrap_or(1.0);
    let mut lines: Vec<(f64, f64)> = found
        .iter()
        .enumerate()
        .filter(|(_, length)| **length > 0.0)
        .map(|(line, length)| (*length, weight(line)))
        .collect();
    // The stronger line is the first; of equal ones, as they stand.
    lines.sort_by(|a, b| b.1.total_cmp(&a.1));
    let (first, second) = (lines.first(), lines.get(1));
    let ratio = first.zip(second).map(|(first, second)| second.1 / first.1);
    let ratio = ratio.filter(|ratio| weights.len() == found.len() && ratio.is_finite());
    (first.map(|line| line.0), second.map(|line| line.0), ratio)
}

fn conditions_of(block: &Block) -> Vec<Condition> {
    let (first, second, ratio) = wavelengths(block);
    let mut known = Vec::new();
    known.extend(first.map(|at| conditions::WAVELENGTH.at(at)));
    known.extend(second.map(|at| conditions::WAVELENGTH_K_ALPHA_2.at(at)));
    known.extend(ratio.map(|at| conditions::K_ALPHA_RATIO.at(at)));
    let kelvin = block.value("_diffrn_ambient_temperature").and_then(number_of);
    known.extend(kelvin.map(|(kelvin, _)| conditions::TEMPERATURE.at(kelvin - 273.15)));
    known
}

/// Tells when and with what a block was measured.
pub(super) fn tell(block: &Block, sink: &mut dyn Sink) {
    let device = ["_diffrn_measurement_device_type", "_pd_instr_location"];
    if let Some(device) = block.first_of(&device) {
        sink.instrument(device);
    }
    let time = block.value("_pd_meas_datetime_initiated");
    if let Some(start) = time.and_then(|time| start_of(time, DateOrder::MonthFirst)) {
        sink.started_at(start);
    }
}

/// Gives the patterns of a loop that holds some: the one that was measured first.
pub(super) fn give(block: &Block, found: &Loop, sink: &mut dyn Sink) {
    let Some(along) = along(block, found) else { return };
    let numbers = |column: usize| -> (Vec<f64>, Vec<f64>) {
        found.values(column).map(|value| number_of(value).unwrap_or((f64::NAN, f64::NAN))).unzip()
    };
    let tag = |column: usize| found.tags.get(column).map_or("", String::as_str);
    let axis = match along {
        Along::Angles(column) => Axis::of(axes::TWO_THETA, tag(column), numbers(column).0),
        Along::Times(column) => Axis {
            name: "time_of_flight".to_owned(),
            unit: "us".to_owned(),
            vendor_name: tag(column).to_owned(),
            points: numbers(column).0,
        },
        Along::Steps(first, step) => {
            let points = (0..found.rows()).map(|row| first + row as f64 * step).collect();
            Axis::of(axes::TWO_THETA, "", points)
        }
    };
    let main = MEASURED.iter().find_map(|tag| found.column(tag)).or(intensities(found).next());
    let is_number = |column: &usize| {
        let lower = tag(*column).to_lowercase();
        !ANGLES.iter().any(|angle| found.column(angle) == Some(*column))
            && found.column("_pd_meas_time_of_flight") != Some(*column)
            && !lower.ends_with("_id")
            && found.values(*column).all(|value| number_of(value).is_some())
    };
    let others = (0..found.tags.len()).filter(|column| Some(*column) != main).filter(is_number);
    let time = block.value("_pd_meas_step_count_time").and_then(number_of).map(|found| found.0);
    let known = conditions_of(block);
    for column in main.into_iter().chain(others) {
        let (values, uncertainties) = numbers(column);
        let lower = tag(column).to_lowercase();
        let counts = lower.replace('.', "_").starts_with("_pd_meas_counts_");
        let stated = uncertainties.iter().any(|uncertainty| !uncertainty.is_nan());
        let own_name = lower.trim_start_matches("_pd_").to_owned();
        sink.signal(Signal {
            name: if Some(column) == main { "intensity".to_owned() } else { own_name },
            label: block.name.clone(),
            unit: if counts { "counts" } else { "" }.to_owned(),
            axes: vec![axis.clone()],
            counting: counts.then(|| counting(&values, time)).flatten(),
            values,
            uncertainties: if stated { uncertainties } else { Vec::new() },
            conditions: known.clone(),
            ..Signal::default()
        });
    }
}
