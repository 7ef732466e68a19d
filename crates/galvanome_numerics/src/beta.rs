//! The regularised incomplete beta function and its inverse.

use std::f64::consts::{LN_2, TAU};

use crate::gamma::{ln_beta, stirling_remainder};

/// Iterations of the continued fraction: it needs about `√max(a, b)`.
const MOST_TERMS: u32 = 100_000;

/// The regularised incomplete beta function `I_x(a, b)`: the probability that a beta variable with shapes
/// `a, b > 0` stays below `x` in 0 to 1. NaN outside that domain.
///
/// Relative error about 1e-13 for shapes from 1e-2 to 1e5. Where the result is close to 1 its complement is
/// `regularised(b, a, 1 - x)`, with all digits.
///
/// Source: the continued fraction BFRAC with the prefactor BRCOMP of A. R. DiDonato and A. H. Morris, ACM TOMS 18
/// (1992) 360, evaluated by the modified Lentz algorithm (W. J. Lentz, Appl. Opt. 15 (1976) 668).
///
/// ```
/// let p = galvanome_numerics::beta::regularised(2.0, 3.0, 0.4);
/// assert!((p - 0.5248).abs() < 1e-15);
/// ```
pub fn regularised(a: f64, b: f64, x: f64) -> f64 {
    if !is_shape(a) || !is_shape(b) || !(0.0..=1.0).contains(&x) {
        f64::NAN
    } else if x == 0.0 || x == 1.0 {
        x
    } else {
        regularised_within(a, b, x, 1.0 - x)
    }
}

fn is_shape(value: f64) -> bool {
    value > 0.0 && value < f64::INFINITY
}

/// `I_x(a, b)` for `0 < x < 1` with `y = 1 - x`.
fn regularised_within(a: f64, b: f64, x: f64, y: f64) -> f64 {
    if x <= (a + 1.0) / (a + b + 2.0) {
        (density_factor(a, b, x, y) * fraction(a, b, x, y)).min(1.0)
    } else {
        1.0 - (density_factor(b, a, y, x) * fraction(b, a, y, x)).min(1.0)
    }
}

/// `x^a y^b / B(a, b)`, which is also `x y` times the density.
fn density_factor(a: f64, b: f64, x: f64, y: f64) -> f64 {
    if a >= 9.0 && b >= 9.0 {
        // Powers relative to the mode: the exponents would cancel to their last digits otherwise.
        let sum = a + b;
        let lambda = if a <= b { a - sum * x } else { sum * y - b };
        let exponent = -(a * excess_over_log(-lambda / a) + b * excess_over_log(lambda / b));
        let remainder = stirling_remainder(sum) - stirling_remainder(a) - stirling_remainder(b);
        (a * (b / sum) / TAU).sqrt() * (exponent + remainder).exp()
    } else {
        let ln_x = if x < 0.5 { x.ln() } else { (-y).ln_1p() };
        let ln_y = if y < 0.5 { y.ln() } else { (-x).ln_1p() };
        (a * ln_x + b * ln_y - ln_beta(a, b)).exp()
    }
}

/// `z - ln(1 + z)` for `z > -1`.
fn excess_over_log(z: f64) -> f64 {
    if z.abs() > 0.4 {
        return z - z.ln_1p();
    }
    // With r = z/(2 + z): ln(1 + z) = 2 artanh r and z = 2r/(1 - r), so that what remains has no cancellation.
    let r = z / (2.0 + z);
    let square = r * r;
    let (mut power, mut series, mut odd) = (1.0, 0.0, 3.0);
    while power > 1e-18 {
        series += power / odd;
        power *= square;
        odd += 2.0;
    }
    2.0 * square * (1.0 / (1.0 - r) - r * series)
}

/// What multiplies `x^a y^b / B(a, b)` to give `I_x(a, b)`, for x below the mean or little above it.
fn fraction(a: f64, b: f64, x: f64, y: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let kept = |value: f64| if value.abs() < TINY { TINY } else { value };
    // How far x is below the mean, from whichever of x and y keeps the digits.
    let lambda = if a > b { (a + b) * y - b } else { a - (a + b) * x };
    let mut value = kept(a / (a + 1.0) * (lambda + 1.0));
    let (mut c, mut d) = (value, 0.0);
    for n in 1..MOST_TERMS {
        let n = f64::from(n);
        let odd = a + 2.0 * n - 1.0;
        let weight = n * (b - n) * x / odd;
        let numerator = weight * x * ((a + n - 1.0) * (a + b + n - 1.0) / odd);
        let denominator = n + weight + (a + n) / (odd + 2.0) * (lambda + 1.0 + n * (1.0 + y));
        d = 1.0 / kept(denominator + numerator * d);
        c = kept(denominator + numerator / c);
        let change = c * d;
        value *= change;
        if (change - 1.0).abs() < 1e-16 {
            break;
        }
    }
    1.0 / value
}

/// The `x` at which `I_x(a, b)` is `p`, for shapes `a, b > 0` and `p` in 0 to 1; NaN outside that domain.
///
/// Relative error about 1e-12 where `x` is below ½; above, it is the complement that has it, so that
/// `inverse(b, a, 1 - p)` resolves what lies close to 1.
///
/// Source: Newton's method on the logarithm of the smaller probability against the logarithm of the smaller of
/// `x` and `1 - x`, kept between bounds.
///
/// ```
/// let x = galvanome_numerics::beta::inverse(2.0, 3.0, 0.5248);
/// assert!((x - 0.4).abs() < 1e-14);
/// ```
pub fn inverse(a: f64, b: f64, p: f64) -> f64 {
    if !is_shape(a) || !is_shape(b) || !(0.0..=1.0).contains(&p) {
        f64::NAN
    } else if p == 0.0 || p == 1.0 {
        p
    } else if p <= regularised_within(a, b, 0.5, 0.5) {
        lower_inverse(a, b, p, 1.0 - p)
    } else {
        1.0 - lower_inverse(b, a, 1.0 - p, p)
    }
}

/// The inverse where it is at most ½, `q` being `1 - p` with all its digits.
fn lower_inverse(a: f64, b: f64, p: f64, q: f64) -> f64 {
    let (mut low, mut high) = (f64::MIN_POSITIVE.ln(), -LN_2);
    // The leading term x^a/(a B), or the mean where that is nearer.
    let mut z = ((p.ln() + a.ln() + ln_beta(a, b)) / a).min((a / (a + b)).ln()).min(high);
    if z < low {
        // Smaller than a number can be: the leading term is all there is.
        return z.exp();
    }
    for _ in 0..200 {
        let x = z.exp();
        let y = 1.0 - x;
        let growth = density_factor(a, b, x, y) / y;
        // How far ln x is to go, by the smaller of the two probabilities.
        let step = if p <= q {
            let value = regularised_within(a, b, x, y);
            log_ratio(p, value) * value / growth
        } else {
            let value = regularised_within(b, a, y, x);
            log_ratio(value, q) * value / growth
        };
        // Where the probability underflows the step is not a number, but its direction is known.
        if step > 0.0 || (step.is_nan() && p <= q) {
            low = z;
        } else {
            high = z;
        }
        let newton = z + step;
        let next = if newton > low && newton < high { newton } else { 0.5 * (low + high) };
        let moved = (next - z).abs();
        z = next;
        if moved <= 2e-16 * z.abs().max(1.0) {
            break;
        }
    }
    z.exp()
}

/// `ln(above/below)`, accurate when they are close.
fn log_ratio(above: f64, below: f64) -> f64 {
    let excess = (above - below) / below;
    if excess.abs() < 0.5 { excess.ln_1p() } else { (above / below).ln() }
}
