//! The standard plots: a pattern with its fit, a series, breadths.

use galvanome_model::plot::{Mark, Plot, PlotAxis, Series};

use super::Pattern;
use super::clock::Clock;
use super::series::Followed;
use super::widths::Straight;

fn axis(label: &str, unit: &str) -> PlotAxis {
    PlotAxis { label: label.to_owned(), unit: unit.to_owned(), logarithmic: false }
}

fn line(label: &str, x: Vec<f64>, y: Vec<f64>) -> Series {
    Series { label: label.to_owned(), x, y, ..Series::default() }
}

/// Points of one curve, at most; of those between the highest and the lowest are kept.
const MOST_POINTS: usize = 3000;

/// A pattern measured, its fit and background, what is left, and where reflections of the cell lie.
pub(super) fn pattern(pattern: &Pattern) -> Option<Plot> {
    let radiation = &pattern.radiation;
    let (x, y) = (&pattern.spectrum.x, &pattern.spectrum.y);
    let (first, last) = (*x.first()?, *x.last()?);
    let mut fit = pattern.background.clone();
    for fitted in &pattern.lines.fits {
        for place in pattern.spectrum.between(fitted.window.0, fitted.window.1) {
            fit[place] = fitted.at(x[place]);
        }
    }
    let low = y.iter().copied().fold(f64::INFINITY, f64::min);
    let high = y.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let rest: Vec<f64> = y.iter().zip(&fit).map(|(y, fit)| y - fit).collect();
    let most = rest.iter().copied().fold(0.0_f64, f64::max);
    let under = low - 0.10 * (high - low) - most;
    let rest: Vec<f64> = rest.iter().map(|rest| rest + under).collect();
    let thinned = |values: &[f64]| thinned(x, values);
    let (measured, fitted) = (thinned(y), thinned(&fit));
    let (background, rest) = (thinned(&pattern.background), thinned(&rest));
    let mut series = vec![
        line("measured", measured.0, measured.1),
        line("fit", fitted.0, fitted.1),
        line("background", background.0, background.1),
        line("difference, shifted", rest.0, rest.1),
    ];
    if let Some(lattice) = &pattern.lattice {
        let least = radiation.spacing(last.min(179.0));
        let n = lattice.cell.system.names().len();
        let parameters: Vec<f64> = (0..n).map(|at| lattice.parameter(at).value).collect();
        let ticks: Vec<f64> = lattice
            .cell
            .reflections(0.99 * least, &parameters)
            .into_iter()
            .map(|one| lattice.place(one, radiation))
            .filter(|place| *place >= first && *place <= last)
            .collect();
        series.push(Series {
            label: format!("reflections of the {}", lattice.cell.words()),
            mark: Mark::Points,
            y: vec![low - 0.05 * (high - low); ticks.len()],
            x: ticks,
            ..Series::default()
        });
    }
    Some(Plot {
        title: "Pattern and fit".to_owned(),
        x: axis("2θ", "deg"),
        y: axis(
            "intensity",
            if pattern.spectrum.unit.is_empty() { "arb" } else { &pattern.spectrum.unit },
        ),
        series,
    })
}

/// The highest and lowest point of every stretch.
fn thinned(x: &[f64], y: &[f64]) -> (Vec<f64>, Vec<f64>) {
    if x.len() <= MOST_POINTS {
        return (x.to_vec(), y.to_vec());
    }
    let every = x.len().div_ceil(MOST_POINTS / 2);
    let mut kept: Vec<usize> = Vec::new();
    for begin in (0..x.len()).step_by(every) {
        let stretch = begin..(begin + every).min(x.len());
        let of = |a: &usize, b: &usize| y[*a].total_cmp(&y[*b]);
        let ends = [stretch.clone().min_by(of), stretch.max_by(of)];
        let mut ends: Vec<usize> = ends.into_iter().flatten().collect();
        ends.sort_unstable();
        ends.dedup();
        kept.extend(ends);
    }
    kept.into_iter().map(|place| (x[place], y[place])).unzip()
}

/// The followed peak against time, else against the pattern's number; by voltage where a cycler tells it.
pub(super) fn series(patterns: &[Pattern], clock: &Clock, followed: &Followed) -> Vec<Plot> {
    let Some(track) = &followed.main else { return Vec::new() };
    let places: Vec<(usize, &super::lines::Line)> =
        (0..patterns.len()).filter_map(|at| Some((at, track.line(at)?))).collect();
    let (by, label, unit): (Vec<f64>, _, _) = if clock.seconds.is_empty() {
        ((0..patterns.len()).map(|at| at as f64).collect(), "pattern", "1")
    } else {
        (clock.seconds.iter().map(|seconds| seconds / 3600.0).collect(), "time", "h")
    };
    let shown = |by: &[f64], x: PlotAxis, title: &str| Plot {
        title: title.to_owned(),
        x,
        y: axis("2θ of the peak", "deg"),
        series: vec![Series {
            label: "peak".to_owned(),
            mark: Mark::Points,
            x: places.iter().map(|one| by[one.0]).collect(),
            y: places.iter().map(|one| one.1.two_theta.value).collect(),
            y_uncertainty: places.iter().map(|one| one.1.two_theta.u).collect(),
            group: None,
        }],
    };
    let mut plots = vec![shown(&by, axis(label, unit), "Peak position through the series")];
    if clock.voltage.iter().any(|voltage| voltage.is_finite()) {
        plots.push(shown(&clock.voltage, axis("voltage", "V"), "Peak position against voltage"));
    }
    let named = |name: &str| -> Vec<(usize, crate::analysis::peak_model::Measured)> {
        (0..patterns.len())
            .filter_map(|at| Some((at, patterns[at].lattice.as_ref()?.named(name)?)))
            .collect()
    };
    for name in ["a", "c"] {
        let found = named(name);
        if found.len() < 2 {
            continue;
        }
        plots.push(Plot {
            title: format!("Lattice parameter {name} through the series"),
            x: axis(label, unit),
            y: axis(&format!("lattice parameter {name}"), "angstrom"),
            series: vec![Series {
                label: name.to_owned(),
                mark: Mark::Points,
                x: found.iter().map(|one| by[one.0]).collect(),
                y: found.iter().map(|one| one.1.value).collect(),
                y_uncertainty: found.iter().map(|one| one.1.u).collect(),
                group: None,
            }],
        });
    }
    plots
}

/// Breadths against angle with the line of Williamson and Hall.
pub(super) fn breadths(straight: &Straight) -> Plot {
    let x: Vec<f64> = straight.points.iter().map(|one| one.four_sine).collect();
    let most = x.iter().copied().fold(0.0, f64::max);
    let ends = vec![0.0, most];
    let heights = ends.iter().map(|x| straight.intercept.0 + straight.slope.0 * x).collect();
    Plot {
        title: "Breadths against angle".to_owned(),
        x: axis("4 sin θ", "1"),
        y: axis("β cos θ", "rad"),
        series: vec![
            Series {
                label: "reflections".to_owned(),
                mark: Mark::Points,
                x,
                y: straight.points.iter().map(|one| one.beta_cosine).collect(),
                y_uncertainty: straight.points.iter().map(|one| one.u).collect(),
                group: None,
            },
            line("Williamson-Hall", ends, heights),
        ],
    }
}
