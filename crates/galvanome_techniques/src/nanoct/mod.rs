//! X-ray nano-tomography: how much of an electrode is pores, how they are connected, and how large they are.
//!
//! # What it measures
//! Of a reconstructed volume of one specimen:
//!
//! - `nanoct.porosity`: the share of its voxels that are pores.
//! - `nanoct.connected-porosity`: the share of the pores that reach from face to face through the electrode.
//! - `nanoct.tortuosity`: the tortuosity factor of the pores through the electrode.
//! - `nanoct.specific-surface`: the surface of the pores by the whole volume.
//! - `nanoct.pore-size`, `nanoct.particle-size`: median diameters.
//! - `nanoct.correlation-length`: how far the structure remembers itself.
//!
//! `nanoct.crack-fraction` is not found here: cracks need a segmentation of their own, whose number may be entered.
//!
//! # How the numbers are made
//! ## Phases
//! 1. The largest volume of the files, or `volume`. Its voxels are as large as the file says, or `voxel`. Grey values are
//!    counted in one pass (of real numbers in 1024 bins).
//! 2. Pores are voxels up to Otsu's threshold (`segmentation`, `threshold`, `pores`). Of several thresholds
//!    (`segmentation=multi-otsu`, `classes`) the `pore-classes` darkest are pores. A volume of whole numbers with at most eight
//!    values is taken as segmented, its lowest value as pores (`pore-label`).
//! 3. Binder and pores are often one grey class: then the porosity is their sum, and compares only with such.
//!
//! ## The whole volume
//! One pass more, with memory for a slab of slices: the share of pores, their profile along `direction`, their components
//! by common faces, their surface by how often lines in 13 directions cross it (Cauchy and Crofton; the edges of the volume
//! are no surface), and the share in cubes of several sizes.
//!
//! The uncertainty of the porosity says by how much another piece as large would differ: the deviation of the largest cubes of
//! which there are eight, times the root of their volume by that of all, widened for being few. The detail names what becomes of the porosity when
//! the threshold moves by a tenth of the distance between the means of the phases: that systematic is not in the
//! uncertainty and is often the larger.
//!
//! ## Blocks
//! What needs a volume as a whole is found in at most `blocks` (8) blocks of `block` (128) voxels a side that lie evenly and
//! do not overlap; the table `blocks` has each. Values are means over blocks, uncertainties their standard errors; of one block
//! there is none.
//!
//! 1. Tortuosity: Laplace's equation on the pores that reach through a block, with fixed values half a voxel beyond its first
//!    and last layer. The factor is the mean porosity by the mean relative diffusivity, to which a block that
//!    no pore crosses gives 0.
//! 2. Sizes: the diameter of the largest ball within a phase that covers a place, of radii from 1 to 33 voxels; the median over
//!    the phase's volume.
//! 3. The two-point correlation along the three directions of the grid. The correlation length is where it has fallen to
//!    1/e of the way from the porosity to its square.
//!
//! # When it is unsure
//! A volume says of an electrode what a few particles say of it: the uncertainty holds pieces of this volume, not other places of
//! the electrode. Volumes segmented in different ways compare by chance only: segmentation may change a tortuosity twofold.
//!
//! Pores near the size of a voxel are lost or merged, which raises the tortuosity and lowers the surface; ring artefacts and the
//! edges of phase contrast move thresholds. Channels a few voxels wide are too tortuous by the method.
//!
//! # References
//! N. Otsu, IEEE Trans. Syst. Man Cybern. 9 (1979) 62; P.-S. Liao, T.-S. Chen, P.-C. Chung, J. Inf. Sci. Eng. 17 (2001) 713
//! (thresholds). T. Kanit et al., Int. J. Solids Struct. 40 (2003) 3647 (representative volumes). J. Ohser, F. Mücklich, Statistical
//! Analysis of Microstructures in Materials Science (2000) (surface). S. J. Cooper et al., SoftwareX 5 (2016) 203 (tortuosity).
//! T. Hildebrand, P. Rüegsegger, J. Microsc. 185 (1997) 67 (local thickness). S. Torquato, Random Heterogeneous Materials (2002)
//! (correlations). P. Pietsch et al., Sustainable Energy Fuels 2 (2018) 598 (what segmentation does).

mod blocks;
mod pass;
mod phases;
mod plots;
mod settings;
mod tables;
mod words;

use galvanome_model::note::Note;
use galvanome_numerics::volume::Axis;

use self::blocks::Block;
use self::pass::Passed;
use self::phases::Phases;
use self::settings::{BLOCK, BLOCKS, DIRECTION, VOLUME, VOXEL};
use self::words::number;
use crate::analysis::found::found;
use crate::analysis::volume::{Chosen, choose};
use crate::analysis::{Analysis, Found, Inputs, Settings, Technique};

