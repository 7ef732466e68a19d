//! A small campaign that names every noun, and parts for building more of them.

use galvanome_model::answer::Answer;
use galvanome_model::campaign::{Campaign, Document};
use galvanome_model::ids::CampaignId;
use galvanome_model::quantity::Quantity;
use galvanome_model::record::AnswerRecord;
use galvanome_model::verdict::ComputedAnswer;
use galvanome_store::{Actor, Store};
use serde_json::{Value, json};

pub(crate) fn id() -> CampaignId {
    CampaignId::new("small").unwrap()
}

pub(crate) fn actor() -> Actor {
    Actor::local_user()
}

/// The revision of the small campaign.
pub(crate) async fn revision(store: &Store) -> Option<i64> {
    store.revision(&id()).await.unwrap().map(|(revision, _)| revision)
}

pub(crate) fn definition() -> Value {
    json!({
        "format": 1, "id": "small", "title": "A small campaign", "description": "Of two electrodes.",
        "partner": [{"id": "here", "name": "Here"}, {"id": "there", "name": "There", "country": "FR"}],
        "component": [
            {"id": "lno", "name": "LNO", "thickness_m": 6.5e-5},
            {"id": "graphite", "name": "Graphite"},
        ],
        "group": [{"id": "fresh", "name": "Fresh"}, {"id": "aged", "name": "Aged"}],
        "question": [{
            "id": "sq2", "name": "Ageing", "text": "Does ageing change it?", "kind": "difference",
            "reference": ["fresh"], "test": ["aged"],
        }],
        "observable": [{"id": "morphology"}, {"id": "homogeneity"}],
        "technique": [
            {"id": "xrd", "partners": ["here"]},
            {"id": "ndp", "not_applicable": ["morphology"], "facts": {"depth_max_m": 5e-5}},
        ],
        "descriptor": [{"id": "xrd.a", "name": "Lattice parameter"}],
        "margin": [{"descriptor": "xrd.a", "observable": "homogeneity", "delta": 0.002}],
        "fact": [{"id": "experiments", "name": "Experiments", "value": 2.0}],
    })
}

/// A campaign with something in each of its lists.
pub(crate) fn campaign() -> Campaign {
    let mut campaign = Campaign::new(serde_json::from_value(definition()).unwrap());
    campaign.samples =
        serde_json::from_value(json!([sample("cell-1", &[]), sample("electrode-1", &["cell-1"]),]))
            .unwrap();
    campaign.shipments = serde_json::from_value(json!([{
        "id": "parcel", "from": "here", "to": "there", "samples": ["electrode-1"], "sent_on": "2024-03-01",
        "received_on": "", "status": "sent", "note": "", "extra": {},
    }]))
    .unwrap();
    campaign.experiments =
        serde_json::from_value(json!([experiment("e1", "xrd"), experiment("e2", "ndp")])).unwrap();
    campaign.datasets =
        serde_json::from_value(json!([dataset("d1", &[]), dataset("d2", &["d1"])])).unwrap();
    campaign.quantities = vec![quantity("xrd.a", 2.878), quantity("ndp.depth", 1e-6)];
    campaign.answers = vec![answer("ndp", "homogeneity", Answer::Unsure), row_statement()];
    campaign.gates = serde_json::from_value(json!([{
        "experiment": null, "dataset": "d1", "gate": "void", "reason": "beam damage", "author": "A. B.",
        "set_on": "2024-04-01", "released_on": "", "extra": {"x_seen": "twice"},
    }]))
    .unwrap();
    campaign.documents = vec![
        Document { path: "protocols/rinse.md".to_owned(), bytes: b"Rinse twice.".to_vec() },
        Document { path: "metadata/e1.json".to_owned(), bytes: vec![0, 255, 1] },
    ];
    campaign
}

fn sample(id: &str, parents: &[&str]) -> Value {
    json!({
        "id": id, "kind": "cell", "component": "lno", "group": "aged", "parents": parents, "process": "",
        "count": 1, "state_of_charge": 0.3, "surrogate": false, "made_by": "here", "made_on": "", "note": "",
        "extra": {},
    })
}

fn experiment(id: &str, technique: &str) -> Value {
    json!({
        "id": id, "technique": technique, "partner": "here", "instrument": "", "mode": "ex_situ",
        "samples": ["electrode-1"], "status": "measured", "started_on": "", "ended_on": "", "doi": "",
        "note": "", "extra": {},
    })
}

fn dataset(id: &str, derived_from: &[&str]) -> Value {
    json!({
        "id": id, "experiment": "e1", "samples": ["electrode-1"], "role": "raw", "derived_from": derived_from,
        "clock_offset_s": -0.1, "path": "data/a.xy", "url": "", "doi": "", "bytes": 12, "sha256": "",
        "license": "", "visibility": "campaign", "note": "", "extra": {},
    })
}

pub(crate) fn quantity(descriptor: &str, value: f64) -> Quantity {
    let mut quantity: Quantity = serde_json::from_value(json!({
        "descriptor": descriptor, "component": "lno", "groups": ["aged"], "sample": "electrode-1",
        "experiment": "e1", "dataset": "d1", "qualifier": "=", "value": 0.0, "uncertainty": 0.001,
        "unit": "1", "n": 3, "method": "by hand", "source": "", "visibility": "campaign", "extra": {},
    }))
    .unwrap();
    quantity.value = value;
    quantity
}

pub(crate) fn answer(technique: &str, observable: &str, answer: Answer) -> AnswerRecord {
    serde_json::from_value(json!({
        "component": "lno", "question": "sq2", "technique": technique, "observable": observable,
        "answer": answer, "certainty": "implied", "author": "A. B.", "answered_on": "2024-05-01",
        "reason": "seen", "experiment": null, "evidence": ["d1", "section 4"],
        "visibility": "partner", "extra": {"x_mood": "good"},
    }))
    .unwrap()
}

fn row_statement() -> AnswerRecord {
    AnswerRecord { observable: None, ..answer("xrd", "morphology", Answer::Yes) }
}

pub(crate) fn computed(technique: &str, observable: &str, answer: Answer) -> ComputedAnswer {
    serde_json::from_value(json!({
        "component": "lno", "question": "sq2", "technique": technique, "observable": observable,
        "answer": answer, "reason": "clears_margin", "direction": "up", "provisional": true, "stale": false,
        "verdicts": [], "alpha": 0.05, "kappa": 1.0, "basis": "00ff", "version": 1,
    }))
    .unwrap()
}
