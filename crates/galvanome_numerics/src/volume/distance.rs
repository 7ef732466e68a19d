//! Exact Euclidean distances to the nearest voxel outside a phase.

use super::{Mask, are_lengths, threads};

/// Columns that are worked on at once.
const LANES: usize = 16;

/// For each voxel (row-major z, y, x) the squared distance from its middle to that of the nearest voxel of the volume that
/// is outside the phase, in the unit of `spacing` (edges of a voxel along z, y, x) squared; 0 outside the phase, infinite
/// everywhere when nothing is outside. What lies beyond the volume is neither. Exact for voxels with whole edges whose
/// result is below 2²⁴, otherwise to single precision. `None` when an edge is no length.
///
/// It takes four bytes a voxel beside the mask, and the same result for any number of threads. The time grows with the
/// number of voxels alone.
///
/// Source: one direction after the other; where the distances are small by looking at all voxels as near as the best
/// one so far, otherwise by lower envelopes of parabolas, P. F. Felzenszwalb, D. P. Huttenlocher, Theory Comput. 8
/// (2012) 415.
pub fn squared_distances(mask: &Mask, spacing: [f64; 3], threads: usize) -> Option<Vec<f32>> {
    squared_distances_up_to(mask, spacing, f32::INFINITY, threads)
}

/// As [`squared_distances`], with `limit` for all that would be larger, which saves time where it is small.
pub(super) fn squared_distances_up_to(
    mask: &Mask,
    spacing: [f64; 3],
    limit: f32,
    threads: usize,
) -> Option<Vec<f32>> {
    if !are_lengths(spacing) {
        return None;
    }
    let [depth, rows, row] = mask.shape();
    let mut field = vec![0.0f32; usize::try_from(mask.voxels()).ok()?];
    if field.is_empty() {
        return Some(field);
    }
    let squares = Squares::new(row, spacing[2], limit);
    let within = Scale::new(rows, spacing[1]);
    threads::each(threads, field.chunks_mut(rows * row).enumerate(), |(z, slice)| {
        for (y, line) in slice.chunks_mut(row).enumerate() {
            squares.fill(mask.row(z, y), line, limit);
        }
        let mut lines: Vec<&mut [f32]> = slice.chunks_mut(row).collect();
        columns(&mut lines, &within, limit);
    });
    let across = Scale::new(depth, spacing[0]);
    let mut by_row: Vec<Vec<&mut [f32]>> = (0..rows).map(|_| Vec::with_capacity(depth)).collect();
    for slice in field.chunks_mut(rows * row) {
        for (lines, line) in by_row.iter_mut().zip(slice.chunks_mut(row)) {
            lines.push(line);
        }
    }
    threads::each(threads, by_row.iter_mut(), |lines| columns(lines, &across, limit));
    Some(field)
}

/// Squared distances along a row, ascending and descending.
struct Squares {
    up: Vec<f32>,
    down: Vec<f32>,
}

impl Squares {
    fn new(row: usize, step: f64, limit: f32) -> Self {
        let up: Vec<f32> =
            (0..=row).map(|at| ((at as f64 * step).powi(2) as f32).min(limit)).collect();
        let down = up.iter().rev().copied().collect();
        Self { up, down }
    }

    /// Distances to the nearest voxel of a row that is outside the phase.
    fn fill(&self, words: &[u64], line: &mut [f32], limit: f32) {
        let row = line.len();
        let mut places = Vec::new();
        super::runs::transitions(words, row, &mut places);
        for [start, end] in places.as_chunks::<2>().0 {
            let (start, end) = (*start as usize, *end as usize);
            let run = &mut line[start..end];
            let many = run.len();
            match (start > 0, end < row) {
                (false, false) => run.fill(limit),
                (true, false) => run.copy_from_slice(&self.up[1..=many]),
                (false, true) => run.copy_from_slice(&self.down[row - many..row]),
                (true, true) => {
                    let half = many.div_ceil(2);
                    run[..half].copy_from_slice(&self.up[1..=half]);
                    run[half..].copy_from_slice(&self.down[row - (many - half)..row]);
                }
            }
        }
    }
}

/// What distances along a column are made of.
struct Scale {
    /// Squared distances.
    squares: Vec<f32>,
    /// The squared step.
    unit: f64,
    /// 1 / (2 n unit) for n steps.
    halves: Vec<f64>,
}

impl Scale {
    fn new(many: usize, step: f64) -> Self {
        let unit = step * step;
        Self {
            squares: (0..=many).map(|at| (at as f64 * step).powi(2) as f32).collect(),
            unit,
            halves: (0..=many).map(|at| 0.5 / (at as f64 * unit)).collect(),
        }
    }
}

