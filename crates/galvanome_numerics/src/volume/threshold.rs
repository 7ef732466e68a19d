//! Thresholds between phases, from a histogram.

use super::Histogram;

/// Otsu's threshold: the middle of a bin, such that values up to and with it are one class and those above it the other,
/// and the variance between the classes is largest; of several such bins the lowest. `None` when fewer than two bins
/// have values. With the conventions of scikit-image's `threshold_otsu`, where a class is what is above the threshold.
///
/// Source: N. Otsu, IEEE Trans. Syst. Man Cybern. 9 (1979) 62.
pub fn otsu(histogram: &Histogram) -> Option<f64> {
    multi_otsu(histogram, 2).and_then(|found| found.first().copied())
}

/// The `classes - 1` ascending thresholds by which the variance between `classes` classes is largest, each the middle of
/// the highest bin of its class; of several such sets the lowest. `None` when `classes` is below 2 or fewer bins have
/// values. With the conventions of scikit-image's `threshold_multiotsu`, which sums in single precision; found by
/// dynamic programming in a time that grows with the classes and `n log n` of the bins, not with their power.
///
/// Source: P.-S. Liao, T.-S. Chen, P.-C. Chung, J. Inf. Sci. Eng. 17 (2001) 713.
pub fn multi_otsu(histogram: &Histogram, classes: usize) -> Option<Vec<f64>> {
    // Bins without a value can end no class, since the one below them does as well and is lower.
    let bins: Vec<usize> =
        (0..histogram.counts().len()).filter(|&bin| histogram.counts()[bin] > 0).collect();
    if classes < 2 || bins.len() < classes {
        return None;
    }
    let sums = Sums::of(histogram, &bins);
    // After `round` rounds: the best that bins from each one on give in `round + 1` classes, and how far the first goes.
    let mut best: Vec<f64> = (0..bins.len()).map(|from| sums.between(from, bins.len())).collect();
    let mut ends: Vec<Vec<usize>> = Vec::new();
    for round in 1..classes {
        let mut next = vec![f64::NEG_INFINITY; bins.len()];
        let mut end = vec![0; bins.len()];
        // At least one bin for every class that follows.
        let last = bins.len() - round;
        divide(&sums, &best, 0..last, 1..last + 1, &mut next, &mut end);
        best = next;
        ends.push(end);
    }
    let mut from = 0;
    let mut thresholds = Vec::new();
    for end in ends.iter().rev() {
        from = *end.get(from)?;
        thresholds.push(histogram.middle(*bins.get(from.checked_sub(1)?)?));
    }
    Some(thresholds)
}

/// Sums of counts and of values over the bins before each.
struct Sums {
    weight: Vec<f64>,
    value: Vec<f64>,
}

impl Sums {
    fn of(histogram: &Histogram, bins: &[usize]) -> Self {
        let total = histogram.total() as f64;
        let mean = histogram.moments().map_or(0.0, |(mean, _)| mean);
        let (mut weight, mut value) = (vec![0.0], vec![0.0]);
        for &bin in bins {
            let count = histogram.counts()[bin] as f64;
            weight.push(weight[weight.len() - 1] + count / total);
            // About the mean, where the variance between classes has the fewest cancelling digits.
            value.push(value[value.len() - 1] + count / total * (histogram.middle(bin) - mean));
        }
        Self { weight, value }
    }

    /// What a class of the bins from `from` to before `to` adds to the variance between classes.
    fn between(&self, from: usize, to: usize) -> f64 {
        let weight = self.weight[to] - self.weight[from];
        let value = self.value[to] - self.value[from];
        if weight > 0.0 { value * value / weight } else { 0.0 }
    }
}

/// For each start in `starts` the lowest best end of its first class, among `choices`. The best end never falls as the
/// start rises, so that the middle start halves the choices of the others.
fn divide(
    sums: &Sums,
    after: &[f64],
    starts: std::ops::Range<usize>,
    choices: std::ops::Range<usize>,
    best: &mut [f64],
    ends: &mut [usize],
) {
    if starts.is_empty() {
        return;
    }
    let middle = starts.start.midpoint(starts.end);
    let (mut most, mut at) = (f64::NEG_INFINITY, choices.start.max(middle + 1));
    for end in choices.start.max(middle + 1)..choices.end {
        let value =
            sums.between(middle, end) + after.get(end).copied().unwrap_or(f64::NEG_INFINITY);
        if value > most {
            (most, at) = (value, end);
        }
    }
    best[middle] = most;
    ends[middle] = at;
    divide(sums, after, starts.start..middle, choices.start..at + 1, best, ends);
    divide(sums, after, middle + 1..starts.end, at..choices.end, best, ends);
}
