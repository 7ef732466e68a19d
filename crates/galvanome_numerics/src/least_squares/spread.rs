//! The covariance of parameters, and which of them the data determine at all.

use super::step::{Reduced, length};

/// What is known of the spread of parameters.
pub(super) struct Spread {
    /// `(JᵀJ)⁻¹`, row after row; 0 for parameters that are held.
    pub(super) covariance: Vec<f64>,
    /// Whether each parameter is determined.
    pub(super) determined: Vec<bool>,
}

/// A direction is not determined when its singular value is below this part of the greatest, of columns of length 1.
const LOST: f64 = 1e-14;

/// A parameter is not determined when this much of it lies along such directions.
const SHARE: f64 = 1e-7;

/// The inverse of `JᵀJ` for the free parameters, by the singular values of the triangle with its columns scaled to
/// length 1, found by one-sided Jacobi rotations, which give small ones to full relative precision (J. Demmel and
/// K. Veselić, SIAM J. Matrix Anal. Appl. 13 (1992) 1204).
pub(super) fn spread(reduced: &Reduced, free: &[bool]) -> Spread {
    let n = reduced.len();
    let lengths: Vec<f64> = reduced.lengths().collect();
    let open: Vec<usize> = (0..n).filter(|at| free[*at] && lengths[*at] > 0.0).collect();
    let mut determined = vec![false; n];
    let mut covariance = vec![0.0; n * n];
    let columns: Vec<Vec<f64>> = open
        .iter()
        .map(|&at| reduced.column(at).iter().map(|one| one / lengths[at]).collect())
        .collect();
    let (turned, directions) = orthogonal(columns);
    let values: Vec<f64> = turned.iter().map(|column| length(column)).collect();
    let greatest = values.iter().copied().fold(0.0, f64::max);
    for (place, &at) in open.iter().enumerate() {
        let lost: f64 = values
            .iter()
            .zip(&directions)
            .filter(|(value, _)| **value <= LOST * greatest)
            .map(|(_, direction)| direction[place].powi(2))
            .sum();
        determined[at] = lost <= SHARE;
    }
    for (row, &one) in open.iter().enumerate() {
        for (column, &other) in open.iter().enumerate() {
            let sum: f64 = values
                .iter()
                .zip(&directions)
                .filter(|(value, _)| **value > LOST * greatest)
                .map(|(value, direction)| direction[row] * direction[column] / (value * value))
                .sum();
            covariance[one * n + other] = sum / (lengths[one] * lengths[other]);
        }
    }
    Spread { covariance, determined }
}

/// Rotates columns in pairs until all are at right angles. Gives them with the rotation: its column `k` holds how
/// the `k`-th of the new columns is made of the old.
fn orthogonal(mut columns: Vec<Vec<f64>>) -> (Vec<Vec<f64>>, Vec<Vec<f64>>) {
    const SWEEPS: usize = 60;
    let n = columns.len();
    let mut made: Vec<Vec<f64>> =
        (0..n).map(|k| (0..n).map(|i| if i == k { 1.0 } else { 0.0 }).collect()).collect();
    for _ in 0..SWEEPS {
        let mut is_done = true;
        for second in 1..n {
            for first in 0..second {
                let (a, b) = pair(&mut columns, first, second);
                let product: f64 = a.iter().zip(b.iter()).map(|(a, b)| a * b).sum();
                let (aa, bb) = (length(a).powi(2), length(b).powi(2));
                if product.abs() <= f64::EPSILON * (aa * bb).sqrt() {
                    continue;
                }
                is_done = false;
                let ratio = (bb - aa) / (2.0 * product);
                let tangent = ratio.signum() / (ratio.abs() + ratio.hypot(1.0));
                let cosine = 1.0 / tangent.hypot(1.0);
                rotate(a, b, cosine, tangent);
                let (a, b) = pair(&mut made, first, second);
                rotate(a, b, cosine, tangent);
            }
        }
        if is_done {
            break;
        }
    }
    (columns, made)
}

fn pair(columns: &mut [Vec<f64>], first: usize, second: usize) -> (&mut [f64], &mut [f64]) {
    let (before, after) = columns.split_at_mut(second);
    (&mut before[first], &mut after[0])
}

fn rotate(a: &mut [f64], b: &mut [f64], cosine: f64, tangent: f64) {
    for (a, b) in a.iter_mut().zip(b) {
        let (old_a, old_b) = (*a, *b);
        *a = cosine * (old_a - tangent * old_b);
        *b = cosine * (old_b + tangent * old_a);
    }
}
