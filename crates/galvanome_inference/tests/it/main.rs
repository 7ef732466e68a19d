//! Integration tests of `galvanome_inference`, one binary.
#![expect(clippy::unwrap_used, reason = "a helper of a test may fail the test")]

mod break_even;
mod error_rates;
mod evidence;
mod gates;
mod pixels;
mod properties;
mod refused;
mod replay;
mod spread;

use galvanome_inference::comparison::{Comparison, Input};
use galvanome_inference::pixel::{PixelVerdict, judge};
use galvanome_inference::rule::{Rule, Verdict};
use galvanome_model::catalogue::Scale;

/// An input on the difference scale with a margin of 1.
fn plain<'a>(reference: &'a [f64], test: &'a [f64]) -> Input<'a> {
    Input::new("x", Scale::Difference, reference, test, 1.0)
}

/// An input on the ratio scale with a margin of 10 %.
fn ratio<'a>(reference: &'a [f64], test: &'a [f64]) -> Input<'a> {
    Input::new("x", Scale::Ratio, reference, test, 0.1)
}

/// The pixel of several inputs by the default rule.
#[track_caller]
fn pixel(inputs: &[Input<'_>]) -> PixelVerdict {
    let comparisons: Vec<Comparison> =
        inputs.iter().map(|input| Comparison::new(input).unwrap()).collect();
    judge(&comparisons, Rule::default()).unwrap()
}

/// The verdict of one input that is a pixel of its own.
#[track_caller]
fn alone(input: &Input<'_>) -> Verdict {
    pixel(&[*input]).descriptors[0]
}

/// Answer and reason in one word each, as `unsure too_wide`.
fn told(verdict: &Verdict) -> String {
    let reason = verdict.reason.map_or(String::new(), |reason| format!(" {}", reason.word()));
    format!("{}{reason}", verdict.answer.word())
}

/// Fails when `found` is farther from `expected` than a part in 1e12.
#[track_caller]
fn close(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= 1e-12 * expected.abs().max(1e-3),
        "found {found}, expected {expected}"
    );
}
