//! What is refused, with which words.

use galvanome_inference::comparison::{Comparison, Gate, Input};
use galvanome_inference::rule::Rule;

use crate::{plain, ratio};

#[test]
fn inputs() {
    let nan = f64::NAN;
    let fine = plain(&[0.0, 1.0], &[1.0, 2.0]);
    for (input, expected) in [
        (
            plain(&[], &[1.0]),
            "`reference`: is empty; a comparison needs at least one specimen on each side",
        ),
        (
            plain(&[1.0], &[]),
            "`test`: is empty; a comparison needs at least one specimen on each side",
        ),
        (
            plain(&[1.0, nan], &[1.0]),
            "`reference`[1]: NaN is not a finite number; leave the specimen out",
        ),
        (
            plain(&[1.0], &[f64::INFINITY]),
            "`test`[0]: inf is not a finite number; leave the specimen out",
        ),
        (
            ratio(&[1.0], &[1.0, 2.0, -0.5]),
            "`test`[2]: -0.5 is not positive, which the ratio scale needs; use the difference scale, or leave the \
             specimen out with a reason",
        ),
        (
            ratio(&[0.0], &[1.0]),
            "`reference`[0]: 0 is not positive, which the ratio scale needs; use the difference scale, or leave the \
             specimen out with a reason",
        ),
        (
            Input { reference_u: Some(&[0.1]), ..fine },
            "`reference_u`: has 1 uncertainties for 2 values; give one for each, or none",
        ),
        (
            Input { test_u: Some(&[]), ..fine },
            "`test_u`: has 0 uncertainties for 2 values; give one for each, or none",
        ),
        (
            Input { test_u: Some(&[0.1, -0.1]), ..fine },
            "`test_u`[1]: -0.1 cannot be a standard uncertainty; write 0 or a positive number",
        ),
        (
            Input { reference_u: Some(&[nan, 0.1]), ..fine },
            "`reference_u`[0]: NaN cannot be a standard uncertainty; write 0 or a positive number",
        ),
        (
            Input { reference_u: Some(&[1e200, 0.1]), ..fine },
            "`reference_u`: is too large to be squared; check its unit",
        ),
        (
            Input { paired: true, ..plain(&[1.0], &[1.0, 2.0]) },
            "`paired`: needs the same specimens on both sides, but there are 1 in the reference and 2 in the test",
        ),
        (
            Input { delta: 0.0, ..fine },
            "`delta`: 0 cannot be the smallest difference of interest; write a positive number",
        ),
        (
            Input { delta: nan, ..fine },
            "`delta`: NaN cannot be the smallest difference of interest; write a positive number",
        ),
        (
            Input { s0: Some(-0.1), ..fine },
            "`s0`: -0.1 cannot be an expected spread; write 0 or a positive number",
        ),
        (
            Input { s0: Some(1e200), ..fine },
            "`s0`: 1e200 is too large to be squared; check its unit",
        ),
        (
            Input { s0: Some(0.1), s0_test: Some(nan), ..fine },
            "`s0_test`: NaN cannot be an expected spread; write 0 or a positive number",
        ),
        (
            Input { s0_test: Some(0.1), ..fine },
            "`s0_test`: needs s0, the expected spread of the reference group, beside it",
        ),
        (
            Input { s0: Some(0.1), s0_test: Some(0.1), paired: true, ..fine },
            "`s0_test`: contradicts `paired`: paired differences have one spread, which is s0; leave s0_test out",
        ),
        (
            Input { nu0: 0.0, ..fine },
            "`nu0`: 0 cannot be the degrees of freedom behind s0; write a positive number",
        ),
        (
            Input { u_sys: -1.0, ..fine },
            "`u_sys`: -1 cannot be a bias's standard uncertainty; write 0 or a positive number",
        ),
        (
            Input { nu_sys: Some(0.0), ..fine },
            "`nu_sys`: 0 cannot be the degrees of freedom behind u_sys; write a positive number",
        ),
        (
            Input { gates: &[Gate::Void, Gate::Inflate(-0.1)], ..fine },
            "`gates`[1]: -0.1 cannot be what a gate inflates by; write 0 or a positive number",
        ),
        (
            plain(&[-1e308], &[1e308]),
            "`test`: differs from the reference by too much to be squared; check the units",
        ),
        (
            plain(&[0.0], &[1e200, -1e200]),
            "`test`: differs from the reference by too much to be squared; check the units",
        ),
    ] {
        let error = Comparison::new(&input).unwrap_err();
        assert_eq!(error.to_string(), format!("descriptor `x`, {expected}"));
        assert_eq!(error.descriptor(), Some("x"));
        assert!(expected.starts_with(&format!("`{}`", error.field())));
        assert_eq!(error.index().is_some(), expected.contains("`["));
    }
}

#[test]
fn rules() {
    for (alpha, kappa, expected) in [
        (0.0, 0.5, "`alpha`: 0 is not an error rate; write one between 0 and 0.5"),
        (0.5, 0.5, "`alpha`: 0.5 is not an error rate; write one between 0 and 0.5"),
        (f64::NAN, 0.5, "`alpha`: NaN is not an error rate; write one between 0 and 0.5"),
        (0.05, -0.1, "`kappa`: -0.1 is not a share of the margin; write 0 to 1"),
        (0.05, 1.1, "`kappa`: 1.1 is not a share of the margin; write 0 to 1"),
        (0.05, f64::NAN, "`kappa`: NaN is not a share of the margin; write 0 to 1"),
    ] {
        assert_eq!(Rule::new(alpha, kappa).unwrap_err().to_string(), expected);
    }
    assert_eq!(Rule::new(0.05, 0.5), Ok(Rule::default()));
    assert_eq!((Rule::default().alpha(), Rule::default().kappa()), (0.05, 0.5));
}
