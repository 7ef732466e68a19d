//! Which voxels are pores.

use galvanome_model::note::Note;
use galvanome_model::slabs::{VoxelKind, Voxels};
use galvanome_numerics::volume::{Extent, Histogram, Mask, multi_otsu, otsu};

use super::settings::{CLASSES, PORE_CLASSES, PORE_LABEL, PORES, SEGMENTATION, THRESHOLD};
use crate::analysis::Settings;
use crate::analysis::volume::{Chosen, each_slab, threads};

/// Bins of a histogram of real numbers.
const BINS: usize = 1024;

/// A volume of whole numbers with no more values than this is taken as segmented.
const MOST_LABELS: usize = 8;

/// How pores are told from the rest.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Rule {
    /// Voxels up to a value, or above it.
    Threshold { at: f64, dark: bool },
    /// Voxels of a value.
    Label(f64),
}

/// Pores and the rest.
#[derive(Debug, Clone)]
pub(super) struct Phases {
    rule: Rule,
    /// How they were told apart, in words.
    pub(super) words: String,
    /// All grey values.
    pub(super) histogram: Histogram,
    /// Every threshold that was found, ascending.
    pub(super) thresholds: Vec<f64>,
    /// What the porosity becomes when the threshold moves by a tenth of the distance between the means of the two phases,
    /// down and up; none for a volume that is segmented already.
    pub(super) moved: Option<[f64; 2]>,
}

/// Counts all grey values in one pass (two of real numbers).
fn count(volume: &Chosen<'_>, notes: &mut Vec<Note>) -> Option<Histogram> {
    let threads = threads();
    match volume.image.slabs.kind() {
        VoxelKind::U8 => {
            let mut histogram = Histogram::of_bytes();
            each_slab(volume, notes, |_, voxels| {
                if let Voxels::U8(values) = voxels {
                    histogram.add_u8(values, threads);
                }
            });
            Some(histogram)
        }
        VoxelKind::U16 => {
            let mut histogram = Histogram::of_words();
            each_slab(volume, notes, |_, voxels| {
                if let Voxels::U16(values) = voxels {
                    histogram.add_u16(values, threads);
                }
            });
            Some(histogram)
        }
        VoxelKind::F32 | VoxelKind::F64 => {
            let mut extent = Extent::default();
            each_slab(volume, notes, |_, voxels| match voxels {
                Voxels::F32(values) => extent.add(values),
                Voxels::F64(values) => extent.add(values),
                Voxels::U8(_) | Voxels::U16(_) => {}
            });
            let (low, high) = extent.range?;
            let high = if high > low { high } else { low + 1.0 };
            let mut histogram = Histogram::of_range(low, high, BINS)?;
            // What cannot be read has been said.
            each_slab(volume, &mut Vec::new(), |_, voxels| match voxels {
                Voxels::F32(values) => histogram.add(values),
                Voxels::F64(values) => histogram.add(values),
                Voxels::U8(_) | Voxels::U16(_) => {}
            });
            Some(histogram)
        }
    }
}

