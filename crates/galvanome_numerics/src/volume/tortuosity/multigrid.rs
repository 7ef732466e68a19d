//! Coarser and coarser grids of the same equations: what makes conjugate gradients quick.
//!
//! Two by two by two voxels become one, whose conductances to its neighbours are the sums of theirs.
//!
//! Source: D. Braess, Computing 55 (1995) 379, aggregation with over-correction as a preconditioner.

use super::super::{count, threads};

/// Where the voxels of a volume lie in arrays with a border of one voxel.
#[derive(Debug, Clone, Copy)]
pub(super) struct Padded {
    pub(super) shape: [usize; 3],
    /// From row to row.
    pub(super) line: usize,
    /// From slice to slice.
    pub(super) plane: usize,
    pub(super) len: usize,
}

impl Padded {
    pub(super) fn new(shape: [usize; 3]) -> Option<Self> {
        let [depth, rows, row] = shape.map(|side| side + 2);
        Some(Self { shape, line: row, plane: rows * row, len: count([depth, rows, row])? })
    }

    /// Where a row begins.
    pub(super) fn at(&self, z: usize, y: usize) -> usize {
        (z + 1) * self.plane + (y + 1) * self.line + 1
    }
}

/// Conductances of a grid.
enum Links {
    /// The same for all neighbours of an axis that are both there: the voxels themselves.
    Same([f32; 3]),
    /// From each place to the next along z, y, x.
    Each([Vec<f32>; 3]),
}

struct Level {
    padded: Padded,
    /// 0 where nothing is.
    diagonal: Vec<f32>,
    links: Links,
    given: Vec<f32>,
    found: Vec<f32>,
    spare: Vec<f32>,
}

/// The grids, the finest first.
pub(super) struct Levels {
    levels: Vec<Level>,
}

/// Factors of two sweeps that together damp all that a coarser grid does not see (Chebyshev, from 0.5 to 2).
const SWEEPS: [f32; 2] = [0.5626, 1.3852];
/// Sums of conductances make a coarse grid too stiff.
const OVER_CORRECTION: f32 = 1.8;
/// Pairs of sweeps on the coarsest grid.
const COARSEST: usize = 16;

impl Levels {
    pub(super) fn new(padded: &Padded, diagonal: &[f64], weights: [f64; 3]) -> Self {
        let diagonal = diagonal.iter().map(|one| *one as f32).collect();
        let links = Links::Same(weights.map(|weight| weight as f32));
        let mut levels = vec![Level::new(*padded, diagonal, links)];
        while let Some(coarse) = levels.last().and_then(Level::coarser) {
            levels.push(coarse);
        }
        Self { levels }
    }

    /// An approximate solution for what is given.
    pub(super) fn apply(&mut self, given: &[f64], found: &mut [f32], threads: usize) {
        let Some(first) = self.levels.first_mut() else { return };
        let plane = first.padded.plane;
        threads::each(
            threads,
            first.given.chunks_mut(plane).zip(given.chunks(plane)),
            |(into, from)| {
                into.iter_mut().zip(from).for_each(|(into, from)| *into = *from as f32);
            },
        );
        descend(&mut self.levels, threads);
        if let Some(first) = self.levels.first() {
            found.copy_from_slice(&first.found);
        }
    }
}

/// Solves a level roughly by sweeps and by the next coarser one, in the same order down and up, so that it is symmetric.
fn descend(levels: &mut [Level], threads: usize) {
    let Some((fine, coarser)) = levels.split_first_mut() else { return };
    let threads = if fine.padded.len < 50_000 { 1 } else { threads };
    if coarser.is_empty() {
        fine.found.fill(0.0);
        for _ in 0..COARSEST {
            fine.sweep(SWEEPS[0], threads);
            fine.sweep(SWEEPS[1], threads);
        }
        return;
    }
    fine.first_sweep(SWEEPS[0], threads);
    fine.sweep(SWEEPS[1], threads);
    fine.missing(threads);
    fine.restrict(&mut coarser[0], threads);
    descend(coarser, threads);
    fine.correct(&coarser[0], threads);
    fine.sweep(SWEEPS[1], threads);
    fine.sweep(SWEEPS[0], threads);
}

impl Level {
    fn new(padded: Padded, diagonal: Vec<f32>, links: Links) -> Self {
        let room = || vec![0.0; padded.len];
        Self { padded, diagonal, links, given: room(), found: room(), spare: room() }
    }

    /// The grid of half as many places a side; none when this one is small already.
    fn coarser(&self) -> Option<Self> {
        let shape = self.padded.shape;
        if shape.iter().all(|side| *side <= 4) {
            return None;
        }
        let padded = Padded::new(shape.map(|side| side.div_ceil(2)))?;
        let mut diagonal = vec![0.0; padded.len];
        let mut links = [vec![0.0; padded.len], vec![0.0; padded.len], vec![0.0; padded.len]];
        let steps = [self.padded.plane, self.padded.line, 1];
        for z in 0..shape[0] {
            for y in 0..shape[1] {
                let (fine, coarse) = (self.padded.at(z, y), padded.at(z / 2, y / 2));
                for x in 0..shape[2] {
                    let (at, into) = (fine + x, coarse + x / 2);
                    diagonal[into] += self.diagonal[at];
                    for (axis, place) in [z, y, x].into_iter().enumerate() {
                        let link = self.link(axis, at, at + steps[axis]);
                        if place % 2 == 0 {
                            // Within one coarse place: what it gives itself does not count.
                            diagonal[into] -= 2.0 * link;
                        } else {
                            links[axis][into] += link;
                        }
                    }
                }
            }
        }
        Some(Self::new(padded, diagonal, Links::Each(links)))
    }

