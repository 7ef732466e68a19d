//! What volumes of voxels say: thresholds, fractions, surfaces, connectivity, distances, sizes, correlations, transport.
//!
//! Voxels lie row-major, shape `[z, y, x]`. What can be gathered in one pass with memory for a few slices is an
//! accumulator, to which slabs (some slices at a time) are given in the order of z: [`Extent`], [`Histogram`],
//! [`Profile`], [`Components`], [`Minkowski`], [`Representativity`]. It does not matter to any bit of a result how a
//! volume is cut into slabs. What needs the whole takes a [`Mask`], one bit a voxel.
//!
//! Where a number of threads is asked for, 0 counts as 1, and the result is the same, bit for bit, for any number: sums
//! are taken in parts that do not depend on it, in one order.

mod components;
mod distance;
mod histogram;
mod labels;
mod mask;
mod minkowski;
mod profile;
mod representativity;
mod runs;
mod thickness;
mod threads;
mod threshold;
mod tortuosity;
mod two_point;

pub use self::components::{Components, Connected, Connectivity, SizeCounts, Through};
pub use self::distance::squared_distances;
pub use self::histogram::{Extent, Histogram};
pub use self::labels::{Labels, label, through};
pub use self::mask::Mask;
pub use self::minkowski::{Functionals, Minkowski};
pub use self::profile::{Part, Profile, Region};
pub use self::representativity::{Representativity, Tiled};
pub use self::thickness::{Granulometry, granulometry, local_thickness};
pub use self::threshold::{multi_otsu, otsu};
pub use self::tortuosity::{Solve, Tortuosity, Transport, tortuosity};
pub use self::two_point::{AxisPairs, Edges, Shell, two_point_axes, two_point_radial};

/// One of the three directions of the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Axis {
    /// From slice to slice.
    Z,
    /// From row to row.
    Y,
    /// Along a row.
    X,
}

impl Axis {
    /// All three, in the order of a shape.
    pub const ALL: [Self; 3] = [Self::Z, Self::Y, Self::X];

    /// Its place in a shape.
    pub fn index(self) -> usize {
        match self {
            Self::Z => 0,
            Self::Y => 1,
            Self::X => 2,
        }
    }
}

/// Number of voxels of a shape; `None` when it overflows.
fn count(shape: [usize; 3]) -> Option<usize> {
    shape.iter().try_fold(1usize, |product, &side| product.checked_mul(side))
}

/// Whether edge lengths of a voxel are lengths.
fn are_lengths(spacing: [f64; 3]) -> bool {
    spacing.iter().all(|&one| one > 0.0 && one.is_finite())
}
