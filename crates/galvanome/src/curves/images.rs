//! What is kept of images and volumes: not their voxels, which stay in the file, but what every slice of them holds.

use std::io;

use galvanome_model::image::Image;
use galvanome_model::note::Note;
use galvanome_model::slabs::{VoxelKind, Voxels};

use super::facts::ImageFacts;
use super::read::Columns;

/// What a slice holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slice {
    /// Mean of its values.
    pub mean: f64,
    /// Standard deviation of its values.
    pub deviation: f64,
    /// The least of them.
    pub min: f64,
    /// The greatest.
    pub max: f64,
}

/// Numbers that a slice is written down as.
const SLICE_NUMBERS: usize = 4;

impl Slice {
    pub(super) fn numbers(&self) -> [f64; SLICE_NUMBERS] {
        [self.mean, self.deviation, self.min, self.max]
    }

    /// What values hold; missing ones do not count.
    fn of(values: impl Iterator<Item = f64> + Clone) -> Self {
        let there = values.filter(|value| value.is_finite());
        let (mut count, mut sum) = (0_u64, 0.0);
        let (mut min, mut max) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in there.clone() {
            count += 1;
            sum += value;
            min = min.min(value);
            max = max.max(value);
        }
        let mean = sum / count as f64;
        let squares: f64 = there.map(|value| (value - mean) * (value - mean)).sum();
        Self { mean, deviation: (squares / count as f64).sqrt(), min, max }
    }

    fn of_voxels(voxels: &Voxels) -> Self {
        match voxels {
            Voxels::U8(all) => Self::of(all.iter().map(|&voxel| f64::from(voxel))),
            Voxels::U16(all) => Self::of(all.iter().map(|&voxel| f64::from(voxel))),
            Voxels::F32(all) => Self::of(all.iter().map(|&voxel| f64::from(voxel))),
            Voxels::F64(all) => Self::of(all.iter().copied()),
        }
    }
}

/// The name of a kind of voxel, as programs call it.
fn kind_of(kind: VoxelKind) -> &'static str {
    match kind {
        VoxelKind::U8 => "uint8",
        VoxelKind::U16 => "uint16",
        VoxelKind::F32 => "float32",
        VoxelKind::F64 => "float64",
    }
}

/// Slices from which the contrast is taken, at most.
const TELLING_SLICES: usize = 16;

/// Values of each of these that count for it, at most.
const TELLING_VALUES: usize = 1 << 16;

/// Part of the values that is shown all black, and all white.
const CLIPPED: f64 = 0.005;

/// Every so many-th value of a slice.
fn thinned(voxels: &Voxels, into: &mut Vec<f64>) {
    let every = voxels.len().div_ceil(TELLING_VALUES).max(1);
    match voxels {
        Voxels::U8(all) => into.extend(all.iter().step_by(every).map(|&voxel| f64::from(voxel))),
        Voxels::U16(all) => into.extend(all.iter().step_by(every).map(|&voxel| f64::from(voxel))),
        Voxels::F32(all) => into.extend(all.iter().step_by(every).map(|&voxel| f64::from(voxel))),
        Voxels::F64(all) => into.extend(all.iter().step_by(every).copied()),
    }
}

/// Looks through an image slice by slice: what it is, what each slice holds, and a note where it could not be read to its
/// end.
pub(super) fn look_through(image: &Image) -> (ImageFacts, Vec<Slice>, Option<Note>) {
    let shape = image.slabs.shape();
    let mut facts = ImageFacts {
        name: image.name.clone(),
        label: image.label.clone(),
        unit: image.unit.clone(),
        shape,
        voxel_m: image.slabs.voxel_m(),
        kind: kind_of(image.slabs.kind()).to_owned(),
        ..ImageFacts::default()
    };
    let mut voxels = Voxels::new(image.slabs.kind());
    let (mut slices, mut telling) = (Vec::new(), Vec::new());
    let mut note = None;
    let every = shape[0].div_ceil(TELLING_SLICES).max(1);
    for z in 0..shape[0] {
        if let Err(error) = image.slabs.read(z..z + 1, &mut voxels) {
            let message = format!(
                "slices from {} on could not be read: {error}; those before are shown",
                z + 1
            );
            note =
                Some(Note::new("unreadable-slices", message, format!("image {}", facts.title())));
            break;
        }
        slices.push(Slice::of_voxels(&voxels));
        if z % every == every / 2 {
            thinned(&voxels, &mut telling);
        }
    }
    let low = slices.iter().map(|slice| slice.min).fold(f64::INFINITY, f64::min);
    let high = slices.iter().map(|slice| slice.max).fold(f64::NEG_INFINITY, f64::max);
    facts.span = (low <= high).then_some([low, high]);
    telling.retain(|value| value.is_finite());
    telling.sort_by(f64::total_cmp);
    let at = |share: f64| telling.get((share * telling.len().saturating_sub(1) as f64) as usize);
    facts.contrast = at(CLIPPED)
        .zip(at(1.0 - CLIPPED))
        .map(|(low, high)| [*low, *high])
        .filter(|[low, high]| low < high)
        .or(facts.span);
    facts.slices = slices.len() as u64;
    (facts, slices, note)
}

/// What every slice holds.
pub(super) fn profile(columns: &Columns, facts: &ImageFacts) -> io::Result<Vec<Slice>> {
    let numbers = columns.kept_numbers(facts.place, facts.slices * SLICE_NUMBERS as u64)?;
    let all = numbers.as_chunks::<SLICE_NUMBERS>().0.iter();
    Ok(all.map(|&[mean, deviation, min, max]| Slice { mean, deviation, min, max }).collect())
}
