//! The map of techniques: probed depth against lateral scale, both logarithmic, each technique a mark in the shape of
//! its facility with a line over its range of depths and one from its resolution to its field of view.

mod labels;

use std::fmt::Write as _;

use galvanome_model::catalogue::{DepthFrom, Facility, Facts, Technique};

use self::labels::{Label, Name, Rect};
use super::svg::{escape, px};
use super::{technique_facts, words};

/// The mark of a kind of facility.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// A laboratory: a disc.
    Lab,
    /// A synchrotron: a square.
    Synchrotron,
    /// A neutron source: a triangle.
    Neutron,
    /// Not known: a diamond.
    Unknown,
}

impl Shape {
    /// Its drawing about its origin, 14 pixels wide.
    pub const fn drawing(self) -> &'static str {
        match self {
            Self::Lab => r#"<circle class="mk" r="5"/>"#,
            Self::Synchrotron => r#"<path class="mk hollow" d="M-4.6-4.6H4.6V4.6H-4.6Z"/>"#,
            Self::Neutron => r#"<path class="mk" d="M0-6.2L6.4 5H-6.4Z"/>"#,
            Self::Unknown => r#"<path class="mk hollow" d="M0-6L6 0L0 6L-6 0Z"/>"#,
        }
    }

    /// What it stands for.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Lab => "lab",
            Self::Synchrotron => "synchrotron",
            Self::Neutron => "neutron source",
            Self::Unknown => "facility not known",
        }
    }
}

/// The shape of a facility.
pub const fn shape(facility: Option<Facility>) -> Shape {
    match facility {
        Some(Facility::Lab) => Shape::Lab,
        Some(Facility::Synchrotron) => Shape::Synchrotron,
        Some(Facility::Neutron) => Shape::Neutron,
        None => Shape::Unknown,
    }
}

/// A technique to be drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Marked<'a> {
    /// The technique.
    pub technique: &'a Technique,
    /// Where its mark leads.
    pub href: String,
    /// Drawn faintly and without its name: it does not pass a filter, or another one is meant.
    pub faint: bool,
    /// The one that is meant: its ranges are drawn as a box.
    pub highlighted: bool,
}

impl Marked<'_> {
    /// Whether its depth and its lateral scale are known.
    pub fn has_place(&self) -> bool {
        place(&self.technique.facts).is_some()
    }
}

/// A layer whose thickness is drawn across the map.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// What it is called.
    pub name: String,
    /// Its thickness in metres; positive.
    pub thickness_m: f64,
}

/// How large a map is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Beside a table, on a wide screen.
    Wide,
    /// On a phone.
    Narrow,
    /// On the page of one technique.
    Small,
}

/// A map, ready to be written into a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Map {
    /// The inside of an `<svg>`.
    pub drawing: String,
    /// Its width in pixels.
    pub width: String,
    /// Its height in pixels.
    pub height: String,
    /// What it shows, in a sentence.
    pub said: String,
    /// The shapes that are on it, with what they stand for.
    pub shapes: Vec<(Shape, &'static str)>,
    /// Techniques that have no place on it, with where they lead.
    pub absent: Vec<(String, String)>,
    /// Whether marks of one place stand side by side.
    pub dodged: bool,
    /// Whether some depths count from the surface of a particle.
    pub has_particles: bool,
    /// How many names found no room, in a sentence; empty when all did.
    pub unnamed: String,
}

/// Lateral scale and depth in metres, where both are known.
fn place(facts: &Facts) -> Option<(f64, f64)> {
    let known = |value: Option<f64>| value.filter(|value| value.is_finite() && *value >= 0.0);
    let lateral = known(facts.lateral_resolution_m).or(known(facts.field_of_view_m))?;
    let depth = known(facts.depth_typical_m).or(known(facts.depth_max_m))?;
    (lateral > 0.0).then_some((lateral, depth))
}

