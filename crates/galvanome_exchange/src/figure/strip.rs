//! The verdict strip: a difference and its intervals drawn against the margin.

use std::fmt::Write as _;

use galvanome_model::answer::Answer;
use galvanome_model::verdict::Verdict;

use super::canvas::number;

const WIDTH: f64 = 316.0;
const PADDING: f64 = 10.0;

/// The rules behind the classes of [`verdict_strip`]; it reads the custom properties of
/// [`crate::marks::tokens_css`].
pub const fn strip_css() -> &'static str {
    ".vs text{font-size:10px;fill:var(--ink);text-anchor:middle}.vs-band{fill:var(--ink);opacity:.1}\
     .vs-axis,.vs-edge{stroke:var(--ink)}.vs-edge{stroke-dasharray:3 2}.vs-axis{opacity:.45}\
     .vs-yes{color:var(--yes-mark)}.vs-no{color:var(--no-mark)}.vs-unsure{color:var(--unsure-mark)}\
     .vs-whisker,.vs-bar{stroke:currentColor}.vs-bar{opacity:.45}.vs-dot{fill:currentColor;stroke:var(--paper)}"
}

/// A verdict as a small drawing for a page, on the analysis scale: the band ±δ with dashed lines at ±κδ around
/// zero, a whisker for the interval that must clear ±κδ for a yes, a bar for the one that must lie within ±δ for
/// a no, and a dot for the estimate. Empty while no spread is known, for then there is no interval. The drawing is
/// hidden from assistive technology: say the numbers beside it ([`super::interval_text`]).
pub fn verdict_strip(verdict: &Verdict, kappa: f64) -> String {
    let (Some(yes_bound), Some(no_bound)) = (verdict.yes_bound, verdict.no_bound) else {
        return String::new();
    };
    let (d, delta) = (verdict.d, verdict.delta);
    let whisker = (d.abs() - yes_bound).max(0.0);
    let bar = (no_bound - d.abs()).max(0.0);
    let half = whisker.max(bar);
    let (low, high) = ((d - half).min(-delta), (d + half).max(delta));
    let span = high - low;
    if !(span.is_finite() && span > 0.0) {
        return String::new();
    }
    let x = |value: f64| number(PADDING + (value - low) / span * (WIDTH - 2.0 * PADDING));
    let class = match verdict.answer {
        Answer::Yes => "vs-yes",
        Answer::No => "vs-no",
        _ => "vs-unsure",
    };
    let mut strip = format!(
        r#"<svg class="vs {class}" viewBox="0 0 316 52" width="316" height="52" aria-hidden="true">"#
    );
    let width = number(2.0 * delta / span * (WIDTH - 2.0 * PADDING));
    let _ = write!(
        strip,
        r#"<rect class="vs-band" x="{}" y="8" width="{width}" height="26"/>"#,
        x(-delta)
    );
    for edge in [-kappa * delta, kappa * delta] {
        let at = x(edge);
        let _ = write!(strip, r#"<path class="vs-edge" d="M{at} 8V34"/>"#);
    }
    let _ = write!(
        strip,
        r#"<path class="vs-axis" d="M0 34.5H316M{zero} 8V38"/><path class="vs-bar" d="M{}  21H{}" stroke-width="8"/><path class="vs-whisker" d="M{left} 21H{right}M{left} 15v12M{right} 15v12" fill="none" stroke-width="1.6"/><circle class="vs-dot" cx="{}" cy="21" r="4"/>"#,
        x(d - bar),
        x(d + bar),
        x(d),
        zero = x(0.0),
        left = x(d - whisker),
        right = x(d + whisker),
    );
    for (at, label) in [(-delta, "−δ"), (0.0, "0"), (delta, "+δ")] {
        if label == "0" || delta / span * (WIDTH - 2.0 * PADDING) > 16.0 {
            let _ = write!(strip, r#"<text x="{}" y="48">{label}</text>"#, x(at));
        }
    }
    strip + "</svg>"
}
