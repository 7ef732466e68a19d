//! Shapes of peaks, of height 1 at their centre, with the derivatives that a fit needs.
//!
//! A shape is a function of the offset from its centre. Widths are full widths at half maximum unless said otherwise;
//! they are positive.

use std::f64::consts::{FRAC_2_SQRT_PI, FRAC_PI_2, LN_2, PI, SQRT_2};

use crate::faddeeva::w;

/// The value of a shape at an offset, and its derivatives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shaped {
    /// The value, 1 at the centre.
    pub value: f64,
    /// The derivative by the offset; that by the centre is its negative.
    pub by_offset: f64,
    /// The derivative by the (first) width.
    pub by_width: f64,
    /// The derivative by what else makes the shape: the share, the second width, or the asymmetry. 0 where there is
    /// nothing else.
    pub by_shape: f64,
}

/// `2 √(2 ln 2)`: the full width of a Gaussian at half maximum in standard deviations.
pub const FWHM_OF_SIGMA: f64 = 2.354_820_045_030_949_3;

/// A Gaussian, `exp(-4 ln 2 (offset/width)²)`.
pub fn gauss(offset: f64, width: f64) -> Shaped {
    let ratio = offset / width;
    let value = (-4.0 * LN_2 * ratio * ratio).exp();
    let by_ratio = -8.0 * LN_2 * ratio * value;
    Shaped {
        value,
        by_offset: by_ratio / width,
        by_width: -ratio * by_ratio / width,
        by_shape: 0.0,
    }
}

/// The area of a Gaussian of height 1.
pub fn gauss_area(width: f64) -> f64 {
    width / (FRAC_2_SQRT_PI * LN_2.sqrt())
}

/// A Lorentzian, `1 / (1 + 4 (offset/width)²)`.
pub fn lorentz(offset: f64, width: f64) -> Shaped {
    let ratio = offset / width;
    let value = 1.0 / (1.0 + 4.0 * ratio * ratio);
    let by_ratio = -8.0 * ratio * value * value;
    Shaped {
        value,
        by_offset: by_ratio / width,
        by_width: -ratio * by_ratio / width,
        by_shape: 0.0,
    }
}

/// The area of a Lorentzian of height 1.
pub fn lorentz_area(width: f64) -> f64 {
    FRAC_PI_2 * width
}

/// The sum of a Lorentzian with `share` and a Gaussian with the rest, of one width.
pub fn pseudo_voigt(offset: f64, width: f64, share: f64) -> Shaped {
    let (g, l) = (gauss(offset, width), lorentz(offset, width));
    let mix = |g: f64, l: f64| share * l + (1.0 - share) * g;
    Shaped {
        value: mix(g.value, l.value),
        by_offset: mix(g.by_offset, l.by_offset),
        by_width: mix(g.by_width, l.by_width),
        by_shape: l.value - g.value,
    }
}

/// The area of a pseudo-Voigt of height 1.
pub fn pseudo_voigt_area(width: f64, share: f64) -> f64 {
    share * lorentz_area(width) + (1.0 - share) * gauss_area(width)
}

/// A Gaussian of width `gauss_width` folded with a Lorentzian of width `lorentz_width`; derivatives are by the first
/// and, as [`by_shape`](Shaped::by_shape), by the second. A width may be 0, not both.
///
/// Source: B. H. Armstrong, J. Quant. Spectrosc. Radiat. Transfer 7 (1967) 61; derivatives from `w' = -2zw + 2i/√π`.
pub fn voigt(offset: f64, gauss_width: f64, lorentz_width: f64) -> Shaped {
    let (sigma, gamma) = (gauss_width / FWHM_OF_SIGMA, 0.5 * lorentz_width);
    if sigma <= 1e-12 * gamma {
        let pure = lorentz(offset, lorentz_width);
        return Shaped { by_width: 0.0, by_shape: pure.by_width, ..pure };
    }
    let unit = sigma * SQRT_2;
    let (u, v) = (offset / unit, gamma / unit);
    let ((here, slope), (top, top_slope)) = (with_slope(u, v), with_slope(0.0, v));
    let value = here / top;
    // By u and by v of the value; the top changes with v alone.
    let by_u = slope.0 / top;
    let by_v = (-slope.1 + value * top_slope.1) / top;
    Shaped {
        value,
        by_offset: by_u / unit,
        by_width: -(u * by_u + v * by_v) / gauss_width,
        by_shape: 0.5 * by_v / unit,
    }
}

/// The real part of `w`, and the derivative of `w`.
fn with_slope(u: f64, v: f64) -> (f64, (f64, f64)) {
    let (re, im) = w(u, v);
    let slope = (-2.0 * (u * re - v * im), -2.0 * (u * im + v * re) + FRAC_2_SQRT_PI);
    (re, slope)
}

/// The area of a Voigt profile of height 1.
pub fn voigt_area(gauss_width: f64, lorentz_width: f64) -> f64 {
    let (sigma, gamma) = (gauss_width / FWHM_OF_SIGMA, 0.5 * lorentz_width);
    if sigma <= 1e-12 * gamma {
        return lorentz_area(lorentz_width);
    }
    let unit = sigma * SQRT_2;
    unit * PI.sqrt() / w(0.0, gamma / unit).0
}

/// The full width of a Voigt profile, to 0.02 %.
///
/// Source: J. J. Olivero, R. L. Longbothum, J. Quant. Spectrosc. Radiat. Transfer 17 (1977) 233.
pub fn voigt_width(gauss_width: f64, lorentz_width: f64) -> f64 {
    0.5346 * lorentz_width + (0.2166 * lorentz_width.powi(2) + gauss_width.powi(2)).sqrt()
}

/// The line of a core level in a metal, with a tail towards negative offsets: half width `half_width` (of the
/// Lorentzian that it is at asymmetry 0) and `asymmetry` from 0 to below 1. It is 1 at its origin, where the line
/// would be without a tail; its maximum lies `half_width · cot(π / (2 - asymmetry))` from there. It has no finite area.
///
/// Source: S. Doniach, M. Šunjić, J. Phys. C 3 (1970) 285.
pub fn doniach_sunjic(offset: f64, half_width: f64, asymmetry: f64) -> Shaped {
    let ratio = offset / half_width;
    let angle = ratio.atan();
    let rest = 1.0 - asymmetry;
    let (sine, cosine) = (FRAC_PI_2 * asymmetry + rest * angle).sin_cos();
    let (origin_sine, origin) = (FRAC_PI_2 * asymmetry).sin_cos();
    let square = 1.0 + ratio * ratio;
    let fall = square.powf(-0.5 * rest);
    let value = cosine / origin * fall;
    let by_ratio = (-sine * rest / origin - cosine / origin * rest * ratio) * fall / square;
    let by_angle =
        (-sine * (FRAC_PI_2 - angle) + cosine * origin_sine / origin * FRAC_PI_2) / origin;
    Shaped {
        value,
        by_offset: by_ratio / half_width,
        by_width: -ratio * by_ratio / half_width,
        by_shape: by_angle * fall + 0.5 * square.ln() * value,
    }
}

/// A shape with one width on the side of negative offsets and another on the other: that of the side with its
/// derivatives, and whether the offset lies on the first side, whose width the derivative is by.
pub fn split(
    offset: f64,
    (left, right): (f64, f64),
    shape: impl Fn(f64, f64) -> Shaped,
) -> (Shaped, bool) {
    let is_left = offset < 0.0;
    (shape(offset, if is_left { left } else { right }), is_left)
}
