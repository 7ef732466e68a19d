//! Crystallite size and microstrain from the breadths of reflections.

use galvanome_model::note::Note;
use galvanome_model::quantity::Qualifier;
use galvanome_numerics::baseline::polynomial;

use super::lines::Line;
use super::radiation::Radiation;
use super::settings;
use super::{CRYSTALLITE_SIZE, MICROSTRAIN};
use crate::analysis::found::found;
use crate::analysis::{Found, Settings};

/// What the instrument alone makes of a peak.
#[derive(Debug, Clone)]
pub(super) enum Instrument {
    /// Nobody says.
    Unknown,
    /// One integral breadth for all angles, in degrees.
    Constant(f64),
    /// From the peaks of a standard: tan θ, square of the integral breadth, its weight.
    Standard(Vec<(f64, f64, f64)>),
}

impl Instrument {
    /// Integral breadth at an angle 2θ in degrees; none where it is not known.
    pub(super) fn breadth(&self, two_theta: f64) -> Option<f64> {
        match self {
            Self::Unknown => None,
            Self::Constant(breadth) => Some(*breadth),
            Self::Standard(points) => {
                let x = (0.5 * two_theta).to_radians().tan();
                let mut columns: (Vec<f64>, Vec<f64>, Vec<f64>) = Default::default();
                for (tangent, square, weight) in points.iter().copied().chain([(x, 0.0, 0.0)]) {
                    columns.0.push(tangent);
                    columns.1.push(square);
                    columns.2.push(weight);
                }
                // Squares of breadths are a parabola in tan θ (G. Caglioti et al., Nucl. Instrum. 3 (1958) 223).
                let degree = (points.len().saturating_sub(2)).min(2);
                let curve = polynomial(&columns.0, &columns.1, &columns.2, degree)?;
                curve.last().copied().filter(|square| *square > 0.0).map(f64::sqrt)
            }
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Unknown => "breadths hold the instrument's own, which nobody told".to_owned(),
            Self::Constant(breadth) => format!("instrument {breadth}°, taken off"),
            Self::Standard(points) => {
                format!("instrument from {} peaks of the standard, taken off", points.len())
            }
        }
    }
}

/// One reflection in the plot of breadths.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Broad {
    /// 4 sin θ.
    pub(super) four_sine: f64,
    /// β cos θ of the specimen, in radians.
    pub(super) beta_cosine: f64,
    /// Its standard uncertainty.
    pub(super) u: f64,
}

/// The line through them, `β cos θ = K λ / D + 4 ε sin θ`.
#[derive(Debug, Clone)]
pub(super) struct Straight {
    pub(super) points: Vec<Broad>,
    pub(super) intercept: (f64, f64),
    pub(super) slope: (f64, f64),
    reduced: f64,
}

/// Breadths of the specimen alone. The instrument's is taken off by a power between those of two Lorentzians (1) and
/// two Gaussians (2), as the Lorentzian's share η of the measured shape says: `1 + (1 − η)²`.
pub(super) fn of_specimen(lines: &[&Line], instrument: &Instrument) -> Vec<Broad> {
    lines
        .iter()
        .filter_map(|line| {
            let theta = (0.5 * line.two_theta.value).to_radians();
            let measured = line.breadth;
            let own = instrument.breadth(line.two_theta.value).unwrap_or(0.0);
            let power = 1.0 + (1.0 - line.share).powi(2);
            let rest = measured.value.powf(power) - own.powf(power);
            let beta = rest.max(0.0).powf(1.0 / power);
            // d beta / d measured; where next to nothing is left it would grow without bound.
            let by = (measured.value / beta.max(0.1 * measured.value)).powf(power - 1.0);
            let cosine = theta.cos();
            let u = (measured.u * by).to_radians() * cosine;
            (u > 0.0 && u.is_finite()).then(|| Broad {
                four_sine: 4.0 * theta.sin(),
                beta_cosine: beta.to_radians() * cosine,
                u,
            })
        })
        .collect()
}

