//! Campaigns as they could be: every field, with texts that try a file format's patience.

use galvanome_model::answer::Answer;
use galvanome_model::campaign::{Campaign, Document};
use galvanome_model::experiment::{Dataset, Experiment, ExperimentStatus, Gate, GateKind};
use galvanome_model::extra::Extra;
use galvanome_model::ids::{DescriptorId, TechniqueId};
use galvanome_model::quantity::{Qualifier, Quantity};
use galvanome_model::record::{AnswerRecord, Certainty};
use galvanome_model::sample::{Sample, Shipment};
use galvanome_model::visibility::Visibility;
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::definitions::{self, OWN_UNIT, number, text};

pub(super) fn id<T: std::str::FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    text.parse().unwrap()
}

fn date() -> BoxedStrategy<String> {
    select(&[
        "",
        "2024-02-29",
        "2024-05-31T14:00",
        "1999-12-31T23:59:59.5Z",
        "2024-05-31T14:00:00+02:00",
    ])
    .prop_map(str::to_owned)
    .boxed()
}

fn extra() -> BoxedStrategy<Extra> {
    let name = prop_oneof![Just("x_".to_owned()), "x_[a-zé,\"; ]{0,5}[a-z]"];
    let cell = text().prop_filter("an empty cell is no cell", |cell| !cell.is_empty());
    btree_map(name, cell, 0..3).boxed()
}

fn visibility() -> BoxedStrategy<Visibility> {
    prop_oneof![
        3 => Just(Visibility::Campaign),
        1 => Just(Visibility::Partner),
        1 => btree_set(select(&["neutrons", "campaign", "partner", "X-ray people"]).prop_map(str::to_owned), 0..3)
            .prop_map(Visibility::Groups),
    ].boxed()
}

/// A text that is not blank.
fn said() -> BoxedStrategy<String> {
    text().prop_map(|text| if text.trim().is_empty() { "said".to_owned() } else { text }).boxed()
}

/// Some of a list, each at most once.
fn some<T: Clone>(of: &[T], which: &[Index]) -> Vec<T> {
    let mut places: Vec<usize> =
        which.iter().filter(|_| !of.is_empty()).map(|index| index.index(of.len())).collect();
    let mut seen = std::collections::HashSet::new();
    places.retain(|place| seen.insert(*place));
    places.into_iter().map(|place| of[place].clone()).collect()
}

fn one<T: Clone>(of: &[T], which: Option<Index>) -> Option<T> {
    which.filter(|_| !of.is_empty()).map(|index| of[index.index(of.len())].clone())
}

fn maybe() -> BoxedStrategy<Option<Index>> {
    option::of(any::<Index>()).boxed()
}

fn indices() -> BoxedStrategy<Vec<Index>> {
    vec(any::<Index>(), 0..4).boxed()
}

/// A whole campaign. Each table refers to those before it, and a sample to samples above or below it.
pub(super) fn campaign() -> BoxedStrategy<Campaign> {
    definitions::definition()
        .prop_map(Campaign::new)
        .prop_flat_map(with_samples)
        .prop_flat_map(with_experiments)
        .prop_flat_map(with_findings)
        .boxed()
}

fn with_samples(campaign: Campaign) -> BoxedStrategy<Campaign> {
    let sample = (
        (said(), maybe(), maybe(), indices(), text(), 1_u32..),
        (option::of(0.0..=1.0_f64), any::<bool>(), maybe(), date(), text(), extra()),
    );
    let shipment = (any::<[Index; 2]>(), indices(), date(), date(), 0..7_usize, text(), extra());
    (vec(sample, 0..6), any::<bool>(), vec(shipment, 0..3))
        .prop_map(move |(samples, upside_down, shipments)| {
            let mut campaign = campaign.clone();
            let here = &campaign.definition;
            let ids = |list: &[String]| list.iter().map(|one| id(one)).collect::<Vec<_>>();
            let components: Vec<_> = here.components.iter().map(|one| one.id.clone()).collect();
            let groups: Vec<_> = here.groups.iter().map(|one| one.id.clone()).collect();
            let partners: Vec<_> = here.partners.iter().map(|one| one.id.clone()).collect();
            let labels: Vec<String> = (0..samples.len()).map(|at| format!("s-{at}")).collect();
            for (at, ((kind, component, group, parents, process, count), rest)) in
                samples.into_iter().enumerate()
            {
                let (state_of_charge, surrogate, made_by, made_on, note, extra) = rest;
                campaign.samples.push(Sample {
                    id: id(&labels[at]),
                    kind,
                    component: one(&components, component),
                    group: one(&groups, group),
                    parents: ids(&some(&labels[..at], &parents)),
                    process,
                    count,
                    state_of_charge,
                    surrogate,
                    made_by: one(&partners, made_by),
                    made_on,
                    note,
                    extra,
                });
            }
            if upside_down {
                campaign.samples.reverse();
            }
            let states = ["planned", "sent", "accepted", "declined", "late", "lost", "returned"];
            for (at, (ends, which, sent_on, received_on, state, note, extra)) in
                shipments.into_iter().enumerate()
            {
                campaign.shipments.push(Shipment {
                    id: id(&format!("ship.{at}")),
                    from: partners[ends[0].index(partners.len())].clone(),
                    to: partners[ends[1].index(partners.len())].clone(),
                    samples: ids(&some(&labels, &which)),
                    sent_on,
                    received_on,
                    status: states[state].to_owned(),
                    note,
                    extra,
                });
            }
            campaign
        })
        .boxed()
}

