//! Campaigns.

use std::time::Instant;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use galvanome::show;
use galvanome_model::ids::CampaignId;
use serde::Deserialize;

use super::campaign_id;
use crate::asked::{Path, Query};
use crate::problem::Trouble;
use crate::reply::{Key, Ready, send};
use crate::state::App;
use crate::wire::{self, CampaignDetail, CampaignSummary, Held, Named, Page};

/// Where a list goes on, and how much of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cursor {
    /// The `next` of the page before.
    pub(super) after: Option<String>,
    /// How many items.
    pub(super) limit: Option<u32>,
}

impl Cursor {
    /// How many items a page holds: as many as are asked for, `most` when nothing is.
    pub(super) fn items(&self, most: u32) -> Result<u32, Trouble> {
        let limit = self.limit.unwrap_or(most);
        if (1..=most).contains(&limit) {
            Ok(limit)
        } else {
            Err(Trouble::bad_request(format!("`limit` is {limit}; ask for 1 to {most} items")))
        }
    }
}

/// A cursor that no page gave.
pub(super) fn bad_cursor() -> Trouble {
    Trouble::bad_request(
        "`after` is not the `next` of a page; leave it out to begin with the first one",
    )
}

/// The campaigns, in the order of their ids.
#[utoipa::path(
    get, operation_id = "list_campaigns", tag = "campaigns",
    path = "/api/v1/campaigns",
    params(
        ("after" = Option<String>, Query, description = "The `next` of the page before"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 100, description = "How many items"),
    ),
    responses((status = 200, body = Page<CampaignSummary>), (status = 400, body = wire::Problem)),
)]
pub(super) async fn list(
    State(app): State<App>,
    Query(cursor): Query<Cursor>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let limit = cursor.items(show::PAGE)?;
    let after =
        cursor.after.map(|after| CampaignId::new(&after).map_err(|_| bad_cursor())).transpose()?;
    let found = show::campaigns(&app.galvanome, after.as_ref(), limit).await?;
    let last = found.last().filter(|_| found.len() == limit as usize).map(|last| &last.id);
    let more = match last {
        Some(last) => !show::campaigns(&app.galvanome, Some(last), 1).await?.is_empty(),
        None => false,
    };
    let next = last.filter(|_| more).map(ToString::to_string);
    let items = found
        .into_iter()
        .map(|one| CampaignSummary {
            id: one.id.to_string(),
            title: one.title,
            invented: one.invented,
            revision: one.revision,
        })
        .collect();
    Ok(send(&Ready::json(&Page { schema: wire::SCHEMA, items, next }), &headers))
}

/// One campaign: what is asked, of what, by whom.
#[utoipa::path(
    get, operation_id = "show_campaign", tag = "campaigns",
    path = "/api/v1/campaigns/{campaign}",
    params(("campaign" = String, Path, description = "The campaign's id")),
    responses((status = 200, body = CampaignDetail), (status = 404, body = wire::Problem)),
)]
pub(super) async fn show(
    State(app): State<App>,
    Path(campaign): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let started = Instant::now();
    let id = campaign_id(&campaign)?;
    let known = app.galvanome.known(&id).await?;
    let key = Key {
        address: format!("/api/v1/campaigns/{id}"),
        revision: known.revision,
        viewer: app.viewer(),
    };
    app.answers
        .answer(key, &headers, started, async || {
            let quantities = galvanome::show::count_quantities(&app.galvanome, &id).await?;
            Ok(Ready::json(&detail(&known, quantities)))
        })
        .await
}

/// The document of a campaign.
pub fn detail(known: &galvanome::Known, quantities: usize) -> CampaignDetail {
    let catalogue = &known.frame.catalogue;
    let named = |id: String, name: &str| Named { id, name: name.to_owned() };
    CampaignDetail::of(
        &known.frame.definition,
        known.revision,
        catalogue.observables.iter().map(|one| named(one.id.to_string(), &one.name)).collect(),
        catalogue.techniques.iter().map(|one| named(one.id.to_string(), &one.name)).collect(),
        Held {
            samples: known.campaign.samples.len(),
            experiments: known.campaign.experiments.len(),
            datasets: known.campaign.datasets.len(),
            quantities,
        },
    )
}
