//! Samples, experiments, datasets and quantities, by cursor.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use galvanome::QuantityOrigin;
use serde::{Deserialize, Serialize};

use super::campaign_id;
use super::campaigns::{Cursor, bad_cursor};
use crate::asked::{Path, Query};
use crate::problem::Trouble;
use crate::reply::{Ready, send};
use crate::state::App;
use crate::wire::{self, DatasetOut, ExperimentOut, Page, QuantityOut, SampleOut};

/// How many items one page holds at most, and when nothing is asked for.
const MOST: u32 = 1000;

/// One page of a list. The cursor is the place of its first item and the data version that it counts in: a list
/// that has changed since would repeat some of its items and leave out others.
fn page<T, Out: Serialize>(
    cursor: &Cursor,
    revision: i64,
    all: &[T],
    show: impl Fn(&T) -> Out,
) -> Result<Page<Out>, Trouble> {
    let from = match &cursor.after {
        Some(after) => place(after, revision)?,
        None => 0,
    };
    if from > all.len() {
        return Err(bad_cursor());
    }
    let limit = cursor.items(MOST)? as usize;
    let items: Vec<Out> = all.iter().skip(from).take(limit).map(show).collect();
    let next = from + items.len();
    let next = (next < all.len()).then(|| format!("{revision}.{next}"));
    Ok(Page { schema: wire::SCHEMA, items, next })
}

fn place(after: &str, revision: i64) -> Result<usize, Trouble> {
    let (of, from) = after.split_once('.').ok_or_else(bad_cursor)?;
    let of: i64 = of.parse().map_err(|_| bad_cursor())?;
    let from = from.parse().map_err(|_| bad_cursor())?;
    if of != revision {
        return Err(Trouble::changed(
            "the campaign has changed since the page that gave this cursor; leave `after` out to begin again",
        ));
    }
    Ok(from)
}

/// The samples of a campaign.
#[utoipa::path(
    get, operation_id = "list_samples", tag = "campaigns",
    path = "/api/v1/campaigns/{campaign}/samples",
    params(
        ("campaign" = String, Path, description = "The campaign's id"),
        ("after" = Option<String>, Query, description = "The `next` of the page before"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 1000, description = "How many items"),
    ),
    responses(
        (status = 200, body = Page<SampleOut>),
        (status = 404, body = wire::Problem),
        (status = 409, body = wire::Problem),
    ),
)]
pub(super) async fn samples(
    State(app): State<App>,
    Path(campaign): Path<String>,
    Query(cursor): Query<Cursor>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let known = app.galvanome.known(&campaign_id(&campaign)?).await?;
    let page = page(&cursor, known.revision, &known.campaign.samples, |one| SampleOut::from(one))?;
    Ok(send(&Ready::json(&page), &headers))
}

/// The experiments of a campaign.
#[utoipa::path(
    get, operation_id = "list_experiments", tag = "campaigns",
    path = "/api/v1/campaigns/{campaign}/experiments",
    params(
        ("campaign" = String, Path, description = "The campaign's id"),
        ("after" = Option<String>, Query, description = "The `next` of the page before"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 1000, description = "How many items"),
    ),
    responses(
        (status = 200, body = Page<ExperimentOut>),
        (status = 404, body = wire::Problem),
        (status = 409, body = wire::Problem),
    ),
)]
pub(super) async fn experiments(
    State(app): State<App>,
    Path(campaign): Path<String>,
    Query(cursor): Query<Cursor>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let known = app.galvanome.known(&campaign_id(&campaign)?).await?;
    let page =
        page(&cursor, known.revision, &known.campaign.experiments, |one| ExperimentOut::from(one))?;
    Ok(send(&Ready::json(&page), &headers))
}

/// The datasets of a campaign that the reader may see.
#[utoipa::path(
    get, operation_id = "list_datasets", tag = "campaigns",
    path = "/api/v1/campaigns/{campaign}/datasets",
    params(
        ("campaign" = String, Path, description = "The campaign's id"),
        ("after" = Option<String>, Query, description = "The `next` of the page before"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 1000, description = "How many items"),
    ),
    responses(
        (status = 200, body = Page<DatasetOut>),
        (status = 404, body = wire::Problem),
        (status = 409, body = wire::Problem),
    ),
)]
pub(super) async fn datasets(
    State(app): State<App>,
    Path(campaign): Path<String>,
    Query(cursor): Query<Cursor>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let known = app.galvanome.known(&campaign_id(&campaign)?).await?;
    let seen = known.datasets_for(&app.viewer());
    let page = page(&cursor, known.revision, &seen, |dataset| DatasetOut::from(*dataset))?;
    Ok(send(&Ready::json(&page), &headers))
}

/// Which quantities.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    technique: Option<String>,
    component: Option<String>,
    after: Option<String>,
    limit: Option<u32>,
}

/// The quantities of a campaign that the reader may see, with their uncertainties.
#[utoipa::path(
    get, operation_id = "list_quantities", tag = "campaigns",
    path = "/api/v1/campaigns/{campaign}/quantities",
    params(
        ("campaign" = String, Path, description = "The campaign's id"),
        ("technique" = Option<String>, Query, description = "Only this technique"),
        ("component" = Option<String>, Query, description = "Only this component, and the whole cell"),
        ("after" = Option<String>, Query, description = "The `next` of the page before"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 1000, description = "How many items"),
    ),
    responses(
        (status = 200, body = Page<QuantityOut>),
        (status = 404, body = wire::Problem),
        (status = 409, body = wire::Problem),
    ),
)]
pub(super) async fn quantities(
    State(app): State<App>,
    Path(campaign): Path<String>,
    Query(which): Query<Which>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let (technique, component) = (which.technique.as_deref(), which.component.as_deref());
    let id = campaign_id(&campaign)?;
    let known = app.galvanome.known(&id).await?;
    let held =
        galvanome::show::quantities(&app.galvanome, &id, technique, component, &app.viewer())
            .await?;
    let cursor = Cursor { after: which.after, limit: which.limit };
    let page = page(&cursor, known.revision, &held, |one| {
        QuantityOut::of(&one.quantity, one.origin == QuantityOrigin::Computed)
    })?;
    Ok(send(&Ready::json(&page), &headers))
}
