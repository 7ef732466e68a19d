//! From patterns to quantities of the specimen.

use galvanome_model::note::Note;

use super::cell::{Reflection, System};
use super::fraction;
use super::lattice::Lattice;
use super::lines::Line;
use super::widths::{self, Instrument, Straight};
use super::{CELL_VOLUME, LATTICE_A, LATTICE_B, LATTICE_BETA, LATTICE_C, POSITION_003, Pattern};
use crate::analysis::combined::Combined;
use crate::analysis::found::found;
use crate::analysis::{Found, Settings};

/// Everything but the series: the quantities, and the line through the breadths of the first pattern.
pub(super) fn of_patterns(
    patterns: &[Pattern],
    in_time: bool,
    instrument: &Instrument,
    settings: &Settings,
    notes: &mut Vec<Note>,
) -> (Vec<Found>, Option<Straight>) {
    let shown = if in_time { patterns.get(..1).unwrap_or_default() } else { patterns };
    let mut straight = None;
    let mut each: Vec<Vec<Found>> = Vec::new();
    for pattern in shown {
        let mut of_one = Vec::new();
        if let Some(lattice) = &pattern.lattice {
            of_one.extend(cell(lattice, pattern));
        }
        of_one.extend(layer(pattern).and_then(|place| {
            let (lines, radiation) = (&pattern.lines.all, &pattern.radiation);
            fraction::fraction(&pattern.spectrum, lines, place, radiation, settings, notes)
        }));
        let lines = broad_lines(pattern);
        if !lines.is_empty() {
            let line = widths::straight(widths::of_specimen(&lines, instrument));
            of_one.extend(widths::quantities(
                &lines,
                line.as_ref(),
                instrument,
                &pattern.radiation,
                settings,
                notes,
            ));
            straight = straight.or(line);
        }
        each.push(of_one);
    }
    let mut all: Vec<Found> = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    for one in each.iter().flatten() {
        if !names.contains(&one.descriptor.as_str()) {
            names.push(one.descriptor.as_str());
        }
    }
    for name in names {
        let of_name: Vec<&Found> =
            each.iter().flatten().filter(|one| one.descriptor.as_str() == name).collect();
        all.extend(together(&of_name, in_time, patterns.len()));
    }
    (all, straight)
}

/// One number for the specimen: that of the one pattern, of the first of a series, or the mean.
fn together(of_name: &[&Found], in_time: bool, patterns: usize) -> Option<Found> {
    let first = *of_name.first()?;
    if in_time {
        let detail = format!("first of {patterns} patterns: {}", first.detail);
        return Some(Found { detail, ..first.clone() });
    }
    if of_name.len() == 1 {
        return Some(first.clone());
    }
    let values: Vec<(f64, f64)> = of_name
        .iter()
        .filter(|one| one.qualifier.is_equal())
        .filter_map(|one| Some((one.value, one.uncertainty?)))
        .collect();
    if values.is_empty() {
        return Some(first.clone());
    }
    let (values, u): (Vec<f64>, Vec<f64>) = values.into_iter().unzip();
    let mean = Combined::of(&values, &u)?;
    let detail = format!("{}; of the first: {}", mean.detail("patterns", ""), first.detail);
    let points = of_name.iter().map(|one| one.points).sum();
    found(first.descriptor.as_str(), mean.value, Some(mean.u), points, detail)
}

/// Parameters and volume of the cell, and where 003 lies.
fn cell(lattice: &Lattice, pattern: &Pattern) -> Vec<Found> {
    let words = lattice.words(&pattern.radiation);
    let displacement = match (lattice.displacement(), lattice.zero(), lattice.radius_mm) {
        (Some(s), _, Some(radius)) => format!(
            "; displacement {:.0} ± {:.0} µm at R {radius} mm",
            s.value * radius * 1e3,
            s.u * radius * 1e3
        ),
        (Some(s), _, None) => format!("; displacement {:.2e} ± {:.1e} of the radius", s.value, s.u),
        (None, Some(zero), _) => format!("; zero shift {:.4}° ± {:.4}°", zero.value, zero.u),
        _ => String::new(),
    };
    let mut all = Vec::new();
    for (place, name) in lattice.cell.system.names().iter().enumerate() {
        let Some(parameter) = lattice.named(name) else { continue };
        let descriptor = match *name {
            "a" => LATTICE_A,
            "b" => LATTICE_B,
            "c" => LATTICE_C,
            _ => LATTICE_BETA,
        };
        let other = lattice.by_correction.get(place).filter(|moved| moved.by.is_finite());
        let systematic = if let Some(moved) = other {
            let size = if moved.by.abs() > parameter.u { "the larger" } else { "the smaller" };
            format!("; systematic, {size}: fitting {} moves it by {:+.5}", moved.with, moved.by)
        } else if lattice.correction.displacement || lattice.correction.zero {
            String::new()
        } else {
            "; systematic, the larger: displacement and zero shift were not fitted".to_owned()
        };
        let detail = format!("{words}{displacement}{systematic}");
        all.extend(found(descriptor, parameter.value, Some(parameter.u), lattice.used, detail));
    }
    let volume = lattice.volume();
    if all.len() == lattice.cell.system.names().len() {
        all.extend(found(CELL_VOLUME, volume.value, Some(volume.u), lattice.used, words));
    }
    if let Some(line) = layer_line(pattern).filter(|_| lattice.cell.system == System::Hexagonal) {
        let detail = format!(
            "the line of Kα1 as measured, neither displacement nor zero corrected; width {:.4}°",
            line.fwhm.value
        );
        let place = line.two_theta;
        all.extend(found(POSITION_003, place.value, Some(place.u), line.points, detail));
    }
    all
}

/// The first layer reflection: 003 of a rhombohedral cell, 001 of a monoclinic one.
fn layer_line(pattern: &Pattern) -> Option<&Line> {
    let lattice = pattern.lattice.as_ref()?;
    let wanted = match (lattice.cell.system, lattice.cell.centring) {
        (System::Hexagonal, 'R') => Reflection { h: 0, k: 0, l: 3 },
        (System::Monoclinic, 'C') => Reflection { h: 0, k: 0, l: 1 },
        _ => return None,
    };
    let found = lattice.indexed.iter().find(|one| one.reflection == wanted)?;
    pattern.lines.all.get(found.line)
}

fn layer(pattern: &Pattern) -> Option<f64> {
    layer_line(pattern).map(|line| line.two_theta.value)
}

/// Lines whose breadths may be compared: reflections of the cell that hide no other, else all that stand alone.
fn broad_lines(pattern: &Pattern) -> Vec<&Line> {
    match &pattern.lattice {
        Some(lattice) => lattice
            .indexed
            .iter()
            .filter(|one| one.used)
            .filter_map(|one| pattern.lines.all.get(one.line))
            .filter(|line| line.breadth.u < 0.25 * line.breadth.value)
            .collect(),
        None => Vec::new(),
    }
}
