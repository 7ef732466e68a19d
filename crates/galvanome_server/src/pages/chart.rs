//! A chart of curves, drawn by the server: what a page shows before, or without, its scripts. It stretches with the page;
//! letters and lines keep their size.

use std::fmt::Write as _;

use galvanome::curves::Series;

use super::axis::{Axis, Tick};
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
    /// The vertical range; that of the curves, with some room, when left out.
    pub y: Option<(f64, f64)>,
    /// Whether the horizontal and the vertical scale are logarithmic.
    pub logarithmic: (bool, bool),
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
    let on_x = |value: f64| placed(value / shown.x_unit, shown.logarithmic.0);
    let on_y = |value: f64| placed(value / shown.y_unit, shown.logarithmic.1);
    let across = Axis { from: on_x(shown.x.0), to: on_x(shown.x.1) };
    let values = || {
        let all = shown.series.iter().flat_map(|(series, _)| series.y.iter().map(|y| on_y(*y)));
        all.filter(|y| y.is_finite())
    };
    let up = match shown.y {
        Some((low, high)) => Axis { from: on_y(low), to: on_y(high) },
        None => Axis::around(
            values().fold(f64::INFINITY, f64::min),
            values().fold(f64::NEG_INFINITY, f64::max),
            0.06,
        ),
    };
    let height = shown.height;
    let y_at = |value: f64| height * (1.0 - (on_y(value) - up.from) / (up.to - up.from));
    let mut scale = Drawing::new();
    let mut field = Drawing::new();
    let most = if height < 120.0 { 4 } else { 6 };
    for tick in ticks(&up, most, shown.logarithmic.1) {
        let y = height * (1.0 - tick.at);
        field.across((0.0, 1.0), y, "grid");
        // A label at the very edge would be cut off.
        if y > 6.0 {
            scale.text((1.0, -6.0), y + 4.0, Anchor::End, "tick", &tick.label);
        }
    }
    // What is drawn as dots is counted: there is nothing between one and two.
    let is_mark = |tick: &Tick| shown.style == Style::Line || !tick.label.contains('.');
    for tick in ticks(&across, 8, shown.logarithmic.0).into_iter().filter(is_mark) {
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
    let share = |x: f64| 100.0 * (on_x(x) - across.from) / (across.to - across.from);
    let mut curves = String::new();
    for (series, class) in shown.series {
        if shown.style == Style::Dots {
            for (x, y) in series.x.iter().zip(&series.y).filter(|(_, y)| on_y(**y).is_finite()) {
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
            if !on_y(*y).is_finite() {
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

/// Where a value lies on a scale.
fn placed(value: f64, logarithmic: bool) -> f64 {
    if logarithmic { value.log10() } else { value }
}

/// The ticks of an axis: of a logarithmic one at powers of ten, and at their double and five-fold where few of these are
/// seen.
fn ticks(axis: &Axis, most: usize, logarithmic: bool) -> Vec<Tick> {
    let decades = axis.to - axis.from;
    if !logarithmic || !decades.is_finite() || decades <= 0.0 {
        return axis.ticks(most, "1");
    }
    let leads: &[f64] = if decades > 2.5 { &[1.0] } else { &[1.0, 2.0, 5.0] };
    let powers = axis.from.floor() as i32..=axis.to.ceil() as i32;
    let step = (decades / most as f64).ceil().max(1.0) as i32;
    powers
        .filter(|power| power.rem_euclid(step) == 0)
        .flat_map(|power| leads.iter().map(move |lead| (power, *lead)))
        .map(|(power, lead)| (f64::from(power) + lead.log10(), power, lead))
        .filter(|(at, ..)| axis.holds(*at))
        .map(|(at, power, lead)| Tick {
            at: axis.share(at),
            label: power_label(power, lead),
            wide_only: lead > 1.0 || (decades > 5.0 && power.rem_euclid(2) == 1),
        })
        .collect()
}

/// `0.01` to `1000` as they are, others as powers of ten.
fn power_label(power: i32, lead: f64) -> String {
    if (-2..=3).contains(&power) {
        return (lead * 10_f64.powi(power)).to_string();
    }
    let digit = |c: char| match c {
        '-' => '⁻',
        c => c.to_digit(10).and_then(|n| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(n as usize)).unwrap_or('⁰'),
    };
    let raised: String = power.to_string().chars().map(digit).collect();
    if lead > 1.0 { format!("{lead}·10{raised}") } else { format!("10{raised}") }
}

/// A number of a table with as many digits as it carries.
pub fn value(value: f64) -> String {
    if value != 0.0 && (value.abs() >= 1e7 || value.abs() < 1e-4) {
        numbers::Shown::of(value, None, "1").value_text()
    } else {
        numbers::digits(value, 8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithmic_scales_are_marked_at_powers_of_ten() {
        for (from, to, expected) in [
            (-2.0, 5.0, "0.01 0.1 1 10 100 1000 10⁴ 10⁵"),
            (3.0, 4.0, "1000 2000 5000 10⁴"),
            (-4.1, -3.2, "10⁻⁴ 2·10⁻⁴ 5·10⁻⁴"),
            (-8.0, 8.0, "10⁻⁸ 10⁻⁶ 10⁻⁴ 0.01 1 100 10⁴ 10⁶ 10⁸"),
        ] {
            let found = ticks(&Axis { from, to }, 8, true);
            let labels: Vec<String> = found.into_iter().map(|tick| tick.label).collect();
            assert_eq!(labels.join(" "), expected, "{from} to {to}");
        }
        assert_eq!(ticks(&Axis { from: 0.0, to: 1.0 }, 6, false).len(), 6);
    }
}
