//! Curves of a dataset: as bytes for the browser, as JSON, as a table, as a drawing.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use galvanome::curves::{self, Columns, Cycle, Impedance, Series, Spectrum, View};
use galvanome::{dataset, figure};
use galvanome_model::plot::Plot;
use serde::Deserialize;

use super::campaign_id;
use crate::asked::{Path, Query};
use crate::pages::{curve_words, signal_words};
use crate::problem::Trouble;
use crate::reply::{Ready, has, send, timed};
use crate::state::App;
use crate::wire::{self, CurvesOut};

/// What part of which curves.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    table: Option<String>,
    columns: Option<String>,
    cycles: Option<String>,
    spectra: Option<String>,
    signal: Option<usize>,
    image: Option<usize>,
    from: Option<f64>,
    to: Option<f64>,
    width: Option<usize>,
}

/// Columns of pixels when nothing is asked for.
const WIDTH: usize = 1200;

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Time,
    Cycle,
    Charge,
    Dqdv,
    Nyquist,
    Bode,
    Spectrum,
    Profile,
}

/// In what form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Bytes,
    Json,
    Csv,
    Svg,
    Png,
}

fn asked(curve: &str) -> Option<(Kind, Form)> {
    let (kind, form) = curve.rsplit_once('.')?;
    let kind = match kind {
        "time" => Kind::Time,
        "cycle" => Kind::Cycle,
        "charge" => Kind::Charge,
        "dqdv" => Kind::Dqdv,
        "nyquist" => Kind::Nyquist,
        "bode" => Kind::Bode,
        "spectrum" => Kind::Spectrum,
        "profile" => Kind::Profile,
        _ => return None,
    };
    let form = match form {
        "bin" => Form::Bytes,
        "json" => Form::Json,
        "csv" => Form::Csv,
        "svg" => Form::Svg,
        "png" => Form::Png,
        _ => return None,
    };
    Some((kind, form))
}

/// Numbers of cycles or spectra from `1,5,20`.
fn numbers(text: &str, of: &str) -> Result<Vec<f64>, Trouble> {
    let number = |one: &str| {
        let number = one.trim().parse::<f64>().ok().filter(|number| number.is_finite());
        number.ok_or_else(|| Trouble::bad_request(format!("`{one}` is no number of a {of}")))
    };
    text.split(',').filter(|one| !one.trim().is_empty()).map(number).collect()
}

