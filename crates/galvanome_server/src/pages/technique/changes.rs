//! What a campaign says of a technique that the catalogue does not, or says otherwise.

use galvanome_model::catalogue::{BY_CAMPAIGN, TechniqueOverride};

use super::{TechniqueInput, facts};
use crate::pages::groups::in_sentence;
use crate::pages::{strip, words};

/// One thing that the campaign says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) about: String,
    pub(super) said: String,
    /// What the catalogue says of it; empty when it says nothing.
    pub(super) before: String,
    pub(super) source: String,
}

fn observables(input: &TechniqueInput, ids: &[galvanome_model::ids::ObservableId]) -> String {
    let names: Vec<String> = ids
        .iter()
        .map(|id| {
            input
                .catalogue
                .observable(id)
                .map_or_else(|| id.to_string(), |one| in_sentence(&one.name))
        })
        .collect();
    words::list(&names.iter().map(String::as_str).collect::<Vec<_>>())
}

/// What the campaign changes about a technique, and what it adds.
pub(super) fn changes(input: &TechniqueInput, entry: &TechniqueOverride) -> Vec<Change> {
    let source = entry.source.clone().unwrap_or_else(|| BY_CAMPAIGN.to_owned());
    let mut all = Vec::new();
    for (about, said, before) in [
        ("Name", &entry.name, input.shipped.map(|shipped| &shipped.name)),
        ("Short name", &entry.short_name, input.shipped.map(|shipped| &shipped.short_name)),
    ] {
        if let Some(said) = said.as_ref().filter(|said| Some(*said) != before) {
            all.push(Change {
                about: about.to_owned(),
                said: said.clone(),
                before: before.cloned().unwrap_or_default(),
                source: source.clone(),
            });
        }
    }
    // A technique that the campaign added has no facts beside its own, which stand on the page already.
    if let Some(shipped) = input.shipped {
        for fact in entry.facts.given() {
            let listed = |facts: &galvanome_model::catalogue::Facts| match fact {
                "observables" => facts.observables.as_ref().map(|ids| observables(input, ids)),
                "artefacts" => facts.artefacts.as_ref().map(|list| list.join("; ")),
                _ => facts::value(facts, fact),
            };
            all.push(Change {
                about: facts::term(fact).to_owned(),
                said: listed(&entry.facts).unwrap_or_default(),
                before: listed(&shipped.facts).unwrap_or_default(),
                source: source.clone(),
            });
        }
    }
    if !entry.not_applicable.is_empty() {
        let why = entry.not_applicable_reason.as_deref().unwrap_or_default();
        let names = observables(input, &entry.not_applicable);
        all.push(Change {
            about: "Not applicable".to_owned(),
            said: if why.is_empty() { names } else { format!("{names}. {why}") },
            before: String::new(),
            source: source.clone(),
        });
    }
    let Some(definition) = input.campaign else { return all };
    for change in &definition.descriptors {
        let Some(known) = input.technique.descriptor(&change.id) else { continue };
        let before = input.shipped.and_then(|shipped| shipped.descriptor(&change.id));
        all.push(Change {
            about: if before.is_some() { "Descriptor, changed" } else { "Descriptor, added" }
                .to_owned(),
            said: known.name.clone(),
            before: before
                .filter(|before| before.name != known.name)
                .map(|before| before.name.clone())
                .unwrap_or_default(),
            source: known.source.clone(),
        });
    }
    for margin in &definition.margins {
        let Some(known) = input.technique.descriptor(&margin.descriptor) else { continue };
        let shown = |value: Option<f64>| {
            value.map(|value| strip::declared(value, known.scale, &known.unit))
        };
        let before = input.shipped.and_then(|shipped| {
            shipped.descriptor(&margin.descriptor)?.speaks_for(&margin.observable)?.delta
        });
        let parts: Vec<String> = [("δ", margin.delta), ("s0", margin.s0)]
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name} {}", shown(value)?)))
            .collect();
        all.push(Change {
            about: "Margin".to_owned(),
            said: format!(
                "{}, {}: {}",
                known.name,
                observables(input, std::slice::from_ref(&margin.observable)),
                if parts.is_empty() { "no number".to_owned() } else { parts.join(", ") }
            ),
            before: before
                .filter(|before| margin.delta.is_some_and(|delta| delta != *before))
                .and_then(|before| Some(format!("δ {}", shown(Some(before))?)))
                .unwrap_or_default(),
            source: margin.source.clone().unwrap_or_else(|| BY_CAMPAIGN.to_owned()),
        });
    }
    all
}
