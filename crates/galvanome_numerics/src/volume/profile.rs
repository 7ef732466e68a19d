//! Means along a direction, and of a region, slab by slab.

use std::ops::Range;

use super::Axis;

/// A box of voxels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Ranges of places along z, y, x.
    pub sides: [Range<usize>; 3],
}

impl Region {
    /// All of a volume.
    pub fn whole(shape: [usize; 3]) -> Self {
        Self { sides: shape.map(|side| 0..side) }
    }
}

/// Mean and spread of some voxels.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Part {
    /// How many finite values.
    pub n: u64,
    /// Their mean; 0 while there are none.
    pub mean: f64,
    /// The sum of squared deviations from it.
    pub sum_of_squares: f64,
}

impl Part {
    /// The standard deviation of the voxels (divisor `n - 1`), which says how they differ, not how well their mean is
    /// known: neighbours are alike. `None` below two values.
    pub fn standard_deviation(&self) -> Option<f64> {
        (self.n > 1).then(|| (self.sum_of_squares / (self.n - 1) as f64).sqrt())
    }

    /// Joins two parts.
    ///
    /// Source: T. F. Chan, G. H. Golub, R. J. LeVeque, Am. Stat. 37 (1983) 242.
    pub(super) fn join(&mut self, other: Self) {
        if other.n == 0 {
            return;
        }
        let n = self.n + other.n;
        let (share, step) = (other.n as f64 / n as f64, other.mean - self.mean);
        self.sum_of_squares += other.sum_of_squares + step * step * share * self.n as f64;
        self.mean += step * share;
        self.n = n;
    }

    /// Of the finite values of a row, in two passes.
    fn of<T: Copy + Into<f64>>(values: &[T]) -> Self {
        let finite =
            || values.iter().map(|value| (*value).into()).filter(|value| value.is_finite());
        let n = finite().count();
        if n == 0 {
            return Self::default();
        }
        let mean = if n == values.len() { sum(values, |v| v) } else { finite().sum() } / n as f64;
        let sum_of_squares = if n == values.len() {
            sum(values, |value| (value - mean) * (value - mean))
        } else {
            finite().map(|value| (value - mean) * (value - mean)).sum()
        };
        Self { n: n as u64, mean, sum_of_squares }
    }
}

/// A sum in eight lanes, which a processor takes at once.
fn sum<T: Copy + Into<f64>>(values: &[T], of: impl Fn(f64) -> f64) -> f64 {
    let mut lanes = [0.0; 8];
    let (eights, rest) = values.as_chunks::<8>();
    for eight in eights {
        for (lane, value) in lanes.iter_mut().zip(eight) {
            *lane += of((*value).into());
        }
    }
    for value in rest {
        lanes[0] += of((*value).into());
    }
    lanes.iter().sum()
}

/// Means of the voxels of a region at each place along an axis, as through the thickness of an electrode.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    shape: [usize; 3],
    region: Region,
    axis: Axis,
    parts: Vec<Part>,
    slices: usize,
}

impl Profile {
    /// Along `axis` of `region` in a volume of `shape` (z, y, x). `None` when the region is empty, leaves the volume.
    pub fn new(shape: [usize; 3], region: Region, axis: Axis) -> Option<Self> {
        let is_inside = region
            .sides
            .iter()
            .zip(shape)
            .all(|(side, end)| side.start < side.end && side.end <= end);
        let parts = vec![Part::default(); region.sides.get(axis.index())?.len()];
        is_inside.then_some(Self { shape, region, axis, parts, slices: 0 })
    }

    /// Takes in the next slices. `None`, and nothing is taken in, unless they are whole slices and no more than there are.
    /// Values that are not finite are left out.
    pub fn add<T: Copy + Into<f64>>(&mut self, values: &[T]) -> Option<()> {
        let [depth, rows, row] = self.shape;
        let slice = rows * row;
        if slice == 0 || !values.len().is_multiple_of(slice) {
            return None;
        }
        if values.len() / slice > depth - self.slices {
            return None;
        }
        for slice in values.chunks(slice) {
            let z = self.slices;
            self.slices += 1;
            if !self.region.sides[0].contains(&z) {
                continue;
            }
            let lines = slice.chunks(row).enumerate();
            let lines = lines.filter(|(y, _)| self.region.sides[1].contains(y));
            let lines = lines.map(|(y, line)| (y, &line[self.region.sides[2].clone()]));
            match self.axis {
                Axis::Z => {
                    let part = &mut self.parts[z - self.region.sides[0].start];
                    lines.for_each(|(_, line)| part.join(Part::of(line)));
                }
                Axis::Y => lines.for_each(|(y, line)| {
                    self.parts[y - self.region.sides[1].start].join(Part::of(line));
                }),
                Axis::X => {
                    let lines: Vec<&[T]> = lines.map(|(_, line)| line).collect();
                    for (part, one) in
                        self.parts.iter_mut().zip(columns(&lines, self.region.sides[2].len()))
                    {
                        part.join(one);
                    }
                }
            }
        }
        Some(())
    }

    /// How many slices were taken in.
    pub fn slices(&self) -> usize {
        self.slices
    }

    /// Mean and spread at each place of the region along the axis.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Mean and spread of the whole region.
    pub fn total(&self) -> Part {
        let mut total = Part::default();
        self.parts.iter().for_each(|part| total.join(*part));
        total
    }
}

/// The columns of a slice, in two passes over its lines.
fn columns<T: Copy + Into<f64>>(lines: &[&[T]], many: usize) -> Vec<Part> {
    let mut parts = vec![Part::default(); many];
    for line in lines {
        for (part, value) in parts.iter_mut().zip(*line) {
            let value: f64 = (*value).into();
            if value.is_finite() {
                part.n += 1;
                part.mean += value;
            }
        }
    }
    parts.iter_mut().filter(|part| part.n > 0).for_each(|part| part.mean /= part.n as f64);
    for line in lines {
        for (part, value) in parts.iter_mut().zip(*line) {
            let step = (*value).into() - part.mean;
            if step.is_finite() {
                part.sum_of_squares += step * step;
            }
        }
    }
    parts
}
