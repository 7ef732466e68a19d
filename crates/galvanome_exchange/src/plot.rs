//! A plot as one SVG file that stands alone: axes with units, curves or points with uncertainty bars, a legend.

use std::fmt::Write as _;

use crate::numbers;
use galvanome_model::plot::{Mark, Plot, PlotAxis, Series};

/// Width of a drawing.
pub const WIDTH: f64 = 640.0;

/// Its height.
pub const HEIGHT: f64 = 400.0;

const LEFT: f64 = 76.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 56.0;

/// Colours of the series in turn: dark enough on white, told apart without red against green, none of them the
/// colour of an answer.
const INKS: &[&str] = &["#4B3A9E", "#C2498A", "#5F6770", "#1B7FA6", "#8A5A00"];

/// The drawing of a plot. Values that are not finite, or not positive on a logarithmic axis, are left out.
pub fn svg(plot: &Plot) -> String {
    let x = Span::of(&plot.x, plot.series.iter().flat_map(|series| series.x.iter().copied()));
    let y = Span::of(&plot.y, plot.series.iter().flat_map(heights));
    drawn(plot, &x, &y)
}

/// The same with as much of one unit to a length across as down, as impedance in the complex plane is read.
pub fn svg_on_equal_axes(plot: &Plot) -> String {
    let mut x = Span::of(&plot.x, plot.series.iter().flat_map(|series| series.x.iter().copied()));
    let mut y = Span::of(&plot.y, plot.series.iter().flat_map(heights));
    let (wide, high) = (WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM);
    let each = ((x.high - x.low) / wide).max((y.high - y.low) / high);
    x.widen(each * wide);
    y.widen(each * high);
    drawn(plot, &x, &y)
}

fn drawn(plot: &Plot, x: &Span, y: &Span) -> String {
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" font-family=\"DejaVu Sans, sans-serif\" font-size=\"12\">\n<title>{}</title>\n<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n<text x=\"{LEFT}\" y=\"22\" font-size=\"14\" font-weight=\"bold\">{}</text>\n",
        escaped(&plot.title),
        escaped(&plot.title),
    );
    axes(&mut out, plot, x, y);
    for (series, ink) in plot.series.iter().zip(INKS.iter().cycle()) {
        draw(&mut out, series, ink, x, y);
    }
    if plot.series.len() > 1 {
        for (index, (series, ink)) in plot.series.iter().zip(INKS.iter().cycle()).enumerate() {
            let at = TOP + 14.0 + index as f64 * 16.0;
            let _ = writeln!(
                out,
                "<rect x=\"{}\" y=\"{}\" width=\"14\" height=\"3\" fill=\"{ink}\"/><text x=\"{}\" y=\"{at}\">{}</text>",
                LEFT + 12.0,
                at - 5.0,
                LEFT + 32.0,
                escaped(&series.label)
            );
        }
    }
    out.push_str("</svg>\n");
    out
}

/// What an axis spans, on its own scale.
struct Span {
    low: f64,
    high: f64,
    logarithmic: bool,
}

impl Span {
    fn of(axis: &PlotAxis, values: impl Iterator<Item = f64>) -> Self {
        let logarithmic = axis.logarithmic;
        let scaled = values.filter_map(|value| scaled(value, logarithmic));
        let (low, high) = scaled.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        let (low, high) = if low > high { (0.0, 1.0) } else { (low, high) };
        let room = if high > low { (high - low) * 0.05 } else { low.abs().max(1.0) * 0.1 };
        Self { low: low - room, high: high + room, logarithmic }
    }

    /// Widens it about its middle.
    fn widen(&mut self, extent: f64) {
        let middle = f64::midpoint(self.low, self.high);
        (self.low, self.high) = (middle - 0.5 * extent, middle + 0.5 * extent);
    }

    fn share(&self, value: f64) -> Option<f64> {
        Some((scaled(value, self.logarithmic)? - self.low) / (self.high - self.low))
    }

    /// Round values inside, about five.
    fn ticks(&self) -> Vec<f64> {
        if self.logarithmic {
            // Powers of ten, and their double and five-fold where few of these are seen.
            let leads: &[f64] = if self.high - self.low > 2.5 { &[1.0] } else { &[1.0, 2.0, 5.0] };
            let powers = self.low.floor() as i64..=self.high.ceil() as i64;
            let all =
                powers.flat_map(|power| leads.iter().map(move |one| power as f64 + one.log10()));
            return all.filter(|at| (self.low..=self.high).contains(at)).take(20).collect();
        }
        let raw = (self.high - self.low) / 5.0;
        let power = 10f64.powf(raw.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0]
            .into_iter()
            .map(|one| one * power)
            .find(|step| *step >= raw)
            .unwrap_or(raw);
        let first = (self.low / step).ceil() as i64;
        let last = (self.high / step).floor() as i64;
        (first..=last).take(20).map(|n| n as f64 * step).collect()
    }

