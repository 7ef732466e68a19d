//! Student's t distribution, for any positive number of degrees of freedom.
//!
//! Both the half from 0 to t and the tail beyond t are computed without subtracting from ½ where that would
//! cost digits, so that quantiles are accurate near the median and far out alike. With `a = ν/2`,
//! `x = ν/(ν + t²)`, `y = 1 - x` and the density f:
//! - the half is `t f(t) Σ ((ν+1)/2)ₙ/(3/2)ₙ yⁿ` and the tail `(t f(t)/ν) Σ ((ν+1)/2)ₙ/(ν/2 + 1)ₙ xⁿ`, both with
//!   positive terms (DLMF 8.17.8);
//! - for `ν ≥ 20` the tail is expanded about the normal distribution's, as in BGRAT of A. R. DiDonato and
//!   A. H. Morris, ACM TOMS 18 (1992) 360, section 9, where `b = ½` turns the incomplete gamma functions into
//!   the error function; smaller ν are first raised by the leading terms of the series.
//!
//! Quantiles start from G. W. Hill, Algorithm 396, Commun. ACM 13 (1970) 619, and are polished by Halley steps
//! on the logarithm of the probability: one or two, less than a microsecond together.

use std::f64::consts::PI;

use crate::error_function::erfcx;
use crate::gamma::{half_step, half_step_excess};
use crate::normal;

/// Above this ν nothing distinguishes the distribution from the normal one in double precision.
const PRACTICALLY_NORMAL: f64 = 1e30;
/// From this ν on the expansion about the normal tail has all its digits.
const EXPANSION_FROM: f64 = 20.0;
/// A Halley step this small leaves an error of its third power.
const CLOSE_ENOUGH: f64 = 2e-6;

/// Coefficients `pₙ` of BGRAT for `b = ½`, from their recurrence with 60 digits.
const EXPANSION: [f64; 16] = [
    1.0,
    -0.08333333333333333,
    0.00625,
    -0.0005042989417989418,
    4.343722442680776e-05,
    -3.896385732323232e-06,
    3.5833354634507906e-07,
    -3.349747072060578e-08,
    3.1675854343161146e-09,
    -3.0210368517370963e-10,
    2.900415787669253e-11,
    -2.799396748375269e-12,
    2.713639320017204e-13,
    -2.6400478921841528e-14,
    2.576345276111418e-15,
    -2.5208132554200558e-16,
];

/// Density at `t` for `nu > 0` degrees of freedom; NaN for other `nu`. An infinite `nu` is the normal one.
pub fn density(t: f64, nu: f64) -> f64 {
    Student::new(nu).map_or(f64::NAN, |student| student.density(t.abs()))
}

/// Probability of a value up to `t` for `nu > 0` degrees of freedom, which need not be whole and may be
/// infinite. Relative error about 1e-14 in the lower tail. NaN for other `nu` or when `t` is NaN.
pub fn cdf(t: f64, nu: f64) -> f64 {
    upper_tail(-t, nu)
}

/// Probability of a value above `t`, accurate in relative terms far into the upper tail; see [`cdf`].
///
/// ```
/// let p = galvanome_numerics::student::upper_tail(2.0, 2.0);
/// assert!((p - 0.09175170953613698).abs() < 1e-15);
/// ```
pub fn upper_tail(t: f64, nu: f64) -> f64 {
    match Student::new(nu) {
        Some(student) if !t.is_nan() => {
            let tail = student.halves(t.abs()).tail;
            if t >= 0.0 { tail } else { 1.0 - tail }
        }
        _ => f64::NAN,
    }
}

/// The value that stays unexceeded with probability `p`, for `nu > 0` degrees of freedom (whole or not, or
/// infinite): infinite at 0 and 1; NaN outside, and for other `nu`. Relative error about 1e-14 for ν from 0.5
/// and p from 1e-12 to 1 - 1e-12. For a small upper tail use [`upper_quantile`], which takes it exactly.
///
/// ```
/// let t = galvanome_numerics::student::quantile(0.975, 4.0);
/// assert!((t - 2.7764451051977987).abs() < 1e-14);
/// ```
pub fn quantile(p: f64, nu: f64) -> f64 {
    // Both differences are exact on the halves where they are used.
    if p <= 0.5 {
        -quantile_beyond_median(0.5 - p, p, nu)
    } else {
        quantile_beyond_median(p - 0.5, 1.0 - p, nu)
    }
}

