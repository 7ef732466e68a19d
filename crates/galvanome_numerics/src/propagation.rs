//! From the uncertainties of numbers to that of what is computed from them.

/// The variance of a value from its derivatives by numbers and their covariance (row after row). `None` when the
/// lengths do not fit or something is not finite.
///
/// Source: JCGM 100:2008, 5.2.2, equation 13.
pub fn variance(derivatives: &[f64], covariance: &[f64]) -> Option<f64> {
    let n = derivatives.len();
    if covariance.len() != n * n || n == 0 {
        return None;
    }
    let rows = covariance.chunks(n).zip(derivatives);
    let sum: f64 = rows
        .map(|(row, one)| {
            one * row.iter().zip(derivatives).map(|(cov, other)| cov * other).sum::<f64>()
        })
        .sum();
    // Rounding of what cancels may leave a little less than nothing.
    sum.is_finite().then_some(sum.max(0.0))
}

/// The value of `f` at `at`, and its standard uncertainty by [`variance`], with derivatives by central differences of
/// half a standard uncertainty each. `None` as for [`variance`], and when `f` is not finite where it is asked.
///
/// ```
/// let product = |x: &[f64]| x[0] * x[1];
/// let (value, u) = galvanome_numerics::propagation::propagated(&[3.0, 4.0], &[0.01, 0.0, 0.0, 0.04], product).unwrap();
/// assert_eq!(value, 12.0);
/// assert!((u - (0.16_f64 + 0.36).sqrt()).abs() < 1e-12);
/// ```
pub fn propagated(at: &[f64], covariance: &[f64], f: impl Fn(&[f64]) -> f64) -> Option<(f64, f64)> {
    let n = at.len();
    if covariance.len() != n * n {
        return None;
    }
    let mut moved = at.to_vec();
    let mut derivatives = vec![0.0; n];
    for (place, slot) in derivatives.iter_mut().enumerate() {
        let step = 0.5 * covariance.get(place * n + place)?.max(0.0).sqrt();
        let here = *at.get(place)?;
        // A number without uncertainty adds none.
        if step > 0.0 {
            let mut beside = |side: f64| {
                if let Some(one) = moved.get_mut(place) {
                    *one = here + side * step;
                }
                f(&moved)
            };
            *slot = (beside(1.0) - beside(-1.0)) / (2.0 * step);
            if let Some(one) = moved.get_mut(place) {
                *one = here;
            }
        }
    }
    let value = f(at);
    let u = variance(&derivatives, covariance)?.sqrt();
    value.is_finite().then_some((value, u))
}
