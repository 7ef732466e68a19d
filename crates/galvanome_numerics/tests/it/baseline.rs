use galvanome_numerics::baseline::{
    CrossSection, arpls, asls, linear, polynomial, shirley, snip, tougaard,
};
use galvanome_numerics::whittaker::smooth;

use crate::close;

/// Two peaks on a bent baseline with a ripple, at 400 places.
fn spectrum() -> Vec<f64> {
    (0..400)
        .map(|place| {
            let x = f64::from(place);
            let baseline = 20.0 + 0.05 * x + 1e-4 * (x - 150.0).powi(2);
            let gauss = 100.0 * (-((x - 120.0) / 6.0).powi(2)).exp();
            let lorentz = 60.0 / (1.0 + ((x - 250.0) / 8.0).powi(2));
            baseline + gauss + lorentz + (1.7 * x).sin() + 0.7 * (3.1 * x).cos()
        })
        .collect()
}

#[track_caller]
fn check(found: &[f64], expected: &[(usize, f64)], tolerance: f64) {
    for (place, value) in expected {
        close(found[*place], *value, tolerance);
    }
}

/// Reference: pybaselines 1.2.1, iterated to rest.
#[test]
fn stiff_baselines_agree_with_another_implementation() {
    let y = spectrum();
    let found = asls(&y, 1e5, 0.01).expect("a baseline");
    assert!(found.is_settled);
    let expected = [
        (0, 20.197_642_222_767_09),
        (60, 22.781_735_944_805_245),
        (120, 26.039_684_505_170_55),
        (250, 36.186_989_745_710_775),
        (399, 43.498_591_403_933_1),
    ];
    check(&found.baseline, &expected, 1e-9);
    let found = arpls(&y, 1e5, 1e-6).expect("a baseline");
    assert!(found.is_settled && found.weights[120] < 1e-9);
    let expected = [
        (0, 22.233_672_337_351_017),
        (60, 23.863_720_660_399_814),
        (120, 26.268_786_893_803_26),
        (250, 36.478_333_403_578_72),
        (399, 46.028_142_895_564_166),
    ];
    check(&found.baseline, &expected, 1e-6);
    let expected = [(120, 24.879_916_354_619_73), (250, 34.080_282_339_111_73)];
    // It continues the curve beyond its ends, we look less far there, which is felt some windows inside.
    check(&snip(&y, 30).expect("a baseline"), &expected, 1e-4);
}

#[test]
fn a_smooth_curve_solves_its_equations_and_bridges_what_has_no_weight() {
    let y = spectrum();
    let weights: Vec<f64> = (0..y.len()).map(|at| f64::from(u8::from(at % 7 != 3))).collect();
    let z = smooth(&y, &weights, 40.0).expect("a curve");
    let bend = |at: usize| z[at - 1] - 2.0 * z[at] + z[at + 1];
    for at in 2..y.len() - 2 {
        let pull = 40.0 * (bend(at - 1) - 2.0 * bend(at) + bend(at + 1));
        let rest = weights[at] * (y[at] - z[at]);
        assert!((pull - rest).abs() < 1e-9 * y[at], "place {at}: {pull} and {rest}");
    }
    for (y, weights, stiffness) in [
        (vec![1.0; 2], vec![1.0; 2], 1.0),
        (vec![1.0; 4], vec![1.0; 3], 1.0),
        (vec![1.0; 4], vec![1.0; 4], 0.0),
        (vec![1.0; 4], vec![1.0, 0.0, 0.0, 0.0], 1.0),
        (vec![1.0; 4], vec![1.0, 1.0, -1.0, 1.0], 1.0),
        (vec![1.0, f64::NAN, 1.0, 1.0], vec![1.0; 4], 1.0),
    ] {
        assert_eq!(smooth(&y, &weights, stiffness), None);
    }
}

