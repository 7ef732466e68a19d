//! How a fraction changes with the size of the volume that one looks at, slab by slab.

use super::{Mask, Part};

/// A phase's fraction in cubes of one size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tiled {
    /// The edge of the cubes in voxels.
    pub edge: usize,
    /// How many cubes were whole.
    pub tiles: u64,
    /// The mean of their fractions.
    pub mean: f64,
    /// The standard deviation of their fractions (divisor `n - 1`): what another piece of this size would differ by.
    /// `None` below two cubes.
    pub standard_deviation: Option<f64>,
}

/// Cubes of one size that are being filled.
#[derive(Debug, Clone)]
struct Tiles {
    edge: usize,
    /// Voxels of the phase in each cube of the layer that is being filled.
    counts: Vec<u64>,
    done: Part,
}

/// Cuts a volume into cubes of several sizes, side by side from its first corner, and compares the fractions in them.
/// What is left beyond whole cubes is not used.
///
/// Cubes side by side are not quite independent, so that the spread tells a little too little.
///
/// Source: T. Kanit and others, Int. J. Solids Struct. 40 (2003) 3647.
#[derive(Debug, Clone)]
pub struct Representativity {
    shape: [usize; 3],
    slices: usize,
    sizes: Vec<Tiles>,
}

impl Representativity {
    /// For cubes of the given `edges` (in voxels) in a volume of `shape` (z, y, x). `None` when an edge is 0 or longer
    /// than a side.
    pub fn new(shape: [usize; 3], edges: &[usize]) -> Option<Self> {
        let fits = |edge: &usize| *edge > 0 && shape.iter().all(|side| edge <= side);
        let tiles = |edge: &usize| Tiles {
            edge: *edge,
            counts: vec![0; (shape[1] / edge) * (shape[2] / edge)],
            done: Part::default(),
        };
        edges.iter().all(fits).then(|| Self {
            shape,
            slices: 0,
            sizes: edges.iter().map(tiles).collect(),
        })
    }

    /// Takes in the next slices. `None`, and nothing is taken in, when they have another size or are more than there are.
    pub fn add(&mut self, slab: &Mask) -> Option<()> {
        let [slices, rows, row] = slab.shape();
        if [rows, row] != self.shape[1..] || slices > self.shape[0] - self.slices {
            return None;
        }
        for z in 0..slices {
            self.slices += 1;
            for size in &mut self.sizes {
                let across = row / size.edge;
                for y in 0..rows / size.edge * size.edge {
                    let words = slab.row(z, y);
                    let counts = size.counts.iter_mut().skip(y / size.edge * across).take(across);
                    for (at, count) in counts.enumerate() {
                        *count += ones(words, at * size.edge, (at + 1) * size.edge);
                    }
                }
                if self.slices.is_multiple_of(size.edge) {
                    let voxels = (size.edge as f64).powi(3);
                    for count in &mut size.counts {
                        let fraction = *count as f64 / voxels;
                        size.done.join(Part { n: 1, mean: fraction, sum_of_squares: 0.0 });
                        *count = 0;
                    }
                }
            }
        }
        Some(())
    }

    /// What was found for each edge, in the order in which they were given.
    pub fn sizes(&self) -> Vec<Tiled> {
        let tiled = |size: &Tiles| Tiled {
            edge: size.edge,
            tiles: size.done.n,
            mean: if size.done.n == 0 { f64::NAN } else { size.done.mean },
            standard_deviation: size.done.standard_deviation(),
        };
        self.sizes.iter().map(tiled).collect()
    }
}

/// How many bits are set from `start` to before `end`.
fn ones(words: &[u64], start: usize, end: usize) -> u64 {
    let mut sum = 0;
    for (at, word) in words.iter().enumerate().take(end.div_ceil(64)).skip(start / 64) {
        let from = start.saturating_sub(64 * at);
        let to = (end - 64 * at).min(64);
        sum += u64::from((word & (u64::MAX << from) & (u64::MAX >> (64 - to))).count_ones());
    }
    sum
}
