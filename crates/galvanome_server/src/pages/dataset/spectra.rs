//! Spectra of impedance: in the complex plane, and absolute value and phase against frequency.

use galvanome::Error;
use galvanome::curves::{self, Columns, Impedance, Series, Spectrum};

use super::asked::Asked;
use super::charts::{ChartView, Export, exports, ramp};
use crate::pages::chart::{self, Shown, Style};
use crate::pages::{curve_words, numbers, words};

/// The spectra that are shown.
pub(super) struct Spectra {
    pub(super) about: String,
    pub(super) nyquist: ChartView,
    pub(super) nyquist_export: Vec<Export>,
    pub(super) bode: Vec<ChartView>,
    pub(super) bode_export: Vec<Export>,
    pub(super) chosen: String,
    pub(super) last: String,
    /// Number, words beside it, class of the colour.
    pub(super) legend: Vec<(String, String, String)>,
    /// For each spectrum that may be chosen, the words beside it: a line each.
    pub(super) said: String,
}

/// Height and width of the field in the complex plane before the page's script gives it the room that there is.
const SQUARE: f64 = 280.0;

/// Height of the fields of the absolute value and of the phase: with their names and scales as high as the square.
const HALF: f64 = 123.0;

/// Spectra whose words the page carries, at most.
const MOST_SAID: usize = 500;

/// The spectra of a file; none when it has none.
pub(super) fn of(columns: &Columns, source: &str, asked: &Asked) -> Result<Option<Spectra>, Error> {
    let all = curves::spectra(columns)?;
    let chosen = chosen(&all, asked);
    let points = curves::impedance(columns, &chosen)?;
    let frequencies = || points.iter().flat_map(|one| one.frequency_hz.iter().copied());
    let (low, high) = (
        frequencies().fold(f64::INFINITY, f64::min),
        frequencies().fold(f64::NEG_INFINITY, f64::max),
    );
    if low > high {
        return Ok(None);
    }
    // A little beyond the ends, on the scale that they are seen on.
    let room = 10_f64.powf((0.02 * (high / low).log10()).max(0.01));
    let span = (low / room, high * room);
    let numbers: Vec<String> = chosen.iter().map(|one| one.number.to_string()).collect();
    let query = format!("spectra={}", numbers.join(","));
    let rows: u64 = all.iter().map(|one| one.rows).sum();
    let points_of = words::counted(usize::try_from(rows).unwrap_or(usize::MAX), "point", "points");
    let mut nyquist_export = exports(source, "nyquist", &query);
    let mut bode_export = exports(source, "bode", &query);
    for first in [nyquist_export.first_mut(), bode_export.first_mut()].into_iter().flatten() {
        "every point, with frequency and phase".clone_into(&mut first.detail);
    }
    let of = chosen.len();
    Ok(Some(Spectra {
        about: format!("{}, {points_of}", words::counted(all.len(), "spectrum", "spectra")),
        nyquist: plane(&points, span),
        nyquist_export,
        bode: curve_words::BODE
            .iter()
            .enumerate()
            .map(|(place, (column, _))| against_frequency(&points, column, span, place == 1))
            .collect(),
        bode_export,
        last: all.len().to_string(),
        legend: chosen
            .iter()
            .enumerate()
            .map(|(place, one)| (one.number.to_string(), said(one), ramp(place, of)))
            .collect(),
        chosen: numbers.join(", "),
        said: all.iter().take(MOST_SAID).map(said).collect::<Vec<_>>().join("\n"),
    }))
}

/// When a spectrum was measured, as far as the file says.
fn said(one: &Spectrum) -> String {
    let mut parts = Vec::new();
    parts.extend(one.cycle.map(|cycle| format!("cycle {cycle}")));
    parts.extend(one.begins_s.map(|seconds| {
        let (unit, of) = curve_words::time_unit(seconds);
        format!("{} {unit}", numbers::digits(seconds / of, 3))
    }));
    parts.join(", ")
}

