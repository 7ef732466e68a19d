//! Pixels and metaviews from revisions.

use galvanome_model::answer::{Answer, word_of};
use galvanome_model::campaign::{Campaign, Definition};
use galvanome_model::catalogue::{
    Catalogue, Facts, ObservableOverride, Scale, Technique, TechniqueOverride,
};
use galvanome_model::experiment::{Experiment, ExperimentStatus, Gate, GateKind};
use galvanome_model::ids::{
    ComponentId, DescriptorId, ExperimentId, GroupId, ObservableId, PartnerId, QuestionId,
    SampleId, TechniqueId,
};
use galvanome_model::metaview::{Frame, Metaview};
use galvanome_model::record::{AnswerRecord, Certainty, Given, Revision};
use galvanome_model::sample::{Sample, Shipment};
use galvanome_model::verdict::{ComputedAnswer, Verdict};
use galvanome_model::visibility::{Viewer, Visibility};

/// Two techniques (`one`, `two`; `two` cannot see `b`), two observables (`a`, `b`), one component, one question.
fn campaign() -> Campaign {
    let json = serde_json::json!({
        "format": 1, "id": "test", "title": "Test",
        "partner": [{"id": "here", "name": "Here"}, {"id": "there", "name": "There"}],
        "component": [{"id": "C", "name": "Component"}],
        "group": [{"id": "old", "name": "Old"}, {"id": "new", "name": "New"}],
        "question": [{"id": "Q", "name": "Age", "text": "Do they differ?", "kind": "difference",
                      "reference": ["new"], "test": ["old"]}],
        "observable": [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}],
        "technique": [
            {"id": "one", "name": "One", "facts": {"observables": ["a"]}},
            {"id": "two", "name": "Two", "facts": {"observables": ["a", "b"]},
             "not_applicable": ["b"], "not_applicable_reason": "blind to it"}],
    });
    let definition: Definition = serde_json::from_value(json).unwrap();
    Campaign::new(definition)
}

fn frame(campaign: &Campaign) -> Frame {
    let catalogue = campaign.definition.catalogue(&Catalogue::default()).unwrap();
    Frame::new(campaign, catalogue)
}

fn record(technique: &str, observable: &str, answer: &str, experiment: &str) -> AnswerRecord {
    AnswerRecord {
        component: ComponentId::new("C").unwrap(),
        question: QuestionId::new("Q").unwrap(),
        technique: TechniqueId::new(technique).unwrap(),
        observable: (observable != "*").then(|| ObservableId::new(observable).unwrap()),
        answer: Answer::from_word(answer).unwrap(),
        certainty: Certainty::Explicit,
        author: "an expert".to_owned(),
        answered_on: String::new(),
        reason: "because".to_owned(),
        experiment: ExperimentId::new(experiment).ok(),
        evidence: Vec::new(),
        visibility: Visibility::Campaign,
        extra: std::collections::BTreeMap::new(),
    }
}

fn computed(answer: &str, provisional: bool) -> ComputedAnswer {
    ComputedAnswer {
        component: ComponentId::new("C").unwrap(),
        question: QuestionId::new("Q").unwrap(),
        technique: TechniqueId::new("one").unwrap(),
        observable: ObservableId::new("a").unwrap(),
        answer: Answer::from_word(answer).unwrap(),
        reason: String::new(),
        direction: None,
        provisional,
        stale: false,
        verdicts: Vec::new(),
        alpha: 0.05,
        kappa: 0.5,
        basis: String::new(),
        version: 1,
    }
}

fn revisions(given: Vec<Given>) -> Vec<Revision> {
    given
        .into_iter()
        .zip(1..)
        .map(|(given, seq)| Revision {
            seq,
            written_at_us: seq,
            actor: "tester".to_owned(),
            replaced: None,
            given,
        })
        .collect()
}

fn view(campaign: &Campaign, given: Vec<Given>, viewer: &Viewer) -> Metaview {
    Metaview::of(
        &frame(campaign),
        &ComponentId::new("C").unwrap(),
        &QuestionId::new("Q").unwrap(),
        revisions(given),
        viewer,
    )
}

