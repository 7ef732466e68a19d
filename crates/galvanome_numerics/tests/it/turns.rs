//! Waves of a flow.

use galvanome_numerics::turns::{FIRST, Turns, waves};

/// Checks where the number of the wave changes, of a flow given as values with how often each comes.
fn check(parts: &[(f64, usize)], changes: &[(usize, f64)]) {
    let values: Vec<f64> =
        parts.iter().flat_map(|&(value, times)| std::iter::repeat_n(value, times)).collect();
    let found = waves(&values, &vec![10.0; values.len()]);
    assert_eq!(found.len(), values.len());
    let begin = found.first().map(|&wave| (0, wave));
    let later = found.windows(2).enumerate().filter(|(_, pair)| pair[0] != pair[1]);
    let places: Vec<_> =
        begin.into_iter().chain(later.map(|(place, pair)| (place + 1, pair[1]))).collect();
    assert_eq!(places, changes);
    // However they come in pieces.
    for piece in [1, 7, FIRST + 1] {
        let mut turns = Turns::new();
        turns.learn(&values);
        let mut in_pieces = Vec::new();
        for some in values.chunks(piece) {
            turns.judge(some.iter().map(|&value| (value, 10.0)), &mut in_pieces);
        }
        assert_eq!(in_pieces, found);
    }
}

#[test]
fn one_half_each_way_is_a_wave() {
    check(&[], &[]);
    check(&[(0.0, 9)], &[(0, 1.0)]);
    check(&[(0.0, 5), (1.0, 100), (0.0, 20), (-1.0, 90), (1.0, 90)], &[(0, 1.0), (215, 2.0)]);
    // In the order in which the flow has them.
    check(&[(-1.0, 100), (1.0, 100), (-1.0, 100)], &[(0, 1.0), (200, 2.0)]);
    // What is no number is rest.
    check(&[(1.0, 9), (f64::NAN, 9), (-1.0, 9), (f64::NAN, 9), (1.0, 9)], &[(0, 1.0), (36, 2.0)]);
}

#[test]
fn pulses_and_noise_are_none() {
    check(&[(1.0, 300), (-1.0, 2), (1.0, 300), (-1.0, 2), (1.0, 9)], &[(0, 1.0)]);
    check(&[(1e-5, 3), (-1e-5, 3), (1e-5, 3), (1.0, 100), (-1e-4, 500), (1.0, 9)], &[(0, 1.0)]);
    // A turn that shows itself late counts from its first value on.
    check(
        &[(1.0, 10_000), (-0.001_1, 60_000), (-1.0, 9_000), (1.0, 9_000)],
        &[(0, 1.0), (79_000, 2.0)],
    );
}

#[test]
fn a_turn_counts_from_what_is_left_of_its_values() {
    let mut turns = Turns::new();
    let mut found = Vec::new();
    let judge = |turns: &mut Turns, value: f64, times: usize, found: &mut Vec<f64>| {
        turns.judge(std::iter::repeat_n((value, 1.0), times), found);
    };
    judge(&mut turns, 1.0, 1000, &mut found);
    judge(&mut turns, -1.0, 1000, &mut found);
    judge(&mut turns, 1.0, 5, &mut found);
    assert_eq!(turns.in_doubt_from(), Some(2000));
    // Three of the five are taken away.
    found.drain(..2003);
    turns.taken(2003);
    judge(&mut turns, 1.0, 5, &mut found);
    assert_eq!((turns.in_doubt_from(), found), (None, vec![2.0; 7]));
}
