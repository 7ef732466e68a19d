//! A straight line that outliers do not move.

use crate::median::median;
use crate::normal;

/// Up to this many points all pairwise slopes are listed; beyond, they are counted instead.
const LISTED: usize = 600;

/// The line through the median of all pairwise slopes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TheilSen {
    /// Median of the slopes of all pairs with different `x`, in the unit of y over that of x.
    pub slope: f64,
    /// `median(y) - slope · median(x)`, in the unit of y.
    pub intercept: f64,
    /// Lower end of the slope's confidence interval.
    pub slope_low: f64,
    /// Upper end of the slope's confidence interval.
    pub slope_high: f64,
    /// Standard uncertainty of the slope: the interval's length over that of a normal variable's interval of
    /// the same confidence. 0 when all points lie on one line.
    pub slope_u: f64,
    /// How many pairs of points have different `x`.
    pub pairs: u64,
}

impl TheilSen {
    /// Fits `y` against `x`, in any order, with a two-sided interval of the given `confidence` (as 0.95).
    /// `None` when the lengths differ, a value is not finite, the confidence is not inside 0 to 1, or fewer
    /// than two points differ in `x`. With few points the interval ends at the extreme slopes and is then
    /// narrower than asked for (below 5 points at 95 %): treat `slope_u` as a lower bound there.
    ///
    /// Cost: `n log n` times about 200 for many points, all pairs for few.
    ///
    /// Source: P. K. Sen, J. Am. Stat. Assoc. 63 (1968) 1379: interval from Kendall's statistic with its
    /// variance under ties in `x` and `y`; intercept by W. J. Conover, Practical Nonparametric Statistics,
    /// section 5.5, as in SciPy's `theilslopes`.
    pub fn of(x: &[f64], y: &[f64], confidence: f64) -> Option<Self> {
        if x.len() != y.len() || !x.iter().chain(y).all(|value| value.is_finite()) {
            return None;
        }
        if !(confidence > 0.0 && confidence < 1.0) {
            return None;
        }
        let mut points: Vec<(f64, f64)> = x.iter().copied().zip(y.iter().copied()).collect();
        points.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let n = points.len() as u64;
        let ties_x = tie_counts(x);
        let pairs = pairs_of(n) - ties_x.iter().map(|&t| pairs_of(t)).sum::<u64>();
        if pairs == 0 {
            return None;
        }
        let z = normal::quantile(0.5 + 0.5 * confidence);
        let spread = z * kendall_deviation(n, &ties_x, &tie_counts(y));
        let total = pairs as f64;
        // Ranks count from 0. Sen's interval leaves (N - C)/2 slopes out on each side.
        let low_rank = ((0.5 * (total - spread)).round() - 1.0).clamp(0.0, total - 1.0) as u64;
        let high_rank = (0.5 * (total + spread)).round().clamp(0.0, total - 1.0) as u64;
        let ranks = [(pairs - 1) / 2, pairs / 2, low_rank, high_rank];
        let [below, above, slope_low, slope_high] =
            if points.len() <= LISTED { listed(&points, ranks) } else { counted(&points, ranks) };
        let slope = 0.5 * below + 0.5 * above;
        let intercept = median(y)? - slope * median(x)?;
        let slope_u = (slope_high - slope_low) / (2.0 * z);
        Some(Self { slope, intercept, slope_low, slope_high, slope_u, pairs })
    }
}

fn pairs_of(n: u64) -> u64 {
    n * n.saturating_sub(1) / 2
}

/// How often each repeated value occurs.
fn tie_counts(values: &[f64]) -> Vec<u64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.chunk_by(|a, b| a == b).map(|run| run.len() as u64).filter(|&count| count > 1).collect()
}

/// Standard deviation of Kendall's S when y does not depend on x, ties corrected (M. G. Kendall, Rank
/// Correlation Methods, eq. 4.3, its leading term as Sen uses it).
fn kendall_deviation(n: u64, ties_x: &[u64], ties_y: &[u64]) -> f64 {
    let part = |t: u64| {
        let t = t as f64;
        t * (t - 1.0) * (2.0 * t + 5.0)
    };
    let ties: f64 = ties_x.iter().chain(ties_y).map(|&t| part(t)).sum();
    ((part(n) - ties).max(0.0) / 18.0).sqrt()
}

