//! Student's t distribution.

use galvanome_numerics::student::{cdf, density, quantile, upper_quantile, upper_tail};
use galvanome_numerics::{beta, normal};
use proptest::prelude::*;

use crate::close;

#[test]
fn quantiles_to_thirteen_digits() {
    let mut rows = 0;
    for line in include_str!("student_quantiles.txt").lines().filter(|line| !line.starts_with('#'))
    {
        let row: Vec<f64> = line.split(' ').map(|field| field.parse().unwrap()).collect();
        let [nu, tail, t] = row[..] else { panic!("three fields expected: {line}") };
        if tail > 0.0 {
            close(upper_quantile(tail, nu), t, 5e-14);
            close(quantile(tail, nu), -t, 5e-14);
            close(upper_tail(t, nu), tail, 5e-14);
        } else {
            close(quantile(0.5 - tail, nu), t, 5e-14);
            close(quantile(0.5 + tail, nu), -t, 5e-14);
        }
        rows += 1;
    }
    assert_eq!(rows, 306);
}

/// NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2, upper critical values of Student's t.
#[test]
fn handbook_table() {
    let tails = [0.10, 0.05, 0.025, 0.01, 0.005, 0.001];
    for (nu, row) in [
        (1.0, ["3.078", "6.314", "12.706", "31.821", "63.657", "318.309"]),
        (2.0, ["1.886", "2.920", "4.303", "6.965", "9.925", "22.327"]),
        (4.0, ["1.533", "2.132", "2.776", "3.747", "4.604", "7.173"]),
        (5.0, ["1.476", "2.015", "2.571", "3.365", "4.032", "5.893"]),
        (10.0, ["1.372", "1.812", "2.228", "2.764", "3.169", "4.144"]),
        (30.0, ["1.310", "1.697", "2.042", "2.457", "2.750", "3.385"]),
        (100.0, ["1.290", "1.660", "1.984", "2.364", "2.626", "3.174"]),
        (f64::INFINITY, ["1.282", "1.645", "1.960", "2.326", "2.576", "3.090"]),
    ] {
        let found = tails.map(|tail| format!("{:.3}", upper_quantile(tail, nu)));
        assert_eq!(found, row, "nu = {nu}");
    }
}

#[test]
fn closed_forms() {
    for t in [1e-8_f64, 0.1, 0.9, 1.1, 3.0, 40.0, 1e6, 1e150, 1e200] {
        let tolerance = if t < 100.0 { 2e-15 } else { 1e-13 };
        // One and two degrees of freedom; far out their tails are 1/(π t) and 1/(2 t²).
        close(upper_tail(t, 1.0), (1.0 / t).atan() / std::f64::consts::PI, tolerance);
        let tolerance = if t < 100.0 { 2e-15 } else { 1e-13 };
        let root = (2.0 + t * t).sqrt();
        let two = if t < 1e150 { 1.0 / (root * (root + t)) } else { 0.5 / t / t };
        close(upper_tail(t, 2.0), two, 2.0 * tolerance);
        close(density(t, 1.0), 1.0 / (1.0 + t * t) / std::f64::consts::PI, 1e-13);
        close(upper_tail(t, f64::INFINITY), normal::upper_tail(t), 1e-14);
    }
}

#[test]
fn ends_and_outside() {
    assert_eq!(quantile(0.5, 3.0), 0.0);
    assert_eq!(quantile(0.0, 3.0), f64::NEG_INFINITY);
    assert_eq!(quantile(1.0, 3.0), f64::INFINITY);
    assert_eq!(upper_tail(f64::INFINITY, 3.0), 0.0);
    assert_eq!(cdf(f64::INFINITY, 3.0), 1.0);
    assert_eq!(cdf(0.0, 3.0), 0.5);
    for (p, nu) in
        [(0.3, 0.0), (0.3, -1.0), (0.3, f64::NAN), (-0.1, 3.0), (1.1, 3.0), (f64::NAN, 3.0)]
    {
        assert!(quantile(p, nu).is_nan());
    }
    assert!(cdf(f64::NAN, 3.0).is_nan() && cdf(1.0, 0.0).is_nan() && density(1.0, -1.0).is_nan());
    // Absurd degrees of freedom end somewhere, and not in a panic.
    for nu in [1e-300, 1e-3, 1e300] {
        assert!(quantile(0.9, nu) >= 0.0 && (0.0..=0.5).contains(&upper_tail(1.0, nu)));
    }
}

proptest! {
    #[test]
    fn quantile_undoes_the_tail(ln_nu in -0.69..16.0_f64, exponent in -12.0..-0.302_f64) {
        let (nu, tail) = (ln_nu.exp(), 10_f64.powf(exponent));
        let back = upper_tail(upper_quantile(tail, nu), nu);
        // A relative error of the quantile is multiplied by t f(t)/tail, at most ν + 1 and about 2 ln(1/tail).
        prop_assert!((back / tail - 1.0).abs() < 2e-13, "{tail} came back as {back} at {nu}");
    }

    #[test]
    fn odd_and_monotone(ln_nu in -2.0..16.0_f64, p in 1e-9..0.5_f64, more in 1.000001..1.9_f64) {
        let nu = ln_nu.exp();
        prop_assert_eq!(quantile(p, nu), -upper_quantile(p, nu));
        prop_assert!(quantile(p, nu) < quantile((p * more).min(0.75), nu));
        // Heavier tails with fewer degrees of freedom: what the search for a break-even spread rests on.
        prop_assert!(upper_quantile(0.9 * p, nu) >= upper_quantile(0.9 * p, nu * more));
        prop_assert!(upper_quantile(0.9 * p, nu) >= normal::upper_quantile(0.9 * p));
    }

    /// The same tail by the general incomplete beta function, which shares no code with it.
    #[test]
    fn agrees_with_the_beta_function(ln_nu in -0.69..9.0_f64, t in 0.01..12.0_f64) {
        let nu = ln_nu.exp();
        let other = 0.5 * beta::regularised(0.5 * nu, 0.5, nu / (nu + t * t));
        let tail = upper_tail(t, nu);
        prop_assert!((tail - other).abs() <= 1e-10 * tail + 1e-13, "{tail} and {other} at t = {t}, nu = {nu}");
    }
}