/// Takes one more direction into squared distances: that from line to line.
fn columns(lines: &mut [&mut [f32]], scale: &Scale, limit: f32) {
    let many = lines.len();
    let row = lines.first().map_or(0, |line| line.len());
    let mut column = vec![[0.0f32; LANES]; many];
    let mut out = column.clone();
    let mut envelope = Envelope::default();
    for from in (0..row).step_by(LANES) {
        let width = LANES.min(row - from);
        let (mut least, mut most) = ([f32::INFINITY; LANES], [0.0f32; LANES]);
        for (place, line) in column.iter_mut().zip(&*lines) {
            place[..width].copy_from_slice(&line[from..from + width]);
            for ((value, least), most) in place.iter().zip(&mut least).zip(&mut most) {
                *least = if *value < *least { *value } else { *least };
                *most = if *value > *most { *value } else { *most };
            }
        }
        let least = least.iter().fold(f32::INFINITY, |least, value| least.min(*value));
        let most = largest(&most);
        if most == 0.0 || least >= limit {
            // Nothing of the phase here, or nothing outside it.
            continue;
        }
        if !near(&column, &mut out, scale) {
            for lane in 0..width {
                envelope.column(&column, &mut out, lane, scale);
            }
        }
        for (place, line) in out.iter().zip(&mut *lines) {
            line[from..from + width].copy_from_slice(&place[..width]);
        }
    }
}

/// Looks from each place as far to both sides as could still be nearer. Gives up, and says so, when that is far on average.
fn near(column: &[[f32; LANES]], out: &mut [[f32; LANES]], scale: &Scale) -> bool {
    let many = column.len();
    let mut left = FAR * many;
    for at in 0..many {
        let mut best = column[at];
        let mut steps = 1;
        loop {
            let most = largest(&best);
            // Four steps between two looks at how far it may go.
            let mut is_done = true;
            for _ in 0..4 {
                let Some(&square) = scale.squares.get(steps).filter(|_| steps < many) else {
                    break;
                };
                if square >= most {
                    break;
                }
                match (at.checked_sub(steps), column.get(at + steps)) {
                    (Some(before), Some(after)) => {
                        for (best, (a, b)) in best.iter_mut().zip(column[before].iter().zip(after))
                        {
                            let nearer = if a < b { *a } else { *b } + square;
                            *best = if nearer < *best { nearer } else { *best };
                        }
                    }
                    (Some(before), None) => take(&mut best, &column[before], square),
                    (None, Some(after)) => take(&mut best, after, square),
                    (None, None) => break,
                }
                steps += 1;
                is_done = false;
            }
            if is_done {
                break;
            }
        }
        out[at] = best;
        match left.checked_sub(steps) {
            Some(rest) => left = rest,
            None => return false,
        }
    }
    true
}

/// The largest of the lanes, halves at a time, which a processor takes at once.
fn largest(lanes: &[f32; LANES]) -> f32 {
    let larger = |a: f32, b: f32| if a > b { a } else { b };
    let mut eight: [f32; 8] = std::array::from_fn(|at| larger(lanes[at], lanes[at + 8]));
    for half in [4, 2, 1] {
        for at in 0..half {
            eight[at] = larger(eight[at], eight[at + half]);
        }
    }
    eight[0]
}

/// Steps to either side that cost as much as an envelope.
const FAR: usize = 48;

fn take(best: &mut [f32; LANES], other: &[f32; LANES], square: f32) {
    for (best, other) in best.iter_mut().zip(other) {
        let nearer = other + square;
        *best = if nearer < *best { nearer } else { *best };
    }
}

/// The lower envelope of parabolas.
#[derive(Default)]
struct Envelope {
    /// Where each parabola stands, its height there, and from where on it is lowest.
    parabolas: Vec<(usize, f64, f64)>,
}

impl Envelope {
    fn column(
        &mut self,
        column: &[[f32; LANES]],
        out: &mut [[f32; LANES]],
        lane: usize,
        scale: &Scale,
    ) {
        self.parabolas.clear();
        for (at, place) in column.iter().enumerate() {
            let height = f64::from(place[lane]);
            if height == f64::INFINITY {
                continue;
            }
            let mut from = f64::NEG_INFINITY;
            while let Some(&(top, top_height, top_from)) = self.parabolas.last() {
                let apart = at - top;
                // Where the two meet, from the place of the one before.
                let meet =
                    top as f64 + (height - top_height) * scale.halves[apart] + 0.5 * apart as f64;
                if meet > top_from {
                    from = meet;
                    break;
                }
                self.parabolas.pop();
            }
            self.parabolas.push((at, height, from));
        }
        let mut rest = self.parabolas.as_slice();
        for (at, place) in out.iter_mut().enumerate() {
            while let [_, next, ..] = rest {
                if next.2 > at as f64 {
                    break;
                }
                rest = &rest[1..];
            }
            let Some(&(from, height, _)) = rest.first() else { break };
            let steps = at.abs_diff(from);
            place[lane] = (steps as f64 * steps as f64).mul_add(scale.unit, height) as f32;
        }
    }
}
