//! Fourier transforms of real values, over `rustfft`.

use rustfft::FftPlanner;
pub use rustfft::num_complex::Complex;

/// The smallest length of at least `least` whose only factors are 2, 3 and 5, at which transforms are quick.
///
/// ```
/// assert_eq!(galvanome_numerics::fourier::quick_length(509), 512);
/// ```
pub fn quick_length(least: usize) -> usize {
    let is_quick = |mut length: usize| {
        for factor in [2, 3, 5] {
            while length.is_multiple_of(factor) {
                length /= factor;
            }
        }
        length == 1
    };
    // Between a number and its double there always is a power of two.
    let least = least.max(1);
    (least..=least.saturating_mul(2)).find(|&length| is_quick(length)).unwrap_or(least)
}

/// The transform of real values, `X[k] = Σ x[n] exp(-2πi k n / length)`, for `k` from 0 to `length / 2`; the others are
/// the conjugates of these. Values are continued by zeros up to `length`, so that a correlation of what is not periodic
/// does not meet itself. `None` when there are no values, or more than `length`.
pub fn forward(values: &[f64], length: usize) -> Option<Vec<Complex<f64>>> {
    if values.is_empty() || values.len() > length {
        return None;
    }
    let mut all: Vec<Complex<f64>> = values.iter().map(|&value| Complex::new(value, 0.0)).collect();
    all.resize(length, Complex::default());
    FftPlanner::new().plan_fft_forward(length).process(&mut all);
    all.truncate(length / 2 + 1);
    Some(all)
}

/// The `length` real values whose transform by [`forward`] is `spectrum`, divided by `length` so that the one undoes the
/// other. `None` unless the spectrum has `length / 2 + 1` values. The imaginary parts at 0 and, for an even length, at
/// the end are taken as 0, which they are for real values.
pub fn inverse(spectrum: &[Complex<f64>], length: usize) -> Option<Vec<f64>> {
    if length == 0 || spectrum.len() != length / 2 + 1 {
        return None;
    }
    let mut all = spectrum.to_vec();
    // A spectrum of real values is its own conjugate turned round.
    all.extend(spectrum.iter().skip(1).take((length - 1) / 2).rev().map(Complex::conj));
    FftPlanner::new().plan_fft_inverse(length).process(&mut all);
    Some(all.iter().map(|value| value.re / length as f64).collect())
}
