//! The pages that open a matrix: one pixel, and one observable by all techniques.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use galvanome::why::{self, Behind, Column, Why};
use galvanome::{Known, QuantityOrigin};
use galvanome_model::experiment::{Dataset, Experiment};
use galvanome_model::ids::CampaignId;
use galvanome_model::pixel::PixelKey;
use galvanome_model::quantity::Quantity;
use galvanome_model::visibility::Viewer;
use serde::Deserialize;

use super::pages::{Around, of_campaign, rendered};
use crate::asked::{Path, Query};
use crate::pages::pixel::{PixelInput, Sibling};
use crate::pages::sublayer::{SublayerInput, SublayerRow};
use crate::pages::tip::TipInput;
use crate::pages::{self, Section};
use crate::problem::Trouble;
use crate::reply::Ready;
use crate::state::App;

/// Whether only the tooltip is asked for.
#[derive(Debug, Deserialize)]
pub(super) struct Tip {
    tip: Option<u8>,
}

/// One pixel, or its tooltip.
pub(super) async fn pixel(
    State(app): State<App>,
    Path((campaign, component, question, technique, observable)): Path<(
        String,
        String,
        String,
        String,
        String,
    )>,
    Query(tip): Query<Tip>,
    headers: HeaderMap,
) -> Response {
    let tip = tip.tip == Some(1);
    let address =
        format!("/c/{campaign}/pixel/{component}/{question}/{technique}/{observable} {tip}");
    of_campaign(&app, &campaign, address, &headers, async |id, _, viewer| {
        if tip {
            let of = [&*component, &*question, &*technique, &*observable];
            return tooltip(&why::pixel(&app.galvanome, id, of, viewer).await?);
        }
        let of = [&*component, &*question, &*observable];
        let column = why::column(&app.galvanome, id, of, viewer).await?;
        let there_are = column.pixels.iter().map(|one| one.key.technique.to_string());
        let at = column
            .pixels
            .iter()
            .position(|one| one.key.technique.as_str() == technique)
            .ok_or_else(|| galvanome::Error::not_found_among("technique", &technique, there_are))?;
        pixel_page(&column, at, viewer)
    })
    .await
}

fn tooltip(Why { known, behind }: &Why) -> Result<Ready, Trouble> {
    rendered(pages::tip::render(&TipInput {
        frame: &known.frame,
        key: &behind.key,
        pixel: &behind.pixel,
        computed: behind.computed.as_ref(),
    }))
}

fn pixel_page(column: &Column, at: usize, viewer: &Viewer) -> Result<Ready, Trouble> {
    let Some(behind) = column.pixels.get(at) else { return Err(Trouble::not_found("no pixel")) };
    let known = &column.known;
    let key = &behind.key;
    let experiments = known.experiments_of(&key.technique, &key.component);
    let gates: Vec<_> = known.gates_on(&experiments).into_iter().cloned().collect();
    let datasets = datasets_of(known, &experiments, viewer);
    let experiments: Vec<_> = experiments.into_iter().cloned().collect();
    let siblings: Vec<Sibling> = column
        .pixels
        .iter()
        .map(|one| Sibling { technique: one.key.technique.clone(), pixel: one.pixel.clone() })
        .collect();
    let (previous, next) = beside(column, at);
    let around = Around::of(known);
    let mut shell = around.shell(known, Section::Metaviews);
    shell.campaign = shell.campaign.map(|head| head.at(&key.component));
    rendered(pages::pixel::render(&PixelInput {
        shell,
        frame: &known.frame,
        key,
        pixel: &behind.pixel,
        computed: behind.computed.as_ref(),
        quantities: &numbers_of(behind),
        history: &behind.history,
        experiments: &experiments,
        datasets: &datasets,
        gates: &gates,
        siblings: &siblings,
        previous: previous.as_ref(),
        next: next.as_ref(),
    }))
}

fn numbers_of(behind: &Behind) -> Vec<(Quantity, bool)> {
    let ours = |origin| origin == QuantityOrigin::Computed;
    behind.quantities.iter().map(|held| (held.quantity.clone(), ours(held.origin))).collect()
}

fn datasets_of(known: &Known, experiments: &[&Experiment], viewer: &Viewer) -> Vec<Dataset> {
    known
        .datasets_for(viewer)
        .into_iter()
        .filter(|dataset| experiments.iter().any(|one| one.id == dataset.experiment))
        .cloned()
        .collect()
}

/// The pixels to the left and right, going on in the next row at an end.
fn beside(column: &Column, row: usize) -> (Option<PixelKey>, Option<PixelKey>) {
    let observables = &column.known.frame.catalogue.observables;
    let here = observables.iter().position(|one| one.id == column.observable);
    let at = row * observables.len() + here.unwrap_or(0);
    let key = |at: usize| {
        Some(PixelKey {
            component: column.component.clone(),
            question: column.question.clone(),
            technique: column.pixels.get(at / observables.len())?.key.technique.clone(),
            observable: observables.get(at % observables.len())?.id.clone(),
        })
    };
    (at.checked_sub(1).and_then(key), key(at + 1))
}

/// One observable by all techniques.
pub(super) async fn sublayer(
    State(app): State<App>,
    Path((campaign, component, question, observable)): Path<(String, String, String, String)>,
    headers: HeaderMap,
) -> Response {
    let address = format!("/c/{campaign}/sublayer/{component}/{question}/{observable}");
    of_campaign(&app, &campaign, address, &headers, async |id, _, viewer| {
        sublayer_page(&app, id, [&component, &question, &observable], viewer).await
    })
    .await
}

async fn sublayer_page(
    app: &App,
    id: &CampaignId,
    of: [&str; 3],
    viewer: &Viewer,
) -> Result<Ready, Trouble> {
    let column = why::column(&app.galvanome, id, of, viewer).await?;
    let Column { known, component, question, observable, pixels } = &column;
    let rows: Vec<SublayerRow> = pixels
        .iter()
        .map(|behind| SublayerRow {
            technique: behind.key.technique.clone(),
            pixel: behind.pixel.clone(),
            computed: behind.computed.clone(),
            quantities: numbers_of(behind),
            plot: None,
        })
        .collect();
    let experiments: Vec<&Experiment> = pixels
        .iter()
        .flat_map(|behind| known.experiments_of(&behind.key.technique, component))
        .collect();
    let gates: Vec<_> = known.gates_on(&experiments).into_iter().cloned().collect();
    let experiments: Vec<_> = experiments.into_iter().cloned().collect();
    let around = Around::of(known);
    let mut shell = around.shell(known, Section::Metaviews);
    shell.campaign = shell.campaign.map(|head| head.at(component));
    rendered(pages::sublayer::render(&SublayerInput {
        shell,
        frame: &known.frame,
        component,
        question,
        observable,
        rows: &rows,
        experiments: &experiments,
        gates: &gates,
    }))
}
