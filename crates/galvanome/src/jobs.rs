//! Background work, through the job table.

use std::time::Duration;

use galvanome_model::ids::{CampaignId, DatasetId};
use galvanome_store::{Actor, Job, JobState, NewJob};
use serde::{Deserialize, Serialize};

use crate::progress::Progress;
use crate::{Error, Galvanome, answer, clock, ingest, reading};

/// A piece of work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Work {
    /// Read a dataset's file into columns, from which its curves are drawn.
    Read {
        /// The campaign.
        campaign: CampaignId,
        /// The dataset.
        dataset: DatasetId,
    },
    /// Read and analyse a dataset's file.
    Ingest {
        /// The campaign.
        campaign: CampaignId,
        /// The dataset.
        dataset: DatasetId,
    },
    /// Compute a campaign's answers.
    Answer {
        /// The campaign.
        campaign: CampaignId,
    },
}

impl Work {
    const fn kind(&self) -> &'static str {
        match self {
            Self::Read { .. } => "read",
            Self::Ingest { .. } => "ingest",
            Self::Answer { .. } => "answer",
        }
    }
}

/// How long a worker may be silent before its job is given to another.
const LEASE: Duration = Duration::from_mins(10);

/// How often a job is tried.
const TRIES: u32 = 3;

/// How many waiting jobs of a campaign are looked through for the same one.
const MANY: u32 = 1000;

/// What became of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// What it was, for people: `ingest cell-3`.
    pub what: String,
    /// Why it failed, if it did. The store keeps it with the job and tries again.
    pub failed: Option<String>,
}

/// Puts work into the queue, unless the same work waits there already.
pub async fn enqueue(galvanome: &Galvanome, work: &Work) -> Result<(), Error> {
    let campaign = match work {
        Work::Read { campaign, .. } | Work::Ingest { campaign, .. } | Work::Answer { campaign } => {
            campaign
        }
    };
    let payload = serde_json::to_value(work)
        .map_err(|error| Error::Wrong(format!("the job cannot be written down: {error}")))?;
    let waiting = galvanome.store.jobs(Some(campaign), Some(JobState::Ready), None, MANY).await?;
    if waiting.iter().any(|job| job.payload == payload) {
        return Ok(());
    }
    let now = clock::now_us();
    let new = NewJob {
        kind: work.kind().to_owned(),
        campaign: Some(campaign.clone()),
        payload,
        run_at_us: now,
        // A file that cannot be read today cannot be read in ten seconds.
        max_attempts: if matches!(work, Work::Read { .. }) { 1 } else { TRIES },
    };
    galvanome.store.enqueue(&new, &Actor::program(), now).await?;
    Ok(())
}

/// Runs the job that has been ready longest. None when nothing is ready. An error means that the queue itself
/// failed; a job that failed is told in [`Ran`].
pub async fn run_next(galvanome: &Galvanome, worker: &str) -> Result<Option<Ran>, Error> {
    let lease_us = i64::try_from(LEASE.as_micros()).unwrap_or(i64::MAX);
    let Some(job) = galvanome.store.claim_job(worker, lease_us, clock::now_us()).await? else {
        return Ok(None);
    };
    let (what, result) = match serde_json::from_value::<Work>(job.payload.clone()) {
        Ok(work) => (named(&work), reported(galvanome, &job, work).await),
        Err(error) => {
            (job.kind.clone(), Err(Error::Wrong(format!("the job cannot be understood: {error}"))))
        }
    };
    let now = clock::now_us();
    match result {
        Ok(()) => {
            galvanome.store.finish_job(&job, now).await?;
            Ok(Some(Ran { what, failed: None }))
        }
        Err(error) => {
            galvanome.store.fail_job(&job, &error.to_string(), now).await?;
            tracing::warn!("{what} failed: {error}");
            Ok(Some(Ran { what, failed: Some(error.to_string()) }))
        }
    }
}

fn named(work: &Work) -> String {
    match work {
        Work::Read { dataset, .. } => format!("reading {dataset}"),
        Work::Ingest { dataset, .. } => format!("analysing {dataset}"),
        Work::Answer { campaign } => format!("computing the answers of {campaign}"),
    }
}

/// How often a job says how far it is.
const REPORT: Duration = Duration::from_millis(400);

/// Does a piece of work, and tells the job table from time to time how far it is.
async fn reported(galvanome: &Galvanome, job: &Job, work: Work) -> Result<(), Error> {
    let lease_us = i64::try_from(LEASE.as_micros()).unwrap_or(i64::MAX);
    let progress = Progress::default();
    let mut working = std::pin::pin!(run(galvanome, work, &progress));
    loop {
        tokio::select! {
            done = &mut working => return done,
            () = tokio::time::sleep(REPORT) => {
                let (share, said, now) = (progress.share(), progress.said(), clock::now_us());
                galvanome.store.report_job(job, share, &said, lease_us, now).await?;
            }
        }
    }
}

async fn run(galvanome: &Galvanome, work: Work, progress: &Progress) -> Result<(), Error> {
    let actor = Actor::program();
    match work {
        Work::Read { campaign, dataset } => {
            let known = galvanome.known(&campaign).await?;
            let Some(held) = known.campaign.datasets.iter().find(|one| one.id == dataset) else {
                return Err(Error::not_found("dataset", dataset));
            };
            reading::read(galvanome, held, progress).await?;
        }
        Work::Ingest { campaign, dataset } => {
            if ingest::dataset(galvanome, &campaign, &dataset, &actor, progress).await? {
                enqueue(galvanome, &Work::Answer { campaign }).await?;
            }
        }
        Work::Answer { campaign } => {
            answer::campaign(galvanome, &campaign, &actor).await?;
        }
    }
    Ok(())
}

/// The jobs of a campaign that failed for good: what each was, for people, and why it failed.
pub async fn failed(
    galvanome: &Galvanome,
    campaign: &CampaignId,
) -> Result<Vec<(String, String)>, Error> {
    let jobs = galvanome.store.jobs(Some(campaign), Some(JobState::Failed), None, MANY).await?;
    let told = |job: Job| {
        let what =
            serde_json::from_value::<Work>(job.payload).map_or(job.kind, |work| named(&work));
        (what, job.message)
    };
    Ok(jobs.into_iter().map(told).collect())
}

/// The jobs of a campaign, or of all, the latest first; all of them, or those made before one.
pub async fn list(
    galvanome: &Galvanome,
    campaign: Option<&CampaignId>,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<Job>, Error> {
    Ok(galvanome.store.jobs(campaign, None, before, limit).await?)
}