/// A logarithmic axis from one pixel to another, in whole powers of ten.
#[derive(Debug, Clone, Copy)]
struct LogAxis {
    from: i32,
    to: i32,
    start: f64,
    end: f64,
}

impl LogAxis {
    /// From 1 nm to 1 cm, or further where a value lies beyond.
    fn over(values: impl IntoIterator<Item = f64>, (start, end): (f64, f64)) -> Self {
        let (mut from, mut to) = (-9, -2);
        for value in values.into_iter().filter(|value| value.is_finite() && *value > 0.0) {
            let power = value.log10();
            from = from.min((power + 1e-6).floor() as i32).max(-12);
            to = to.max((power - 1e-6).ceil() as i32).min(3);
        }
        Self { from, to, start, end }
    }

    /// The pixel of a value; what lies beyond stands at the end.
    fn at(self, value: f64) -> f64 {
        let power = if value > 0.0 { value.log10() } else { f64::from(self.from) };
        let share = (power - f64::from(self.from)) / f64::from(self.to - self.from);
        self.start + share.clamp(0.0, 1.0) * (self.end - self.start)
    }

    /// Every power of ten, with its label where it has one.
    fn powers(self) -> impl Iterator<Item = (f64, Option<String>)> {
        (self.from..=self.to).map(move |power| {
            let value = 10_f64.powi(power);
            let room = f64::from(self.to - power) / f64::from(self.to - self.from)
                * (self.end - self.start).abs();
            let is_named = power == self.to || (power % 3 == 0 && room > 52.0);
            (self.at(value), is_named.then(|| words::length(value)))
        })
    }
}

/// Where everything lies.
struct Frame {
    width: f64,
    height: f64,
    lateral: LogAxis,
    depth: LogAxis,
}

