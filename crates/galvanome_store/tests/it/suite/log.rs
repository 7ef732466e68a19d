//! The audit log.

use galvanome_model::answer::Answer;
use galvanome_store::{Actor, AuditState};
use sqlx::{Connection, Executor};

use crate::databases::Db;
use crate::example::{actor, answer, campaign, id, revision};
use crate::postgres::connect;

pub(crate) async fn the_chain_shows_what_was_altered(db: Db) {
    let store = &db.store;
    assert_eq!(store.verify_audit().await.unwrap(), AuditState::Whole { entries: 0 });
    store.put_campaign(&campaign(), &actor(), 1).await.unwrap();
    let someone = Actor::new("someone").unwrap();
    for at in 2..6 {
        let record = answer("xrd", "morphology", Answer::Yes);
        store.add_answer(&id(), &record, &someone, at).await.unwrap();
    }
    assert_eq!(store.verify_audit().await.unwrap(), AuditState::Whole { entries: 5 });
    let entries = store.audit(1, 2).await.unwrap();
    assert_eq!(entries.iter().map(|it| it.seq).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(
        (entries[0].actor.as_str(), entries[0].action.as_str(), entries[0].campaign.as_str()),
        ("someone", "add-answer", "small")
    );
    assert_eq!(entries[0].detail, r#"{"revision":2,"answer":3,"replaced":null}"#);
    // Ids, not names: the author of an answer is not in the log.
    assert!(!entries.iter().any(|it| it.detail.contains("A. B.")));

    let mut connection = connect(&db.url).await.unwrap();
    for (alter, broken, mend) in [
        (
            "UPDATE audit SET actor = 'nobody' WHERE seq = 3",
            3,
            "UPDATE audit SET actor = 'someone' WHERE seq = 3",
        ),
        ("UPDATE audit SET at_us = 9 WHERE seq = 1", 1, "UPDATE audit SET at_us = 1 WHERE seq = 1"),
        ("UPDATE audit SET seq = 20 WHERE seq = 2", 2, "UPDATE audit SET seq = 2 WHERE seq = 20"),
        // The last entry removed, which only the head tells.
        ("UPDATE audit SET seq = -5 WHERE seq = 5", 5, "UPDATE audit SET seq = 5 WHERE seq = -5"),
        (
            "UPDATE audit_head SET hash = 'x'",
            5,
            "UPDATE audit_head SET hash = (SELECT hash FROM audit WHERE seq = 5)",
        ),
    ] {
        connection.execute(alter).await.unwrap();
        assert_eq!(
            store.verify_audit().await.unwrap(),
            AuditState::Broken { seq: broken },
            "{alter}"
        );
        connection.execute(mend).await.unwrap();
    }
    connection.close().await.unwrap();
    assert_eq!(store.verify_audit().await.unwrap(), AuditState::Whole { entries: 5 });
    for bad in ["", " ", "a\nb"] {
        assert!(Actor::new(bad).is_err());
    }
}

pub(crate) async fn writers_come_one_after_the_other(db: Db) {
    db.store.put_campaign(&campaign(), &actor(), 1).await.unwrap();
    let writers: Vec<_> = (0..24)
        .map(|at| {
            let store = db.store.clone();
            tokio::spawn(async move {
                let record = answer("xrd", "morphology", Answer::Yes);
                store.add_answer(&id(), &record, &actor(), at).await.unwrap()
            })
        })
        .collect();
    let mut written = Vec::new();
    for writer in writers {
        let revision = writer.await.unwrap();
        written.push((revision.seq, revision.replaced));
    }
    // Each replaced the one before it.
    written.sort_unstable();
    let expected: Vec<_> = (3..27).map(|seq| (seq, (seq > 3).then_some(seq - 1))).collect();
    assert_eq!(written, expected);
    assert_eq!(revision(&db.store).await, Some(25));
    assert_eq!(db.store.verify_audit().await.unwrap(), AuditState::Whole { entries: 25 });
}
