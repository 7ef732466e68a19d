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
    /// Eight bytes, unsigned, the low byte first.
    U64Le,
    /// Eight bytes, unsigned, the high byte first.
    U64Be,
    /// Eight bytes, signed, the low byte first.
    I64Le,
    /// Eight bytes, signed, the high byte first.
    I64Be,
    /// A two-byte float (IEEE 754 binary16), the low byte first.
    F16Le,
    /// A two-byte float, the high byte first.
    F16Be,
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
            Self::U16Le | Self::U16Be | Self::I16Le | Self::I16Be | Self::F16Le | Self::F16Be => 2,
            Self::U32Le | Self::U32Be | Self::I32Le | Self::I32Be | Self::F32Le | Self::F32Be => 4,
            Self::U64Le | Self::U64Be | Self::I64Le | Self::I64Be | Self::F64Le | Self::F64Be => 8,
        }
    }

    /// What it is held in: the smallest kind that holds every value exactly. Whole numbers of eight bytes are held in
    /// double precision, which rounds them beyond 2⁵³: who gives such a volume says so in a note.
    pub const fn kind(self) -> VoxelKind {
        match self {
            Self::U8 => VoxelKind::U8,
            Self::U16Le | Self::U16Be => VoxelKind::U16,
            Self::I8
            | Self::I16Le
            | Self::I16Be
            | Self::F16Le
            | Self::F16Be
            | Self::F32Le
            | Self::F32Be => VoxelKind::F32,
            _ => VoxelKind::F64,
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
                Self::F16Be => each(bytes, into, |two| half(u16::from_be_bytes(two))),
                Self::F16Le => each(bytes, into, |two| half(u16::from_le_bytes(two))),
                Self::F32Be => each(bytes, into, f32::from_be_bytes),
                _ => each(bytes, into, f32::from_le_bytes),
            },
            Voxels::F64(into) => match self {
                Self::U32Le => each(bytes, into, |four| f64::from(u32::from_le_bytes(four))),
                Self::U32Be => each(bytes, into, |four| f64::from(u32::from_be_bytes(four))),
                Self::I32Le => each(bytes, into, |four| f64::from(i32::from_le_bytes(four))),
                Self::I32Be => each(bytes, into, |four| f64::from(i32::from_be_bytes(four))),
                Self::U64Le => each(bytes, into, |eight| u64::from_le_bytes(eight) as f64),
                Self::U64Be => each(bytes, into, |eight| u64::from_be_bytes(eight) as f64),
                Self::I64Le => each(bytes, into, |eight| i64::from_le_bytes(eight) as f64),
                Self::I64Be => each(bytes, into, |eight| i64::from_be_bytes(eight) as f64),
                Self::F64Be => each(bytes, into, f64::from_be_bytes),
                _ => each(bytes, into, f64::from_le_bytes),
            },
        }
    }
}

/// The function is a type of its own, so that it becomes part of the loop: through a pointer each voxel would cost a call.
fn each<const N: usize, T>(bytes: &[u8], into: &mut Vec<T>, value: impl Fn([u8; N]) -> T) {
    into.extend(bytes.as_chunks().0.iter().map(|&bytes| value(bytes)));
}

/// The value of a two-byte float (IEEE 754 binary16): one bit of sign, five of exponent, ten of fraction.
fn half(bits: u16) -> f32 {
    let fraction = f32::from(bits & 0x3FF);
    let size = match (bits >> 10) & 0x1F {
        0 => fraction * 2_f32.powi(-24),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        exponent => (1.0 + fraction / 1024.0) * 2_f32.powi(i32::from(exponent) - 15),
    };
    if bits & 0x8000 == 0 { size } else { -size }
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

/// Bytes decoded at once: few enough to stay in a core's own cache between fetching and decoding.
const CHUNK: usize = 1 << 18;

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
        let at = offset + (z.start * shape[1] * shape[2] * voxel.bytes()) as u64;
        let read = read_run(self.source.as_ref(), at, voxels, voxel, into);
        read.map_err(|message| SlabError { message: format!("slices {z:?}: {message}") })
    }
}

/// Adds so many voxels that lie one behind the other from a byte on. Errors say where the source ended or failed.
pub(crate) fn read_run(
    source: &dyn Source,
    mut at: u64,
    voxels: usize,
    voxel: Voxel,
    into: &mut Voxels,
) -> Result<(), String> {
    let mut left = voxels.saturating_mul(voxel.bytes());
    let mut bytes = vec![0; left.min(CHUNK)];
    while left > 0 {
        let wanted = left.min(CHUNK);
        bytes.truncate(wanted);
        let read =
            read_full(source, at, &mut bytes).map_err(|error| format!("byte {at}: {error}"))?;
        if read < wanted {
            return Err(format!("the file ends at byte {}", at.saturating_add(read as u64)));
        }
        voxel.decode(&bytes, into);
        left -= wanted;
        at = at.saturating_add(wanted as u64);
    }
    Ok(())
}

/// Bytes of a slice that any file may ask for; more only in proportion to the file. No packing of pictures worth keeping
/// reaches this proportion, which is that of Deflate at its best.
const SLICE_FREE: u64 = 64 << 20;
const SLICE_TIMES: u64 = 1100;

/// Whether a slice of so many bytes can come out of a file of so many.
pub(crate) fn is_believable(slice: u64, held: u64) -> bool {
    slice <= SLICE_FREE.max(held.saturating_mul(SLICE_TIMES))
}
