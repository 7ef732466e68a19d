//! The publication figure, to be saved.

use std::time::Instant;

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use galvanome::figure::{self, Form};
use galvanome::metaview;
use serde::Deserialize;

use super::campaign_id;
use crate::asked::{Path, Query};
use crate::problem::Trouble;
use crate::reply::{Key, Ready};
use crate::state::App;
use crate::wire;

/// Which metaviews are drawn.
#[derive(Debug, Deserialize)]
pub(super) struct Which {
    component: Option<String>,
    question: Option<String>,
}

/// The publication figure of a campaign as SVG, PNG, PDF, CSV or one self-contained HTML file.
#[utoipa::path(
    get, operation_id = "draw_figure", tag = "metaviews",
    path = "/api/v1/campaigns/{campaign}/figures/{form}",
    params(
        ("campaign" = String, Path, description = "The campaign's id"),
        ("form" = inline(wire::FigureForm), Path, description = "What to draw"),
        ("component" = Option<String>, Query, description = "Only this component"),
        ("question" = Option<String>, Query, description = "Only this question"),
    ),
    responses(
        (status = 200, description = "The figure, to be saved", content(
            (String = "image/svg+xml"), (Vec<u8> = "image/png"), (Vec<u8> = "application/pdf"),
            (String = "text/csv"), (String = "text/html"),
        )),
        (status = 404, body = wire::Problem),
    ),
)]
pub(super) async fn figure(
    State(app): State<App>,
    Path((campaign, form)): Path<(String, String)>,
    Query(which): Query<Which>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let form = Form::of_name(&form)?;
    draw(&app, &campaign, form, which, &headers).await
}

/// The same at `/c/{campaign}/figure.pdf`, where a page links to it.
pub(super) async fn page_figure(
    State(app): State<App>,
    Path((campaign, name)): Path<(String, String)>,
    Query(which): Query<Which>,
    headers: HeaderMap,
) -> Response {
    let form = name.strip_prefix("figure.").map(Form::of_name);
    let Some(Ok(form)) = form else {
        return Trouble::not_found("there is no page at this address").into_answer(&headers);
    };
    match draw(&app, &campaign, form, which, &headers).await {
        Ok(response) => response,
        Err(trouble) => trouble.into_answer(&headers),
    }
}

async fn draw(
    app: &App,
    campaign: &str,
    form: Form,
    which: Which,
    headers: &HeaderMap,
) -> Result<Response, Trouble> {
    let started = Instant::now();
    let id = campaign_id(campaign)?;
    let viewer = app.viewer();
    let known = app.galvanome.known(&id).await?;
    let (component, question) = (which.component.as_deref(), which.question.as_deref());
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let address = format!("http://{host}/c/{id}");
    let key = Key {
        address: format!("{address}/figure.{}?{component:?}&{question:?}", form.ending()),
        revision: known.revision,
        viewer: viewer.clone(),
    };
    let name = match component {
        Some(component) => format!("{id}-{component}.{}", form.ending()),
        None => format!("{id}.{}", form.ending()),
    };
    app.answers
        .answer(key, headers, started, async || {
            let views = metaview::views(&app.galvanome, &id, component, question, &viewer).await?;
            let bytes = figure::draw(&app.galvanome, &views, form, Some(&address), &viewer).await?;
            Ok::<_, Trouble>(Ready::new(form.media_type(), bytes).saved_as(name))
        })
        .await
        .map(IntoResponse::into_response)
}
