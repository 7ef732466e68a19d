//! The facts of a technique in sections, each with where it comes from.

use galvanome_model::catalogue::{
    BeamDamage, DepthFrom, Facts, Observable, Technique, TechniqueOverride, is_unverified,
};

use crate::pages::{technique_facts, words};

/// Facts under one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) title: &'static str,
    pub(super) facts: Vec<Fact>,
}

/// A fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fact {
    pub(super) term: String,
    pub(super) value: String,
    pub(super) source: String,
    /// Awaits confirmation, whole or in part.
    pub(super) unverified: bool,
}

/// An observable, and what the technique has to say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Observed<'a> {
    pub(super) name: &'a str,
    pub(super) about: &'a str,
    /// Class of its square: `on`, `off`, `bar`.
    pub(super) class: &'static str,
    pub(super) said: &'static str,
}

/// How many facts await confirmation, of how many that have a source.
pub(super) fn unverified(technique: &Technique) -> (usize, usize) {
    let given = technique.facts.given();
    let sources = given.iter().filter_map(|fact| technique.sources.get(*fact));
    (sources.filter(|source| is_unverified(source)).count(), given.len())
}

/// The name of a fact in words.
pub(super) fn term(fact: &str) -> &'static str {
    match fact {
        "facility" => "Facility",
        "facility_note" => "Facility, in words",
        "probe" => "Sends",
        "detected_signal" => "Sees",
        "depth_from" => "Depths count from",
        "depth_min_m" => "Shallowest",
        "depth_typical_m" => "Mostly down to",
        "depth_max_m" => "Deepest",
        "depth_note" => "Depth, in words",
        "lateral_resolution_m" => "Lateral resolution",
        "field_of_view_m" => "Field of view",
        "sensitivity" => "Can see",
        "support" => "Stands for",
        "support_note" => "That is",
        "modes" => "Modes",
        "mode_in_paper" => "Mode in the paper",
        "mode_note" => "Mode, in words",
        "consumes" => "Leaves",
        "sample_needed" => "Needs",
        "beam_damage" => "Beam damage",
        "beam_damage_note" => "Damage, in words",
        "environment" => "Surroundings",
        "time_min_h" => "Time, at least",
        "time_max_h" => "Time, at most",
        "relative_cost" => "Cost",
        "raw_size" => "Raw data",
        "observables" => "Can answer",
        "artefacts" => "What goes wrong",
        _ => "",
    }
}

const fn damage(damage: BeamDamage) -> &'static str {
    match damage {
        BeamDamage::None => "none",
        BeamDamage::Low => "low: not seen in practice",
        BeamDamage::Medium => "medium: documented, watch the dose",
        BeamDamage::MediumHigh => "medium to high: watch the dose",
        BeamDamage::High => "high: keep an unexposed control",
        BeamDamage::VeryHigh => {
            "very high: the beam decides what is seen unless its dose is shown to be harmless"
        }
    }
}

fn joined<T: Copy>(list: Option<&Vec<T>>, word: fn(T) -> &'static str) -> Option<String> {
    let all: Vec<&str> = list?.iter().map(|one| word(*one)).collect();
    Some(words::list(&all).to_lowercase())
}