/// The value that is exceeded with probability `tail`; see [`quantile`].
pub fn upper_quantile(tail: f64, nu: f64) -> f64 {
    -quantile(tail, nu)
}

fn quantile_beyond_median(half: f64, tail: f64, nu: f64) -> f64 {
    match Student::new(nu) {
        Some(student) if (0.0..=0.5).contains(&tail) => student.quantile(half, tail),
        _ => f64::NAN,
    }
}

/// The two parts of the upper half of the distribution, cut at some t: together ½.
struct Halves {
    /// Probability between 0 and t.
    half: f64,
    /// Probability beyond t.
    tail: f64,
    /// `t f(t)`, the derivative of `half` by the logarithm of t.
    slope: f64,
}

/// A distribution with what depends on ν alone.
struct Student {
    nu: f64,
    /// `Γ((ν + 1)/2)/(√π Γ(ν/2))`.
    norm: f64,
}

impl Student {
    fn new(nu: f64) -> Option<Self> {
        if nu > 0.0 {
            let nu = nu.min(PRACTICALLY_NORMAL);
            Some(Self { nu, norm: half_step(0.5 * nu) / PI.sqrt() })
        } else {
            None
        }
    }

    /// `ln(1 + t²/ν)`.
    fn log_width(&self, t: f64) -> f64 {
        let square = t * (t / self.nu);
        if square < f64::MAX { square.ln_1p() } else { 2.0 * t.ln() - self.nu.ln() }
    }

    fn density(&self, t: f64) -> f64 {
        self.norm / self.nu.sqrt() * (-0.5 * (self.nu + 1.0) * self.log_width(t)).exp()
    }

    /// Both parts at `t ≥ 0`.
    fn halves(&self, t: f64) -> Halves {
        if t == 0.0 {
            return Halves { half: 0.0, tail: 0.5, slope: 0.0 };
        }
        if t == f64::INFINITY {
            return Halves { half: 0.5, tail: 0.0, slope: 0.0 };
        }
        let square = t * (t / self.nu);
        let x = 1.0 / (1.0 + square);
        let y = 1.0 / (1.0 + 1.0 / square);
        let log_width = self.log_width(t);
        let slope = self.norm * y.sqrt() * (-0.5 * self.nu * log_width).exp();
        if t <= 1.0 && y <= 0.5 {
            let half = slope * self.half_series(y);
            return Halves { half, tail: 0.5 - half, slope };
        }
        let tail = if x <= 0.35 {
            slope / self.nu * self.tail_series(x)
        } else {
            self.raised_tail(x, log_width, slope)
        };
        let tail = tail.min(0.5);
        Halves { half: 0.5 - tail, tail, slope }
    }

    fn half_series(&self, y: f64) -> f64 {
        let (mut term, mut sum, mut n) = (1.0, 1.0, 0.0);
        while term > 1e-17 * sum && n < 1e3 {
            term *= y * (0.5 * (self.nu + 1.0) + n) / (1.5 + n);
            sum += term;
            n += 1.0;
        }
        sum
    }

    fn tail_series(&self, x: f64) -> f64 {
        let (mut term, mut sum, mut n) = (1.0, 1.0, 0.0);
        while term > 1e-17 * sum {
            term *= x * (0.5 * (self.nu + 1.0) + n) / (0.5 * self.nu + 1.0 + n);
            sum += term;
            n += 1.0;
        }
        sum
    }

    /// The tail by as many terms of the series as bring ν to where the expansion holds, and the expansion.
    fn raised_tail(&self, x: f64, log_width: f64, slope: f64) -> f64 {
        let mut a = 0.5 * self.nu;
        let (mut term, mut sum) = (1.0, 0.0);
        while 2.0 * a < EXPANSION_FROM {
            sum += term;
            term *= x * (a + 0.5) / (a + 1.0);
            a += 1.0;
        }
        // What is left of the series is the tail of 2a degrees of freedom at the same x.
        slope / self.nu * sum + expanded_tail(a, log_width)
    }

