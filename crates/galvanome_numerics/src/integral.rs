//! Integrals of sampled curves.

use crate::sum::compensated;

/// Area of one trapezoid.
fn area(x: [f64; 2], y: [f64; 2]) -> f64 {
    (x[1] - x[0]) * (0.5 * y[0] + 0.5 * y[1])
}

fn areas<'a>(x: &'a [f64], y: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
    let pairs = |v: &'a [f64]| v.iter().copied().zip(v.iter().copied().skip(1));
    pairs(x).zip(pairs(y)).map(|((x0, x1), (y0, y1))| area([x0, x1], [y0, y1]))
}

/// Integral of `y` over `x` by the trapezoidal rule, in the unit of `x` times that of `y`. Intervals count
/// with their sign, so that descending `x` gives the negative. A single point gives 0; `None` when there is
/// no point or the lengths differ.
///
/// Source: composite trapezoidal rule, DLMF 3.5(i); error `h² (b - a) f''/12`.
///
/// ```
/// assert_eq!(galvanome_numerics::integral::trapezoid(&[0.0, 1.0, 3.0], &[0.0, 1.0, 3.0]), Some(4.5));
/// ```
pub fn trapezoid(x: &[f64], y: &[f64]) -> Option<f64> {
    (!x.is_empty() && x.len() == y.len()).then(|| compensated(areas(x, y)))
}

/// Integral of `y` over `x` from the first point up to each point: as long as `x`, beginning with 0. Empty
/// for no points; `None` when the lengths differ.
pub fn cumulative_trapezoid(x: &[f64], y: &[f64]) -> Option<Vec<f64>> {
    if x.len() != y.len() {
        return None;
    }
    let mut sum = 0.0;
    let mut lost = 0.0;
    let mut integral = Vec::with_capacity(x.len());
    integral.extend(x.first().map(|_| 0.0));
    for term in areas(x, y) {
        // Neumaier's compensation, as in `sum::compensated`, with every partial sum kept.
        let next: f64 = sum + term;
        lost += if sum.abs() >= term.abs() { (sum - next) + term } else { (term - next) + sum };
        sum = next;
        integral.push(if sum.is_finite() { sum + lost } else { sum });
    }
    Some(integral)
}
