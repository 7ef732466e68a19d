//! What is missing, in words, and what to do next.

use galvanome_model::answer::Answer;
use galvanome_model::campaign::QuestionKind;
use galvanome_model::experiment::{Gate, GateKind};
use galvanome_model::ids::GroupId;
use galvanome_model::pixel::Progress;

use super::PixelInput;
use super::headline::Names;
use crate::pages::groups::{self, in_sentence};
use crate::pages::words;

/// Something that is missing, and what would help.
pub(super) struct Missing {
    pub(super) what: String,
    pub(super) next: String,
}

/// The partners who do the technique in this campaign, in a sentence.
fn partners(input: &PixelInput) -> String {
    let definition = &input.frame.definition;
    let row = definition.techniques.iter().find(|entry| entry.id == input.key.technique);
    let names: Vec<&str> = row
        .map(|row| {
            row.partners
                .iter()
                .filter_map(|id| definition.partner(id))
                .map(|one| one.name.as_str())
                .collect()
        })
        .unwrap_or_default();
    words::list(&names)
}

pub(super) fn missing(input: &PixelInput, names: &Names) -> Vec<Missing> {
    let mut all = Vec::new();
    let mut say = |what: String, next: &str| all.push(Missing { what, next: next.to_owned() });
    if input.pixel.withheld {
        say(
            "The answer, its reason and its numbers are not shown to you.".to_owned(),
            "Ask the coordinator of the campaign who may see them.",
        );
        return all;
    }
    if input.pixel.answer.is_none() {
        pending(input, names, &mut say);
    }
    if input.pixel.answer == Some(Answer::NotDone) {
        say(
            format!(
                "{} was not used for {} here.",
                names.technique,
                in_sentence(&names.observable)
            ),
            "It could still be measured; a new answer then replaces this one.",
        );
    }
    if input.pixel.answer.is_none_or(Answer::is_measured) {
        numbers(input, names, &mut say);
    }
    all
}

fn pending(input: &PixelInput, names: &Names, say: &mut dyn FnMut(String, &str)) {
    let observable = in_sentence(&names.observable);
    let waits = input.pixel.computed.as_ref().filter(|computed| computed.provisional);
    if let Some(computed) = waits {
        say(
            format!(
                "The numbers already give {}, and nobody has confirmed the margin and the spread.",
                crate::pages::standing::answer_in_sentence(computed.answer)
            ),
            "Next: the technique's lead confirms δ and s0 in a [[margin]] of the campaign, or an expert answers with a reason.",
        );
        return;
    }
    let voided = |gate: &&Gate| gate.is_closed() && gate.gate == GateKind::Void;
    if let Some(gate) = input.gates.iter().find(voided) {
        say(
            format!("A closed gate voids the data of {}: {}", names.technique, gate.reason),
            "While it is closed any yes or no counts as unsure. Next: release the gate, measure again, or answer unsure.",
        );
        return;
    }
    let who = partners(input);
    match input.pixel.progress {
        Some(Progress::Planned) => {
            say("An experiment is planned.".to_owned(), "Next: samples are sent, then measured.");
        }
        Some(Progress::InTransit) => say(
            "The samples are on their way.".to_owned(),
            "Next: the partner accepts the parcel and measures.",
        ),
        Some(Progress::Measured) => say(
            "Data were taken.".to_owned(),
            "Next: they are analysed, and their numbers come here.",
        ),
        Some(Progress::Analysed) => say(
            format!(
                "The data of {} were analysed, and nobody has said what they mean for {observable}.",
                names.technique
            ),
            "Next: whoever measured answers yes, no or unsure with a reason, or declares it not applicable.",
        ),
        None if !input.pixel.expected => say(
            format!(
                "The catalogue does not expect {} to speak for {observable}. That is less than not applicable: it stays pending until somebody answers.",
                names.technique
            ),
            "Next: answer it, or list the observable under not_applicable of the technique.",
        ),
        None if who.is_empty() => say(
            format!("No experiment with {} on this component is known.", names.technique),
            "Next: find a partner who offers it, or answer not done.",
        ),
        None => say(
            format!("No experiment with {} on this component is known.", names.technique),
            &format!("Next: ask {who}."),
        ),
    }
}

