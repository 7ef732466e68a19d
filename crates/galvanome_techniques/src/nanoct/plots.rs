//! The standard plots: through the thickness, grey values, sizes of cubes, sizes of pores and particles.

use galvanome_model::measurement::Table;
use galvanome_model::plot::{Mark, Plot, PlotAxis, Series};

use super::phases::Phases;

fn axis(label: &str, unit: &str) -> PlotAxis {
    PlotAxis { label: label.to_owned(), unit: unit.to_owned(), logarithmic: false }
}

/// A curve from two columns of a table; none when they are not there or have fewer than two points.
fn curve(table: &Table, label: &str, x: &str, y: &str) -> Option<Series> {
    let (x, y) = (table.numbers(x)?.to_vec(), table.numbers(y)?.to_vec());
    (x.len() > 1).then(|| Series { label: label.to_owned(), x, y, ..Series::default() })
}

/// The unit of a column.
fn unit<'a>(table: &'a Table, name: &str) -> &'a str {
    table.column(name).map_or("", |column| column.head.unit.as_str())
}

/// Porosity through the thickness.
pub(super) fn profile(table: &Table) -> Option<Plot> {
    Some(Plot {
        title: "porosity through the thickness".to_owned(),
        x: axis("depth", unit(table, "depth")),
        y: axis("porosity", "1"),
        series: vec![curve(table, "porosity", "depth", "porosity")?],
    })
}

/// Grey values with the thresholds between phases.
pub(super) fn histogram(phases: &Phases, table: &Table) -> Option<Plot> {
    let counts = curve(table, "voxels", "grey", "voxels")?;
    let most = counts.y.iter().copied().fold(0.0, f64::max);
    let mut series = vec![counts];
    series.extend(phases.thresholds.iter().map(|at| Series {
        label: "threshold".to_owned(),
        x: vec![*at, *at],
        y: vec![0.0, most],
        ..Series::default()
    }));
    Some(Plot {
        title: "grey values".to_owned(),
        x: axis("grey value", "1"),
        y: axis("voxels", "1"),
        series,
    })
}

/// How far the porosity of cubes lies apart, by their size.
pub(super) fn representativity(table: &Table) -> Option<Plot> {
    let mut mean = curve(table, "mean and deviation of cubes", "edge", "porosity")?;
    mean.y_uncertainty = table.numbers("standard_deviation")?.to_vec();
    mean.mark = Mark::Points;
    Some(Plot {
        title: "porosity of cubes".to_owned(),
        x: axis("edge", "voxel"),
        y: axis("porosity", "1"),
        series: vec![mean],
    })
}

/// Shares of pores and particles by size.
pub(super) fn sizes(table: &Table) -> Option<Plot> {
    Some(Plot {
        title: "sizes".to_owned(),
        x: axis("diameter", unit(table, "diameter")),
        y: axis("share of the phase", "1"),
        series: vec![
            curve(table, "pores", "diameter", "pores")?,
            curve(table, "particles", "diameter", "particles")?,
        ],
    })
}

/// The two-point correlation of pores.
pub(super) fn correlation(table: &Table) -> Option<Plot> {
    Some(Plot {
        title: "two-point correlation".to_owned(),
        x: axis("step", "voxel"),
        y: axis("probability that both ends are pores", "1"),
        series: vec![curve(table, "pores", "step", "probability")?],
    })
}
