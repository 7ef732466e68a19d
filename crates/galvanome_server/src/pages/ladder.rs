//! The depth ladder: how deep each technique sees, drawn on one vertical axis through the layer, logarithmic near the
//! surface and linear below, each bar in the state of its technique's answer.

use std::fmt::Write as _;

use galvanome_exchange::marks::{Mark, mark_of};
use galvanome_model::catalogue::{DepthFrom, Facts, Technique};
use galvanome_model::pixel::Pixel;

use super::svg::{Anchor, Drawing};
use super::words;

/// Where the axis changes from logarithmic to linear.
const BREAK_M: f64 = 1e-6;
/// The shallowest depth that is told from the surface.
const SHALLOWEST_M: f64 = 5e-9;
/// Pixels from the top of the drawing to the surface, and from the bottom of the layer to the end.
const TOP: f64 = 10.0;
const BELOW: f64 = 30.0;
/// Pixels of the two parts of the axis.
const LOG_HEIGHT: f64 = 210.0;
const LINEAR_HEIGHT: f64 = 270.0;

/// A depth ladder.
#[derive(Debug, Clone, PartialEq)]
pub struct Ladder {
    /// The columns, in the order in which they are drawn: the shallowest first, then those whose depths count from the
    /// surface of a particle.
    pub rungs: Vec<Rung>,
    /// The inside of an `<svg>` with one column of equal width for each rung.
    pub drawing: String,
    /// The inside of an `<svg>` with the labels of the axis, 58 pixels wide.
    pub axis: String,
    /// Height of both in pixels.
    pub height: f64,
    /// What lies above and below, in words.
    pub said: String,
    /// Whether some depths count from the surface of a particle.
    pub has_particles: bool,
    /// Whether a bar goes on below the end of the axis or reaches deeper by a thin line.
    pub has_stems: bool,
    /// Which states are drawn: `yes`, `no`, `unsure`, `void`, `contested`.
    pub states: Vec<&'static str>,
}

/// One column of the ladder.
#[derive(Debug, Clone, PartialEq)]
pub struct Rung {
    /// Index of the technique in what was given.
    pub index: usize,
    /// How deep it sees, in words.
    pub depth: String,
    /// How far along the electrode, in words.
    pub width: String,
    /// Whether its depths count from the surface of a particle.
    pub from_particle: bool,
}

/// The vertical axis.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Depths {
    /// Where it ends.
    bottom_m: f64,
    /// Whether that is the end of the layer.
    is_thickness: bool,
}

impl Depths {
    /// Through a layer of known thickness, or to a round depth below the deepest bar.
    fn of(thickness_m: Option<f64>, deepest_m: f64) -> Self {
        if let Some(thickness) =
            thickness_m.filter(|thickness| thickness.is_finite() && *thickness > SHALLOWEST_M * 4.0)
        {
            return Self { bottom_m: thickness, is_thickness: true };
        }
        let wanted = (deepest_m * 1.05).clamp(BREAK_M * 2.0, 1e-3);
        let power = 10_f64.powf(wanted.log10().floor());
        let bottom = [1.0, 2.0, 5.0, 10.0]
            .into_iter()
            .map(|lead| lead * power)
            .find(|depth| *depth >= wanted);
        Self { bottom_m: bottom.unwrap_or(1e-3), is_thickness: false }
    }

    fn has_break(self) -> bool {
        self.bottom_m > 2.0 * BREAK_M
    }

    fn height(self) -> f64 {
        if self.has_break() { LOG_HEIGHT + LINEAR_HEIGHT } else { LOG_HEIGHT + LINEAR_HEIGHT / 2.0 }
    }

    /// Pixels from the top of the drawing.
    fn y(self, depth_m: f64) -> f64 {
        let depth = depth_m.clamp(0.0, self.bottom_m);
        if depth <= SHALLOWEST_M {
            // Between the surface and the shallowest depth that is told from it.
            return TOP + 14.0 * (depth / SHALLOWEST_M);
        }
        let log = |to: f64, height: f64| {
            TOP + 14.0
                + (depth / SHALLOWEST_M).log10() / (to / SHALLOWEST_M).log10() * (height - 14.0)
        };
        if !self.has_break() {
            return log(self.bottom_m, self.height());
        }
        if depth <= BREAK_M {
            return log(BREAK_M, LOG_HEIGHT);
        }
        TOP + LOG_HEIGHT + (depth - BREAK_M) / (self.bottom_m - BREAK_M) * LINEAR_HEIGHT
    }

