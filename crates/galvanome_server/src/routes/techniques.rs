//! The catalogue, as it ships and as a campaign uses it.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use galvanome_model::ids::TechniqueId;

use super::campaign_id;
use crate::asked::Path;
use crate::problem::Trouble;
use crate::reply::{Ready, send};
use crate::state::App;
use crate::wire::{self, Page, TechniqueOut, TechniqueSummary};

/// The techniques of the catalogue.
#[utoipa::path(
    get, operation_id = "list_techniques", tag = "techniques",
    path = "/api/v1/techniques",
    responses((status = 200, body = Page<TechniqueSummary>)),
)]
pub(super) async fn list(State(app): State<App>, headers: HeaderMap) -> Response {
    let items = app.galvanome.catalogue().techniques.iter().map(TechniqueSummary::from).collect();
    send(&Ready::json(&Page { schema: wire::SCHEMA, items, next: None }), &headers)
}

/// One technique with everything that is known of it, and where each fact comes from.
#[utoipa::path(
    get, operation_id = "show_technique", tag = "techniques",
    path = "/api/v1/techniques/{technique}",
    params(("technique" = String, Path, description = "The technique's id")),
    responses((status = 200, body = TechniqueOut), (status = 404, body = wire::Problem)),
)]
pub(super) async fn show(
    State(app): State<App>,
    Path(technique): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let catalogue = app.galvanome.catalogue();
    let id = TechniqueId::new(&technique).ok();
    let found = id.and_then(|id| catalogue.technique(&id)).ok_or_else(|| {
        let there_are = catalogue.techniques.iter().map(|technique| &technique.id);
        Trouble::from(galvanome::Error::not_found_among("technique", technique, there_are))
    })?;
    Ok(send(&Ready::json(&TechniqueOut::from(found)), &headers))
}

/// The techniques of a campaign, in its order and with what it changes about them.
#[utoipa::path(
    get, operation_id = "list_techniques_of_campaign", tag = "techniques",
    path = "/api/v1/campaigns/{campaign}/techniques",
    params(("campaign" = String, Path, description = "The campaign's id")),
    responses((status = 200, body = Page<TechniqueOut>), (status = 404, body = wire::Problem)),
)]
pub(super) async fn of_campaign(
    State(app): State<App>,
    Path(campaign): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let known = app.galvanome.known(&campaign_id(&campaign)?).await?;
    let items = known.frame.catalogue.techniques.iter().map(TechniqueOut::from).collect();
    Ok(send(&Ready::json(&Page { schema: wire::SCHEMA, items, next: None }), &headers))
}
