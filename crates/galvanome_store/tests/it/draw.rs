//! Any campaign: pools of text, numbers and choices, from which a campaign is put together. What names
//! something names something that is there.

use galvanome_model::campaign::{Campaign, Document};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

struct Draw {
    texts: Vec<String>,
    numbers: Vec<f64>,
    choices: Vec<u8>,
    drawn: usize,
}

impl Draw {
    fn choice(&mut self, of: usize) -> usize {
        self.drawn += 1;
        self.choices
            .get(self.drawn % self.choices.len().max(1))
            .map_or(0, |choice| usize::from(*choice))
            % of.max(1)
    }

    fn coin(&mut self) -> bool {
        self.choice(2) == 1
    }

    fn text(&mut self) -> String {
        let choice = self.choice(self.texts.len());
        self.texts.get(choice).cloned().unwrap_or_default()
    }

    fn number(&mut self) -> f64 {
        let choice = self.choice(self.numbers.len());
        self.numbers.get(choice).copied().unwrap_or(0.5)
    }

    fn maybe_number(&mut self) -> Value {
        if self.coin() { json!(self.number()) } else { Value::Null }
    }

    fn word(&mut self, words: &[&str]) -> Value {
        json!(words[self.choice(words.len())])
    }

    fn ids(&mut self, prefix: &str) -> Vec<String> {
        (0..self.choice(5)).map(|number| format!("{prefix}{number}")).collect()
    }

    fn one(&mut self, of: &[String]) -> Value {
        json!(of[self.choice(of.len())])
    }

    fn maybe(&mut self, of: &[String]) -> Value {
        if of.is_empty() || self.coin() { Value::Null } else { self.one(of) }
    }

    fn some(&mut self, of: &[String]) -> Value {
        json!(of.iter().filter(|_| self.coin()).collect::<Vec<_>>())
    }

    fn extra(&mut self) -> Value {
        let mut extra = Map::new();
        for name in ["x_a", "x_b"] {
            if self.coin() {
                extra.insert(name.to_owned(), json!(self.text()));
            }
        }
        Value::Object(extra)
    }

    fn visibility(&mut self) -> Value {
        self.word(&["campaign", "partner", "leads;reviewers"])
    }

    /// As many of something as there are ids.
    fn each(&mut self, ids: &[String], make: impl Fn(&mut Self, &str) -> Value) -> Vec<Value> {
        ids.iter().map(|id| make(self, id)).collect()
    }

