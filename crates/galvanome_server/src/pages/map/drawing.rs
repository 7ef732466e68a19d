//! What a map is made of: its frame and grid, the lines of layers, the ranges and marks of techniques.

use std::fmt::Write as _;

use galvanome_model::catalogue::DepthFrom;

use super::labels::{self, Label, Rect};
use super::log_axis::LogAxis;
use super::marked::{Layer, Marked, Size, shape};
use crate::pages::svg::{escape, px};
use crate::pages::{technique_facts, words};

/// Where everything lies.
pub(super) struct Frame {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) lateral: LogAxis,
    pub(super) depth: LogAxis,
}

pub(super) fn frame(marked: &[Marked], layers: &[Layer], size: Size) -> Frame {
    let named = marked.iter().filter(|one| !one.faint).count() as f64;
    let (width, height, left, right) = match size {
        Size::Wide => (600.0, 570.0 + (6.0 * (named - 30.0)).clamp(0.0, 360.0), 52.0, 128.0),
        Size::Narrow => (358.0, 430.0 + (12.0 * (named - 16.0)).clamp(0.0, 500.0), 46.0, 64.0),
        Size::Small => (380.0, 340.0, 46.0, 44.0),
    };
    let facts = || marked.iter().map(|one| &one.technique.facts);
    let laterals =
        facts().flat_map(|one| [one.lateral_resolution_m, one.field_of_view_m]).flatten();
    let depths =
        facts().flat_map(|one| [one.depth_min_m, one.depth_typical_m, one.depth_max_m]).flatten();
    let depths = depths.chain(layers.iter().map(|layer| layer.thickness_m));
    Frame {
        width,
        height,
        lateral: LogAxis::over(laterals, (left, width - right)),
        depth: LogAxis::over(depths, (40.0, height - 44.0)),
    }
}

pub(super) fn text(out: &mut String, (x, y): (f64, f64), anchor: &str, class: &str, said: &str) {
    let _ = write!(
        out,
        r#"<text class="{class}" x="{}" y="{}" text-anchor="{anchor}">{}</text>"#,
        px(x),
        px(y),
        escape(said)
    );
}

fn line(out: &mut String, class: &str, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
    let _ = write!(
        out,
        r#"<line class="{class}" x1="{}" y1="{}" x2="{}" y2="{}"/>"#,
        px(x1),
        px(y1),
        px(x2),
        px(y2)
    );
}

pub(super) fn grid(out: &mut String, frame: &Frame) {
    let (lateral, depth) = (frame.lateral, frame.depth);
    for (x, label) in lateral.powers() {
        line(out, "gl", (x, depth.start), (x, depth.end));
        if let Some(label) = label {
            text(out, (x, depth.end + 17.0), "middle", "tick", &label);
        }
    }
    for (y, label) in depth.powers() {
        line(out, "gl", (lateral.start, y), (lateral.end, y));
        if let Some(label) = label {
            text(out, (lateral.start - 8.0, y + 4.0), "end", "tick", &label);
        }
    }
    text(out, (0.0, 14.0), "start", "axis", "Probed depth, the surface on top");
    text(
        out,
        (lateral.end, depth.end + 35.0),
        "end",
        "axis",
        "Lateral resolution; line to the field of view",
    );
}

/// Lines across at the thickness of the layers, and where their names stand; layers of about one thickness share one.
pub(super) fn layer_lines(out: &mut String, frame: &Frame, layers: &[Layer]) -> Vec<(f64, String)> {
    let mut sorted: Vec<&Layer> = layers.iter().collect();
    sorted.sort_by(|a, b| a.thickness_m.total_cmp(&b.thickness_m));
    let mut named: Vec<(f64, String)> = Vec::new();
    for layer in sorted {
        let y = frame.depth.at(layer.thickness_m);
        line(out, "layer", (frame.lateral.start, y), (frame.lateral.end, y));
        let said = format!("{} {}", words::length(layer.thickness_m), layer.name);
        match named.last_mut() {
            Some((above, names)) if y - *above < 16.0 => *names = format!("{names}, {said}"),
            _ => named.push((y, said)),
        }
    }
    named
}

/// The room that the name of a layer takes.
pub(super) fn layer_room(frame: &Frame, (y, said): &(f64, String)) -> Rect {
    let left = frame.lateral.start;
    Rect { left, top: y - 17.0, right: left + 4.0 + labels::width(said), bottom: *y }
}

/// From its shallowest to its deepest, and from its resolution to its field of view, about its mark.
pub(super) fn span(one: &Marked, (x, y): (f64, f64), frame: &Frame) -> Rect {
    let facts = &one.technique.facts;
    let known = |value: Option<f64>| value.filter(|value| value.is_finite());
    let deepest = known(facts.depth_max_m).or(known(facts.depth_typical_m));
    let finest = known(facts.lateral_resolution_m);
    Rect {
        left: finest.map_or(x, |fine| frame.lateral.at(fine)).min(x),
        top: frame.depth.at(known(facts.depth_min_m).unwrap_or(0.0)).min(y),
        right: known(facts.field_of_view_m).map_or(x, |wide| frame.lateral.at(wide)).max(x),
        bottom: deepest.map_or(y, |deepest| frame.depth.at(deepest)).max(y),
    }
}

/// The lines of a technique's ranges, with a box about them where it is meant.
pub(super) fn ranges(one: &Marked, (x, y): (f64, f64), frame: &Frame, boxed: bool) -> String {
    let span = span(one, (x, y), frame);
    let mut out = String::new();
    if boxed {
        let _ = write!(
            out,
            r#"<rect class="box" x="{}" y="{}" width="{}" height="{}" rx="8"/>"#,
            px(span.left - 9.0),
            px(span.top - 3.0),
            px(span.right - span.left + 18.0),
            px(span.bottom - span.top + 6.0)
        );
    }
    let from_particle = one.technique.facts.depth_from == Some(DepthFrom::ParticleSurface);
    let down = if from_particle { "rl particle" } else { "rl" };
    line(&mut out, down, (x, span.top), (x, span.bottom));
    if span.right > x {
        line(&mut out, "rl", (x, y), (span.right, y));
    }
    out
}

pub(super) fn mark(
    out: &mut String,
    one: &Marked,
    (x, y): (f64, f64),
    label: Option<&Label>,
    frame: &Frame,
) {
    let technique = one.technique;
    let said: Vec<String> = [
        technique_facts::depth(&technique.facts, None),
        technique_facts::lateral(&technique.facts),
    ]
    .into_iter()
    .flatten()
    .collect();
    let _ = write!(
        out,
        r#"<a class="tm{}{}" data-t="{}" href="{}" tabindex="-1"><title>{}: {}</title><g class="hl">{}</g>"#,
        if one.faint { " faint" } else { "" },
        if one.highlighted { " at" } else { "" },
        technique.id,
        escape(&one.href),
        escape(&technique.name),
        escape(&said.join("; ")),
        ranges(one, (x, y), frame, true)
    );
    if let Some((from, to)) = label.and_then(|label| label.leader) {
        line(out, "leader", from, to);
    }
    let _ = write!(
        out,
        r#"<g transform="translate({} {})"><circle class="hit" r="12"/>{}</g>"#,
        px(x),
        px(y),
        shape(technique.facts.facility).drawing()
    );
    if let Some(label) = label {
        text(out, (label.x, label.y), "start", "name", &technique.short_name);
    }
    out.push_str("</a>");
}
