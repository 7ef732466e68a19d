//! Middle and spread of a sample that outliers do not move.

/// The median; of an even number of values the mean of the middle two. `None` when there are no values or one is
/// not a number.
///
/// ```
/// assert_eq!(galvanome_numerics::median::median(&[3.0, 1.0, 100.0, 2.0]), Some(2.5));
/// ```
pub fn median(values: &[f64]) -> Option<f64> {
    if values.iter().any(|value| value.is_nan()) {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let below = *sorted.get(sorted.len().checked_sub(1)? / 2)?;
    let above = *sorted.get(sorted.len() / 2)?;
    // Halved first, so that large values do not overflow; equal infinities stay what they are.
    Some(if below == above { below } else { 0.5 * below + 0.5 * above })
}

/// The median of the distances from the median, times 1.4826: for normal values an estimate of their standard
/// deviation, at 37 % efficiency. 0 when more than half of the values are equal; too small on average for few
/// values (by a fifth for 5). `None` as for [`median`].
///
/// Source: F. R. Hampel, J. Am. Stat. Assoc. 69 (1974) 383; the factor is 1/Φ⁻¹(3/4).
pub fn deviation(values: &[f64]) -> Option<f64> {
    let middle = median(values)?;
    let distances: Vec<f64> = values.iter().map(|value| (value - middle).abs()).collect();
    Some(TO_NORMAL * median(&distances)?)
}

/// 1/Φ⁻¹(3/4).
const TO_NORMAL: f64 = 1.482602218505602;
