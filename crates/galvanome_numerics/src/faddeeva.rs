//! The Faddeeva function, of which the Voigt profile is the real part.

use std::sync::LazyLock;

/// `w(z) = exp(-z²) erfc(-i z)` for `z = x + i y` with `y ≥ 0`, as its real and imaginary part. The error is below
/// 1e-13 of `|w|`. NaN for a negative `y` or a value that is NaN.
///
/// Source: DLMF 7.2(i). Near the origin by the rational series of J. A. C. Weideman, SIAM J. Numer. Anal. 31 (1994)
/// 1497, with 44 terms; far from it by the continued fraction of Laplace, DLMF 7.9.3.
///
/// ```
/// assert_eq!(galvanome_numerics::faddeeva::w(0.0, 0.0).0, 1.0);
/// ```
pub fn w(x: f64, y: f64) -> (f64, f64) {
    if x.is_nan() || y.is_nan() || y < 0.0 {
        return (f64::NAN, f64::NAN);
    }
    if x == 0.0 && y == 0.0 {
        return (1.0, 0.0);
    }
    if x.abs() + y > FAR { far((x, y)) } else { near((x, y)) }
}

type Complex = (f64, f64);

/// Beyond this the continued fraction is exact to the last digits.
const FAR: f64 = 8.0;

const TERMS: usize = 44;

/// `1/√π`.
const INV_SQRT_PI: f64 = 0.5 * std::f64::consts::FRAC_2_SQRT_PI;

fn far(z: Complex) -> Complex {
    const DEPTH: u32 = 24;
    let mut below = z;
    for level in (1..=DEPTH).rev() {
        let part = quotient((0.5 * f64::from(level), 0.0), below);
        below = (z.0 - part.0, z.1 - part.1);
    }
    quotient((0.0, INV_SQRT_PI), below)
}

/// `L = √(N/√2)` and the coefficients of the series, the highest power first.
static SERIES: LazyLock<(f64, Vec<f64>)> = LazyLock::new(|| {
    let half = 2 * TERMS;
    let scale = (TERMS as f64 / std::f64::consts::SQRT_2).sqrt();
    let sample = |place: usize| {
        let angle = std::f64::consts::PI * place as f64 / half as f64;
        let square = (scale * (0.5 * angle).tan()).powi(2);
        (angle, (-square).exp() * (scale * scale + square))
    };
    let samples: Vec<(f64, f64)> = (1..half).map(sample).collect();
    let (_, middle) = sample(0);
    let coefficient = |order: usize| {
        let both: f64 =
            samples.iter().map(|(angle, value)| value * (order as f64 * angle).cos()).sum();
        (middle + 2.0 * both) / (2 * half) as f64
    };
    (scale, (1..=TERMS).rev().map(coefficient).collect())
});

fn near((x, y): Complex) -> Complex {
    let (scale, coefficients) = &*SERIES;
    // L - i z and L + i z.
    let below = (scale + y, -x);
    let ratio = quotient((scale - y, x), below);
    let mut sum = (0.0, 0.0);
    for coefficient in coefficients {
        sum = product(sum, ratio);
        sum.0 += coefficient;
    }
    let first = quotient((2.0 * sum.0, 2.0 * sum.1), product(below, below));
    let second = quotient((INV_SQRT_PI, 0.0), below);
    (first.0 + second.0, first.1 + second.1)
}

fn product(a: Complex, b: Complex) -> Complex {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

fn quotient(a: Complex, b: Complex) -> Complex {
    // Scaled, so that squares of large values do not overflow.
    let largest = b.0.abs().max(b.1.abs());
    let b = (b.0 / largest, b.1 / largest);
    let square = b.0 * b.0 + b.1 * b.1;
    let (re, im) = (a.0 * b.0 + a.1 * b.1, a.1 * b.0 - a.0 * b.1);
    (re / square / largest, im / square / largest)
}
