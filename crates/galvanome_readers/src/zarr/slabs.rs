//! Slices of an array that lies in chunks.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use galvanome_model::slabs::{SlabError, Slabs, VoxelKind, Voxels, slab_len};

use super::array::{Array, Shard};
use super::codecs::undone;
use crate::le::u64_at;
use crate::members::Members;
use crate::source::{Source, read_full};

/// Bytes of unpacked chunks that are kept, since the next slice most often lies in them too. What does not fit is unpacked
/// again.
const KEPT_MAX: usize = 32 << 20;

/// Slices of an array along its last three axes, at one place of those before.
pub(super) struct ZarrSlabs {
    pub(super) members: Arc<Members>,
    /// The folder of the array, with `/` behind it.
    pub(super) folder: String,
    pub(super) array: Arc<Array>,
    /// The place along the axes before the last three.
    pub(super) lead: Vec<usize>,
    pub(super) voxel_m: [Option<f64>; 3],
    kept: Mutex<Kept>,
}

/// Chunks of one layer, and where the chunks of one shard are.
#[derive(Default)]
struct Kept {
    layer: usize,
    bytes: usize,
    chunks: BTreeMap<(usize, usize), Option<Arc<Voxels>>>,
    shard: Option<(String, Arc<[u8]>)>,
}

impl ZarrSlabs {
    pub(super) fn new(
        members: Arc<Members>,
        folder: String,
        array: Arc<Array>,
        lead: Vec<usize>,
        voxel_m: [Option<f64>; 3],
    ) -> Self {
        Self { members, folder, array, lead, voxel_m, kept: Mutex::default() }
    }

    /// From one number to the next along each axis, in a chunk as it is kept.
    fn strides(&self) -> Vec<usize> {
        let mut strides = vec![0; self.array.chunk.len()];
        let mut step = 1;
        for &axis in self.array.order.iter().rev() {
            if let (Some(stride), Some(side)) = (strides.get_mut(axis), self.array.chunk.get(axis))
            {
                *stride = step;
                step *= side;
            }
        }
        strides
    }

    /// The numbers of a chunk at a place along z, y, x; none where it was never written. Errors when it cannot be read.
    fn chunk(&self, place: [usize; 3], kept: &mut Kept) -> Result<Option<Arc<Voxels>>, String> {
        if kept.layer != place[0] {
            kept.chunks.clear();
            (kept.layer, kept.bytes) = (place[0], 0);
        }
        if let Some(chunk) = kept.chunks.get(&(place[1], place[2])) {
            return Ok(chunk.clone());
        }
        let axes = self.array.shape.len();
        let lead = self.lead.iter().zip(&self.array.chunk).map(|(at, side)| at / side);
        let last = place.get(3 - axes.min(3)..).unwrap_or_default();
        let all: Vec<usize> = lead.chain(last.iter().copied()).collect();
        let bytes = match &self.array.shard {
            None => self.whole(&self.name(&all))?,
            Some(shard) => self.of_shard(shard, &all, kept)?,
        };
        let chunk = match bytes {
            None => None,
            Some(bytes) => {
                let bytes = undone(&self.array.codecs, bytes, self.array.chunk_bytes())
                    .map_err(|why| format!("chunk {all:?}: {why}"))?;
                let mut voxels = Voxels::new(self.array.voxel.kind());
                self.array.voxel.decode(&bytes, &mut voxels);
                Some(Arc::new(voxels))
            }
        };
        // Remembering that a chunk is missing takes room too.
        let taken = 64 + chunk.as_ref().map_or(0, |chunk| chunk.len() * chunk_item(chunk));
        if kept.bytes + taken <= KEPT_MAX {
            kept.bytes += taken;
            kept.chunks.insert((place[1], place[2]), chunk.clone());
        }
        Ok(chunk)
    }

    /// The name of a chunk or a shard.
    fn name(&self, place: &[usize]) -> String {
        let (headed, separator) = self.array.named;
        let mut name = self.folder.clone();
        if headed {
            name.push('c');
        }
        for (nth, number) in place.iter().enumerate() {
            if headed || nth > 0 {
                name.push(separator);
            }
            name.push_str(&number.to_string());
        }
        name
    }

