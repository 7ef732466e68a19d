//! The pages: from an address to what they are made of.

use std::time::Instant;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use galvanome::{Known, metaview, show};
use galvanome_model::ids::CampaignId;
use galvanome_model::visibility::Viewer;

use super::campaign_id;
use crate::asked::{Path, Query};
use crate::pages::{self, CampaignHead, DataVersion, Section, Shell};
use crate::problem::Trouble;
use crate::reply::{Key, Ready};
use crate::state::App;

/// Above so many pixels the lists say how large a campaign is instead of drawing it small.
const PIXELS_IN_A_LIST: usize = 20_000;

/// A page that could not be rendered is a mistake in the program.
pub(super) fn rendered(page: Result<String, impl std::fmt::Display>) -> Result<Ready, Trouble> {
    page.map(Ready::html)
        .map_err(|error| Trouble::internal(format!("the page could not be drawn: {error}")))
}

/// The frame of a campaign's page, with what it borrows.
pub(super) struct Around {
    revision: String,
}

impl Around {
    pub(super) fn of(known: &Known) -> Self {
        Self { revision: known.revision.to_string() }
    }

    pub(super) fn shell<'a>(&'a self, known: &'a Known, section: Section) -> Shell<'a> {
        Shell {
            campaign: Some(CampaignHead::of(&known.frame.definition)),
            section,
            user: "",
            data: Some(DataVersion { revision: &self.revision, written_at_us: known.updated_us }),
        }
    }
}

/// Answers with a page of one campaign, kept under the campaign's revision.
pub(super) async fn of_campaign(
    app: &App,
    campaign: &str,
    address: String,
    headers: &HeaderMap,
    make: impl AsyncFnOnce(&CampaignId, &Known, &Viewer) -> Result<Ready, Trouble>,
) -> Response {
    let started = Instant::now();
    let answer = async {
        let id = campaign_id(campaign)?;
        let known = app.galvanome.known(&id).await?;
        let viewer = app.viewer();
        let key = Key { address, revision: known.revision, viewer: viewer.clone() };
        app.answers.answer(key, headers, started, async || make(&id, &known, &viewer).await).await
    };
    answer.await.unwrap_or_else(|trouble: Trouble| trouble.into_answer(headers))
}

/// The list of campaigns.
pub(super) async fn campaigns(State(app): State<App>, headers: HeaderMap) -> Response {
    let answer = async {
        let started = Instant::now();
        let viewer = app.viewer();
        let found = show::campaigns(&app.galvanome, None, show::PAGE).await?;
        let revision = found.iter().map(|one| one.revision).sum();
        let address = format!("/ {:?}", found.iter().map(|one| &one.id).collect::<Vec<_>>());
        let key = Key { address, revision, viewer: viewer.clone() };
        app.answers
            .answer(key, &headers, started, async || {
                let mut views = Vec::new();
                for one in &found {
                    views.push(small_views(&app, &one.id, &viewer).await?);
                }
                let entries: Vec<_> = views
                    .iter()
                    .map(|views| pages::campaigns::CampaignEntry {
                        definition: &views.known.frame.definition,
                        metaviews: &views.views,
                    })
                    .collect();
                rendered(pages::campaigns::render(&pages::campaigns::CampaignsInput {
                    shell: Shell {
                        campaign: None,
                        section: Section::Campaigns,
                        user: "",
                        data: None,
                    },
                    campaigns: &entries,
                }))
            })
            .await
    };
    answer.await.unwrap_or_else(|trouble: Trouble| trouble.into_answer(&headers))
}

/// All metaviews of a campaign, or none of them when there are too many pixels for a small picture.
async fn small_views(
    app: &App,
    id: &CampaignId,
    viewer: &Viewer,
) -> Result<metaview::Views, Trouble> {
    let known = app.galvanome.known(id).await?;
    let (definition, catalogue) = (&known.frame.definition, &known.frame.catalogue);
    let pixels = definition.components.len()
        * definition.questions.len()
        * catalogue.techniques.len()
        * catalogue.observables.len();
    if pixels > PIXELS_IN_A_LIST {
        return Ok(metaview::Views { known, views: Vec::new() });
    }
    Ok(metaview::views(&app.galvanome, id, None, None, viewer).await?)
}