fn frame(marked: &[Marked], layers: &[Layer], size: Size) -> Frame {
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

fn text(out: &mut String, (x, y): (f64, f64), anchor: &str, class: &str, said: &str) {
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

fn grid(out: &mut String, frame: &Frame) {
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
fn layer_lines(out: &mut String, frame: &Frame, layers: &[Layer]) -> Vec<(f64, String)> {
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
fn layer_room(frame: &Frame, (y, said): &(f64, String)) -> Rect {
    let left = frame.lateral.start;
    Rect { left, top: y - 17.0, right: left + 4.0 + labels::width(said), bottom: *y }
}

/// Draws a map.
pub fn map(marked: &[Marked], layers: &[Layer], size: Size) -> Map {
    let frame = frame(marked, layers, size);
    let (lateral, depth) = (frame.lateral, frame.depth);
    let mut out = String::new();
    grid(&mut out, &frame);
    let layers = layer_lines(&mut out, &frame, layers);
    let taken: Vec<Rect> = layers.iter().map(|named| layer_room(&frame, named)).collect();

    let placed: Vec<(&Marked, (f64, f64))> = marked
        .iter()
        .filter_map(|one| {
            let (across, down) = place(&one.technique.facts)?;
            Some((one, (lateral.at(across), depth.at(down))))
        })
        .collect();
    let wanted: Vec<(f64, f64)> = placed.iter().map(|(_, at)| *at).collect();
    let bounds =
        Rect { left: lateral.start, top: depth.start, right: lateral.end, bottom: depth.end };
    let spots = labels::dodge(&wanted, bounds);
    let page = Rect { left: 2.0, top: 20.0, right: frame.width - 2.0, bottom: depth.end + 4.0 };
    let boxes: Vec<Rect> = placed
        .iter()
        .zip(&spots)
        .filter(|((one, _), _)| one.highlighted)
        .map(|((one, _), spot)| {
            let span = span(one, *spot, &frame);
            Rect { left: span.left - 9.0, right: span.right + 9.0, ..span }
        })
        .collect();
    let names: Vec<Option<Name>> = placed
        .iter()
        .zip(&spots)
        .map(|((one, _), spot)| {
            let over = one.highlighted.then(|| {
                let span = span(one, *spot, &frame);
                (span.left.midpoint(span.right), span.top - 4.0)
            });
            (!one.faint).then_some(Name { text: &one.technique.short_name, over })
        })
        .collect();
    let found = labels::labels(&spots, &names, (&taken, &boxes), page);

    let busy = if names.iter().flatten().count() > 24 { " busy" } else { "" };
    let _ = write!(out, r#"<g class="ranges{busy}">"#);
    for ((one, _), spot) in placed.iter().zip(&spots) {
        if !one.faint {
            out.push_str(&ranges(one, *spot, &frame, false));
        }
    }
    out.push_str("</g>");
    for ((one, _), spot) in placed.iter().zip(&spots).filter(|((one, _), _)| one.highlighted) {
        let _ = write!(out, r#"<g class="hl meant">{}</g>"#, ranges(one, *spot, &frame, true));
    }
    for (y, said) in &layers {
        text(&mut out, (lateral.start + 4.0, y - 5.0), "start", "layer-name", said);
    }
    // What is meant lies above the others.
    let mut order: Vec<usize> = (0..placed.len()).collect();
    order.sort_by_key(|at| placed.get(*at).is_some_and(|(one, _)| one.highlighted));
    for at in order {
        if let (Some((one, _)), Some(spot), Some(label)) =
            (placed.get(at), spots.get(at), found.get(at))
        {
            mark(&mut out, one, *spot, label.as_ref(), &frame);
        }
    }

    let mut shapes: Vec<Shape> =
        placed.iter().map(|(one, _)| shape(one.technique.facts.facility)).collect();
    shapes.sort_unstable();
    shapes.dedup();
    Map {
        drawing: out,
        width: px(frame.width),
        height: px(frame.height),
        said: format!(
            "Probed depth against lateral scale of {}",
            words::counted(placed.len(), "technique", "techniques")
        ),
        shapes: shapes.into_iter().map(|one| (one, one.word())).collect(),
        absent: marked
            .iter()
            .filter(|one| !one.has_place())
            .map(|one| (one.technique.short_name.clone(), one.href.clone()))
            .collect(),
        dodged: wanted.iter().zip(&spots).any(|(wanted, spot)| wanted != spot),
        has_particles: placed.iter().any(|(one, _)| {
            !one.faint && one.technique.facts.depth_from == Some(DepthFrom::ParticleSurface)
        }),
        unnamed: match names
            .iter()
            .zip(&found)
            .filter(|(name, label)| name.is_some() && label.is_none())
            .count()
        {
            0 => String::new(),
            1 => " One name found no room; the table has it.".to_owned(),
            some => format!(" {some} names found no room; the table has them."),
        },
    }
}

/// From its shallowest to its deepest, and from its resolution to its field of view, about its mark.
fn span(one: &Marked, (x, y): (f64, f64), frame: &Frame) -> Rect {
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
fn ranges(one: &Marked, (x, y): (f64, f64), frame: &Frame, boxed: bool) -> String {
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

fn mark(out: &mut String, one: &Marked, (x, y): (f64, f64), label: Option<&Label>, frame: &Frame) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_hold_every_value_and_always_a_nanometre_to_a_centimetre() {
        for (values, from, to) in [
            (vec![], -9, -2),
            (vec![2e-10], -10, -2),
            (vec![1e-9, 1e-2], -9, -2),
            (vec![0.5, f64::NAN, 0.0], -9, 0),
            (vec![1e-30, 1e30], -12, 3),
        ] {
            let axis = LogAxis::over(values, (0.0, 100.0));
            assert_eq!((axis.from, axis.to), (from, to));
        }
        let axis = LogAxis::over([], (0.0, 70.0));
        for (value, at) in [(1e-9, 0.0), (1e-8, 10.0), (1e-2, 70.0), (0.0, 0.0), (5.0, 70.0)] {
            assert!((axis.at(value) - at).abs() < 1e-9);
        }
    }
}
