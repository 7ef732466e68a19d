//! The linear problem of one step: the Jacobian in triangular form, and damped steps within bounds from it.

use super::range::Range;

/// The Jacobian `J = Q R` and the residuals `Qᵀ r`, without what no step can change.
pub(super) struct Reduced {
    n: usize,
    /// Upper triangle, column after column.
    triangle: Vec<f64>,
    /// The first `n` of `Qᵀ r`.
    turned: Vec<f64>,
}

impl Reduced {
    /// Turns a Jacobian (columns of the length of the residuals) into a triangle by Householder's reflections.
    pub(super) fn of(jacobian: &[f64], residuals: &[f64], n: usize) -> Self {
        let rows = residuals.len();
        let mut work = jacobian.to_vec();
        work.extend_from_slice(residuals);
        triangular(&mut work, rows, n, n + 1);
        let mut triangle = vec![0.0; n * n];
        for column in 0..n {
            triangle[column * n..=column * n + column]
                .copy_from_slice(&work[column * rows..=column * rows + column]);
        }
        let turned = work[n * rows..n * rows + n].to_vec();
        Self { n, triangle, turned }
    }

    /// How many parameters there are.
    pub(super) fn len(&self) -> usize {
        self.n
    }

    /// A column of the triangle.
    pub(super) fn column(&self, at: usize) -> &[f64] {
        &self.triangle[at * self.n..(at + 1) * self.n]
    }

    /// The lengths of the Jacobian's columns.
    pub(super) fn lengths(&self) -> impl Iterator<Item = f64> {
        (0..self.n).map(|at| length(self.column(at)))
    }

    /// `Jᵀ r`, half the gradient of the sum of squares.
    pub(super) fn gradient(&self) -> Vec<f64> {
        (0..self.n).map(|at| dot(self.column(at), &self.turned)).collect()
    }

    /// By how much the linear model lessens the sum of squares with a step: `-(2 gᵀp + pᵀJᵀJp)`.
    pub(super) fn reduction(&self, step: &[f64]) -> f64 {
        let mut moved = vec![0.0; self.n];
        for (at, by) in step.iter().enumerate() {
            add(&mut moved, *by, self.column(at));
        }
        -moved
            .iter()
            .zip(&self.turned)
            .map(|(moved, turned)| moved * (moved + 2.0 * turned))
            .sum::<f64>()
    }
}

/// The step that makes `|R p + Qᵀr|² + damping · |scale p|²` smallest for the free parameters, of which none leaves
/// its room: the one that would be the first to leave stays at the end and the others are solved for anew. The
/// others stay where they are. Without damping a step along a direction that nothing determines may be infinite.
pub(super) fn bounded_step(
    reduced: &Reduced,
    damping: (&[f64], f64),
    free: &[bool],
    room: &[Range],
) -> Vec<f64> {
    let n = reduced.len();
    let mut step = vec![0.0; n];
    let mut open: Vec<usize> = (0..n).filter(|at| free[*at]).collect();
    let mut target = reduced.turned.clone();
    let mut work = Vec::new();
    while !open.is_empty() {
        let rows = damped(reduced, damping, &open, &target, &mut work);
        let found = back_substituted(&work, rows, open.len());
        let leaves = |place: usize| {
            let (by, room) = (found[place], room[open[place]]);
            let end = if by > room.upper {
                room.upper
            } else if by < room.lower {
                room.lower
            } else {
                return None;
            };
            Some((end / by, place, end))
        };
        let first = (0..open.len()).filter_map(leaves).min_by(|a, b| a.0.total_cmp(&b.0));
        let Some((_, place, end)) = first else {
            for (at, by) in open.iter().zip(found) {
                step[*at] = by;
            }
            break;
        };
        let at = open.remove(place);
        step[at] = end;
        add(&mut target, end, reduced.column(at));
    }
    step
}