/// The weighted line. None below three reflections, or where they lie at one angle.
pub(super) fn straight(points: Vec<Broad>) -> Option<Straight> {
    if points.len() < 3 {
        return None;
    }
    let sum = |f: &dyn Fn(&Broad) -> f64| -> f64 {
        points.iter().map(|one| f(one) / (one.u * one.u)).sum()
    };
    let (s, sx, sy) = (sum(&|_| 1.0), sum(&|one| one.four_sine), sum(&|one| one.beta_cosine));
    let middle = sx / s;
    let sxx = sum(&|one| (one.four_sine - middle).powi(2));
    let sxy = sum(&|one| (one.four_sine - middle) * one.beta_cosine);
    if sxx.is_nan() || sxx <= s * 1e-4 {
        return None;
    }
    let slope = sxy / sxx;
    let intercept = sy / s - slope * middle;
    let chi: f64 = sum(&|one| (one.beta_cosine - intercept - slope * one.four_sine).powi(2));
    let reduced = chi / (points.len() - 2) as f64;
    let scale = reduced.max(1.0).sqrt();
    let intercept_u = scale * (1.0 / s + middle * middle / sxx).sqrt();
    Some(Straight {
        points,
        intercept: (intercept, intercept_u),
        slope: (slope, scale / sxx.sqrt()),
        reduced,
    })
}

/// Size and strain.
pub(super) fn quantities(
    lines: &[&Line],
    line: Option<&Straight>,
    instrument: &Instrument,
    radiation: &Radiation,
    settings: &Settings,
    notes: &mut Vec<Note>,
) -> Vec<Found> {
    let constant = settings.number(&settings::SCHERRER_CONSTANT).unwrap_or(1.0);
    let size_nm = |breadth: f64| 0.1 * constant * radiation.first / breadth;
    let unknown = matches!(instrument, Instrument::Unknown);
    let mut all = Vec::new();
    let Some(line) = line else {
        // One or two reflections: Scherrer on the strongest, all of whose breadth is taken for size.
        let strongest = lines.iter().max_by(|a, b| a.height.value.total_cmp(&b.height.value));
        let broad = strongest.map(|one| (one, of_specimen(&[*one], instrument)));
        if let Some((one, broad)) = broad
            && let Some(broad) = broad.first().filter(|broad| broad.beta_cosine > 0.0)
        {
            let size = size_nm(broad.beta_cosine);
            let detail = format!(
                "Scherrer, K {constant}, of the peak at {:.3}°, its whole breadth taken for size: a lower bound; {}",
                one.two_theta.value,
                instrument.words()
            );
            let u = size * broad.u / broad.beta_cosine;
            all.extend(bound(CRYSTALLITE_SIZE, Qualifier::Greater, size, Some(u), 1, detail));
        }
        return all;
    };
    let n = line.points.len();
    let how = format!(
        "Williamson-Hall over {n} reflections, K {constant}, χ²/ν {:.1}; {}",
        line.reduced,
        instrument.words()
    );
    if line.reduced > 9.0 {
        notes.push(Note::new(
            "breadths-not-straight",
            format!(
                "the breadths of reflections scatter about the line of Williamson and Hall by {:.0} times their uncertainties: size or strain depend on the direction, or peaks hide others",
                line.reduced.sqrt()
            ),
            "",
        ));
    }
    let (intercept, u) = line.intercept;
    if unknown {
        if intercept > 0.0 {
            let detail = format!("a lower bound: {how}");
            all.extend(bound(
                CRYSTALLITE_SIZE,
                Qualifier::Greater,
                size_nm(intercept),
                None,
                n,
                detail,
            ));
        }
    } else if intercept > 2.0 * u {
        let size = size_nm(intercept);
        all.extend(found(CRYSTALLITE_SIZE, size, Some(size * u / intercept), n, how.clone()));
    } else if intercept + 2.0 * u > 0.0 {
        let detail = format!("broadening by size within twice its uncertainty: a bound; {how}");
        let size = size_nm(intercept.max(0.0) + 2.0 * u);
        all.extend(bound(CRYSTALLITE_SIZE, Qualifier::Greater, size, None, n, detail));
    }
    let (slope, u) = line.slope;
    if unknown {
        if slope > 0.0 {
            let detail = format!("an upper bound: {how}");
            all.extend(bound(MICROSTRAIN, Qualifier::Less, slope + 2.0 * u, None, n, detail));
        }
    } else if slope > 2.0 * u {
        all.extend(found(MICROSTRAIN, slope, Some(u), n, how));
    } else if slope + 2.0 * u > 0.0 {
        let detail = format!("broadening by strain within twice its uncertainty: a bound; {how}");
        all.extend(bound(MICROSTRAIN, Qualifier::Less, slope.max(0.0) + 2.0 * u, None, n, detail));
    }
    all
}

fn bound(
    descriptor: &str,
    qualifier: Qualifier,
    value: f64,
    u: Option<f64>,
    points: usize,
    detail: String,
) -> Option<Found> {
    found(descriptor, value, u, points, detail).map(|one| Found { qualifier, ..one })
}
