//! Metaviews.

use std::time::Instant;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use galvanome::metaview;
use serde::Deserialize;

use super::campaign_id;
use crate::asked::{Path, Query};
use crate::problem::Trouble;
use crate::reply::{Key, Ready};
use crate::state::App;
use crate::wire::{self, Metaviews};

/// Which metaviews.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    component: Option<String>,
    question: Option<String>,
}

/// The metaviews of a campaign, or of one component or question of it.
#[utoipa::path(
    get, operation_id = "list_metaviews", tag = "metaviews",
    path = "/api/v1/campaigns/{campaign}/metaviews",
    params(
        ("campaign" = String, Path, description = "The campaign's id"),
        ("component" = Option<String>, Query, description = "Only this component"),
        ("question" = Option<String>, Query, description = "Only this question"),
    ),
    responses((status = 200, body = Metaviews), (status = 404, body = wire::Problem)),
)]
pub(super) async fn all(
    State(app): State<App>,
    Path(campaign): Path<String>,
    Query(which): Query<Which>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    answer(&app, &campaign, which, &headers).await
}

/// One metaview.
#[utoipa::path(
    get, operation_id = "show_metaview", tag = "metaviews",
    path = "/api/v1/campaigns/{campaign}/metaviews/{component}/{question}",
    params(
        ("campaign" = String, Path, description = "The campaign's id"),
        ("component" = String, Path, description = "The component's id"),
        ("question" = String, Path, description = "The question's id"),
    ),
    responses((status = 200, body = Metaviews), (status = 404, body = wire::Problem)),
)]
pub(super) async fn one(
    State(app): State<App>,
    Path((campaign, component, question)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let which = Which { component: Some(component), question: Some(question) };
    answer(&app, &campaign, which, &headers).await
}

async fn answer(
    app: &App,
    campaign: &str,
    which: Which,
    headers: &HeaderMap,
) -> Result<Response, Trouble> {
    let started = Instant::now();
    let id = campaign_id(campaign)?;
    let viewer = app.viewer();
    let known = app.galvanome.known(&id).await?;
    let key = Key {
        address: format!(
            "/api/v1/campaigns/{id}/metaviews?{:?}&{:?}",
            which.component, which.question
        ),
        revision: known.revision,
        viewer: viewer.clone(),
    };
    app.answers
        .answer(key, headers, started, async || {
            let (component, question) = (which.component.as_deref(), which.question.as_deref());
            let views = metaview::views(&app.galvanome, &id, component, question, &viewer).await?;
            let document = Metaviews::of(&views.known.frame, views.known.revision, &views.views);
            Ok(Ready::json(&document))
        })
        .await
}
