//! Datasets as images, of which slices are read when somebody asks for them.

use std::ops::Range;
use std::sync::Arc;

use galvanome_model::slabs::{SlabError, Slabs, VoxelKind, Voxels, slab_len};

use super::dataset::Dataset;
use super::gather::{self, Part};

/// A dataset of numbers as a volume: its last two axes of more than one value are y and x, all before them z.
pub(super) struct DatasetSlabs {
    pub(super) dataset: Arc<Dataset>,
    pub(super) part: Part,
    pub(super) path: String,
    pub(super) shape: [usize; 3],
    pub(super) voxel_m: [Option<f64>; 3],
}

impl Slabs for DatasetSlabs {
    fn shape(&self) -> [usize; 3] {
        self.shape
    }

    fn voxel_m(&self) -> [Option<f64>; 3] {
        self.voxel_m
    }

    fn kind(&self) -> VoxelKind {
        self.part.number.kind()
    }

    fn read(&self, z: Range<usize>, into: &mut Voxels) -> Result<(), SlabError> {
        slab_len(self.shape, &z)?;
        let slice = (self.shape[1] * self.shape[2]) as u64;
        let range = z.start as u64 * slice..z.end as u64 * slice;
        let room = std::mem::replace(into, Voxels::new(self.kind()));
        match gather::exactly(&self.dataset, self.part, range, room) {
            Ok(voxels) => {
                *into = voxels;
                Ok(())
            }
            Err(trouble) => {
                Err(SlabError { message: format!("slices {z:?} of {}: {trouble}", self.path) })
            }
        }
    }
}

/// The shape of a dataset as a volume, if it has two axes of more than one value.
pub(super) fn shape_of(dims: &[u64]) -> Option<[usize; 3]> {
    let sides: Option<Vec<usize>> =
        dims.iter().filter(|&&dim| dim != 1).map(|&dim| usize::try_from(dim).ok()).collect();
    let sides = sides?;
    let (x, rest) = sides.split_last()?;
    let (y, rest) = rest.split_last()?;
    let z = rest.iter().try_fold(1_usize, |z, &side| z.checked_mul(side))?;
    Some([z, *y, *x])
}
