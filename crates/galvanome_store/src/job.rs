//! Background work: jobs are rows, taken by workers on a lease.
//!
//! A worker that dies loses its job when the lease runs out; the job is then ready again, until it has been
//! tried as often as it may. Making a job is an act and stands in the audit log; taking, reporting and
//! finishing are machinery and do not.

use galvanome_model::ids::CampaignId;
use serde_json::json;
use sqlx::AnyConnection;

use crate::actor::Actor;
use crate::audit::{self, Deed};
use crate::error::{StoreError, doing};
use crate::store::Store;

/// How long a failed job rests before it is tried again; doubled with each try, at most an hour.
const REST_US: i64 = 10_000_000;
const LONGEST_REST_US: i64 = 3_600_000_000;

/// A job to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// What is to be done, in a word that a worker knows (`compute-answers`).
    pub kind: String,
    /// The campaign it concerns.
    pub campaign: Option<CampaignId>,
    /// What it is to be done with, as JSON.
    pub payload: serde_json::Value,
    /// Not before, in microseconds since 1970 UTC; 0 for at once.
    pub run_at_us: i64,
    /// How often it is tried; at least once.
    pub max_attempts: u32,
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// Waits for a worker.
    Ready,
    /// A worker has it.
    Running,
    /// Done.
    Done,
    /// Given up after its last try.
    Failed,
}

impl JobState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Ready, Self::Running, Self::Done, Self::Failed];

    /// The word used in the database and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

/// A job as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its number: the number of the audit entry that made it.
    pub id: i64,
    /// What is to be done.
    pub kind: String,
    /// The campaign it concerns.
    pub campaign: Option<CampaignId>,
    /// What it is to be done with.
    pub payload: serde_json::Value,
    /// How far it is.
    pub state: JobState,
    /// Not before.
    pub run_at_us: i64,
    /// How often it was tried, this time included.
    pub attempts: u32,
    /// How often it is tried at most.
    pub max_attempts: u32,
    /// The worker that has it, or had it last.
    pub worker: String,
    /// Until when that worker has it.
    pub lease_until_us: i64,
    /// How much of it is done, from 0 to 1.
    pub progress: f64,
    /// What it is doing, or why it failed.
    pub message: String,
    /// Who made it.
    pub actor: String,
    /// When it was made.
    pub created_us: i64,
    /// When it last changed.
    pub updated_us: i64,
}

/// The columns of a job, for reading and for returning.
macro_rules! columns {
    () => {
        "id, kind, campaign, payload, state, run_at, attempts, max_attempts, worker, lease_until, \
         progress, message, actor, created_us, updated_us"
    };
}

type JobRow = (
    i64,
    String,
    Option<String>,
    String,
    String,
    i64,
    i64,
    i64,
    String,
    i64,
    f64,
    String,
    String,
    i64,
    i64,
);

fn job(row: JobRow) -> Result<Job, StoreError> {
    let (id, kind, campaign, payload, state, run_at_us, attempts, max_attempts, worker, ..) = row;
    let (.., lease_until_us, progress, message, actor, created_us, updated_us) = row;
    let unreadable = |source: String| StoreError::unreadable(format!("job {id}"), source);
    Ok(Job {
        id,
        kind,
        campaign: campaign
            .map(|id| CampaignId::new(&id))
            .transpose()
            .map_err(|error| unreadable(error.to_string()))?,
        payload: serde_json::from_str(&payload).map_err(|error| unreadable(error.to_string()))?,
        state: JobState::ALL
            .into_iter()
            .find(|known| known.word() == state)
            .ok_or_else(|| unreadable(format!("`{state}` is no state")))?,
        run_at_us,
        attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
        max_attempts: u32::try_from(max_attempts).unwrap_or(u32::MAX),
        worker,
        lease_until_us,
        progress,
        message,
        actor,
        created_us,
        updated_us,
    })
}

