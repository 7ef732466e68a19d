//! Connected components as an image of labels, and those of them that reach through.

use super::components::faces_of;
use super::runs::{Rows, Table, label_slice};
use super::{Axis, Connectivity, Mask};

/// Every voxel's component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    /// 0 outside the phase; components are numbered from 1 by their first voxel, row-major.
    pub labels: Vec<u32>,
    /// How many components there are.
    pub components: u32,
}

/// All runs of a volume with the labels that they got.
struct Labelled {
    slices: Vec<Rows>,
    table: Table,
}

impl Labelled {
    fn of(mask: &Mask, connectivity: Connectivity) -> Option<Self> {
        let [depth, rows, row] = mask.shape();
        // A run has a label at most, and there is a gap between two of them.
        if mask.voxels() / 2 >= u64::from(u32::MAX) - 1 || row >= u32::MAX as usize {
            return None;
        }
        let mut table = Table::default();
        let mut slices: Vec<Rows> = Vec::new();
        let none = Rows::default();
        for z in 0..depth {
            let mut now = Rows::default();
            let before = slices.last().unwrap_or(&none);
            let words = (0..rows).map(|y| mask.row(z, y));
            label_slice(words, row, connectivity, before, &mut now, &mut table);
            slices.push(now);
        }
        Some(Self { slices, table })
    }
}

/// The components of a phase as an image, with the numbers that scikit-image's `label` gives them. `None` when the
/// volume has more voxels than labels have numbers (2³³). Takes 4 bytes a voxel; where counts are enough,
/// [`Components`](super::Components) needs none of it.
pub fn label(mask: &Mask, connectivity: Connectivity) -> Option<Labels> {
    let mut found = Labelled::of(mask, connectivity)?;
    let [depth, rows, row] = mask.shape();
    let mut labels = vec![0; usize::try_from(mask.voxels()).ok()?];
    let mut numbers = vec![0u32; found.table.parents.len()];
    let mut components = 0;
    for z in 0..depth {
        for y in 0..rows {
            let line = (z * rows + y) * row;
            for run in found.slices[z].of(y) {
                let root = found.table.root(found.slices[z].labels[run]) as usize;
                if numbers[root] == 0 {
                    components += 1;
                    numbers[root] = components;
                }
                let places = &found.slices[z].places;
                let (start, end) = (places[2 * run] as usize, places[2 * run + 1] as usize);
                labels[line + start..line + end].fill(numbers[root]);
            }
        }
    }
    Some(Labels { labels, components })
}

/// The voxels of those components that reach from one face of the volume to the opposite one along `axis`. `None` when
/// the volume has more than 2³³ voxels.
pub fn through(mask: &Mask, connectivity: Connectivity, axis: Axis) -> Option<Mask> {
    let mut found = Labelled::of(mask, connectivity)?;
    let [depth, rows, row] = mask.shape();
    let mut faces = vec![0u8; found.table.parents.len()];
    for z in 0..depth {
        for y in 0..rows {
            for run in found.slices[z].of(y) {
                let root = found.table.root(found.slices[z].labels[run]) as usize;
                let places = &found.slices[z].places;
                let (start, end) = (places[2 * run] as usize, places[2 * run + 1] as usize);
                faces[root] |= faces_of(Axis::Z, z, depth)
                    | faces_of(Axis::Y, y, rows)
                    | faces_of(Axis::X, start, row)
                    | faces_of(Axis::X, end - 1, row);
            }
        }
    }
    let both = 3 << (2 * axis.index());
    let mut kept = Mask::empty(mask.shape())?;
    for ((at, line), slice) in
        kept.rows_mut().enumerate().zip((0..depth).flat_map(|z| vec![z; rows]))
    {
        for run in found.slices[slice].of(at - slice * rows) {
            let root = found.table.root(found.slices[slice].labels[run]) as usize;
            if faces[root] & both == both {
                let places = &found.slices[slice].places;
                fill(line, places[2 * run] as usize, places[2 * run + 1] as usize);
            }
        }
    }
    Some(kept)
}

/// Sets the bits from `start` to before `end`.
fn fill(words: &mut [u64], start: usize, end: usize) {
    for (at, word) in words.iter_mut().enumerate().take(end.div_ceil(64)).skip(start / 64) {
        let from = start.saturating_sub(64 * at);
        let to = (end - 64 * at).min(64);
        *word |= (u64::MAX << from) & (u64::MAX >> (64 - to));
    }
}
