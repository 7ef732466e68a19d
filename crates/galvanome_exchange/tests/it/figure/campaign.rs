//! A small campaign that holds every state once, and larger ones made of a pattern.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use galvanome_model::answer::Answer;
use galvanome_model::campaign::{Campaign, Definition};
use galvanome_model::catalogue::{Catalogue, Scale};
use galvanome_model::experiment::{Experiment, ExperimentStatus, Gate, GateKind};
use galvanome_model::ids::{ExperimentId, ObservableId, SampleId};
use galvanome_model::metaview::{Frame, Metaview};
use galvanome_model::record::{AnswerRecord, Certainty, Given, Revision};
use galvanome_model::sample::Sample;
use galvanome_model::verdict::{ComputedAnswer, Verdict};
use galvanome_model::visibility::{Viewer, Visibility};

const CATALOGUE: &str = r#"
    observables = [
        { id = "morphology", name = "Morphology", short_name = "Morphology", source = "test" },
        { id = "lithium", name = "Lithium distribution", short_name = "Lithium", source = "test" },
        { id = "sei", name = "SEI & interfaces", short_name = "SEI", source = "test" },
    ]
    [[techniques]]
    id = "xrd"
    name = "X-ray diffraction"
    short_name = "XRD"
    facts = { depth_min_m = 1e-6, depth_typical_m = 3e-5, depth_max_m = 1e-4, observables = ["lithium", "morphology"] }
    [[techniques]]
    id = "ndp"
    name = "Neutron depth profiling"
    short_name = "NDP"
    facts = { depth_min_m = 1e-8, depth_typical_m = 1e-5, depth_max_m = 3e-5, observables = ["lithium"] }
    [[techniques.descriptors]]
    id = "ndp.lithium"
    name = "Lithium amount"
    unit = "1"
    scale = "ratio"
    source = "test"
    speaks_for = [{ observable = "lithium", primary = true, delta = 0.1, delta_source = "test" }]
    [[techniques]]
    id = "tem"
    name = "Transmission electron microscopy"
    short_name = "TEM"
    facts = { observables = ["morphology", "sei"] }
    [[techniques]]
    id = "xps"
    name = "Photoelectron spectroscopy"
    short_name = "XPS <soft & hard>"
    facts = { depth_max_m = 1e-8, observables = ["sei", "morphology"] }
    [[techniques]]
    id = "nmr"
    name = "Nuclear magnetic resonance"
    short_name = "NMR"
    facts = { observables = ["lithium", "sei"] }
"#;

const DEFINITION: &str = r#"
    format = 1
    id = "small"
    title = "Small"
    invented = true
    [[partner]]
    id = "home"
    name = "Home laboratory"
    [[partner]]
    id = "away"
    name = "Away laboratory"
    [[component]]
    id = "LNO"
    name = "LNO positive electrode"
    [[group]]
    id = "with"
    name = "Aged with additive"
    [[group]]
    id = "without"
    name = "Aged without additive"
    [[question]]
    id = "SQ1"
    name = "Electrolyte"
    text = "Do they differ?"
    kind = "difference"
    reference = ["without"]
    test = ["with"]
    [[question]]
    id = "V1"
    name = "Lithium left"
    text = "How much lithium is left?"
    kind = "value"
    parent = "SQ1"
    descriptor = "ndp.lithium"
    target = "at 80 % state of health"
    [[technique]]
    id = "xps"
    not_applicable = ["lithium"]
    not_applicable_reason = "A surface method."
"#;

fn revision(seq: usize, given: Given) -> Revision {
    Revision {
        seq: i64::try_from(seq).unwrap(),
        written_at_us: 0,
        actor: "test".to_owned(),
        replaced: None,
        given,
    }
}

/// An expert's answer: question, technique, observable (or `*`), answer, experiment.
fn expert(question: &str, technique: &str, observable: &str, answer: Answer) -> AnswerRecord {
    AnswerRecord {
        component: "LNO".parse().unwrap(),
        question: question.parse().unwrap(),
        technique: technique.parse().unwrap(),
        observable: (observable != "*").then(|| observable.parse().unwrap()),
        answer,
        certainty: Certainty::Explicit,
        author: "R. Eader".to_owned(),
        answered_on: "2026-11-20".to_owned(),
        reason: "Seen in \"the\" spectrum <1>.".to_owned(),
        experiment: None,
        evidence: vec!["section 4".to_owned()],
        visibility: Visibility::Campaign,
        extra: BTreeMap::new(),
    }
}

