//! The verdict strip: a difference with its intervals against the margin, one drawing everywhere. And the bar that
//! says which spread would turn the answer.

use std::fmt::Write as _;

use galvanome_model::answer::Answer;
use galvanome_model::catalogue::Scale;
use galvanome_model::verdict::Verdict;

use super::axis::Axis;
use super::numbers;
use super::svg::{Anchor, Drawing};
use super::words::digits;

/// Height of [`Strip::drawing`] in pixels.
pub const STRIP_HEIGHT: f64 = 126.0;

/// Height of [`Flip::drawing`] in pixels.
pub const FLIP_HEIGHT: f64 = 62.0;

/// So many margins fit on the axis at most; longer whiskers end in arrows.
const MOST_MARGINS: f64 = 30.0;

/// A verdict strip.
#[derive(Debug, Clone, PartialEq)]
pub struct Strip {
    /// Class of the answer: `yes`, `no` or `unsure`.
    pub class: &'static str,
    /// Everything that is drawn, in words.
    pub label: String,
    /// The inside of an `<svg>` of any width and of [`STRIP_HEIGHT`].
    pub drawing: String,
}

/// A verdict as numbers that people read.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbers {
    /// The difference, with sign and unit.
    pub estimate: String,
    /// The size of the difference, without its sign.
    pub size: String,
    /// Level of the interval that must clear κδ for a yes, in per cent.
    pub yes_level: String,
    /// Its ends; none when no spread is known.
    pub yes_interval: Option<(String, String)>,
    /// Level of the interval that must lie within δ for a no, in per cent.
    pub no_level: String,
    /// Its ends.
    pub no_interval: Option<(String, String)>,
    /// δ.
    pub delta: String,
    /// κδ.
    pub guard: String,
    /// By how many δ the deciding interval clears its margin; none when it does not.
    pub clears_by: Option<String>,
}

/// Half the width of the interval for a yes.
fn yes_half(verdict: &Verdict) -> Option<f64> {
    verdict.yes_bound.map(|bound| verdict.d.abs() - bound).filter(|half| half.is_finite())
}

/// Half the width of the interval for a no.
fn no_half(verdict: &Verdict) -> Option<f64> {
    verdict.no_bound.map(|bound| bound - verdict.d.abs()).filter(|half| half.is_finite())
}

/// The class of an answer.
pub const fn class_of(answer: Answer) -> &'static str {
    match answer {
        Answer::Yes => "yes",
        Answer::No => "no",
        Answer::Unsure => "unsure",
        Answer::NotDone => "not-done",
        Answer::NotApplicable => "na",
    }
}

/// A difference on the analysis scale for people, with so many decimals of what is shown.
fn difference(value: f64, scale: Scale, unit: &str, decimals: i32) -> String {
    match scale {
        Scale::Ratio => numbers::percent(value, decimals),
        Scale::Difference => {
            numbers::Shown::of(0.0, None, unit).relabelled(&numbers::signed(value, decimals))
        }
    }
}

/// A margin or spread on the analysis scale, as one declares it: a percentage on the ratio scale.
pub fn margin(value: f64, scale: Scale, unit: &str) -> String {
    match scale {
        Scale::Ratio => numbers::share(value.exp_m1()),
        Scale::Difference => numbers::Shown::of(0.0, None, unit).relabelled(&digits(value, 3)),
    }
}

/// A spread or margin as it is declared: a fraction on the ratio scale, in the unit on the difference scale.
pub fn declared(value: f64, scale: Scale, unit: &str) -> String {
    match scale {
        Scale::Ratio => numbers::share(value),
        Scale::Difference => numbers::Shown::of(0.0, None, unit).relabelled(&digits(value, 3)),
    }
}

/// Decimals that a difference deserves: those of its uncertainty, else of the margin.
fn decimals(verdict: &Verdict) -> i32 {
    let u = verdict.u.filter(|u| *u > 0.0).unwrap_or(verdict.delta);
    let shown = match verdict.scale {
        Scale::Ratio => 100.0 * u * verdict.d.exp(),
        Scale::Difference => u,
    };
    numbers::decimals_of(shown).unwrap_or(1).clamp(0, 9)
}

/// Per cent with up to three digits: 95, 97.5, 98.33.
fn level(risk: f64) -> String {
    format!("{} %", digits(100.0 * (1.0 - risk), 4))
}