/// Curves of a dataset, thinned to what a screen of a given width shows with every extreme kept: of each column of pixels
/// the least and the greatest value, at the places where they are. Where there are few rows, every row.
///
/// The curve is `time`, `cycle` (capacity), `charge` (voltage against it), `dqdv`, `nyquist` (−Im Z against Re Z), `bode`
/// (|Z| and phase against frequency), `spectrum` (of a signal) or `profile` (the mean of each slice of an image), with
/// `.bin`, `.json`, `.csv`, `.svg` or `.png` behind it. `.bin` is little-endian: `GVW1`, the number of curves (32 bits); for each curve its points, the rows that it
/// stands for, and whether every row is a point (1 or 0), 64 bits each; the length of the names (64 bits) and the names, a
/// line each, filled up with zeros to a multiple of 8; then for each curve its horizontal and its vertical values as
/// 64-bit floats, NaN where it is broken.
#[utoipa::path(
    get, operation_id = "get_curves", tag = "datasets",
    path = "/api/v1/campaigns/{campaign}/datasets/{dataset}/curves/{curve}",
    params(
        ("campaign" = String, Path, description = "The campaign's id"),
        ("dataset" = String, Path, description = "The dataset's id"),
        ("curve" = String, Path, description = "What, and in which form: `time.bin`, `charge.csv`"),
        ("table" = Option<String>, Query, description = "Of `time`: the table; the main one when left out"),
        ("columns" = Option<String>, Query, description = "Of `time`: the columns, with commas; voltage, current and capacity when left out. Of `bode`: absolute_impedance_ohm or phase_degree; both when left out"),
        ("cycles" = Option<String>, Query, description = "Of `charge` and `dqdv`: numbers of cycles, with commas, 12 at most"),
        ("spectra" = Option<String>, Query, description = "Of `nyquist` and `bode`: numbers of spectra in the order of the file, with commas, 12 at most"),
        ("signal" = Option<usize>, Query, description = "Of `spectrum`: the signal, from 0 in the order of the file; `spectra` are those of it, from 1, the first when left out"),
        ("image" = Option<usize>, Query, description = "Of `profile`: the image, from 0 in the order of the file"),
        ("from" = Option<f64>, Query, description = "Where to begin on the horizontal axis; of `nyquist`, at which frequency"),
        ("to" = Option<f64>, Query, description = "Where to end"),
        ("width" = Option<usize>, Query, description = "Columns of pixels, 16 to 8192"),
    ),
    responses(
        (status = 200, description = "The curves", content(
            (Vec<u8> = "application/octet-stream"), (CurvesOut = "application/json"),
            (String = "text/csv"), (String = "image/svg+xml"), (Vec<u8> = "image/png"),
        )),
        (status = 404, body = wire::Problem),
        (status = 503, body = wire::Problem),
    ),
)]
pub(super) async fn curve(
    State(app): State<App>,
    Path((campaign, dataset, curve)): Path<(String, String, String)>,
    Query(which): Query<Which>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let started = Instant::now();
    let Some((kind, form)) = asked(&curve) else {
        return Err(Trouble::not_found(format!(
            "there is no curve `{curve}`; there are time, cycle, charge, dqdv, nyquist, bode, spectrum and profile, each with .bin, .json, .csv, .svg or .png"
        )));
    };
    let id = campaign_id(&campaign)?;
    let (_, found, columns) =
        dataset::columns(&app.galvanome, &id, &dataset, &app.viewer()).await?;
    // The bytes of the file and what is asked for decide everything.
    let version = env!("CARGO_PKG_VERSION");
    let tag = format!(
        "W/\"{}-{version}-{:016x}\"",
        found.sha256,
        super::hash(&(&curve, format!("{which:?}")))
    );
    if has(&headers, &tag) {
        let kept = [(header::ETAG, tag), (header::CACHE_CONTROL, "private, no-cache".to_owned())];
        return Ok((StatusCode::NOT_MODIFIED, kept).into_response());
    }
    let title = found.id.to_string();
    let made =
        tokio::task::spawn_blocking(move || make(&columns, kind, form, &which, &title)).await;
    let mut ready = made.map_err(|error| Trouble::internal(error.to_string()))??;
    ready.tag = tag;
    if matches!(form, Form::Csv | Form::Svg | Form::Png) {
        ready = ready.saved_as(format!("{dataset}-{curve}"));
    }
    let mut response = timed(send(&ready, &headers), started);
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    Ok(response)
}

