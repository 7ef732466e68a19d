//! What every chart of a dataset's page is made of: its drawing, its name, its colours, the files of what is seen.

use galvanome::curves::Series;
use galvanome::dataset::Opened;

use crate::pages::chart::{self, Chart, Shown, Style};
use crate::pages::{curve_words, groups};

/// One chart.
pub(super) struct ChartView {
    pub(super) label: String,
    pub(super) said: String,
    /// `time`, `cycle`, `charge`, `dqdv`, `nyquist`, `bode`.
    pub(super) curve: &'static str,
    /// The table that it is of; empty for the main one.
    pub(super) table: String,
    pub(super) columns: String,
    pub(super) y: String,
    pub(super) y_unit: String,
    /// What one unit of either scale is worth.
    pub(super) factors: (f64, f64),
    pub(super) x: String,
    pub(super) x_kind: &'static str,
    pub(super) span: String,
    /// Which of its scales are logarithmic: `x`, `xy` or neither.
    pub(super) logarithmic: &'static str,
    /// `square` where both scales are the same.
    pub(super) class: &'static str,
    pub(super) chart: Chart,
}

/// A file of what is seen.
pub(super) struct Export {
    pub(super) word: &'static str,
    pub(super) detail: String,
    pub(super) href: String,
}

/// Columns of pixels of what the server draws.
pub(super) const WIDTH: usize = 600;

/// Classes of the colours of several cycles, the first to the last.
const RAMP: [&str; 6] = ["r1", "r2", "r3", "r4", "r5", "r6"];

/// The class of the group of the dataset's sample, whose hue its curves have.
pub(super) fn hue(opened: &Opened) -> &'static str {
    let definition = &opened.known.frame.definition;
    let of = |id: &galvanome_model::ids::SampleId| {
        let sample = opened.known.campaign.samples.iter().find(|sample| sample.id == *id)?;
        Some(groups::style(definition, sample.group.as_ref()?).class)
    };
    let mut classes: Vec<&str> = opened.dataset.samples.iter().filter_map(of).collect();
    classes.dedup();
    match classes.as_slice() {
        [one] => {
            opened.dataset.samples.first().and_then(of).filter(|class| class == one).unwrap_or("g0")
        }
        _ => "g0",
    }
}

/// The files of a curve, of what `query` asks for.
pub(super) fn exports(source: &str, curve: &str, query: &str) -> Vec<Export> {
    let query = if query.is_empty() { String::new() } else { format!("?{query}") };
    [("CSV", "csv", "the numbers"), ("SVG", "svg", "a drawing"), ("PNG", "png", "a picture")]
        .into_iter()
        .map(|(word, form, detail)| Export {
            word,
            detail: detail.to_owned(),
            href: format!("{source}/{curve}.{form}{query}"),
        })
        .collect()
}

/// Whether there is a value to be drawn.
pub(super) fn is_drawn(series: &[Series]) -> bool {
    series.iter().any(|one| one.y.iter().any(|y| y.is_finite()))
}

/// The colour of one of several cycles.
pub(super) fn ramp(place: usize, of: usize) -> String {
    let last = RAMP.len() - 1;
    let at = if of < 2 { last } else { (place * last).div_euclid(of - 1) };
    RAMP.get(at).copied().unwrap_or("r6").to_owned()
}

/// What some curves span horizontally.
pub(super) fn span_of(series: &[(Series, String)]) -> (f64, f64) {
    let all = || series.iter().flat_map(|(one, _)| one.x.iter().copied());
    let (low, high) =
        (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    if low < high { (low, high) } else { (low - 0.5, high + 0.5) }
}

/// What a chart is called.
#[derive(Clone, Copy)]
pub(super) struct Name {
    pub(super) label: &'static str,
    pub(super) said: &'static str,
    pub(super) curve: &'static str,
    pub(super) x: &'static str,
    pub(super) x_unit: &'static str,
    pub(super) y: &'static str,
    pub(super) y_unit: &'static str,
}

/// A chart of curves of one unit, over a horizontal range.
pub(super) fn view(
    series: &[(Series, String)],
    style: Style,
    x: (f64, f64),
    height: f64,
    name: Name,
) -> ChartView {
    let most = |values: fn(&Series) -> &Vec<f64>| {
        let all = series.iter().flat_map(|(one, _)| values(one).iter());
        all.fold(
            0.0,
            |most: f64, value| if value.is_finite() { most.max(value.abs()) } else { most },
        )
    };
    let (y_unit, y_factor) = curve_words::scaled(name.y_unit, most(|one| &one.y));
    let (x_unit, x_factor) = curve_words::scaled(name.x_unit, most(|one| &one.x));
    let chart = chart::draw(&Shown {
        series,
        style,
        x,
        y: None,
        logarithmic: (false, false),
        x_unit: x_factor,
        y_unit: y_factor,
        height,
        foot: true,
    });
    ChartView {
        label: name.label.to_owned(),
        said: name.said.to_owned(),
        curve: name.curve,
        table: String::new(),
        columns: String::new(),
        y: curve_words::with_unit(name.y, &y_unit),
        y_unit,
        factors: (x_factor, y_factor),
        x: curve_words::with_unit(name.x, &x_unit),
        x_kind: name.curve,
        span: format!("{},{}", x.0, x.1),
        logarithmic: "",
        class: "",
        chart,
    }
}