impl Phases {
    /// Finds them. None, with a note, when the volume has one grey value only or none.
    pub(super) fn find(
        volume: &Chosen<'_>,
        settings: &Settings,
        notes: &mut Vec<Note>,
    ) -> Option<Self> {
        let histogram = count(volume, notes).filter(|histogram| histogram.total() > 0);
        let Some(histogram) = histogram else {
            let message = "no voxel holds a number, so there are no phases";
            notes.push(Note::new("no-values", message, volume.name.as_str()));
            return None;
        };
        if histogram.left_out() > 0 {
            let message = format!(
                "{} voxels hold no finite number; they count as no pores",
                histogram.left_out()
            );
            notes.push(Note::new("missing-values", message, volume.name.as_str()));
        }
        let values: Vec<f64> = histogram
            .counts()
            .iter()
            .enumerate()
            .filter(|(_, count)| **count > 0)
            .map(|(bin, _)| histogram.middle(bin))
            .collect();
        if values.len() < 2 {
            let message = "every voxel has the same value, so there is one phase only";
            notes.push(Note::new("one-phase", message, volume.name.as_str()));
            return None;
        }
        let is_whole = matches!(volume.image.slabs.kind(), VoxelKind::U8 | VoxelKind::U16);
        let word = settings
            .word(&SEGMENTATION)
            .unwrap_or(if is_whole && values.len() <= MOST_LABELS { "labels" } else { "otsu" });
        let found = match (settings.number(&THRESHOLD), word) {
            (Some(threshold), _) => Self::by_threshold(
                histogram,
                vec![threshold],
                0,
                "the threshold that was set",
                settings,
            ),
            (None, "labels") => Self::by_label(histogram, &values, settings),
            (None, "multi-otsu") => {
                let classes = settings.whole(&CLASSES).map_or(3, |classes| classes as usize);
                let pores = settings.whole(&PORE_CLASSES).map_or(1, |pores| pores as usize);
                let thresholds = multi_otsu(&histogram, classes);
                let pores = pores.min(classes - 1);
                let dark = settings.word(&PORES) != Some("bright");
                let place = if dark { pores - 1 } else { classes - 1 - pores };
                thresholds.and_then(|all| {
                    let words =
                        format!("Otsu's thresholds of {classes} classes, {pores} of them pores");
                    Self::by_threshold(histogram, all, place, &words, settings)
                })
            }
            (None, _) => otsu(&histogram).and_then(|at| {
                Self::by_threshold(histogram, vec![at], 0, "Otsu's threshold", settings)
            }),
        };
        if found.is_none() {
            let message = "the grey values fall into fewer classes than were asked for";
            notes.push(Note::new("too-few-classes", message, volume.name.as_str()));
        }
        found
    }

    fn by_threshold(
        histogram: Histogram,
        thresholds: Vec<f64>,
        place: usize,
        words: &str,
        settings: &Settings,
    ) -> Option<Self> {
        let at = *thresholds.get(place)?;
        let dark = settings.word(&PORES) != Some("bright");
        let (below, above) = class_means(&histogram, at);
        let step = 0.1 * (above - below);
        let porosity = |at: f64| {
            let above = histogram.fraction_above(at);
            if dark { 1.0 - above } else { above }
        };
        let moved = step.is_finite().then(|| [porosity(at - step), porosity(at + step)]);
        let words = format!(
            "{words}, {}: pores are {} it",
            crate::nanoct::words::number(at),
            if dark { "up to" } else { "above" }
        );
        Some(Self { rule: Rule::Threshold { at, dark }, words, histogram, thresholds, moved })
    }

    fn by_label(histogram: Histogram, values: &[f64], settings: &Settings) -> Option<Self> {
        let lowest = *values.first()?;
        let label = settings.number(&PORE_LABEL).unwrap_or(lowest);
        let words = format!("segmented already, with {} values; pores are {label}", values.len());
        Some(Self {
            rule: Rule::Label(label),
            words,
            histogram,
            thresholds: Vec::new(),
            moved: None,
        })
    }

    /// The pores of some slices. None when the number of voxels is not that of the shape.
    pub(super) fn mask(&self, voxels: &Voxels, shape: [usize; 3]) -> Option<Mask> {
        match voxels {
            Voxels::U8(values) => self.of(values, shape),
            Voxels::U16(values) => self.of(values, shape),
            Voxels::F32(values) => self.of(values, shape),
            Voxels::F64(values) => self.of(values, shape),
        }
    }

    fn of<T: Copy + Sync + Into<f64>>(&self, values: &[T], shape: [usize; 3]) -> Option<Mask> {
        let threads = threads();
        match self.rule {
            Rule::Threshold { at, dark: true } => {
                Mask::of(values, shape, threads, |value: T| value.into() <= at)
            }
            Rule::Threshold { at, dark: false } => {
                Mask::of(values, shape, threads, |value: T| value.into() > at)
            }
            Rule::Label(label) => {
                Mask::of(values, shape, threads, |value: T| value.into() == label)
            }
        }
    }
}

/// The mean grey value of the voxels up to a threshold and of those above it; NaN where there are none.
fn class_means(histogram: &Histogram, at: f64) -> (f64, f64) {
    let mut sums = [(0.0, 0.0); 2];
    for (bin, count) in histogram.counts().iter().enumerate().filter(|(_, count)| **count > 0) {
        let value = histogram.middle(bin);
        let (sum, total) = &mut sums[usize::from(value > at)];
        *sum += value * *count as f64;
        *total += *count as f64;
    }
    (sums[0].0 / sums[0].1, sums[1].0 / sums[1].1)
}
