//! What is known of a technique, for a panel beside its answers: each fact with where it comes from.

use std::fmt::Write as _;

use galvanome_model::catalogue::{
    BeamDamage, Consumes, DepthFrom, Facts, Technique, is_unverified,
};

use super::groups::in_sentence;
use super::words;

/// One line of the panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactLine {
    /// What it is about.
    pub term: &'static str,
    /// What is known, with a source for each part.
    pub parts: Vec<FactPart>,
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactPart {
    /// What is known.
    pub text: String,
    /// Where it comes from; empty when it says so nowhere.
    pub source: String,
    /// Whether it awaits confirmation, whole or in part.
    pub unverified: bool,
}

/// How deep a technique sees, clipped to a layer of known thickness.
pub fn depth(facts: &Facts, thickness_m: Option<f64>) -> Option<String> {
    let known = |depth: Option<f64>| depth.filter(|depth| depth.is_finite() && *depth >= 0.0);
    let typical = known(facts.depth_typical_m);
    let max = known(facts.depth_max_m);
    let reach = typical.or(max)?;
    let whole = |depth: f64| thickness_m.is_some_and(|thickness| depth >= 0.999 * thickness);
    let mut said = match known(facts.depth_min_m).filter(|min| *min > 0.0 && *min < reach) {
        _ if whole(reach) => "through the whole layer".to_owned(),
        Some(min) => format!("{} to {}", words::length(min), words::length(reach)),
        None => format!("down to {}", words::length(reach)),
    };
    if let Some(thickness) = thickness_m {
        let _ = write!(said, " of {}", words::length(thickness));
    }
    if let Some(max) = max.filter(|max| *max > 1.01 * reach && !whole(reach)) {
        let _ = write!(said, ", at most {}", words::length(max));
    }
    Some(said)
}

/// How fine a technique sees along the electrode, and how much of it.
pub fn lateral(facts: &Facts) -> Option<String> {
    match (facts.lateral_resolution_m, facts.field_of_view_m) {
        (Some(fine), Some(wide)) if wide > 1.01 * fine => {
            Some(format!("tells {} apart over {}", words::length(fine), words::length(wide)))
        }
        (Some(fine), Some(_)) => Some(format!("averaged over {}", words::length(fine))),
        (Some(fine), None) => Some(format!("tells {} apart", words::length(fine))),
        (None, Some(wide)) => Some(format!("covers {}", words::length(wide))),
        (None, None) => None,
    }
}

pub(super) fn hours(hours: f64) -> String {
    if hours < 1.0 {
        format!("{} min", words::digits(hours * 60.0, 2))
    } else if hours < 72.0 {
        format!("{} h", words::digits(hours, 2))
    } else {
        format!("{} days", words::digits(hours / 24.0, 2))
    }
}

pub(super) const fn leaves(consumes: Consumes) -> &'static str {
    match consumes {
        Consumes::None => "the specimen whole, for the next technique",
        Consumes::Partial => "a part of the specimen, or it comes back altered",
        Consumes::Whole => "nothing of the specimen",
    }
}

const fn damage(damage: BeamDamage) -> &'static str {
    match damage {
        BeamDamage::None => "no beam damage",
        BeamDamage::Low => "beam damage not seen in practice",
        BeamDamage::Medium => "beam damage documented: watch the dose",
        BeamDamage::MediumHigh => "beam damage likely: watch the dose",
        BeamDamage::High => "beam damage usual: keep an unexposed control",
        BeamDamage::VeryHigh => {
            "the beam decides what is seen unless its dose is shown to be harmless"
        }
    }
}

