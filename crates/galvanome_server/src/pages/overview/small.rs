//! A metaview in small: the same states in the same shapes, without what only a large cell can carry.

use std::fmt::Write as _;

use galvanome_exchange::marks::{Mark, Strength, mark_of, overlay_ids};
use galvanome_model::answer::Answer;
use galvanome_model::campaign::Question;
use galvanome_model::metaview::{Frame, Metaview};

use crate::pages::svg::px;
use crate::pages::{address, words};

/// The side of a symbol of the large drawing.
const LARGE: f64 = 36.0;

/// A metaview in small.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Small {
    pub(super) component: String,
    pub(super) question: String,
    /// The question in full.
    pub(super) text: String,
    pub(super) href: String,
    /// The inside of an `<svg>`.
    pub(super) drawing: String,
    pub(super) width: String,
    pub(super) height: String,
    pub(super) counts: String,
    pub(super) pending: String,
}

/// One line of the legend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LegendLine {
    /// Symbols; empty for the dot of a pending pixel.
    pub(super) ids: Vec<&'static str>,
    pub(super) word: &'static str,
}

/// The class of a grid in which the questions of a component stay side by side.
pub(super) const fn per_row(questions: usize) -> &'static str {
    match questions {
        3 | 6 => "by-3",
        0 | 1 | 2 | 4 | 8 => "by-4",
        _ => "by-5",
    }
}

/// A question as a heading: `SQ1 Electrolyte`.
pub(super) fn heading(question: Option<&Question>, id: &str) -> String {
    let (first, second) = words::question(id, question.map_or(id, |question| &question.name));
    if second.is_empty() { first.to_owned() } else { format!("{first} {second}") }
}

/// Paths by class, each drawn once.
#[derive(Default)]
struct Paths {
    na: String,
    yes: String,
    no: String,
    unsure: String,
    not_done: String,
    dashes: String,
    discs: [String; 3],
    rings: [String; 3],
    halves: String,
    half_dots: String,
    slashes: String,
    dots: String,
    symbols: String,
}

const fn step(strength: Strength) -> usize {
    match strength {
        Strength::Weak => 0,
        Strength::Unknown | Strength::Medium => 1,
        Strength::Strong => 2,
    }
}

