//! Statistics of values that count differently.

use crate::sum::compensated;

/// Whether there is a weight for each value, none negative, and some positive.
fn is_usable(values: &[f64], weights: &[f64]) -> bool {
    values.len() == weights.len()
        && values.iter().all(|value| value.is_finite())
        && weights.iter().all(|weight| weight.is_finite() && *weight >= 0.0)
        && weights.iter().any(|weight| *weight > 0.0)
}

/// The weighted mean. `None` when a value or weight is not finite, a weight is negative, or all are 0.
pub fn mean(values: &[f64], weights: &[f64]) -> Option<f64> {
    if !is_usable(values, weights) {
        return None;
    }
    let total = compensated(weights.iter().copied());
    let mean =
        compensated(values.iter().zip(weights).map(|(value, weight)| value * weight)) / total;
    mean.is_finite().then_some(mean)
}

/// The weighted standard deviation of values whose weights say how reliable each is: unbiased in its square when the
/// variance of each is the inverse of its weight up to a factor. `None` as for [`mean`], and for a single value of weight.
///
/// Source: `Σw(x−x̄)² / (W − Σw²/W)`, GNU Scientific Library manual, "Weighted samples".
pub fn deviation(values: &[f64], weights: &[f64]) -> Option<f64> {
    let mean = mean(values, weights)?;
    let total = compensated(weights.iter().copied());
    let squares = compensated(weights.iter().map(|weight| weight * weight));
    let freedom = total - squares / total;
    if freedom <= total * 1e-12 {
        return None;
    }
    let about = values.iter().zip(weights).map(|(value, weight)| weight * (value - mean).powi(2));
    Some((compensated(about) / freedom).sqrt())
}

/// The weighted median: half of the weight lies on either side, and where a value parts the weight in halves, the
/// mean of it and the next. `None` as for [`mean`].
///
/// ```
/// assert_eq!(galvanome_numerics::weighted::median(&[1.0, 2.0, 9.0], &[1.0, 1.0, 3.0]), Some(9.0));
/// ```
pub fn median(values: &[f64], weights: &[f64]) -> Option<f64> {
    if !is_usable(values, weights) {
        return None;
    }
    let mut pairs: Vec<(f64, f64)> =
        values.iter().copied().zip(weights.iter().copied()).filter(|pair| pair.1 > 0.0).collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = 0.5 * compensated(pairs.iter().map(|pair| pair.1));
    let mut below = 0.0;
    for (place, (value, weight)) in pairs.iter().enumerate() {
        below += weight;
        if (below - half).abs() <= half * 1e-12 {
            let next = pairs.get(place + 1).map_or(*value, |pair| pair.0);
            return Some(0.5 * value + 0.5 * next);
        }
        if below > half {
            return Some(*value);
        }
    }
    pairs.last().map(|pair| pair.0)
}
