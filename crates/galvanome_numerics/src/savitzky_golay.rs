//! Smoothing, and derivatives of noisy curves, by local polynomials.

/// Weights with which the values of a window of `2 · half + 1` evenly spaced points are summed to give the
/// derivative of order `derivative` (0 is the value itself), per step to that power, at the point `at` places
/// from the middle (from `-half` to `half`), of the polynomial of `degree` that fits the window best. `None` when
/// the degree does not fit into the window (`degree > 2 · half`), the derivative is higher than the degree, `at`
/// lies outside the window, or the window is empty of neighbours (`half` 0) or holds more than 20,001 points.
///
/// Source: A. Savitzky, M. J. E. Golay, Anal. Chem. 36 (1964) 1627; by the recursion over Gram polynomials of
/// P. A. Gorry, Anal. Chem. 62 (1990) 570, which solves no equations and holds at the ends of a curve too.
///
/// ```
/// let weights = galvanome_numerics::savitzky_golay::weights(2, 2, 0, 0).unwrap();
/// let known = [-3.0, 12.0, 17.0, 12.0, -3.0].map(|weight| weight / 35.0);
/// assert!(weights.iter().zip(known).all(|(found, known)| (found - known).abs() < 1e-15));
/// ```
pub fn weights(half: usize, degree: usize, derivative: usize, at: isize) -> Option<Vec<f64>> {
    let reach = isize::try_from(half).ok()?;
    let fits = (1..=LARGEST_HALF).contains(&half)
        && degree <= 2 * half
        && derivative <= degree
        && at.abs() <= reach;
    if !fits {
        return None;
    }
    let there = gram(half, degree, derivative, at as f64);
    let of = |place: isize| {
        let here = gram(half, degree, 0, place as f64);
        let m = half as f64;
        let mut share = 1.0 / (2.0 * m + 1.0);
        let mut weight = 0.0;
        for (k, (here, there)) in here.iter().zip(&there).enumerate() {
            let k = k as f64;
            if k > 0.0 {
                share *= (2.0 * m - k + 1.0) / (2.0 * m + k + 1.0);
            }
            weight += (2.0 * k + 1.0) * share * here * there;
        }
        weight
    };
    Some((-reach..=reach).map(of).collect())
}

/// Windows beyond this many points on either side are refused.
const LARGEST_HALF: usize = 10_000;

/// The derivatives of order `order` of the Gram polynomials of degrees 0 to `degree` over a window of
/// `2 · half + 1` points, at `x` places from its middle (P. A. Gorry, equation 5).
fn gram(half: usize, degree: usize, order: usize, x: f64) -> Vec<f64> {
    let m = half as f64;
    // One row a derivative, from 0 to `order`; a row needs the one before it.
    let mut lower = vec![0.0; degree + 1];
    let mut row = vec![0.0; degree + 1];
    for derivative in 0..=order {
        let s = derivative as f64;
        let (mut before, mut last) = (0.0, if derivative == 0 { 1.0 } else { 0.0 });
        let mut previous_lower = 0.0;
        for (k, (slot, &lower)) in row.iter_mut().zip(&lower).enumerate() {
            if k > 0 {
                let k = k as f64;
                let scale = k * (2.0 * m - k + 1.0);
                let next = (4.0 * k - 2.0) / scale * (x * last + s * previous_lower)
                    - (k - 1.0) * (2.0 * m + k) / scale * before;
                (before, last) = (last, next);
            }
            previous_lower = lower;
            *slot = last;
        }
        lower.copy_from_slice(&row);
    }
    row
}

/// The curve `values`, sampled every `step`, smoothed by polynomials of `degree` over windows of
/// `2 · half + 1` points, or its derivative of order `derivative` in the unit of the values over that of the step.
/// As long as `values`; the first and last `half` points come from the polynomial of the first and last whole
/// window. A value that is not a number spoils the windows that it is in. `None` when the curve is shorter than
/// one window, the step is not positive, and as for [`weights`].
///
/// What it does to a curve: a polynomial of `degree` or less passes unchanged; a peak narrower than the window
/// loses height and gains width, its area and (when symmetric) its position stay.
///
/// Source: as for [`weights`].
pub fn smooth(
    values: &[f64],
    half: usize,
    degree: usize,
    derivative: usize,
    step: f64,
) -> Option<Vec<f64>> {
    if !(step > 0.0 && step.is_finite()) || values.len() < half.checked_mul(2)?.checked_add(1)? {
        return None;
    }
    let scale = step.powi(i32::try_from(derivative).ok()?).recip();
    let sum = |window: &[f64], weights: &[f64]| {
        scale * window.iter().zip(weights).map(|(value, weight)| value * weight).sum::<f64>()
    };
    let middle = weights(half, degree, derivative, 0)?;
    let reach = isize::try_from(half).ok()?;
    let mut smoothed = Vec::with_capacity(values.len());
    let first = values.get(..middle.len())?;
    for at in -reach..0 {
        smoothed.push(sum(first, &weights(half, degree, derivative, at)?));
    }
    smoothed.extend(values.windows(middle.len()).map(|window| sum(window, &middle)));
    let last = values.get(values.len() - middle.len()..)?;
    for at in 1..=reach {
        smoothed.push(sum(last, &weights(half, degree, derivative, at)?));
    }
    Some(smoothed)
}