    /// Depths that are written beside the axis.
    fn ticks(self) -> Vec<f64> {
        let mut ticks: Vec<f64> =
            [1e-8, 1e-7, 1e-6].into_iter().filter(|depth| *depth < 0.6 * self.bottom_m).collect();
        if self.has_break() {
            let below = super::axis::Axis { from: BREAK_M, to: self.bottom_m }.round_values(5);
            ticks.extend(below.into_iter().filter(|depth| {
                self.y(*depth) > TOP + LOG_HEIGHT + 22.0
                    && self.y(*depth) < TOP + self.height() - 16.0
            }));
        }
        ticks
    }
}

/// The class of a bar, by what is drawn for its pixel; none for a pixel without a measured answer.
fn state_of(pixel: &Pixel) -> Option<&'static str> {
    match mark_of(pixel) {
        Mark::Yes(_) => Some("yes"),
        Mark::No(_) => Some("no"),
        Mark::Unsure => Some("unsure"),
        Mark::UnsureVoided => Some("void"),
        Mark::Contested => Some("contested"),
        Mark::NotApplicable | Mark::NotDone | Mark::Pending(_) | Mark::Withheld => None,
    }
}

/// Depth to which most of the signal belongs, and the deepest that contributes.
pub fn reach(facts: &Facts) -> Option<(f64, f64)> {
    let known = |depth: Option<f64>| depth.filter(|depth| depth.is_finite() && *depth > 0.0);
    let (typical, max) = (known(facts.depth_typical_m), known(facts.depth_max_m));
    let main = typical.or(max)?;
    Some((main, max.unwrap_or(main).max(main)))
}

/// Width of a bar for a distance along the electrode, as a share of its column: logarithmic from 1 nm to 1 cm.
fn width_of(metres: Option<f64>) -> f64 {
    let share = metres
        .filter(|metres| metres.is_finite() && *metres > 0.0)
        .map_or(0.5, |metres| ((metres / 1e-9).log10() / 7.0).clamp(0.0, 1.0));
    0.14 + 0.56 * share
}

/// Whether a technique's depths count from the surface of a particle.
pub fn counts_from_particle(technique: &Technique) -> bool {
    technique.facts.depth_from == Some(DepthFrom::ParticleSurface)
}

