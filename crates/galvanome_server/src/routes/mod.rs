//! Every route with its policy, one file per noun.

mod assets;
mod campaigns;
mod curves;
mod datasets;
mod facts;
mod figures;
mod jobs;
mod library;
mod metaviews;
mod opened;
mod pages;
mod pictures;
mod pixels;
mod techniques;
mod uploads;

use axum::Router;
use axum::routing::get;
use galvanome_model::ids::CampaignId;
use utoipa_axum::routes;

use crate::doors::{Declared, Doors, Policy};
use crate::problem::Trouble;
use crate::state::App;

pub use campaigns::detail;

/// The whole router, the API's description, and every route with its policy.
pub(crate) fn all() -> (Router<App>, utoipa::openapi::OpenApi, Vec<Declared>) {
    use Policy::{Anyone, Reader, Writer};
    Doors::default()
        .api(Reader, routes!(campaigns::list))
        .api(Reader, routes!(campaigns::show))
        .api(Reader, routes!(metaviews::all))
        .api(Reader, routes!(metaviews::one))
        .api(Reader, routes!(pixels::pixel))
        .api(Reader, routes!(pixels::sublayer))
        .api(Reader, routes!(facts::samples))
        .api(Reader, routes!(facts::experiments))
        .api(Reader, routes!(facts::datasets))
        .api(Reader, routes!(facts::quantities))
        .api(Reader, routes!(datasets::show))
        .api(Reader, routes!(datasets::rows))
        .api(Reader, routes!(datasets::file))
        .api(Reader, routes!(curves::curve))
        .api(Reader, routes!(pictures::picture))
        .api(Writer, routes!(uploads::begin))
        .api(Writer, routes!(uploads::show, uploads::piece, uploads::end, uploads::give_up))
        .api(Reader, routes!(figures::figure))
        .api(Reader, routes!(techniques::list))
        .api(Reader, routes!(techniques::show))
        .api(Reader, routes!(techniques::of_campaign))
        .api(Reader, routes!(jobs::list))
        .page(Anyone, "/api/v1/openapi.json", get(assets::openapi))
        .page(Anyone, "/assets/{name}", get(assets::asset))
        .page(Reader, "/", get(pages::campaigns))
        .page(Reader, "/c/{campaign}", get(pages::overview))
        .page(Reader, "/c/{campaign}/techniques", get(library::of_a_campaign))
        .page(Reader, "/c/{campaign}/techniques/{technique}", get(library::one_of_a_campaign))
        .page(Reader, "/techniques", get(library::techniques))
        .page(Reader, "/techniques/{technique}", get(library::technique))
        .page(Reader, "/c/{campaign}/metaviews/{component}", get(pages::metaviews))
        .page(Reader, "/c/{campaign}/metaviews/{component}/cells.json", get(pages::cells))
        .page(
            Reader,
            "/c/{campaign}/pixel/{component}/{question}/{technique}/{observable}",
            get(opened::pixel),
        )
        .page(
            Reader,
            "/c/{campaign}/sublayer/{component}/{question}/{observable}",
            get(opened::sublayer),
        )
        .page(Reader, "/c/{campaign}/datasets", get(datasets::list))
        .page(Reader, "/c/{campaign}/datasets/{dataset}", get(datasets::page))
        .page(Reader, "/c/{campaign}/datasets/{dataset}/state", get(datasets::state))
        .page(Reader, "/c/{campaign}/{figure}", get(figures::page_figure))
        .split()
}

/// A campaign's id from an address.
fn campaign_id(text: &str) -> Result<CampaignId, Trouble> {
    CampaignId::new(text).map_err(|_| Trouble::not_found(format!("there is no campaign `{text}`")))
}

/// What is asked for, as a number.
fn hash(what: &impl std::hash::Hash) -> u64 {
    use std::hash::{DefaultHasher, Hasher};
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}
