//! Pictures of a dataset: slices of its images, maps and series of its spectra.

use std::time::Instant;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use galvanome::curves::{self, Columns, View};
use galvanome::dataset;
use galvanome::pictures::{self, Cut};
use serde::Deserialize;

use super::campaign_id;
use crate::asked::{Path, Query};
use crate::problem::Trouble;
use crate::reply::{Ready, has, send, timed};
use crate::state::App;
use crate::wire::{self, MapOut};

/// What is to be seen.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    signal: Option<usize>,
    image: Option<usize>,
    from: Option<f64>,
    to: Option<f64>,
    width: Option<usize>,
    height: Option<usize>,
    cut: Option<String>,
    at: Option<usize>,
    low: Option<f64>,
    high: Option<f64>,
}

/// Pixels across or down when nothing is asked for.
const MOST: usize = 1200;

/// A picture of a dataset: `slice.png` (a cut through an image or volume), `map.png` (of each spectrum of a map the mean
/// between two points of its axis) and `stack.png` (spectra one below the other), the last two on a colour scale that ends
/// where all but half a percent of the values do; and `map.json`, the map in numbers.
#[utoipa::path(
    get, operation_id = "get_picture", tag = "datasets",
    path = "/api/v1/campaigns/{campaign}/datasets/{dataset}/pictures/{picture}",
    params(
        ("campaign" = String, Path, description = "The campaign's id"),
        ("dataset" = String, Path, description = "The dataset's id"),
        ("picture" = String, Path, description = "`slice.png`, `map.png`, `map.json` or `stack.png`"),
        ("signal" = Option<usize>, Query, description = "Of `map` and `stack`: the signal, from 0"),
        ("image" = Option<usize>, Query, description = "Of `slice`: the image, from 0"),
        ("from" = Option<f64>, Query, description = "Of `map` and `stack`: where to begin on the axis of the spectra"),
        ("to" = Option<f64>, Query, description = "Where to end"),
        ("width" = Option<usize>, Query, description = "Of `stack` and `slice`: pixels across, at most"),
        ("height" = Option<usize>, Query, description = "Of `stack`: pixels down, at most"),
        ("cut" = Option<String>, Query, description = "Of `slice`: z (as measured), y or x"),
        ("at" = Option<usize>, Query, description = "Of `slice`: which one, from 1; the middle one when left out"),
        ("low" = Option<f64>, Query, description = "Of `slice`: the value that is black"),
        ("high" = Option<f64>, Query, description = "Of `slice`: the value that is white"),
    ),
    responses(
        (status = 200, description = "The picture", content(
            (Vec<u8> = "image/png"), (MapOut = "application/json"),
        )),
        (status = 404, body = wire::Problem),
        (status = 503, body = wire::Problem),
    ),
)]
pub(super) async fn picture(
    State(app): State<App>,
    Path((campaign, dataset, picture)): Path<(String, String, String)>,
    Query(which): Query<Which>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let started = Instant::now();
    let id = campaign_id(&campaign)?;
    let (_, found, columns) =
        dataset::columns(&app.galvanome, &id, &dataset, &app.viewer()).await?;
    // The bytes of the file and what is asked for decide everything.
    let version = env!("CARGO_PKG_VERSION");
    let asked = super::hash(&(&picture, format!("{which:?}")));
    let tag = format!("W/\"{}-{version}-{asked:016x}\"", found.sha256);
    if has(&headers, &tag) {
        let kept = [(header::ETAG, tag), (header::CACHE_CONTROL, "private, no-cache".to_owned())];
        return Ok((StatusCode::NOT_MODIFIED, kept).into_response());
    }
    let made: Result<Ready, Trouble> = match picture.as_str() {
        "slice.png" => {
            let images = pictures::images(&app.galvanome, &found).await?;
            let work = move || {
                let number = which.image.unwrap_or(0);
                let image = images.get(number);
                let image = image
                    .ok_or_else(|| Trouble::not_found(format!("there is no image {number}")))?;
                slice(&columns, image, &which)
            };
            tokio::task::spawn_blocking(work)
                .await
                .map_err(|error| Trouble::internal(error.to_string()))?
        }
        "map.png" | "map.json" | "stack.png" => {
            let of = picture.clone();
            tokio::task::spawn_blocking(move || of_signal(&columns, &of, &which))
                .await
                .map_err(|error| Trouble::internal(error.to_string()))?
        }
        _ => {
            return Err(Trouble::not_found(format!(
                "there is no picture `{picture}`; there are slice.png, map.png, map.json and stack.png"
            )));
        }
    };
    let mut ready = made?;
    ready.tag = tag;
    let mut response = timed(send(&ready, &headers), started);
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    Ok(response)
}

fn slice(
    columns: &Columns,
    image: &galvanome_model::image::Image,
    which: &Which,
) -> Result<Ready, Trouble> {
    let [z, y, x] = image.slabs.shape();
    let (cut, there) = match which.cut.as_deref() {
        None | Some("z") => (Cut::Z, z),
        Some("y") => (Cut::Y, y),
        Some("x") => (Cut::X, x),
        Some(other) => {
            return Err(Trouble::bad_request(format!("`{other}` is no direction: z, y or x")));
        }
    };
    let at = match which.at {
        Some(number) => number
            .checked_sub(1)
            .ok_or_else(|| Trouble::bad_request("slices are counted from 1".to_owned()))?,
        None => there / 2,
    };
    let facts = columns.contents().images.get(which.image.unwrap_or(0));
    let [low, high] = facts.and_then(|facts| facts.contrast).unwrap_or([0.0, 255.0]);
    let ends = (which.low.unwrap_or(low), which.high.unwrap_or(high));
    let bytes = pictures::slice(image, cut, at, ends, which.width.unwrap_or(MOST))?;
    Ok(Ready::new("image/png", bytes))
}

fn of_signal(columns: &Columns, picture: &str, which: &Which) -> Result<Ready, Trouble> {
    let number = which.signal.unwrap_or(0);
    if picture == "stack.png" {
        let view = View { from: which.from, to: which.to, width: which.width.unwrap_or(MOST) };
        let rows = which.height.unwrap_or(400).clamp(1, 4096);
        let raster = curves::stack_of(columns, number, view, rows)?;
        let is_root = pictures::is_root(&curves::signal(columns, number)?.unit);
        return Ok(Ready::new("image/png", pictures::coloured(&raster, is_root)));
    }
    let band = (which.from.unwrap_or(f64::NEG_INFINITY), which.to.unwrap_or(f64::INFINITY));
    let Some((grid, raster)) = curves::map_of(columns, number, band)? else {
        return Err(Trouble::not_found("this signal is no map".to_owned()));
    };
    if picture == "map.json" {
        return Ok(Ready::json(&MapOut::of(&grid, &raster, pictures::ends_of(&raster))));
    }
    let is_root = pictures::is_root(&curves::signal(columns, number)?.unit);
    Ok(Ready::new("image/png", pictures::coloured(&raster, is_root)))
}
