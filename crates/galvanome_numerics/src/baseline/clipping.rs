//! A baseline that is what remains when peaks are clipped.

/// Statistics-sensitive non-linear iterative peak clipping: each point becomes the lower of itself and the mean of
/// the two points at a distance, for distances from `half_window` down to 1. Peaks up to twice that wide go. Near an
/// end the distance is what the nearer end leaves. `None` when there is no point, a value is not finite, or the
/// window is 0.
///
/// Peaks over many orders of magnitude are better clipped on a logarithmic scale, as `(ln(ln(√(y + 1) + 1) + 1))`,
/// and taken back.
///
/// Source: C. G. Ryan et al., Nucl. Instrum. Methods B 34 (1988) 396; the falling distance after M. Morháč et al.,
/// Nucl. Instrum. Methods A 401 (1997) 113.
pub fn snip(y: &[f64], half_window: usize) -> Option<Vec<f64>> {
    if y.is_empty() || half_window == 0 || !y.iter().all(|one| one.is_finite()) {
        return None;
    }
    let last = y.len() - 1;
    let mut baseline = y.to_vec();
    let mut next = baseline.clone();
    for distance in (1..=half_window.min(y.len())).rev() {
        for (at, slot) in next.iter_mut().enumerate() {
            let reach = distance.min(at).min(last - at);
            let ends = baseline.get(at - reach).zip(baseline.get(at + reach));
            if let Some((left, right)) = ends {
                *slot = slot.min(0.5 * left + 0.5 * right);
            }
        }
        baseline.copy_from_slice(&next);
    }
    Some(baseline)
}
