//! Which voxels belong to a phase, one bit each.

use super::{Axis, count, threads};

/// The voxels of a phase: one bit each, rows padded to whole words of 64.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask {
    shape: [usize; 3],
    /// Words of a row.
    words: usize,
    /// Rows one after the other; bit `x % 64` of word `x / 64`; bits beyond a row are 0.
    bits: Vec<u64>,
}

impl Mask {
    /// No voxel of `shape` (z, y, x). `None` when its size overflows.
    pub fn empty(shape: [usize; 3]) -> Option<Self> {
        count(shape)?;
        let words = shape[2].div_ceil(64);
        let room = count([shape[0], shape[1], words])?;
        Some(Self { shape, words, bits: vec![0; room] })
    }

    /// The voxels of which `is_in` is true: a threshold (`|grey| grey > 128`), a label (`|label| label == 2`).
    /// `None` when the number of values is not the product of `shape`.
    pub fn of<T: Copy + Sync>(
        values: &[T],
        shape: [usize; 3],
        threads: usize,
        is_in: impl Fn(T) -> bool + Sync,
    ) -> Option<Self> {
        if count(shape)? != values.len() {
            return None;
        }
        let mut mask = Self::empty(shape)?;
        let [_, rows, row] = shape;
        if values.is_empty() {
            return Some(mask);
        }
        let slices = mask.bits.chunks_mut(rows * mask.words).zip(values.chunks(rows * row));
        let words = mask.words;
        threads::each(threads, slices, |(bits, values)| {
            for (bits, values) in bits.chunks_mut(words).zip(values.chunks(row)) {
                for (word, values) in bits.iter_mut().zip(values.chunks(64)) {
                    *word = pack(values, &is_in);
                }
            }
        });
        Some(mask)
    }

    /// Number of voxels along z, y, x.
    pub fn shape(&self) -> [usize; 3] {
        self.shape
    }

    /// How many voxels there are, in the phase or not.
    pub fn voxels(&self) -> u64 {
        self.shape.iter().map(|&side| side as u64).product()
    }

    /// How many voxels are in the phase.
    pub fn count(&self) -> u64 {
        self.bits.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// The part of the voxels that is in the phase; NaN when there are none at all.
    pub fn fraction(&self) -> f64 {
        self.count() as f64 / self.voxels() as f64
    }

    /// Whether a voxel is in the phase; none is outside the volume.
    pub fn get(&self, z: usize, y: usize, x: usize) -> bool {
        self.row(z, y).get(x / 64).is_some_and(|word| word >> (x % 64) & 1 == 1)
            && x < self.shape[2]
    }

    /// All other voxels.
    #[must_use]
    pub fn complement(&self) -> Self {
        let mut other = self.clone();
        let last = last_word(self.shape[2]);
        for row in other.bits.chunks_mut(self.words.max(1)) {
            for word in row.iter_mut() {
                *word = !*word;
            }
            if let Some(word) = row.last_mut() {
                *word &= last;
            }
        }
        other
    }

    /// The slices of a range, as far as it lies in the volume.
    #[must_use]
    pub fn slab(&self, slices: std::ops::Range<usize>) -> Self {
        let end = slices.end.min(self.shape[0]);
        let start = slices.start.min(end);
        let words = self.shape[1] * self.words;
        Self {
            shape: [end - start, self.shape[1], self.shape[2]],
            words: self.words,
            bits: self.bits.get(start * words..end * words).unwrap_or_default().to_vec(),
        }
    }

    /// The same voxels with `axis` changed places with z.
    #[must_use]
    pub fn with_axis_first(&self, axis: Axis) -> Self {
        let mut order = [0, 1, 2];
        order.swap(0, axis.index());
        let shape = order.map(|axis| self.shape[axis]);
        let words = shape[2].div_ceil(64);
        let mut turned = Self { shape, words, bits: vec![0; shape[0] * shape[1] * words] };
        for z in 0..self.shape[0] {
            for y in 0..self.shape[1] {
                for (at, word) in self.row(z, y).iter().enumerate() {
                    let mut left = *word;
                    while left != 0 {
                        let from = [z, y, 64 * at + left.trailing_zeros() as usize];
                        left &= left - 1;
                        let [z, y, x] = order.map(|axis| from[axis]);
                        turned.set(z, y, x);
                    }
                }
            }
        }
        turned
    }

    /// The words of a row; none outside the volume.
    pub(super) fn row(&self, z: usize, y: usize) -> &[u64] {
        if y >= self.shape[1] {
            return &[];
        }
        let from = (z * self.shape[1] + y) * self.words;
        self.bits.get(from..from + self.words).unwrap_or_default()
    }

    /// The rows one after the other.
    pub(super) fn rows_mut(&mut self) -> impl Iterator<Item = &mut [u64]> + Send {
        self.bits.chunks_mut(self.words.max(1))
    }

    /// Takes in a voxel of the volume.
    fn set(&mut self, z: usize, y: usize, x: usize) {
        let at = (z * self.shape[1] + y) * self.words + x / 64;
        if let Some(word) = self.bits.get_mut(at) {
            *word |= 1 << (x % 64);
        }
    }
}

/// The bits of a row's last word that stand for voxels.
pub(super) fn last_word(row: usize) -> u64 {
    match row % 64 {
        0 => u64::MAX,
        part => (1 << part) - 1,
    }
}

/// The bits of up to 64 voxels.
fn pack<T: Copy>(values: &[T], is_in: impl Fn(T) -> bool) -> u64 {
    // Brings the lowest bits of eight bytes together in the highest byte.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let mut bytes = [0u8; 64];
    for (byte, value) in bytes.iter_mut().zip(values) {
        *byte = u8::from(is_in(*value));
    }
    let mut word = 0;
    for (at, eight) in bytes.as_chunks::<8>().0.iter().enumerate() {
        word |= (u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56) << (8 * at);
    }
    word
}
