//! Definitions as they could be.

use galvanome_model::campaign::{
    Component, Definition, Fact, Group, Partner, Question, QuestionKind,
};
use galvanome_model::catalogue::{
    BeamDamage, Consumes, DepthFrom, DescriptorOverride, Facility, Facts, Margin, Mode,
    ObservableOverride, Relation, Scale, SpeaksFor, Support, TechniqueOverride, TypicalUncertainty,
    UncertaintyKind,
};
use galvanome_model::quantity::Qualifier;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::campaigns::id;

pub(super) const OWN_UNIT: &str = "mol/m²";

/// Texts that try a file format's patience.
pub(super) fn text() -> BoxedStrategy<String> {
    prop_oneof![
        2 => Just(String::new()),
        2 => "[a-zA-Z ]{1,12}",
        2 => "(\\PC|[\"',;#=\\\\\n\r\t ]){0,12}",
        1 => select(&["\u{feff}", "\"", "\"\"\"", "\r\n", "\\", "a\\;b", "-", "=1+1", " x ", "\u{1}\u{7f}", "'''"]).prop_map(str::to_owned),
    ].boxed()
}

/// Any finite number.
pub(super) fn number() -> BoxedStrategy<f64> {
    prop_oneof![
        any::<f64>().prop_map(|number| if number.is_finite() { number } else { 0.0 }),
        -100.0..100.0_f64,
        select(&[0.0, 0.1, 4.3e-5, -2.878, 1e300]),
    ]
    .boxed()
}

fn positive() -> BoxedStrategy<f64> {
    prop_oneof![1e-12..1e12_f64, select(&[5e-4, 0.1, 1e-9])].boxed()
}

pub(super) fn mode() -> BoxedStrategy<Mode> {
    select(&[Mode::ExSitu, Mode::InSitu, Mode::Operando]).boxed()
}

fn day() -> BoxedStrategy<Option<String>> {
    option::of(Just("2024-02-29".to_owned())).boxed()
}

fn facts() -> BoxedStrategy<Facts> {
    let words = (
        option::of(select(&[Facility::Lab, Facility::Synchrotron, Facility::Neutron])),
        option::of(select(&[DepthFrom::ElectrodeFace, DepthFrom::ParticleSurface])),
        option::of(vec(select(&[Support::Surface, Support::Bulk, Support::Local]), 0..3)),
        option::of(vec(mode(), 0..3)),
        option::of(select(&[Consumes::None, Consumes::Partial, Consumes::Whole])),
        option::of(select(&[BeamDamage::None, BeamDamage::MediumHigh, BeamDamage::VeryHigh])),
    );
    let numbers = (
        option::of(0.0..1.0_f64),
        option::of(1.0..2.0_f64),
        option::of(2.0..3.0_f64),
        option::of(1_u8..6),
    );
    let texts = (option::of(text()), option::of(text()), option::of(vec(text(), 0..3)));
    (words, numbers, texts)
        .prop_map(|(words, (low, middle, high, cost), (note, probe, artefacts))| Facts {
            facility: words.0,
            depth_from: words.1,
            support: words.2,
            modes: words.3.clone(),
            mode_in_paper: words.3,
            consumes: words.4,
            beam_damage: words.5,
            facility_note: note.clone(),
            depth_note: note.clone(),
            mode_note: note.clone(),
            sensitivity: probe.clone(),
            support_note: note.clone(),
            beam_damage_note: note.clone(),
            probe: probe.clone(),
            detected_signal: probe.clone(),
            sample_needed: probe.clone(),
            environment: probe,
            raw_size: note,
            artefacts,
            depth_min_m: low,
            depth_typical_m: middle,
            depth_max_m: high,
            lateral_resolution_m: middle,
            field_of_view_m: high,
            time_min_h: low,
            time_max_h: high,
            relative_cost: cost,
            observables: low.map(|_| vec![id("morphology"), id("own-column")]),
        })
        .boxed()
}

fn techniques() -> BoxedStrategy<Vec<TechniqueOverride>> {
    let one = (
        (option::of(text()), option::of(text()), any::<[bool; 3]>()),
        (option::of(text()), option::of(text()), option::of(text())),
        (facts(), btree_map(text(), text(), 0..3)),
    );
    vec(one, 1..4)
        .prop_map(|list| {
            ["xrd", "own", "tem"]
                .into_iter()
                .zip(list)
                .map(|(given, ((name, short_name, flags), (why, source, note), (facts, extra)))| {
                    TechniqueOverride {
                        id: id(given),
                        name: if given == "own" { Some(name.unwrap_or_default()) } else { name },
                        short_name,
                        partners: flags[0].then(|| id("p-0")).into_iter().collect(),
                        not_applicable: flags[1].then(|| id("own-column")).into_iter().collect(),
                        not_applicable_reason: why,
                        source,
                        note,
                        facts,
                        extra,
                    }
                })
                .collect()
        })
        .boxed()
}

fn speaks() -> BoxedStrategy<SpeaksFor> {
    (any::<bool>(), option::of(positive()), option::of(positive()), option::of(text()))
        .prop_map(|(primary, delta, s0, source)| SpeaksFor {
            observable: id("own-column"),
            primary,
            delta,
            delta_source: source.clone(),
            s0,
            s0_source: source,
        })
        .boxed()
}

