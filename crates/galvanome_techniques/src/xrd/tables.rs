//! Peaks, what the fit of the cell leaves, and the series as tables.

use galvanome_model::measurement::{Column, ColumnHead, Origin, Table, Values};

use super::Pattern;
use super::clock::Clock;
use super::series::Followed;
use crate::analysis::peak_model::Measured;

fn table(name: &str, columns: Vec<Column>) -> Table {
    let rows = columns.first().map_or(0, |column| column.values.len());
    Table { name: name.to_owned(), columns, rows }
}

fn head(name: &str, unit: &str) -> ColumnHead {
    ColumnHead {
        name: name.to_owned(),
        unit: unit.to_owned(),
        vendor_name: String::new(),
        origin: Origin::Reconstructed,
    }
}

fn numbers(name: &str, unit: &str, values: Vec<f64>) -> Column {
    Column { head: head(name, unit), values: Values::Number(values) }
}

fn texts(name: &str, values: Vec<String>) -> Column {
    // Tables are written with commas between cells.
    let values = values.into_iter().map(|text| text.replace([',', '"'], " ")).collect();
    Column { head: head(name, ""), values: Values::Text(values) }
}

/// A column of numbers and one of their uncertainties.
fn measured(name: &str, unit: &str, values: &[Measured]) -> [Column; 2] {
    [
        numbers(name, unit, values.iter().map(|one| one.value).collect()),
        numbers(&format!("{name}_uncertainty"), unit, values.iter().map(|one| one.u).collect()),
    ]
}

const NOTHING: Measured = Measured { value: f64::NAN, u: f64::NAN };

/// Every fitted peak of every pattern.
pub(super) fn peaks(patterns: &[Pattern]) -> Table {
    let rows: Vec<(usize, usize)> = patterns
        .iter()
        .enumerate()
        .flat_map(|(at, pattern)| (0..pattern.lines.all.len()).map(move |line| (at, line)))
        .collect();
    let each = |of: &dyn Fn(&super::lines::Line) -> Measured| -> Vec<Measured> {
        rows.iter().map(|(at, line)| of(&patterns[*at].lines.all[*line])).collect()
    };
    let mut columns = vec![
        texts("pattern", rows.iter().map(|row| patterns[row.0].spectrum.name.clone()).collect()),
        texts(
            "reflection",
            rows.iter()
                .map(|(at, line)| {
                    let index = patterns[*at]
                        .lattice
                        .as_ref()
                        .and_then(|lattice| lattice.indexed.iter().find(|one| one.line == *line));
                    index.map_or_else(String::new, |one| one.reflection.words())
                })
                .collect(),
        ),
    ];
    columns.extend(measured("two_theta_degree", "deg", &each(&|line| line.two_theta)));
    let spacings: Vec<Measured> = rows
        .iter()
        .map(|(at, line)| {
            let angle = patterns[*at].lines.all[*line].two_theta;
            let d = patterns[*at].radiation.spacing(angle.value);
            let theta = (0.5 * angle.value).to_radians();
            Measured { value: d, u: 0.5 * angle.u.to_radians() * d / theta.tan() }
        })
        .collect();
    columns.extend(measured("spacing_angstrom", "angstrom", &spacings));
    columns.extend(measured("height", "", &each(&|line| line.height)));
    columns.extend(measured("fwhm_degree", "deg", &each(&|line| line.fwhm)));
    columns.extend(measured("integral_breadth_degree", "deg", &each(&|line| line.breadth)));
    columns.extend(measured("area", "", &each(&|line| line.area)));
    let shares = each(&|line| Measured { value: line.share, u: f64::NAN });
    columns.push(numbers("lorentz_share", "1", shares.iter().map(|one| one.value).collect()));
    let fits = |line: &super::lines::Line, pattern: &Pattern| {
        pattern.lines.fits.get(line.fit).map_or(f64::NAN, |fit| fit.reduced_chi_squared)
    };
    let reduced =
        rows.iter().map(|(at, line)| fits(&patterns[*at].lines.all[*line], &patterns[*at]));
    columns.push(numbers("reduced_chi_squared", "1", reduced.collect()));
    table("peaks", columns)
}

