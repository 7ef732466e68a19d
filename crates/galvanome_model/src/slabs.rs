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

/// What the voxels of a volume are held in. Other kinds are widened to the smallest of these that holds every value
/// exactly: signed 8 and 16 bits as `F32`, 32 bits as `F64`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VoxelKind {
    /// Whole numbers from 0 to 255.
    U8,
    /// Whole numbers from 0 to 65,535.
    U16,
    /// Single precision.
    F32,
    /// Double precision.
    F64,
}

/// Voxels of some slices, row-major (z, y, x).
#[derive(Debug, Clone, PartialEq)]
pub enum Voxels {
    /// Whole numbers from 0 to 255.
    U8(Vec<u8>),
    /// Whole numbers from 0 to 65,535.
    U16(Vec<u16>),
    /// Single precision.
    F32(Vec<f32>),
    /// Double precision.
    F64(Vec<f64>),
}

impl Voxels {
    /// None yet, of a kind.
    pub fn new(kind: VoxelKind) -> Self {
        match kind {
            VoxelKind::U8 => Self::U8(Vec::new()),
            VoxelKind::U16 => Self::U16(Vec::new()),
            VoxelKind::F32 => Self::F32(Vec::new()),
            VoxelKind::F64 => Self::F64(Vec::new()),
        }
    }

    /// Their kind.
    pub fn kind(&self) -> VoxelKind {
        match self {
            Self::U8(_) => VoxelKind::U8,
            Self::U16(_) => VoxelKind::U16,
            Self::F32(_) => VoxelKind::F32,
            Self::F64(_) => VoxelKind::F64,
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::U8(voxels) => voxels.len(),
            Self::U16(voxels) => voxels.len(),
            Self::F32(voxels) => voxels.len(),
            Self::F64(voxels) => voxels.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets them and becomes an empty set of a kind; the room stays where the kind is the same.
    pub fn clear_as(&mut self, kind: VoxelKind) {
        match (&mut *self, kind) {
            (Self::U8(voxels), VoxelKind::U8) => voxels.clear(),
            (Self::U16(voxels), VoxelKind::U16) => voxels.clear(),
            (Self::F32(voxels), VoxelKind::F32) => voxels.clear(),
            (Self::F64(voxels), VoxelKind::F64) => voxels.clear(),
            (other, kind) => *other = Self::new(kind),
        }
    }

    /// Every one as a double.
    pub fn to_f64(&self) -> Vec<f64> {
        match self {
            Self::U8(voxels) => voxels.iter().map(|&voxel| f64::from(voxel)).collect(),
            Self::U16(voxels) => voxels.iter().map(|&voxel| f64::from(voxel)).collect(),
            Self::F32(voxels) => voxels.iter().map(|&voxel| f64::from(voxel)).collect(),
            Self::F64(voxels) => voxels.clone(),
        }
    }
}

/// A volume that gives its slices by ranges of z: in memory, or backed by a file. An image is a volume of one slice.
pub trait Slabs: Send + Sync {
    /// Number of voxels along z, y, x.
    fn shape(&self) -> [usize; 3];

    /// Edge lengths of a voxel along z, y, x in metres; each `None` when the file does not say.
    fn voxel_m(&self) -> [Option<f64>; 3];

    /// What its voxels are held in.
    fn kind(&self) -> VoxelKind;

    /// Replaces `into` by the slices of a range, row-major (z, y, x), in the volume's kind.
    /// Errors when the range leaves the volume or the slices cannot be read.
    fn read(&self, z: Range<usize>, into: &mut Voxels) -> Result<(), SlabError>;
}

/// A volume in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Volume {
    shape: [usize; 3],
    voxel_m: [Option<f64>; 3],
    voxels: Voxels,
}

impl Volume {
    /// A volume of `shape` (z, y, x). Errors when the number of values is not the product of the shape.
    pub fn new(
        shape: [usize; 3],
        voxel_m: [Option<f64>; 3],
        voxels: Voxels,
    ) -> Result<Self, SlabError> {
        let room = shape.iter().try_fold(1usize, |product, &side| product.checked_mul(side));
        if room == Some(voxels.len()) {
            Ok(Self { shape, voxel_m, voxels })
        } else {
            Err(SlabError {
                message: format!("a volume of shape {shape:?} cannot hold {} values", voxels.len()),
            })
        }
    }

    /// Its voxels.
    pub fn voxels(&self) -> &Voxels {
        &self.voxels
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

    fn voxel_m(&self) -> [Option<f64>; 3] {
        self.voxel_m
    }

    fn kind(&self) -> VoxelKind {
        self.voxels.kind()
    }

    fn read(&self, z: Range<usize>, into: &mut Voxels) -> Result<(), SlabError> {
        let len = slab_len(self.shape, &z)?;
        let from = z.start * self.shape[1] * self.shape[2];
        into.clear_as(self.kind());
        match (into, &self.voxels) {
            (Voxels::U8(into), Voxels::U8(all)) => into.extend_from_slice(&all[from..from + len]),
            (Voxels::U16(into), Voxels::U16(all)) => into.extend_from_slice(&all[from..from + len]),
            (Voxels::F32(into), Voxels::F32(all)) => into.extend_from_slice(&all[from..from + len]),
            (Voxels::F64(into), Voxels::F64(all)) => into.extend_from_slice(&all[from..from + len]),
            _ => {
                let message = "a volume does not hold the kind of voxel that it says".to_owned();
                return Err(SlabError { message });
            }
        }
        Ok(())
    }
}
