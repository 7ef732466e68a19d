//! A chart of curves, drawn by the server: what a page shows before, or without, its scripts. It stretches with the page;
//! letters and lines keep their size.

use std::fmt::Write as _;

use galvanome::curves::Series;

use super::axis::Axis;
use super::numbers;
use super::svg::{Anchor, Drawing, px};

/// Height of a chart's field, in pixels.
pub const HEIGHT: f64 = 150.0;

/// Height of the scale below it.
pub const FOOT: f64 = 22.0;

/// Height below a field without one.
pub const EDGE: f64 = 4.0;

/// How the points of a curve are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A line through them.
    Line,
    /// A dot each.
    Dots,
}

/// A chart ready to be shown: two drawings side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// The scale at the left: the inside of an `<svg>` 52 pixels wide.
    pub scale: String,
    /// The field with the scale below it: the inside of an `<svg>` as wide as there is room.
    pub field: String,
    /// Height of both.
    pub height: f64,
}

/// What a chart shows.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// The curves, with the classes of their colours.
    pub series: &'a [(Series, String)],
    /// How their points are drawn.
    pub style: Style,
    /// The horizontal range.
    pub x: (f64, f64),
    /// What one unit of the horizontal scale is worth.
    pub x_unit: f64,
    /// What one unit of the vertical scale is worth.
    pub y_unit: f64,
    /// Height of the field.
    pub height: f64,
    /// Whether the horizontal scale is written below; charts above another one leave it to that.
    pub foot: bool,
}

/// Draws a chart.
pub fn draw(shown: &Shown) -> Chart {
    let across = Axis { from: shown.x.0 / shown.x_unit, to: shown.x.1 / shown.x_unit };
    let values = || {
        let all =
            shown.series.iter().flat_map(|(series, _)| series.y.iter().map(|y| y / shown.y_unit));
        all.filter(|y| y.is_finite())
    };
    let (least, greatest) =
        (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    let up = Axis::around(least, greatest, 0.06);
    let height = shown.height;
    let y_at = |value: f64| height * (1.0 - (value / shown.y_unit - up.from) / (up.to - up.from));
    let mut scale = Drawing::new();
    let mut field = Drawing::new();
    let most = if height < 120.0 { 4 } else { 6 };
    for tick in up.ticks(most, "1") {
        let y = height * (1.0 - tick.at);
        field.across((0.0, 1.0), y, "grid");
        // A label at the very edge would be cut off.
        if y > 6.0 {
            scale.text((1.0, -6.0), y + 4.0, Anchor::End, "tick", &tick.label);
        }
    }
    for tick in across.ticks(8, "1") {
        field.down(tick.at, (0.0, height), "grid");
        let anchor = match tick.at {
            at if at < 0.02 => Anchor::Start,
            at if at > 0.98 => Anchor::End,
            _ => Anchor::Middle,
        };
        if !shown.foot {
            continue;
        }
        let class = if tick.wide_only { "tick wide-tick" } else { "tick" };
        field.text((tick.at, 0.0), height + 16.0, anchor, class, &tick.label);
    }
    field.across((0.0, 1.0), height, "edge");
    let share = |x: f64| 100.0 * (x / shown.x_unit - across.from) / (across.to - across.from);
    let mut curves = String::new();
    for (series, class) in shown.series {
        if shown.style == Style::Dots {
            for (x, y) in series.x.iter().zip(&series.y).filter(|(_, y)| y.is_finite()) {
                let dot = format!(r#"<circle class="{class}" r="2.5"/>"#);
                let at = share(*x) / 100.0;
                if (0.0..=1.0).contains(&at) {
                    field.at(at, y_at(*y), &dot);
                }
            }
            continue;
        }
        let mut path = String::new();
        let mut pen = 'M';
        for (x, y) in series.x.iter().zip(&series.y) {
            if !y.is_finite() {
                pen = 'M';
                continue;
            }
            let _ = write!(path, "{pen}{} {}", px(share(*x)), px(100.0 * y_at(*y) / height));
            pen = 'L';
        }
        let _ = write!(curves, r#"<path class="curve {class}" d="{path}"/>"#);
    }
    if !curves.is_empty() {
        field.stretched((0.0, 1.0), (0.0, height), &curves);
    }
    // Curves may come from beyond the view; they end at the edge of the field.
    let field = field.finish().replace(
        r#"preserveAspectRatio="none" overflow="visible""#,
        r#"preserveAspectRatio="none" overflow="hidden""#,
    );
    let foot = if shown.foot { FOOT } else { EDGE };
    Chart { scale: scale.finish(), field, height: height + foot }
}

/// A number of a table with as many digits as it carries.
pub fn value(value: f64) -> String {
    if value != 0.0 && (value.abs() >= 1e7 || value.abs() < 1e-4) {
        numbers::Shown::of(value, None, "1").value_text()
    } else {
        numbers::digits(value, 8)
    }
}
