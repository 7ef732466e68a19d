//! Where a drive stood during a scan.

/// The places of a drive, or another quantity that each point of a scan has.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Places {
    /// It stood still.
    Fixed(f64),
    /// It went from one place to another, which the first and the last point have.
    Between(f64, f64),
    /// It began at a place and went on by a step.
    Stepped(f64, f64),
    /// One place for each point.
    Listed(Vec<f64>),
}

/// How far in degrees a drive may be off an even course: what the best goniometers resolve.
const EVEN: f64 = 1e-4;

impl Places {
    /// Places that are listed: one where all are the same.
    pub(crate) fn of(all: Vec<f64>) -> Self {
        match all.first() {
            Some(&first) if all.iter().all(|&place| place == first) => Self::Fixed(first),
            _ => Self::Listed(all),
        }
    }

    /// The place at a point of `n`, counted from 0; NaN where nothing is said of it.
    pub(crate) fn at(&self, point: usize, n: usize) -> f64 {
        match self {
            Self::Fixed(place) => *place,
            Self::Between(first, _) if point == 0 => *first,
            Self::Between(_, last) if point + 1 == n => *last,
            Self::Between(first, last) => {
                first + (last - first) * (point as f64 / (n.max(2) - 1) as f64)
            }
            Self::Stepped(first, step) => first + step * point as f64,
            Self::Listed(all) => all.get(point).copied().unwrap_or(f64::NAN),
        }
    }

    /// All `n` of them.
    pub(crate) fn all(&self, n: usize) -> Vec<f64> {
        (0..n).map(|point| self.at(point, n)).collect()
    }

    /// Whether they are not all the same.
    pub(crate) fn moves(&self) -> bool {
        match self {
            Self::Fixed(_) => false,
            Self::Between(first, last) => first != last,
            Self::Stepped(_, step) => *step != 0.0,
            Self::Listed(all) => all.first().is_some_and(|first| all.iter().any(|at| at != first)),
        }
    }

    /// Whether they are told by their first and last: they stand still, or go evenly, or as evenly as an axis does.
    pub(super) fn is_even(&self, axis: &[f64]) -> bool {
        let Self::Listed(all) = self else { return true };
        let ends = (all.first(), all.last(), axis.first(), axis.last());
        let (Some(first), Some(last), Some(begin), Some(end)) = ends else { return false };
        let slope = (last - first) / (end - begin);
        let course = axis.iter().map(|point| first + (point - begin) * slope);
        all.len() == axis.len()
            && all.iter().zip(course).all(|(place, on)| (place - on).abs() < EVEN)
    }

    /// Whether both are the same at each of `n` points.
    pub(super) fn same(&self, other: &Self, n: usize) -> bool {
        self == other || (0..n).all(|point| self.at(point, n) == other.at(point, n))
    }

    /// Whether more than half of what the one spans the other spans too.
    pub(super) fn overlaps(&self, other: &Self, n: usize) -> bool {
        let span = |places: &Self| {
            let ends = (places.at(0, n), places.at(n - 1, n));
            (ends.0.min(ends.1), ends.0.max(ends.1))
        };
        let ((low, high), (other_low, other_high)) = (span(self), span(other));
        let common = high.min(other_high) - low.max(other_low);
        common > 0.5 * (high - low).max(other_high - other_low)
    }
}
