//! Stiff curves that lie below: least squares with a penalty on bends, in which what rises above counts less.

use crate::whittaker::smooth;

/// A baseline that was iterated.
#[derive(Debug, Clone, PartialEq)]
pub struct Penalised {
    /// The baseline at each point.
    pub baseline: Vec<f64>,
    /// The last weight of each point: near 0 on peaks.
    pub weights: Vec<f64>,
    /// How often it was solved for.
    pub iterations: usize,
    /// Whether the weights had come to rest.
    pub is_settled: bool,
}

/// How often a baseline is solved for at most.
const MOST: usize = 200;

/// Asymmetric least squares: points above the baseline have the weight `above` (0 to 1, as 0.01), those below
/// `1 - above`; `stiffness` (as 1e5) holds it straight. Points are evenly spaced. It ends when no weight changes.
/// `None` when there are fewer than three points, a value is not finite, or a setting lies outside its range.
///
/// Source: P. H. C. Eilers, H. F. M. Boelens, Baseline correction with asymmetric least squares smoothing (2005).
pub fn asls(y: &[f64], stiffness: f64, above: f64) -> Option<Penalised> {
    if !(above > 0.0 && above < 1.0) {
        return None;
    }
    iterated(y, stiffness, |baseline, weights| {
        let mut is_settled = true;
        for ((weight, value), under) in weights.iter_mut().zip(y).zip(baseline) {
            let next = if value > under { above } else { 1.0 - above };
            is_settled &= *weight == next;
            *weight = next;
        }
        is_settled
    })
}

/// Asymmetrically reweighted penalised least squares: a point far above the baseline, in units of the spread of the
/// points below it, has next to no weight. `stiffness` (as 1e5) holds it straight. Points are evenly spaced. It ends
/// when the weights change by less than `tolerance` (as 1e-6) of their length. `None` as for [`asls`].
///
/// Source: S.-J. Baek, A. Park, Y.-J. Ahn, J. Choo, Analyst 140 (2015) 250.
pub fn arpls(y: &[f64], stiffness: f64, tolerance: f64) -> Option<Penalised> {
    if tolerance.is_nan() || tolerance <= 0.0 {
        return None;
    }
    iterated(y, stiffness, |baseline, weights| {
        let below: Vec<f64> = y
            .iter()
            .zip(baseline)
            .map(|(value, under)| value - under)
            .filter(|off| *off < 0.0)
            .collect();
        let count = below.len() as f64;
        if below.len() < 2 {
            return true;
        }
        let mean = below.iter().sum::<f64>() / count;
        let spread =
            (below.iter().map(|off| (off - mean).powi(2)).sum::<f64>() / (count - 1.0)).sqrt();
        if spread == 0.0 {
            return true;
        }
        let (mut change, mut length) = (0.0, 0.0);
        for ((weight, value), under) in weights.iter_mut().zip(y).zip(baseline) {
            let off = value - under;
            let next = 1.0 / (1.0 + (2.0 * (off - (2.0 * spread - mean)) / spread).exp());
            change += (*weight - next).powi(2);
            length += weight.powi(2);
            *weight = next;
        }
        change < tolerance.powi(2) * length
    })
}

/// Solves for a baseline with weights, beginning with 1, until `reweighted` says that they have come to rest.
fn iterated(
    y: &[f64],
    stiffness: f64,
    mut reweighted: impl FnMut(&[f64], &mut [f64]) -> bool,
) -> Option<Penalised> {
    let mut weights = vec![1.0; y.len()];
    let mut baseline = smooth(y, &weights, stiffness)?;
    let mut iterations = 1;
    while iterations < MOST {
        if reweighted(&baseline, &mut weights) {
            return Some(Penalised { baseline, weights, iterations, is_settled: true });
        }
        // Weights so small that nothing holds the baseline any more leave it as it was.
        let Some(next) = smooth(y, &weights, stiffness) else { break };
        baseline = next;
        iterations += 1;
    }
    Some(Penalised { baseline, weights, iterations, is_settled: false })
}