/// A fact in words; none when it is not known. Observables and artefacts are shown as lists of their own.
pub(super) fn value(facts: &Facts, fact: &str) -> Option<String> {
    let length = |depth: Option<f64>| {
        depth
            .filter(|depth| depth.is_finite())
            .map(|depth| if depth == 0.0 { "the surface".to_owned() } else { words::length(depth) })
    };
    let text = match fact {
        "facility" => facts.facility.map(|one| words::facility(one).to_lowercase()),
        "facility_note" => facts.facility_note.clone(),
        "probe" => facts.probe.clone(),
        "detected_signal" => facts.detected_signal.clone(),
        "depth_from" => facts.depth_from.map(|from| {
            match from {
                DepthFrom::ElectrodeFace => "the face of the electrode",
                DepthFrom::ParticleSurface => "the surface of a particle",
            }
            .to_owned()
        }),
        "depth_min_m" => length(facts.depth_min_m),
        "depth_typical_m" => length(facts.depth_typical_m),
        "depth_max_m" => length(facts.depth_max_m),
        "depth_note" => facts.depth_note.clone(),
        "lateral_resolution_m" => length(facts.lateral_resolution_m),
        "field_of_view_m" => length(facts.field_of_view_m),
        "sensitivity" => facts.sensitivity.clone(),
        "support" => joined(facts.support.as_ref(), words::support),
        "support_note" => facts.support_note.clone(),
        "modes" => joined(facts.modes.as_ref(), words::mode),
        "mode_in_paper" => joined(facts.mode_in_paper.as_ref(), words::mode),
        "mode_note" => facts.mode_note.clone(),
        "consumes" => facts.consumes.map(|one| technique_facts::leaves(one).to_owned()),
        "sample_needed" => facts.sample_needed.clone(),
        "beam_damage" => facts.beam_damage.map(|one| damage(one).to_owned()),
        "beam_damage_note" => facts.beam_damage_note.clone(),
        "environment" => facts.environment.clone(),
        "time_min_h" => facts.time_min_h.map(technique_facts::hours),
        "time_max_h" => facts.time_max_h.map(technique_facts::hours),
        "relative_cost" => facts.relative_cost.map(|cost| format!("{cost} of 5")),
        "raw_size" => facts.raw_size.clone(),
        _ => None,
    };
    text.filter(|text| !text.is_empty())
}

/// The facts of a technique under headings, in the order of a reader's questions.
pub(super) fn sections(technique: &Technique) -> Vec<Section> {
    const HEADINGS: [(&str, &[&str]); 5] = [
        ("What it sends and sees", &["probe", "detected_signal", "sensitivity"]),
        (
            "Where it looks",
            &[
                "depth_from",
                "depth_min_m",
                "depth_typical_m",
                "depth_max_m",
                "depth_note",
                "lateral_resolution_m",
                "field_of_view_m",
                "support",
                "support_note",
            ],
        ),
        (
            "What it needs and leaves",
            &["sample_needed", "environment", "consumes", "beam_damage", "beam_damage_note"],
        ),
        ("How it is done", &["facility", "facility_note", "modes", "mode_in_paper", "mode_note"]),
        ("What it costs", &["time_min_h", "time_max_h", "relative_cost", "raw_size"]),
    ];
    let fact = |name: &str| {
        let source = technique.sources.get(name).cloned().unwrap_or_default();
        Some(Fact {
            term: term(name).to_owned(),
            value: value(&technique.facts, name)?,
            unverified: is_unverified(&source),
            source,
        })
    };
    let mut all: Vec<Section> = HEADINGS
        .into_iter()
        .map(|(title, names)| Section {
            title,
            facts: names.iter().filter_map(|name| fact(name)).collect(),
        })
        .filter(|section| !section.facts.is_empty())
        .collect();
    let own: Vec<Fact> = technique
        .extra
        .iter()
        .map(|(name, value)| Fact {
            term: crate::pages::groups::capitalised(&name.replace('_', " ")),
            value: value.clone(),
            source: technique
                .sources
                .get(name)
                .cloned()
                .unwrap_or_else(|| "the campaign".to_owned()),
            unverified: false,
        })
        .collect();
    if !own.is_empty() {
        all.push(Section { title: "Also", facts: own });
    }
    all
}

/// Every observable of the catalogue, and whether the technique can answer it.
pub(super) fn observed<'a>(
    technique: &Technique,
    observables: &'a [Observable],
    entry: Option<&TechniqueOverride>,
) -> Vec<Observed<'a>> {
    observables
        .iter()
        .map(|observable| {
            let barred = entry.is_some_and(|entry| entry.not_applicable.contains(&observable.id));
            let (class, said) = match (barred, technique.expects(&observable.id)) {
                (true, _) => ("bar", "not applicable in this campaign"),
                (false, true) => ("on", "can answer"),
                (false, false) => ("off", "not expected to answer"),
            };
            Observed {
                name: &observable.name,
                about: observable.description.as_deref().unwrap_or_default(),
                class,
                said,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_has_a_name_in_words() {
        for fact in Facts::NAMES {
            assert!(!term(fact).is_empty(), "{fact}");
        }
    }
}
