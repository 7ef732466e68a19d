//! Integrals and interpolation.

use galvanome_numerics::integral::{cumulative_trapezoid, trapezoid};
use galvanome_numerics::interpolation::{first_crossing, linear};

use crate::close;

#[test]
fn integrals() {
    for (x, y, expected) in [
        (vec![], vec![], None),
        (vec![1.0], vec![5.0], Some(0.0)),
        (vec![0.0, 1.0], vec![1.0], None),
        (vec![0.0, 1.0, 3.0], vec![1.0, 1.0, 3.0], Some(5.0)),
        (vec![3.0, 1.0, 0.0], vec![3.0, 1.0, 1.0], Some(-5.0)),
        (vec![0.0, 1.0, 1.0, 2.0], vec![0.0, 0.0, 4.0, 4.0], Some(4.0)),
    ] {
        assert_eq!(trapezoid(&x, &y), expected);
    }
    assert_eq!(cumulative_trapezoid(&[0.0, 1.0, 3.0], &[1.0, 1.0, 3.0]), Some(vec![0.0, 1.0, 5.0]));
    assert_eq!(cumulative_trapezoid(&[], &[]), Some(vec![]));
    assert_eq!(cumulative_trapezoid(&[1.0], &[]), None);
}

/// The error of the rule on sin over 0 to π is that of its theory, h² π/12 · 2/π, and no rounding on top.
#[test]
fn error_of_the_rule() {
    let n = 100_000;
    let x: Vec<f64> = (0..=n).map(|i| std::f64::consts::PI * f64::from(i) / f64::from(n)).collect();
    let y: Vec<f64> = x.iter().map(|x| x.sin()).collect();
    let h = std::f64::consts::PI / f64::from(n);
    let area = trapezoid(&x, &y).unwrap();
    close(area, 2.0 - h * h / 6.0, 1e-15);
    close(*cumulative_trapezoid(&x, &y).unwrap().last().unwrap(), area, 1e-15);
}

#[test]
fn interpolation() {
    let (x, y) = ([0.0, 1.0, 3.0], [5.0, 7.0, 3.0]);
    for (at, expected) in [
        (0.0, Some(5.0)),
        (0.5, Some(6.0)),
        (1.0, Some(7.0)),
        (2.5, Some(4.0)),
        (3.0, Some(3.0)),
        (-0.1, None),
        (3.1, None),
        (f64::NAN, None),
    ] {
        assert_eq!(linear(&x, &y, at), expected, "at {at}");
    }
    assert_eq!(linear(&[], &[], 0.0), None);
    assert_eq!(linear(&[0.0, 1.0], &[0.0], 0.5), None);
    assert_eq!(linear(&[0.0, 1.0], &[0.0, f64::NAN], 0.5), None);
}

#[test]
fn crossings() {
    let nan = f64::NAN;
    for (x, y, level, expected) in [
        (vec![0.0, 100.0, 200.0], vec![100.0, 90.0, 70.0], 80.0, Some(150.0)),
        (vec![0.0, 100.0, 200.0], vec![100.0, 90.0, 70.0], 60.0, None),
        (vec![0.0, 1.0, 2.0], vec![1.0, 3.0, 1.0], 2.0, Some(0.5)),
        (vec![0.0, 1.0, 2.0], vec![1.0, 2.0, 1.0], 2.0, Some(1.0)),
        (vec![0.0, 1.0, 2.0], vec![3.0, nan, 1.0], 2.0, None),
        (vec![], vec![], 2.0, None),
        (vec![0.0], vec![], 2.0, None),
    ] {
        assert_eq!(first_crossing(&x, &y, level), expected);
    }
}