impl Store {
    /// Makes a job; gives its number.
    pub async fn enqueue(
        &self,
        new: &NewJob,
        actor: &Actor,
        now_us: i64,
    ) -> Result<i64, StoreError> {
        let mut tx = self.write().await?;
        let head = audit::next(&mut tx).await?;
        let id = head.0;
        sqlx::query(
            "INSERT INTO job (id, kind, campaign, payload, state, run_at, attempts, max_attempts, worker, \
             lease_until, progress, message, actor, created_us, updated_us) \
             VALUES ($1, $2, $3, $4, 'ready', $5, 0, $6, '', 0, 0.0, '', $7, $8, $8)",
        )
        .bind(id)
        .bind(&new.kind)
        .bind(new.campaign.as_ref().map(CampaignId::as_str))
        .bind(new.payload.to_string())
        .bind(new.run_at_us)
        .bind(i64::from(new.max_attempts.max(1)))
        .bind(actor.id())
        .bind(now_us)
        .execute(&mut *tx)
        .await
        .map_err(doing("make a job"))?;
        let campaign = new.campaign.as_ref().map_or("", CampaignId::as_str);
        let detail = json!({"job": id, "kind": new.kind});
        let deed = Deed { actor, now_us, campaign, action: "enqueue", detail };
        audit::commit_as(tx, head, deed).await?;
        Ok(id)
    }

    /// Takes the job that has been ready longest, for a time; none when nothing is ready. No two workers take
    /// the same one. Jobs whose worker let its lease run out are ready again, or failed after their last try.
    pub async fn claim_job(
        &self,
        worker: &str,
        lease_us: i64,
        now_us: i64,
    ) -> Result<Option<Job>, StoreError> {
        loop {
            let mut tx = self.write().await?;
            free_expired(&mut tx, now_us).await?;
            // The outer `state = 'ready'` matters: without it PostgreSQL gives one job to several workers.
            let taken: Option<JobRow> = sqlx::query_as(concat!(
                "UPDATE job SET state = 'running', worker = $2, lease_until = $3, attempts = attempts + 1, \
                 progress = 0.0, message = '', updated_us = $1 \
                 WHERE id = (SELECT id FROM job WHERE state = 'ready' AND run_at <= $1 \
                 ORDER BY run_at, id LIMIT 1) AND state = 'ready' RETURNING ",
                columns!()
            ))
            .bind(now_us)
            .bind(worker)
            .bind(now_us.saturating_add(lease_us))
            .fetch_optional(&mut *tx)
            .await
            .map_err(doing("take a job"))?;
            let (waiting,): (i64,) =
                sqlx::query_as("SELECT COUNT(*) FROM job WHERE state = 'ready' AND run_at <= $1")
                    .bind(now_us)
                    .fetch_one(&mut *tx)
                    .await
                    .map_err(doing("take a job"))?;
            tx.commit().await.map_err(doing("take a job"))?;
            match taken {
                Some(row) => return job(row).map(Some),
                None if waiting == 0 => return Ok(None),
                // Another worker was quicker with the one that was in turn; there are more.
                None => {}
            }
        }
    }

    /// Reports how far a job is and prolongs its lease. Errors when the worker does not have it any more: it
    /// must stop then, and write nothing.
    pub async fn report_job(
        &self,
        held: &Job,
        progress: f64,
        message: &str,
        lease_us: i64,
        now_us: i64,
    ) -> Result<(), StoreError> {
        let progress = if progress.is_finite() { progress.clamp(0.0, 1.0) } else { 0.0 };
        let changed = sqlx::query(
            "UPDATE job SET progress = $4, message = $5, lease_until = $6, updated_us = $7 \
             WHERE id = $1 AND worker = $2 AND attempts = $3 AND state = 'running'",
        )
        .bind(held.id)
        .bind(&held.worker)
        .bind(i64::from(held.attempts))
        .bind(progress)
        .bind(message.replace('\0', ""))
        .bind(now_us.saturating_add(lease_us))
        .bind(now_us)
        .execute(self.writer())
        .await
        .map_err(doing("report on a job"))?;
        still_held(held, changed.rows_affected())
    }

