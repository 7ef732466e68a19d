//! A plot as a small picture beside its technique: curves in the hues of their groups, axes named, nothing else.

use std::fmt::Write as _;

use galvanome_model::campaign::Definition;
use galvanome_model::plot::{Mark, Plot, PlotAxis, Series};

use super::groups;
use super::numbers;
use super::svg::px;

/// So many points are enough for a small picture.
const MOST_POINTS: usize = 400;

/// A plot ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmallPlot {
    /// What is seen.
    pub title: String,
    /// What is drawn, in words.
    pub label: String,
    /// What the horizontal axis shows.
    pub x: String,
    /// Where it begins.
    pub from: String,
    /// Where it ends.
    pub to: String,
    /// The inside of an `<svg>` with a view box of 100 × 100 that is stretched; strokes keep their width.
    pub drawing: String,
    /// The names of its series with class and dash of their line.
    pub series: Vec<(String, String)>,
}

/// The least and the greatest of finite values, as they are drawn; a range without extent gets one.
fn range(values: impl Iterator<Item = f64>, axis: &PlotAxis) -> Option<(f64, f64)> {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for value in values.map(|value| placed(value, axis)).filter(|value| value.is_finite()) {
        low = low.min(value);
        high = high.max(value);
    }
    let half = low.abs().max(1.0) * 0.05;
    match low.partial_cmp(&high)? {
        std::cmp::Ordering::Greater => None,
        std::cmp::Ordering::Equal => Some((low - half, high + half)),
        std::cmp::Ordering::Less => Some((low, high)),
    }
}

fn placed(value: f64, axis: &PlotAxis) -> f64 {
    if axis.logarithmic { value.log10() } else { value }
}

fn axis_said(axis: &PlotAxis) -> String {
    let unit = numbers::unit(&axis.unit);
    if unit.is_empty() { axis.label.clone() } else { format!("{} / {unit}", axis.label) }
}

fn ends(axis: &PlotAxis, (low, high): (f64, f64)) -> (String, String) {
    let back = |value: f64| if axis.logarithmic { 10_f64.powf(value) } else { value };
    let show = |value: f64| numbers::Shown::of(back(value), None, &axis.unit);
    let digits = |value: f64| {
        let extent = back(high) - back(low);
        if axis.logarithmic || !(extent.is_finite() && extent > 0.0) {
            return super::words::digits(back(value), 2);
        }
        numbers::fixed(back(value), (1 - extent.log10().floor() as i32).clamp(0, 9))
    };
    (show(low).relabelled(&digits(low)), show(high).relabelled(&digits(high)))
}

/// Draws a plot; none when it holds no finite point.
pub fn small_plot(definition: &Definition, plot: &Plot) -> Option<SmallPlot> {
    let points = |series: &Series| series.x.len().min(series.y.len());
    let xs = range(
        plot.series.iter().flat_map(|series| series.x.iter().take(points(series)).copied()),
        &plot.x,
    )?;
    let ys = range(
        plot.series.iter().flat_map(|series| series.y.iter().take(points(series)).copied()),
        &plot.y,
    )?;
    let x = |value: f64| 100.0 * (placed(value, &plot.x) - xs.0) / (xs.1 - xs.0);
    // A little room above and below the curves.
    let y = |value: f64| 95.0 - 90.0 * (placed(value, &plot.y) - ys.0) / (ys.1 - ys.0);

    let mut drawing = String::from(r#"<path class="frame" d="M0 0V100H100"/>"#);
    let mut named = Vec::new();
    for (index, series) in plot.series.iter().enumerate() {
        let style = series.group.as_ref().map(|group| groups::style(definition, group));
        let class = style.as_ref().map_or("g0", |style| style.class);
        let dash = if index % 2 == 1 && series.mark == Mark::Line { " dashed" } else { "" };
        let step = points(series).div_ceil(MOST_POINTS).max(1);
        let places = series
            .x
            .iter()
            .zip(&series.y)
            .step_by(step)
            .map(|(a, b)| (x(*a), y(*b)))
            .map(|(a, b)| (a.is_finite() && b.is_finite()).then(|| (px(a), px(b))));
        match series.mark {
            Mark::Line => {
                let mut path = String::new();
                let mut pen = 'M';
                for place in places {
                    if let Some((a, b)) = place {
                        let _ = write!(path, "{pen}{a} {b}");
                        pen = 'L';
                    } else {
                        pen = 'M';
                    }
                }
                let _ = write!(drawing, r#"<path class="{class} gs curve{dash}" d="{path}"/>"#);
            }
            Mark::Points => {
                for (a, b) in places.flatten() {
                    let _ = write!(drawing, r#"<path class="{class} gs dot" d="M{a} {b}h0"/>"#);
                }
            }
        }
        let by_id = series.group.as_ref().is_some_and(|group| group.as_str() == series.label);
        let name = style.as_ref().filter(|_| by_id).map_or(&series.label, |style| &style.name);
        named.push((name.clone(), format!("{class}{dash}")));
    }
    let (from, to) = ends(&plot.x, xs);
    let (low, high) = ends(&plot.y, ys);
    let curves: Vec<&str> = named.iter().map(|(name, _)| name.as_str()).collect();
    Some(SmallPlot {
        title: plot.title.clone(),
        label: format!(
            "{}: {} from {low} to {high} against {} from {from} to {to}; {}",
            plot.title,
            axis_said(&plot.y),
            axis_said(&plot.x),
            super::words::list(&curves)
        ),
        x: plot.x.label.clone(),
        from,
        to,
        drawing,
        series: named,
    })
}