/// What was put under a peak by Shirley's rule is found again, in either direction.
#[test]
fn shirley_finds_what_was_put_there() {
    let x: Vec<f64> = (0..300).map(|place| 280.0 + 0.05 * f64::from(place)).collect();
    let peak: Vec<f64> = x.iter().map(|x| 900.0 * (-((x - 286.0) / 0.9).powi(2)).exp()).collect();
    let mut sums = vec![0.0];
    for pair in peak.windows(2) {
        sums.push(sums[sums.len() - 1] + 0.5 * (pair[0] + pair[1]));
    }
    let whole = sums[sums.len() - 1];
    let under: Vec<f64> = sums.iter().map(|sum| 100.0 + 240.0 * sum / whole).collect();
    let y: Vec<f64> = peak.iter().zip(&under).map(|(peak, under)| peak + under).collect();
    let found = shirley(&x, &y, (100.0, 340.0), 1e-12).expect("a background");
    assert!(found.is_settled);
    check(
        &found.background,
        &[(0, under[0]), (110, under[110]), (150, under[150]), (299, 340.0)],
        1e-9,
    );
    let back = |values: &[f64]| values.iter().rev().copied().collect::<Vec<f64>>();
    let turned = shirley(&back(&x), &back(&y), (340.0, 100.0), 1e-12).expect("a background");
    check(&back(&turned.background), &[(110, under[110]), (150, under[150])], 1e-9);
    // Nothing above the ends: no area to share out.
    let flat = shirley(&x, &vec![5.0; x.len()], (5.0, 5.0), 1e-9).expect("a background");
    assert!(!flat.is_settled && flat.background.iter().all(|one| *one == 5.0));
    assert_eq!(shirley(&x, &y[1..], (1.0, 2.0), 1e-9), None);
}

/// Electrons that lose energy by the cross-section again and again leave a background, which is found again.
#[test]
fn tougaard_finds_what_was_scattered() {
    let step = 0.2;
    let kinetic: Vec<f64> = (0..600).map(|place| 1000.0 + step * f64::from(place)).collect();
    let peak = |energy: f64| 800.0 * (-((energy - 1100.0) / 1.5_f64).powi(2)).exp();
    let cross = |loss: f64| 2866.0 * loss / (1643.0 + loss * loss).powi(2);
    let mut y = vec![0.0; kinetic.len()];
    for at in (0..kinetic.len()).rev() {
        let lost: f64 = (at + 1..kinetic.len())
            .map(|from| cross(kinetic[from] - kinetic[at]) * y[from] * step)
            .sum();
        y[at] = peak(kinetic[at]) + lost;
    }
    let found = tougaard(&kinetic, &y, CrossSection::UNIVERSAL).expect("a background");
    for at in [0, 100, 300, 450, 480] {
        close(found[at], y[at] - peak(kinetic[at]), 1e-9);
    }
    let back = |values: &[f64]| values.iter().rev().copied().collect::<Vec<f64>>();
    let turned =
        tougaard(&back(&kinetic), &back(&y), CrossSection::UNIVERSAL).expect("a background");
    close(turned[299], found[300], 1e-12);
    assert_eq!(tougaard(&kinetic, &vec![0.0; 600], CrossSection::UNIVERSAL), None);
}

#[test]
fn a_polynomial_gives_itself_back() {
    let x: Vec<f64> = (0..50).map(|place| 8300.0 + 0.2 * f64::from(place)).collect();
    let of = |x: f64| {
        let t = (x - 8305.0) / 5.0;
        3.0 - 2.0 * t + 0.5 * t.powi(3) - 0.1 * t.powi(5)
    };
    let mut y: Vec<f64> = x.iter().copied().map(of).collect();
    let mut weights = vec![1.0; 50];
    // What has no weight plays no part.
    y[20] = 1e6;
    weights[20] = 0.0;
    let found = polynomial(&x, &y, &weights, 5).expect("a polynomial");
    for (place, x) in x.iter().enumerate() {
        assert!((found[place] - of(*x)).abs() < 1e-10, "{place}");
    }
    let mean = polynomial(&[1.0, 2.0], &[1.0, 4.0], &[2.0, 1.0], 0).expect("a mean");
    assert_eq!(mean, [2.0, 2.0]);
    assert_eq!(polynomial(&[1.0, 2.0], &[1.0, 4.0], &[1.0, 1.0], 2), None, "too few places");
    assert_eq!(polynomial(&[1.0, 1.0], &[1.0, 4.0], &[1.0, 1.0], 1), None, "one place");
    assert_eq!(polynomial(&[1.0, 2.0], &[1.0, 4.0], &[1.0, -1.0], 0), None);
    assert_eq!(polynomial(&[1.0, 2.0], &[1.0, f64::NAN], &[1.0, 1.0], 0), None);
    assert_eq!(polynomial(&[], &[], &[], 0), None);
}

#[test]
fn a_line_through_both_ends() {
    let x = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0];
    let y = [1.0, 1.0, 90.0, 70.0, 5.0, 5.0];
    assert_eq!(linear(&x, &y, 2), Some(vec![0.5, 1.5, 2.5, 3.5, 4.5, 5.5]));
    assert_eq!(linear(&x, &y, 4), None);
    assert_eq!(linear(&x, &y, 0), None);
    assert_eq!(linear(&[1.0, 1.0], &[1.0, 2.0], 1), None);
}
