//! Sums, moments and weighted means.

use galvanome_numerics::median::{deviation, median};
use galvanome_numerics::moments::Moments;
use galvanome_numerics::sum::compensated;
use galvanome_numerics::weighted_mean::WeightedMean;
use proptest::prelude::*;

use crate::close;

#[test]
fn sums() {
    for (terms, expected) in [
        (vec![], 0.0),
        (vec![0.1; 10], 1.0),
        (vec![1.0, 1e100, 1.0, -1e100], 2.0),
        (vec![1e308, 1e308], f64::INFINITY),
    ] {
        assert_eq!(compensated(terms), expected);
    }
}

/// NIST StRD, univariate summary statistics: certified mean and standard deviation. The data of NumAcc2 to 4
/// are a centre followed by 500 pairs beside it.
#[test]
fn certified_moments() {
    let around = |centre: f64, low: f64, high: f64| {
        let mut values = vec![centre];
        values.extend([low, high].repeat(500));
        values
    };
    for (values, mean, deviation, tolerance) in [
        (vec![10000001.0, 10000003.0, 10000002.0], 10000002.0, 1.0, 0.0), // NumAcc1
        (around(1.2, 1.1, 1.3), 1.2, 0.1, 1e-14),                         // NumAcc2
        (around(1000000.2, 1000000.1, 1000000.3), 1000000.2, 0.1, 1e-9), // NumAcc3: limited by the data as doubles
        (around(10000000.2, 10000000.1, 10000000.3), 10000000.2, 0.1, 1e-8), // NumAcc4
    ] {
        let moments = Moments::of(&values).unwrap();
        close(moments.mean, mean, 1e-15);
        close(moments.standard_deviation().unwrap(), deviation, tolerance);
        close(
            moments.standard_error().unwrap(),
            deviation / (values.len() as f64).sqrt(),
            tolerance.max(1e-15),
        );
    }
}

#[test]
fn small_samples() {
    assert_eq!(Moments::of(&[]), None);
    assert_eq!(Moments::of(&[0.3]), Some(Moments { n: 1, mean: 0.3, sum_of_squares: 0.0 }));
    assert_eq!(Moments::of(&[0.3]).unwrap().variance(), None);
    // Three times 0.1 sums to more than 0.3; equal values have no spread all the same.
    assert_eq!(Moments::of(&[0.1; 3]), Some(Moments { n: 3, mean: 0.1, sum_of_squares: 0.0 }));
    assert!(Moments::of(&[1.0, f64::NAN]).unwrap().mean.is_nan());
}

#[test]
fn weighted_means() {
    let found = WeightedMean::of(&[10.0, 11.0, 12.0], &[1.0, 2.0, 3.0]).unwrap();
    close(found.mean, 10.346938775510203, 1e-15);
    close(found.u, 0.8571428571428571, 1e-15);
    // By hand: (17/49)² + (32/98)² + (81/147)² with the mean 507/49.
    close(found.chi_squared, 0.12036651395251978 + 0.10662224073302792 + 0.3036234902124115, 1e-14);
    assert_eq!(found.enlarged_u(), found.u);
    let apart = WeightedMean::of(&[0.0, 10.0], &[1.0, 1.0]).unwrap();
    close(apart.birge_ratio().unwrap(), 50_f64.sqrt(), 1e-15);
    close(apart.enlarged_u(), 5.0, 1e-15);
    // Squares of these uncertainties underflow.
    close(WeightedMean::of(&[1.0, 2.0], &[1e-200, 1e-200]).unwrap().mean, 1.5, 1e-15);
    for (values, u) in [
        (vec![], vec![]),
        (vec![1.0], vec![]),
        (vec![1.0], vec![0.0]),
        (vec![1.0], vec![f64::NAN]),
        (vec![f64::INFINITY], vec![1.0]),
    ] {
        assert_eq!(WeightedMean::of(&values, &u), None);
    }
}

#[test]
fn medians_and_their_deviations() {
    let nan = f64::NAN;
    for (values, middle, spread) in [
        (vec![], None, None),
        (vec![5.0], Some(5.0), Some(0.0)),
        (vec![4.0, 1.0], Some(2.5), Some(1.5 * 1.482602218505602)),
        (vec![1.0, 1e300, 2.0, 3.0, -1e300], Some(2.0), Some(1.482602218505602)),
        (vec![f64::MAX, f64::MAX], Some(f64::MAX), Some(0.0)),
        (vec![1.0, nan, 2.0], None, None),
    ] {
        assert_eq!((median(&values), deviation(&values)), (middle, spread), "{values:?}");
    }
    // Of the quantiles of a normal variable the deviation is its own.
    let n = 10_001;
    let quantile = |i: i32| {
        7.0 + 3.0 * galvanome_numerics::normal::quantile((f64::from(i) + 0.5) / f64::from(n))
    };
    let values: Vec<f64> = (0..n).map(quantile).collect();
    close(deviation(&values).unwrap(), 3.0, 1e-3);
}

proptest! {
    #[test]
    fn shift_and_scale(values in prop::collection::vec(-1.0..1.0_f64, 2..20), shift in -10.0..10.0_f64) {
        let plain = Moments::of(&values).unwrap();
        let moved: Vec<f64> = values.iter().map(|value| 2.0 * value + shift).collect();
        let moved = Moments::of(&moved).unwrap();
        prop_assert!((moved.mean - (2.0 * plain.mean + shift)).abs() < 1e-13);
        prop_assert!((moved.sum_of_squares - 4.0 * plain.sum_of_squares).abs() < 1e-12);
    }
}
