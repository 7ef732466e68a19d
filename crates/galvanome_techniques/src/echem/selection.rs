//! Cells that are alike enough to be compared: the largest set within a relative spread of capacity.
//!
//! The paper took cells "within 8 % relative variation" (section 3.3) and left open of what; here it is the largest set
//! whose capacities before ageing obey (max - min)/median ≤ 8 %, within each group, so that no group is chosen by
//! another. What was rejected is listed: whoever claims something about all cells takes their wider spread.

use galvanome_numerics::median::median;

/// The relative spread when nothing else is said.
pub const DEFAULT_SPREAD: f64 = 0.08;

/// A cell that may be selected.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// What it is called.
    pub specimen: String,
    /// The group within which it is compared.
    pub group: String,
    /// Its capacity before ageing, in any one unit.
    pub capacity: f64,
}

/// What became of one group.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// The group.
    pub group: String,
    /// Places of the selected cells among the candidates, in their order.
    pub kept: Vec<usize>,
    /// Places of the others, each with the reason.
    pub rejected: Vec<(usize, Rejected)>,
    /// Median capacity of the selected cells; none when none was.
    pub median: Option<f64>,
    /// Their (max - min)/median; none when none was selected.
    pub spread: Option<f64>,
}

/// Why a cell was not selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejected {
    /// Its capacity is below those of the largest set.
    TooLow,
    /// Its capacity is above those of the largest set.
    TooHigh,
    /// Its capacity is not known, or no positive number.
    NoCapacity,
}

impl Rejected {
    /// The word used in files and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::TooLow => "too_low",
            Self::TooHigh => "too_high",
            Self::NoCapacity => "no_capacity",
        }
    }
}

/// Selects in each group the largest set of cells with (max - min)/median of capacity at most `spread`
/// (0.08 for 8 %). Groups come in the order in which they are first met. Of sets of equal size the one with the smallest
/// relative spread is taken, then the one with the larger capacities. A `spread` that is no number or negative
/// counts as 0.
///
/// The set is exact: of any set of k cells, those of the same size that follow on each other up to its largest
/// capacity have no smaller minimum and no smaller median, so that a largest set is always found among cells that
/// follow on each other.
pub fn select(cells: &[Candidate], spread: f64) -> Vec<Selection> {
    let mut groups: Vec<&str> = Vec::new();
    for cell in cells {
        if !groups.contains(&cell.group.as_str()) {
            groups.push(&cell.group);
        }
    }
    let spread = if spread > 0.0 { spread } else { 0.0 };
    groups.into_iter().map(|group| select_in(cells, group, spread)).collect()
}

fn select_in(cells: &[Candidate], group: &str, spread: f64) -> Selection {
    let members = cells.iter().enumerate().filter(|(_, cell)| cell.group == group);
    let (mut sorted, mut rejected) = (Vec::new(), Vec::new());
    for (place, cell) in members {
        if cell.capacity > 0.0 && cell.capacity.is_finite() {
            sorted.push((place, cell.capacity));
        } else {
            rejected.push((place, Rejected::NoCapacity));
        }
    }
    // The sort is stable: cells of equal capacity stay in their order.
    sorted.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut best: Option<(usize, usize, f64)> = None;
    for last in 0..sorted.len() {
        // Leaving out low cells lowers the relative spread, so that the first set that fits is found by bisection.
        let fits =
            |first: usize| relative_spread(&sorted, first, last).is_some_and(|one| one <= spread);
        let (mut low, mut high) = (0, last);
        while low < high {
            let middle = usize::midpoint(low, high);
            if fits(middle) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        let Some(found) = relative_spread(&sorted, low, last) else { continue };
        let better = best.is_none_or(|(first, end, spread)| {
            let (size, before) = (last - low, end - first);
            size > before || (size == before && found <= spread)
        });
        if better {
            best = Some((low, last, found));
        }
    }
    let mut kept = Vec::new();
    for (rank, &(place, _)) in sorted.iter().enumerate() {
        match best {
            Some((first, _, _)) if rank < first => rejected.push((place, Rejected::TooLow)),
            Some((_, last, _)) if rank > last => rejected.push((place, Rejected::TooHigh)),
            _ => kept.push(place),
        }
    }
    kept.sort_unstable();
    rejected.sort_by_key(|(place, _)| *place);
    let capacities: Vec<f64> =
        kept.iter().filter_map(|&place| cells.get(place)).map(|cell| cell.capacity).collect();
    Selection {
        group: group.to_owned(),
        kept,
        rejected,
        median: median(&capacities),
        spread: best.map(|(_, _, spread)| spread),
    }
}

fn relative_spread(sorted: &[(usize, f64)], first: usize, last: usize) -> Option<f64> {
    let at = |rank: usize| sorted.get(rank).map(|(_, capacity)| *capacity);
    let count = last.checked_sub(first)? + 1;
    let below = at(first + (count - 1) / 2)?;
    let above = at(first + count / 2)?;
    Some((at(last)? - at(first)?) / (0.5 * below + 0.5 * above))
}