/// The panel of a technique.
pub fn lines(technique: &Technique, thickness_m: Option<f64>) -> Vec<FactLine> {
    let facts = &technique.facts;
    let part = |fact: &str, text: Option<String>| {
        let source = technique.sources.get(fact).cloned().unwrap_or_default();
        text.filter(|text| !text.is_empty()).map(|text| FactPart {
            text: in_sentence(text.trim_end_matches('.')),
            unverified: is_unverified(&source),
            source,
        })
    };
    let joined = |list: Option<&Vec<String>>, by: &str| list.map(|list| list.join(by));
    let list_of = |names: Vec<&str>| words::list(&names);
    let time = match (facts.time_min_h, facts.time_max_h) {
        (Some(min), Some(max)) if max > min => {
            Some(format!("{} to {} for a specimen", hours(min), hours(max)))
        }
        (Some(time), _) | (None, Some(time)) => Some(format!("{} for a specimen", hours(time))),
        (None, None) => None,
    };
    let stands_for = facts.support.as_ref().map(|support| {
        list_of(support.iter().map(|one| words::support(*one)).collect()).to_lowercase()
    });
    let depth_said = if facts.depth_from == Some(DepthFrom::ParticleSurface) {
        depth(facts, None).map(|said| format!("{said}, from the surface of a particle"))
    } else {
        depth(facts, thickness_m)
    };
    let modes = facts
        .modes
        .as_ref()
        .map(|modes| list_of(modes.iter().map(|mode| words::mode(*mode)).collect()).to_lowercase());
    let all: [(&'static str, Vec<Option<FactPart>>); 9] = [
        (
            "Sends, sees",
            vec![
                part("probe", facts.probe.clone()),
                part("detected_signal", facts.detected_signal.clone()),
            ],
        ),
        (
            "Depth",
            vec![part("depth_typical_m", depth_said), part("depth_note", facts.depth_note.clone())],
        ),
        ("Lateral", vec![part("lateral_resolution_m", lateral(facts))]),
        (
            "Stands for",
            vec![part("support", stands_for), part("support_note", facts.support_note.clone())],
        ),
        ("Can see", vec![part("sensitivity", facts.sensitivity.clone())]),
        (
            "Needs",
            vec![
                part("sample_needed", facts.sample_needed.clone()),
                part("environment", facts.environment.clone()),
            ],
        ),
        (
            "Leaves",
            vec![
                part("consumes", facts.consumes.map(|one| leaves(one).to_owned())),
                part("beam_damage", facts.beam_damage.map(|one| damage(one).to_owned())),
                part("beam_damage_note", facts.beam_damage_note.clone()),
            ],
        ),
        ("Time, mode", vec![part("time_max_h", time), part("modes", modes)]),
        ("Watch for", vec![part("artefacts", joined(facts.artefacts.as_ref(), "; "))]),
    ];
    let known = all
        .into_iter()
        .map(|(term, parts)| (term, parts.into_iter().flatten().collect::<Vec<_>>()));
    let mut lines: Vec<FactLine> = known
        .filter(|(_, parts)| !parts.is_empty())
        .map(|(term, parts)| FactLine { term, parts })
        .collect();
    let own: Vec<FactPart> = technique
        .extra
        .iter()
        .map(|(name, value)| FactPart {
            text: format!("{}: {value}", name.replace('_', " ")),
            source: technique.sources.get(name).cloned().unwrap_or_default(),
            unverified: false,
        })
        .collect();
    if !own.is_empty() {
        lines.push(FactLine { term: "Also", parts: own });
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_said_against_the_layer() {
        let facts = |min, typical, max| Facts {
            depth_min_m: min,
            depth_typical_m: typical,
            depth_max_m: max,
            ..Facts::default()
        };
        for (facts, thickness, expected) in [
            (
                facts(Some(5e-8), Some(2.6e-5), Some(2.6e-5)),
                Some(4.3e-5),
                Some("50 nm to 26 µm of 43 µm"),
            ),
            (
                facts(Some(0.0), Some(4.3e-5), Some(0.01)),
                Some(4.3e-5),
                Some("through the whole layer of 43 µm"),
            ),
            (facts(None, Some(3e-7), Some(1e-6)), None, Some("down to 0.3 µm, at most 1 µm")),
            (facts(None, None, Some(1e-6)), None, Some("down to 1 µm")),
            (facts(None, None, None), None, None),
        ] {
            assert_eq!(depth(&facts, thickness).as_deref(), expected);
        }
    }
}
