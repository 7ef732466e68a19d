//! Datasets that come one by one, and files beside the objects.

use galvanome_model::experiment::Dataset;
use galvanome_store::{AuditState, ObjectId, StoreError};

use crate::databases::Db;
use crate::example::{actor, campaign, id, revision};

/// A dataset like the first one of the example, under another id.
fn another(name: &str) -> Dataset {
    let mut dataset = campaign().datasets[0].clone();
    dataset.id = name.parse().unwrap();
    dataset.path = format!("data/uploads/{name}.csv");
    dataset
}

pub(crate) async fn datasets_are_added_one_by_one(db: Db) {
    let store = &db.store;
    let mut given = campaign();
    store.put_campaign(&given, &actor(), 1).await.unwrap();
    let added = another("late");
    assert_eq!(store.add_dataset(&id(), &added, &actor(), 2).await.unwrap(), 2);
    let names = async || -> Vec<String> {
        let all = store.campaign(&id()).await.unwrap().unwrap().datasets;
        all.iter().map(|one| one.id.to_string()).collect()
    };
    assert_eq!(names().await, ["d1", "d2", "late"]);
    assert_eq!(store.frame_facts(&id()).await.unwrap().unwrap().datasets[2], added);

    // The same folder again says nothing new; a changed one leaves what was uploaded.
    store.put_campaign(&given, &actor(), 3).await.unwrap();
    assert_eq!(revision(store).await, Some(2));
    "Changed".clone_into(&mut given.definition.title);
    store.put_campaign(&given, &actor(), 4).await.unwrap();
    assert_eq!(names().await, ["d1", "d2", "late"]);

    for (dataset, expected) in [
        (another("late"), "two of dataset `late`"),
        (another("d1"), "two of dataset `d1`"),
        (
            Dataset { experiment: "e9".parse().unwrap(), ..another("x") },
            "names the experiment `e9`",
        ),
        (Dataset { samples: vec!["s9".parse().unwrap()], ..another("x") }, "names the sample `s9`"),
        (
            Dataset { derived_from: vec!["d9".parse().unwrap()], ..another("x") },
            "names the dataset `d9`",
        ),
        (Dataset { clock_offset_s: Some(f64::NAN), ..another("x") }, "not finite"),
    ] {
        let error = store.add_dataset(&id(), &dataset, &actor(), 5).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    assert_eq!(revision(store).await, Some(3));

    // A folder that lists it takes it over, and may then leave it out; one that lost its experiment goes.
    let whole = store.campaign(&id()).await.unwrap().unwrap();
    store.put_campaign(&whole, &actor(), 6).await.unwrap();
    store.put_campaign(&given, &actor(), 7).await.unwrap();
    assert_eq!(names().await, ["d1", "d2"]);
    store.add_dataset(&id(), &another("late"), &actor(), 8).await.unwrap();
    let of_other = Dataset { experiment: "e2".parse().unwrap(), ..another("other") };
    store.add_dataset(&id(), &of_other, &actor(), 9).await.unwrap();
    given.experiments.truncate(1);
    store.put_campaign(&given, &actor(), 10).await.unwrap();
    assert_eq!(names().await, ["d1", "d2", "late"]);
    let entries = store.audit(0, 100).await.unwrap();
    assert!(entries.iter().any(|entry| entry.action == "add-dataset"));
    assert!(matches!(store.verify_audit().await.unwrap(), AuditState::Whole { .. }));
}

pub(crate) async fn staged_files_become_objects(db: Db) {
    let store = &db.store;
    let staging = store.staging_folder().unwrap();
    let bytes = b"time,voltage\n0,3.1\n";
    let known = ObjectId::of(bytes);
    for time in 1..3 {
        let staged = staging.join("arrived");
        std::fs::write(&staged, bytes).unwrap();
        let id = store.put_object_file(&staged, known.clone(), &actor(), time).await.unwrap();
        assert_eq!(id, known);
        assert!(!staged.exists());
        assert_eq!(store.object(&id.sha256).await.unwrap(), bytes);
    }
    assert_eq!(store.verify_audit().await.unwrap(), AuditState::Whole { entries: 1 });

    let staged = staging.join("computed");
    std::fs::write(&staged, b"columns").unwrap();
    let place = store.derived_file("columns", &known.sha256).unwrap();
    assert!(!place.exists());
    assert_eq!(store.keep_derived(&staged, "columns", &known.sha256).unwrap(), place);
    assert_eq!(std::fs::read(&place).unwrap(), b"columns");
    for wrong in ["", "../x", "ab"] {
        let error = store.derived_file("columns", wrong).unwrap_err();
        assert!(matches!(error, StoreError::NoObject { .. }), "{error}");
    }
    // What is computed does not stand in the way of objects.
    assert_eq!(store.object(&known.sha256).await.unwrap(), bytes);
}
