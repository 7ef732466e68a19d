//! The standard normal distribution.

use std::f64::consts::{FRAC_1_SQRT_2, TAU};

use crate::error_function::erfc;

/// Density at `z`.
pub fn density(z: f64) -> f64 {
    (-0.5 * z * z).exp() / TAU.sqrt()
}

/// Probability of a value up to `z`.
pub fn cdf(z: f64) -> f64 {
    upper_tail(-z)
}

/// Probability of a value above `z`, accurate in relative terms far into the tail.
pub fn upper_tail(z: f64) -> f64 {
    0.5 * erfc(z * FRAC_1_SQRT_2)
}

/// Quotient of two polynomials of degree 7, coefficients in ascending order.
fn quotient(numerator: &[f64; 8], denominator: &[f64; 8], x: f64) -> f64 {
    let polynomial =
        |coefficients: &[f64; 8]| coefficients.iter().rev().fold(0.0, |sum, &c| sum * x + c);
    polynomial(numerator) / polynomial(denominator)
}

/// The value that a normal variable stays below with probability `p`: infinite at 0 and 1, NaN outside.
/// Relative error about 1e-16. For a small upper tail use [`upper_quantile`], which takes it exactly.
///
/// Source: M. J. Wichura, Algorithm AS 241 (PPND16), Appl. Statist. 37 (1988) 477.
///
/// ```
/// let z = galvanome_numerics::normal::quantile(0.975);
/// assert!((z - 1.959963984540054).abs() < 1e-15);
/// ```
pub fn quantile(p: f64) -> f64 {
    if p <= 0.5 {
        signed_quantile(p - 0.5, p, -1.0)
    } else {
        signed_quantile(p - 0.5, 1.0 - p, 1.0)
    }
}

/// The value that a normal variable exceeds with probability `tail`.
pub fn upper_quantile(tail: f64) -> f64 {
    -quantile(tail)
}

/// The quantile from its distance to the median, the smaller tail, and the side.
fn signed_quantile(from_median: f64, tail: f64, sign: f64) -> f64 {
    if !(0.0..=0.5).contains(&tail) {
        return f64::NAN;
    }
    if tail == 0.0 {
        return sign * f64::INFINITY;
    }
    if from_median.abs() <= 0.425 {
        return from_median * quotient(&CENTRE.0, &CENTRE.1, 0.180625 - from_median * from_median);
    }
    let r = (-tail.ln()).sqrt();
    sign * if r <= 5.0 {
        quotient(&MIDDLE.0, &MIDDLE.1, r - 1.6)
    } else {
        quotient(&FAR.0, &FAR.1, r - 5.0)
    }
}

/// Coefficients a and b of AS 241.
#[expect(clippy::excessive_precision, reason = "as printed in the source")]
const CENTRE: ([f64; 8], [f64; 8]) = (
    [
        3.3871328727963666080e0,
        1.3314166789178437745e+2,
        1.9715909503065514427e+3,
        1.3731693765509461125e+4,
        4.5921953931549871457e+4,
        6.7265770927008700853e+4,
        3.3430575583588128105e+4,
        2.5090809287301226727e+3,
    ],
    [
        1.0,
        4.2313330701600911252e+1,
        6.8718700749205790830e+2,
        5.3941960214247511077e+3,
        2.1213794301586595867e+4,
        3.9307895800092710610e+4,
        2.8729085735721942674e+4,
        5.2264952788528545610e+3,
    ],
);

/// Coefficients c and d of AS 241.
#[expect(clippy::excessive_precision, reason = "as printed in the source")]
const MIDDLE: ([f64; 8], [f64; 8]) = (
    [
        1.42343711074968357734e0,
        4.63033784615654529590e0,
        5.76949722146069140550e0,
        3.64784832476320460504e0,
        1.27045825245236838258e0,
        2.41780725177450611770e-1,
        2.27238449892691845833e-2,
        7.74545014278341407640e-4,
    ],
    [
        1.0,
        2.05319162663775882187e0,
        1.67638483018380384940e0,
        6.89767334985100004550e-1,
        1.48103976427480074590e-1,
        1.51986665636164571966e-2,
        5.47593808499534494600e-4,
        1.05075007164441684324e-9,
    ],
);

/// Coefficients e and f of AS 241.
#[expect(clippy::excessive_precision, reason = "as printed in the source")]
const FAR: ([f64; 8], [f64; 8]) = (
    [
        6.65790464350110377720e0,
        5.46378491116411436990e0,
        1.78482653991729133580e0,
        2.96560571828504891230e-1,
        2.65321895265761230930e-2,
        1.24266094738807843860e-3,
        2.71155556874348757815e-5,
        2.01033439929228813265e-7,
    ],
    [
        1.0,
        5.99832206555887937690e-1,
        1.36929880922735805310e-1,
        1.48753612908506148525e-2,
        7.86869131145613259100e-4,
        1.84631831751005468180e-5,
        1.42151175831644588870e-7,
        2.04426310338993978564e-15,
    ],
);