/// The ladder of techniques with their pixels. Those without a measured answer or without a known depth are left out;
/// none when that leaves nothing.
pub fn ladder(techniques: &[(&Technique, &Pixel)], thickness_m: Option<f64>) -> Option<Ladder> {
    let mut drawn: Vec<(usize, &Technique, &'static str, (f64, f64))> = techniques
        .iter()
        .enumerate()
        .filter_map(|(index, (technique, pixel))| {
            Some((index, *technique, state_of(pixel)?, reach(&technique.facts)?))
        })
        .collect();
    drawn.sort_by(|a, b| {
        let key =
            |one: &(usize, &Technique, &str, (f64, f64))| (counts_from_particle(one.1), one.3.0);
        let (a, b) = (key(a), key(b));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
    let deepest = drawn.iter().map(|(.., (main, _))| *main).fold(0.0, f64::max);
    if drawn.is_empty() {
        return None;
    }
    let depths = Depths::of(thickness_m, deepest);
    let height = TOP + depths.height() + BELOW;
    let count = drawn.len() as f64;
    let particles =
        drawn.iter().filter(|(_, technique, ..)| counts_from_particle(technique)).count();
    let layer_until = (count - particles as f64) / count;

    let mut drawing = Drawing::new();
    let bottom = depths.y(depths.bottom_m);
    drawing.rect((0.0, layer_until), (TOP, bottom), "layer");
    for depth in depths.ticks() {
        drawing.across(
            (0.0, 1.0),
            depths.y(depth),
            if depth == BREAK_M { "rung break" } else { "rung" },
        );
    }
    drawing.across((0.0, layer_until), TOP, "face");
    drawing.across(
        (0.0, layer_until),
        bottom,
        if depths.is_thickness { "face" } else { "open-end" },
    );
    if depths.is_thickness && layer_until > 0.0 {
        drawing.text((0.0, 2.0), bottom + 17.0, Anchor::Start, "tick", "current collector");
    }
    if particles > 0 {
        drawing.down(layer_until, (0.0, bottom), "divide");
    }

    let mut has_stems = false;
    let mut states = Vec::new();
    let mut rungs = Vec::new();
    for (column, (index, technique, state, (main, max))) in drawn.into_iter().enumerate() {
        let facts = &technique.facts;
        let centre = (column as f64 + 0.5) / count;
        let around = |share: f64| (centre - share / count / 2.0, centre + share / count / 2.0);
        let (width, area) = (width_of(facts.lateral_resolution_m), width_of(facts.field_of_view_m));
        let from_particle = counts_from_particle(technique);
        let (end, deeper) = (depths.y(main), depths.y(max));
        if facts.field_of_view_m.is_some() && area > width + 0.04 {
            drawing.rect(around(area), (TOP, end), "area");
        }
        if deeper > end + 3.0 {
            has_stems = true;
            drawing.down(centre, (end, deeper), &format!("stem {state}"));
            drawing.at(centre, deeper, &format!(r#"<path class="stem {state}" d="M-5 0H5"/>"#));
        } else if main > 1.01 * depths.bottom_m && !depths.is_thickness {
            has_stems = true;
            drawing.down(centre, (end, end + 14.0), &format!("stem {state}"));
        }
        let bar = (TOP, end.max(TOP + 3.0));
        drawing.rect(around(width), bar, &format!("bar {state}"));
        if matches!(state, "unsure" | "contested") {
            drawing.rect(around(width), bar, "hatch");
        }
        if from_particle {
            let cap = r#"<path class="particle" d="M0 100C18 -20 82 -20 100 100"/>"#;
            drawing.stretched(around(width + 0.16), (0.0, TOP), cap);
        }
        if !states.contains(&state) {
            states.push(state);
        }
        rungs.push(Rung {
            index,
            depth: super::technique_facts::depth(facts, thickness_m.filter(|_| !from_particle))
                .unwrap_or_default(),
            width: super::technique_facts::lateral(facts).unwrap_or_default(),
            from_particle,
        });
    }
    let mut said = "The face towards the separator is on top".to_owned();
    match thickness_m.filter(|_| depths.is_thickness) {
        Some(thickness) => {
            let _ =
                write!(said, ", the current collector below, {} deep", words::length(thickness));
        }
        None => {
            let _ = write!(
                said,
                "; the thickness of the layer is not stated, so the axis ends at {}",
                words::length(depths.bottom_m)
            );
        }
    }
    if depths.has_break() {
        said.push_str(". Logarithmic to 1 µm, linear below");
    } else {
        said.push_str(". Logarithmic");
    }
    said.push('.');
    Some(Ladder {
        rungs,
        drawing: drawing.finish(),
        axis: axis(depths),
        height,
        said,
        has_particles: particles > 0,
        has_stems,
        states,
    })
}

fn axis(depths: Depths) -> String {
    let mut drawing = Drawing::new();
    let mut label = |depth: f64, text: &str, class: &str| {
        drawing.text((1.0, -8.0), depths.y(depth) + 4.0, Anchor::End, class, text);
        drawing.at(1.0, depths.y(depth), r#"<path class="rung-tick" d="M-5 0H0"/>"#);
    };
    label(0.0, "0", "");
    for depth in depths.ticks() {
        label(depth, &words::length(depth), "tick");
    }
    label(
        depths.bottom_m,
        &words::length(depths.bottom_m),
        if depths.is_thickness { "lead" } else { "tick" },
    );
    if depths.has_break() {
        drawing.at(1.0, depths.y(BREAK_M), r#"<path class="break-sign" d="M-6 4L2 -1M-6 8L2 3"/>"#);
    }
    drawing.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depths_go_down_without_a_step_back() {
        for thickness in [Some(4.3e-5), None, Some(5e-7), Some(2e-3), Some(f64::NAN), Some(0.0)] {
            let depths = Depths::of(thickness, 4.3e-5);
            let ys: Vec<f64> = (0..=400)
                .map(|k| if k == 0 { 0.0 } else { 10_f64.powf(-10.0 + f64::from(k) * 0.02) })
                .map(|depth| depths.y(depth))
                .collect();
            assert!(ys.is_sorted(), "{thickness:?}");
            assert_eq!(ys.first(), Some(&TOP));
            assert!(
                ys.last().is_some_and(|y| (y - TOP - depths.height()).abs() < 1e-9),
                "{thickness:?}"
            );
        }
    }

    #[test]
    fn an_unknown_layer_ends_at_a_round_depth() {
        for (deepest, expected) in [(4.3e-5, 5e-5), (3e-7, 2e-6), (1e-2, 1e-3), (9.9e-5, 2e-4)] {
            let bottom = Depths::of(None, deepest).bottom_m;
            assert!((bottom / expected - 1.0).abs() < 1e-9, "{deepest}: {bottom}");
        }
    }
}
