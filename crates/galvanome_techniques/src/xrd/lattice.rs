//! Which reflection each peak is, and the cell that fits them.

use galvanome_model::note::Note;
use galvanome_model::signal::conditions::GONIOMETER_RADIUS;
use galvanome_numerics::least_squares::{Fit, Weights};
use galvanome_numerics::median::median;
use galvanome_numerics::propagation::variance;

use super::cell::{Cell, Reflection};
use super::lines::Line;
use super::radiation::Radiation;
use super::refine::{Correction, Indexed, Moved, other_corrections, placed, refine};
use super::settings;
use crate::analysis::Settings;
use crate::analysis::peak_model::Measured;
use crate::analysis::spectrum::Spectrum;

/// A cell that was fitted.
#[derive(Debug, Clone)]
pub(super) struct Lattice {
    pub(super) cell: Cell,
    pub(super) indexed: Vec<Indexed>,
    pub(super) correction: Correction,
    fit: Fit,
    weights: Weights,
    pub(super) reduced_chi_squared: f64,
    /// How many reflections take part.
    pub(super) used: usize,
    /// By how much each parameter changes, at most, when another correction is fitted, or none.
    pub(super) by_correction: Vec<Moved>,
    /// Radius of the goniometer in millimetres; none where nobody says.
    pub(super) radius_mm: Option<f64>,
}

/// Nobody's peaks.
const FEWEST_PEAKS: usize = 2;

impl Lattice {
    /// A parameter of the cell.
    pub(super) fn parameter(&self, place: usize) -> Measured {
        Measured {
            value: self.fit.parameters.get(place).copied().unwrap_or(f64::NAN),
            u: self.fit.standard_error(place, self.weights).unwrap_or(f64::NAN),
        }
    }

    /// A parameter by its name.
    pub(super) fn named(&self, name: &str) -> Option<Measured> {
        let place = self.cell.system.names().iter().position(|one| *one == name)?;
        Some(self.parameter(place)).filter(|found| found.u > 0.0)
    }

    /// The volume of the cell.
    pub(super) fn volume(&self) -> Measured {
        let n = self.cell.system.names().len();
        let here = self.fit.parameters.get(..n).unwrap_or_default();
        let mut moved = here.to_vec();
        let derivatives: Vec<f64> = (0..n)
            .map(|place| {
                let step = 1e-6 * here[place];
                let mut beside = |sign: f64| {
                    moved[place] = here[place] + sign * step;
                    self.cell.volume(&moved)
                };
                let slope = (beside(1.0) - beside(-1.0)) / (2.0 * step);
                moved[place] = here[place];
                slope
            })
            .collect();
        let covariance: Vec<f64> = (0..n * n)
            .map(|at| self.fit.covariance(at / n, at % n, self.weights).unwrap_or(0.0))
            .collect();
        let u = variance(&derivatives, &covariance).map_or(f64::NAN, f64::sqrt);
        Measured { value: self.cell.volume(here), u }
    }

    /// Displacement over radius, where it was fitted.
    pub(super) fn displacement(&self) -> Option<Measured> {
        self.correction.displacement.then(|| self.parameter(self.cell.system.names().len()))
    }

    /// Zero shift in degrees 2θ, where it was fitted.
    pub(super) fn zero(&self) -> Option<Measured> {
        let place = self.cell.system.names().len() + usize::from(self.correction.displacement);
        self.correction.zero.then(|| self.parameter(place))
    }

    /// Where a reflection lies in this pattern, in degrees 2θ.
    pub(super) fn place(&self, reflection: Reflection, radiation: &Radiation) -> f64 {
        placed(&self.cell, reflection, &self.fit.parameters, self.correction, radiation)
    }

    /// In words, for details.
    pub(super) fn words(&self, radiation: &Radiation) -> String {
        let names: Vec<String> = self
            .indexed
            .iter()
            .filter(|one| one.used)
            .map(|one| one.reflection.words())
            .take(12)
            .collect();
        let more = if self.used > names.len() { " …" } else { "" };
        format!(
            "{}, {} reflections ({}{more}) {}, {}, χ²/ν {:.2}",
            self.cell.words(),
            self.used,
            names.join(", "),
            self.correction.words(),
            radiation.words(),
            self.reduced_chi_squared,
        )
    }
}