    /// Ends a job that is done. Errors when the worker does not have it any more.
    pub async fn finish_job(&self, held: &Job, now_us: i64) -> Result<(), StoreError> {
        let changed = sqlx::query(
            "UPDATE job SET state = 'done', progress = 1.0, lease_until = 0, updated_us = $4 \
             WHERE id = $1 AND worker = $2 AND attempts = $3 AND state = 'running'",
        )
        .bind(held.id)
        .bind(&held.worker)
        .bind(i64::from(held.attempts))
        .bind(now_us)
        .execute(self.writer())
        .await
        .map_err(doing("finish a job"))?;
        still_held(held, changed.rows_affected())
    }

    /// Puts back a job that failed, with the reason: it is tried again after a rest (10 s, doubled with each
    /// try, at most an hour), or given up after its last try. Errors when the worker does not have it any more.
    pub async fn fail_job(
        &self,
        held: &Job,
        reason: &str,
        now_us: i64,
    ) -> Result<JobState, StoreError> {
        let state =
            if held.attempts < held.max_attempts { JobState::Ready } else { JobState::Failed };
        let doubled = held.attempts.saturating_sub(1).min(20);
        let rest = REST_US.saturating_mul(1 << doubled).min(LONGEST_REST_US);
        let changed = sqlx::query(
            "UPDATE job SET state = $4, message = $5, run_at = $6, lease_until = 0, updated_us = $7 \
             WHERE id = $1 AND worker = $2 AND attempts = $3 AND state = 'running'",
        )
        .bind(held.id)
        .bind(&held.worker)
        .bind(i64::from(held.attempts))
        .bind(state.word())
        .bind(reason.replace('\0', ""))
        .bind(now_us.saturating_add(rest))
        .bind(now_us)
        .execute(self.writer())
        .await
        .map_err(doing("put a job back"))?;
        still_held(held, changed.rows_affected()).map(|()| state)
    }

    /// A job by its number.
    pub async fn job(&self, id: i64) -> Result<Option<Job>, StoreError> {
        let row: Option<JobRow> =
            sqlx::query_as(concat!("SELECT ", columns!(), " FROM job WHERE id = $1"))
                .bind(id)
                .fetch_optional(self.readers())
                .await
                .map_err(doing("read a job"))?;
        row.map(job).transpose()
    }

    /// Jobs, newest first: of one campaign or of all, in one state or in any, all or those made before one.
    pub async fn jobs(
        &self,
        campaign: Option<&CampaignId>,
        state: Option<JobState>,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Job>, StoreError> {
        let rows: Vec<JobRow> = sqlx::query_as(concat!(
            "SELECT ",
            columns!(),
            " FROM job WHERE ($1 = '' OR campaign = $1) AND ($2 = '' OR state = $2) AND id < $3 \
             ORDER BY id DESC LIMIT $4"
        ))
        .bind(campaign.map_or("", CampaignId::as_str))
        .bind(state.map_or("", JobState::word))
        .bind(before.unwrap_or(i64::MAX))
        .bind(i64::from(limit))
        .fetch_all(self.readers())
        .await
        .map_err(doing("list jobs"))?;
        rows.into_iter().map(job).collect()
    }
}

fn still_held(held: &Job, changed: u64) -> Result<(), StoreError> {
    if changed == 1 {
        Ok(())
    } else {
        Err(StoreError::LostJob { id: held.id, worker: held.worker.clone() })
    }
}

async fn free_expired(connection: &mut AnyConnection, now_us: i64) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE job SET state = CASE WHEN attempts < max_attempts THEN 'ready' ELSE 'failed' END, \
         message = 'its worker stopped reporting', run_at = $1, lease_until = 0, updated_us = $1 \
         WHERE state = 'running' AND lease_until < $1",
    )
    .bind(now_us)
    .execute(connection)
    .await
    .map(|_| ())
    .map_err(doing("free jobs"))
}
