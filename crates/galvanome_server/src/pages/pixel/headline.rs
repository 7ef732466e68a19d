//! The answer in the words of a colleague.

use galvanome_model::answer::Answer;
use galvanome_model::campaign::QuestionKind;
use galvanome_model::catalogue::Scale;
use galvanome_model::quantity::Qualifier;
use galvanome_model::verdict::{ComputedAnswer, Verdict};

use super::PixelInput;
use crate::pages::groups::{self, in_sentence};
use crate::pages::{numbers, strip, verdict_view, words};

/// The headline of a pixel: a word with its colour, and the rest of the sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Headline {
    pub(super) word: &'static str,
    pub(super) class: &'static str,
    pub(super) rest: String,
}

/// Words that the headline needs.
pub(super) struct Names {
    pub(super) technique: String,
    pub(super) observable: String,
    pub(super) test: String,
    pub(super) reference: String,
    pub(super) several_tests: bool,
}

pub(super) fn headline(input: &PixelInput, names: &Names) -> Headline {
    let pixel = input.pixel;
    let say = |word, class, rest: String| Headline { word, class, rest };
    let observable = in_sentence(&names.observable);
    if pixel.withheld {
        return say("Withheld", "quiet", "answered, and not shared with you".to_owned());
    }
    if pixel.contested {
        return say("Contested", "unsure", "yes stands against no".to_owned());
    }
    let kind = input.frame.definition.question(&input.key.question).map(|question| question.kind);
    match pixel.answer {
        None => say(
            "Pending",
            "quiet",
            pixel.progress.map_or_else(
                || "nobody has answered yet".to_owned(),
                |progress| words::progress(progress).to_owned(),
            ),
        ),
        Some(Answer::NotApplicable) => say(
            "Not applicable",
            "quiet",
            format!("{} cannot see {observable} here", names.technique),
        ),
        Some(Answer::NotDone) => say(
            "Not done",
            "quiet",
            format!("{} could have looked at {observable}, and nobody did", names.technique),
        ),
        Some(Answer::Unsure) if pixel.voided => {
            say("Unsure", "unsure", "a closed gate voids the data".to_owned())
        }
        Some(Answer::Unsure) => {
            say("Unsure", "unsure", format!("{} measured and cannot tell", names.technique))
        }
        Some(answer) => {
            let (word, class) = (words::answer(Some(answer)), strip::class_of(answer));
            if matches!(kind, Some(QuestionKind::Value | QuestionKind::Link)) {
                return say(word, class, format!("{} answers it", names.technique));
            }
            let deciding = input
                .computed
                .filter(|computed| computed.answer == answer && !computed.stale)
                .and_then(|computed| Some((computed, deciding(computed)?)));
            let rest = match deciding {
                Some((computed, verdict)) => measured(input, computed, verdict),
                None => in_words(answer, names),
            };
            say(word, class, rest)
        }
    }
}

/// The comparison that decides: of several that say yes the largest against its margin, of several that say no the
/// one nearest to it.
fn deciding(computed: &ComputedAnswer) -> Option<&Verdict> {
    let of_answer = computed.verdicts.iter().filter(|verdict| verdict.answer == computed.answer);
    of_answer.max_by(|a, b| (a.d.abs() / a.delta).total_cmp(&(b.d.abs() / b.delta)))
}

fn measured(input: &PixelInput, computed: &ComputedAnswer, verdict: &Verdict) -> String {
    let catalogue = &input.frame.catalogue;
    let definition = &input.frame.definition;
    let unit = verdict_view::unit_of(catalogue, verdict);
    let numbers =
        strip::numbers_of(verdict, unit, computed.alpha, computed.kappa, computed.verdicts.len());
    let name = catalogue.descriptor(&verdict.descriptor).map_or_else(
        || verdict.descriptor.to_string(),
        |descriptor| descriptor.name.split([',', '(']).next().unwrap_or_default().trim().to_owned(),
    );
    let name = in_sentence(&name);
    let about = input.quantities.iter().any(|(quantity, _)| {
        quantity.descriptor == verdict.descriptor && quantity.qualifier == Qualifier::About
    });
    let about = if about { "about " } else { "" };
    let test = groups::names_in_sentence(definition, &verdict.test);
    if computed.answer == Answer::No {
        return format!("{name} is alike within {}", numbers.delta);
    }
    let way = if verdict.d > 0.0 { "higher" } else { "lower" };
    if verdict.scale == Scale::Ratio && numbers::change(verdict.d) > 900.0 {
        return format!("{test}, {name} is {about}{} as large", numbers.size);
    }
    format!("{test}, {name} is {about}{} {way}", numbers.size)
}

fn in_words(answer: Answer, names: &Names) -> String {
    let Names { test, reference, several_tests, .. } = names;
    if test.is_empty() || reference.is_empty() {
        return match answer {
            Answer::Yes => "the groups differ".to_owned(),
            _ => "the groups look alike".to_owned(),
        };
    }
    match answer {
        Answer::Yes => {
            format!("{test} {} from {reference}", if *several_tests { "differ" } else { "differs" })
        }
        _ => format!("{test} and {reference} look alike"),
    }
}
