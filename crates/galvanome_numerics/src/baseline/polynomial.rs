//! Baselines of a few numbers: straight lines and polynomials.

/// The straight line through the mean of the first `points` points and that of the last, at each `x`. `None` when there
/// are fewer than twice as many points, `points` is 0, lengths differ, something is not finite, or both means lie at
/// one `x`.
pub fn linear(x: &[f64], y: &[f64], points: usize) -> Option<Vec<f64>> {
    let n = x.len();
    if points == 0 || n != y.len() || n / 2 < points || !are_finite(x, y) {
        return None;
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let ends =
        |values: &[f64]| Some((mean(values.get(..points)?), mean(values.get(n - points..)?)));
    let ((x0, x1), (y0, y1)) = (ends(x)?, ends(y)?);
    let slope = (y1 - y0) / (x1 - x0);
    slope.is_finite().then(|| x.iter().map(|x| y0 + slope * (x - x0)).collect())
}

/// The polynomial of a degree that lies nearest to the points, each counting by its weight: its values at each `x`.
/// `None` when fewer than `degree + 1` different places have weight, lengths differ, a weight is negative or something
/// is not finite.
///
/// Source: G. E. Forsythe, J. Soc. Indust. Appl. Math. 5 (1957) 74 (by polynomials that are orthogonal on the points).
pub fn polynomial(x: &[f64], y: &[f64], weights: &[f64], degree: usize) -> Option<Vec<f64>> {
    let n = x.len();
    if n == 0 || n != y.len() || n != weights.len() || !are_finite(x, y) {
        return None;
    }
    if weights.iter().any(|weight| !weight.is_finite() || *weight < 0.0) {
        return None;
    }
    let (low, high) = x.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), one| {
        (low.min(*one), high.max(*one))
    });
    let (middle, half) = (0.5 * low + 0.5 * high, 0.5 * high - 0.5 * low);
    let half = if half > 0.0 { half } else { 1.0 };
    let at: Vec<f64> = x.iter().map(|one| (one - middle) / half).collect();
    let dot = |a: &[f64], b: &[f64]| -> f64 {
        a.iter().zip(b).zip(weights).map(|((a, b), weight)| a * b * weight).sum()
    };
    let mut before = vec![0.0; n];
    let mut here = vec![1.0; n];
    let mut square_before = 1.0;
    let first = dot(&here, &here);
    let mut rest = y.to_vec();
    let mut sum = vec![0.0; n];
    for order in 0..=degree {
        let square = dot(&here, &here);
        // With too few places the polynomial of the next degree is 0 on all of them.
        if square.is_nan() || square <= first * 1e-24 || first <= 0.0 {
            return None;
        }
        // From what is left, not from `y`: rounding does not add up.
        let share = dot(&rest, &here) / square;
        for ((sum, rest), value) in sum.iter_mut().zip(&mut rest).zip(&here) {
            *sum += share * value;
            *rest -= share * value;
        }
        let moved: Vec<f64> = at.iter().zip(&here).map(|(at, value)| at * value).collect();
        let shift = dot(&moved, &here) / square;
        let back = if order == 0 { 0.0 } else { square / square_before };
        let next: Vec<f64> = moved
            .iter()
            .zip(&here)
            .zip(&before)
            .map(|((moved, here), before)| moved - shift * here - back * before)
            .collect();
        before = std::mem::replace(&mut here, next);
        square_before = square;
    }
    sum.iter().all(|one| one.is_finite()).then_some(sum)
}

fn are_finite(x: &[f64], y: &[f64]) -> bool {
    x.iter().chain(y).all(|one| one.is_finite())
}
