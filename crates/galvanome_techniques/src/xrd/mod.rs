//! X-ray powder diffraction: where reflections lie, how wide they are, the cell behind them, and how they move.
//!
//! # What it measures
//! Of a pattern, or of several of one specimen:
//!
//! - `xrd.lattice-a`, `xrd.lattice-b`, `xrd.lattice-c`, `xrd.lattice-beta`: the parameters of the cell.
//! - `xrd.cell-volume`: its volume.
//! - `xrd.003-position`: where the 003 reflection of the rhombohedral phase was found, as measured.
//! - `xrd.monoclinic-fraction`: the share of the monoclinic phase in the first layer reflection.
//! - `xrd.crystallite-size`, `xrd.microstrain`: from the breadths of reflections.
//!
//! Of a series in time:
//!
//! - `xrd.peak-shift`: how far one reflection moved from the first pattern to the last, with the verdict whether the
//!   lattice changed or only displacement can be meant.
//!
//! Of a series the other quantities are those of its first pattern; the table `series` has all of them against time and,
//! with `--with cycler=FILE`, the cell's voltage at the start of each pattern. Several patterns that are no series
//! (`series=repeats`) give one mean.
//!
//! # How the numbers are made
//! ## Patterns
//! 1. Any signal against 2θ, or a plain table: its first column of numbers or the one so named is 2θ in degrees, the next the
//!    intensity, the third its uncertainty. Points are put in rising order; those without a value are left out; `from`
//!    and `to` cut the rest. Maps against ω, φ or χ are no powder patterns and are left out.
//! 2. Uncertainties of points are the file's, else √counts, else the scatter of neighbouring points.
//! 3. Wavelengths are the file's, else Cu Kα with a note; `anode`, or `wavelength` with `wavelength-2` and `k-alpha-ratio`, set
//!    them.
//!
//! ## Peaks
//! 1. For the search a background is taken off: `background` (arPLS), in which nothing narrower than `background-width`
//!    counts. A peak is where the smoothed rest stands out by `significance` times its noise. The Kα2 line of a stronger
//!    peak is none of its own.
//! 2. Peaks nearer than their windows are fitted together on a straight line of their own, at most eight: for each a
//!    `shape` (pseudo-Voigt) with centre, height and width, together one share of the Lorentzian; Kα2 goes along at
//!    `sin θ₂ = sin θ₁ λ₂/λ₁` with the stated ratio. With `asymmetry=split` peaks below 40° may be wider to the left. Counts
//!    weigh by the first fit's model in the second.
//! 3. Standard uncertainties are those of the fit's covariance, scaled by χ²/ν where that is above 1. They hold counting and
//!    misfit of that shape, not what a wrong shape shifts: the table in docs/validation.md says what that does.
//!
//! ## Cell
//! 1. `cell` with its `centring` says which reflections there may be. The search starts at `a`, `b`, `c`, `beta` and looks
//!    `cell-range` around them for the parameters that put most peaks on reflections.
//! 2. A peak is taken for the nearest reflection within `tolerance`. One under which another reflection lies is left out
//!    of the fit.
//! 3. Weighted least squares over 2θ, with `correction`: the displacement s of the specimen, `Δ2θ = −2 s cos θ / R`, or a zero
//!    shift, where there are more reflections than parameters over 20° or more (3° of a synchrotron's). R is the file's or
//!    `radius`. The uncertainty is scaled by χ²/ν where that is above 1: it holds the misfit of the indexing. The detail names
//!    how far another correction, or none, would move the parameter: that systematic is not in the uncertainty and is often the
//!    larger.
//! 4. An index that may be chance is none: the binomial probability to meet as many reflections by as many peaks, those
//!    that the free parameters meet by themselves not counted, must be below 0.001. Where the cell was set by hand, a note
//!    says so instead.
//!
//! ## Monoclinic fraction
//! The first layer reflection (003, of the monoclinic phase 001) is fitted by one peak that may be skewed, and by two of one
//! width and shape. With `phases=auto` there are two when these are better by 10 of the Bayesian information criterion and
//! lie half a width apart. The area of that on `monoclinic-side` over both is the fraction. It is one by volume if both phases
//! scatter alike per volume in that reflection and are textured alike.
//!
//! ## Breadths
//! The line of Williamson and Hall, `β cos θ = K λ / D + 4 ε sin θ`, through integral breadths of the reflections of the cell,
//! with K `scherrer-constant`. The instrument's breadth is `instrument-width`, or a parabola of the squared breadths in tan θ
//! of a standard (`--with standard=FILE`, cubic primitive with `standard-a`); it is taken off by the power `1 + (1 − η)²`
//! between Lorentzian (1) and Gaussian (2). Without it sizes are lower and strains upper bounds. With fewer than three
//! reflections the size is Scherrer's.
//!
//! ## Series
//! 1. Three or more patterns that start at different times are a series (`series`). The peak near `peak`, else the first of the
//!    cell that all patterns have, is followed: the fit of the first pattern is made again in every other with as many
//!    peaks in the same window, since another model would move it too.
//! 2. The movements of all common reflections of the cell (or of `peak`, `peak-2`, `peak-3`; without a cell of all common
//!    peaks) from the first to the last pattern are fitted by displacement, by a zero shift and by a common change Δd/d alone,
//!    and by Δd/d with displacement together. It is called a change of the lattice only where, with displacement fitted
//!    beside it, the 95 % interval of Δd/d leaves 0 out. The note `cause-of-shift` has all of it.
//! 3. The voltage is the cycler's at the start of each pattern, by absolute clocks. Both must tell their zone, or neither.
//!
//! # When it is unsure
//! Displacement and zero shift look alike over a narrow range of angles, and a cell takes either up: a few reflections
//! below 60° give a lattice parameter no better than the displacement is known. Specimens in cells with windows often stand off
//! the axis by tenths of a millimetre.
//!
//! The uncertainty of a position is of one fit: a wrong shape moves all reflections of a pattern alike, which cancels in a
//! series and not between instruments. The movement of peaks of a window or a current collector is not the lattice's.
//!
//! A fraction from one reflection is as good as the texture is alike. Size and strain depend on direction in layered
//! oxides (stacking faults), which the note `breadths-not-straight` may tell. No Rietveld refinement is made.
//!
//! # References
//! A. J. C. Wilson, Mathematical Theory of X-ray Powder Diffractometry (1963) (displacement). A. Le Bail, in Powder Diffraction:
//! Theory and Practice (2008), chapter 5. G. K. Williamson, W. H. Hall, Acta Metall. 1 (1953) 22. P. Scherrer, Nachr. Ges. Wiss.
//! Göttingen (1918) 98; J. I. Langford, A. J. C. Wilson, J. Appl. Cryst. 11 (1978) 102. G. Caglioti, A. Paoletti, F. P.
//! Ricci, Nucl. Instrum. 3 (1958) 223. G. Hölzer et al., Phys. Rev. A 56 (1997) 4554; R. D. Deslattes et al., Rev. Mod. Phys. 75
//! (2003) 35 (wavelengths). S.-J. Baek et al., Analyst 140 (2015) 250 (arPLS). NIST certificate of SRM 660c (LaB6).

