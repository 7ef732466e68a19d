//! A plot as data, never as a drawing: each door draws it in its own way.

use serde::{Deserialize, Serialize};

use crate::ids::GroupId;

/// What a standard plot shows.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Plot {
    /// What is seen, in a few words.
    pub title: String,
    /// The horizontal axis.
    pub x: PlotAxis,
    /// The vertical axis.
    pub y: PlotAxis,
    /// The curves or points.
    pub series: Vec<Series>,
}

/// An axis of a plot.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PlotAxis {
    /// What it shows.
    pub label: String,
    /// Its unit; `1` for pure numbers.
    pub unit: String,
    /// Whether it is drawn logarithmically.
    pub logarithmic: bool,
}

/// One curve or set of points.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Series {
    /// Name in the legend.
    pub label: String,
    /// The group of samples it belongs to, which gives it its colour.
    pub group: Option<GroupId>,
    /// How it is drawn.
    pub mark: Mark,
    /// Horizontal values.
    pub x: Vec<f64>,
    /// Vertical values, as many.
    pub y: Vec<f64>,
    /// Standard uncertainties of `y`; empty when there are none.
    pub y_uncertainty: Vec<f64>,
}

/// How a series is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// A line through the points.
    #[default]
    Line,
    /// Points alone.
    Points,
}
