//! The peaks of a pattern by fits: neighbours together, each on a straight line of its own.

use galvanome_model::note::Note;
use galvanome_numerics::median::median;

use super::radiation::Radiation;
use super::search::Seen;
use super::settings;
use crate::analysis::Settings;
use crate::analysis::peak_model::{Fitted, Guess, Measured, PeakModel, Shape};
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
    let mut lost = Vec::new();
    let mut windows_fitted: Vec<((f64, f64), Fitted)> = Vec::new();
    for (window, group) in windows(spectrum, seen, radiation) {
        let guesses: Vec<Guess> = group.iter().map(|one| one.guess).collect();
        match one_window(spectrum, window, &guesses, radiation, settings) {
            Some(fit) => windows_fitted.push((window, fit)),
            None => lost.extend(group.iter().map(|one| format!("{:.2}°", one.guess.centre))),
        }
    }
    split_broad(spectrum, &mut windows_fitted, radiation, settings);
    let mut lines = Lines::default();
    for (_, fit) in windows_fitted {
        lines.take(fit, spectrum);
    }
    if !lost.is_empty() {
        let message =
            format!("{}: no fit came to an end for peaks at {}", spectrum.name, lost.join(", "));
        notes.push(Note::new("peak-not-fitted", message, &*spectrum.name));
    }
    lines.all.sort_by(|a, b| a.two_theta.value.total_cmp(&b.two_theta.value));
    lines
}

impl Lines {
    /// Takes the peaks of a fit.
    fn take(&mut self, fit: Fitted, spectrum: &Spectrum) {
        let number = self.fits.len();
        let points = spectrum.between(fit.window.0, fit.window.1).len();
        for peak in &fit.model.peaks {
            let (two_theta, height) = (fit.parameter(peak.centre), fit.parameter(peak.height));
            // At an end of its range a peak is not where it was said to be.
            if !(two_theta.u > 0.0 && height.value > 2.0 * height.u) {
                continue;
            }
            self.all.push(Line {
                two_theta,
                height,
                fwhm: fit.fwhm(peak),
                breadth: fit.breadth(peak),
                area: fit.area(peak),
                share: fit.share(peak),
                fit: number,
                points,
            });
        }
        self.fits.push(fit);
    }
}

/// The peaks of one fit fitted again in another pattern, all moved by as much: what a series is followed by, since
/// another model of the same peak would move it too.
pub(super) fn again(
    spectrum: &Spectrum,
    like: &Fitted,
    moved: f64,
    radiation: &Radiation,
    settings: &Settings,
) -> Vec<Line> {
    let guesses: Vec<Guess> = like
        .model
        .peaks
        .iter()
        .map(|peak| Guess {
            centre: like.parameter(peak.centre).value + moved,
            height: like.parameter(peak.height).value,
            width: like.fwhm(peak).value,
        })
        .collect();
    let window = (like.window.0 + moved, like.window.1 + moved);
    let mut lines = Lines::default();
    if let Some(fit) = one_window(spectrum, window, &guesses, radiation, settings) {
        lines.take(fit, spectrum);
    }
    lines.all
}

/// A peak that is so many times as wide as its neighbours may be two.
const BROAD: f64 = 1.25;

/// What one peak leaves of χ²/ν before two are tried.
const MISFIT: f64 = 3.0;

/// Two must leave less than this part of what one left.
const BETTER: f64 = 0.5;

/// Replaces a peak that fits badly and is wider than its neighbours by two, where these fit much better and neither is
/// a foot of the other.
fn split_broad(
    spectrum: &Spectrum,
    fits: &mut [((f64, f64), Fitted)],
    radiation: &Radiation,
    settings: &Settings,
) {
    let widths: Vec<Option<f64>> = fits
        .iter()
        .map(|(_, fit)| {
            median(&fit.model.peaks.iter().map(|peak| fit.fwhm(peak).value).collect::<Vec<_>>())
        })
        .collect();
    for (place, (window, fit)) in fits.iter_mut().enumerate() {
        if fit.reduced_chi_squared < MISFIT || fit.model.peaks.len() >= TOGETHER {
            continue;
        }
        let beside =
            widths.iter().enumerate().filter(|(at, _)| *at != place && at.abs_diff(place) < 4);
        let beside: Vec<f64> = beside.filter_map(|(_, width)| *width).collect();
        let Some(typical) = median(&beside) else { continue };
        let guesses: Vec<Guess> = fit
            .model
            .peaks
            .iter()
            .map(|peak| Guess {
                centre: fit.parameter(peak.centre).value,
                height: fit.parameter(peak.height).value,
                width: fit.fwhm(peak).value,
            })
            .collect();
        let widest = guesses.iter().enumerate().max_by(|a, b| a.1.width.total_cmp(&b.1.width));
        let Some((at, wide)) = widest.filter(|one| one.1.width > BROAD * typical) else { continue };
        let apart = (0.5 * (wide.width - typical)).max(0.35 * typical);
        let tries =
            [(0.8, 0.8), (1.0, 0.35), (0.35, 1.0)].into_iter().filter_map(|(left, right)| {
                let half = |side: f64, part: f64| Guess {
                    centre: wide.centre + side * apart,
                    height: part * wide.height,
                    width: typical,
                };
                let mut two = guesses.clone();
                two[at] = half(-1.0, left);
                two.insert(at + 1, half(1.0, right));
                one_window(spectrum, *window, &two, radiation, settings)
            });
        let best = tries.min_by(|a, b| a.reduced_chi_squared.total_cmp(&b.reduced_chi_squared));
        let Some(best) = best else { continue };
        let (Some(a), Some(b)) = (best.model.peaks.get(at), best.model.peaks.get(at + 1)) else {
            continue;
        };
        let heights = [a, b].map(|peak| best.parameter(peak.height).value);
        let centres = [a, b].map(|peak| best.parameter(peak.centre).value);
        let broad = [a, b].map(|peak| best.fwhm(peak).value);
        let are_two = heights[0].min(heights[1]) > 0.1 * heights[0].max(heights[1])
            && centres[1] - centres[0] > 0.4 * broad[0].min(broad[1])
            && broad.iter().all(|one| *one < wide.width);
        if are_two && best.reduced_chi_squared < BETTER * fit.reduced_chi_squared {
            *fit = best;
        }
    }
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
    guesses: &[Guess],
    radiation: &Radiation,
    settings: &Settings,
) -> Option<Fitted> {
    let range = spectrum.between(window.0, window.1);
    let x = spectrum.x.get(range.clone())?;
    let (first, last) = (x.first()?, x.last()?);
    let mut model = PeakModel::new(shape(settings), guesses, (*first, *last), 1)
        .with_companion(radiation.companion());
    if guesses.len() > 1 {
        model = model.with_one_second();
    }
    let low = guesses.first().is_some_and(|one| one.centre < ASYMMETRIC_BELOW);
    if low && settings.word(&settings::ASYMMETRY) == Some("split") {
        model = model.with_skew();
    }
    fit_spectrum(model, spectrum, range).filter(Fitted::is_settled)
}
