//! Sums that do not lose small terms.

/// The sum of `terms`, compensated: the error is that of one rounding, not of `n`, as long as the terms do
/// not cancel by more than sixteen digits. An empty sum is 0; a sum that overflows is infinite.
///
/// Source: A. Neumaier, Z. angew. Math. Mech. 54 (1974) 39, the improved Kahan–Babuška algorithm.
///
/// ```
/// assert_eq!(galvanome_numerics::sum::compensated([1.0, 1e100, 1.0, -1e100]), 2.0);
/// ```
pub fn compensated(terms: impl IntoIterator<Item = f64>) -> f64 {
    let mut sum = 0.0_f64;
    let mut lost = 0.0_f64;
    for term in terms {
        let next = sum + term;
        lost += if sum.abs() >= term.abs() { (sum - next) + term } else { (term - next) + sum };
        sum = next;
    }
    // After an overflow `lost` is NaN while the sum itself still says what happened.
    if sum.is_finite() { sum + lost } else { sum }
}
