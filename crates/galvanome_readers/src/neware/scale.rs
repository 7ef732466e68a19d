//! What one count of the current is worth in a range.

/// The scale of a range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Scale {
    /// Counts per milliampere.
    Known(f64),
    /// Counts per milliampere by the rule of neighbouring ranges; nobody has seen this one.
    ByRule(f64),
    /// Nobody knows.
    Unknown,
}

impl Scale {
    /// Counts per milliampere, where there is a number for it.
    pub(crate) fn counts_per_ma(self) -> Option<f64> {
        match self {
            Self::Known(counts) | Self::ByRule(counts) => Some(counts),
            Self::Unknown => None,
        }
    }
}

/// The scale of a range in milliamperes, as records and heads name it: the finer the smaller it is, by powers
/// of ten; ten times finer when the range is negative. Ranges between two that were seen with one scale
/// have it too. 0 means that no range is named.
pub(crate) fn of_range(range: i32) -> Scale {
    let size = range.unsigned_abs();
    let counts = match (range > 0, size) {
        (_, 0) => return Scale::Unknown,
        (false, 1..10) => 1e5,
        (true, 1..10) | (false, 10..100) => 1e4,
        (true, 10..100) | (false, 100..1000) => 1e3,
        (true, 100..1000) | (false, 1000..1_000_000) => 1e2,
        (true, _) => 1e1,
        // Beyond, the peers contradict each other by seven orders of magnitude.
        (false, _) => return Scale::Unknown,
    };
    // What was seen in files together with the vendor's export; between these the rule is a guess.
    let seen = [(1, 5), (10, 50), (100, 500), (1000, 200_000)];
    if seen.iter().any(|(from, to)| (*from..=*to).contains(&size)) {
        Scale::Known(counts)
    } else {
        Scale::ByRule(counts)
    }
}