/// What the fits of the cell leave of each reflection.
pub(super) fn residuals(patterns: &[Pattern]) -> Table {
    let mut pattern_names = Vec::new();
    let mut names = Vec::new();
    let mut found: [Vec<f64>; 4] = Default::default();
    for pattern in patterns {
        let Some(lattice) = &pattern.lattice else { continue };
        for one in &lattice.indexed {
            let Some(line) = pattern.lines.all.get(one.line) else { continue };
            let place = lattice.place(one.reflection, &pattern.radiation);
            pattern_names.push(pattern.spectrum.name.clone());
            names.push(one.reflection.words());
            let row = [
                line.two_theta.value,
                place,
                (line.two_theta.value - place) / line.two_theta.u,
                f64::from(u8::from(one.used)),
            ];
            found.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
        }
    }
    let [measured, calculated, over, used] = found;
    table(
        "lattice",
        vec![
            texts("pattern", pattern_names),
            texts("reflection", names),
            numbers("two_theta_degree", "deg", measured),
            numbers("calculated_two_theta_degree", "deg", calculated),
            numbers("residual_over_uncertainty", "1", over),
            numbers("used", "1", used),
        ],
    )
}

/// One row a pattern: when, at which voltage, the cell, and the place, width and area of every followed peak.
pub(super) fn series(patterns: &[Pattern], clock: &Clock, followed: &Followed) -> Table {
    let n = patterns.len();
    let mut columns = vec![
        texts("pattern", patterns.iter().map(|one| one.spectrum.name.clone()).collect()),
        numbers("number", "1", (0..n).map(|at| at as f64).collect()),
    ];
    if !clock.seconds.is_empty() {
        let hours = clock.seconds.iter().map(|seconds| seconds / 3600.0).collect();
        columns.push(numbers("time_hour", "h", hours));
    }
    if !clock.voltage.is_empty() {
        columns.push(numbers("voltage_volt", "V", clock.voltage.clone()));
    }
    if let Some(lattice) = patterns.iter().find_map(|one| one.lattice.as_ref()) {
        for name in lattice.cell.system.names() {
            let unit = if *name == "beta" { "deg" } else { "angstrom" };
            let values: Vec<Measured> = patterns
                .iter()
                .map(|one| one.lattice.as_ref().and_then(|one| one.named(name)).unwrap_or(NOTHING))
                .collect();
            columns.extend(measured(&format!("lattice_{name}"), unit, &values));
        }
        let values: Vec<Measured> = patterns
            .iter()
            .map(|one| one.lattice.as_ref().map_or(NOTHING, super::lattice::Lattice::volume))
            .collect();
        columns.extend(measured("cell_volume", "angstrom3", &values));
        let values: Vec<Measured> = patterns
            .iter()
            .map(|one| {
                one.lattice
                    .as_ref()
                    .and_then(super::lattice::Lattice::displacement)
                    .unwrap_or(NOTHING)
            })
            .collect();
        if values.iter().any(|one| one.value.is_finite()) {
            columns.extend(measured("displacement_over_radius", "1", &values));
        }
    }
    for track in &followed.others {
        let Some(first) = track.line(0) else { continue };
        let name = format!("peak_{:.2}", first.two_theta.value);
        let each = |of: &dyn Fn(&super::lines::Line) -> Measured| -> Vec<Measured> {
            (0..n).map(|at| track.line(at).map_or(NOTHING, of)).collect()
        };
        columns.extend(measured(&format!("{name}_degree"), "deg", &each(&|line| line.two_theta)));
        columns.extend(measured(&format!("{name}_fwhm_degree"), "deg", &each(&|line| line.fwhm)));
        columns.extend(measured(&format!("{name}_area"), "", &each(&|line| line.area)));
    }
    table("series", columns)
}