fn make(
    columns: &Arc<Columns>,
    kind: Kind,
    form: Form,
    which: &Which,
    title: &str,
) -> Result<Ready, Trouble> {
    let usual = if form == Form::Csv { curves::TABLE_WIDTH } else { WIDTH };
    let view = View { from: which.from, to: which.to, width: which.width.unwrap_or(usual) };
    let table_at = match &which.table {
        Some(name) => curves::table_named(columns, name)?,
        None => 0,
    };
    let impedance = match kind {
        Kind::Nyquist | Kind::Bode => curves::impedance(columns, &spectra(columns, which)?)?
            .iter()
            .map(|one| one.within(which.from, which.to))
            .collect(),
        _ => Vec::new(),
    };
    let series = match kind {
        Kind::Time => {
            let names = names(columns, table_at, which);
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            curves::against_time(columns, table_at, &names, view)?
        }
        Kind::Nyquist => impedance.iter().map(curve_words::nyquist).collect(),
        Kind::Bode => bode(&impedance, which)?,
        Kind::Cycle => curves::against_cycle(columns, view)?,
        Kind::Charge => curves::against_charge(columns, &cycles(columns, which)?, view)?,
        Kind::Dqdv => curves::dqdv(columns, &cycles(columns, which)?, view)?,
        Kind::Spectrum => {
            curves::spectra_of(columns, which.signal.unwrap_or(0), &of_signal(which)?, view)?
        }
        Kind::Profile => profile(columns, which)?,
    };
    Ok(match form {
        Form::Bytes => Ready::new("application/octet-stream", wire::bytes_of(&series)),
        Form::Json => Ready::json(&CurvesOut::of(series)),
        Form::Csv if matches!(kind, Kind::Nyquist | Kind::Bode) => {
            Ready::new("text/csv; charset=utf-8", wire::impedance_csv_of(&impedance))
        }
        Form::Csv => Ready::new("text/csv; charset=utf-8", table(columns, kind, which, &series)?),
        Form::Svg => {
            let drawn = drawing(columns, kind, (table_at, which), series, title)?;
            Ready::new("image/svg+xml", drawn)
        }
        Form::Png => {
            let drawn = drawing(columns, kind, (table_at, which), series, title)?;
            let picture = figure::picture(&drawn)?;
            Ready::new("image/png", picture)
        }
    })
}

/// The columns that are asked for: voltage, current and the integrated charge when none is.
fn names(columns: &Columns, table: usize, which: &Which) -> Vec<String> {
    match &which.columns {
        Some(text) => text.split(',').map(str::to_owned).collect(),
        None => curve_words::usual(columns, table),
    }
}

fn spectra(columns: &Columns, which: &Which) -> Result<Vec<Spectrum>, Trouble> {
    match &which.spectra {
        Some(text) => Ok(curves::spectra_chosen(columns, &numbers(text, "spectrum")?)?),
        None => Ok(curves::spread(&curves::spectra(columns)?, curve_words::SPECTRA)),
    }
}

/// Absolute value and phase of spectra, or one of them.
fn bode(impedance: &[Impedance], which: &Which) -> Result<Vec<Series>, Trouble> {
    let both = || curve_words::BODE.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(",");
    let asked = which.columns.clone().unwrap_or_else(both);
    let mut all = Vec::new();
    for name in asked.split(',') {
        if !curve_words::BODE.iter().any(|(known, _)| *known == name) {
            let told = format!("there is no curve `{name}` of a spectrum; there are {}", both());
            return Err(Trouble::not_found(told));
        }
        all.extend(impedance.iter().map(|one| curve_words::bode(one, name)));
    }
    Ok(all)
}

fn cycles(columns: &Columns, which: &Which) -> Result<Vec<Cycle>, Trouble> {
    match &which.cycles {
        Some(text) => Ok(curves::chosen(columns, &numbers(text, "cycle")?)?),
        None => Ok(curves::telling(columns, curve_words::CYCLES)?),
    }
}

/// Numbers of the spectra of a signal, counted from 0: the first one when none is asked for.
fn of_signal(which: &Which) -> Result<Vec<u64>, Trouble> {
    let Some(text) = &which.spectra else { return Ok(vec![0]) };
    let asked = numbers(text, "spectrum")?;
    if asked.len() > curves::MOST_TOGETHER {
        return Err(Trouble::bad_request(format!(
            "{} spectra are asked for, and at most {} are shown together",
            asked.len(),
            curves::MOST_TOGETHER
        )));
    }
    let whole =
        |number: &f64| (*number >= 1.0 && number.fract() == 0.0).then(|| *number as u64 - 1);
    let found: Option<Vec<u64>> = asked.iter().map(whole).collect();
    found.ok_or_else(|| Trouble::bad_request("spectra are counted from 1".to_owned()))
}