    fn link(&self, axis: usize, at: usize, next: usize) -> f32 {
        match &self.links {
            Links::Same(weights) if self.diagonal[at] > 0.0 && self.diagonal[next] > 0.0 => {
                weights[axis]
            }
            Links::Same(_) => 0.0,
            Links::Each(links) => links[axis][at],
        }
    }

    /// A sweep from nothing found.
    fn first_sweep(&mut self, factor: f32, threads: usize) {
        let (given, diagonal, plane) = (&self.given, &self.diagonal, self.padded.plane);
        threads::each(threads, self.found.chunks_mut(plane).enumerate(), |(at, found)| {
            let (given, diagonal) = (&given[at * plane..], &diagonal[at * plane..]);
            for (found, (given, diagonal)) in found.iter_mut().zip(given.iter().zip(diagonal)) {
                *found = if *diagonal > 0.0 { factor * given / diagonal } else { 0.0 };
            }
        });
    }

    fn sweep(&mut self, factor: f32, threads: usize) {
        self.pass(threads, |here, diagonal, sum| {
            if diagonal > 0.0 { here + factor * (sum / diagonal - here) } else { 0.0 }
        });
        std::mem::swap(&mut self.found, &mut self.spare);
    }

    /// What is missing in each balance, into `spare`.
    fn missing(&mut self, threads: usize) {
        self.pass(
            threads,
            |here, diagonal, sum| if diagonal > 0.0 { sum - diagonal * here } else { 0.0 },
        );
    }

    /// Fills `spare` place by place from what was found there, the diagonal, and what is given and comes from neighbours.
    fn pass(&mut self, threads: usize, of: impl Fn(f32, f32, f32) -> f32 + Sync) {
        let Self { padded, diagonal, links, given, found, spare } = self;
        let (links, found): (&Links, &[f32]) = (links, found);
        let Padded { shape: [depth, rows, row], line, plane, .. } = *padded;
        threads::each(threads, spare.chunks_mut(plane).enumerate(), |(z, spare)| {
            if z == 0 || z > depth {
                return;
            }
            for y in 0..rows {
                let inner = (y + 1) * line + 1;
                let at = z * plane + inner;
                let out = &mut spare[inner..inner + row];
                let (here, diagonal, given) =
                    (&found[at..at + row], &diagonal[at..at + row], &given[at..at + row]);
                let (left, right) = (&found[at - 1..at - 1 + row], &found[at + 1..at + 1 + row]);
                let (above, below) =
                    (&found[at - line..at - line + row], &found[at + line..at + line + row]);
                let (before, behind) =
                    (&found[at - plane..at - plane + row], &found[at + plane..at + plane + row]);
                match links {
                    Links::Same([wz, wy, wx]) => {
                        for x in 0..row {
                            let sum = *wx * (left[x] + right[x])
                                + *wy * (above[x] + below[x])
                                + *wz * (before[x] + behind[x]);
                            out[x] = of(here[x], diagonal[x], given[x] + sum);
                        }
                    }
                    Links::Each([lz, ly, lx]) => {
                        let (z_to, z_from) = (&lz[at..at + row], &lz[at - plane..at - plane + row]);
                        let (y_to, y_from) = (&ly[at..at + row], &ly[at - line..at - line + row]);
                        let (x_to, x_from) = (&lx[at..at + row], &lx[at - 1..at - 1 + row]);
                        for x in 0..row {
                            let sum = x_from[x] * left[x]
                                + x_to[x] * right[x]
                                + y_from[x] * above[x]
                                + y_to[x] * below[x]
                                + z_from[x] * before[x]
                                + z_to[x] * behind[x];
                            out[x] = of(here[x], diagonal[x], given[x] + sum);
                        }
                    }
                }
            }
        });
    }

    /// Sums what is missing into a coarser grid.
    fn restrict(&self, coarse: &mut Self, threads: usize) {
        let [depth, rows, row] = self.padded.shape;
        let (into, plane) = (coarse.padded, coarse.padded.plane);
        threads::each(threads, coarse.given.chunks_mut(plane).enumerate(), |(at, given)| {
            let Some(z) = at.checked_sub(1) else { return };
            given.fill(0.0);
            for z in 2 * z..depth.min(2 * z + 2) {
                for y in 0..rows {
                    let from = self.padded.at(z, y);
                    let missing = &self.spare[from..from + row];
                    let inner = (y / 2 + 1) * into.line + 1;
                    for (given, pair) in given[inner..].iter_mut().zip(missing.chunks(2)) {
                        *given += pair.iter().sum::<f32>();
                    }
                }
            }
        });
    }

    /// Adds what a coarser grid found.
    fn correct(&mut self, coarse: &Self, threads: usize) {
        let [depth, rows, row] = self.padded.shape;
        let Self { padded, diagonal, found, .. } = self;
        threads::each(threads, found.chunks_mut(padded.plane).enumerate(), |(at, found)| {
            let Some(z) = at.checked_sub(1).filter(|z| *z < depth) else { return };
            for y in 0..rows {
                let from = coarse.padded.at(z / 2, y / 2);
                let inner = (y + 1) * padded.line + 1;
                let diagonal = &diagonal[at * padded.plane + inner..];
                let pairs = found[inner..inner + row].chunks_mut(2).zip(diagonal.chunks(2));
                for ((found, diagonal), coarse) in pairs.zip(&coarse.found[from..]) {
                    for (found, diagonal) in found.iter_mut().zip(diagonal) {
                        *found += if *diagonal > 0.0 { OVER_CORRECTION * coarse } else { 0.0 };
                    }
                }
            }
        });
    }
}
