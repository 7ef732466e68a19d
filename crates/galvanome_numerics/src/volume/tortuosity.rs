//! Tortuosity factor: how much slower diffusion through a phase is than its fraction says.

mod multigrid;
mod solver;

use self::solver::Grid;
use super::{Axis, Connectivity, Mask, are_lengths, through};

/// How accurately the equations are solved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Solve {
    /// Where the iteration ends: the norm of what is missing in the balances of all voxels, by that of the flow
    /// which the fixed values give.
    pub residual: f64,
    /// The most iterations.
    pub iterations: usize,
    /// Threads; the result does not depend on them.
    pub threads: usize,
}

impl Default for Solve {
    /// A residual of 10⁻⁶, which leaves the tortuosity factor within 10⁻⁵ of its limit in porous media.
    fn default() -> Self {
        Self { residual: 1e-6, iterations: 20_000, threads: 1 }
    }
}

/// Transport through a phase along an axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Transport {
    /// The tortuosity factor τ = ε / D_rel: 1 for straight channels.
    pub factor: f64,
    /// The effective by the bulk diffusivity (or conductivity), D_rel.
    pub relative_diffusivity: f64,
    /// The phase's fraction ε, with the parts that are not connected.
    pub fraction: f64,
    /// The fraction of the parts that reach from face to face, in which it was solved.
    pub through_fraction: f64,
    /// The residual that was reached.
    pub residual: f64,
    /// By how much the flow through the layers differs, (largest - smallest) / mean: 0 for an exact solution.
    pub flow_spread: f64,
    /// How many iterations it took.
    pub iterations: usize,
    /// Whether the residual that was asked for was reached.
    pub is_settled: bool,
}

/// What can be said about transport through a phase.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Tortuosity {
    /// It was solved.
    Through(Transport),
    /// The phase (of this fraction) does not reach from face to face: nothing flows, and there is no factor.
    NotConnected {
        /// The phase's fraction.
        fraction: f64,
    },
}

/// The tortuosity factor of a phase along `axis`, for voxels with edges of `spacing` (z, y, x). `None` when an edge is no
/// length, the volume is empty or has more than 2³³ voxels.
///
/// Laplace's equation on the voxels of the phase that reach from face to face (by common faces): each exchanges with its
/// six neighbours in the phase, those of the first and last layer with fixed values half a voxel away, nothing passes
/// any other face. Discretisation and formula as taufactor's `Solver` (S. J. Cooper and others, SoftwareX 5 (2016) 203),
/// whose finite differences make narrow channels too tortuous. Solved by conjugate gradients, preconditioned by
/// aggregation over several grids. It takes about 70 bytes a voxel of the volume.
pub fn tortuosity(mask: &Mask, axis: Axis, spacing: [f64; 3], solve: &Solve) -> Option<Tortuosity> {
    if !are_lengths(spacing) || mask.voxels() == 0 {
        return None;
    }
    let fraction = mask.fraction();
    let through = through(mask, Connectivity::Faces, axis)?;
    if through.count() == 0 {
        return Some(Tortuosity::NotConnected { fraction });
    }
    let along = through.with_axis_first(axis);
    let mut edges = spacing;
    edges.swap(0, axis.index());
    let [dz, dy, dx] = edges;
    // Conductances between neighbours, in units of that along the axis.
    let weights = [1.0, (dz / dy).powi(2), (dz / dx).powi(2)];
    let solved = Grid::new(&along, weights)?.solve(solve);
    let [depth, rows, row] = along.shape();
    let relative_diffusivity = solved.flow * depth as f64 / (rows as f64 * row as f64);
    Some(Tortuosity::Through(Transport {
        factor: fraction / relative_diffusivity,
        relative_diffusivity,
        fraction,
        through_fraction: through.fraction(),
        residual: solved.residual,
        flow_spread: solved.flow_spread,
        iterations: solved.iterations,
        is_settled: solved.is_settled,
    }))
}