/// The entry of the list of techniques.
pub(crate) const TECHNIQUE: Technique = Technique {
    id: "nanoct",
    version: 1,
    settings: settings::SETTINGS,
    roles: &[],
    descriptors: &[
        POROSITY,
        CONNECTED_POROSITY,
        TORTUOSITY,
        SPECIFIC_SURFACE,
        PORE_SIZE,
        PARTICLE_SIZE,
        CORRELATION_LENGTH,
    ],
    select_by: &[],
    pattern: None,
    analyze,
};

const POROSITY: &str = "nanoct.porosity";
const CONNECTED_POROSITY: &str = "nanoct.connected-porosity";
const TORTUOSITY: &str = "nanoct.tortuosity";
const SPECIFIC_SURFACE: &str = "nanoct.specific-surface";
const PORE_SIZE: &str = "nanoct.pore-size";
const PARTICLE_SIZE: &str = "nanoct.particle-size";
const CORRELATION_LENGTH: &str = "nanoct.correlation-length";

/// The edge of a block where none is set, in voxels.
const EDGE: usize = 128;

/// How many blocks there are at most where it is not set.
const MOST_BLOCKS: usize = 8;

fn analyze(inputs: &Inputs, settings: &Settings) -> Analysis {
    let mut analysis = Analysis::default();
    let notes = &mut analysis.notes;
    let Some(volume) = choose(inputs, settings.whole(&VOLUME), settings.number(&VOXEL), notes)
    else {
        return analysis;
    };
    let Some(phases) = Phases::find(&volume, settings, notes) else { return analysis };
    let direction = match settings.word(&DIRECTION) {
        Some("y") => Axis::Y,
        Some("x") => Axis::X,
        _ => Axis::Z,
    };
    let Some(passed) = pass::through(&volume, &phases, direction, notes) else { return analysis };
    let edge = settings.whole(&BLOCK).map_or(EDGE, |edge| edge as usize);
    let most = settings.whole(&BLOCKS).map_or(MOST_BLOCKS, |most| most as usize);
    let is_whole = passed.shape == volume.shape;
    let blocks = if is_whole {
        blocks::look(&volume, &phases, direction, edge, most, notes)
    } else {
        Vec::new()
    };
    let mut quantities: Vec<Found> = Vec::new();
    quantities.extend(porosity(&volume, &phases, &passed));
    quantities.extend(connected(&volume, &passed, direction));
    quantities.extend(tortuosity(&blocks, direction, notes));
    if volume.spacing_um.is_some() {
        quantities.extend(surface(&passed));
        quantities.extend(sizes(&blocks, notes));
        quantities.extend(correlation(&blocks, &volume));
    }
    let unit = if volume.spacing_um.is_some() { "um" } else { "voxel" };
    let step_um = volume.spacing_um.map(|spacing| spacing[direction.index()]);
    let profile = tables::profile(&passed, step_um);
    let histogram = tables::histogram(&phases);
    let representativity = tables::representativity(&passed);
    let (size_table, pairs) = (tables::sizes(&blocks, unit), tables::correlation(&blocks));
    analysis.plots.extend(plots::profile(&profile));
    analysis.plots.extend(plots::histogram(&phases, &histogram));
    analysis.plots.extend(plots::representativity(&representativity));
    analysis.plots.extend(plots::sizes(&size_table));
    analysis.plots.extend(plots::correlation(&pairs));
    analysis.quantities = quantities;
    analysis.tables = vec![
        profile,
        histogram,
        representativity,
        tables::blocks(&blocks, unit),
        size_table,
        pairs,
    ];
    analysis
}

/// Voxels as points of a quantity.
fn voxels(shape: [usize; 3]) -> usize {
    shape.iter().fold(1, |product: usize, side| product.saturating_mul(*side))
}

fn porosity(volume: &Chosen<'_>, phases: &Phases, passed: &Passed) -> Option<Found> {
    let spread = passed.spread();
    let cubes = spread.map_or_else(
        || "too small to be cut into cubes, so that it has no uncertainty".to_owned(),
        |(_, tiled)| format!("u from {} cubes of {} voxels", tiled.tiles, tiled.edge),
    );
    let moved = phases.moved.map_or_else(String::new, |[down, up]| {
        format!(
            "; a threshold a tenth of the contrast lower or higher gives {} or {} (not in u)",
            number(down),
            number(up)
        )
    });
    let detail = format!("{}: {}; {cubes}{moved}", volume.name, phases.words);
    let u = spread.map(|(u, _)| u);
    found(POROSITY, passed.porosity(), u, voxels(passed.shape), detail)
}

fn word(direction: Axis) -> &'static str {
    match direction {
        Axis::Z => "z",
        Axis::Y => "y",
        Axis::X => "x",
    }
}

