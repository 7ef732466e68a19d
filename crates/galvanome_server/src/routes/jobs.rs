//! Background work.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use super::campaigns::{Cursor, bad_cursor};
use crate::asked::Query;
use crate::problem::Trouble;
use crate::reply::{Ready, send};
use crate::state::App;
use crate::wire::{self, JobOut, Page};

/// How many jobs one page holds at most, and when nothing is asked for.
const MOST: u32 = 200;

/// The jobs, the newest first.
#[utoipa::path(
    get, operation_id = "list_jobs", tag = "jobs",
    path = "/api/v1/jobs",
    params(
        ("after" = Option<String>, Query, description = "The `next` of the page before"),
        ("limit" = Option<u32>, Query, description = "How many items, 200 at most"),
    ),
    responses((status = 200, body = Page<JobOut>)),
)]
pub(super) async fn list(
    State(app): State<App>,
    Query(cursor): Query<Cursor>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let before = match &cursor.after {
        Some(after) => Some(after.parse::<i64>().map_err(|_| bad_cursor())?),
        None => None,
    };
    let limit = cursor.items(MOST)?;
    // One more than is shown tells whether there is a next page.
    let mut jobs = galvanome::jobs::list(&app.galvanome, None, before, limit + 1).await?;
    let more = jobs.len() > limit as usize;
    jobs.truncate(limit as usize);
    let next = jobs.last().filter(|_| more).map(|job| job.id.to_string());
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
    Ok(send(&Ready::json(&Page { schema: wire::SCHEMA, items, next }), &headers))
}
