//! The map of techniques: probed depth against lateral scale, both logarithmic, each technique a mark in the shape of
//! its facility with a line over its range of depths and one from its resolution to its field of view.

mod drawing;
mod labels;
mod log_axis;
mod marked;

use std::fmt::Write as _;

use galvanome_model::catalogue::DepthFrom;

use self::drawing::{frame, grid, layer_lines, layer_room, mark, ranges, span, text};
use self::labels::{Name, Rect};
use self::marked::place;
pub use self::marked::{Layer, Marked, Shape, Size, shape};
use super::svg::px;
use super::words;

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
