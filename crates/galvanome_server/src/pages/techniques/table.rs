//! The table of the catalogue.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use galvanome_model::campaign::Definition;
use galvanome_model::catalogue::{Consumes, Facts, Mode, Observable, Technique};
use galvanome_model::ids::{ObservableId, TechniqueId};

use super::TechniquesInput;
use crate::pages::groups::in_sentence;
use crate::pages::map::{self, Shape};
use crate::pages::svg::px;
use crate::pages::{address, words};

/// Above so many observables the table counts them instead of drawing a square for each.
pub(super) const OBSERVABLES_DRAWN: usize = 16;

/// Pixels from square to square under heads of one letter.
pub(super) const PITCH: f64 = 12.0;

/// The head of a column of squares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ObservableHead<'a> {
    pub(super) letters: String,
    pub(super) name: &'a str,
    /// The name inside a sentence.
    pub(super) lower: String,
}

/// One technique.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row<'a> {
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    pub(super) short_name: &'a str,
    pub(super) href: String,
    pub(super) partners: String,
    pub(super) shape: Shape,
    pub(super) highlighted: bool,
    pub(super) depth: String,
    pub(super) lateral: String,
    /// The inside of an `<svg>` 12 pixels high with one square for each observable.
    pub(super) squares: String,
    /// The same in words.
    pub(super) speaks: String,
    /// How many, where squares would be too many.
    pub(super) speaks_count: String,
    pub(super) mode: String,
    pub(super) leaves: &'static str,
    pub(super) time: String,
    /// From 1 (cheap) to 5; 0 when it is not known.
    pub(super) cost: u8,
}

/// The address of a technique's page.
pub(in crate::pages) fn href(campaign: Option<&Definition>, technique: &TechniqueId) -> String {
    campaign.map_or_else(
        || address::technique(technique),
        |definition| address::campaign_technique(&definition.id, technique),
    )
}

/// Heads of one letter, or two where one would stand for several observables.
pub(super) fn heads(observables: &[Observable]) -> Vec<ObservableHead<'_>> {
    let beginning = |one: &Observable, length: usize| -> String {
        let letters = one.short_name.chars().filter(|c| c.is_alphanumeric());
        letters
            .take(length)
            .enumerate()
            .map(|(at, c)| if at == 0 { c.to_uppercase().next().unwrap_or(c) } else { c })
            .collect()
    };
    let mut used = BTreeSet::new();
    observables
        .iter()
        .map(|one| {
            let is_free = |letters: &String| {
                observables
                    .iter()
                    .filter(|other| beginning(other, letters.chars().count()) == *letters)
                    .count()
                    == 1
            };
            let mut letters = [1, 2]
                .into_iter()
                .map(|length| beginning(one, length))
                .find(is_free)
                .unwrap_or_else(|| beginning(one, 2));
            let mut number = 2;
            while !used.insert(letters.clone()) {
                letters = format!("{}{number}", beginning(one, 1));
                number += 1;
            }
            ObservableHead { letters, name: &one.name, lower: in_sentence(&one.name) }
        })
        .collect()
}

/// Pixels from square to square: more where a head has two letters.
pub(super) fn pitch(observables: &[Observable]) -> f64 {
    let two = observables.len() <= OBSERVABLES_DRAWN
        && heads(observables).iter().any(|head| head.letters.chars().count() > 1);
    if two { 16.0 } else { PITCH }
}

/// How deep it sees, in a few words.
pub(in crate::pages) fn depth(facts: &Facts, thickness_m: Option<f64>) -> String {
    let known = |depth: Option<f64>| depth.filter(|depth| depth.is_finite() && *depth >= 0.0);
    let Some(reach) = known(facts.depth_typical_m).or(known(facts.depth_max_m)) else {
        return String::new();
    };
    if thickness_m.is_some_and(|thickness| reach >= 0.999 * thickness) {
        return "whole layer".to_owned();
    }
    match known(facts.depth_min_m).filter(|min| *min > 0.0 && *min < reach) {
        Some(min) => format!("{} to {}", words::length(min), words::length(reach)),
        None => format!("up to {}", words::length(reach)),
    }
}

fn mode(modes: Option<&Vec<Mode>>) -> String {
    match modes.map(Vec::as_slice).unwrap_or_default() {
        all if [Mode::ExSitu, Mode::InSitu, Mode::Operando].iter().all(|one| all.contains(one)) => {
            "any".to_owned()
        }
        [Mode::ExSitu, Mode::InSitu] => "ex or in situ".to_owned(),
        some => {
            some.iter().map(|one| words::mode(*one).to_lowercase()).collect::<Vec<_>>().join(", ")
        }
    }
}

const fn leaves(consumes: Option<Consumes>) -> &'static str {
    match consumes {
        Some(Consumes::None) => "intact",
        Some(Consumes::Partial) => "partly",
        Some(Consumes::Whole) => "used up",
        None => "",
    }
}

/// Hours for one specimen: `0.5–3 h`, `21–125 d`.
fn time(facts: &Facts) -> String {
    let (low, high) = match (facts.time_min_h, facts.time_max_h) {
        (Some(low), Some(high)) => (low, high),
        (Some(one), None) | (None, Some(one)) => (one, one),
        (None, None) => return String::new(),
    };
    let (factor, unit) = if low >= 72.0 { (24.0, "d") } else { (1.0, "h") };
    let digits =
        |hours: f64| words::digits(hours / factor, if hours / factor >= 100.0 { 3 } else { 2 });
    if high > low {
        format!("{}–{} {unit}", digits(low), digits(high))
    } else {
        format!("{} {unit}", digits(low))
    }
}