fn with_experiments(campaign: Campaign) -> BoxedStrategy<Campaign> {
    let experiment = (
        (any::<Index>(), maybe(), text(), option::of(definitions::mode()), indices()),
        (select(&ExperimentStatus::ALL), date(), date(), text(), said(), extra()),
    );
    let dataset = (
        (any::<Index>(), indices(), text(), indices(), option::of(number()), any::<bool>()),
        (text(), text(), option::of(any::<u64>()), option::of("[0-9a-fA-F]{64}"), text()),
        (visibility(), text(), extra()),
    );
    (vec(experiment, 0..4), vec(dataset, 0..4))
        .prop_map(move |(experiments, datasets)| {
            let mut campaign = campaign.clone();
            let here = &campaign.definition;
            let partners: Vec<_> = here.partners.iter().map(|one| one.id.clone()).collect();
            let techniques: Vec<_> = here.techniques.iter().map(|one| one.id.clone()).collect();
            let samples: Vec<_> = campaign.samples.iter().map(|one| one.id.clone()).collect();
            for (at, ((technique, partner, instrument, mode, which), rest)) in
                experiments.into_iter().enumerate()
            {
                let (status, started_on, ended_on, doi, note, extra) = rest;
                campaign.experiments.push(Experiment {
                    id: id(&format!("e-{at}")),
                    technique: techniques[technique.index(techniques.len())].clone(),
                    partner: one(&partners, partner),
                    instrument,
                    mode,
                    samples: some(&samples, &which),
                    status,
                    started_on,
                    ended_on,
                    doi,
                    note,
                    extra,
                });
            }
            if campaign.experiments.is_empty() {
                return campaign;
            }
            let mut earlier = Vec::new();
            for (at, (first, second, (visibility, note, extra))) in datasets.into_iter().enumerate()
            {
                let (experiment, which, role, origins, clock_offset_s, has_file) = first;
                let (url, doi, bytes, sha256, license) = second;
                let experiment = experiment.index(campaign.experiments.len());
                campaign.datasets.push(Dataset {
                    id: id(&format!("d_{at}")),
                    experiment: campaign.experiments[experiment].id.clone(),
                    samples: some(&samples, &which),
                    role,
                    derived_from: some(&earlier, &origins),
                    clock_offset_s,
                    path: if has_file {
                        format!("data/ü {at}/file, raw.txt")
                    } else {
                        String::new()
                    },
                    url,
                    doi,
                    bytes,
                    sha256: sha256.unwrap_or_default(),
                    license,
                    visibility,
                    note,
                    extra,
                });
                earlier.push(id(&format!("d_{at}")));
            }
            campaign
        })
        .boxed()
}

fn with_findings(campaign: Campaign) -> BoxedStrategy<Campaign> {
    let quantity = (
        (any::<Index>(), maybe(), indices(), maybe(), maybe(), any::<bool>()),
        (select(&Qualifier::ALL), number(), option::of(0.0..1e300_f64), any::<bool>()),
        (option::of(1_u32..), text(), text(), visibility(), extra()),
    );
    let answer = (
        (any::<[Index; 3]>(), maybe(), select(&Answer::ALL), any::<bool>(), said()),
        (date(), said(), any::<bool>(), vec(text(), 0..3), visibility(), extra()),
    );
    let gate =
        (any::<[Index; 2]>(), 0..3_usize, select(&GateKind::ALL), said(), said(), date(), date());
    let documents = btree_map(
        "(metadata/[a-z]{1,3}\\.json|protocols/[a-z]{1,3}(/[a-z]\\.md)?)",
        vec(any::<u8>(), 0..9),
        0..4,
    );
    (vec(quantity, 0..5), vec(answer, 0..6), vec((gate, extra()), 0..3), documents)
        .prop_map(move |(quantities, answers, gates, documents)| {
            let mut campaign = campaign.clone();
            for one in quantities {
                push_quantity(&mut campaign, one);
            }
            for one in answers {
                push_answer(&mut campaign, one);
            }
            for ((which, both, gate, reason, author, set_on, released_on), extra) in gates {
                let Some(dataset) = one(&campaign.datasets, Some(which[0])) else { continue };
                campaign.gates.push(Gate {
                    experiment: (both != 0).then(|| dataset.experiment.clone()),
                    dataset: (both != 1).then_some(dataset.id),
                    gate,
                    reason,
                    author,
                    set_on,
                    released_on,
                    extra,
                });
            }
            for (path, bytes) in documents {
                let is_form = path.starts_with("metadata/");
                let bytes = if is_form { format!("{bytes:?}\n").into_bytes() } else { bytes };
                campaign.documents.push(Document { path, bytes });
            }
            campaign
        })
        .boxed()
}