fn expert(technique: &str, observable: &str, answer: &str) -> Given {
    Given::Expert(record(technique, observable, answer, ""))
}

/// `expected` is the matrix row by row, then the rows combined, then the columns combined.
fn check(given: Vec<Given>, expected: &str) {
    let view = view(&campaign(), given, &Viewer::All);
    let words = |answers: Vec<Option<Answer>>| {
        answers.into_iter().map(word_of).collect::<Vec<_>>().join(" ")
    };
    let found = format!(
        "{} | {} | {}",
        words(view.pixels.iter().map(|pixel| pixel.answer).collect()),
        words(view.by_technique.iter().map(|row| row.combined.answer).collect()),
        words(view.by_observable.iter().map(|column| column.answer).collect()),
    );
    assert_eq!(found, expected);
}

#[test]
fn a_matrix_comes_from_its_answers_alone() {
    let na = "not_applicable";
    check(vec![], &format!("pending pending pending {na} | pending pending | pending pending"));
    check(
        vec![expert("one", "a", "yes")],
        &format!("yes pending pending {na} | yes pending | yes pending"),
    );
    check(
        vec![expert("one", "a", "no"), expert("one", "b", "unsure"), expert("two", "a", "no")],
        &format!("no unsure no {na} | unsure no | no unsure"),
    );
    // The latest revision counts.
    check(
        vec![expert("one", "a", "no"), expert("one", "a", "yes")],
        &format!("yes pending pending {na} | yes pending | yes pending"),
    );
    // A statement on the row is never copied into a pixel or into the combined answer.
    check(
        vec![expert("one", "*", "yes")],
        &format!("pending pending pending {na} | pending pending | pending pending"),
    );
}

#[test]
fn a_statement_on_a_row_is_shown_as_stated() {
    let view =
        view(&campaign(), vec![expert("one", "*", "no"), expert("one", "*", "yes")], &Viewer::All);
    let stated = view.by_technique[0].stated.as_ref().unwrap();
    assert_eq!(stated.answer, Answer::Yes);
    assert_eq!(view.by_technique[1].stated, None);
}

fn pixel(given: Vec<Given>) -> galvanome_model::pixel::Pixel {
    view(&campaign(), given, &Viewer::All).pixels[0].clone()
}

#[test]
fn yes_against_no_between_experiments_is_contested_and_shows_as_unsure() {
    let part = |answer, experiment| Given::Expert(record("one", "a", answer, experiment));
    let contested = pixel(vec![part("yes", "e1"), part("no", "e2")]);
    assert_eq!((contested.answer, contested.contested), (Some(Answer::Unsure), true));
    assert_eq!(contested.parts.len(), 2);
    let agreed = pixel(vec![part("yes", "e1"), part("no", "e2"), part("yes", "e2")]);
    assert_eq!((agreed.answer, agreed.contested), (Some(Answer::Yes), false));
    let mixed = pixel(vec![part("unsure", "e1"), part("no", "e2")]);
    assert_eq!((mixed.answer, mixed.contested), (Some(Answer::Unsure), false));
}

#[test]
fn a_computed_answer_counts_once_its_margin_is_confirmed() {
    let provisional = pixel(vec![Given::Computed(computed("yes", true))]);
    assert_eq!(provisional.answer, None);
    assert_eq!(provisional.computed.as_ref().unwrap().answer, Answer::Yes);
    let confirmed = pixel(vec![Given::Computed(computed("yes", false))]);
    assert_eq!(confirmed.answer, Some(Answer::Yes));
    let beside = pixel(vec![expert("one", "a", "no"), Given::Computed(computed("yes", true))]);
    assert_eq!((beside.answer, beside.contested), (Some(Answer::No), false));
    let against = pixel(vec![expert("one", "a", "no"), Given::Computed(computed("yes", false))]);
    assert_eq!((against.answer, against.contested), (Some(Answer::Unsure), true));
    let over = pixel(vec![expert("one", "a", "yes"), Given::Computed(computed("unsure", false))]);
    assert_eq!((over.answer, over.contested), (Some(Answer::Yes), false));
}