    fn campaign(&mut self) -> Campaign {
        let partners = self.ids("p");
        let components = self.ids("c");
        let groups = self.ids("g");
        let questions = self.ids("q");
        let observables = self.ids("o");
        let techniques = self.ids("t");
        let facts = self.ids("f");
        let definition = json!({
            "format": 1, "id": "any", "title": self.text(), "description": self.text(), "invented": self.coin(),
            "partner": self.each(&partners, |d, id| json!({"id": id, "name": d.text(), "note": d.text()})),
            "component": self.each(&components, |d, id| {
                json!({"id": id, "name": d.text(), "thickness_m": d.maybe_number()})
            }),
            "group": self.each(&groups, |d, id| json!({"id": id, "name": d.text()})),
            "question": self.each(&questions, |d, id| json!({
                "id": id, "name": d.text(), "text": d.text(), "kind": d.word(&["difference", "value", "link"]),
                "reference": d.some(&groups), "test": d.some(&groups), "pool": d.coin(),
                "parent": d.maybe(&questions), "target": d.text(),
            })),
            "observable": self.each(&observables, |d, id| json!({"id": id, "name": d.text()})),
            "technique": self.each(&techniques, |d, id| json!({
                "id": id, "name": d.text(), "partners": d.some(&partners), "not_applicable": d.some(&observables),
                "facts": {"depth_max_m": d.maybe_number(), "probe": d.text()}, "extra": {"speed": d.text()},
            })),
            "descriptor": self.each(&techniques, |d, id| json!({
                "id": format!("{id}.x"), "unit": d.text(), "scale": d.word(&["ratio", "difference"]),
                "speaks_for": [{"observable": "o0", "delta": d.maybe_number()}],
            })),
            "margin": self.each(&techniques, |d, id| json!({
                "descriptor": format!("{id}.x"), "observable": "o0", "delta": d.maybe_number(), "s0": d.maybe_number(),
            })),
            "fact": self.each(&facts, |d, id| json!({
                "id": id, "name": d.text(), "value": d.number(), "qualifier": d.word(&["=", "<", ">", "~"]),
            })),
        });
        let mut campaign = Campaign::new(serde_json::from_value(definition).unwrap());

        let samples = self.ids("s");
        let made = self.each(&samples, |d, id| json!({
            "id": id, "kind": d.text(), "component": d.maybe(&components), "group": d.maybe(&groups),
            "parents": d.some(&samples), "process": d.text(), "count": d.choice(9), "surrogate": d.coin(),
            "state_of_charge": d.maybe_number(), "made_by": d.maybe(&partners), "made_on": d.text(),
            "note": d.text(), "extra": d.extra(),
        }));
        campaign.samples = serde_json::from_value(json!(made)).unwrap();
        if !partners.is_empty() {
            let parcels = self.ids("parcel");
            let sent = self.each(&parcels, |d, id| json!({
                "id": id, "from": d.one(&partners), "to": d.one(&partners), "samples": d.some(&samples),
                "sent_on": d.text(), "received_on": d.text(), "status": d.text(), "note": d.text(),
                "extra": d.extra(),
            }));
            campaign.shipments = serde_json::from_value(json!(sent)).unwrap();
        }
        let experiments = if techniques.is_empty() { Vec::new() } else { self.ids("e") };
        let done = self.each(&experiments, |d, id| json!({
            "id": id, "technique": d.one(&techniques), "partner": d.maybe(&partners), "instrument": d.text(),
            "mode": d.word(&["ex_situ", "operando"]), "samples": d.some(&samples),
            "status": d.word(&["planned", "done", "abandoned"]), "started_on": d.text(), "ended_on": d.text(),
            "doi": d.text(), "note": d.text(), "extra": d.extra(),
        }));
        campaign.experiments = serde_json::from_value(json!(done)).unwrap();
        let datasets = if experiments.is_empty() { Vec::new() } else { self.ids("d") };
        let yielded = self.each(&datasets, |d, id| json!({
            "id": id, "experiment": d.one(&experiments), "samples": d.some(&samples), "role": d.text(),
            "derived_from": d.some(&datasets), "clock_offset_s": d.maybe_number(), "path": d.text(),
            "url": d.text(), "doi": d.text(), "bytes": d.choice(255), "sha256": d.text(), "license": d.text(),
            "visibility": d.visibility(), "note": d.text(), "extra": d.extra(),
        }));
        campaign.datasets = serde_json::from_value(json!(yielded)).unwrap();
        for _ in 0..self.choice(12) {
            let quantity = json!({
                "descriptor": "t0.x", "component": self.maybe(&components), "groups": self.some(&groups),
                "sample": self.maybe(&samples), "experiment": self.maybe(&experiments),
                "dataset": self.maybe(&datasets), "qualifier": self.word(&["=", "<", ">", "~"]),
                "value": self.number(), "uncertainty": self.maybe_number(), "unit": self.text(), "n": 3,
                "method": self.text(), "source": self.text(), "visibility": self.visibility(),
                "extra": self.extra(),
            });
            campaign.quantities.push(serde_json::from_value(quantity).unwrap());
        }
        if !components.is_empty() && !questions.is_empty() && !techniques.is_empty() {
            for _ in 0..self.choice(90) {
                let answer = json!({
                    "component": self.one(&components), "question": self.one(&questions),
                    "technique": self.one(&techniques), "observable": self.maybe(&observables),
                    "answer": self.word(&["yes", "no", "unsure", "not_done", "not_applicable"]),
                    "certainty": self.word(&["explicit", "implied"]), "author": self.text(),
                    "answered_on": self.text(), "reason": self.text(), "experiment": self.maybe(&experiments),
                    "evidence": [self.text()], "visibility": self.visibility(), "extra": self.extra(),
                });
                campaign.answers.push(serde_json::from_value(answer).unwrap());
            }
        }
        for _ in 0..self.choice(4) {
            let gate = json!({
                "experiment": self.maybe(&experiments), "dataset": self.maybe(&datasets),
                "gate": self.word(&["void", "inflate", "no_cannot", "yes_cannot"]), "reason": self.text(),
                "author": self.text(), "set_on": self.text(), "released_on": self.text(), "extra": self.extra(),
            });
            campaign.gates.push(serde_json::from_value(gate).unwrap());
        }
        for number in 0..self.choice(3) {
            campaign.documents.push(Document {
                path: format!("protocols/ü {number}.md"),
                bytes: self.text().into_bytes(),
            });
        }
        campaign
    }
}

/// Any campaign called `any`, with text and finite numbers of all kinds.
pub(crate) fn campaigns() -> impl Strategy<Value = Campaign> {
    // Control characters and zero bytes among them.
    let text = vec(any::<char>(), 0..20).prop_map(String::from_iter);
    let number = prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL | prop::num::f64::ZERO;
    (vec(text, 1..6), vec(number, 1..6), vec(any::<u8>(), 1..200))
        .prop_map(|(texts, numbers, choices)| Draw { texts, numbers, choices, drawn: 0 }.campaign())
}
