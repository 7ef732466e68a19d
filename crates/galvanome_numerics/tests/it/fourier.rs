use galvanome_numerics::fourier::{Complex, forward, inverse, quick_length};
use proptest::prelude::*;

#[test]
fn known_curves_have_known_transforms() {
    for length in [1_usize, 2, 7, 12, 64, 101] {
        let turn = |at: usize| std::f64::consts::TAU * at as f64 / length as f64;
        let values: Vec<f64> =
            (0..length).map(|at| 3.0 + 2.0 * turn(at * (length / 3)).sin()).collect();
        let found = forward(&values, length).expect("a spectrum");
        assert_eq!(found.len(), length / 2 + 1);
        for (k, found) in found.iter().enumerate() {
            let expected: Complex<f64> =
                (0..length).map(|at| Complex::from_polar(values[at], -turn(k * at % length))).sum();
            assert!(
                (found - expected).norm() < 1e-11 * length as f64,
                "{length} {k}: {found} {expected}"
            );
        }
    }
    assert_eq!(forward(&[], 4), None);
    assert_eq!(forward(&[1.0; 5], 4), None);
    assert_eq!(inverse(&[Complex::new(1.0, 0.0); 3], 3), None);
    assert_eq!(inverse(&[], 0), None);
}

#[test]
fn quick_lengths_have_small_factors() {
    for (least, expected) in
        [(0, 1), (1, 1), (7, 8), (11, 12), (13, 15), (513, 540), (769, 800), (1025, 1080)]
    {
        assert_eq!(quick_length(least), expected);
    }
}

proptest! {
    #[test]
    fn there_and_back_is_the_same(values in prop::collection::vec(-1e3_f64..1e3, 1..70), more in 0_usize..9) {
        let length = values.len() + more;
        let back = inverse(&forward(&values, length).expect("a spectrum"), length).expect("values");
        for (at, found) in back.iter().enumerate() {
            let expected = values.get(at).copied().unwrap_or(0.0);
            prop_assert!((found - expected).abs() < 1e-9, "{} {}", found, expected);
        }
    }
}
