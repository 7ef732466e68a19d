//! Laplace's equation on the voxels of a mask, by preconditioned conjugate gradients.

use super::super::{Mask, threads};
use super::Solve;
use super::multigrid::{Levels, Padded};

/// What was solved, for values 0 and 1 at the faces.
pub(super) struct Solved {
    /// The flow through a layer, where neighbours whose values differ by 1 exchange 1.
    pub(super) flow: f64,
    /// (largest - smallest) / mean of the flows through the layers.
    pub(super) flow_spread: f64,
    pub(super) residual: f64,
    pub(super) iterations: usize,
    pub(super) is_settled: bool,
}

/// The equations: each voxel's diagonal, 0 outside the mask. All arrays have a border of one voxel, which stays 0.
pub(super) struct Grid {
    padded: Padded,
    diagonal: Vec<f64>,
    weights: [f64; 3],
}

impl Grid {
    /// For flow from slice to slice; `weights` are the conductances between neighbours along z, y, x.
    pub(super) fn new(mask: &Mask, weights: [f64; 3]) -> Option<Self> {
        let padded = Padded::new(mask.shape())?;
        let [depth, rows, row] = mask.shape();
        let mut diagonal = vec![0.0; padded.len];
        let one = |is_in: bool, weight: f64| if is_in { weight } else { 0.0 };
        for z in 0..depth {
            for y in 0..rows {
                for x in (0..row).filter(|x| mask.get(z, y, *x)) {
                    let is_in = |step_z: isize, step_y: isize, step_x: isize| {
                        let place = |at: usize, step: isize| at.wrapping_add_signed(step);
                        let (z, y, x) = (place(z, step_z), place(y, step_y), place(x, step_x));
                        z < depth && y < rows && mask.get(z, y, x)
                    };
                    let mut sum = 0.0;
                    for step in [-1, 1] {
                        let beyond = if step < 0 { z == 0 } else { z + 1 == depth };
                        // A fixed value half a voxel away.
                        sum += if beyond {
                            2.0 * weights[0]
                        } else {
                            one(is_in(step, 0, 0), weights[0])
                        };
                        sum +=
                            one(is_in(0, step, 0), weights[1]) + one(is_in(0, 0, step), weights[2]);
                    }
                    diagonal[padded.at(z, y) + x] = sum;
                }
            }
        }
        Some(Self { padded, diagonal, weights })
    }

