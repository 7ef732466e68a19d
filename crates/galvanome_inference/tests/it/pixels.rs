//! Several descriptors and several pairs of groups together.

use galvanome_inference::comparison::{Comparison, Gate, Input};
use galvanome_inference::pixel::{judge, judge_without_break_even};
use galvanome_inference::rule::Rule;
use galvanome_model::verdict::Direction;

use crate::{alone, pixel, plain};

#[test]
fn any_yes_all_no() {
    let at = |descriptor: &'static str, test: &'static [f64]| Input {
        descriptor,
        s0: Some(0.1),
        ..plain(&[0.0], test)
    };
    let (up, down) = (at("a", &[5.0]), at("b", &[-5.0]));
    let (no, wide) = (at("c", &[0.1]), at("a", &[0.8]));
    let grey = Input { s0: Some(0.001), ..at("b", &[0.75]) };
    let void = Input { gates: &[Gate::Void], ..no };
    for (inputs, expected, direction, opposite) in [
        (vec![up], "yes", Some(Direction::Up), false),
        (vec![no, up], "yes", Some(Direction::Up), false),
        (vec![wide, down, no], "yes", Some(Direction::Down), false),
        (vec![void, up], "yes", Some(Direction::Up), false),
        // Opposite directions are a yes whose parts disagree; of two pairs of one descriptor as well.
        (vec![up, down], "yes", None, true),
        (vec![up, Input { descriptor: "a", ..down }], "yes", None, true),
        (vec![no], "no", None, false),
        (vec![no, no, no], "no", None, false),
        (vec![no, wide], "unsure too_wide", None, false),
        (vec![grey, no], "unsure grey_zone", None, false),
        (vec![wide, grey], "unsure mixed", None, false),
        // A void comparison can never be counted as a no.
        (vec![no, void], "unsure gate_void", None, false),
    ] {
        let found = pixel(&inputs);
        let reason = found.reason.map_or(String::new(), |reason| format!(" {}", reason.word()));
        assert_eq!(format!("{}{reason}", found.answer.word()), expected);
        assert_eq!((found.direction, found.opposite_directions), (direction, opposite));
        assert_eq!(found.descriptors.len(), inputs.len());
    }
}

/// Each of m comparisons is a yes at α/m only, and a no at α: t(1 - 0.025/2, 4) = 3.495405932516438 (mpmath).
#[test]
fn levels() {
    // √2 s0 is 1, and 1.75 lies between κδ + 2.776 · 0.4 and κδ + 3.495 · 0.4.
    let input = Input { s0: Some(0.4 / 2_f64.sqrt()), ..plain(&[0.0], &[1.75]) };
    assert_eq!(pixel(&[input]).answer.word(), "yes");
    let two = pixel(&[input, input]);
    assert_eq!(two.answer.word(), "unsure");
    let yes_bound = two.descriptors[1].yes_bound.unwrap();
    assert!((yes_bound - (1.75 - 0.4 * 3.495405932516438)).abs() < 1e-12);
    assert_eq!(two.descriptors[1].no_bound, alone(&input).no_bound);
}

#[test]
fn at_most_three_descriptors() {
    let named = |descriptor| {
        Comparison::new(&Input { descriptor, s0: Some(0.1), ..plain(&[0.0], &[0.1]) }).unwrap()
    };
    let three: Vec<Comparison> =
        ["a", "b", "c", "a", "b", "c", "c"].into_iter().map(named).collect();
    assert_eq!(judge(&three, Rule::default()).unwrap().descriptors.len(), 7);
    let four: Vec<Comparison> = ["a", "b", "c", "a", "d"].into_iter().map(named).collect();
    let error = judge(&four, Rule::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`descriptors`: names more than 3 primary descriptors, `d` among them; choose those that decide the pixel \
         before the data are seen"
    );
    let none = judge(&[], Rule::default()).unwrap_err();
    assert_eq!(none.to_string(), "`descriptors`: is empty; a pixel needs at least one comparison");
}

#[test]
fn break_even_can_be_left_out() {
    let comparisons = [Comparison::new(&Input { s0: Some(0.1), ..plain(&[0.0], &[0.1]) }).unwrap()];
    let mut full = judge(&comparisons, Rule::default()).unwrap();
    assert!(full.descriptors[0].break_even_s0.is_some());
    full.descriptors[0].break_even_s0 = None;
    assert_eq!(judge_without_break_even(&comparisons, Rule::default()).unwrap(), full);
}
