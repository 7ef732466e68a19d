//! A model of peaks fitted to a part of a spectrum, with the weights that its kind of uncertainty asks for.

use std::ops::Range;

use galvanome_numerics::median::median;

use super::peak_model::{Fitted, PeakModel};
use super::spectrum::{Spectrum, Spread};

/// Fits a model to the points of a range. Counts weigh by the model of a first fit and not by themselves: a point that
/// came out low would weigh more, and the fit would come out low. None as for [`PeakModel::fit`].
pub fn fit_spectrum(model: PeakModel, spectrum: &Spectrum, range: Range<usize>) -> Option<Fitted> {
    let x = spectrum.x.get(range.clone())?;
    let y = spectrum.y.get(range.clone())?;
    let u = spectrum.u.get(range)?;
    if spectrum.spread != Spread::Counted {
        return model.fit(x, y, u, spectrum.spread == Spread::Stated);
    }
    let first = model.clone().fit(x, y, u, true)?;
    let scale = counts_in_unit(y, u);
    let u: Vec<f64> = x
        .iter()
        .zip(u)
        .map(|(x, u)| {
            let expected = first.at(*x) * scale;
            if expected > 1.0 { expected.sqrt() / scale } else { *u }
        })
        .collect();
    model.fit(x, y, &u, true).or(Some(first))
}

/// Counts in one unit of the values: `u = √(y / scale)`.
fn counts_in_unit(y: &[f64], u: &[f64]) -> f64 {
    let all: Vec<f64> =
        y.iter().zip(u).filter(|(y, _)| **y > 0.0).map(|(y, u)| y / (u * u)).collect();
    median(&all).unwrap_or(1.0)
}