fn slope_of(a: (f64, f64), b: (f64, f64)) -> f64 {
    (b.1 - a.1) / (b.0 - a.0)
}

/// The slopes of the given ranks out of all.
fn listed(points: &[(f64, f64)], ranks: [u64; 4]) -> [f64; 4] {
    let mut slopes = Vec::with_capacity(points.len() * points.len() / 2);
    for (i, &a) in points.iter().enumerate() {
        slopes.extend(points.iter().skip(i + 1).filter(|b| b.0 > a.0).map(|&b| slope_of(a, b)));
    }
    slopes.sort_unstable_by(f64::total_cmp);
    ranks.map(|rank| slopes.get(rank as usize).copied().unwrap_or(f64::NAN))
}

/// The slopes of the given ranks by bisection: the number of slopes below s is the number of inversions of
/// `y - s x` in the order of x. Exact but for the rounding of these residuals.
fn counted(points: &[(f64, f64)], ranks: [u64; 4]) -> [f64; 4] {
    // About the first point the residuals keep most digits.
    let (x0, y0) = points.first().copied().unwrap_or_default();
    let centred: Vec<(f64, f64)> = points.iter().map(|&(x, y)| (x - x0, y - y0)).collect();
    let steps = centred.iter().zip(centred.iter().skip(1)).map(|(a, b)| b.0 - a.0);
    let shortest = steps.filter(|&step| step > 0.0).fold(f64::INFINITY, f64::min);
    let (lowest, highest) =
        centred.iter().fold((0.0_f64, 0.0_f64), |(low, high), p| (low.min(p.1), high.max(p.1)));
    let width = centred.last().map_or(1.0, |last| last.0.max(1.0));
    let steepest = (2.0 * (highest - lowest) / shortest).min(f64::MAX / width);
    let mut residuals = Vec::with_capacity(points.len());
    let mut scratch = vec![0.0; points.len()];
    ranks.map(|rank| {
        let (mut low, mut high) = (key(-steepest), key(steepest));
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if slopes_below(&centred, from_key(middle), &mut residuals, &mut scratch) > rank {
                high = middle;
            } else {
                low = middle;
            }
        }
        from_key(low)
    })
}

/// How many pairs with different x have a slope below `slope`. `points` are sorted by x, then y.
fn slopes_below(
    points: &[(f64, f64)],
    slope: f64,
    residuals: &mut Vec<f64>,
    scratch: &mut [f64],
) -> u64 {
    residuals.clear();
    residuals.extend(points.iter().map(|&(x, y)| y - slope * x));
    // Among equal x the residuals already ascend, so that they count no inversions.
    inversions(residuals, scratch)
}

/// Number of pairs out of order; sorts `values` on the way (merge sort).
fn inversions(values: &mut [f64], scratch: &mut [f64]) -> u64 {
    let n = values.len();
    if n < 2 {
        return 0;
    }
    let middle = n / 2;
    let (left_scratch, right_scratch) = scratch.split_at_mut(middle);
    let (left, right) = values.split_at_mut(middle);
    let mut count = inversions(left, left_scratch) + inversions(right, right_scratch);
    let (mut i, mut j) = (0, 0);
    for slot in scratch.iter_mut() {
        match (left.get(i), right.get(j)) {
            (Some(&a), Some(&b)) if b < a => {
                count += (left.len() - i) as u64;
                *slot = b;
                j += 1;
            }
            (Some(&a), _) => {
                *slot = a;
                i += 1;
            }
            (None, Some(&b)) => {
                *slot = b;
                j += 1;
            }
            (None, None) => break,
        }
    }
    values.copy_from_slice(scratch);
    count
}

/// Numbers as integers of the same order.
fn key(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// The number of an integer from [`key`].
fn from_key(key: u64) -> f64 {
    f64::from_bits(if key >> 63 == 1 { key & !(1 << 63) } else { !key })
}
