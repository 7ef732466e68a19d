//! Pixels and columns, with everything behind them.

use std::time::Instant;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use galvanome::why;

use super::campaign_id;
use crate::asked::Path;
use crate::problem::Trouble;
use crate::reply::{Key, Ready};
use crate::state::App;
use crate::wire::{self, PixelDetail, Sublayer};

/// Everything behind one pixel.
#[utoipa::path(
    get, operation_id = "show_pixel", tag = "metaviews",
    path = "/api/v1/campaigns/{campaign}/pixels/{component}/{question}/{technique}/{observable}",
    params(
        ("campaign" = String, Path, description = "The campaign's id"),
        ("component" = String, Path, description = "The component's id"),
        ("question" = String, Path, description = "The question's id"),
        ("technique" = String, Path, description = "The technique's id"),
        ("observable" = String, Path, description = "The observable's id"),
    ),
    responses((status = 200, body = PixelDetail), (status = 404, body = wire::Problem)),
)]
pub(super) async fn pixel(
    State(app): State<App>,
    Path((campaign, component, question, technique, observable)): Path<(
        String,
        String,
        String,
        String,
        String,
    )>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let started = Instant::now();
    let id = campaign_id(&campaign)?;
    let viewer = app.viewer();
    let known = app.galvanome.known(&id).await?;
    let address = format!("/api/v1/pixels/{id}/{component}/{question}/{technique}/{observable}");
    let key = Key { address, revision: known.revision, viewer: viewer.clone() };
    app.answers
        .answer(key, &headers, started, async || {
            let of = [&*component, &*question, &*technique, &*observable];
            let why = why::pixel(&app.galvanome, &id, of, &viewer).await?;
            Ok(Ready::json(&PixelDetail::of(&why.known, &why.behind)))
        })
        .await
}

/// One observable by all techniques.
#[utoipa::path(
    get, operation_id = "show_sublayer", tag = "metaviews",
    path = "/api/v1/campaigns/{campaign}/sublayers/{component}/{question}/{observable}",
    params(
        ("campaign" = String, Path, description = "The campaign's id"),
        ("component" = String, Path, description = "The component's id"),
        ("question" = String, Path, description = "The question's id"),
        ("observable" = String, Path, description = "The observable's id"),
    ),
    responses((status = 200, body = Sublayer), (status = 404, body = wire::Problem)),
)]
pub(super) async fn sublayer(
    State(app): State<App>,
    Path((campaign, component, question, observable)): Path<(String, String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let started = Instant::now();
    let id = campaign_id(&campaign)?;
    let viewer = app.viewer();
    let known = app.galvanome.known(&id).await?;
    let address = format!("/api/v1/sublayers/{id}/{component}/{question}/{observable}");
    let key = Key { address, revision: known.revision, viewer: viewer.clone() };
    app.answers
        .answer(key, &headers, started, async || {
            let of = [&*component, &*question, &*observable];
            let column = why::column(&app.galvanome, &id, of, &viewer).await?;
            Ok(Ready::json(&Sublayer::of(&column)))
        })
        .await
}
