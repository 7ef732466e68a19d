//! The pages of the catalogue, as it ships and as a campaign uses it.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use galvanome::Known;
use galvanome_model::catalogue::{Catalogue, Technique};
use galvanome_model::ids::TechniqueId;

use super::pages::{Around, of_campaign, rendered};
use crate::asked::{Path, Query};
use crate::pages::technique::TechniqueInput;
use crate::pages::techniques::TechniquesInput;
use crate::pages::{self, Section, Shell};
use crate::problem::Trouble;
use crate::reply::{Ready, send};
use crate::state::App;

/// The frame of a page that belongs to no campaign.
const fn shell() -> Shell<'static> {
    Shell { campaign: None, section: Section::Techniques, user: "", data: None }
}

fn answered(page: Result<Ready, Trouble>, headers: &HeaderMap) -> Response {
    match page {
        Ok(ready) => send(&ready.in_kept_theme(headers), headers).into_response(),
        Err(trouble) => trouble.into_answer(headers),
    }
}

/// The technique of an address, or what there is instead.
fn found<'a>(catalogue: &'a Catalogue, technique: &str) -> Result<&'a Technique, Trouble> {
    let id = TechniqueId::new(technique).ok();
    id.and_then(|id| catalogue.technique(&id)).ok_or_else(|| {
        let there_are = catalogue.techniques.iter().map(|technique| &technique.id);
        Trouble::from(galvanome::Error::not_found_among("technique", technique, there_are))
    })
}

/// The catalogue with the map of probed depth against lateral scale.
pub(super) async fn techniques(
    State(app): State<App>,
    Query(query): Query<pages::techniques::Query>,
    headers: HeaderMap,
) -> Response {
    let input = TechniquesInput {
        shell: shell(),
        catalogue: app.galvanome.catalogue(),
        campaign: None,
        query: &query,
    };
    answered(rendered(pages::techniques::render(&input)), &headers)
}

/// One technique of the catalogue.
pub(super) async fn technique(
    State(app): State<App>,
    Path(technique): Path<String>,
    headers: HeaderMap,
) -> Response {
    let catalogue = app.galvanome.catalogue();
    let page = found(catalogue, &technique).and_then(|technique| {
        rendered(pages::technique::render(&TechniqueInput {
            shell: shell(),
            technique,
            catalogue,
            campaign: None,
            shipped: None,
            manual: app.galvanome.manual(&technique.id),
        }))
    });
    answered(page, &headers)
}

/// The techniques of a campaign.
pub(super) async fn of_a_campaign(
    State(app): State<App>,
    Path(campaign): Path<String>,
    Query(query): Query<pages::techniques::Query>,
    headers: HeaderMap,
) -> Response {
    let address = format!("/c/{campaign}/techniques {query:?}");
    of_campaign(&app, &campaign, address, &headers, async |_, known, _| {
        let around = Around::of(known);
        rendered(pages::techniques::render(&TechniquesInput {
            shell: around.shell(known, Section::Techniques),
            catalogue: &known.frame.catalogue,
            campaign: Some(&known.frame.definition),
            query: &query,
        }))
    })
    .await
}

/// One technique as a campaign uses it.
pub(super) async fn one_of_a_campaign(
    State(app): State<App>,
    Path((campaign, technique)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let address = format!("/c/{campaign}/techniques/{technique}");
    of_campaign(&app, &campaign, address, &headers, async |_, known, _| {
        in_campaign(&app, known, &technique)
    })
    .await
}

fn in_campaign(app: &App, known: &Known, technique: &str) -> Result<Ready, Trouble> {
    let catalogue = &known.frame.catalogue;
    let technique = found(catalogue, technique)?;
    let around = Around::of(known);
    rendered(pages::technique::render(&TechniqueInput {
        shell: around.shell(known, Section::Techniques),
        technique,
        catalogue,
        campaign: Some(&known.frame.definition),
        shipped: app.galvanome.catalogue().technique(&technique.id),
        manual: app.galvanome.manual(&technique.id),
    }))
}
