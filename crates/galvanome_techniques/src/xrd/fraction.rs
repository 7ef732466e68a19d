//! The share of the monoclinic phase beside the rhombohedral one, from their first layer reflections.

use galvanome_model::note::Note;
use galvanome_numerics::propagation::variance;

use super::MONOCLINIC_FRACTION;
use super::lines::{Line, shape};
use super::radiation::Radiation;
use super::settings;
use crate::analysis::found::found;
use crate::analysis::peak_model::{Fitted, Guess, PeakModel};
use crate::analysis::spectrum::Spectrum;
use crate::analysis::spectrum_fit::fit_spectrum;
use crate::analysis::{Found, Settings};

/// Two peaks must be better by so much of the Bayesian information criterion (R. E. Kass, A. E. Raftery, J. Am. Stat.
/// Assoc. 90 (1995) 773: above 10 very strong).
const DECISIVE: f64 = 10.0;

/// Two peaks nearer than this part of their width are not two.
const APART: f64 = 0.5;

/// How far apart the layers of the two phases may be, as a part.
const LAYERS: f64 = 0.03;

/// The fraction, where two phases are seen; `layer` is where the layer reflection lies.
pub(super) fn fraction(
    spectrum: &Spectrum,
    lines: &[Line],
    layer: f64,
    radiation: &Radiation,
    settings: &Settings,
    notes: &mut Vec<Note>,
) -> Option<Found> {
    let word = settings.word(&settings::PHASES).unwrap_or("auto");
    if word == "one" {
        return None;
    }
    let spacing = radiation.spacing(layer);
    let (low, high) = (1.0 + LAYERS, 1.0 - LAYERS);
    let window = (radiation.two_theta(spacing * low), radiation.two_theta(spacing * high));
    let mut inside: Vec<&Line> = lines
        .iter()
        .filter(|line| line.two_theta.value > window.0 && line.two_theta.value < window.1)
        .collect();
    inside.sort_by(|a, b| b.height.value.total_cmp(&a.height.value));
    let strongest = *inside.first()?;
    let width = strongest.fwhm.value;
    let reach = 6.0 * width;
    let near = inside.get(1).filter(|second| {
        (second.two_theta.value - strongest.two_theta.value).abs() < 4.0 * width || word == "two"
    });
    let places = inside.iter().take(if near.is_some() { 2 } else { 1 });
    let (from, to) = places.fold((f64::INFINITY, f64::NEG_INFINITY), |(from, to), line| {
        (from.min(line.two_theta.value - reach), to.max(line.two_theta.value + reach))
    });
    let range = spectrum.between(from, to);
    let x = &spectrum.x[range.clone()];
    let ends = (*x.first()?, *x.last()?);
    let guess = |centre: f64, height: f64, width: f64| Guess { centre, height, width };
    let companion = radiation.companion();
    let one = [guess(strongest.two_theta.value, strongest.height.value, width)];
    let single =
        PeakModel::new(shape(settings), &one, ends, 1).with_companion(companion).with_skew();
    let single = fit_spectrum(single, spectrum, range.clone())?;
    let starts: Vec<[Guess; 2]> = match near {
        Some(second) => vec![[
            guess(strongest.two_theta.value, strongest.height.value, width),
            guess(second.two_theta.value, second.height.value, width),
        ]],
        None => [(-1.0, 0.7, 0.3), (1.0, 0.7, 0.3), (-0.6, 0.5, 0.5)]
            .into_iter()
            .map(|(side, main, other)| {
                let place = strongest.two_theta.value;
                let height = strongest.height.value;
                [
                    guess(place - 0.2 * side * width, main * height, 0.8 * width),
                    guess(place + 0.7 * side * width, other * height, 0.8 * width),
                ]
            })
            .collect(),
    };
    let double = starts
        .iter()
        .filter_map(|pair| {
            let double = PeakModel::new(shape(settings), pair, ends, 1)
                .with_companion(companion)
                .with_one_second()
                .with_one_width();
            fit_spectrum(double, spectrum, range.clone())
        })
        .filter(Fitted::is_settled)
        .min_by(|a, b| a.fit.residual_sum.total_cmp(&b.fit.residual_sum))?;
    let (first, second) = match double.model.peaks.as_slice() {
        [a, b] if double.parameter(a.centre).value < double.parameter(b.centre).value => (*a, *b),
        [a, b] => (*b, *a),
        _ => return None,
    };
    let apart = double.parameter(second.centre).value - double.parameter(first.centre).value;
    let better = {
        // In units of the spread that is there, where that is larger than what counting gives.
        let scale = double.reduced_chi_squared.max(1.0);
        // Free parameters that two peaks have more.
        let more = single.fit.degrees_of_freedom as f64 - double.fit.degrees_of_freedom as f64;
        (single.fit.residual_sum - double.fit.residual_sum) / scale - more * (x.len() as f64).ln()
    };
    let are_two = better > DECISIVE && apart > APART * double.fwhm(&first).value;
    if !are_two && word != "two" {
        let message = format!(
            "{}: the layer reflection at {layer:.2}° is fitted as well by one peak as by two (set phases=two to fit two all the same), so no fraction of a monoclinic phase is given",
            spectrum.name
        );
        notes.push(Note::new("one-phase", message, &*spectrum.name));
        return None;
    }
    let is_low = settings.word(&settings::MONOCLINIC_SIDE) != Some("high");
    let (monoclinic, other) = if is_low { (first, second) } else { (second, first) };
    let (m, r) = (double.parameter(monoclinic.height), double.parameter(other.height));
    let total = m.value + r.value;
    let value = m.value / total;
    let derivatives = [r.value / (total * total), -m.value / (total * total)];
    let cov = |a: usize, b: usize| double.fit.covariance(a, b, double.weights);
    let (a, b) = (monoclinic.height, other.height);
    let covariance = [cov(a, a), cov(a, b), cov(b, a), cov(b, b)].map(|one| one.unwrap_or(0.0));
    let u = variance(&derivatives, &covariance).filter(|one| *one > 0.0).map(f64::sqrt);
    let detail = format!(
        "area of the layer reflection at {:.3}° over that of both (other at {:.3}°), fitted with one width and shape: a fraction by volume if both phases scatter alike per volume in it and are textured alike; two peaks better than a skewed one by {better:.0} (BIC); systematic: texture and structure factors, not in the uncertainty",
        double.parameter(monoclinic.centre).value,
        double.parameter(other.centre).value,
    );
    found(MONOCLINIC_FRACTION, value, u, x.len(), detail)
}