/// A computed answer that clears its margin by `clears` δ.
pub(super) fn computed(
    technique: &str,
    observable: &str,
    answer: Answer,
    clears: f64,
) -> ComputedAnswer {
    let (delta, kappa, guard) = (0.1, 0.5, 0.04);
    let (d, yes_bound, no_bound) = match answer {
        Answer::No => (0.0, -1.1 * (1.0 - clears) * delta, (1.0 - clears) * delta),
        _ => (
            -(clears + kappa) * delta - guard,
            (clears + kappa) * delta,
            (clears + kappa) * delta + 1.9 * guard,
        ),
    };
    ComputedAnswer {
        component: "LNO".parse().unwrap(),
        question: "SQ1".parse().unwrap(),
        technique: technique.parse().unwrap(),
        observable: observable.parse().unwrap(),
        answer,
        reason: "clears_margin".to_owned(),
        direction: None,
        provisional: false,
        stale: false,
        verdicts: vec![Verdict {
            descriptor: "ndp.lithium".parse().unwrap(),
            scale: Scale::Ratio,
            reference: vec!["without".parse().unwrap()],
            test: vec!["with".parse().unwrap()],
            reference_mean: 0.72,
            test_mean: 0.46,
            reference_n: 3,
            test_n: 3,
            answer,
            reason: "clears_margin".to_owned(),
            direction: None,
            d,
            u: Some(0.02),
            nu: Some(4.0),
            yes_bound: Some(yes_bound),
            no_bound: Some(no_bound),
            delta,
            s0: Some(0.05),
            break_even_s0: Some(0.1),
            u_needed_for_no: None,
        }],
        alpha: 0.05,
        kappa,
        basis: "00".to_owned(),
        version: 1,
    }
}

fn experiment(
    id: &str,
    technique: &str,
    partner: &str,
    status: ExperimentStatus,
    sample: Option<&str>,
) -> Experiment {
    Experiment {
        id: id.parse().unwrap(),
        technique: technique.parse().unwrap(),
        partner: Some(partner.parse().unwrap()),
        instrument: String::new(),
        mode: None,
        samples: sample.map(|id| id.parse().unwrap()).into_iter().collect(),
        status,
        started_on: String::new(),
        ended_on: String::new(),
        doi: String::new(),
        note: String::new(),
        extra: BTreeMap::new(),
    }
}

/// The campaign with every state; a member of `home` does not see what only `away` may.
pub(super) fn small(viewer: &Viewer) -> (Frame, Vec<Metaview>) {
    small_with_secret(viewer, Answer::Yes, "TOP SECRET")
}

/// The same, with this answer and reason in the pixel that only `away` may see.
pub(super) fn small_with_secret(
    viewer: &Viewer,
    secret: Answer,
    reason: &str,
) -> (Frame, Vec<Metaview>) {
    let definition: Definition = toml::from_str(DEFINITION).unwrap();
    let catalogue: Catalogue = toml::from_str(CATALOGUE).unwrap();
    let mut campaign = Campaign::new(definition);
    campaign.samples.push(Sample {
        id: SampleId::new("model-1").unwrap(),
        kind: "piece".to_owned(),
        component: Some("LNO".parse().unwrap()),
        group: None,
        parents: Vec::new(),
        process: String::new(),
        count: 1,
        state_of_charge: None,
        surrogate: true,
        made_by: None,
        made_on: String::new(),
        note: String::new(),
        extra: BTreeMap::new(),
    });
    campaign.experiments = vec![
        experiment("xrd-1", "xrd", "home", ExperimentStatus::Planned, None),
        experiment("tem-1", "tem", "home", ExperimentStatus::Measured, Some("model-1")),
        experiment("nmr-1", "nmr", "home", ExperimentStatus::Done, None),
        experiment("nmr-2", "nmr", "away", ExperimentStatus::Done, None),
        experiment("xps-1", "xps", "away", ExperimentStatus::Analysed, None),
    ];
    campaign.gates.push(Gate {
        experiment: Some(ExperimentId::new("xps-1").unwrap()),
        dataset: None,
        gate: GateKind::Void,
        reason: "Beam damage".to_owned(),
        author: "R. Eader".to_owned(),
        set_on: "2026-11-20".to_owned(),
        released_on: String::new(),
        extra: BTreeMap::new(),
    });
    let by = |record: AnswerRecord, experiment: &str| AnswerRecord {
        experiment: Some(experiment.parse().unwrap()),
        ..record
    };
    let secret = AnswerRecord {
        visibility: Visibility::Partner,
        reason: reason.to_owned(),
        ..by(expert("SQ1", "nmr", "morphology", secret), "nmr-2")
    };
    let stale = ComputedAnswer { stale: true, ..computed("tem", "lithium", Answer::Yes, 0.5) };
    let given = [
        Given::Computed(computed("xrd", "morphology", Answer::Yes, 4.0)),
        Given::Computed(computed("xrd", "lithium", Answer::No, 0.4)),
        Given::Computed(computed("ndp", "lithium", Answer::Yes, 2.0)),
        Given::Expert(expert("SQ1", "ndp", "lithium", Answer::Yes)),
        Given::Computed(computed("ndp", "sei", Answer::Unsure, 0.0)),
        Given::Expert(expert("SQ1", "ndp", "sei", Answer::No)),
        Given::Expert(expert("SQ1", "ndp", "morphology", Answer::NotDone)),
        Given::Computed(stale),
        Given::Expert(by(expert("SQ1", "tem", "sei", Answer::Yes), "tem-1")),
        Given::Expert(by(expert("SQ1", "xps", "sei", Answer::Yes), "xps-1")),
        Given::Expert(by(expert("SQ1", "nmr", "sei", Answer::Yes), "nmr-1")),
        Given::Expert(by(expert("SQ1", "nmr", "sei", Answer::No), "nmr-2")),
        Given::Expert(by(expert("SQ1", "nmr", "lithium", Answer::Unsure), "nmr-1")),
        Given::Expert(secret),
        Given::Computed(computed("nmr", "morphology", Answer::No, 2.5)),
        Given::Expert(expert("SQ1", "xps", "*", Answer::No)),
        Given::Expert(expert("V1", "nmr", "lithium", Answer::No)),
        Given::Expert(expert("V1", "tem", "*", Answer::NotDone)),
    ];
    let revisions: Vec<Revision> =
        given.into_iter().enumerate().map(|(seq, given)| revision(seq, given)).collect();
    let frame = Frame::new(&campaign, catalogue);
    let component = "LNO".parse().unwrap();
    let views = ["V1", "SQ1"]
        .iter()
        .map(|id| Metaview::of(&frame, &component, &id.parse().unwrap(), revisions.clone(), viewer))
        .collect();
    (frame, views)
}