mod cell;
mod clock;
mod fraction;
mod index;
mod lattice;
mod lines;
mod plots;
mod quantities;
mod radiation;
mod refine;
mod search;
mod series;
mod settings;
pub mod shift;
mod tables;
mod widths;
mod words;

use galvanome_model::note::Note;
use galvanome_model::signal::axes::{CHI, OMEGA, PHI, TWO_THETA};

use self::cell::{Cell, System};
use self::lattice::Lattice;
use self::lines::Lines;
use self::radiation::Radiation;
use self::settings::{CELL, FROM, INSTRUMENT_WIDTH, SERIES, STANDARD_CELL, TO};
use self::widths::Instrument;
use crate::analysis::pattern_difference::Normalisation;
use crate::analysis::spectrum::{Spectrum, Wanted, spectra};
use crate::analysis::{Analysis, Input, Inputs, Pattern as Compared, Settings, Technique};

/// The entry of the list of techniques.
pub(crate) const TECHNIQUE: Technique = Technique {
    id: "xrd",
    version: 1,
    settings: settings::SETTINGS,
    roles: &[
        ("cycler", "the cell's own record, for the voltage at the start of each pattern"),
        ("standard", "a pattern of a line-profile standard (LaB6), for the instrument's breadth"),
    ],
    descriptors: &[
        LATTICE_A,
        LATTICE_B,
        LATTICE_C,
        LATTICE_BETA,
        CELL_VOLUME,
        POSITION_003,
        MONOCLINIC_FRACTION,
        CRYSTALLITE_SIZE,
        MICROSTRAIN,
        PEAK_SHIFT,
    ],
    select_by: &[],
    pattern: Some(Compared { wanted: ANGLE, normalisation: Normalisation::Area }),
    analyze,
};