fn partners(campaign: Option<&Definition>, technique: &TechniqueId) -> String {
    let Some(definition) = campaign else { return String::new() };
    let entry = definition.techniques.iter().find(|one| one.id == *technique);
    let names: Vec<&str> = entry
        .map(|entry| entry.partners.as_slice())
        .unwrap_or_default()
        .iter()
        .map(|id| definition.partner(id).map_or(id.as_str(), |partner| partner.name.as_str()))
        .collect();
    names.join(", ")
}

/// Squares: filled where the technique speaks for an observable, struck where the campaign says that it cannot.
fn squares(input: &TechniquesInput, technique: &Technique, pitch: f64) -> (String, String, String) {
    let barred = barred(input, technique);
    let observables = &input.catalogue.observables;
    let (mut drawing, mut said, mut cannot) = (String::new(), Vec::new(), Vec::new());
    for (at, observable) in observables.iter().enumerate() {
        let x = at as f64 * pitch + (pitch - PITCH) / 2.0;
        if barred.contains(&observable.id) {
            cannot.push(in_sentence(&observable.name));
            let _ = write!(drawing, r#"<path class="sq-bar" d="M{} 6h6"/>"#, px(x + 3.0));
        } else if technique.expects(&observable.id) {
            said.push(in_sentence(&observable.name));
            let _ = write!(
                drawing,
                r#"<rect class="sq-on" x="{}" y="1" width="10" height="10" rx="1.5"/>"#,
                px(x + 1.0)
            );
        } else {
            let _ = write!(
                drawing,
                r#"<rect class="sq-off" x="{}" y="1.5" width="9" height="9" rx="1.5"/>"#,
                px(x + 1.5)
            );
        }
    }
    let listed =
        |names: &[String]| words::list(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let count = format!("{} of {}", said.len(), observables.len());
    let mut text = match said.as_slice() {
        [] => "speaks for none".to_owned(),
        some => format!("speaks for {}", listed(some)),
    };
    if !cannot.is_empty() {
        let _ = write!(text, "; not applicable: {}", listed(&cannot));
    }
    if observables.len() > OBSERVABLES_DRAWN {
        drawing.clear();
    }
    (drawing, text, count)
}

/// What the campaign says that a technique cannot see.
pub(super) fn barred<'a>(input: &TechniquesInput<'a>, technique: &Technique) -> &'a [ObservableId] {
    let entry = input
        .campaign
        .and_then(|definition| definition.techniques.iter().find(|one| one.id == technique.id));
    entry.map(|entry| entry.not_applicable.as_slice()).unwrap_or_default()
}

/// The rows that pass the filters.
pub(super) fn rows<'a>(input: &TechniquesInput<'a>) -> Vec<Row<'a>> {
    let layers = super::layers(input.campaign);
    // What is the whole layer depends on which layer, unless all techniques look at one.
    let thickness_m = match layers.as_slice() {
        [one] => Some(one.thickness_m),
        _ => None,
    };
    let pitch = pitch(&input.catalogue.observables);
    input
        .catalogue
        .techniques
        .iter()
        .filter(|technique| input.query.passes(technique))
        .map(|technique| {
            let facts = &technique.facts;
            let (squares, speaks, speaks_count) = squares(input, technique, pitch);
            Row {
                id: technique.id.as_str(),
                name: &technique.name,
                short_name: &technique.short_name,
                href: href(input.campaign, &technique.id),
                partners: partners(input.campaign, &technique.id),
                shape: map::shape(facts.facility),
                highlighted: input.query.at.as_deref() == Some(technique.id.as_str()),
                depth: depth(facts, thickness_m),
                lateral: facts
                    .lateral_resolution_m
                    .or(facts.field_of_view_m)
                    .map(words::length)
                    .unwrap_or_default(),
                squares,
                speaks,
                speaks_count,
                mode: mode(facts.modes.as_ref()),
                leaves: leaves(facts.consumes),
                time: time(facts),
                cost: facts.relative_cost.unwrap_or(0).min(5),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_stay_apart() {
        let names = ["Contact", "Voids", "Crystal structure", "Stress", "SEI", "Stretch"];
        let observables: Vec<Observable> = names
            .iter()
            .enumerate()
            .filter_map(|(at, name)| {
                Some(Observable {
                    id: ObservableId::new(&format!("o{at}")).ok()?,
                    name: (*name).to_owned(),
                    short_name: (*name).to_owned(),
                    description: None,
                    source: String::new(),
                })
            })
            .collect();
        let letters: Vec<String> =
            heads(&observables).into_iter().map(|head| head.letters).collect();
        assert_eq!(letters, ["Co", "V", "Cr", "St", "SE", "S2"]);
    }

    #[test]
    fn times_are_said_in_their_own_unit() {
        let facts = |low, high| Facts { time_min_h: low, time_max_h: high, ..Facts::default() };
        for (facts, expected) in [
            (facts(Some(0.5), Some(3.0)), "0.5–3 h"),
            (facts(Some(500.0), Some(3000.0)), "21–125 d"),
            (facts(Some(2.0), None), "2 h"),
            (facts(None, None), ""),
        ] {
            assert_eq!(time(&facts), expected);
        }
    }
}
