//! Datasets: their pages, what their files say, rows of their tables, the files themselves.

use std::time::Instant;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use galvanome::dataset::{self, Opened};
use serde::Deserialize;
use utoipa::IntoParams;

use super::campaign_id;
use super::pages::{Around, of_campaign, rendered};
use crate::asked::{Path, Query};
use crate::pages::dataset::{Asked, DatasetInput};
use crate::pages::datasets::DatasetsInput;
use crate::pages::{self, Section};
use crate::problem::Trouble;
use crate::reply::{Key, Ready, has, send};
use crate::state::App;
use crate::wire::{self, DatasetDetail, RowsOut};

/// A dataset by its address.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct OfDataset {
    /// The campaign's id
    campaign: String,
    /// The dataset's id
    dataset: String,
}

impl OfDataset {
    async fn open(&self, app: &App) -> Result<Opened, Trouble> {
        let id = campaign_id(&self.campaign)?;
        Ok(dataset::open(&app.galvanome, &id, &self.dataset, &app.viewer()).await?)
    }
}

/// One dataset: what was written down of it, what its file says, and what was found in it.
#[utoipa::path(
    get, operation_id = "show_dataset", tag = "datasets",
    path = "/api/v1/campaigns/{campaign}/datasets/{dataset}",
    params(OfDataset),
    responses((status = 200, body = DatasetDetail), (status = 404, body = wire::Problem)),
)]
pub(super) async fn show(
    State(app): State<App>,
    Path(of): Path<OfDataset>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let opened = of.open(&app).await?;
    Ok(send(&Ready::json(&DatasetDetail::of(&opened)), &headers))
}

/// Which rows.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WhichRows {
    table: Option<String>,
    first: Option<u64>,
    limit: Option<u64>,
}

/// Rows when nothing is asked for.
const ROWS: u64 = 100;

/// Some rows of a table of a dataset, as they were read.
#[utoipa::path(
    get, operation_id = "list_rows", tag = "datasets",
    path = "/api/v1/campaigns/{campaign}/datasets/{dataset}/rows",
    params(
        OfDataset,
        ("table" = Option<String>, Query, description = "The table; the main one when left out"),
        ("first" = Option<u64>, Query, description = "The first row, from 0"),
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 1000, description = "How many rows; 100 when left out"),
    ),
    responses(
        (status = 200, body = RowsOut),
        (status = 404, body = wire::Problem),
        (status = 503, body = wire::Problem),
    ),
)]
pub(super) async fn rows(
    State(app): State<App>,
    Path(OfDataset { campaign, dataset }): Path<OfDataset>,
    Query(which): Query<WhichRows>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let id = campaign_id(&campaign)?;
    let limit = which.limit.unwrap_or(ROWS);
    if !(1..=dataset::MOST_ROWS).contains(&limit) {
        return Err(Trouble::bad_request(format!(
            "`limit` is {limit}, and must be 1 to {}",
            dataset::MOST_ROWS
        )));
    }
    let (_, _, columns) = dataset::columns(&app.galvanome, &id, &dataset, &app.viewer()).await?;
    let tables = &columns.contents().tables;
    let main = || tables.first().map(|table| table.name.clone()).unwrap_or_default();
    let table = which.table.unwrap_or_else(main);
    let all = tables.iter().find(|one| one.name == table).map_or(0, |one| one.rows);
    let first = which.first.unwrap_or(0);
    let cells = dataset::rows(&columns, &table, first, limit)?;
    Ok(send(&Ready::json(&RowsOut::of(&table, first, all, cells)), &headers))
}

