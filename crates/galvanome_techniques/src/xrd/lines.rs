//! The peaks of a pattern by fits: neighbours together, each on a straight line of its own.

use galvanome_model::note::Note;
use galvanome_numerics::median::median;

use super::radiation::Radiation;
use super::search::Seen;
use super::settings;
use crate::analysis::Settings;
use crate::analysis::peak_model::{Fitted, Measured, PeakModel, Shape};
use crate::analysis::spectrum::Spectrum;
use crate::analysis::spectrum_fit::fit_spectrum;

/// A peak that was fitted.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// Its place 2θ in degrees: of Kα1 where there are two lines.
    pub(super) two_theta: Measured,
    /// Its height.
    pub(super) height: Measured,
    /// Its full width at half maximum, in degrees.
    pub(super) fwhm: Measured,
    /// Its integral breadth, in degrees.
    pub(super) breadth: Measured,
    /// Its area without Kα2.
    pub(super) area: Measured,
    /// The Lorentzian's share of its shape.
    pub(super) share: f64,
    /// Which of the fits it is from.
    pub(super) fit: usize,
    /// Points of that fit.
    pub(super) points: usize,
}

/// The peaks of one pattern.
#[derive(Debug, Clone, Default)]
pub(super) struct Lines {
    /// By place.
    pub(super) all: Vec<Line>,
    /// The fits, by place.
    pub(super) fits: Vec<Fitted>,
}

/// A window reaches so many widths to either side of a peak.
const REACH: f64 = 4.0;

/// Peaks that are fitted together at most.
const TOGETHER: usize = 8;

/// Below this angle axial divergence makes peaks asymmetric.
const ASYMMETRIC_BELOW: f64 = 40.0;

/// The shape that was set.
pub(super) fn shape(settings: &Settings) -> Shape {
    match settings.word(&settings::SHAPE) {
        Some("voigt") => Shape::Voigt,
        Some("gauss") => Shape::Gauss,
        Some("lorentz") => Shape::Lorentz,
        _ => Shape::PseudoVoigt,
    }
}

/// Fits the peaks that were seen.
pub(super) fn fitted(
    spectrum: &Spectrum,
    seen: &[Seen],
    radiation: &Radiation,
    settings: &Settings,
    notes: &mut Vec<Note>,
) -> Lines {
    let mut lines = Lines::default();
    let mut lost = Vec::new();
    for (window, group) in windows(spectrum, seen, radiation) {
        if !one_window(spectrum, window, group, radiation, settings, &mut lines) {
            lost.extend(group.iter().map(|one| format!("{:.2}°", one.guess.centre)));
        }
    }
    if !lost.is_empty() {
        let message =
            format!("{}: no fit came to an end for peaks at {}", spectrum.name, lost.join(", "));
        notes.push(Note::new("peak-not-fitted", message, &*spectrum.name));
    }
    lines.all.sort_by(|a, b| a.two_theta.value.total_cmp(&b.two_theta.value));
    lines
}

/// Peaks whose windows overlap go together, as long as there are few.
fn windows<'a>(
    spectrum: &Spectrum,
    seen: &'a [Seen],
    radiation: &Radiation,
) -> Vec<((f64, f64), &'a [Seen])> {
    let typical = median(&seen.iter().map(|one| one.guess.width).collect::<Vec<_>>());
    let step = spectrum.step().unwrap_or(0.01);
    let reach = |one: &Seen| {
        // A wide guess is often two peaks; it takes no more room than a few typical ones.
        let width = one.guess.width.min(3.0 * typical.unwrap_or(one.guess.width));
        let reach = (REACH * width).max(6.0 * step);
        let second = radiation.second_of(one.guess.centre).unwrap_or(one.guess.centre);
        (one.guess.centre - reach, second + reach)
    };
    let mut all: Vec<((f64, f64), &[Seen])> = Vec::new();
    let mut begin = 0;
    for end in 1..=seen.len() {
        let (Some(group), Some(last)) = (seen.get(begin..end), seen.get(end - 1)) else { break };
        let high = group.iter().map(|one| reach(one).1).fold(f64::NEG_INFINITY, f64::max);
        let joins = seen.get(end).is_some_and(|next| {
            let near = 0.6 * (next.guess.centre - last.guess.centre);
            let overlap = reach(last).1 - last.guess.centre + next.guess.centre - reach(next).0;
            group.len() < TOGETHER && near < 0.3 * overlap
        });
        if joins {
            continue;
        }
        let mut window = (group.first().map_or(0.0, |one| reach(one).0), high);
        // Halfway to neighbours that are fitted apart.
        if let Some(next) = seen.get(end) {
            window.1 = window.1.min(next.guess.centre - next.guess.width);
        }
        if let Some(before) = begin.checked_sub(1).and_then(|before| seen.get(before)) {
            let second = radiation.second_of(before.guess.centre).unwrap_or(before.guess.centre);
            window.0 = window.0.max(second + before.guess.width);
        }
        all.push((window, group));
        begin = end;
    }
    all
}

fn one_window(
    spectrum: &Spectrum,
    window: (f64, f64),
    group: &[Seen],
    radiation: &Radiation,
    settings: &Settings,
    lines: &mut Lines,
) -> bool {
    let range = spectrum.between(window.0, window.1);
    let x = &spectrum.x[range.clone()];
    let guesses: Vec<_> = group.iter().map(|one| one.guess).collect();
    let (Some(first), Some(last)) = (x.first(), x.last()) else { return false };
    let mut model = PeakModel::new(shape(settings), &guesses, (*first, *last), 1)
        .with_companion(radiation.companion());
    if guesses.len() > 1 {
        model = model.with_one_second();
    }
    let low = guesses.first().is_some_and(|one| one.centre < ASYMMETRIC_BELOW);
    if low && settings.word(&settings::ASYMMETRY) == Some("split") {
        model = model.with_skew();
    }
    let fit = fit_spectrum(model, spectrum, range.clone());
    let Some(fit) = fit.filter(Fitted::is_settled) else { return false };
    let number = lines.fits.len();
    let mut any = false;
    for peak in &fit.model.peaks {
        let (two_theta, height) = (fit.parameter(peak.centre), fit.parameter(peak.height));
        // At an end of its range a peak is not where it was said to be.
        if !(two_theta.u > 0.0 && height.value > 2.0 * height.u) {
            continue;
        }
        any = true;
        lines.all.push(Line {
            two_theta,
            height,
            fwhm: fit.fwhm(peak),
            breadth: fit.breadth(peak),
            area: fit.area(peak),
            share: fit.share(peak),
            fit: number,
            points: x.len(),
        });
    }
    lines.fits.push(fit);
    any
}