/// The spectra that are asked for, as far as there are; else a few, evenly from the first to the last.
fn chosen(all: &[Spectrum], asked: &Asked) -> Vec<Spectrum> {
    let wanted = asked.spectra.as_deref().unwrap_or_default().split(',');
    let wanted = wanted.filter_map(|text| text.trim().parse::<u64>().ok());
    let mut found: Vec<Spectrum> = wanted
        .filter_map(|number| all.iter().find(|one| one.number == number).copied())
        .take(curves::MOST_SPECTRA)
        .collect();
    found.dedup_by_key(|one| one.number);
    if found.is_empty() { curves::spread(all, curve_words::SPECTRA) } else { found }
}

/// Curves with their colours.
fn coloured(all: impl Iterator<Item = Series>, of: usize) -> Vec<(Series, String)> {
    all.enumerate().map(|(place, one)| (one, ramp(place, of))).collect()
}

/// Milliohm of a large cell, kiloohm of a coating.
fn ohm(most: f64) -> (String, f64) {
    match most {
        most if most > 0.0 && most < 0.1 => ("mΩ".to_owned(), 1e-3),
        most if most >= 1e6 => ("MΩ".to_owned(), 1e6),
        most if most >= 1e4 => ("kΩ".to_owned(), 1e3),
        _ => ("Ω".to_owned(), 1.0),
    }
}

/// −Im Z against Re Z, on equal axes.
fn plane(points: &[Impedance], span: (f64, f64)) -> ChartView {
    let series = coloured(points.iter().map(curve_words::nyquist), points.len());
    let values = |of: fn(&Series) -> &Vec<f64>| {
        let all = series.iter().flat_map(move |(one, _)| of(one).iter().copied());
        all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        })
    };
    let (x, y) = (values(|one| &one.x), values(|one| &one.y));
    let extent = 1.12 * (x.1 - x.0).max(y.1 - y.0).max(1e-12);
    let about = |(low, high): (f64, f64)| {
        let middle = f64::midpoint(low, high);
        (middle - 0.5 * extent, middle + 0.5 * extent)
    };
    let (unit, factor) = ohm(x.0.abs().max(x.1.abs()).max(y.0.abs()).max(y.1.abs()));
    let chart = chart::draw(&Shown {
        series: &series,
        style: Style::Line,
        x: about(x),
        y: Some(about(y)),
        logarithmic: (false, false),
        x_unit: factor,
        y_unit: factor,
        height: SQUARE,
        foot: true,
    });
    ChartView {
        label: "Complex plane".to_owned(),
        said: "−Im Z against Re Z of each spectrum, on equal axes".to_owned(),
        curve: "nyquist",
        table: String::new(),
        columns: String::new(),
        y: curve_words::with_unit("−Im Z", &unit),
        x: curve_words::with_unit("Re Z", &unit),
        y_unit: unit,
        factors: (factor, factor),
        x_kind: "nyquist",
        span: format!("{},{}", span.0, span.1),
        logarithmic: "",
        class: "square",
        chart,
    }
}

/// Absolute value or phase against frequency.
fn against_frequency(
    points: &[Impedance],
    column: &'static str,
    span: (f64, f64),
    foot: bool,
) -> ChartView {
    let series = coloured(points.iter().map(|one| curve_words::bode(one, column)), points.len());
    let is_phase = column == "phase_degree";
    let most = series.iter().flat_map(|(one, _)| one.y.iter().map(|y| y.abs()));
    let (unit, factor) =
        if is_phase { ("°".to_owned(), 1.0) } else { ohm(most.fold(0.0, f64::max)) };
    let chart = chart::draw(&Shown {
        series: &series,
        style: Style::Line,
        x: span,
        y: None,
        logarithmic: (true, !is_phase),
        x_unit: 1.0,
        y_unit: factor,
        height: HALF,
        foot,
    });
    let (name, said) = if is_phase {
        ("Phase", "Phase of the impedance against frequency")
    } else {
        ("|Z|", "Absolute value of the impedance against frequency, both on logarithmic scales")
    };
    ChartView {
        label: name.to_owned(),
        said: said.to_owned(),
        curve: "bode",
        table: String::new(),
        columns: column.to_owned(),
        y: curve_words::with_unit(name, &unit),
        x: "Frequency / Hz".to_owned(),
        y_unit: unit,
        factors: (1.0, factor),
        x_kind: "frequency",
        span: format!("{},{}", span.0, span.1),
        logarithmic: if is_phase { "x" } else { "xy" },
        class: "",
        chart,
    }
}
