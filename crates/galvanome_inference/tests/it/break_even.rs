//! The spread at which an answer flips.

use galvanome_inference::break_even::break_even_s0;
use galvanome_inference::comparison::{Comparison, Gate, Input};
use galvanome_inference::rule::Rule;

use crate::{alone, close, plain, ratio, told};

/// t(0.975, 4) and t(0.95, 4) (mpmath).
const T_YES: f64 = 2.7764451051977944;
const T_NO: f64 = 2.1318467863266496;

#[test]
fn single_specimens_in_closed_form() {
    let root2 = 2_f64.sqrt();
    let single = |test: &'static [f64], s0| Input { s0: Some(s0), ..plain(&[0.0], test) };
    for (input, answer, expected) in [
        // |d| - t √2 s0 = κδ and |d| + t √2 s0 = δ.
        (single(&[2.0], 0.1), "yes", Some(1.5 / T_YES / root2)),
        (single(&[2.0], 9.0), "unsure too_wide", Some(1.5 / T_YES / root2)),
        (single(&[-0.1], 0.1), "no", Some(0.9 / T_NO / root2)),
        (single(&[0.1], 9.0), "unsure too_wide", Some(0.9 / T_NO / root2)),
        // Grey until the no fails, then yes until that fails too; and the other way round.
        (single(&[0.9], 0.01), "unsure grey_zone", Some(0.1 / T_NO / root2)),
        (single(&[0.9], 0.05), "yes", Some(0.4 / T_YES / root2)),
        (single(&[0.9], 0.5), "unsure too_wide", Some(0.4 / T_YES / root2)),
        (single(&[0.6], 0.01), "unsure grey_zone", Some(0.1 / T_YES / root2)),
        (single(&[0.6], 0.1), "no", Some(0.4 / T_NO / root2)),
        // No spread is declared: the one that would decide it.
        (plain(&[0.0], &[2.0]), "unsure no_spread", Some(1.5 / T_YES / root2)),
        // Barred: no spread turns the answer into one that is allowed.
        (Input { gates: &[Gate::NoCannot], ..single(&[0.1], 0.1) }, "unsure gate_no_cannot", None),
        (Input { gates: &[Gate::NoCannot], ..single(&[0.1], 9.0) }, "unsure too_wide", None),
        (Input { gates: &[Gate::NoCannot], ..single(&[0.6], 0.01) }, "unsure grey_zone", None),
        (
            Input { gates: &[Gate::NoCannot], ..single(&[0.9], 0.01) },
            "unsure grey_zone",
            Some(0.1 / T_NO / root2),
        ),
        (
            Input { gates: &[Gate::YesCannot], ..single(&[2.0], 0.1) },
            "unsure gate_yes_cannot",
            None,
        ),
        (Input { gates: &[Gate::Void], ..single(&[2.0], 0.1) }, "unsure gate_void", None),
        // Other sources alone are too wide.
        (Input { u_sys: 2.0, ..single(&[2.0], 0.1) }, "unsure too_wide", None),
        (
            Input { reference_u: Some(&[1.0]), test_u: Some(&[1.0]), ..single(&[2.0], 0.1) },
            "unsure too_wide",
            None,
        ),
    ] {
        let verdict = alone(&input);
        assert_eq!(told(&verdict), answer, "{input:?}");
        match expected {
            None => assert_eq!(verdict.break_even_s0, None, "{input:?}"),
            Some(expected) => close(verdict.break_even_s0.unwrap(), expected),
        }
    }
}

/// Moderated: (4 s0² + SS)/6 with six degrees of freedom, whether or not a spread was declared.
#[test]
fn with_data() {
    let input = Input { s0: Some(0.5), ..plain(&[-0.1, 0.1], &[1.9, 2.1]) };
    let most: f64 = 1.5 / 2.446911851144969;
    let expected = ((most * most * 6.0 - 0.04) / 4.0).sqrt();
    close(alone(&input).break_even_s0.unwrap(), expected);
    close(alone(&Input { s0: None, ..input }).break_even_s0.unwrap(), expected);
    // As a fraction on the ratio scale.
    let input = Input { s0: Some(0.05), ..ratio(&[1.0], &[2.0]) };
    let logarithm: f64 = (2_f64.ln() - 0.5 * 1.1_f64.ln()) / T_YES / 2_f64.sqrt();
    close(alone(&input).break_even_s0.unwrap(), logarithm.exp_m1());
}