/// Finds which reflection each peak is and fits the cell. None where too few peaks are reflections of it, which a note
/// says.
pub(super) fn lattice(
    spectrum: &Spectrum,
    lines: &[Line],
    radiation: &Radiation,
    cell: &Cell,
    settings: &Settings,
    notes: &mut Vec<Note>,
) -> Option<Lattice> {
    let n = cell.system.names().len();
    let refuse = |why: String, notes: &mut Vec<Note>| {
        let message = format!("{}: no lattice parameters: {why}", spectrum.name);
        notes.push(Note::new("not-indexed", message, &*spectrum.name));
    };
    if lines.len() < FEWEST_PEAKS.max(n) {
        let peaks = lines.len();
        refuse(format!("{peaks} peaks are too few for {n} parameters"), notes);
        return None;
    }
    let widths: Vec<f64> = lines.iter().map(|line| line.fwhm.value).collect();
    let tolerance = settings.number(&settings::TOLERANCE).unwrap_or_else(|| {
        (0.5 * median(&widths).unwrap_or(0.1)).max(3.0 * spectrum.step().unwrap_or(0.0))
    });
    let radius_mm = settings
        .number(&settings::RADIUS)
        .or_else(|| spectrum.condition(GONIOMETER_RADIUS).map(|metres| metres * 1e3))
        .filter(|radius| *radius > 0.0);
    let mut start = super::index::best_start(cell, lines, radiation, tolerance, settings);
    let mut correction = Correction::NONE;
    let mut indexed = Vec::new();
    let mut found: Option<(Fit, Weights, f64)> = None;
    // Reflections are told anew by each cell until they stay the same; the first by the search alone.
    for round in 0..12 {
        let next = assigned(cell, lines, &start, correction, radiation, tolerance);
        if round > 1 && next == indexed && found.is_some() {
            break;
        }
        indexed = next;
        let distinct = indexed.iter().filter(|one| one.used).count();
        if distinct < n.max(2) {
            refuse(
                format!(
                    "{distinct} of {} peaks lie within {tolerance:.3}° of a reflection of the {}",
                    lines.len(),
                    cell.words()
                ),
                notes,
            );
            return None;
        }
        // The first fit is of the cell alone: where a displacement is large the search has it wrong by a little.
        correction = wanted(settings, radiation, lines, &indexed, n);
        if start.len() != n + correction.count() {
            start.truncate(n);
            start.resize(n + correction.count(), 0.0);
        }
        let Some(fit) = refine(cell, lines, &indexed, &start, correction, radiation) else { break };
        start.clone_from(&fit.0.parameters);
        found = Some(fit);
    }
    let (fit, weights, reduced) = found?;
    let by_correction = other_corrections(cell, lines, &indexed, &fit, correction, radiation);
    let used = indexed.iter().filter(|one| one.used).count();
    if correction == Correction::NONE && settings.word(&settings::CORRECTION) != Some("none") {
        let message = format!(
            "{}: {used} reflections do not tell displacement or zero shift from the cell; an undetected displacement of 0.1 mm changes spacings at low angles by about a thousandth",
            spectrum.name
        );
        notes.push(Note::new("displacement-not-fitted", message, &*spectrum.name));
    }
    let errors: Vec<Option<f64>> = (0..n).map(|place| fit.standard_error(place, weights)).collect();
    let is_vague = |(place, u): (usize, &Option<f64>)| {
        let value = fit.parameters.get(place).copied().unwrap_or(f64::NAN);
        u.is_some_and(|u| u.is_nan() || u >= VAGUE * value.abs())
    };
    if errors.iter().enumerate().any(is_vague) {
        let message = format!(
            "{}: no lattice parameters: {used} reflections leave a parameter of the {} open by more than {} %",
            spectrum.name,
            cell.words(),
            100.0 * VAGUE
        );
        notes.push(Note::new("cell-not-determined", message, &*spectrum.name));
        return None;
    }
    if errors.iter().any(Option::is_none) {
        let message = format!(
            "{}: the reflections do not determine every parameter of the {}",
            spectrum.name,
            cell.words()
        );
        notes.push(Note::new("cell-not-determined", message, &*spectrum.name));
    }
    Some(Lattice {
        cell: cell.clone(),
        indexed,
        correction,
        fit,
        weights,
        reduced_chi_squared: reduced,
        used,
        by_correction,
        radius_mm,
    })
}

/// An index that chance may have made is none where the cell is the default, and gets a note where it was set.
pub(super) fn unless_chance(
    lattice: Lattice,
    spectrum: &Spectrum,
    lines: &[Line],
    radiation: &Radiation,
    is_set: bool,
    notes: &mut Vec<Note>,
) -> Option<Lattice> {
    let n = lattice.cell.system.names().len();
    let (first, last) = (*spectrum.x.first()?, *spectrum.x.last()?);
    let names: Vec<f64> = (0..n).map(|at| lattice.parameter(at).value).collect();
    let reflections = lattice.cell.reflections(0.98 * radiation.spacing(last.min(179.0)), &names);
    let free = n + lattice.correction.count();
    let offs = lattice.indexed.iter().filter_map(|one| {
        let line = lines.get(one.line)?;
        Some((lattice.place(one.reflection, radiation) - line.two_theta.value).abs())
    });
    let reach = offs.fold(spectrum.step().unwrap_or(0.0), f64::max);
    let density = (2.0 * reach * reflections.len() as f64 / (last - first)).min(1.0);
    let (met, of) = (lattice.indexed.len().saturating_sub(free), lines.len().saturating_sub(free));
    let chance = at_least(met, of, density);
    if chance < CHANCE {
        return Some(lattice);
    }
    let said = format!(
        "{}: {} of {} peaks lie on reflections of the {} by chance alone with a probability of {:.1} %",
        spectrum.name,
        lattice.indexed.len(),
        lines.len(),
        lattice.cell.words(),
        100.0 * chance
    );
    if is_set {
        let message = format!("{said}; the cell was set, so its parameters are given all the same");
        notes.push(Note::new("index-doubtful", message, &*spectrum.name));
        return Some(lattice);
    }
    let message = format!(
        "{said}, so no lattice parameters are given; set cell, a and c if it is this cell or another"
    );
    notes.push(Note::new("not-indexed", message, &*spectrum.name));
    None
}

