//! Smoothing by a penalty on second differences.

/// The curve `z` that makes `Σ wᵢ (yᵢ - zᵢ)² + stiffness · Σ (zᵢ₋₁ - 2 zᵢ + zᵢ₊₁)²` smallest, for evenly spaced points.
/// A weight of 0 leaves a point out and bridges it. `None` when the lengths differ, there are fewer than three
/// points, the stiffness is not positive, a value is not finite, a weight is negative, or fewer than two points
/// have a weight.
///
/// Time and memory grow with the number of points: the matrix has five diagonals.
///
/// Source: E. T. Whittaker, Proc. Edinburgh Math. Soc. 41 (1923) 63; P. H. C. Eilers, Anal. Chem. 75 (2003) 3631.
///
/// ```
/// // A straight line costs nothing.
/// let line = [1.0, 2.0, 3.0, 4.0];
/// let smooth = galvanome_numerics::whittaker::smooth(&line, &[1.0; 4], 1e3).unwrap();
/// assert!(smooth.iter().zip(line).all(|(found, given)| (found - given).abs() < 1e-9));
/// ```
pub fn smooth(y: &[f64], weights: &[f64], stiffness: f64) -> Option<Vec<f64>> {
    let n = y.len();
    let weighted = weights.iter().filter(|weight| **weight > 0.0).count();
    let is_sound = n >= 3
        && weights.len() == n
        && weighted >= 2
        && stiffness > 0.0
        && stiffness.is_finite()
        && y.iter().all(|one| one.is_finite())
        && weights.iter().all(|one| one.is_finite() && *one >= 0.0);
    if !is_sound {
        return None;
    }
    // L D Lᵀ of W + stiffness · DᵀD, row after row; `below` holds the two diagonals of L below the main one.
    let (mut pivots, mut below) = (Vec::with_capacity(n), Vec::<[f64; 2]>::with_capacity(n));
    let mut solved = Vec::with_capacity(n);
    for (at, (value, weight)) in y.iter().zip(weights).enumerate() {
        let [same, next, second] = penalty(n, at);
        let last = at.checked_sub(1).and_then(|at| Some((*pivots.get(at)?, *below.get(at)?)));
        let before = at.checked_sub(2).and_then(|at| Some((*pivots.get(at)?, *below.get(at)?)));
        let (last_pivot, last_below): (f64, [f64; 2]) = last.unwrap_or((0.0, [0.0; 2]));
        let (before_pivot, before_below): (f64, [f64; 2]) = before.unwrap_or((0.0, [0.0; 2]));
        let pivot = weight + stiffness * same
            - last_below[0].powi(2) * last_pivot
            - before_below[1].powi(2) * before_pivot;
        if pivot.is_nan() || pivot <= 0.0 {
            return None;
        }
        let first = (stiffness * next - last_below[1] * last_below[0] * last_pivot) / pivot;
        pivots.push(pivot);
        below.push([first, stiffness * second / pivot]);
        let of = |back: usize| {
            at.checked_sub(back).and_then(|at| solved.get(at).copied()).unwrap_or(0.0)
        };
        solved.push(weight * value - last_below[0] * of(1) - before_below[1] * of(2));
    }
    for (one, pivot) in solved.iter_mut().zip(&pivots) {
        *one /= pivot;
    }
    let mut after = [0.0; 2];
    for (one, below) in solved.iter_mut().zip(&below).rev() {
        *one -= below[0] * after[0] + below[1] * after[1];
        after = [*one, after[0]];
    }
    Some(solved)
}

/// The diagonal and the two above it of `DᵀD` in a row, of second differences of `n` points.
fn penalty(n: usize, at: usize) -> [f64; 3] {
    let has = |centre: Option<usize>| centre.is_some_and(|centre| centre >= 1 && centre + 1 < n);
    let part = |centre: Option<usize>, value: f64| if has(centre) { value } else { 0.0 };
    let (before, here, after) = (at.checked_sub(1), Some(at), Some(at + 1));
    [
        part(before, 1.0) + part(here, 4.0) + part(after, 1.0),
        part(here, -2.0) + part(after, -2.0),
        part(after, 1.0),
    ]
}