    fn open(&self, name: &str) -> Result<Option<Arc<dyn Source>>, String> {
        match self.members.open(name).map_err(|error| format!("{name}: {error}"))? {
            None if !self.members.whole => Err(format!("{name} is not in what is left of the zip")),
            found => Ok(found),
        }
    }

    fn whole(&self, name: &str) -> Result<Option<Vec<u8>>, String> {
        let Some(source) = self.open(name)? else { return Ok(None) };
        piece(source.as_ref(), 0, source.len(), self.longest())
            .map(Some)
            .map_err(|why| format!("{name}: {why}"))
    }

    /// No chunk is packed to more than this.
    fn longest(&self) -> usize {
        2 * self.array.chunk_bytes() + (1 << 16)
    }

    /// The bytes of a chunk that lies in a shard.
    fn of_shard(
        &self,
        shard: &Shard,
        place: &[usize],
        kept: &mut Kept,
    ) -> Result<Option<Vec<u8>>, String> {
        let outer: Vec<_> = place.iter().zip(&shard.chunks).map(|(at, count)| at / count).collect();
        let name = self.name(&outer);
        let Some(source) = self.open(&name)? else { return Ok(None) };
        let index = match &kept.shard {
            Some((known, index)) if *known == name => Arc::clone(index),
            _ => {
                let index =
                    index(shard, source.as_ref()).map_err(|why| format!("{name}: {why}"))?;
                kept.shard = Some((name.clone(), Arc::clone(&index)));
                index
            }
        };
        let nth =
            place.iter().zip(&shard.chunks).fold(0, |nth, (at, count)| nth * count + at % count);
        let (at, len) = (u64_at(&index, 16 * nth), u64_at(&index, 16 * nth + 8));
        if (at, len) == (u64::MAX, u64::MAX) {
            return Ok(None);
        }
        piece(source.as_ref(), at, len, self.longest())
            .map(Some)
            .map_err(|why| format!("{name}, chunk {place:?}: {why}"))
    }
}

/// Sides of the array or of its chunks along z, y, x; 1 along an axis that it does not have.
fn sides(of: &[usize]) -> [usize; 3] {
    let mut sides = [1; 3];
    for (side, of) in sides.iter_mut().rev().zip(of.iter().rev()) {
        *side = *of;
    }
    sides
}

/// Bytes of a number as it is held.
fn chunk_item(voxels: &Voxels) -> usize {
    match voxels {
        Voxels::U8(_) => 1,
        Voxels::U16(_) => 2,
        Voxels::F32(_) => 4,
        Voxels::F64(_) => 8,
    }
}

/// A piece of a file, all of which must be there.
fn piece(source: &dyn Source, at: u64, len: u64, longest: usize) -> Result<Vec<u8>, String> {
    let there = source.len().saturating_sub(at);
    let fits = usize::try_from(len).ok().filter(|fits| *fits <= longest && len <= there);
    let Some(len) = fits else {
        return Err(format!("it says {len} bytes from byte {at} on, where {there} are"));
    };
    let mut bytes = vec![0; len];
    let got = read_full(source, at, &mut bytes).map_err(|error| error.to_string())?;
    if got < len { Err("it ends before its last byte".to_owned()) } else { Ok(bytes) }
}

/// Where the chunks of a shard are: sixteen bytes each.
fn index(shard: &Shard, source: &dyn Source) -> Result<Arc<[u8]>, String> {
    let count = shard.chunks.iter().try_fold(16_usize, |all, &side| all.checked_mul(side));
    let summed = if shard.summed { 4 } else { 0 };
    let len = count.and_then(|len| len.checked_add(summed)).map(|len| len as u64);
    let len = len.filter(|len| *len <= source.len()).ok_or("the shard is cut off")?;
    let at = if shard.first { 0 } else { source.len() - len };
    let bytes = piece(source, at, len, usize::MAX)?;
    let codecs: &[_] = if shard.summed { &[super::codecs::Codec::Crc32c] } else { &[] };
    let places = bytes.len() - summed;
    undone(codecs, bytes, places)
        .map(Into::into)
        .map_err(|why| format!("the list of its chunks: {why}"))
}