/// The metaviews of one component.
pub(super) async fn metaviews(
    State(app): State<App>,
    Path((campaign, component)): Path<(String, String)>,
    Query(query): Query<pages::metaviews::Query>,
    headers: HeaderMap,
) -> Response {
    let address = format!("/c/{campaign}/metaviews/{component} {query:?}");
    of_campaign(&app, &campaign, address, &headers, async |id, known, viewer| {
        with_metaviews(&app, id, &component, &query, viewer, |input| {
            let page = rendered(pages::metaviews::render(input))?;
            if pages::metaviews::is_on_canvas(input) {
                // The page asks for them next.
                let address = cells_address(&campaign, &component);
                let key = Key { address, revision: known.revision, viewer: viewer.clone() };
                app.answers.keep(key, cells_of(input)?);
            }
            Ok(page)
        })
        .await
    })
    .await
}

fn cells_address(campaign: &str, component: &str) -> String {
    format!("/c/{campaign}/metaviews/{component}/cells.json")
}

fn cells_of(input: &pages::metaviews::MetaviewsInput) -> Result<Ready, Trouble> {
    pages::metaviews::cells_json(input)
        .map(|json| Ready::new("application/json", json))
        .map_err(|error| Trouble::internal(error.to_string()))
}

/// The same as data, for the canvas of a large campaign.
pub(super) async fn cells(
    State(app): State<App>,
    Path((campaign, component)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let address = cells_address(&campaign, &component);
    of_campaign(&app, &campaign, address, &headers, async |id, _, viewer| {
        let query = pages::metaviews::Query::default();
        with_metaviews(&app, id, &component, &query, viewer, cells_of).await
    })
    .await
}

async fn with_metaviews(
    app: &App,
    id: &CampaignId,
    component: &str,
    query: &pages::metaviews::Query,
    viewer: &Viewer,
    make: impl FnOnce(&pages::metaviews::MetaviewsInput) -> Result<Ready, Trouble>,
) -> Result<Ready, Trouble> {
    let views = metaview::views(&app.galvanome, id, Some(component), None, viewer).await?;
    let known = &views.known;
    let definition = &known.frame.definition;
    let Some(of) = definition.components.iter().find(|one| one.id.as_str() == component) else {
        return Err(Trouble::not_found(format!("there is no component `{component}`")));
    };
    let around = Around::of(known);
    let mut shell = around.shell(known, Section::Metaviews);
    shell.campaign = shell.campaign.map(|head| head.at(&of.id));
    make(&pages::metaviews::MetaviewsInput {
        shell,
        frame: &known.frame,
        component: of,
        metaviews: &views.views,
        notes: &pages::metaviews::row_notes(&known.campaign, &of.id),
        query,
    })
}

/// The overview of a campaign.
pub(super) async fn overview(
    State(app): State<App>,
    Path(campaign): Path<String>,
    headers: HeaderMap,
) -> Response {
    let today = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    let failed = async {
        let id = campaign_id(&campaign)?;
        Ok::<_, Trouble>(galvanome::jobs::failed(&app.galvanome, &id).await?)
    };
    let failed = match failed.await {
        Ok(failed) => failed,
        Err(trouble) => return trouble.into_answer(&headers),
    };
    // What is late changes with the day, and failed work without the campaign.
    let address = format!("/c/{campaign} {today} {failed:?}");
    of_campaign(&app, &campaign, address, &headers, async |id, _, viewer| {
        let views = small_views(&app, id, viewer).await?;
        let known = &views.known;
        let computed = if views.views.is_empty() {
            Vec::new()
        } else {
            metaview::computed(&app.galvanome, known).await?
        };
        let quantities = show::quantities(&app.galvanome, id, None, None, viewer).await?;
        let failed_jobs: Vec<_> = failed
            .iter()
            .map(|(what, why)| pages::overview::FailedJob { what, why, href: None })
            .collect();
        let around = Around::of(known);
        rendered(pages::overview::render(&pages::overview::OverviewInput {
            shell: around.shell(known, Section::Overview),
            frame: &known.frame,
            campaign: &known.campaign,
            metaviews: &views.views,
            written: pages::overview::Written {
                samples: known.campaign.samples.len(),
                experiments: known.campaign.experiments.len(),
                datasets: known.datasets_for(viewer).len(),
                quantities: quantities.len(),
            },
            computed: &computed,
            failed_jobs: &failed_jobs,
            today: &today,
        }))
    })
    .await
}
