//! Background work.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use crate::problem::Trouble;
use crate::reply::{Ready, send};
use crate::state::App;
use crate::wire::{self, JobOut, Page};

/// How many jobs are shown.
const MOST: u32 = 200;

/// The latest jobs, 200 at most, the newest first.
#[utoipa::path(
    get, operation_id = "list_jobs", tag = "jobs",
    path = "/api/v1/jobs",
    responses((status = 200, body = Page<JobOut>)),
)]
pub(super) async fn list(State(app): State<App>, headers: HeaderMap) -> Result<Response, Trouble> {
    let jobs = galvanome::jobs::list(&app.galvanome, None, MOST).await?;
    let items = jobs
        .into_iter()
        .map(|job| JobOut {
            id: job.id.to_string(),
            kind: job.kind,
            state: job.state.word().to_owned(),
            progress: job.progress,
            message: job.message,
        })
        .collect();
    Ok(send(&Ready::json(&Page { schema: wire::SCHEMA, items, next: None }), &headers))
}