const LATTICE_A: &str = "xrd.lattice-a";
const LATTICE_B: &str = "xrd.lattice-b";
const LATTICE_C: &str = "xrd.lattice-c";
const LATTICE_BETA: &str = "xrd.lattice-beta";
const CELL_VOLUME: &str = "xrd.cell-volume";
const POSITION_003: &str = "xrd.003-position";
const MONOCLINIC_FRACTION: &str = "xrd.monoclinic-fraction";
const CRYSTALLITE_SIZE: &str = "xrd.crystallite-size";
const MICROSTRAIN: &str = "xrd.microstrain";
const PEAK_SHIFT: &str = "xrd.peak-shift";

/// The role of a standard for the instrument's breadth.
const STANDARD: &str = "standard";

/// What a pattern runs along: 2θ in degrees, whatever its file calls it.
pub const ANGLE: Wanted = Wanted {
    kind: TWO_THETA,
    words: &[
        "2theta",
        "2-theta",
        "2 theta",
        "2θ",
        "two_theta",
        "two theta",
        "twotheta",
        "tth",
        "2th",
        "angle",
    ],
    units: &[("rad", 57.295_779_513_082_32), ("degree", 1.0), ("°", 1.0), ("centideg", 0.01)],
    name: "2θ",
};

/// One pattern with what was found in it.
#[derive(Debug, Clone)]
struct Pattern {
    spectrum: Spectrum,
    radiation: Radiation,
    background: Vec<f64>,
    lines: Lines,
    lattice: Option<Lattice>,
}

fn analyze(inputs: &Inputs, settings: &Settings) -> Analysis {
    let mut analysis = Analysis::default();
    let notes = &mut analysis.notes;
    if inputs.main.is_empty() {
        notes.push(Note::new("no-spectrum", "there is no file to analyse", ""));
        return analysis;
    }
    let cell = Cell::of(settings, notes);
    let mut patterns: Vec<Pattern> = Vec::new();
    let mut of_each = Vec::new();
    for (place, input) in inputs.main.iter().enumerate() {
        for spectrum in patterns_in(input, place, settings, &mut of_each) {
            patterns.push(one(spectrum, cell.as_ref(), settings, &mut of_each));
        }
    }
    notes.append(&mut shortened(of_each));
    if patterns.is_empty() {
        return analysis;
    }
    let instrument = instrument(inputs, settings, notes);
    let all: Vec<&Spectrum> = patterns.iter().map(|pattern| &pattern.spectrum).collect();
    let clock = clock::clock(inputs, &all, notes);
    let in_time = match settings.word(&SERIES) {
        Some("time") => true,
        Some("repeats") => false,
        _ => patterns.len() > 2 && !clock.seconds.is_empty(),
    };
    let followed = if in_time {
        series::follow(&patterns, settings, notes)
    } else {
        series::Followed::default()
    };
    let (found, straight) =
        quantities::of_patterns(&patterns, in_time, &instrument, settings, notes);
    analysis.quantities = found;
    analysis.quantities.extend(series::peak_shift(&patterns, &followed, &clock));
    let first = patterns.first();
    if in_time {
        analysis.plots.extend(plots::series(&patterns, &clock, &followed));
    }
    analysis.plots.extend(first.and_then(plots::pattern));
    analysis.plots.extend(straight.as_ref().map(plots::breadths));
    if in_time {
        analysis.tables.push(tables::series(&patterns, &clock, &followed));
        analysis.tables.push(tables::peaks(&patterns));
    } else {
        analysis.tables.push(tables::peaks(&patterns));
        analysis.tables.push(tables::series(&patterns, &clock, &followed));
    }
    analysis.tables.push(tables::residuals(&patterns));
    analysis
}

/// What is said of many patterns alike is said of the first, with how many more there are.
fn shortened(notes: Vec<Note>) -> Vec<Note> {
    const MANY: usize = 3;
    let mut kept: Vec<(Note, usize)> = Vec::new();
    let count = |notes: &[Note], code: &str| notes.iter().filter(|one| one.code == code).count();
    let often: Vec<String> = notes
        .iter()
        .filter(|one| count(&notes, &one.code) > MANY)
        .map(|one| one.code.clone())
        .collect();
    for note in notes {
        let same = often
            .contains(&note.code)
            .then(|| kept.iter_mut().find(|(first, _)| first.code == note.code));
        match same.flatten() {
            Some((_, more)) => *more += 1,
            None => kept.push((note, 0)),
        }
    }
    kept.into_iter()
        .map(|(note, more)| match more {
            0 => note,
            more => Note {
                message: format!("{}; and the like of {more} more patterns", note.message),
                ..note
            },
        })
        .collect()
}

