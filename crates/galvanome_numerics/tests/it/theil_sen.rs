//! The robust line.

use galvanome_numerics::theil_sen::TheilSen;
use proptest::prelude::*;

use crate::close;

/// Slope, intercept and interval as SciPy 1.17 `stats.theilslopes` gives them.
#[test]
fn as_scipy() {
    let count: Vec<f64> = (1..=10).map(f64::from).collect();
    for (x, y, confidence, [slope, intercept, low, high]) in [
        (
            count,
            vec![2.1, 3.9, 6.2, 7.8, 30.0, 12.1, 13.8, 16.2, 17.9, 20.1],
            0.95,
            [2.0, 1.95, 1.933333333333333, 2.05],
        ),
        (
            vec![0.0, 0.0, 1.0, 1.0, 2.0, 3.0, 3.0, 4.0, 5.0, 6.0],
            vec![1.0, 2.0, 2.0, 3.0, 5.0, 5.0, 6.0, 9.0, 9.0, 20.0],
            0.9,
            [1.875, 0.3125, 1.4, 3.0],
        ),
        (vec![5.0, 1.0, 3.0], vec![1.0, 2.0, 7.0], 0.95, [-0.25, 2.75, -3.0, 2.5]),
        // The example of Sen (1968), with its interval of 93 %.
        (
            vec![1.0, 2.0, 3.0, 4.0, 10.0, 12.0, 18.0],
            vec![9.0, 15.0, 19.0, 20.0, 45.0, 55.0, 78.0],
            0.93,
            [4.0, 4.0, 26.0 / 7.0, 4.375],
        ),
    ] {
        let found = TheilSen::of(&x, &y, confidence).unwrap();
        close(found.slope, slope, 1e-13);
        close(found.intercept, intercept, 1e-12);
        close(found.slope_low, low, 1e-13);
        close(found.slope_high, high, 1e-13);
        assert!(found.slope_u > 0.0);
    }
}

#[test]
fn refused() {
    for (x, y, confidence) in [
        (vec![], vec![], 0.95),
        (vec![1.0], vec![1.0], 0.95),
        (vec![1.0, 1.0], vec![1.0, 2.0], 0.95),
        (vec![1.0, 2.0], vec![1.0], 0.95),
        (vec![1.0, f64::NAN], vec![1.0, 2.0], 0.95),
        (vec![1.0, 2.0], vec![1.0, f64::INFINITY], 0.95),
        (vec![1.0, 2.0], vec![1.0, 2.0], 1.0),
        (vec![1.0, 2.0], vec![1.0, 2.0], f64::NAN),
    ] {
        assert_eq!(TheilSen::of(&x, &y, confidence), None);
    }
}

/// Numbers between 0 and 1 that are the same every time.
fn noise(n: usize) -> Vec<f64> {
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    (0..n).map(|_| next()).collect()
}

/// Many points are counted, few are listed: a repeated data set must give the same line by both.
#[test]
fn counting_equals_listing() {
    let noise = noise(1500);
    let x: Vec<f64> = (0..500).map(|i| f64::from(i / 2)).collect();
    let y: Vec<f64> = x.iter().zip(&noise).map(|(x, e)| 100.0 - 0.02 * x + e).collect();
    let listed = TheilSen::of(&x, &y, 0.95).unwrap();
    // Three copies side by side have nine times each slope between different x, and none between copies.
    let counted = TheilSen::of(&x.repeat(3), &y.repeat(3), 0.95).unwrap();
    assert_eq!(counted.pairs, 9 * listed.pairs);
    close(counted.slope, listed.slope, 1e-12);
    close(counted.intercept, listed.intercept, 1e-12);
}

#[test]
fn twenty_thousand_points_with_outliers() {
    let noise = noise(20_000);
    let x: Vec<f64> = (0..20_000).map(f64::from).collect();
    let y: Vec<f64> = x
        .iter()
        .zip(&noise)
        .map(|(x, e)| 100.0 - 0.001 * x + if *e < 0.1 { 50.0 } else { *e })
        .collect();
    let found = TheilSen::of(&x, &y, 0.95).unwrap();
    assert!((found.slope + 0.001).abs() < 4.0 * found.slope_u, "{found:?}");
    assert!(found.slope_u > 0.0 && found.slope_u < 1e-5, "{found:?}");
}

proptest! {
    #[test]
    fn follows_the_line(slope in -5.0..5.0_f64, intercept in -5.0..5.0_f64, n in 2_usize..700) {
        let x: Vec<f64> = (0..n).map(|i| i as f64).collect();
        let y: Vec<f64> = x.iter().map(|x| intercept + slope * x).collect();
        let found = TheilSen::of(&x, &y, 0.95).unwrap();
        prop_assert!((found.slope - slope).abs() < 1e-11);
        prop_assert!((found.intercept - intercept).abs() < 1e-8);
        prop_assert!(found.slope_u < 1e-11);
    }

    #[test]
    fn interval_holds_the_slope(y in prop::collection::vec(-1.0..1.0_f64, 2..40)) {
        let x: Vec<f64> = (0..y.len()).map(|i| i as f64).collect();
        let found = TheilSen::of(&x, &y, 0.95).unwrap();
        prop_assert!(found.slope_low <= found.slope && found.slope <= found.slope_high);
        let mirrored: Vec<f64> = y.iter().map(|y| -y).collect();
        let mirrored = TheilSen::of(&x, &mirrored, 0.95).unwrap();
        prop_assert!((mirrored.slope + found.slope).abs() < 1e-14);
        prop_assert!((mirrored.slope_u - found.slope_u).abs() < 1e-14);
    }
}