/// A parameter that is known less well than this part of itself is none: its reflections do not tell it.
const VAGUE: f64 = 0.02;

/// A likelier chance is none to rely on.
const CHANCE: f64 = 1e-3;

/// The probability of at least `met` of `of` trials of probability `each`.
fn at_least(met: usize, of: usize, each: f64) -> f64 {
    let mut term = (1.0 - each).powf(of as f64);
    if term == 0.0 {
        return 1.0;
    }
    let mut below = 0.0;
    for count in 0..met {
        below += term;
        term *= (of - count) as f64 / (count + 1) as f64 * each / (1.0 - each);
    }
    (1.0 - below).max(0.0)
}

/// Each peak with the reflection nearest to it, if that is near, and no other as near; of two peaks near to one
/// reflection the nearer.
fn assigned(
    cell: &Cell,
    lines: &[Line],
    parameters: &[f64],
    correction: Correction,
    radiation: &Radiation,
    tolerance: f64,
) -> Vec<Indexed> {
    let last = lines.last().map_or(0.0, |line| line.two_theta.value);
    let least = 0.98 * radiation.spacing(last.min(179.0));
    let reflections = cell.reflections(least, parameters);
    let places: Vec<f64> = reflections
        .iter()
        .map(|one| placed(cell, *one, parameters, correction, radiation))
        .collect();
    let mut all: Vec<(Indexed, f64)> = Vec::new();
    for (line, peak) in lines.iter().enumerate() {
        let mut near: Vec<(f64, usize)> = places
            .iter()
            .enumerate()
            .map(|(at, place)| ((place - peak.two_theta.value).abs(), at))
            .filter(|(off, _)| off.is_finite())
            .collect();
        near.sort_by(|a, b| a.0.total_cmp(&b.0));
        let Some(&(off, at)) = near.first().filter(|near| near.0 <= tolerance) else { continue };
        // Another reflection under the same peak pulls it to its own place.
        let hidden =
            near.get(1).is_some_and(|other| other.0 < (0.7 * peak.fwhm.value).max(2.0 * off));
        let Some(&reflection) = reflections.get(at) else { continue };
        let entry = (Indexed { line, reflection, used: !hidden }, off);
        match all.iter_mut().find(|one| one.0.reflection == reflection) {
            Some(other) if off < other.1 => *other = entry,
            Some(_) => {}
            None => all.push(entry),
        }
    }
    all.into_iter().map(|one| one.0).collect()
}

/// What the settings, or the reflections, let be fitted beside the cell.
fn wanted(
    settings: &Settings,
    radiation: &Radiation,
    lines: &[Line],
    indexed: &[Indexed],
    n: usize,
) -> Correction {
    let used: Vec<f64> = indexed
        .iter()
        .filter(|one| one.used)
        .filter_map(|one| lines.get(one.line))
        .map(|line| line.two_theta.value)
        .collect();
    let span = used.iter().copied().fold(f64::NEG_INFINITY, f64::max)
        - used.iter().copied().fold(f64::INFINITY, f64::min);
    let displaced = radiation.is_tube();
    let word = settings.word(&settings::CORRECTION).unwrap_or("auto");
    let asked = match word {
        "none" => Correction::NONE,
        "displacement" => Correction { displacement: true, zero: false },
        "zero" => Correction { displacement: false, zero: true },
        "both" => Correction { displacement: true, zero: true },
        _ => Correction { displacement: displaced, zero: !displaced },
    };
    let spare = used.len().saturating_sub(n);
    // One more than parameters, so that the fit can be judged; over a narrow range the cell takes the shift up. A
    // short wavelength brings many reflections within a few degrees.
    let enough = |correction: Correction| {
        let wide = if displaced { 20.0 } else { 3.0 };
        spare > correction.count() && span > wide
    };
    if enough(asked) || (word != "auto" && spare >= asked.count()) {
        asked
    } else {
        Correction::NONE
    }
}
