//! The small bar beside a technique: from which depth to which it sees, on one logarithmic scale for all rows.

use galvanome_model::catalogue::{Facts, Technique};

use super::words;

/// Where the bar begins and ends in its drawing of 78 × 34.
const LEFT: f64 = 2.0;
const RIGHT: f64 = 76.0;

/// One scale for all bars of a page: from 1 nm to a power of ten that holds the deepest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DepthScale {
    from_m: f64,
    to_m: f64,
}

impl DepthScale {
    /// The scale for some techniques: 1 nm to 1 mm, or deeper where one sees deeper.
    pub fn of<'a>(techniques: impl IntoIterator<Item = &'a Technique>) -> Self {
        let deepest = techniques
            .into_iter()
            .filter_map(|technique| technique.facts.depth_max_m.or(technique.facts.depth_typical_m))
            .filter(|depth| depth.is_finite())
            .fold(1e-3, f64::max);
        let to_m =
            if deepest > 1.01e-3 { 10_f64.powf(deepest.log10().ceil()).min(1.0) } else { 1e-3 };
        Self { from_m: 1e-9, to_m }
    }

    /// The label of its shallow end.
    pub fn from(&self) -> String {
        words::length(self.from_m)
    }

    /// The label of its deep end.
    pub fn to(&self) -> String {
        words::length(self.to_m)
    }

    /// Where a depth lies on the scale, from 0 to 1.
    fn share(&self, depth_m: f64) -> f64 {
        let depth = depth_m.clamp(self.from_m, self.to_m);
        (depth / self.from_m).log10() / (self.to_m / self.from_m).log10()
    }

    fn x(&self, depth_m: f64) -> f64 {
        LEFT + self.share(depth_m) * (RIGHT - LEFT)
    }

    /// From where to where a technique sees and where most of its signal belongs, as shares of the scale.
    pub fn shares(&self, facts: &Facts) -> Option<[f64; 3]> {
        let (min, max) = range(facts)?;
        let typical = known(facts.depth_typical_m).unwrap_or(max);
        Some([min, max, typical].map(|depth| (self.share(depth) * 1000.0).round() / 1000.0))
    }

    /// The bar of a technique.
    pub fn bar(&self, facts: &Facts) -> DepthBar {
        let typical = known(facts.depth_typical_m);
        let range = range(facts);
        let mut said = range.map_or_else(
            || "depth not known".to_owned(),
            |(min, max)| match min {
                0.0 => format!("down to {}", words::length(max)),
                _ => format!("{} to {}", words::length(min), words::length(max)),
            },
        );
        if let Some(typical) = typical {
            said = format!("{said}, mostly {}", words::length(typical));
        }
        DepthBar {
            range: range.map(|(min, max)| (place(self.x(min)), place(self.x(max)))),
            typical: typical.map(|depth| place(self.x(depth))),
            said,
        }
    }
}

fn known(depth: Option<f64>) -> Option<f64> {
    depth.filter(|depth| depth.is_finite() && *depth >= 0.0)
}

fn range(facts: &Facts) -> Option<(f64, f64)> {
    let deepest = known(facts.depth_max_m).or(known(facts.depth_typical_m))?;
    Some((known(facts.depth_min_m).unwrap_or(0.0), deepest))
}

fn place(x: f64) -> String {
    format!("{x:.1}")
}

/// A bar, ready to be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DepthBar {
    /// From where to where; none when no depth is known.
    pub range: Option<(String, String)>,
    /// Where most of the signal belongs.
    pub typical: Option<String>,
    /// The same in words.
    pub said: String,
}

/// What rows are sorted by when they are sorted by depth: typical depth, else deepest; unknown last.
pub fn depth_key(facts: &Facts) -> f64 {
    facts
        .depth_typical_m
        .or(facts.depth_max_m)
        .filter(|depth| depth.is_finite())
        .unwrap_or(f64::MAX)
}
