//! Numbers and cycles in words.

use galvanome_model::note::Note;

use super::cycles::Cycle;

/// The numbers of some cycles.
pub(super) fn numbers(cycles: &[Cycle], which: impl Fn(&Cycle) -> bool) -> Vec<f64> {
    cycles.iter().filter(|cycle| which(cycle)).map(|cycle| cycle.number).collect()
}

/// A note about cycles, runs of them written as `3–7`; none when there are no cycles.
pub(super) fn say(notes: &mut Vec<Note>, code: &str, what: &str, cycles: &[f64]) {
    if !cycles.is_empty() {
        notes.push(Note::new(
            code,
            format!("{what} {}", spans(cycles)),
            format!("cycle {}", spans(cycles)),
        ));
    }
}

/// Numbers as spans: `1, 3–7, 12`; at most ten of them.
pub(super) fn spans(numbers: &[f64]) -> String {
    let mut runs: Vec<(f64, f64)> = Vec::new();
    for &number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1.0 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    let mut words: Vec<String> = runs
        .iter()
        .take(10)
        .map(
            |(first, last)| {
                if first == last { format!("{first}") } else { format!("{first}–{last}") }
            },
        )
        .collect();
    if runs.len() > words.len() {
        words.push(format!("and {} more", runs.len() - words.len()));
    }
    words.join(", ")
}

/// A number to four digits, however small.
pub(super) fn four_digits(value: f64) -> String {
    digits(value, 4)
}

/// A number to two digits, however small.
pub(super) fn two_digits(value: f64) -> String {
    digits(value, 2)
}

fn digits(value: f64, digits: i32) -> String {
    let magnitude = value.abs().log10().floor();
    let decimals = if magnitude.is_finite() {
        (f64::from(digits - 1) - magnitude).clamp(0.0, 15.0) as usize
    } else {
        0
    };
    format!("{value:.decimals$}")
}
