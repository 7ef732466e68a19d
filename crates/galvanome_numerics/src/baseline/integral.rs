//! Backgrounds of inelastically scattered electrons: at each energy in proportion to the peaks at higher kinetic
//! (lower binding) energy.

use crate::integral::cumulative_trapezoid;

/// A background that was iterated.
#[derive(Debug, Clone, PartialEq)]
pub struct Scattered {
    /// The background at each point.
    pub background: Vec<f64>,
    /// Whether it had come to rest.
    pub is_settled: bool,
}

/// Shirley's background under `y` at `x`, in ascending or descending order: it starts at `ends.0` at the first point,
/// ends at `ends.1` at the last, and rises between them with the area of what lies above it. Ends are usually means
/// over a few points. It is iterated until no point changes by more than `tolerance` (as 1e-9) of the distance of the
/// ends. `None` when the lengths differ, there are fewer than three points, or a value is not finite; the background
/// is a straight line at the ends' mean where nothing lies above it.
///
/// Source: D. A. Shirley, Phys. Rev. B 5 (1972) 4709; iterated after A. Proctor and P. M. A. Sherwood, Anal. Chem. 54
/// (1982) 13.
pub fn shirley(x: &[f64], y: &[f64], ends: (f64, f64), tolerance: f64) -> Option<Scattered> {
    const MOST: usize = 200;
    let all_finite = x.iter().chain(y).chain([&ends.0, &ends.1]).all(|one| one.is_finite());
    let is_strict = tolerance > 0.0;
    if x.len() < 3 || x.len() != y.len() || !all_finite || !is_strict {
        return None;
    }
    let step = ends.1 - ends.0;
    let mut background = vec![ends.0.min(ends.1); y.len()];
    for _ in 0..MOST {
        let above: Vec<f64> =
            y.iter().zip(&background).map(|(value, under)| value - under).collect();
        let area = cumulative_trapezoid(x, &above)?;
        let whole = *area.last()?;
        if whole == 0.0 {
            break;
        }
        let mut change = 0.0_f64;
        for (under, part) in background.iter_mut().zip(&area) {
            let next = ends.0 + step * part / whole;
            change = change.max((next - *under).abs());
            *under = next;
        }
        if change <= tolerance * step.abs() {
            return Some(Scattered { background, is_settled: true });
        }
    }
    Some(Scattered { background, is_settled: false })
}

/// Tougaard's cross-section for energy losses, `T / ((C + C′ T²)² + D T²)` for a loss `T`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CrossSection {
    /// `C` in eV².
    pub c: f64,
    /// `C′`: 1, or -1 with three parameters.
    pub c_prime: f64,
    /// `D` in eV²; 0 with two parameters.
    pub d: f64,
}

impl CrossSection {
    /// The universal one, for metals, their oxides and alloys: `T / (1643 eV² + T²)²`.
    pub const UNIVERSAL: Self = Self { c: 1643.0, c_prime: 1.0, d: 0.0 };

    fn at(self, loss: f64) -> f64 {
        let square = loss * loss;
        let below = self.c_prime.mul_add(square, self.c);
        loss / below.mul_add(below, self.d * square)
    }
}

/// Tougaard's background under `y` at kinetic energies `kinetic_ev`, in ascending or descending order: electrons of
/// higher energy that lost the difference, by a cross-section, with the height that makes the background meet `y` at
/// its lowest energy. `y` has had what lies there at the highest energy taken off. `None` when the lengths differ,
/// there are fewer than three points, a value is not finite, or no electron of higher energy is there.
///
/// Source: S. Tougaard, Surf. Interface Anal. 11 (1988) 453; three parameters: 25 (1997) 137.
pub fn tougaard(kinetic_ev: &[f64], y: &[f64], cross_section: CrossSection) -> Option<Vec<f64>> {
    let all_finite = kinetic_ev.iter().chain(y).all(|one| one.is_finite());
    if y.len() < 3 || kinetic_ev.len() != y.len() || !all_finite {
        return None;
    }
    let shape: Vec<f64> = kinetic_ev
        .iter()
        .map(|energy| {
            let lost: Vec<f64> = kinetic_ev
                .iter()
                .zip(y)
                .map(
                    |(from, value)| {
                        if from > energy { cross_section.at(from - energy) * value } else { 0.0 }
                    },
                )
                .collect();
            cumulative_trapezoid(kinetic_ev, &lost)
                .and_then(|sum| sum.last().copied())
                .map_or(0.0, f64::abs)
        })
        .collect();
    let lowest = kinetic_ev.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1))?.0;
    let (meets, raw) = (*y.get(lowest)?, *shape.get(lowest)?);
    (raw > 0.0).then(|| shape.iter().map(|one| one * meets / raw).collect())
}