type QuantityParts = (
    (Index, Option<Index>, Vec<Index>, Option<Index>, Option<Index>, bool),
    (Qualifier, f64, Option<f64>, bool),
    (Option<u32>, String, String, Visibility, Extra),
);

fn push_quantity(campaign: &mut Campaign, (first, second, third): QuantityParts) {
    let (descriptor, component, groups, sample, experiment, of_dataset) = first;
    let (qualifier, value, uncertainty, is_arbitrary) = second;
    let (n, method, source, visibility, extra) = third;
    let here = &campaign.definition;
    let known: Vec<(TechniqueId, DescriptorId, &str)> = here
        .techniques
        .iter()
        .filter_map(|technique| {
            let (descriptor, unit) = match technique.id.as_str() {
                "xrd" => ("xrd.lattice-a", "angstrom"),
                "tem" => ("tem.brightness", "arb:grey"),
                "own" => ("own.number", OWN_UNIT),
                _ => return None,
            };
            Some((technique.id.clone(), id(descriptor), unit))
        })
        .collect();
    let Some((technique, descriptor, unit)) = one(&known, Some(descriptor)) else { return };
    let fits = |id: &TechniqueId| *id == technique;
    let experiments: Vec<_> =
        campaign.experiments.iter().filter(|one| fits(&one.technique)).collect();
    let experiment = one(&experiments, experiment).map(|one| one.id.clone());
    let dataset = campaign.datasets.iter().find(|one| Some(&one.experiment) == experiment.as_ref());
    let may_be_arbitrary = !unit.starts_with("arb:");
    let components: Vec<_> = here.components.iter().map(|one| one.id.clone()).collect();
    let all_groups: Vec<_> = here.groups.iter().map(|one| one.id.clone()).collect();
    let samples: Vec<_> = campaign.samples.iter().map(|one| one.id.clone()).collect();
    campaign.quantities.push(Quantity {
        component: one(&components, component),
        groups: some(&all_groups, &groups),
        sample: one(&samples, sample),
        dataset: dataset.filter(|_| of_dataset).map(|one| one.id.clone()),
        experiment,
        descriptor,
        qualifier,
        value,
        uncertainty,
        unit: if is_arbitrary && may_be_arbitrary { "arb:two boxes" } else { unit }.to_owned(),
        n,
        method,
        source,
        visibility,
        extra,
    });
}

type AnswerParts = (
    ([Index; 3], Option<Index>, Answer, bool, String),
    (String, String, bool, Vec<String>, Visibility, Extra),
);

fn push_answer(campaign: &mut Campaign, (first, second): AnswerParts) {
    let (which, observable, answer, is_implied, author) = first;
    let (answered_on, reason, has_experiment, evidence, visibility, extra) = second;
    let here = &campaign.definition;
    if here.questions.is_empty() {
        return;
    }
    let technique = &here.techniques[which[2].index(here.techniques.len())];
    let observables: Vec<_> = here.observables.iter().map(|one| one.id.clone()).collect();
    let observable = one(&observables, observable);
    let is_impossible =
        observable.as_ref().is_some_and(|observable| technique.not_applicable.contains(observable));
    let experiment = campaign.experiments.iter().find(|one| one.technique == technique.id);
    let evidence = evidence.iter().map(|text| text.trim().to_owned());
    campaign.answers.push(AnswerRecord {
        component: here.components[which[0].index(here.components.len())].id.clone(),
        question: here.questions[which[1].index(here.questions.len())].id.clone(),
        technique: technique.id.clone(),
        observable,
        answer: if is_impossible { Answer::NotApplicable } else { answer },
        certainty: if is_implied { Certainty::Implied } else { Certainty::Explicit },
        author,
        answered_on,
        reason,
        experiment: experiment.filter(|_| has_experiment).map(|one| one.id.clone()),
        evidence: evidence.filter(|text| !text.is_empty()).collect(),
        visibility,
        extra,
    });
}
