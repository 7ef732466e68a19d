//! The cell near its start that explains most peaks.

use super::cell::{Cell, System};
use super::lines::Line;
use super::radiation::Radiation;
use super::settings;
use crate::analysis::Settings;

/// Reflections that a cell is judged by, at most: the widest.
const JUDGED: usize = 80;

/// Trials at most.
const MOST: f64 = 60_000.0;

/// The parameters, each within `cell-range` of its start, for which most peaks lie near a reflection. Strong peaks
/// count more, by the square root of their heights; reflections without a peak count a little against.
pub(super) fn best_start(
    cell: &Cell,
    lines: &[Line],
    radiation: &Radiation,
    tolerance: f64,
    settings: &Settings,
) -> Vec<f64> {
    let range = settings.number(&settings::CELL_RANGE).unwrap_or(3.0) / 100.0;
    let start = &cell.parameters;
    if range <= 0.0 {
        return start.clone();
    }
    let highest = lines.iter().map(|line| line.height.value).fold(0.0, f64::max);
    let peaks: Vec<(f64, f64)> = lines
        .iter()
        .map(|line| (line.two_theta.value, (line.height.value / highest).max(0.0).sqrt()))
        .collect();
    let last = peaks.last().map_or(0.0, |peak| peak.0);
    let mut reflections = cell.reflections(radiation.spacing(last.min(179.0)) / 1.03, start);
    reflections.truncate(JUDGED);
    let reach = tolerance.max(0.08);
    let score = |parameters: &[f64]| {
        let mut places: Vec<f64> = reflections
            .iter()
            .map(|one| radiation.two_theta(1.0 / cell.inverse_square(*one, parameters).sqrt()))
            .filter(|place| place.is_finite() && *place < last + reach)
            .collect();
        places.sort_by(f64::total_cmp);
        let mut sum = 0.0;
        for (at, weight) in &peaks {
            let next = places.partition_point(|place| place < at);
            let near = [next.checked_sub(1), Some(next)]
                .into_iter()
                .flatten()
                .filter_map(|place| places.get(place))
                .map(|place| (place - at).abs())
                .fold(f64::INFINITY, f64::min);
            sum += weight * (-(near / reach).powi(2)).exp();
        }
        sum - 1e-3 * places.len() as f64
    };
    let free = start.len();
    // As fine as the reach at 60° asks for, as far as trials go.
    let fine = (reach / 66.0).max(2e-4);
    let each = (2.0 * range / fine).ceil().min(MOST.powf(1.0 / free as f64)).max(3.0) as usize | 1;
    let mut best = (f64::NEG_INFINITY, start.clone());
    let mut spread = range;
    // Over a coarse grid, then ever nearer around the best.
    for round in 0..4 {
        let middle = best.1.clone();
        let steps = if round == 0 { each } else { 5.min(each) };
        let mut at = vec![0_usize; free];
        loop {
            let parameters: Vec<f64> = middle
                .iter()
                .zip(&at)
                .enumerate()
                .map(|(place, (value, at))| {
                    let part = 2.0 * *at as f64 / (steps - 1) as f64 - 1.0;
                    // Angles move by their own degrees.
                    let is_angle = cell.system == System::Monoclinic && place == 3;
                    let by = if is_angle { 60.0 * spread } else { value * spread };
                    value + part * by
                })
                .collect();
            let found = score(&parameters);
            if found > best.0 {
                best = (found, parameters);
            }
            let Some(moving) = at.iter().position(|one| one + 1 < steps) else { break };
            at[moving] += 1;
            at[..moving].fill(0);
        }
        spread = if round == 0 { 2.0 * spread / (each - 1) as f64 } else { 0.5 * spread };
    }
    best.1
}
