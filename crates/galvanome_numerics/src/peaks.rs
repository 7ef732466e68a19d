//! Peaks of a sampled curve: where they are, how far they stand out, how wide they are.

/// A peak of a curve that is given at evenly spaced places, which are counted from 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Peak {
    /// The place of its highest point; the middle one (the earlier of two) of several of one height.
    pub place: usize,
    /// Its height there.
    pub height: f64,
    /// By how much it stands above the higher of the two lowest points that part it from higher ground, or from the
    /// ends of the curve.
    pub prominence: f64,
    /// Where the curve is half the prominence below the peak, to its left and right, between places by a straight
    /// line; the point that ends the peak where it is not so far down.
    pub half: (f64, f64),
}

impl Peak {
    /// The distance of the half points, in places.
    pub fn width(&self) -> f64 {
        self.half.1 - self.half.0
    }
}

/// All peaks whose prominence is at least `prominence`, by place. A point at an end of the curve is no peak. NaN
/// ends what lies to either side of it.
///
/// The cost grows with the number of points, and for widths with the extent of the peaks.
///
/// Source: prominence and width as in topography, with the conventions of SciPy's `find_peaks`.
///
/// ```
/// let found = galvanome_numerics::peaks::peaks(&[0.0, 2.0, 1.0, 5.0, 0.0], 0.5);
/// assert_eq!(found.iter().map(|peak| (peak.place, peak.prominence)).collect::<Vec<_>>(), [(1, 1.0), (3, 5.0)]);
/// ```
pub fn peaks(y: &[f64], prominence: f64) -> Vec<Peak> {
    let tops = tops(y);
    let left = bases(y, tops.iter().copied());
    let turned: Vec<f64> = y.iter().rev().copied().collect();
    let last = y.len().saturating_sub(1);
    let mut right = bases(&turned, tops.iter().rev().map(|place| last - place));
    right.reverse();
    let mut found = Vec::new();
    for ((&place, left), right) in tops.iter().zip(left).zip(right) {
        let Some(&height) = y.get(place) else { continue };
        let stands_out = height - left.height.max(right.height);
        if stands_out >= prominence {
            let level = height - 0.5 * stands_out;
            let half = (
                crossing(y, place, left.place, level),
                last as f64 - crossing(&turned, last - place, right.place, level),
            );
            found.push(Peak { place, height, prominence: stands_out, half });
        }
    }
    found
}

/// Points, or runs of one height, that are higher than what is next to them on both sides.
fn tops(y: &[f64]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut rise = None;
    for (at, pair) in y.windows(2).enumerate() {
        let &[before, after] = pair else { continue };
        if after > before {
            rise = Some(at + 1);
        } else if after < before {
            if let Some(start) = rise {
                found.push(start.midpoint(at));
            }
            rise = None;
        } else if after != before {
            // NaN.
            rise = None;
        }
    }
    found
}

/// The lowest point between a peak and higher ground before it.
#[derive(Debug, Clone, Copy)]
struct Base {
    place: usize,
    height: f64,
}

/// The bases to the left of peaks, which are in order. Of points that are passed only those remain that are higher
/// than all after them, each with the lowest point since the one before.
fn bases(y: &[f64], tops: impl Iterator<Item = usize>) -> Vec<Base> {
    let mut higher: Vec<(f64, Base)> = Vec::new();
    let mut tops = tops.peekable();
    let mut found = Vec::new();
    for (place, &height) in y.iter().enumerate() {
        if height.is_nan() {
            higher.clear();
            continue;
        }
        let mut base = Base { place, height };
        while let Some((_, lowest)) = higher.pop_if(|(above, _)| *above <= height) {
            if lowest.height < base.height {
                base = lowest;
            }
        }
        higher.push((height, base));
        if tops.next_if_eq(&place).is_some() {
            found.push(base);
        }
    }
    found
}

/// Where a curve comes down to a level to the left of a peak, no farther than its base.
fn crossing(y: &[f64], peak: usize, base: usize, level: f64) -> f64 {
    let mut at = peak;
    while at > base {
        let (Some(&here), Some(&next)) = (y.get(at), y.get(at - 1)) else { break };
        if next <= level {
            return at as f64 - if here > next { (here - level) / (here - next) } else { 0.0 };
        }
        at -= 1;
    }
    at as f64
}
