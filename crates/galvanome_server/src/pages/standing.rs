//! How an answer stands: who gave it, what was computed beside it, and what holds it back, each in one plain sentence.

use galvanome_model::answer::Answer;
use galvanome_model::experiment::GateKind;
use galvanome_model::pixel::{By, Pixel};
use galvanome_model::record::Certainty;

use super::groups::in_sentence;
use super::words;

/// One remark on how an answer stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// In a word.
    pub word: &'static str,
    /// In a sentence.
    pub sentence: String,
}

/// An answer inside a sentence.
pub fn answer_in_sentence(answer: Answer) -> String {
    in_sentence(words::answer(Some(answer)))
}

/// Why a computed answer is as it is, from the decision rule's stable word. Words that are not known are shown as
/// they are.
pub fn reason(answer: Answer, word: &str) -> String {
    match (word, answer) {
        ("grey_zone", _) => {
            "real but small: the interval clears κδ and still lies within δ".to_owned()
        }
        ("too_wide", _) => "the interval is too wide to tell".to_owned(),
        ("no_spread", _) => {
            "one specimen a side and no declared spread: nothing says how much specimens vary"
                .to_owned()
        }
        ("gate_void", _) => "a closed gate voids the data".to_owned(),
        ("gate_no_cannot", _) => "it would be a no, which a closed gate bars".to_owned(),
        ("gate_yes_cannot", _) => "it would be a yes, which a closed gate bars".to_owned(),
        ("mixed", _) => "its comparisons are unsure for different reasons".to_owned(),
        ("" | "clears_margin", Answer::Yes) => {
            "the interval clears the guarded margin κδ".to_owned()
        }
        ("" | "within_margin", Answer::No) => "the interval lies within the margin ±δ".to_owned(),
        ("", _) => String::new(),
        (other, _) => other.replace('_', " "),
    }
}

/// What a gate does, in a sentence of its own.
pub const fn gate_effect(kind: GateKind) -> &'static str {
    match kind {
        GateKind::Void => "The data say nothing about the question: the answer counts as unsure.",
        GateKind::Inflate => {
            "The uncertainty between the groups is enlarged; until a bound for it is declared, neither yes nor no is computed."
        }
        GateKind::NoCannot => "The data may support a yes, not a no.",
        GateKind::YesCannot => "The data may support a no, not a yes.",
    }
}

/// What a gate is called.
pub const fn gate_name(kind: GateKind) -> &'static str {
    match kind {
        GateKind::Void => "Void",
        GateKind::Inflate => "Enlarged uncertainty",
        GateKind::NoCannot => "Bars a no",
        GateKind::YesCannot => "Bars a yes",
    }
}

/// How the answer of a pixel stands, most important first. Of a withheld pixel it says nothing but that.
pub fn of(pixel: &Pixel) -> Vec<Standing> {
    let mut all = Vec::new();
    let mut say = |word, sentence: String| all.push(Standing { word, sentence });
    if pixel.withheld {
        say(
            "Withheld",
            "There is an answer, and the people who gave it keep it within their group. Rows, columns and counts leave it out."
                .to_owned(),
        );
        return all;
    }
    let split = |answer| pixel.parts.iter().any(|part| part.answer == answer);
    if pixel.contested {
        say(
            "Contested",
            if split(Answer::Yes) && split(Answer::No) {
                "One experiment says yes and another says no. Shown as unsure until a second reviewer signs."
                    .to_owned()
            } else {
                "The expert and the confirmed computed answer oppose each other. Shown as unsure until a second reviewer signs."
                    .to_owned()
            },
        );
    }
    if pixel.voided {
        say(
            "Voided",
            "A closed gate bars the data behind this answer, so it counts as unsure until the gate is released."
                .to_owned(),
        );
    }
    if pixel.surrogate && pixel.answer.is_some() {
        say(
            "Model samples",
            "It rests on model samples alone: shown here, and never alone a row's yes.".to_owned(),
        );
    }
    beside(pixel, &mut say);
    if pixel.by == By::Expert && pixel.certainty == Some(Certainty::Implied) {
        say(
            "Implied",
            "The answer follows from what was written; nobody gave it in so many words.".to_owned(),
        );
    }
    if pixel.by == By::Campaign {
        say(
            "By definition",
            "The campaign's definition says that this technique cannot see this observable here; nobody has to answer."
                .to_owned(),
        );
    }
    all
}

fn beside(pixel: &Pixel, say: &mut dyn FnMut(&'static str, String)) {
    let measured = pixel.answer.is_some_and(Answer::is_measured);
    match &pixel.computed {
        None if pixel.by == By::Expert && measured => say(
            "Expert alone",
            "Nothing was computed here, so how strong the answer is stays unknown.".to_owned(),
        ),
        None => {}
        Some(computed) => {
            let said = answer_in_sentence(computed.answer);
            let agrees = pixel.parts.iter().map(|part| part.answer).max() == Some(computed.answer);
            if computed.provisional {
                let place = if pixel.answer.is_some() {
                    "it stands beside the expert's, contests nothing and counts nowhere"
                } else {
                    "it waits, and the pixel stays pending"
                };
                say(
                    "Provisional",
                    format!(
                        "The numbers give {said}, with a margin or spread that nobody has confirmed yet: {place}."
                    ),
                );
            } else if pixel.by == By::Computed {
                say(
                    "Computed",
                    "From numbers with a confirmed margin and spread; no expert has answered."
                        .to_owned(),
                );
            } else if pixel.by == By::Expert && agrees {
                say(
                    "Confirmed",
                    format!(
                        "Computed with a confirmed margin and spread: {said}, as the expert says."
                    ),
                );
            } else if pixel.by == By::Expert && !pixel.contested {
                say(
                    "Expert over computed",
                    format!(
                        "The computed answer is {said}; the expert's is shown because it comes with a written reason."
                    ),
                );
            }
            if computed.stale {
                say(
                    "Stale",
                    "Numbers or margins changed after it was computed; it will be computed again."
                        .to_owned(),
                );
            }
        }
    }
}
