//! The total order of answers and the rule of combination.

use galvanome_model::answer::{Answer, Combined, word_of};
use proptest::prelude::*;

fn answers(words: &str) -> Vec<Option<Answer>> {
    words.split_whitespace().map(Answer::from_word).collect()
}

/// `expected` reads "answer so_far pending".
fn check(words: &str, expected: &str) {
    let combined: Combined = answers(words).into_iter().collect();
    let found =
        format!("{} {} {}", word_of(combined.answer), word_of(combined.so_far), combined.pending);
    assert_eq!(found, expected, "combining `{words}`");
}

#[test]
fn the_maximum_counts_and_pending_holds_it_back_until_it_cannot_rise() {
    check("", "pending pending 0");
    check("yes no unsure", "yes yes 0");
    check("no unsure not_done", "unsure unsure 0");
    check("no not_done not_applicable", "no no 0");
    check("not_done not_applicable", "not_done not_done 0");
    check("not_applicable not_applicable", "not_applicable not_applicable 0");
    check("pending", "pending pending 1");
    check("no pending", "pending no 1");
    check("unsure pending pending", "pending unsure 2");
    check("not_applicable pending", "pending not_applicable 1");
    check("pending yes pending", "yes yes 2");
}

#[test]
fn words_go_both_ways() {
    for answer in Answer::ALL {
        assert_eq!(Answer::from_word(answer.word()), Some(answer));
    }
    assert_eq!(Answer::from_word("maybe"), None);
}

fn any_answer() -> impl Strategy<Value = Option<Answer>> {
    prop::option::of(prop::sample::select(Answer::ALL.to_vec()))
}

proptest! {
    #[test]
    fn the_order_in_which_answers_come_does_not_matter(
        mut given in prop::collection::vec(any_answer(), 0..20),
    ) {
        let forward: Combined = given.iter().copied().collect();
        given.reverse();
        let backward: Combined = given.iter().copied().collect();
        prop_assert_eq!(forward, backward);
    }

    /// Whatever the pending ones turn into, a combined answer that was not pending stays.
    #[test]
    fn an_answer_once_combined_is_final(
        given in prop::collection::vec(any_answer(), 1..12),
        later in prop::collection::vec(prop::sample::select(Answer::ALL.to_vec()), 12),
    ) {
        let before: Combined = given.iter().copied().collect();
        let after: Combined =
            given.iter().zip(&later).map(|(now, later)| Some(now.unwrap_or(*later))).collect();
        if let Some(answer) = before.answer {
            prop_assert_eq!(after.answer, Some(answer));
        }
        prop_assert!(after.answer >= before.so_far);
    }
}