/// The numbers of a verdict, one of `comparisons` in its pixel.
pub fn numbers_of(
    verdict: &Verdict,
    unit: &str,
    alpha: f64,
    kappa: f64,
    comparisons: usize,
) -> Numbers {
    let (scale, decimals) = (verdict.scale, decimals(verdict));
    let show = |value: f64| difference(value, scale, unit, decimals);
    let ends = |half: f64| (show(verdict.d - half), show(verdict.d + half));
    let size = match scale {
        Scale::Ratio => {
            let change = numbers::change(verdict.d).abs();
            if change > 900.0 {
                show(verdict.d)
            } else {
                format!("{} %", numbers::fixed(change, decimals))
            }
        }
        Scale::Difference => numbers::Shown::of(0.0, None, unit)
            .relabelled(&numbers::fixed(verdict.d.abs(), decimals)),
    };
    let clears = match verdict.answer {
        Answer::Yes => verdict.yes_bound.map(|bound| bound - kappa * verdict.delta),
        Answer::No => verdict.no_bound.map(|bound| verdict.delta - bound),
        _ => None,
    };
    Numbers {
        estimate: show(verdict.d),
        size,
        yes_level: level(alpha / comparisons.max(1) as f64),
        yes_interval: yes_half(verdict).map(ends),
        no_level: level(2.0 * alpha),
        no_interval: no_half(verdict).map(ends),
        delta: margin(verdict.delta, scale, unit),
        guard: margin(kappa * verdict.delta, scale, unit),
        clears_by: clears.map(|by| format!("{} δ", digits(by / verdict.delta, 2))),
    }
}