fn with_experiment(surrogate: bool, status: ExperimentStatus) -> Campaign {
    let mut campaign = campaign();
    let sample = SampleId::new("S-1").unwrap();
    campaign.samples.push(Sample {
        id: sample.clone(),
        kind: "electrode".to_owned(),
        component: Some(ComponentId::new("C").unwrap()),
        group: None,
        parents: Vec::new(),
        process: String::new(),
        count: 1,
        state_of_charge: None,
        surrogate,
        made_by: None,
        made_on: String::new(),
        note: String::new(),
        extra: std::collections::BTreeMap::new(),
    });
    campaign.experiments.push(Experiment {
        id: ExperimentId::new("e1").unwrap(),
        technique: TechniqueId::new("one").unwrap(),
        partner: Some(PartnerId::new("here").unwrap()),
        instrument: String::new(),
        mode: None,
        samples: vec![sample],
        status,
        started_on: String::new(),
        ended_on: String::new(),
        doi: String::new(),
        note: String::new(),
        extra: std::collections::BTreeMap::new(),
    });
    campaign
}

#[test]
fn model_samples_are_shown_and_never_alone_a_yes_of_the_row() {
    let campaign = with_experiment(true, ExperimentStatus::Done);
    let given = vec![
        Given::Expert(record("one", "a", "yes", "e1")),
        Given::Expert(record("one", "b", "no", "")),
    ];
    let surrogate = view(&campaign, given.clone(), &Viewer::All);
    assert_eq!(surrogate.pixels[0].answer, Some(Answer::Yes));
    assert_eq!(surrogate.by_technique[0].combined.answer, Some(Answer::Unsure));
    let real = view(&with_experiment(false, ExperimentStatus::Done), given, &Viewer::All);
    assert_eq!(real.by_technique[0].combined.answer, Some(Answer::Yes));
}

#[test]
fn a_closed_void_gate_makes_an_answer_unsure_until_it_is_released() {
    let mut campaign = with_experiment(false, ExperimentStatus::Done);
    campaign.gates.push(Gate {
        experiment: Some(ExperimentId::new("e1").unwrap()),
        dataset: None,
        gate: GateKind::Void,
        reason: "wrong sample".to_owned(),
        author: "a".to_owned(),
        set_on: String::new(),
        released_on: String::new(),
        extra: std::collections::BTreeMap::new(),
    });
    let given = vec![Given::Expert(record("one", "a", "yes", "e1"))];
    let closed = view(&campaign, given.clone(), &Viewer::All).pixels[0].clone();
    assert_eq!((closed.answer, closed.voided), (Some(Answer::Unsure), true));
    campaign.gates[0].released_on = "2026-01-02".to_owned();
    let released = view(&campaign, given, &Viewer::All).pixels[0].clone();
    assert_eq!((released.answer, released.voided), (Some(Answer::Yes), false));
}

#[test]
fn progress_shows_where_the_technique_is_expected() {
    use galvanome_model::pixel::Progress;
    let rows = [
        (ExperimentStatus::Planned, Some(Progress::Planned)),
        (ExperimentStatus::Measured, Some(Progress::Measured)),
        (ExperimentStatus::Done, Some(Progress::Analysed)),
        (ExperimentStatus::Abandoned, None),
    ];
    for (status, expected) in rows {
        let view = view(&with_experiment(false, status), vec![], &Viewer::All);
        assert_eq!(view.pixels[0].progress, expected, "{status:?}");
        assert_eq!(view.pixels[1].progress, None, "`one` is not expected to see `b`");
    }
    let mut sent = with_experiment(false, ExperimentStatus::Accepted);
    sent.shipments.push(Shipment {
        id: galvanome_model::ids::ShipmentId::new("P-1").unwrap(),
        from: PartnerId::new("there").unwrap(),
        to: PartnerId::new("here").unwrap(),
        samples: vec![SampleId::new("S-1").unwrap()],
        sent_on: "2026-01-01".to_owned(),
        received_on: String::new(),
        status: "sent".to_owned(),
        note: String::new(),
        extra: std::collections::BTreeMap::new(),
    });
    let view = view(&sent, vec![], &Viewer::All);
    assert_eq!(view.pixels[0].progress, Some(Progress::InTransit));
}

