//! Savitzky–Golay weights and smoothed curves.

use galvanome_numerics::savitzky_golay::{smooth, weights};
use proptest::prelude::*;

/// Printed weights (Savitzky and Golay 1964 with the corrections of Steinier, Termonia and Deltour, Anal. Chem. 44
/// (1972) 1906): numerators over a common divisor.
#[track_caller]
fn check_weights((half, degree, derivative): (usize, usize, usize), known: &[f64], divisor: f64) {
    let found = weights(half, degree, derivative, 0).expect("weights");
    assert_eq!(found.len(), known.len());
    for (found, known) in found.iter().zip(known) {
        assert!((found - known / divisor).abs() < 1e-14, "{found} is not {known}/{divisor}");
    }
}

#[test]
fn printed_weights() {
    check_weights((2, 2, 0), &[-3.0, 12.0, 17.0, 12.0, -3.0], 35.0);
    check_weights((2, 3, 0), &[-3.0, 12.0, 17.0, 12.0, -3.0], 35.0);
    check_weights((3, 2, 0), &[-2.0, 3.0, 6.0, 7.0, 6.0, 3.0, -2.0], 21.0);
    let nine = [-21.0, 14.0, 39.0, 54.0, 59.0, 54.0, 39.0, 14.0, -21.0];
    check_weights((4, 3, 0), &nine, 231.0);
    check_weights((3, 4, 0), &[5.0, -30.0, 75.0, 131.0, 75.0, -30.0, 5.0], 231.0);
    check_weights((2, 2, 1), &[-2.0, -1.0, 0.0, 1.0, 2.0], 10.0);
    check_weights((2, 3, 1), &[1.0, -8.0, 0.0, 8.0, -1.0], 12.0);
    check_weights((3, 3, 1), &[22.0, -67.0, -58.0, 0.0, 58.0, 67.0, -22.0], 252.0);
    check_weights((2, 2, 2), &[2.0, -1.0, -2.0, -1.0, 2.0], 7.0);
    check_weights((1, 0, 0), &[1.0, 1.0, 1.0], 3.0);
}

/// Curves smoothed by SciPy 1.17.1, `savgol_filter(…, mode="interp")`.
#[track_caller]
fn check_curve((half, degree, derivative, step): (usize, usize, usize, f64), expected: [f64; 11]) {
    let curve = [0.0, 1.0, 0.5, 2.5, 7.0, 3.0, 2.0, 2.5, 1.0, -1.0, 0.25];
    let found = smooth(&curve, half, degree, derivative, step).expect("a smoothed curve");
    let size = expected.iter().fold(0.0_f64, |size, value| size.max(value.abs()));
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-12 * size, "{found} is not {expected}");
    }
    assert_eq!(found.len(), expected.len());
}

#[test]
#[rustfmt::skip]
fn curves_as_another_implementation_smooths_them() {
    check_curve((2, 2, 0, 1.0), [0.4571428571428593, -0.02857142857142836, 0.8428571428571414, 3.442857142857141, 5.071428571428569, 4.114285714285712, 2.171428571428569, 2.0714285714285703, 0.8071428571428565, 0.1785714285714275, -0.30714285714285694]);
    check_curve((3, 3, 0, 1.0), [0.26190476190476253, 0.02380952380952861, 1.4166666666666725, 3.3571428571428594, 3.9285714285714315, 4.142857142857146, 3.2380952380952404, 1.285714285714287, 0.7380952380952364, 0.309523809523804, -0.2916666666666794]);
    check_curve((2, 3, 1, 0.5), [3.404761904761884, 0.11904761904761285, 0.8333333333333337, 8.33333333333333, 0.4166666666666668, -6.6666666666666625, 0.3333333333333326, -0.6666666666666666, -4.374999999999998, -1.464285714285677, 6.696428571428608]);
    check_curve((4, 4, 2, 0.1), [408.2847707847759, 181.32284382284595, 16.249028749028845, -86.93667443667523, -128.2342657342664, -98.9219114219118, -13.432400932401432, 30.62354312354309, 58.24592074591991, 69.43473193472992, 64.18997668997316]);
    check_curve((5, 2, 1, 2.0), [0.7619755244755254, 0.6002622377622384, 0.43854895104895153, 0.2768356643356646, 0.11512237762237765, -0.046590909090909086, -0.20830419580419623, -0.37001748251748323, -0.5317307692307701, -0.693444055944057, -0.8551573426573439]);
}

#[test]
fn what_does_not_fit_is_refused() {
    for (half, degree, derivative, at) in
        [(0, 0, 0, 0), (2, 5, 0, 0), (2, 2, 3, 0), (2, 2, 0, 3), (10_001, 2, 0, 0)]
    {
        assert_eq!(weights(half, degree, derivative, at), None);
    }
    assert_eq!(smooth(&[1.0; 4], 2, 2, 0, 1.0), None);
    assert_eq!(smooth(&[1.0; 9], 2, 2, 0, 0.0), None);
    assert_eq!(smooth(&[1.0; 9], usize::MAX, 2, 0, 1.0), None);
    assert!(smooth(&[1.0; 5], 2, 2, 0, 1.0).is_some());
    // What is no number spoils its window only.
    let mut curve = [1.0; 11];
    curve[5] = f64::NAN;
    let smoothed = smooth(&curve, 2, 2, 0, 1.0).unwrap();
    assert!((smoothed[2] - 1.0).abs() < 1e-14 && smoothed[4].is_nan() && smoothed[7].is_nan());
}

proptest! {
    /// A polynomial of the degree passes unchanged, to its very ends, and so do its derivatives.
    #[test]
    fn polynomials_pass(
        half in 2..30_usize, degree in 0..5_usize, coefficients in prop::collection::vec(-1.0..1.0_f64, 5),
        derivative in 0..3_usize, step in 0.1..3.0_f64,
    ) {
        prop_assume!(degree <= 2 * half && derivative <= degree);
        let n = 2 * half + 9;
        let at = |x: f64, derivative: usize| -> f64 {
            (derivative..=degree).map(|power| {
                let falling: f64 = (0..derivative).map(|k| (power - k) as f64).product();
                coefficients[power] * falling * x.powf((power - derivative) as f64)
            }).sum()
        };
        let x: Vec<f64> = (0..n).map(|i| step * (i as f64 / n as f64 - 0.5)).collect();
        let curve: Vec<f64> = x.iter().map(|&x| at(x, 0)).collect();
        let smoothed = smooth(&curve, half, degree, derivative, step / n as f64).unwrap();
        for (&x, found) in x.iter().zip(smoothed) {
            let scale = (n as f64 / step).powf(derivative as f64);
            prop_assert!((found - at(x, derivative)).abs() < 1e-11 * scale.max(1.0), "{found} at {x}");
        }
    }
}
