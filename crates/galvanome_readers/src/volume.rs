//! Volumes read by positioned reads, so that sixteen gigabytes stream.

use std::ops::Range;
use std::sync::Arc;

use galvanome_model::slabs::{SlabError, Slabs, VoxelKind, Voxels, slab_len};

use crate::source::{Source, read_full};

/// How one voxel is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Voxel {
    /// One unsigned byte.
    U8,
    /// One signed byte.
    I8,
    /// Two bytes, unsigned, the low byte first.
    U16Le,
    /// Two bytes, unsigned, the high byte first.
    U16Be,
    /// Two bytes, signed, the low byte first.
    I16Le,
    /// Two bytes, signed, the high byte first.
    I16Be,
    /// Four bytes, unsigned, the low byte first.
    U32Le,
    /// Four bytes, unsigned, the high byte first.
    U32Be,
    /// Four bytes, signed, the low byte first.
    I32Le,
    /// Four bytes, signed, the high byte first.
    I32Be,
    /// A four-byte float, the low byte first.
    F32Le,
    /// A four-byte float, the high byte first.
    F32Be,
    /// An eight-byte float, the low byte first.
    F64Le,
    /// An eight-byte float, the high byte first.
    F64Be,
}

impl Voxel {
    /// Bytes of one voxel.
    pub const fn bytes(self) -> usize {
        match self {
            Self::U8 | Self::I8 => 1,
            Self::U16Le | Self::U16Be | Self::I16Le | Self::I16Be => 2,
            Self::U32Le | Self::U32Be | Self::I32Le | Self::I32Be | Self::F32Le | Self::F32Be => 4,
            Self::F64Le | Self::F64Be => 8,
        }
    }

    /// What it is held in: the smallest kind that holds every value exactly.
    pub const fn kind(self) -> VoxelKind {
        match self {
            Self::U8 => VoxelKind::U8,
            Self::U16Le | Self::U16Be => VoxelKind::U16,
            Self::I8 | Self::I16Le | Self::I16Be | Self::F32Le | Self::F32Be => VoxelKind::F32,
            Self::U32Le | Self::U32Be | Self::I32Le | Self::I32Be | Self::F64Le | Self::F64Be => {
                VoxelKind::F64
            }
        }
    }

    /// Adds the voxels that bytes hold to some of its own kind. A rest too short for one is left.
    pub fn decode(self, bytes: &[u8], into: &mut Voxels) {
        match into {
            Voxels::U8(into) => into.extend_from_slice(bytes),
            Voxels::U16(into) => match self {
                Self::U16Be => each(bytes, into, u16::from_be_bytes),
                _ => each(bytes, into, u16::from_le_bytes),
            },
            Voxels::F32(into) => match self {
                Self::I8 => each(bytes, into, |one| f32::from(i8::from_le_bytes(one))),
                Self::I16Be => each(bytes, into, |two| f32::from(i16::from_be_bytes(two))),
                Self::I16Le => each(bytes, into, |two| f32::from(i16::from_le_bytes(two))),
                Self::F32Be => each(bytes, into, f32::from_be_bytes),
                _ => each(bytes, into, f32::from_le_bytes),
            },
            Voxels::F64(into) => match self {
                Self::U32Le => each(bytes, into, |four| f64::from(u32::from_le_bytes(four))),
                Self::U32Be => each(bytes, into, |four| f64::from(u32::from_be_bytes(four))),
                Self::I32Le => each(bytes, into, |four| f64::from(i32::from_le_bytes(four))),
                Self::I32Be => each(bytes, into, |four| f64::from(i32::from_be_bytes(four))),
                Self::F64Be => each(bytes, into, f64::from_be_bytes),
                _ => each(bytes, into, f64::from_le_bytes),
            },
        }
    }
}

fn each<const N: usize, T>(bytes: &[u8], into: &mut Vec<T>, value: fn([u8; N]) -> T) {
    into.extend(bytes.as_chunks().0.iter().map(|&bytes| value(bytes)));
}

/// Where a volume lies in its source, row-major (z, y, x) without gaps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Layout {
    /// Number of voxels along z, y, x.
    pub shape: [usize; 3],
    /// Edge lengths of a voxel along z, y, x in metres, each if known.
    pub voxel_m: [Option<f64>; 3],
    /// Byte at which the first voxel begins.
    pub offset: u64,
    /// How a voxel is stored.
    pub voxel: Voxel,
}

/// A volume that stays where it is and is read slice by slice.
#[derive(Clone)]
pub struct SourceSlabs {
    source: Arc<dyn Source>,
    layout: Layout,
}

/// Bytes decoded at once.
const CHUNK: usize = 1 << 20;

impl SourceSlabs {
    /// A volume in a source. Errors when the source is too short for the layout.
    pub fn new(source: Arc<dyn Source>, layout: Layout) -> Result<Self, SlabError> {
        let [z, y, x] = layout.shape.map(|side| side as u64);
        let end = z
            .checked_mul(y)
            .and_then(|voxels| voxels.checked_mul(x))
            .and_then(|voxels| voxels.checked_mul(layout.voxel.bytes() as u64))
            .and_then(|bytes| bytes.checked_add(layout.offset));
        match end {
            Some(end) if end <= source.len() => Ok(Self { source, layout }),
            _ => Err(SlabError {
                message: format!(
                    "a volume of shape {:?} does not fit into {} bytes; check its shape, kind of voxel and offset, or fetch the file again",
                    layout.shape,
                    source.len()
                ),
            }),
        }
    }
}

impl std::fmt::Debug for SourceSlabs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SourceSlabs").field("layout", &self.layout).finish_non_exhaustive()
    }
}

impl Slabs for SourceSlabs {
    fn shape(&self) -> [usize; 3] {
        self.layout.shape
    }

    fn voxel_m(&self) -> [Option<f64>; 3] {
        self.layout.voxel_m
    }

    fn kind(&self) -> VoxelKind {
        self.layout.voxel.kind()
    }

    fn read(&self, z: Range<usize>, into: &mut Voxels) -> Result<(), SlabError> {
        let Layout { shape, offset, voxel, .. } = self.layout;
        let voxels = slab_len(shape, &z)?;
        into.clear_as(voxel.kind());
        // The constructor has checked that every product below fits: they stay within the source's length.
        let mut left = voxels * voxel.bytes();
        let mut at = offset + (z.start * shape[1] * shape[2] * voxel.bytes()) as u64;
        let mut bytes = vec![0; left.min(CHUNK)];
        while left > 0 {
            let wanted = left.min(CHUNK);
            bytes.truncate(wanted);
            let read = read_full(self.source.as_ref(), at, &mut bytes).map_err(|error| {
                SlabError { message: format!("slices {z:?} at byte {at}: {error}") }
            })?;
            if read < wanted {
                let message =
                    format!("the file ends at byte {}, within slices {z:?}", at + read as u64);
                return Err(SlabError { message });
            }
            voxel.decode(&bytes, into);
            left -= wanted;
            at += wanted as u64;
        }
        Ok(())
    }
}