    pub(super) fn solve(&self, solve: &Solve) -> Solved {
        let threads = solve.threads;
        let [depth, ..] = self.padded.shape;
        let len = self.padded.len;
        let mut preconditioner = Levels::new(&self.padded, &self.diagonal, self.weights);
        // Straight from face to face to begin with.
        let mut values = vec![0.0; len];
        self.each_row(|z, from, to| {
            for at in (from..to).filter(|at| self.diagonal[*at] > 0.0) {
                values[at] = (z as f64 + 0.5) / depth as f64;
            }
        });
        let mut missing = vec![0.0; len];
        let mut product = vec![0.0; len];
        self.multiply(&values, &mut product, threads);
        let mut known = 0.0;
        self.each_row(|z, from, to| {
            for at in (from..to).filter(|at| self.diagonal[*at] > 0.0) {
                let given = if z + 1 == depth { 2.0 * self.weights[0] } else { 0.0 };
                known += given * given;
                missing[at] = given - product[at];
            }
        });
        let size = |missing: &[f64]| (self.dot(missing, missing, threads) / known).sqrt();
        let mut residual = size(&missing);
        let mut better = vec![0.0f32; len];
        let mut along = vec![0.0; len];
        let mut before = 0.0;
        let mut iterations = 0;
        while residual > solve.residual && iterations < solve.iterations {
            iterations += 1;
            preconditioner.apply(&missing, &mut better, threads);
            let gain = self.dot(&missing, &better, threads);
            let keep = if iterations == 1 { 0.0 } else { gain / before };
            before = gain;
            self.planes(threads, &mut along, |from, plane| {
                for (along, better) in plane.iter_mut().zip(&better[from..]) {
                    *along = keep.mul_add(*along, f64::from(*better));
                }
            });
            self.multiply(&along, &mut product, threads);
            let step = gain / self.dot(&along, &product, threads);
            if !step.is_finite() {
                break;
            }
            self.planes(threads, &mut values, |from, plane| {
                for (value, along) in plane.iter_mut().zip(&along[from..]) {
                    *value += step * along;
                }
            });
            self.planes(threads, &mut missing, |from, plane| {
                for (missing, product) in plane.iter_mut().zip(&product[from..]) {
                    *missing -= step * product;
                }
            });
            residual = size(&missing);
        }
        let flows = self.flows(&values);
        let mean = flows.iter().sum::<f64>() / flows.len() as f64;
        let (low, high) =
            flows.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), flow| {
                (low.min(*flow), high.max(*flow))
            });
        Solved {
            flow: mean,
            flow_spread: (high - low) / mean,
            residual,
            iterations,
            is_settled: residual <= solve.residual,
        }
    }

    /// Runs over rows: the slice, and where the row begins and ends in the arrays.
    fn each_row(&self, mut work: impl FnMut(usize, usize, usize)) {
        let [depth, rows, row] = self.padded.shape;
        for z in 0..depth {
            for y in 0..rows {
                let from = self.padded.at(z, y);
                work(z, from, from + row);
            }
        }
    }

    /// Runs over planes of an array: where each begins, and its values.
    fn planes(&self, threads: usize, array: &mut [f64], work: impl Fn(usize, &mut [f64]) + Sync) {
        let plane = self.padded.plane;
        threads::each(threads, array.chunks_mut(plane).enumerate(), |(at, values)| {
            work(at * plane, values);
        });
    }

    /// A sum of products, plane by plane and then over the planes.
    fn dot<T: Copy + Into<f64> + Sync>(&self, one: &[f64], other: &[T], threads: usize) -> f64 {
        let plane = self.padded.plane;
        let parts = threads::map(threads, one.len() / plane, |at| {
            let range = at * plane..(at + 1) * plane;
            let mut lanes = [0.0f64; 8];
            let ((ones, rest), (others, other_rest)) =
                (one[range.clone()].as_chunks::<8>(), other[range].as_chunks::<8>());
            for (one, other) in ones.iter().zip(others) {
                for (lane, (one, other)) in lanes.iter_mut().zip(one.iter().zip(other)) {
                    *lane += one * (*other).into();
                }
            }
            for (one, other) in rest.iter().zip(other_rest) {
                lanes[0] += one * (*other).into();
            }
            lanes.iter().sum::<f64>()
        });
        parts.iter().sum()
    }

    /// What each voxel gives away.
    fn multiply(&self, values: &[f64], product: &mut [f64], threads: usize) {
        let Padded { shape: [depth, rows, row], plane, line, .. } = self.padded;
        let [wz, wy, wx] = self.weights;
        self.planes(threads, product, |from, product| {
            let z = from / plane;
            if z == 0 || z > depth {
                return;
            }
            for y in 0..rows {
                let inner = (y + 1) * line + 1;
                let at = from + inner;
                let of = |at: usize| &values[at..at + row];
                let (here, diagonal) = (of(at), &self.diagonal[at..at + row]);
                let (left, right) = (of(at - 1), of(at + 1));
                let (above, below) = (of(at - line), of(at + line));
                let (before, behind) = (of(at - plane), of(at + plane));
                let out = &mut product[inner..inner + row];
                for x in 0..row {
                    let diagonal = diagonal[x];
                    let sum = wx * (left[x] + right[x])
                        + wy * (above[x] + below[x])
                        + wz * (before[x] + behind[x]);
                    let value = diagonal * here[x] - sum;
                    out[x] = if diagonal > 0.0 { value } else { 0.0 };
                }
            }
        });
    }

    /// Flows through the layers between slices, and through both faces.
    fn flows(&self, values: &[f64]) -> Vec<f64> {
        let [depth, ..] = self.padded.shape;
        let mut flows = vec![0.0; depth + 1];
        self.each_row(|z, from, to| {
            for at in (from..to).filter(|at| self.diagonal[*at] > 0.0) {
                let before = at - self.padded.plane;
                if z == 0 {
                    flows[0] += 2.0 * values[at];
                } else if self.diagonal[before] > 0.0 {
                    flows[z] += values[at] - values[before];
                }
                if z + 1 == depth {
                    flows[depth] += 2.0 * (1.0 - values[at]);
                }
            }
        });
        flows
    }
}
