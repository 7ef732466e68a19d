//! What lies under the peaks, and where peaks are.

use galvanome_numerics::baseline;
use galvanome_numerics::median::median;
use galvanome_numerics::peaks::peaks;
use galvanome_numerics::savitzky_golay;

use super::radiation::Radiation;
use super::settings;
use crate::analysis::Settings;
use crate::analysis::peak_model::Guess;
use crate::analysis::spectrum::{Spectrum, Spread};

/// A peak that was seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Seen {
    /// Where, how high and how wide.
    pub(super) guess: Guess,
    /// By how many times the noise it stands out.
    pub(super) significance: f64,
}

/// More peaks than this are not fitted: the strongest are.
const MOST_PEAKS: usize = 200;

/// The background at every point.
pub(super) fn background(spectrum: &Spectrum, settings: &Settings) -> Vec<f64> {
    let y = &spectrum.y;
    let range = spectrum.x.last().zip(spectrum.x.first()).map_or(0.0, |(last, first)| last - first);
    let width = settings.number(&settings::BACKGROUND_WIDTH).unwrap_or(0.1 * range);
    let points = (width / spectrum.step().unwrap_or(1.0)).clamp(8.0, y.len() as f64 * 2.0);
    // A wave of so many points passes at half of its height.
    let stiffness = (points / std::f64::consts::TAU).powi(4);
    let found = match settings.word(&settings::BACKGROUND) {
        Some("snip") => baseline::snip(y, (0.5 * points) as usize),
        Some("linear") => baseline::linear(&spectrum.x, y, (y.len() / 50).max(1)),
        Some("asls") => baseline::asls(y, stiffness, 0.001).map(|found| found.baseline),
        _ => baseline::arpls(y, stiffness, 1e-4).map(|found| found.baseline),
    };
    found.unwrap_or_else(|| vec![median(y).unwrap_or(0.0); y.len()])
}

/// Peaks above the background, by place; the Kα2 line of a stronger one is none of its own.
pub(super) fn seen(
    spectrum: &Spectrum,
    under: &[f64],
    radiation: &Radiation,
    settings: &Settings,
) -> Vec<Seen> {
    let least = settings.number(&settings::SIGNIFICANCE).unwrap_or(6.0);
    let Some(step) = spectrum.step().filter(|step| *step > 0.0) else { return Vec::new() };
    let above: Vec<f64> = spectrum.y.iter().zip(under).map(|(y, under)| y - under).collect();
    // First a look at widths with little smoothing, then one with as much as these bear.
    let first = search(spectrum, &above, 2, least, step);
    let mut strong: Vec<Seen> =
        first.iter().copied().filter(|one| one.significance > 20.0).collect();
    if strong.is_empty() {
        strong = first;
    }
    let widths: Vec<f64> = strong.iter().map(|one| one.guess.width).collect();
    let half = match median(&widths) {
        Some(width) => ((0.35 * width / step).round() as usize).clamp(2, 100),
        None => 4,
    };
    let mut all = search(spectrum, &above, half, least, step);
    all.sort_by(|a, b| b.guess.height.total_cmp(&a.guess.height));
    let mut kept: Vec<Seen> = Vec::new();
    for one in all {
        let is_second = kept.iter().any(|strong| {
            let Some(place) = radiation.second_of(strong.guess.centre) else { return false };
            let ratio = radiation.second.map_or(0.5, |second| second.1);
            let reach = (0.35 * strong.guess.width).max(1.5 * step);
            let is_there =
                (one.guess.centre - place).abs() < reach && one.guess.centre > strong.guess.centre;
            is_there && one.guess.height < (ratio + 0.3) * strong.guess.height
        });
        if !is_second && kept.len() < MOST_PEAKS {
            kept.push(one);
        }
    }
    kept.sort_by(|a, b| a.guess.centre.total_cmp(&b.guess.centre));
    kept
}

fn search(spectrum: &Spectrum, above: &[f64], half: usize, least: f64, step: f64) -> Vec<Seen> {
    let smooth = savitzky_golay::smooth(above, half, 2, 0, 1.0).unwrap_or_else(|| above.to_vec());
    let lessened = savitzky_golay::weights(half, 2, 0, 0)
        .map_or(1.0, |weights| weights.iter().map(|weight| weight * weight).sum::<f64>().sqrt());
    let stated = scatter_over_stated(spectrum, above);
    let noise = |place: usize| {
        // Counts of neighbours say more of the noise than the one count.
        let around = place.saturating_sub(half)..(place + half + 1).min(spectrum.u.len());
        let all = spectrum.u.get(around).unwrap_or_default();
        stated * (all.iter().map(|u| u * u).sum::<f64>() / all.len().max(1) as f64).sqrt()
    };
    let n = smooth.len();
    peaks(&smooth, 0.0)
        .into_iter()
        .filter_map(|peak| {
            let noise = noise(peak.place) * lessened;
            let significance = peak.prominence.min(peak.height) / noise;
            let width = (peak.width() * step).max(2.0 * step);
            let is_inside = peak.place >= 3 && peak.place + 3 < n;
            (is_inside && significance > least).then(|| Seen {
                guess: Guess {
                    centre: spectrum.x[peak.place],
                    height: peak.height.max(noise),
                    width,
                },
                significance,
            })
        })
        .collect()
}

/// How much larger the scatter of neighbouring points is than what is said of their uncertainties; at least 1.
fn scatter_over_stated(spectrum: &Spectrum, above: &[f64]) -> f64 {
    if spectrum.spread == Spread::Scatter {
        return 1.0;
    }
    let bends: Vec<f64> = above
        .windows(3)
        .zip(spectrum.u.iter().skip(1))
        .map(|(three, u)| (three[0] - 2.0 * three[1] + three[2]).abs() / u)
        .collect();
    let scale = 0.674_489_75 * 6.0_f64.sqrt();
    median(&bends).map_or(1.0, |bend| (bend / scale).max(1.0))
}
