//! What a map shows: techniques with the shape of their facility, and layers.

use galvanome_model::catalogue::{Facility, Facts, Technique};

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

/// Lateral scale and depth in metres, where both are known.
pub(super) fn place(facts: &Facts) -> Option<(f64, f64)> {
    let known = |value: Option<f64>| value.filter(|value| value.is_finite() && *value >= 0.0);
    let lateral = known(facts.lateral_resolution_m).or(known(facts.field_of_view_m))?;
    let depth = known(facts.depth_typical_m).or(known(facts.depth_max_m))?;
    (lateral > 0.0).then_some((lateral, depth))
}
