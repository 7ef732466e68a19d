//! Random numbers from a seed, drawing again, and how uncertainties pass through formulas.

use galvanome_numerics::bootstrap::Bootstrap;
use galvanome_numerics::moments::Moments;
use galvanome_numerics::propagation::{propagated, variance};
use galvanome_numerics::random::Random;
use galvanome_numerics::weighted;

fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} is not {expected} ± {tolerance}");
}

#[test]
fn a_seed_gives_its_numbers() {
    let draw = |seed| {
        let mut random = Random::seeded(seed);
        (random.bits(), random.normal(), random.poisson(4.0), random.poisson(400.0))
    };
    assert_eq!(draw(1), draw(1));
    assert_ne!(draw(1).0, draw(2).0);
    assert!(Random::seeded(1).poisson(-1.0).is_nan());
    assert_eq!(Random::seeded(1).below(0), 0);
}

/// Mean and variance of 40,000 draws, within five standard errors of what they should be.
fn check(draw: impl Fn(&mut Random) -> f64, mean: f64, square: f64, fourth: f64) {
    const N: usize = 40_000;
    let mut random = Random::seeded(7);
    let drawn: Vec<f64> = (0..N).map(|_| draw(&mut random)).collect();
    let moments = Moments::of(&drawn).expect("draws");
    near(moments.mean, mean, 5.0 * (square / N as f64).sqrt());
    let error = ((fourth - square * square) / N as f64).sqrt();
    near(moments.variance().expect("many"), square, 5.0 * error);
}

#[test]
fn draws_have_their_moments() {
    check(Random::uniform, 0.5, 1.0 / 12.0, 1.0 / 80.0);
    check(Random::normal, 0.0, 1.0, 3.0);
    check(|random| random.below(6) as f64, 2.5, 35.0 / 12.0, 14.729);
    for mean in [0.3, 4.0, 29.0, 31.0, 1000.0, 1e6] {
        check(|random| random.poisson(mean), mean, mean, mean + 3.0 * mean * mean);
    }
}

#[test]
fn the_standard_error_of_a_mean_by_drawing_again() {
    let mut random = Random::seeded(3);
    let values: Vec<f64> = (0..200).map(|_| random.normal()).collect();
    let mean = |places: &[usize]| {
        Some(places.iter().map(|place| values[*place]).sum::<f64>() / places.len() as f64)
    };
    let bootstrap = Bootstrap::of(200, 2000, 11, mean).expect("a mean");
    let known = Moments::of(&values).expect("values").standard_error().expect("many");
    // The error of a standard deviation of 2,000 replicates is 1.6 %.
    near(bootstrap.standard_error().expect("many") / known, 1.0, 0.06);
    let (low, high) = bootstrap.interval(0.95).expect("an interval");
    near((high - low) / (2.0 * 1.96 * known), 1.0, 0.1);
    assert_eq!(Bootstrap::of(200, 2000, 11, mean), Some(bootstrap.clone()));
    assert_ne!(Bootstrap::of(200, 2000, 12, mean), Some(bootstrap));
    assert_eq!(Bootstrap::of(0, 10, 1, |_| Some(1.0)), None);
    assert_eq!(Bootstrap::of(3, 10, 1, |_| None), None);
    assert_eq!(Bootstrap::of(3, 10, 1, |_| Some(1.0)).and_then(|one| one.interval(1.0)), None);
}

#[test]
fn uncertainties_pass_through_formulas() {
    assert_eq!(variance(&[1.0, 1.0], &[1.0, 0.5, 0.5, 1.0]), Some(3.0));
    assert_eq!(variance(&[1.0, -1.0], &[1.0, 1.0, 1.0, 1.0]), Some(0.0));
    assert_eq!(variance(&[1.0], &[1.0, 2.0]), None);
    assert_eq!(variance(&[], &[]), None);
    // The volume of a hexagonal cell, √3/2 a² c.
    let volume = |cell: &[f64]| 0.75_f64.sqrt() * cell[0] * cell[0] * cell[1];
    let covariance = [1e-8, 2e-9, 2e-9, 4e-8];
    let (value, u) = propagated(&[2.876, 14.19], &covariance, volume).expect("a volume");
    let by = [2.0 * value / 2.876, value / 14.19];
    near(u, variance(&by, &covariance).expect("a variance").sqrt(), 1e-9);
    assert_eq!(propagated(&[1.0], &[f64::NAN], |x| x[0]), None);
    assert_eq!(propagated(&[-1.0], &[0.1], |x| x[0].sqrt()), None);
}

#[test]
fn weighted_statistics() {
    assert_eq!(weighted::mean(&[1.0, 4.0], &[2.0, 1.0]), Some(2.0));
    assert_eq!(weighted::mean(&[1.0], &[0.0]), None);
    assert_eq!(weighted::mean(&[1.0], &[-1.0]), None);
    assert_eq!(weighted::mean(&[f64::NAN], &[1.0]), None);
    assert_eq!(weighted::deviation(&[1.0, 2.0, 3.0], &[5.0; 3]), Some(1.0));
    assert_eq!(weighted::deviation(&[1.0, 2.0], &[1.0, 0.0]), None);
    assert_eq!(weighted::median(&[3.0, 1.0, 2.0], &[1.0; 3]), Some(2.0));
    assert_eq!(weighted::median(&[1.0, 2.0, 3.0, 4.0], &[1.0; 4]), Some(2.5));
    assert_eq!(weighted::median(&[], &[]), None);
}