fn own_descriptor() -> BoxedStrategy<DescriptorOverride> {
    let typical = (positive(), option::of(0.0..1.0_f64), any::<bool>(), text()).prop_map(
        |(value, more, relative, source)| TypicalUncertainty {
            value,
            up_to: more.map(|more| value * (1.0 + more)),
            kind: if relative { UncertaintyKind::Relative } else { UncertaintyKind::Absolute },
            source,
        },
    );
    (
        (text(), option::of(text()), option::of(text()), option::of(any::<bool>())),
        (
            option::of(select(&[Relation::Exact, Relation::Close])),
            any::<bool>(),
            option::of(typical),
        ),
        speaks(),
    )
        .prop_map(|((name, iri, note, selects_specimens), (relation, ratio, typical), speaks)| {
            DescriptorOverride {
                id: id("own.number"),
                technique: note.as_ref().map(|_| id("own")),
                name: Some(name),
                unit: Some(OWN_UNIT.to_owned()),
                unit_iri: iri.clone(),
                quantity_iri: iri.clone(),
                quantity_relation: relation,
                scale: Some(if ratio { Scale::Ratio } else { Scale::Difference }),
                selects_specimens,
                source: iri,
                note,
                typical_uncertainty: typical,
                speaks_for: Some(vec![speaks]),
            }
        })
        .boxed()
}

fn margin() -> BoxedStrategy<Margin> {
    let numbers = (
        option::of(positive()),
        option::of(positive()),
        option::of(positive()),
        option::of(0.0..1.0_f64),
    );
    (numbers, option::of(text()), day(), option::of(text()))
        .prop_map(|((delta, s0, s0_test, u_sys), confirmed_by, set_on, source)| Margin {
            descriptor: id("own.number"),
            observable: id("own-column"),
            delta,
            s0,
            s0_test: s0.and(s0_test),
            u_sys,
            nu_sys: delta,
            confirmed_by,
            set_on,
            source,
        })
        .boxed()
}

fn questions() -> BoxedStrategy<Vec<Question>> {
    let one = (text(), text(), any::<[bool; 3]>(), text(), text());
    vec(one, 0..4)
        .prop_map(|list| {
            let count = list.len();
            let make = |(at, (name, words, flags, target, source)): (
                usize,
                (String, String, [bool; 3], String, String),
            )| {
                let kind =
                    [QuestionKind::Difference, QuestionKind::Value, QuestionKind::Link][at % 3];
                Question {
                    id: id(&format!("Q{at}")),
                    name,
                    text: words,
                    kind,
                    reference: if kind == QuestionKind::Difference {
                        vec![id("g-0")]
                    } else {
                        Vec::new()
                    },
                    test: if kind == QuestionKind::Difference {
                        vec![id("g-1")]
                    } else {
                        Vec::new()
                    },
                    pool: flags[0],
                    parent: (flags[1] && at + 1 < count).then(|| id(&format!("Q{}", at + 1))),
                    descriptor: (kind != QuestionKind::Difference).then(|| id("xrd.lattice-a")),
                    target: if kind == QuestionKind::Link {
                        "xrd.lattice-a".to_owned()
                    } else {
                        target
                    },
                    source,
                }
            };
            list.into_iter().enumerate().map(make).collect()
        })
        .boxed()
}

/// A whole definition, in which everything that it names exists.
pub(super) fn definition() -> BoxedStrategy<Definition> {
    let people =
        (vec((text(), text(), text()), 1..4), vec((text(), text(), option::of(positive())), 1..3));
    let numbers = vec((text(), number(), select(&Qualifier::ALL), text()), 0..3);
    let head = (text(), text(), any::<bool>(), text());
    let changes = (techniques(), own_descriptor(), option::of(margin()), option::of(text()));
    (head, people, numbers, questions(), changes)
        .prop_map(
            |(
                (title, description, invented, word),
                (partners, components),
                facts,
                questions,
                changes,
            )| {
                let (techniques, descriptor, margin, column) = changes;
                let has_own = techniques.iter().any(|one| one.id.as_str() == "own");
                let observable = |given: &str, name: Option<String>| ObservableOverride {
                    id: id(given),
                    name,
                    short_name: column.clone(),
                    description: column.clone(),
                    source: column.clone(),
                };
                Definition {
                    format: 1,
                    id: id("generated"),
                    title,
                    description,
                    invented,
                    partners: partners
                        .into_iter()
                        .enumerate()
                        .map(|(at, (name, country, note))| Partner {
                            id: id(&format!("p-{at}")),
                            name,
                            country,
                            note,
                        })
                        .collect(),
                    components: components
                        .into_iter()
                        .enumerate()
                        .map(|(at, (name, material, thickness_m))| Component {
                            id: id(&format!("C{at}")),
                            name,
                            material,
                            thickness_m,
                            note: word.clone(),
                            source: word.clone(),
                        })
                        .collect(),
                    groups: (0..3)
                        .map(|at| Group {
                            id: id(&format!("g-{at}")),
                            name: word.clone(),
                            note: word.clone(),
                        })
                        .collect(),
                    questions,
                    observables: vec![
                        observable("own-column", Some(word.clone())),
                        observable("crystal-structure", None),
                        observable("morphology", column.clone()),
                    ],
                    techniques,
                    descriptors: if has_own { vec![descriptor] } else { Vec::new() },
                    margins: margin.filter(|_| has_own).into_iter().collect(),
                    facts: facts
                        .into_iter()
                        .enumerate()
                        .map(|(at, (name, value, qualifier, unit))| Fact {
                            id: format!("fact {at}"),
                            name,
                            value,
                            qualifier,
                            unit,
                            source: word.clone(),
                            note: word.clone(),
                        })
                        .collect(),
                }
            },
        )
        .boxed()
}