/// Draws the strip of a verdict, one of `comparisons` in its pixel: zero, ±κδ and ±δ, the estimate, the whisker that
/// must clear κδ for a yes, the bar that must lie within δ for a no.
pub fn strip(verdict: &Verdict, unit: &str, alpha: f64, kappa: f64, comparisons: usize) -> Strip {
    const BAND: (f64, f64) = (46.0, 98.0);
    const MIDDLE: f64 = 80.0;
    let said = numbers_of(verdict, unit, alpha, kappa, comparisons);
    let Verdict { d, delta, .. } = *verdict;
    let (whisker, bar) = (yes_half(verdict), no_half(verdict));
    let reach = whisker.unwrap_or(0.0).max(bar.unwrap_or(0.0));
    let furthest = MOST_MARGINS * delta + d.abs();
    let low = (d - reach).min(-delta).max(-furthest);
    let high = (d + reach).max(delta).min(furthest);
    let axis = Axis::around(low, high, 0.16);
    let x = |value: f64| axis.share(value);

    let mut drawing = Drawing::new();
    drawing.rect((x(-delta), x(delta)), BAND, "band");
    drawing.across((0.0, 1.0), BAND.1, "rule");
    for edge in [-delta, delta] {
        drawing.down(x(edge), BAND, "edge");
    }
    for guard in [-kappa * delta, kappa * delta] {
        drawing.down(x(guard), BAND, "guard");
    }
    for (half, label, top) in [(delta, "±δ", 16.0), (kappa * delta, "±κδ", 40.0)] {
        if half > 0.0 {
            let (from, to) = (x(-half), x(half));
            drawing.text((x(0.0), 0.0), top - 4.0, Anchor::Middle, "", label);
            drawing.across((from, to), top, "bracket");
            for end in [from, to] {
                drawing.down(end, (top, BAND.0), "bracket");
            }
        }
    }
    drawing.down(x(0.0), (BAND.0, BAND.1 + 4.0), "zero");
    for tick in axis.difference_ticks(verdict.scale, unit) {
        drawing.down(tick.at, (BAND.1, BAND.1 + 4.0), "rule");
        drawing.text(
            (tick.at, 0.0),
            BAND.1 + 18.0,
            Anchor::Middle,
            if tick.wide_only { "tick w" } else { "tick" },
            &tick.label,
        );
    }
    if let Some(half) = bar {
        drawing.rect((x(d - half), x(d + half)), (MIDDLE - 4.0, MIDDLE + 4.0), "bar");
    }
    if let Some(half) = whisker {
        drawing.across((x(d - half), x(d + half)), MIDDLE, "whisker");
        for (end, outward, anchor) in
            [(d - half, -1.0, Anchor::End), (d + half, 1.0, Anchor::Start)]
        {
            if axis.holds(end) {
                drawing.at(x(end), MIDDLE, r#"<path class="whisker" d="M0 -6V6"/>"#);
                let label = difference(end, verdict.scale, unit, decimals(verdict));
                drawing.text((x(end), outward * 8.0), MIDDLE + 4.0, anchor, "", &label);
            } else {
                let path = format!(
                    r#"<path class="whisker" d="M{} -5L0 0L{} 5"/>"#,
                    -6.0 * outward,
                    -6.0 * outward
                );
                drawing.at(x(end), MIDDLE, &path);
            }
        }
    }
    drawing.at(x(d), MIDDLE, r#"<circle class="estimate" r="5.5"/>"#);
    drawing.text((x(d), 0.0), MIDDLE - 13.0, Anchor::Middle, "lead", &said.estimate);

    let mut label = format!("Verdict strip: estimate {}", said.estimate);
    match &said.yes_interval {
        Some((from, to)) => {
            let _ = write!(label, ", {} interval {from} to {to}", said.yes_level);
        }
        None => label.push_str(", no interval because no spread is known"),
    }
    if let Some((from, to)) = &said.no_interval {
        let _ = write!(label, ", {} interval {from} to {to}", said.no_level);
    }
    let _ = write!(label, ", margin δ {}, κδ {}", said.delta, said.guard);
    Strip { class: class_of(verdict.answer), label, drawing: drawing.finish() }
}

/// Which spread turns the answer, as a bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Flip {
    /// Everything that is drawn, in a sentence.
    pub label: String,
    /// The inside of an `<svg>` of any width and of [`FLIP_HEIGHT`].
    pub drawing: String,
}

/// What an answer is below and above the break-even spread: class and words.
fn sides(
    verdict: &Verdict,
    kappa: f64,
) -> ((&'static str, &'static str), (&'static str, &'static str)) {
    const WIDE: (&str, &str) = ("unsure", "unsure: interval too wide");
    let size = verdict.d.abs();
    match (verdict.answer, verdict.reason.as_str()) {
        (Answer::Yes, _) => (("yes", "yes"), WIDE),
        (Answer::No, _) => (("no", "no"), WIDE),
        (_, "grey_zone") => {
            (("unsure", "unsure: real but small"), ("open", "yes or no, then too wide"))
        }
        _ if size >= verdict.delta => (("yes", "yes"), WIDE),
        _ if size <= kappa * verdict.delta => (("no", "no"), WIDE),
        _ => (("open", "yes or no"), WIDE),
    }
}

/// Draws the bar of a verdict; none when no spread would turn it.
pub fn flip(verdict: &Verdict, unit: &str, kappa: f64) -> Option<Flip> {
    const BAR: (f64, f64) = (20.0, 34.0);
    let turns = verdict.break_even_s0.filter(|s0| s0.is_finite() && *s0 > 0.0)?;
    let used = verdict.s0.filter(|s0| s0.is_finite() && *s0 >= 0.0);
    let show = |s0: f64| declared(s0, verdict.scale, unit);
    let far = 2.0 * turns.max(used.map_or(0.0, |used| used / 1.6));
    let axis = Axis { from: 0.0, to: far };
    let x = |s0: f64| axis.share(s0);
    let (below, above) = sides(verdict, kappa);

    let mut drawing = Drawing::new();
    for ((from, to), (class, words), anchor) in
        [((0.0, turns), below, Anchor::Start), ((turns, far), above, Anchor::End)]
    {
        drawing.rect((x(from), x(to)), BAR, &format!("zone {class}"));
        if class == "unsure" {
            drawing.rect((x(from), x(to)), BAR, "hatch");
        }
        let at = if anchor == Anchor::Start { 0.0 } else { 1.0 };
        drawing.text((at, 0.0), 13.0, anchor, "", words);
    }
    drawing.down(x(turns), (6.0, 42.0), "turn");
    drawing.text((x(turns), -6.0), 13.0, Anchor::End, "lead", &show(turns));
    let mut free = vec![(0.0, show(0.0), Anchor::Start), (1.0, show(far), Anchor::End)];
    if let Some(used) = used {
        let at = x(used);
        drawing.at(at, BAR.1 + 1.0, r#"<path class="used" d="M0 0L5 8H-5Z"/>"#);
        let anchor = match at {
            at if at < 0.06 => Anchor::Start,
            at if at > 0.94 => Anchor::End,
            _ => Anchor::Middle,
        };
        drawing.text((at, 0.0), 56.0, anchor, "", &format!("{} declared", show(used)));
        free.retain(|(end, ..)| (end - at).abs() > 0.26);
    }
    for (at, label, anchor) in free {
        drawing.text((at, 0.0), 56.0, anchor, "tick", &label);
    }
    let label = format!(
        "Up to a spread of {} between specimens: {}; beyond: {}.{}",
        show(turns),
        below.1,
        above.1,
        used.map_or_else(
            || " No spread is declared.".to_owned(),
            |used| format!(" Declared: {}.", show(used))
        )
    );
    Some(Flip { label, drawing: drawing.finish() })
}