fn filled(out: &mut String, class: &str, path: &str) {
    if !path.is_empty() {
        let _ = write!(out, r#"<path class="{class}" d="{path}"/>"#);
    }
}

/// Dots of one size: lines without length with round ends.
fn dotted(out: &mut String, class: &str, path: &str, size: f64) {
    if !path.is_empty() {
        let _ = write!(
            out,
            r#"<path class="{class}" fill="none" stroke-linecap="round" stroke-width="{}" d="{path}"/>"#,
            px(size)
        );
    }
}

/// The drawing of a matrix with so many pixels from cell to cell.
fn drawing(view: &Metaview, pitch: f64) -> String {
    let side = if pitch >= 8.0 { pitch - 1.0 } else { pitch * 0.9 };
    let scale = side / LARGE;
    let with_marks = side >= 7.0;
    let mut paths = Paths::default();
    let columns = view.observables.len().max(1);
    for (index, pixel) in view.pixels.iter().enumerate() {
        let x = (index % columns) as f64 * pitch;
        let y = (index / columns) as f64 * pitch;
        let cell = format!("M{} {}h{s}v{s}h-{s}z", px(x), px(y), s = px(side));
        let (cx, cy) = (x + side / 2.0, y + side / 2.0);
        let dot = format!("M{} {}h0", px(cx), px(cy));
        match mark_of(pixel) {
            Mark::Yes(strength) => {
                paths.yes.push_str(&cell);
                paths.discs[step(strength)].push_str(&dot);
            }
            Mark::No(strength) => {
                paths.no.push_str(&cell);
                paths.rings[step(strength)].push_str(&dot);
            }
            mark @ (Mark::Unsure | Mark::UnsureVoided) => {
                paths.unsure.push_str(&cell);
                paths.half_dots.push_str(&dot);
                let r = 9.2 * scale;
                let _ = write!(
                    paths.halves,
                    "M{} {}a{r} {r} 0 0 0 0 {}z",
                    px(cx),
                    px(cy - r),
                    px(2.0 * r),
                    r = px(r)
                );
                if mark == Mark::UnsureVoided {
                    let d = 9.5 * scale;
                    let _ = write!(
                        paths.slashes,
                        "M{} {}l{} -{}",
                        px(cx - d),
                        px(cy + d),
                        px(2.0 * d),
                        px(2.0 * d)
                    );
                }
            }
            Mark::NotApplicable => paths.na.push_str(&cell),
            Mark::NotDone => {
                let inner = px(side - 1.0);
                let _ = write!(
                    paths.not_done,
                    "M{} {}h{inner}v{inner}h-{inner}z",
                    px(x + 0.5),
                    px(y + 0.5)
                );
                let d = 5.5 * scale;
                let _ = write!(paths.dashes, "M{} {}h{}", px(cx - d), px(cy), px(2.0 * d));
            }
            Mark::Pending(_) => paths.dots.push_str(&dot),
            mark @ (Mark::Contested | Mark::Withheld) => {
                let _ = write!(
                    paths.symbols,
                    r##"<use href="#{}" x="{}" y="{}" width="{s}" height="{s}"/>"##,
                    mark.id(),
                    px(x),
                    px(y),
                    s = px(side)
                );
            }
        }
    }
    let mut out = String::new();
    filled(&mut out, "mf-na-field", &paths.na);
    filled(&mut out, "mf-yes-field", &paths.yes);
    filled(&mut out, "mf-no-field", &paths.no);
    filled(&mut out, "mf-unsure-field", &paths.unsure);
    filled(&mut out, "mf-nd-field ms-nd-edge", &paths.not_done);
    dotted(&mut out, "ms-pend-edge", &paths.dots, (0.12 * side).clamp(1.0, 2.2));
    if with_marks {
        for (path, radius) in paths.discs.iter().zip([6.5, 9.5, 12.5]) {
            dotted(&mut out, "ms-yes-mark", path, 2.0 * radius * scale);
        }
        for (path, (radius, width)) in paths.rings.iter().zip([(10.1, 2.2), (9.3, 3.8), (8.4, 5.6)])
        {
            dotted(&mut out, "ms-no-mark", path, (2.0 * radius + width) * scale);
            dotted(&mut out, "ms-no-field", path, (2.0 * radius - width) * scale);
        }
        dotted(&mut out, "ms-unsure-mark", &paths.half_dots, 20.6 * scale);
        dotted(&mut out, "ms-unsure-field", &paths.half_dots, 16.2 * scale);
        filled(&mut out, "mf-unsure-mark", &paths.halves);
        dotted(&mut out, "ms-unsure-mark", &paths.slashes, (2.2 * scale).max(1.2));
        dotted(&mut out, "ms-nd-mark", &paths.dashes, 1.2);
    }
    out + &paths.symbols
}

/// A metaview in small.
pub(super) fn small(frame: &Frame, view: &Metaview) -> Small {
    let definition = &frame.definition;
    let question = definition.question(&view.question);
    let (rows, columns) =
        (view.techniques.len().max(1) as f64, view.observables.len().max(1) as f64);
    let pitch = 20_f64.min(260.0 / columns).min(340.0 / rows).max(2.0);
    let count = |answer| view.pixels.iter().filter(|pixel| pixel.answer == Some(answer)).count();
    let mut pending = format!("{} of {} pending", view.counts.pending, view.pixels.len());
    if view.counts.withheld > 0 {
        let _ = write!(pending, ", {} withheld", view.counts.withheld);
    }
    Small {
        component: view.component.to_string(),
        question: heading(question, view.question.as_str()),
        text: question.map_or_else(String::new, |question| question.text.clone()),
        href: format!(
            "{}#q-{}",
            address::metaviews(&definition.id, &view.component),
            view.question
        ),
        drawing: drawing(view, pitch),
        width: px(columns * pitch),
        height: px(rows * pitch),
        counts: format!(
            "{} yes, {} unsure, {} no",
            count(Answer::Yes),
            count(Answer::Unsure),
            count(Answer::No)
        ),
        pending,
    }
}

/// The legend: every answer, and of the rarer signs those that are drawn.
pub(super) fn legend(views: &[Metaview]) -> Vec<LegendLine> {
    let drawn = |wanted: Mark| {
        views.iter().flat_map(|view| &view.pixels).any(|pixel| mark_of(pixel) == wanted)
    };
    let yes = Mark::Yes(Strength::Unknown);
    let no = Mark::No(Strength::Unknown);
    let mut marks = vec![(yes, "yes"), (no, "no"), (Mark::Unsure, "unsure")];
    for (mark, word) in [
        (Mark::UnsureVoided, "unsure, gate closed"),
        (Mark::Contested, "contested"),
        (Mark::Withheld, "withheld"),
    ] {
        if drawn(mark) {
            marks.push((mark, word));
        }
    }
    marks.extend([(Mark::NotApplicable, "not applicable"), (Mark::NotDone, "not done")]);
    let mut lines: Vec<LegendLine> = marks
        .into_iter()
        .map(|(mark, word)| LegendLine { ids: overlay_ids(&mark.into()), word })
        .collect();
    lines.push(LegendLine { ids: Vec::new(), word: "pending" });
    lines
}

/// A pixel's place in words: `LNO, SQ1, lithium distribution`.
pub(super) fn place(frame: &Frame, view: &Metaview, column: usize) -> String {
    let observable = view.observables.get(column).map_or_else(String::new, |id| {
        frame.catalogue.observable(id).map_or_else(|| id.to_string(), |one| one.name.clone())
    });
    let question = frame.definition.question(&view.question);
    let id = view.question.as_str();
    let (question, _) = words::question(id, question.map_or(id, |question| &question.name));
    let parts = [
        view.component.to_string(),
        question.to_owned(),
        crate::pages::groups::in_sentence(&observable),
    ];
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    parts.join(", ")
}

/// How a technique is called in a row.
pub(super) fn technique<'a>(frame: &'a Frame, view: &'a Metaview, row: usize) -> &'a str {
    view.techniques.get(row).map_or("", |id| {
        frame.catalogue.technique(id).map_or(id.as_str(), |one| one.short_name.as_str())
    })
}

/// An answer inside a sentence; `pending` while there is none.
pub(super) fn said(answer: Option<Answer>) -> String {
    words::answer(answer).to_lowercase()
}