/// The mean of each slice of an image against its depth.
fn profile(columns: &Columns, which: &Which) -> Result<Vec<Series>, Trouble> {
    let number = which.image.unwrap_or(0);
    let slices = curves::profile(columns, number)?;
    let Some(facts) = columns.contents().images.get(number) else { return Ok(Vec::new()) };
    let (x, _, _) = signal_words::depths(facts);
    let y = slices.iter().map(|slice| slice.mean).collect();
    let rows = slices.len() as u64;
    Ok(vec![Series { name: "mean".to_owned(), x, y, rows, whole: true }])
}

fn table(
    columns: &Columns,
    kind: Kind,
    which: &Which,
    series: &[Series],
) -> Result<String, Trouble> {
    Ok(match kind {
        Kind::Time => wire::csv_of(curves::TIME, series),
        Kind::Cycle => wire::csv_of("cycle_count", series),
        Kind::Charge => wire::long_csv_of("charge_ah", "voltage_volt", series),
        Kind::Dqdv => wire::long_csv_of("voltage_volt", "dqdv_ah_per_volt", series),
        // These are told with everything that is known of a point.
        Kind::Nyquist | Kind::Bode => String::new(),
        Kind::Spectrum => {
            let facts = curves::signal(columns, which.signal.unwrap_or(0))?;
            let axis = facts.spectral_axis().map_or("", |axis| axis.name.as_str());
            wire::csv_of(axis, series)
        }
        Kind::Profile => {
            let slices = curves::profile(columns, which.image.unwrap_or(0))?;
            let depths = series.first().map_or(&[][..], |series| series.x.as_slice());
            wire::profile_csv_of(depths, &slices)
        }
    })
}

/// One drawing of them: of curves against time one below the other, since each has a unit of its own.
fn drawing(
    columns: &Columns,
    kind: Kind,
    (table, which): (usize, &Which),
    series: Vec<Series>,
    title: &str,
) -> Result<String, Trouble> {
    let plots: Vec<Plot> = match kind {
        Kind::Time => {
            let one = |series: Series| curve_words::time_plot(columns, table, series, title);
            series.into_iter().map(one).collect()
        }
        Kind::Cycle => vec![curve_words::cycle_plot(series, title)],
        Kind::Charge => vec![curve_words::charge_plot(series, title)],
        Kind::Dqdv => vec![curve_words::dqdv_plot(series, title)],
        Kind::Nyquist => {
            return Ok(figure::plot_on_equal_axes(&curve_words::nyquist_plot(series, title)));
        }
        Kind::Bode => curve_words::bode_plots(series, title),
        Kind::Spectrum => {
            let facts = curves::signal(columns, which.signal.unwrap_or(0))?;
            vec![signal_words::spectra_plot(facts, series, title)]
        }
        Kind::Profile => {
            let found = columns.contents().images.get(which.image.unwrap_or(0));
            found
                .map(|facts| signal_words::profile_plot(facts, series, title))
                .into_iter()
                .collect()
        }
    };
    Ok(figure::plots(&plots))
}

#[cfg(test)]
mod tests {
    use super::{Form, Kind, asked, numbers};

    #[test]
    fn curves_are_named_with_their_form() {
        for (given, expected) in [
            ("time.bin", Some((Kind::Time, Form::Bytes))),
            ("dqdv.png", Some((Kind::Dqdv, Form::Png))),
            ("charge.json", Some((Kind::Charge, Form::Json))),
            ("nyquist.svg", Some((Kind::Nyquist, Form::Svg))),
            ("bode.csv", Some((Kind::Bode, Form::Csv))),
            ("spectrum.bin", Some((Kind::Spectrum, Form::Bytes))),
            ("time", None),
            ("time.", None),
            (".bin", None),
            ("time.exe", None),
        ] {
            assert_eq!(asked(given), expected, "{given}");
        }
    }

    #[test]
    fn numbers_of_cycles_are_read() {
        assert_eq!(numbers("1, 2,30", "cycle").ok(), Some(vec![1.0, 2.0, 30.0]));
        assert_eq!(numbers("", "cycle").ok(), Some(vec![]));
        assert!(numbers("1,x", "cycle").is_err() && numbers("inf", "cycle").is_err());
    }
}
