//! Where reflections lie, and the least squares that fit a cell to where they were found.

use galvanome_numerics::least_squares::{self, Fit, Range, Weights};

use super::cell::{Cell, Reflection};
use super::lines::Line;
use super::radiation::Radiation;
use crate::analysis::peak_model::Measured;

/// What is fitted beside the cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Correction {
    /// Displacement of the specimen from the axis of the goniometer.
    pub(super) displacement: bool,
    /// Shift of the zero of 2θ.
    pub(super) zero: bool,
}

impl Correction {
    /// Nothing.
    pub(super) const NONE: Self = Self { displacement: false, zero: false };

    /// How many parameters it adds.
    pub(super) fn count(self) -> usize {
        usize::from(self.displacement) + usize::from(self.zero)
    }

    /// In words, for details.
    pub(super) fn words(self) -> &'static str {
        match (self.displacement, self.zero) {
            (true, true) => "with displacement and zero shift fitted",
            (true, false) => "with displacement fitted",
            (false, true) => "with zero shift fitted",
            (false, false) => "without displacement or zero shift",
        }
    }
}

/// A peak taken for a reflection.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Indexed {
    /// Which of the pattern's peaks.
    pub(super) line: usize,
    /// The reflection.
    pub(super) reflection: Reflection,
    /// Whether it takes part in the fit of the cell.
    pub(super) used: bool,
}

/// Where a reflection lies: by Bragg's law, shifted by `−2 s cos θ / R` and the zero.
pub(super) fn placed(
    cell: &Cell,
    reflection: Reflection,
    parameters: &[f64],
    correction: Correction,
    radiation: &Radiation,
) -> f64 {
    let n = cell.system.names().len();
    let square = cell.inverse_square(reflection, parameters);
    let ideal = radiation.two_theta(1.0 / square.sqrt());
    let p = |place: usize| parameters.get(place).copied().unwrap_or(0.0);
    let mut shift = 0.0;
    if correction.displacement {
        shift -= (2.0 * p(n) * (0.5 * ideal).to_radians().cos()).to_degrees();
    }
    if correction.zero {
        shift += p(n + usize::from(correction.displacement));
    }
    ideal + shift
}

/// The least squares over the reflections that are used.
pub(super) fn refine(
    cell: &Cell,
    lines: &[Line],
    indexed: &[Indexed],
    start: &[f64],
    correction: Correction,
    radiation: &Radiation,
) -> Option<(Fit, Weights, f64)> {
    let used: Vec<(Reflection, Measured)> = indexed
        .iter()
        .filter(|one| one.used)
        .filter_map(|one| Some((one.reflection, lines.get(one.line)?.two_theta)))
        .collect();
    let n = cell.system.names().len();
    let m = used.len();
    if m < start.len() {
        return None;
    }
    let names = cell.system.names();
    let ranges: Vec<Range> = start
        .iter()
        .enumerate()
        .map(|(place, value)| match names.get(place) {
            Some(&"beta") => Range { lower: 60.0, upper: 150.0 },
            Some(_) => Range { lower: 0.8 * value, upper: 1.2 * value },
            None if place == n && correction.displacement => Range { lower: -0.1, upper: 0.1 },
            None => Range { lower: -5.0, upper: 5.0 },
        })
        .collect();
    let evaluate = |parameters: &[f64], residuals: &mut [f64], jacobian: Option<&mut [f64]>| {
        let at = |parameters: &[f64], row: usize| {
            let (reflection, measured) = used[row];
            let place = placed(cell, reflection, parameters, correction, radiation);
            (place - measured.value) / measured.u
        };
        for (row, slot) in residuals.iter_mut().enumerate() {
            *slot = at(parameters, row);
        }
        let Some(jacobian) = jacobian else { return };
        let mut moved = parameters.to_vec();
        for column in 0..parameters.len() {
            // Smooth in every parameter: central differences are good to ten digits.
            let step = if column < n { 1e-5 * parameters[column] } else { 1e-5 };
            for row in 0..m {
                moved[column] = parameters[column] + step;
                let above = at(&moved, row);
                moved[column] = parameters[column] - step;
                let below = at(&moved, row);
                jacobian[column * m + row] = (above - below) / (2.0 * step);
            }
            moved[column] = parameters[column];
        }
    };
    let fit =
        least_squares::fit(start, &ranges, m, &least_squares::Settings::QUICK, evaluate).ok()?;
    let freedom = fit.degrees_of_freedom;
    let reduced = if freedom > 0 { fit.residual_sum / freedom as f64 } else { f64::NAN };
    let weights = if reduced > 1.0 { Weights::FromResiduals } else { Weights::Known };
    Some((fit, weights, reduced))
}

/// By how much a parameter of the cell changes with another correction, and which.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Moved {
    /// The change; NaN where no other correction can be fitted.
    pub(super) by: f64,
    /// What was fitted instead, in words.
    pub(super) with: &'static str,
}

/// By how much each parameter of the cell changes, at most, when zero shift is fitted instead of displacement (or the
/// reverse), and when neither is.
pub(super) fn other_corrections(
    cell: &Cell,
    lines: &[Line],
    indexed: &[Indexed],
    fit: &Fit,
    correction: Correction,
    radiation: &Radiation,
) -> Vec<Moved> {
    let n = cell.system.names().len();
    let mut most = vec![Moved { by: f64::NAN, with: "" }; n];
    if correction.count() != 1 {
        return most;
    }
    let swapped = Correction { displacement: correction.zero, zero: correction.displacement };
    let instead =
        if correction.displacement { "zero shift instead" } else { "displacement instead" };
    for (other, with) in [(swapped, instead), (Correction::NONE, "neither")] {
        let mut start = fit.parameters.clone();
        start.truncate(n);
        start.resize(n + other.count(), 0.0);
        let Some((found, ..)) = refine(cell, lines, indexed, &start, other, radiation) else {
            continue;
        };
        for (place, slot) in most.iter_mut().enumerate() {
            let values = found.parameters.get(place).zip(fit.parameters.get(place));
            let by = values.map_or(f64::NAN, |(new, old)| new - old);
            if by.is_finite() && (slot.by.is_nan() || by.abs() > slot.by.abs()) {
                *slot = Moved { by, with };
            }
        }
    }
    most
}
