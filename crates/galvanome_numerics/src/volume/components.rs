//! Connected components, counted slab by slab without an image of labels.

use std::collections::BTreeMap;

use super::runs::{Rows, Table, label_slice};
use super::{Axis, Mask};

/// Which voxels touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Connectivity {
    /// Those that share a face: 6 neighbours.
    Faces,
    /// Those that share a face, an edge or a corner: 26 neighbours.
    Corners,
}

impl Connectivity {
    /// How far beyond its ends a run touches those of the next row.
    pub(super) fn reach(self) -> u32 {
        match self {
            Self::Faces => 0,
            Self::Corners => 1,
        }
    }
}

/// How many components there are of each size.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SizeCounts {
    /// Of sizes below the number of these.
    small: Vec<u64>,
    large: BTreeMap<u64, u64>,
}

impl SizeCounts {
    const SMALL: u64 = 4096;

    fn push(&mut self, size: u64) {
        if size < Self::SMALL {
            let at = size as usize;
            if self.small.len() <= at {
                self.small.resize(at + 1, 0);
            }
            self.small[at] += 1;
        } else {
            *self.large.entry(size).or_default() += 1;
        }
    }

    /// Sizes in voxels, ascending, each with the number of components that have it.
    pub fn iter(&self) -> impl Iterator<Item = (u64, u64)> {
        let small = self.small.iter().enumerate().map(|(size, &many)| (size as u64, many));
        let large = self.large.iter().map(|(&size, &many)| (size, many));
        small.filter(|&(_, many)| many > 0).chain(large)
    }
}

/// Components that reach from one face of the volume to the opposite one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Through {
    /// How many there are.
    pub components: u64,
    /// Their voxels.
    pub voxels: u64,
}

/// What the components of a phase are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Connected {
    /// How many there are.
    pub components: u64,
    /// Voxels of the phase.
    pub voxels: u64,
    /// Voxels of the largest component.
    pub largest: u64,
    /// Those that reach through the volume along z, y, x.
    pub through: [Through; 3],
    /// Voxels of components that touch no face of the volume: closed pores.
    pub closed: u64,
    /// Components by size.
    pub sizes: SizeCounts,
}

impl Connected {
    /// The part of the phase that is connected from face to face along an axis; NaN when the phase is empty.
    pub fn through_fraction(&self, axis: Axis) -> f64 {
        self.through[axis.index()].voxels as f64 / self.voxels as f64
    }

    /// The part of the phase in its largest component; NaN when the phase is empty.
    pub fn largest_fraction(&self) -> f64 {
        self.largest as f64 / self.voxels as f64
    }

    fn push(&mut self, size: u64, faces: u8) {
        self.components += 1;
        self.voxels += size;
        self.largest = self.largest.max(size);
        for (at, through) in self.through.iter_mut().enumerate() {
            if faces >> (2 * at) & 3 == 3 {
                through.components += 1;
                through.voxels += size;
            }
        }
        if faces == 0 {
            self.closed += size;
        }
        self.sizes.push(size);
    }
}

/// First and last place along an axis, as bits of faces.
pub(super) fn faces_of(axis: Axis, at: usize, side: usize) -> u8 {
    (u8::from(at == 0) | u8::from(at + 1 == side) << 1) << (2 * axis.index())
}

/// Size and faces of what a label stands for.
#[derive(Debug, Clone, Copy, Default)]
struct Piece {
    size: u64,
    faces: u8,
}

/// Counts components slab by slab. Only the last slice and the components that touch it are kept, so that memory grows
/// with a slice, not with the volume.
///
/// Source: runs of voxels joined by union-find, after K. Suzuki, I. Horiba, N. Sugie, Comput. Vis. Image Underst. 89 (2003) 1.
#[derive(Debug, Clone)]
pub struct Components {
    shape: [usize; 3],
    connectivity: Connectivity,
    slices: usize,
    last: Rows,
    spare: Rows,
    table: Table,
    pieces: Vec<Piece>,
    found: Connected,
}

impl Components {
    /// For a volume of `shape` (z, y, x). `None` when a row has 2³² voxels or a slice would need more labels.
    pub fn new(shape: [usize; 3], connectivity: Connectivity) -> Option<Self> {
        let slice = shape[1].checked_mul(shape[2])?;
        (slice < u32::MAX as usize / 8).then(|| Self {
            shape,
            connectivity,
            slices: 0,
            last: Rows::default(),
            spare: Rows::default(),
            table: Table::default(),
            pieces: Vec::new(),
            found: Connected::default(),
        })
    }

    /// Takes in the next slices. `None`, and nothing is taken in, when they have another size or are more than there are.
    pub fn add(&mut self, slab: &Mask) -> Option<()> {
        let [depth, rows, row] = self.shape;
        let [slices, ..] = slab.shape();
        if slab.shape()[1..] != self.shape[1..] || slices > depth - self.slices {
            return None;
        }
        for z in 0..slices {
            let words = (0..rows).map(|y| slab.row(z, y));
            label_slice(
                words,
                row,
                self.connectivity,
                &self.last,
                &mut self.spare,
                &mut self.table,
            );
            std::mem::swap(&mut self.last, &mut self.spare);
            self.weigh();
            self.slices += 1;
            // Going through the table costs as much as some slices.
            if self.pieces.len() > 65_536.max(6 * self.last.labels.len()) {
                self.finish_all_but_last();
            }
        }
        Some(())
    }

    /// What the components are. Slices that were not given count as empty.
    pub fn finish(mut self) -> Connected {
        self.last.clear();
        self.finish_all_but_last();
        self.found
    }

    /// Adds the runs of the last slice to what their labels stand for.
    fn weigh(&mut self) {
        self.pieces.resize(self.table.parents.len(), Piece::default());
        let slice = faces_of(Axis::Z, self.slices, self.shape[0]);
        for y in 0..self.shape[1] {
            let row = slice | faces_of(Axis::Y, y, self.shape[1]);
            for run in self.last.of(y) {
                let (start, end) = (self.last.places[2 * run], self.last.places[2 * run + 1]);
                let piece = &mut self.pieces[self.last.labels[run] as usize];
                piece.size += u64::from(end - start);
                piece.faces |= row
                    | faces_of(Axis::X, start as usize, self.shape[2])
                    | faces_of(Axis::X, end as usize - 1, self.shape[2]);
            }
        }
    }

    /// Counts the components that do not touch the last slice, and numbers the others anew.
    fn finish_all_but_last(&mut self) {
        // A label's parent is lower, so that from the highest down every piece has all of its own when it is passed on.
        for label in (0..self.pieces.len()).rev() {
            let root = self.table.parents[label] as usize;
            if root != label {
                let piece = self.pieces[label];
                self.pieces[root].size += piece.size;
                self.pieces[root].faces |= piece.faces;
            }
        }
        let mut alive = vec![u32::MAX; self.pieces.len()];
        let mut pieces = Vec::new();
        for label in &mut self.last.labels {
            let root = self.table.root(*label) as usize;
            if alive[root] == u32::MAX {
                alive[root] = pieces.len() as u32;
                pieces.push(self.pieces[root]);
            }
            *label = alive[root];
        }
        for (label, parent) in self.table.parents.iter().enumerate() {
            if *parent as usize == label && alive[label] == u32::MAX {
                let piece = self.pieces[label];
                self.found.push(piece.size, piece.faces);
            }
        }
        self.table.parents = (0..pieces.len() as u32).collect();
        self.pieces = pieces;
    }
}