/// The file of a dataset, byte for byte as it came.
#[utoipa::path(
    get, operation_id = "get_file", tag = "datasets",
    path = "/api/v1/campaigns/{campaign}/datasets/{dataset}/file",
    params(OfDataset),
    responses(
        (status = 200, description = "The file, to be saved", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 404, body = wire::Problem),
    ),
)]
pub(super) async fn file(
    State(app): State<App>,
    Path(OfDataset { campaign, dataset }): Path<OfDataset>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let id = campaign_id(&campaign)?;
    let (_, found) = dataset::find(&app.galvanome, &id, &dataset, &app.viewer()).await?;
    let tag = format!("W/\"{}\"", found.sha256);
    if has(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    let (bytes, pieces) = dataset::file(&app.galvanome, &found).await?;
    let name = found.path.rsplit('/').next().unwrap_or_default();
    let name: String = name.chars().filter(|c| c.is_ascii_graphic() && *c != '"').collect();
    let mut response = Body::from_stream(pieces).into_response();
    let set = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_LENGTH, bytes.to_string()),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        (header::ETAG, tag),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    for (header, value) in set {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(header, value);
        }
    }
    Ok(response)
}

/// The datasets of a campaign.
pub(super) async fn list(
    State(app): State<App>,
    Path(campaign): Path<String>,
    headers: HeaderMap,
) -> Response {
    let work = async {
        let id = campaign_id(&campaign)?;
        Ok::<_, Trouble>(dataset::work(&app.galvanome, &id).await?)
    };
    let work = match work.await {
        Ok(work) => work,
        Err(trouble) => return trouble.into_answer(&headers),
    };
    // How far the work is changes without the campaign.
    let address = format!("/c/{campaign}/datasets {work:?}");
    of_campaign(&app, &campaign, address, &headers, async |_, known, viewer| {
        let around = Around::of(known);
        rendered(pages::datasets::render(&DatasetsInput {
            shell: around.shell(known, Section::Datasets),
            frame: &known.frame,
            campaign: &known.campaign,
            datasets: &known.datasets_for(viewer),
            work: &work,
        }))
    })
    .await
}

/// One dataset.
pub(super) async fn page(
    State(app): State<App>,
    Path(of): Path<OfDataset>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let address = format!("/c/{}/datasets/{} {asked:?}", of.campaign, of.dataset);
    with_opened(&app, &of, address, &headers, |opened| {
        let around = Around::of(&opened.known);
        let page = pages::dataset::render(&DatasetInput {
            shell: around.shell(&opened.known, Section::Datasets),
            opened,
            asked: &asked,
        });
        rendered(page.map_err(|error| error.to_string()))
    })
    .await
}

/// How far the work on a dataset is, as the part of its page that is asked for again and again. When nothing is open any
/// more the page is loaded anew.
pub(super) async fn state(
    State(app): State<App>,
    Path(of): Path<OfDataset>,
    headers: HeaderMap,
) -> Response {
    let opened = match of.open(&app).await {
        Ok(opened) => opened,
        Err(trouble) => return trouble.into_answer(&headers),
    };
    let mut response = match rendered(pages::dataset::work(&opened)) {
        Ok(ready) => send(&ready, &headers),
        Err(trouble) => return trouble.into_answer(&headers),
    };
    let is_open = opened.work.reading.is_open() || opened.work.analysing.is_open();
    if !is_open && headers.contains_key("hx-request") {
        response.headers_mut().insert("hx-refresh", HeaderValue::from_static("true"));
    }
    response
}

/// Answers with what is made of a dataset, kept under the campaign's revision and how far the work on it is.
async fn with_opened(
    app: &App,
    of: &OfDataset,
    address: String,
    headers: &HeaderMap,
    make: impl FnOnce(&Opened) -> Result<Ready, Trouble>,
) -> Response {
    let started = Instant::now();
    let answer = async {
        let opened = of.open(app).await?;
        let viewer = app.viewer();
        let address = format!("{address} {:?}", opened.work);
        let key = Key { address, revision: opened.known.revision, viewer };
        app.answers.answer(key, headers, started, async || make(&opened)).await
    };
    answer.await.unwrap_or_else(|trouble: Trouble| trouble.into_answer(headers))
}
