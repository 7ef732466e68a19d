//! How long the store takes for a campaign of 800,000 pixels. Run by hand, in release:
//! `cargo test --release -p galvanome_store -- --ignored --nocapture speed`.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use galvanome_model::answer::Answer;
use galvanome_model::campaign::Campaign;
use galvanome_model::ids::CampaignId;
use galvanome_store::Store;
use serde_json::json;

use crate::example::{actor, answer};

fn ids(prefix: &str, count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{prefix}-{number}")).collect()
}

fn large() -> Campaign {
    let (techniques, observables) = (ids("technique", 200), ids("observable", 50));
    let (components, questions) = (ids("component", 20), ids("question", 4));
    let named = |ids: &[String]| -> Vec<_> {
        ids.iter().map(|id| json!({"id": id, "name": format!("The {id}")})).collect()
    };
    let asked: Vec<_> = questions
        .iter()
        .map(|id| json!({"id": id, "name": id, "text": "Do they differ?", "kind": "difference"}))
        .collect();
    let definition = json!({
        "format": 1, "id": "large", "title": "Large", "component": named(&components), "question": asked,
        "observable": named(&observables), "technique": named(&techniques),
    });
    let mut campaign = Campaign::new(serde_json::from_value(definition).unwrap());
    for component in &components {
        for question in &questions {
            for technique in &techniques {
                for observable in &observables {
                    let mut record = answer(technique, observable, Answer::No);
                    record.component = component.parse().unwrap();
                    record.question = question.parse().unwrap();
                    record.reason =
                        format!("{technique} saw no change of {observable} beyond its margin");
                    campaign.answers.push(record);
                }
            }
        }
    }
    campaign
}

const FOLDER: &str = "GALVANOME_TEST_SPEED_FOLDER";

fn took(what: &str, start: Instant) {
    println!("{what}: {:.3} s", start.elapsed().as_secs_f64());
}

/// Writes in a process of its own, so that reading is not measured in one that has just freed a gigabyte.
#[test]
#[ignore = "started by the measurement below, in a process of its own"]
fn writes_a_large_campaign() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let given = large();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let start = Instant::now();
        let store = Store::open(Path::new(&folder), 1).await.unwrap();
        took("open a new folder", start);
        let start = Instant::now();
        let imported = store.put_campaign(&given, &actor(), 1).await.unwrap();
        took("import 800,000 answers", start);
        assert_eq!(imported.answers_added, 800_000);
        let start = Instant::now();
        assert!(!store.put_campaign(&given, &actor(), 2).await.unwrap().changed);
        took("import them again", start);
        let mut changed = given.clone();
        changed.answers[400_000].answer = Answer::Yes;
        let start = Instant::now();
        assert_eq!(store.put_campaign(&changed, &actor(), 3).await.unwrap().answers_added, 1);
        took("import them with one changed", start);
        store.close().await;
    });
}

#[test]
#[ignore = "measures; run by hand in release"]
fn of_a_large_campaign() {
    let folder = tempfile::tempdir().unwrap();
    let written = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", "speed::writes_a_large_campaign"])
        .env(FOLDER, folder.path())
        .status()
        .unwrap();
    assert!(written.success());
    let id = CampaignId::new("large").unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let start = Instant::now();
        let store = Store::open(folder.path(), 4).await.unwrap();
        took("open it again", start);
        for question in ["question-1", "question-2"] {
            let component = "component-7".parse().unwrap();
            let start = Instant::now();
            let view = store.revisions_of_view(&id, &component, &question.parse().unwrap()).await;
            took("read one metaview", start);
            assert_eq!(view.unwrap().len(), 10_000);
        }
        let start = Instant::now();
        store.frame_facts(&id).await.unwrap().unwrap();
        took("read its frame", start);
        let start = Instant::now();
        let read = store.campaign(&id).await.unwrap().unwrap();
        took("read the campaign", start);
        assert_eq!(read.answers.len(), 800_001);
        store.close().await;
    });
    let bytes = std::fs::metadata(folder.path().join("galvanome.sqlite")).unwrap().len();
    println!("the database: {} MB", bytes / 1_000_000);
}
