use galvanome_numerics::peaks::peaks;
use proptest::prelude::*;

use crate::close;

/// Reference: `scipy.signal.find_peaks` with `prominence=0` and `width=0`, SciPy 1.17.
#[test]
fn peaks_of_a_curve_with_shoulders_and_a_plateau() {
    let y: Vec<f64> = (0..60)
        .map(|place| {
            let x = f64::from(place);
            let wave = (0.31 * x).sin() + 0.6 * (0.83 * x + 0.4).sin() + 0.02 * x;
            (10.0 * wave).round() / 10.0
        })
        .collect();
    let found = peaks(&y, 0.3 - 1e-12);
    let expected = [
        (2, 1.0, 0.7142857142857143, 4.0),
        (8, 1.0, 6.333333333333333, 9.8),
        (17, 0.4, 16.0, 18.0),
        (24, 2.8, 21.714285714285715, 28.0),
        (31, 0.30000000000000004, 29.75, 31.75),
        (46, 2.6, 43.333333333333336, 49.333333333333336),
        (54, 0.5, 52.75, 55.375),
    ];
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for (found, (place, prominence, left, right)) in found.iter().zip(expected) {
        assert_eq!(found.place, place);
        close(found.prominence, prominence, 1e-12);
        close(found.half.0, left, 1e-12);
        close(found.half.1, right, 1e-12);
    }
}

#[test]
fn curves_without_peaks() {
    for y in [
        vec![],
        vec![1.0],
        vec![1.0, 2.0, 3.0],
        vec![3.0, 1.0, 3.0],
        vec![2.0; 5],
        vec![f64::NAN; 4],
    ] {
        assert_eq!(peaks(&y, 0.0), []);
    }
    // A plateau counts once, and what is not a number parts what lies beside it.
    let places = |y: &[f64]| {
        peaks(y, 0.0).iter().map(|peak| (peak.place, peak.prominence)).collect::<Vec<_>>()
    };
    assert_eq!(places(&[0.0, 2.0, 2.0, 2.0, 1.0]), [(2, 1.0)]);
    assert_eq!(places(&[0.0, 2.0, f64::NAN, 2.0, 1.0]), []);
    assert_eq!(places(&[9.0, f64::NAN, 0.0, 2.0, 1.0, f64::NAN, 9.0]), [(3, 1.0)]);
}

proptest! {
    /// By the definition: walk to higher ground on either side.
    #[test]
    fn prominence_is_what_its_definition_says(steps in prop::collection::vec(0..12_i32, 3..60)) {
        let y: Vec<f64> = steps.iter().map(|step| f64::from(*step)).collect();
        for peak in peaks(&y, 0.0) {
            let lowest = |walk: &mut dyn Iterator<Item = &f64>| {
                walk.take_while(|one| **one <= peak.height).copied().fold(peak.height, f64::min)
            };
            let left = lowest(&mut y[..peak.place].iter().rev());
            let right = lowest(&mut y[peak.place..].iter());
            prop_assert_eq!(peak.prominence, peak.height - left.max(right));
            prop_assert!(peak.half.0 <= peak.place as f64 && peak.place as f64 <= peak.half.1);
        }
        let count = |least: f64| peaks(&y, least).len();
        prop_assert!(count(3.0) <= count(1.0));
    }
}