    fn quantile(&self, half: f64, tail: f64) -> f64 {
        if tail == 0.0 {
            return f64::INFINITY;
        }
        if half == 0.0 {
            return 0.0;
        }
        let in_tail = tail < 0.25;
        let mut t = if in_tail { self.seed(tail) } else { self.central_seed(half) };
        for _ in 0..60 {
            if !(t > 0.0 && t < f64::INFINITY) {
                break;
            }
            let parts = self.halves(t);
            let y = 1.0 / (1.0 + self.nu / t / t);
            let falloff = 1.0 - (self.nu + 1.0) * y;
            // Both logarithms are concave functions of ln t, so that Newton's method converges from anywhere;
            // Halley's correction is held back while far away.
            let (newton, curvature) = if in_tail {
                let excess = log_ratio(parts.tail, tail) * parts.tail / parts.slope;
                (excess, 0.5 * excess * (falloff + parts.slope / parts.tail))
            } else {
                let excess = -log_ratio(parts.half, half) * parts.half / parts.slope;
                (excess, 0.5 * excess * (falloff - parts.slope / parts.half))
            };
            let step = newton / (1.0 + curvature).clamp(0.5, 2.0);
            t *= step.exp();
            if step.abs() < CLOSE_ENOUGH {
                break;
            }
        }
        t
    }

    /// First approximation for a quantile in the inner half: one term of the half's series and the next.
    fn central_seed(&self, half: f64) -> f64 {
        let t = half * self.nu.sqrt() / self.norm;
        t * (1.0 + (1.0 + 1.0 / self.nu) * t * t / 6.0)
    }

    /// First approximation for a quantile with a tail below ¼: Hill's, with the constants of Algorithm 396 and
    /// its remark (Hill, ACM TOMS 7 (1981) 250); below 2 degrees of freedom the leading term of the tail.
    fn seed(&self, tail: f64) -> f64 {
        let nu = self.nu;
        if nu < 2.0 {
            return (self.norm / (nu * tail)).powf(1.0 / nu) * nu.sqrt();
        }
        let a = 1.0 / (nu - 0.5);
        let b = 48.0 / (a * a);
        let mut c = ((20700.0 * a / b - 98.0) * a - 16.0) * a + 96.36;
        let d = ((94.5 / (b + c) - 3.0) / b + 1.0) * (a * PI / 2.0).sqrt() * nu;
        let mut y = (d * 2.0 * tail).powf(2.0 / nu);
        if y > 0.05 + a {
            let x = normal::quantile(tail);
            y = x * x;
            if nu < 5.0 {
                c += 0.3 * (nu - 4.5) * (x + 0.6);
            }
            c += (((0.05 * d * x - 5.0) * x - 7.0) * x - 2.0) * x + b;
            y = (((((0.4 * y + 6.3) * y + 36.0) * y + 94.5) / c - y - 3.0) / b + 1.0) * x;
            y = (a * y * y).exp_m1();
        } else {
            y = ((1.0 / (((nu + 6.0) / (nu * y) - 0.089 * d - 0.822) * (nu + 2.0) * 3.0)
                + 0.5 / (nu + 4.0))
                * y
                - 1.0)
                * (nu + 1.0)
                / (nu + 2.0)
                + 1.0 / y;
        }
        (nu * y).sqrt()
    }
}

/// `ln(found/wanted)`, accurate when they are close.
fn log_ratio(found: f64, wanted: f64) -> f64 {
    let excess = (found - wanted) / wanted;
    if excess.abs() < 0.5 { excess.ln_1p() } else { (found / wanted).ln() }
}

/// Half the regularised incomplete beta function `I_x(a, ½)` for `a ≥ 10`, `-ln x` given: BGRAT.
fn expanded_tail(a: f64, log_width: f64) -> f64 {
    let t = a - 0.25;
    let u = t * log_width;
    let root = u.sqrt();
    let quarter = 0.25 / (t * t);
    let half_width = 0.5 * log_width;
    let mut moment = erfcx(root) * PI.sqrt() / root;
    let (mut power, mut n2, mut sum) = (1.0, 0.0, moment);
    for &coefficient in EXPANSION.iter().skip(1) {
        moment = quarter * ((0.5 + n2) * (1.5 + n2) * moment + (u + 1.5 + n2) * power);
        let term = coefficient * moment;
        sum += term;
        if term.abs() < 1e-17 * sum {
            break;
        }
        n2 += 2.0;
        power *= half_width * half_width;
    }
    0.5 * (-u).exp() * root / PI.sqrt() * half_step_excess(t) * sum
}