fn numbers(input: &PixelInput, names: &Names, say: &mut dyn FnMut(String, &str)) {
    let catalogue = &input.frame.catalogue;
    let Some(question) = input.frame.definition.question(&input.key.question) else { return };
    let technique = catalogue.technique(&input.key.technique);
    let spoken =
        technique.map(|one| one.descriptors_for(&input.key.observable)).unwrap_or_default();
    if question.kind == QuestionKind::Difference && input.computed.is_none() {
        let primary: Vec<_> = spoken.iter().filter(|(_, speaks)| speaks.primary).collect();
        let margins =
            |id| catalogue.margin_for(id, &input.key.observable).and_then(|margin| margin.delta);
        let judged: Vec<_> = primary.iter().filter(|(one, _)| margins(&one.id).is_some()).collect();
        let short = |name: &str| in_sentence(name.split(',').next().unwrap_or(name));
        if primary.is_empty() {
            say(
                format!(
                    "No descriptor of {} decides {}, so nothing can be computed.",
                    names.technique,
                    in_sentence(&names.observable)
                ),
                "",
            );
        } else if judged.is_empty() {
            let names: Vec<String> = primary.iter().map(|(one, _)| short(&one.name)).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            say(
                format!(
                    "No margin δ is set for {}, so nothing can be judged.",
                    words::list(&names)
                ),
                "Declare one in a [[margin]] of the campaign, before the groups are compared.",
            );
        } else {
            let bare: Vec<String> = primary
                .iter()
                .filter(|(one, _)| margins(&one.id).is_none())
                .filter(|(one, _)| {
                    input.quantities.iter().any(|(number, _)| number.descriptor == one.id)
                })
                .map(|(one, _)| short(&one.name))
                .collect();
            if !bare.is_empty() {
                let bare: Vec<&str> = bare.iter().map(String::as_str).collect();
                say(
                    format!(
                        "No margin δ is set for {}, so its numbers cannot be judged.",
                        words::list(&bare)
                    ),
                    "Declare one in a [[margin]] of the campaign, before the groups are compared.",
                );
            }
            let with_value = |group: &GroupId| {
                input.quantities.iter().any(|(quantity, _)| {
                    quantity.groups.contains(group)
                        && quantity.qualifier.is_value()
                        && judged.iter().any(|(one, _)| one.id == quantity.descriptor)
                })
            };
            let without: Vec<GroupId> = question
                .reference
                .iter()
                .chain(&question.test)
                .filter(|group| !with_value(group))
                .cloned()
                .collect();
            let what: Vec<String> = judged.iter().map(|(one, _)| short(&one.name)).collect();
            let what: Vec<&str> = what.iter().map(String::as_str).collect();
            if !without.is_empty() {
                say(
                    format!(
                        "No number of {} for {}: nothing can be computed without both sides.",
                        words::list(&what),
                        groups::names_in_sentence(&input.frame.definition, &without)
                    ),
                    "",
                );
            }
        }
    }
    if let Some(computed) = input.computed
        && computed.verdicts.iter().any(|verdict| verdict.s0.is_none())
    {
        say(
            "No spread between specimens, s0, is declared.".to_owned(),
            "Declare it from past campaigns, or measure more specimens.",
        );
    }
    let shown = input.quantities.len();
    let bare = input
        .quantities
        .iter()
        .filter(|(one, _)| one.uncertainty.is_none() && one.qualifier.is_value())
        .count();
    if bare > 0 {
        let has = if bare == 1 { "has" } else { "have" };
        say(
            format!(
                "{bare} of {} {has} no stated uncertainty.",
                words::counted(shown, "number", "numbers")
            ),
            "",
        );
    }
    let uncounted =
        input.quantities.iter().filter(|(one, _)| one.n.is_none() && one.sample.is_none()).count();
    if uncounted > 0 {
        say(
            format!(
                "How many specimens stand behind {} is not stated.",
                if uncounted == 1 { "a number".to_owned() } else { format!("{uncounted} numbers") }
            ),
            "",
        );
    }
}
