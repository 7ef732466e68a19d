//! Volumes read by positioned reads, so that sixteen gigabytes stream.

use std::ops::Range;
use std::sync::Arc;

use galvanome_model::slabs::{SlabError, Slabs, slab_len};

use crate::source::{Source, read_full};

/// How one voxel is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Voxel {
    /// One unsigned byte.
    U8,
    /// Two bytes, unsigned, the low byte first.
    U16Le,
    /// Two bytes, unsigned, the high byte first.
    U16Be,
    /// Two bytes, signed, the low byte first.
    I16Le,
    /// Two bytes, signed, the high byte first.
    I16Be,
    /// A four-byte float, the low byte first.
    F32Le,
    /// A four-byte float, the high byte first.
    F32Be,
}

impl Voxel {
    /// Bytes of one voxel.
    pub const fn bytes(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::U16Le | Self::U16Be | Self::I16Le | Self::I16Be => 2,
            Self::F32Le | Self::F32Be => 4,
        }
    }

    fn decode(self, bytes: &[u8], into: &mut Vec<f32>) {
        match self {
            Self::U8 => into.extend(bytes.iter().map(|&byte| f32::from(byte))),
            Self::U16Le => two(bytes, into, |pair| f32::from(u16::from_le_bytes(pair))),
            Self::U16Be => two(bytes, into, |pair| f32::from(u16::from_be_bytes(pair))),
            Self::I16Le => two(bytes, into, |pair| f32::from(i16::from_le_bytes(pair))),
            Self::I16Be => two(bytes, into, |pair| f32::from(i16::from_be_bytes(pair))),
            Self::F32Le => four(bytes, into, f32::from_le_bytes),
            Self::F32Be => four(bytes, into, f32::from_be_bytes),
        }
    }
}

fn two(bytes: &[u8], into: &mut Vec<f32>, value: fn([u8; 2]) -> f32) {
    into.extend(bytes.as_chunks().0.iter().map(|&pair| value(pair)));
}

fn four(bytes: &[u8], into: &mut Vec<f32>, value: fn([u8; 4]) -> f32) {
    into.extend(bytes.as_chunks().0.iter().map(|&quad| value(quad)));
}

/// Where a volume lies in its source, row-major (z, y, x) without gaps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Layout {
    /// Number of voxels along z, y, x.
    pub shape: [usize; 3],
    /// Edge lengths of a voxel along z, y, x in metres, if known.
    pub voxel_m: Option<[f64; 3]>,
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

    fn voxel_m(&self) -> Option<[f64; 3]> {
        self.layout.voxel_m
    }

    fn read(&self, z: Range<usize>, into: &mut Vec<f32>) -> Result<(), SlabError> {
        let Layout { shape, offset, voxel, .. } = self.layout;
        let voxels = slab_len(shape, &z)?;
        into.clear();
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