fn connected(volume: &Chosen<'_>, passed: &Passed, direction: Axis) -> Option<Found> {
    let connected = passed.connected.as_ref()?;
    let closed = connected.closed as f64 / connected.voxels as f64;
    let detail = format!(
        "{}: along {}, voxels that share faces; {} components, {} of the pores touch no face of the volume",
        volume.name,
        word(direction),
        connected.components,
        number(closed)
    );
    let value = connected.through_fraction(direction);
    found(CONNECTED_POROSITY, value, None, voxels(passed.shape), detail)
}

/// Mean and standard error of what blocks say; the error is none of one block.
fn mean(values: &[f64]) -> Option<(f64, Option<f64>)> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let error = (values.len() > 1).then(|| (squares / (n - 1.0) / n).sqrt());
    (!values.is_empty()).then_some((mean, error))
}

/// The blocks in words.
fn blocks_said(blocks: &[Block]) -> String {
    match blocks {
        [] => String::new(),
        [one] => {
            let [z, y, x] = one.shape;
            format!("one block of {z} × {y} × {x} voxels (z, y, x)")
        }
        [first, ..] => {
            let [z, y, x] = first.shape;
            format!("{} blocks of {z} × {y} × {x} voxels (z, y, x)", blocks.len())
        }
    }
}

fn tortuosity(blocks: &[Block], direction: Axis, notes: &mut Vec<Note>) -> Option<Found> {
    let closed = blocks.iter().filter(|block| block.factor.is_none()).count();
    if closed > 0 {
        let message = format!(
            "no pore reaches through {closed} of {} blocks along {}; they count as blocks through which nothing flows",
            blocks.len(),
            word(direction)
        );
        notes.push(Note::new("not-connected", message, ""));
    }
    if blocks.iter().any(|block| !block.is_settled) {
        let message = "the equations of a block were not solved as far as they should be; its tortuosity is near, not at, the solution";
        notes.push(Note::new("not-settled", message, ""));
    }
    let porosities: Vec<f64> = blocks.iter().map(|block| block.porosity).collect();
    let flows: Vec<f64> = blocks.iter().map(|block| block.diffusivity).collect();
    let factor = |left_out: Option<usize>| {
        let sum = |values: &[f64]| -> f64 {
            values.iter().enumerate().filter(|(at, _)| Some(*at) != left_out).map(|(_, v)| v).sum()
        };
        sum(&porosities) / sum(&flows)
    };
    if flows.iter().all(|flow| *flow <= 0.0) {
        return None;
    }
    // The jackknife: what becomes of the ratio of means when each block is left out in turn.
    let n = blocks.len();
    let without: Vec<f64> = (0..n).map(|at| factor(Some(at))).collect();
    let centre = without.iter().sum::<f64>() / n as f64;
    let squares: f64 = without.iter().map(|one| (one - centre).powi(2)).sum();
    let u = (n > 1).then(|| ((n - 1) as f64 / n as f64 * squares).sqrt());
    let detail = format!("along {}, {}", word(direction), blocks_said(blocks));
    found(TORTUOSITY, factor(None), u, n, detail)
}

fn surface(passed: &Passed) -> Option<Found> {
    let form = passed.form?;
    let detail = "lines in 13 directions; of balls of 6 voxels radius 1 % right, of planes along the grid 7 % too small, of bodies with sharp edges more";
    found(SPECIFIC_SURFACE, form.specific_surface, None, voxels(passed.shape), detail.to_owned())
}

fn sizes(blocks: &[Block], notes: &mut Vec<Note>) -> Vec<Found> {
    let mut all = Vec::new();
    for (phase, descriptor, name) in [(0, PORE_SIZE, "pores"), (1, PARTICLE_SIZE, "particles")] {
        let values: Vec<f64> = blocks.iter().filter_map(|block| block.diameters[phase]).collect();
        if values.len() < blocks.len() {
            let message = format!(
                "in {} of {} blocks the median size of {name} is below 2 or above 66 voxels, and is left out",
                blocks.len() - values.len(),
                blocks.len()
            );
            notes.push(Note::new("size-beyond", message, ""));
        }
        let detail =
            format!("median diameter of the largest balls within, {}", blocks_said(blocks));
        all.extend(
            mean(&values).and_then(|(value, u)| found(descriptor, value, u, values.len(), detail)),
        );
    }
    all
}

fn correlation(blocks: &[Block], volume: &Chosen<'_>) -> Option<Found> {
    let edge = volume.spacing_um?.into_iter().sum::<f64>() / 3.0;
    let values: Vec<f64> =
        blocks.iter().filter_map(|block| block.correlation).map(|steps| steps * edge).collect();
    let (value, u) = mean(&values)?;
    let detail = format!("where S₂ has fallen to 1/e, {}", blocks_said(blocks));
    found(CORRELATION_LENGTH, value, u, values.len(), detail)
}