/// What to copy: from where and to where, and so many planes, rows and numbers.
struct Copy {
    from: usize,
    steps: [usize; 3],
    to: usize,
    to_steps: [usize; 2],
    counts: [usize; 3],
}

impl Copy {
    fn run<T: std::marker::Copy>(&self, from: &[T], into: &mut [T]) {
        let [planes, rows, columns] = self.counts;
        for plane in 0..planes {
            for row in 0..rows {
                let begin = self.from + plane * self.steps[0] + row * self.steps[1];
                let to = self.to + plane * self.to_steps[0] + row * self.to_steps[1];
                let Some(to) = into.get_mut(to..to + columns) else { return };
                if self.steps[2] == 1 {
                    if let Some(from) = from.get(begin..begin + columns) {
                        to.copy_from_slice(from);
                    }
                    continue;
                }
                let numbers =
                    from.get(begin..).unwrap_or_default().iter().step_by(self.steps[2].max(1));
                for (to, from) in to.iter_mut().zip(numbers) {
                    *to = *from;
                }
            }
        }
    }
}

/// Makes room for so many numbers, all of one value.
fn fill(into: &mut Voxels, len: usize, value: f64) {
    match into {
        Voxels::U8(into) => into.resize(len, value as u8),
        Voxels::U16(into) => into.resize(len, value as u16),
        Voxels::F32(into) => into.resize(len, value as f32),
        Voxels::F64(into) => into.resize(len, value),
    }
}

impl Slabs for ZarrSlabs {
    fn shape(&self) -> [usize; 3] {
        sides(&self.array.shape)
    }

    fn voxel_m(&self) -> [Option<f64>; 3] {
        self.voxel_m
    }

    fn kind(&self) -> VoxelKind {
        self.array.voxel.kind()
    }

    fn read(&self, z: Range<usize>, into: &mut Voxels) -> Result<(), SlabError> {
        let shape = self.shape();
        let len = slab_len(shape, &z)?;
        into.clear_as(self.kind());
        fill(into, len, self.array.fill);
        let sides = sides(&self.array.chunk);
        let strides = self.strides();
        let lead = self.lead.iter().zip(&self.array.chunk).zip(&strides);
        let base: usize = lead.map(|((at, side), stride)| at % side * stride).sum();
        let mut steps = [0; 3];
        for (step, stride) in steps.iter_mut().rev().zip(strides.iter().rev()) {
            *step = *stride;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let layers =
            if z.is_empty() { 0..0 } else { z.start / sides[0]..(z.end - 1) / sides[0] + 1 };
        for layer in layers {
            let planes = z.start.max(layer * sides[0])..z.end.min((layer + 1) * sides[0]);
            for below in 0..shape[1].div_ceil(sides[1]) {
                for beside in 0..shape[2].div_ceil(sides[2]) {
                    let chunk = self.chunk([layer, below, beside], &mut kept);
                    let chunk = chunk.map_err(|why| SlabError {
                        message: format!("slices {planes:?}: {why}"),
                    })?;
                    let Some(chunk) = chunk else { continue };
                    let (top, left) = (below * sides[1], beside * sides[2]);
                    let copy = Copy {
                        from: base + (planes.start - layer * sides[0]) * steps[0],
                        steps,
                        to: ((planes.start - z.start) * shape[1] + top) * shape[2] + left,
                        to_steps: [shape[1] * shape[2], shape[2]],
                        counts: [
                            planes.len(),
                            sides[1].min(shape[1] - top),
                            sides[2].min(shape[2] - left),
                        ],
                    };
                    match (&*chunk, &mut *into) {
                        (Voxels::U8(chunk), Voxels::U8(into)) => copy.run(chunk, into),
                        (Voxels::U16(chunk), Voxels::U16(into)) => copy.run(chunk, into),
                        (Voxels::F32(chunk), Voxels::F32(into)) => copy.run(chunk, into),
                        (Voxels::F64(chunk), Voxels::F64(into)) => copy.run(chunk, into),
                        _ => {}
                    }
                }
            }
        }
        Ok(())
    }
}