/// A member of the home laboratory.
pub(super) fn member() -> Viewer {
    Viewer::Member { partners: ["home".parse().unwrap()].into(), groups: [].into() }
}

/// A campaign of this many techniques, observables and questions with long names, answered in a pattern.
pub(super) fn large(
    techniques: usize,
    observables: usize,
    questions: usize,
) -> (Frame, Vec<Metaview>) {
    let mut text = String::from(
        "format = 1\nid = \"large\"\ntitle = \"Large\"\n[[component]]\nid = \"LNO\"\nname = \"LNO\"\n",
    );
    for question in 0..questions {
        let _ = writeln!(
            text,
            "[[question]]\nid = \"Q{question}\"\nname = \"A question with quite a long name, number {question}\"\n\
             text = \"What is the answer to question {question}?\"\nkind = \"link\""
        );
    }
    let catalogue = Catalogue {
        observables: (0..observables)
            .map(|index| galvanome_model::catalogue::Observable {
                id: ObservableId::new(&format!("o{index}")).unwrap(),
                name: format!("Observable {index} with {}", "a rather long name ".repeat(index % 4)),
                short_name: format!("O{index}"),
                description: None,
                source: "test".to_owned(),
            })
            .collect(),
        techniques: (0..techniques)
            .map(|index| {
                toml::from_str(&format!(
                    "id = \"t{index}\"\nname = \"Technique {index}\"\nshort_name = \"Technique {index}{}\"",
                    " of a long kind".repeat(index % 5)
                ))
                .unwrap()
            })
            .collect(),
        margins: Vec::new(),
    };
    let frame = Frame::new(&Campaign::new(toml::from_str(&text).unwrap()), catalogue);
    let mut revisions = Vec::new();
    for question in 0..questions {
        for technique in 0..techniques {
            for observable in 0..observables {
                let pick = (question * 7 + technique * 5 + observable * 3) % 11;
                if let Some(&answer) = Answer::ALL.get(pick) {
                    let (technique, observable) =
                        (format!("t{technique}"), format!("o{observable}"));
                    let record = expert(&format!("Q{question}"), &technique, &observable, answer);
                    revisions.push(revision(revisions.len(), Given::Expert(record)));
                }
            }
        }
    }
    let component = "LNO".parse().unwrap();
    let views = (0..questions)
        .map(|id| {
            let question = format!("Q{id}").parse().unwrap();
            Metaview::of(&frame, &component, &question, revisions.clone(), &Viewer::All)
        })
        .collect();
    (frame, views)
}
