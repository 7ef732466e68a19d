//! The distance of patterns without a model.

use galvanome_numerics::random::Random;
use galvanome_techniques::analysis::pattern_difference::{
    Curve, Differs, NoDifference, Normalisation, difference,
};

/// Curves of specimens: a peak at a place of its own on an own axis, and noise.
fn made(names: &[&str], at: f64, seed: u64) -> Vec<(String, Vec<f64>, Vec<f64>)> {
    let mut random = Random::seeded(seed);
    names
        .iter()
        .map(|name| {
            let shift = 0.01 * random.uniform();
            let scale = 1.0 + random.uniform();
            let x: Vec<f64> = (0..400).map(|place| shift + 0.05 * f64::from(place)).collect();
            let y = x
                .iter()
                .map(|x| {
                    scale * (5.0 + 100.0 * (-((x - at) / 0.5).powi(2)).exp() + random.normal())
                })
                .collect();
            ((*name).to_owned(), x, y)
        })
        .collect()
}

fn curves(made: &[(String, Vec<f64>, Vec<f64>)]) -> Vec<Curve<'_>> {
    made.iter().map(|(specimen, x, y)| Curve { specimen, x, y }).collect()
}

#[track_caller]
fn check(reference: &[&str], test: &[&str], apart: f64, differs: Differs) -> f64 {
    let (a, b) = (made(reference, 10.0, 1), made(test, 10.0 + apart, 2));
    let found =
        difference(&curves(&a), &curves(&b), Normalisation::Standard).expect("a difference");
    assert_eq!(found.differs, differs, "{found:?}");
    found.p
}

#[test]
fn groups_differ_or_not() {
    let (a, b) = (["a1", "a2", "a3", "a4"], ["b1", "b2", "b3", "b4"]);
    // Two of the 70 ways to halve eight: as it is, and the other way round.
    assert_eq!(check(&a, &b, 0.2, Differs::Yes), 2.0 / 70.0);
    assert!(check(&a, &b, 0.0, Differs::Unsure) > 0.05);
    // However far apart: three of a side are too few.
    check(&a[..3], &b, 5.0, Differs::TooFew);
    // Sixteen curves of four specimens are four specimens.
    let often: Vec<&str> = a.iter().cycle().take(16).copied().collect();
    assert_eq!(check(&often, &b, 0.2, Differs::Yes), 2.0 / 70.0);
    check(&["a1", "a1", "a1", "a1", "a1"], &b, 5.0, Differs::TooFew);
    // Too many ways to try all.
    let many: Vec<String> = (0..10).map(|place| format!("a{place}")).collect();
    let more: Vec<String> = (0..10).map(|place| format!("b{place}")).collect();
    let (many, more): (Vec<&str>, Vec<&str>) =
        (many.iter().map(String::as_str).collect(), more.iter().map(String::as_str).collect());
    assert_eq!(check(&many, &more, 0.2, Differs::Yes), 1.0 / 10_000.0);
}

/// Of groups that do not differ, about a twentieth is said to.
#[test]
fn groups_that_are_alike_seldom_differ() {
    let (a, b) = (["a1", "a2", "a3", "a4", "a5"], ["b1", "b2", "b3", "b4", "b5"]);
    let yes = (0..400)
        .filter(|seed| {
            let (a, b) = (made(&a, 10.0, 2 * seed + 100), made(&b, 10.0, 2 * seed + 101));
            let found = difference(&curves(&a), &curves(&b), Normalisation::Area);
            found.expect("a difference").differs == Differs::Yes
        })
        .count();
    // 5 % of 400, and three standard errors of that.
    assert!(yes <= 33, "{yes} of 400");
}

#[test]
fn curves_that_cannot_be_compared() {
    let check = |a: &[f64], y: &[f64], b: &[f64], expected: NoDifference| {
        let (first, second) =
            (Curve { specimen: "a", x: a, y }, Curve { specimen: "b", x: b, y: &[1.0, 2.0, 1.0] });
        let found = difference(&[first], &[second], Normalisation::Standard);
        assert_eq!(found, Err(expected));
    };
    let here = [1.0, 2.0, 3.0];
    check(&here, &[1.0, 2.0], &here, NoDifference::BadCurve);
    check(&here, &[1.0, f64::NAN, 1.0], &here, NoDifference::BadCurve);
    check(&[3.0, 2.0, 1.0], &[1.0, 2.0, 1.0], &here, NoDifference::BadCurve);
    check(&[4.0, 5.0, 6.0], &[1.0, 2.0, 1.0], &here, NoDifference::NoOverlap);
    check(&here, &[1.0, 1.0, 1.0], &here, NoDifference::Flat);
    let one = Curve { specimen: "a", x: &here, y: &here };
    assert_eq!(difference(&[one], &[], Normalisation::None), Err(NoDifference::Empty));
    assert_eq!(difference(&[one], &[one], Normalisation::None), Err(NoDifference::InBoth));
}