    fn label(&self, tick: f64) -> String {
        let value = if self.logarithmic { 10f64.powf(tick) } else { tick };
        let text = format!("{value:.6}");
        let text = text.trim_end_matches('0').trim_end_matches('.');
        if value != 0.0 && (value.abs() >= 1e6 || value.abs() < 1e-4) {
            format!("{value:.1e}")
        } else if text == "-0" {
            "0".to_owned()
        } else {
            text.to_owned()
        }
    }
}

fn scaled(value: f64, logarithmic: bool) -> Option<f64> {
    let value = if logarithmic { value.log10() } else { value };
    value.is_finite().then_some(value)
}

fn across(share: f64) -> f64 {
    LEFT + share * (WIDTH - LEFT - RIGHT)
}

fn down(share: f64) -> f64 {
    HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)
}

fn axes(out: &mut String, plot: &Plot, x: &Span, y: &Span) {
    let (left, right, top, bottom) = (across(0.0), across(1.0), down(1.0), down(0.0));
    for tick in x.ticks() {
        let at = across((tick - x.low) / (x.high - x.low));
        let _ = writeln!(
            out,
            "<path d=\"M{at:.1} {top:.1}V{bottom:.1}\" stroke=\"#E2E5E8\"/><text x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            bottom + 18.0,
            x.label(tick)
        );
    }
    for tick in y.ticks() {
        let at = down((tick - y.low) / (y.high - y.low));
        let _ = writeln!(
            out,
            "<path d=\"M{left:.1} {at:.1}H{right:.1}\" stroke=\"#E2E5E8\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            left - 8.0,
            at + 4.0,
            y.label(tick)
        );
    }
    let _ = writeln!(
        out,
        "<path d=\"M{left:.1} {top:.1}V{bottom:.1}H{right:.1}\" fill=\"none\" stroke=\"#14181D\"/>\n<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>\n<text transform=\"translate(18 {:.1}) rotate(-90)\" text-anchor=\"middle\">{}</text>",
        f64::midpoint(left, right),
        HEIGHT - 14.0,
        named(&plot.x),
        f64::midpoint(top, bottom),
        named(&plot.y)
    );
}

/// Every height that a series reaches: of points with uncertainties the ends of their bars too.
fn heights(series: &Series) -> impl Iterator<Item = f64> + '_ {
    let bars = series.y.iter().zip(&series.y_uncertainty).filter(|(_, u)| **u > 0.0);
    let ends = bars.flat_map(|(y, u)| [y - u, y + u]);
    series.y.iter().copied().chain(ends.filter(|_| series.mark == Mark::Points))
}

fn named(axis: &PlotAxis) -> String {
    match axis.unit.as_str() {
        "" | "1" => escaped(&axis.label),
        unit => format!("{} / {}", escaped(&axis.label), escaped(&numbers::unit(unit))),
    }
}

fn draw(out: &mut String, series: &Series, ink: &str, x: &Span, y: &Span) {
    let place = |at: f64, value: f64| Some((across(x.share(at)?), down(y.share(value)?)));
    if series.mark == Mark::Line {
        let mut path = String::new();
        let mut begun = false;
        for (at, value) in series.x.iter().zip(&series.y) {
            match place(*at, *value) {
                Some((across, down)) => {
                    let _ = write!(path, "{}{across:.1} {down:.1}", if begun { 'L' } else { 'M' });
                    begun = true;
                }
                None => begun = false,
            }
        }
        let _ = writeln!(
            out,
            "<path d=\"{path}\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"1.5\" stroke-linejoin=\"round\"/>"
        );
        return;
    }
    for (index, (at, value)) in series.x.iter().zip(&series.y).enumerate() {
        let Some((across, down)) = place(*at, *value) else { continue };
        let bar = series
            .y_uncertainty
            .get(index)
            .filter(|u| **u > 0.0)
            .and_then(|u| Some((place(*at, value - u)?.1, place(*at, value + u)?.1)));
        if let Some((low, high)) = bar {
            let _ = writeln!(out, "<path d=\"M{across:.1} {low:.1}V{high:.1}\" stroke=\"{ink}\"/>");
        }
        let _ =
            writeln!(out, "<circle cx=\"{across:.1}\" cy=\"{down:.1}\" r=\"3\" fill=\"{ink}\"/>");
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