#[test]
fn a_hidden_answer_is_withheld_and_takes_no_part_in_combined_answers() {
    let campaign = with_experiment(false, ExperimentStatus::Done);
    let mut hidden = record("one", "a", "yes", "e1");
    hidden.visibility = Visibility::Partner;
    let given = vec![Given::Expert(hidden), Given::Expert(record("one", "b", "no", ""))];
    let stranger = Viewer::Member {
        partners: [PartnerId::new("there").unwrap()].into(),
        groups: std::collections::BTreeSet::new(),
    };
    let seen = view(&campaign, given.clone(), &stranger);
    assert!(seen.pixels[0].withheld && seen.pixels[0].parts.is_empty());
    assert_eq!(seen.pixels[0].answer, None);
    assert_eq!(seen.by_technique[0].combined.answer, Some(Answer::No));
    assert_eq!(seen.by_technique[0].combined.withheld, 1);
    let all = view(&campaign, given, &Viewer::All);
    assert_eq!(all.by_technique[0].combined.answer, Some(Answer::Yes));
}

#[test]
fn strength_says_how_far_the_deciding_interval_clears_its_margin() {
    let verdict = Verdict {
        descriptor: DescriptorId::new("one.x").unwrap(),
        scale: Scale::Difference,
        reference: vec![GroupId::new("new").unwrap()],
        test: vec![GroupId::new("old").unwrap()],
        reference_mean: 1.0,
        test_mean: 2.0,
        reference_n: 3,
        test_n: 3,
        answer: Answer::Yes,
        reason: String::new(),
        direction: None,
        d: 1.0,
        u: Some(0.1),
        nu: Some(4.0),
        yes_bound: Some(0.7),
        no_bound: Some(1.2),
        delta: 0.2,
        s0: None,
        break_even_s0: None,
        u_needed_for_no: None,
    };
    let mut answer = computed("yes", false);
    answer.verdicts = vec![verdict];
    assert!((answer.strength().unwrap() - 3.0).abs() < 1e-12);
    answer.answer = Answer::Unsure;
    assert_eq!(answer.strength(), None);
}

#[test]
fn a_campaign_keeps_its_own_order_of_rows_and_columns() {
    let shipped = Catalogue {
        techniques: ["xrd", "ndp"]
            .map(|id| Technique {
                id: TechniqueId::new(id).unwrap(),
                name: id.to_uppercase(),
                short_name: id.to_uppercase(),
                row: None,
                row_note: None,
                version: None,
                terms_note: None,
                facts: Facts::default(),
                sources: std::collections::BTreeMap::new(),
                extra: std::collections::BTreeMap::new(),
                terms: Vec::new(),
                descriptors: Vec::new(),
            })
            .into(),
        ..Catalogue::default()
    };
    let mut campaign = campaign();
    let row = |id: &str| -> TechniqueOverride {
        serde_json::from_value(serde_json::json!({ "id": id })).unwrap()
    };
    campaign.definition.techniques = vec![row("ndp"), row("xrd")];
    campaign.definition.observables = ["b", "a"]
        .map(|id| -> ObservableOverride {
            serde_json::from_value(serde_json::json!({ "id": id, "name": id })).unwrap()
        })
        .into();
    let catalogue = campaign.definition.catalogue(&shipped).unwrap();
    let view = Metaview::of(
        &Frame::new(&campaign, catalogue),
        &ComponentId::new("C").unwrap(),
        &QuestionId::new("Q").unwrap(),
        [],
        &Viewer::All,
    );
    assert_eq!(view.techniques.iter().map(TechniqueId::as_str).collect::<Vec<_>>(), ["ndp", "xrd"]);
    assert_eq!(view.observables.iter().map(ObservableId::as_str).collect::<Vec<_>>(), ["b", "a"]);
}
