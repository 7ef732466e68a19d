//! The comparisons of one pixel answered together.

use galvanome_model::answer::Answer;
use galvanome_model::verdict::Direction;

use crate::break_even;
use crate::comparison::Comparison;
use crate::error::RuleError;
use crate::rule::{Reason, Rule, Verdict, verdict};

/// How many primary descriptors may decide a pixel together.
pub const MOST_DESCRIPTORS: usize = 3;

/// The answer of all comparisons of a pixel together.
#[derive(Debug, Clone, PartialEq)]
pub struct PixelVerdict {
    /// Yes when any comparison says yes, no when all say no, otherwise unsure.
    pub answer: Answer,
    /// Why it is unsure: the reason that all unsure comparisons share, or mixed; `None` for yes and no.
    pub reason: Option<Reason>,
    /// The direction that every yes shares; `None` without a yes and when they are opposed.
    pub direction: Option<Direction>,
    /// Whether two comparisons say yes in opposite directions: that is disagreement, not agreement.
    pub opposite_directions: bool,
    /// Each comparison's own verdict, in the order given.
    pub descriptors: Vec<Verdict>,
}

/// Answers a pixel: each primary descriptor and each pair of groups is one comparison, and m is their number.
///
/// Refused: no comparison at all, and more than [`MOST_DESCRIPTORS`] different descriptors.
pub fn judge(comparisons: &[Comparison], rule: Rule) -> Result<PixelVerdict, RuleError> {
    let mut pixel = judge_without_break_even(comparisons, rule)?;
    for (comparison, verdict) in comparisons.iter().zip(&mut pixel.descriptors) {
        let present = (verdict.answer, verdict.reason);
        verdict.break_even_s0 = break_even::search(comparison, rule, comparisons.len(), present);
    }
    Ok(pixel)
}

/// As [`judge`], with `break_even_s0` left `None` in every verdict: several times quicker, for campaigns of many
/// pixels whose break-even spreads are asked for one at a time.
pub fn judge_without_break_even(
    comparisons: &[Comparison],
    rule: Rule,
) -> Result<PixelVerdict, RuleError> {
    check_descriptors(comparisons)?;
    let verdicts: Vec<Verdict> =
        comparisons.iter().map(|comparison| verdict(comparison, rule, comparisons.len())).collect();
    let any = |answer: Answer| verdicts.iter().any(|verdict| verdict.answer == answer);
    let goes =
        |direction: Direction| verdicts.iter().any(|verdict| verdict.direction == Some(direction));
    let answer = if any(Answer::Yes) {
        Answer::Yes
    } else if any(Answer::Unsure) {
        Answer::Unsure
    } else {
        Answer::No
    };
    let mut reasons = verdicts.iter().filter_map(|verdict| verdict.reason);
    let reason = match reasons.next() {
        Some(first) if answer == Answer::Unsure => {
            Some(if reasons.all(|reason| reason == first) { first } else { Reason::Mixed })
        }
        _ => None,
    };
    let (up, down) = (goes(Direction::Up), goes(Direction::Down));
    let direction = match (up, down) {
        (true, false) => Some(Direction::Up),
        (false, true) => Some(Direction::Down),
        _ => None,
    };
    Ok(PixelVerdict {
        answer,
        reason,
        direction,
        opposite_directions: up && down,
        descriptors: verdicts,
    })
}

fn check_descriptors(comparisons: &[Comparison]) -> Result<(), RuleError> {
    if comparisons.is_empty() {
        return Err(RuleError::new(
            "descriptors",
            "is empty; a pixel needs at least one comparison",
        ));
    }
    let mut names = [""; MOST_DESCRIPTORS];
    let mut count = 0;
    for comparison in comparisons {
        let name = comparison.descriptor();
        if names.iter().take(count).any(|&seen| seen == name) {
            continue;
        }
        match names.get_mut(count) {
            Some(slot) => *slot = name,
            None => {
                return Err(RuleError::new(
                    "descriptors",
                    format!(
                        "names more than {MOST_DESCRIPTORS} primary descriptors, `{name}` among them; choose those \
                         that decide the pixel before the data are seen"
                    ),
                ));
            }
        }
        count += 1;
    }
    Ok(())
}
