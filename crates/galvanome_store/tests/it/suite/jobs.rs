//! Background work.

use std::collections::BTreeSet;

use galvanome_store::{JobState, NewJob, StoreError};
use serde_json::json;

use crate::databases::Db;
use crate::example::{actor, campaign, id};

const LEASE_US: i64 = 1_000_000;

fn new(number: i64, run_at_us: i64) -> NewJob {
    NewJob {
        kind: "compute".to_owned(),
        campaign: None,
        payload: json!({"number": number, "text": "\0ü"}),
        run_at_us,
        max_attempts: 2,
    }
}

pub(crate) async fn each_is_taken_once(db: Db) {
    let mut made = BTreeSet::new();
    for number in 0..40 {
        made.insert(db.store.enqueue(&new(number, 0), &actor(), 1).await.unwrap());
    }
    assert_eq!(made.len(), 40);
    let workers: Vec<_> = (0..8)
        .map(|number| {
            let store = db.store.clone();
            let worker = format!("worker-{number}");
            tokio::spawn(async move {
                let mut taken = Vec::new();
                while let Some(job) = store.claim_job(&worker, LEASE_US, 2).await.unwrap() {
                    assert_eq!((job.state, job.attempts), (JobState::Running, 1));
                    assert_eq!(job.worker, worker);
                    store.finish_job(&job, 3).await.unwrap();
                    taken.push(job.id);
                }
                taken
            })
        })
        .collect();
    let mut taken = Vec::new();
    for worker in workers {
        taken.extend(worker.await.unwrap());
    }
    assert_eq!(taken.len(), 40);
    assert_eq!(taken.into_iter().collect::<BTreeSet<_>>(), made);
    assert_eq!(db.store.jobs(None, Some(JobState::Done), None, 100).await.unwrap().len(), 40);
    assert_eq!(db.store.jobs(None, Some(JobState::Ready), None, 100).await.unwrap(), []);
}

pub(crate) async fn failures_rest_and_end(db: Db) {
    let store = &db.store;
    store.put_campaign(&campaign(), &actor(), 1).await.unwrap();
    let later = store.enqueue(&new(1, 500), &actor(), 1).await.unwrap();
    let of_campaign = NewJob { campaign: Some(id()), ..new(2, 400) };
    let sooner = store.enqueue(&of_campaign, &actor(), 1).await.unwrap();
    assert_eq!(store.claim_job("w", LEASE_US, 399).await.unwrap(), None);
    // In the order in which they are due, not in which they were made.
    let job = store.claim_job("w", LEASE_US, 600).await.unwrap().unwrap();
    assert_eq!((job.id, &job.campaign, &job.payload), (sooner, &Some(id()), &of_campaign.payload));
    store.report_job(&job, 0.25, "reading", LEASE_US, 700).await.unwrap();
    let seen = store.job(sooner).await.unwrap().unwrap();
    assert_eq!((seen.progress, seen.message.as_str()), (0.25, "reading"));
    assert_eq!(seen.lease_until_us, 700 + LEASE_US);
    assert_eq!(store.fail_job(&job, "no such file", 800).await.unwrap(), JobState::Ready);
    // It rests for ten seconds while the other one runs.
    let other = store.claim_job("w", LEASE_US, 900).await.unwrap().unwrap();
    assert_eq!(other.id, later);
    store.finish_job(&other, 901).await.unwrap();
    assert_eq!(store.claim_job("w", LEASE_US, 10_000_799).await.unwrap(), None);
    let again = store.claim_job("w", LEASE_US, 10_000_800).await.unwrap().unwrap();
    assert_eq!((again.id, again.attempts), (sooner, 2));
    assert_eq!(store.fail_job(&again, "still not", 10_000_900).await.unwrap(), JobState::Failed);
    assert_eq!(store.claim_job("w", LEASE_US, i64::MAX).await.unwrap(), None);
    let failed = store.jobs(Some(&id()), Some(JobState::Failed), None, 10).await.unwrap();
    assert_eq!(failed.iter().map(|it| it.message.as_str()).collect::<Vec<_>>(), ["still not"]);
    assert_eq!(store.jobs(None, None, None, 10).await.unwrap().len(), 2);
    let newest = store.jobs(None, None, None, 1).await.unwrap()[0].id;
    assert_eq!(newest, sooner);
    let older = store.jobs(None, None, Some(newest), 10).await.unwrap();
    assert!(older.len() == 1 && older[0].id < newest);
    assert_eq!(store.job(99).await.unwrap(), None);
}

pub(crate) async fn leases_run_out(db: Db) {
    let store = &db.store;
    let id = store.enqueue(&new(1, 0), &actor(), 0).await.unwrap();
    let dead = store.claim_job("dead", LEASE_US, 10).await.unwrap().unwrap();
    assert_eq!(store.claim_job("alive", LEASE_US, LEASE_US).await.unwrap(), None);
    let alive = store.claim_job("alive", LEASE_US, LEASE_US + 11).await.unwrap().unwrap();
    assert_eq!((alive.id, alive.attempts), (id, 2));
    // Whoever lost it is told so, and changes nothing.
    for lost in [
        store.report_job(&dead, 0.5, "", LEASE_US, LEASE_US + 12).await.unwrap_err(),
        store.finish_job(&dead, LEASE_US + 12).await.unwrap_err(),
        store.fail_job(&dead, "", LEASE_US + 12).await.unwrap_err(),
    ] {
        assert!(matches!(lost, StoreError::LostJob { .. }), "{lost}");
    }
    assert_eq!(store.job(id).await.unwrap().unwrap().state, JobState::Running);
    // A job that outlives two workers is not given to a third.
    assert_eq!(store.claim_job("third", LEASE_US, 9 * LEASE_US).await.unwrap(), None);
    let job = store.job(id).await.unwrap().unwrap();
    assert_eq!(job.state, JobState::Failed);
    assert_eq!(job.message, "its worker stopped reporting");
}