/// Just below and just above, judged anew with both spreads scaled, the answers differ.
#[test]
fn it_really_flips() {
    let pooled = Input { s0: Some(0.1), ..plain(&[0.0, 0.1], &[1.9, 2.1, 2.2]) };
    let known = Input { u_sys: 0.3, ..pooled };
    let aged = Input { s0_test: Some(0.3), ..pooled };
    let few = Input { u_sys: 0.3, nu_sys: Some(1.5), ..pooled };
    let single = Input {
        s0: Some(0.02),
        s0_test: Some(0.03),
        u_sys: 0.02,
        nu_sys: Some(3.0),
        ..ratio(&[1.0], &[1.01])
    };
    let paired =
        Input { paired: true, u_sys: 0.1, nu_sys: Some(2.0), ..plain(&[0.0, 0.1], &[0.1, 0.2]) };
    for (input, answer) in [
        (pooled, "yes"),
        (known, "yes"),
        (aged, "yes"),
        (few, "yes"),
        (Input { u_sys: 0.4, ..few }, "unsure too_wide"),
        (single, "no"),
        (Input { s0: Some(0.2), s0_test: Some(0.5), ..single }, "unsure too_wide"),
        (Input { s0: Some(0.1), ..paired }, "no"),
        (paired, "no"),
        (Input { s0: Some(3.0), s0_test: Some(0.1), ..pooled }, "unsure too_wide"),
    ] {
        let verdict = alone(&input);
        assert_eq!(told(&verdict), answer, "{input:?}");
        let break_even = verdict.break_even_s0.unwrap();
        let [below, above] = [0.999, 1.001].map(|factor| {
            let s0 = factor * break_even;
            let s0_test = input.s0_test.map(|s0_test| s0_test * s0 / input.s0.unwrap());
            alone(&Input { s0: Some(s0), s0_test, ..input }).answer
        });
        assert_ne!(below, above, "{input:?} at {break_even}");
    }
}

#[test]
fn outside_a_pixel() {
    let comparison = Comparison::new(&Input { s0: Some(0.1), ..plain(&[0.0], &[2.0]) }).unwrap();
    close(break_even_s0(&comparison, Rule::default(), 1).unwrap(), 1.5 / T_YES / 2_f64.sqrt());
    // As one of two: t(1 - 0.025/2, 4).
    close(
        break_even_s0(&comparison, Rule::default(), 2).unwrap(),
        1.5 / 3.495405932516438 / 2_f64.sqrt(),
    );
    // No proportion between a spread of zero and another.
    let input = Input { s0: Some(0.0), s0_test: Some(0.1), ..plain(&[0.0], &[2.0]) };
    assert_eq!(alone(&input).break_even_s0, None);
}

/// A spread per group, where answers are scanned: the yes between the grey zone and too wide lasts for 2 % of s0 and
/// is found all the same. Equal groups have eight degrees of freedom; t(0.95, 8) = 1.859548037530898 (mpmath).
#[test]
fn narrow_windows() {
    let input = Input { s0: Some(0.001), s0_test: Some(0.001), ..plain(&[0.0], &[0.779]) };
    let verdict = alone(&input);
    assert_eq!(told(&verdict), "unsure grey_zone");
    let grey_until = (1.0 - 0.779) / 1.859548037530898 / 2_f64.sqrt();
    close(verdict.break_even_s0.unwrap(), grey_until);
    let beyond = Input { s0: Some(1.01 * grey_until), s0_test: Some(1.01 * grey_until), ..input };
    assert_eq!(told(&alone(&beyond)), "yes");
}
