//! Volumes read by ranges of slices, so that sixteen gigabytes stream.

use std::ops::Range;

/// Why slices could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlabError {
    /// What happened, where, and what to do.
    pub message: String,
}

impl std::fmt::Display for SlabError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SlabError {}

/// A volume that gives its slices by ranges of z: in memory, or backed by a file.
pub trait Slabs {
    /// Number of voxels along z, y, x.
    fn shape(&self) -> [usize; 3];

    /// Edge lengths of a voxel along z, y, x in metres; `None` when the file does not say.
    fn voxel_m(&self) -> Option<[f64; 3]>;

    /// Replaces `into` by the slices of a range, row-major (z, y, x).
    /// Errors when the range leaves the volume or the slices cannot be read.
    fn read(&self, z: Range<usize>, into: &mut Vec<f32>) -> Result<(), SlabError>;
}

/// A volume in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Volume {
    shape: [usize; 3],
    voxel_m: Option<[f64; 3]>,
    values: Vec<f32>,
}

impl Volume {
    /// A volume of `shape` (z, y, x). Errors when the number of values is not the product of the shape.
    pub fn new(
        shape: [usize; 3],
        voxel_m: Option<[f64; 3]>,
        values: Vec<f32>,
    ) -> Result<Self, SlabError> {
        let voxels = shape.iter().try_fold(1usize, |product, &side| product.checked_mul(side));
        if voxels == Some(values.len()) {
            Ok(Self { shape, voxel_m, values })
        } else {
            Err(SlabError {
                message: format!("a volume of shape {shape:?} cannot hold {} values", values.len()),
            })
        }
    }
}

/// Checks a range of slices against a shape, and gives how many values it holds.
/// Errors when the range leaves the volume.
pub fn slab_len(shape: [usize; 3], z: &Range<usize>) -> Result<usize, SlabError> {
    if z.start > z.end || z.end > shape[0] {
        return Err(SlabError {
            message: format!(
                "slices {} to {} were asked of a volume with {}",
                z.start, z.end, shape[0]
            ),
        });
    }
    Ok((z.end - z.start) * shape[1] * shape[2])
}

impl Slabs for Volume {
    fn shape(&self) -> [usize; 3] {
        self.shape
    }

    fn voxel_m(&self) -> Option<[f64; 3]> {
        self.voxel_m
    }

    fn read(&self, z: Range<usize>, into: &mut Vec<f32>) -> Result<(), SlabError> {
        let len = slab_len(self.shape, &z)?;
        let from = z.start * self.shape[1] * self.shape[2];
        into.clear();
        into.extend_from_slice(&self.values[from..from + len]);
        Ok(())
    }
}