/// The powder patterns in one input, cut to the range that was set.
fn patterns_in(
    input: &Input,
    place: usize,
    settings: &Settings,
    notes: &mut Vec<Note>,
) -> Vec<Spectrum> {
    let mut all = spectra(input, place, &ANGLE, notes);
    let before = all.len();
    all.retain(|one| ![OMEGA, PHI, CHI].iter().any(|kind| one.slow_axis == kind.name));
    if all.len() < before {
        let message = format!(
            "{}: {} scans at different ω, φ or χ are a map of reciprocal space or of poles, not powder patterns, and were left out",
            input.name,
            before - all.len()
        );
        notes.push(Note::new("not-a-powder-pattern", message, &*input.name));
    }
    let (from, to) = (settings.number(&FROM), settings.number(&TO));
    if from.is_none() && to.is_none() {
        return all;
    }
    all.into_iter()
        .filter_map(|mut one| {
            let range = one.between(from.unwrap_or(f64::NEG_INFINITY), to.unwrap_or(f64::INFINITY));
            if range.len() < 8 {
                let message =
                    format!("{}: fewer than 8 points lie in the range that was set", one.name);
                notes.push(Note::new("too-few-points", message, &*one.name));
                return None;
            }
            one.x = one.x[range.clone()].to_vec();
            one.y = one.y[range.clone()].to_vec();
            one.u = one.u[range].to_vec();
            Some(one)
        })
        .collect()
}

/// Everything that one pattern says by itself.
fn one(
    spectrum: Spectrum,
    cell: Option<&Cell>,
    settings: &Settings,
    notes: &mut Vec<Note>,
) -> Pattern {
    let radiation = Radiation::of(&spectrum, settings, notes);
    let background = search::background(&spectrum, settings);
    let seen = search::seen(&spectrum, &background, &radiation, settings);
    let lines = lines::fitted(&spectrum, &seen, &radiation, settings, notes);
    if lines.all.is_empty() {
        let message = format!("{}: no peak stands out of the noise", spectrum.name);
        notes.push(Note::new("no-peaks", message, &*spectrum.name));
    }
    let lattice = cell.filter(|_| !lines.all.is_empty()).and_then(|cell| {
        let is_set = settings.word(&CELL).is_some();
        let found = lattice::lattice(&spectrum, &lines.all, &radiation, cell, settings, notes)?;
        lattice::unless_chance(found, &spectrum, &lines.all, &radiation, is_set, notes)
    });
    Pattern { spectrum, radiation, background, lines, lattice }
}

/// What the instrument makes of a peak: as set, or from a standard.
fn instrument(inputs: &Inputs, settings: &Settings, notes: &mut Vec<Note>) -> Instrument {
    if let Some(breadth) = settings.number(&INSTRUMENT_WIDTH) {
        return Instrument::Constant(breadth);
    }
    let Some((_, input)) = inputs.auxiliary.iter().find(|one| one.0 == STANDARD) else {
        return Instrument::Unknown;
    };
    let a = settings.number(&STANDARD_CELL).unwrap_or(4.156826);
    let cell = Cell { system: System::Cubic, centring: 'P', parameters: vec![a] };
    let Some(spectrum) = spectra(input, 0, &ANGLE, notes).into_iter().next() else {
        return Instrument::Unknown;
    };
    let pattern = one(spectrum, Some(&cell), settings, notes);
    let Some(lattice) = &pattern.lattice else { return Instrument::Unknown };
    let points: Vec<(f64, f64, f64)> = lattice
        .indexed
        .iter()
        .filter(|one| one.used)
        .filter_map(|one| pattern.lines.all.get(one.line))
        .map(|line| {
            let x = (0.5 * line.two_theta.value).to_radians().tan();
            // By relative uncertainty: strong peaks are not to make the curve alone.
            let square = line.breadth.value.powi(2);
            let part = (2.0 * line.breadth.u / line.breadth.value).max(0.02);
            (x, square, (part * square).powi(-2))
        })
        .collect();
    if points.len() < 2 {
        notes.push(Note::new(
            "standard-not-used",
            "fewer than two peaks of the standard are reflections of its cell, so the instrument's breadth is not known",
            &*input.name,
        ));
        return Instrument::Unknown;
    }
    Instrument::Standard(points)
}
