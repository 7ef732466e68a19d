//! Straight lines between sampled points.

/// Value at `at` of the polygon through (`x`, `y`), `x` strictly ascending. `None` outside the points (nothing
/// is extrapolated), when the lengths differ, when there are no points, or when the result is not a number.
/// That `x` ascends is the caller's to know: checking it at every call would cost more than the search.
///
/// ```
/// use galvanome_numerics::interpolation::linear;
/// assert_eq!(linear(&[0.0, 2.0], &[1.0, 5.0], 0.5), Some(2.0));
/// assert_eq!(linear(&[0.0, 2.0], &[1.0, 5.0], 2.5), None);
/// ```
pub fn linear(x: &[f64], y: &[f64], at: f64) -> Option<f64> {
    if x.len() != y.len() {
        return None;
    }
    let above = x.partition_point(|&x| x < at);
    let (&x1, &y1) = (x.get(above)?, y.get(above)?);
    let value = if x1 == at {
        y1
    } else {
        let below = above.checked_sub(1)?;
        let (&x0, &y0) = (x.get(below)?, y.get(below)?);
        let share = (at - x0) / (x1 - x0);
        // This form is exact at both ends and never leaves the interval.
        y0 * (1.0 - share) + y1 * share
    };
    (!value.is_nan()).then_some(value)
}

/// The first `x`, in the order of the points, at which the polygon through (`x`, `y`) reaches `level`, from
/// either side. `None` when it never does (a censored observation, not a zero) or the lengths differ. `x` need
/// not be ordered. Points that are not numbers break the polygon.
pub fn first_crossing(x: &[f64], y: &[f64], level: f64) -> Option<f64> {
    if x.len() != y.len() {
        return None;
    }
    let mut previous: Option<(f64, f64)> = None;
    for (&x1, &y1) in x.iter().zip(y) {
        if y1 == level {
            return Some(x1);
        }
        if let Some((x0, y0)) = previous
            && ((y0 < level && level < y1) || (y1 < level && level < y0))
        {
            let share = (level - y0) / (y1 - y0);
            let crossing = x0 * (1.0 - share) + x1 * share;
            if !crossing.is_nan() {
                return Some(crossing);
            }
        }
        previous = Some((x1, y1));
    }
    None
}