/// The correction of a step for the model's bend: what solves `(RᵀR + damping · scale²) a = pull` for the free
/// parameters that the step does not take to the end of their room. It ends there where it would lead out.
pub(super) fn bent_step(
    reduced: &Reduced,
    damping: (&[f64], f64),
    free: &[bool],
    (step, room): (&[f64], &[Range]),
    pull: &[f64],
) -> Vec<f64> {
    let n = reduced.len();
    let open: Vec<usize> = (0..n)
        .filter(|&at| free[at] && step[at] > room[at].lower && step[at] < room[at].upper)
        .collect();
    let mut work = Vec::new();
    let rows = damped(reduced, damping, &open, &vec![0.0; n], &mut work);
    // The triangle's transpose first, then the triangle.
    let last = open.len() * rows;
    for (place, &at) in open.iter().enumerate() {
        let (columns, right) = work.split_at_mut(last);
        let column = &columns[place * rows..=place * rows + place];
        let known = dot(&column[..place], &right[..place]);
        right[place] = if column[place] == 0.0 { 0.0 } else { (pull[at] - known) / column[place] };
    }
    let mut correction = vec![0.0; n];
    for (&at, by) in open.iter().zip(back_substituted(&work, rows, open.len())) {
        correction[at] = by.clamp(room[at].lower - step[at], room[at].upper - step[at]);
    }
    correction
}

/// Writes the triangle of the damped problem for the open parameters into `work`, with the target behind it. Gives
/// how many rows it has.
fn damped(
    reduced: &Reduced,
    (scale, damping): (&[f64], f64),
    open: &[usize],
    target: &[f64],
    work: &mut Vec<f64>,
) -> usize {
    let n = reduced.len();
    let rows = n + open.len();
    work.clear();
    work.resize(rows * (open.len() + 1), 0.0);
    for (place, &at) in open.iter().enumerate() {
        let column = &mut work[place * rows..(place + 1) * rows];
        column[..n].copy_from_slice(reduced.column(at));
        column[n + place] = damping.sqrt() * if scale[at] > 0.0 { scale[at] } else { 1.0 };
    }
    let last = open.len() * rows;
    for (out, target) in work[last..last + n].iter_mut().zip(target) {
        *out = -target;
    }
    triangular(work, rows, open.len(), open.len() + 1);
    rows
}

/// Makes the first `n` of `columns` columns of `rows` rows upper triangular, reflecting the others with them.
fn triangular(work: &mut [f64], rows: usize, n: usize, columns: usize) {
    for pivot in 0..n {
        let (before, after) = work.split_at_mut((pivot + 1) * rows);
        let column = &mut before[pivot * rows + pivot..];
        let norm = length(column);
        if norm == 0.0 {
            continue;
        }
        // The reflection that maps the column onto its first axis, away from it, so that nothing cancels.
        let head = if column[0] > 0.0 { -norm } else { norm };
        column[0] -= head;
        // |v|² / 2 = -head · v₀.
        let half = -head * column[0];
        for other in 0..columns - pivot - 1 {
            let other = &mut after[other * rows + pivot..(other + 1) * rows];
            let share = dot(column, other) / half;
            add(other, -share, column);
        }
        column[0] = head;
    }
}

/// Solves the triangle in the first `n` columns for the column behind them. A zero on the diagonal gives no part of
/// that parameter.
fn back_substituted(work: &[f64], rows: usize, n: usize) -> Vec<f64> {
    let mut right = work[n * rows..n * rows + n].to_vec();
    for at in (0..n).rev() {
        let column = &work[at * rows..at * rows + n];
        let value = if column[at] == 0.0 { 0.0 } else { right[at] / column[at] };
        right[at] = value;
        let (above, _) = right.split_at_mut(at);
        add(above, -value, &column[..at]);
    }
    right
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    // Four sums side by side, so that the processor need not wait for one.
    let mut sums = [0.0; 4];
    let (a4, a_rest) = a.as_chunks::<4>();
    let (b4, b_rest) = b.as_chunks::<4>();
    for (a, b) in a4.iter().zip(b4) {
        for at in 0..4 {
            sums[at] += a[at] * b[at];
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums[0] + sums[1] + (sums[2] + sums[3]) + rest
}

/// The Euclidean length, without overflow.
pub(super) fn length(values: &[f64]) -> f64 {
    let plain = dot(values, values);
    if plain.is_normal() && plain < 1e290 {
        return plain.sqrt();
    }
    let largest = values.iter().fold(0.0_f64, |most, one| most.max(one.abs()));
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    largest * values.iter().map(|one| (one / largest).powi(2)).sum::<f64>().sqrt()
}

fn add(to: &mut [f64], factor: f64, values: &[f64]) {
    for (to, value) in to.iter_mut().zip(values) {
        *to += factor * value;
    }
}
