//! Rows as runs of voxels, and which of them are one component.

use super::Connectivity;

/// Where runs begin and end: pairs of a first place and the place after the last.
pub(super) fn transitions(words: &[u64], row: usize, into: &mut Vec<u32>) {
    let mut carry = 0;
    for (at, &word) in words.iter().enumerate() {
        let mut edges = word ^ (word << 1 | carry);
        carry = word >> 63;
        while edges != 0 {
            into.push(64 * at as u32 + edges.trailing_zeros());
            edges &= edges - 1;
        }
    }
    if carry == 1 {
        into.push(row as u32);
    }
}

/// Sets of labels that turned out to be one: each label points to a lower one of its set, the lowest to itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    pub(super) parents: Vec<u32>,
}

impl Table {
    /// A label of its own.
    pub(super) fn new_label(&mut self) -> u32 {
        let label = self.parents.len() as u32;
        self.parents.push(label);
        label
    }

    /// The lowest label of a set. Shortens the way for the next one.
    #[inline]
    pub(super) fn root(&mut self, mut label: u32) -> u32 {
        loop {
            let parent = self.parents[label as usize];
            if parent == label {
                return label;
            }
            let above = self.parents[parent as usize];
            self.parents[label as usize] = above;
            label = above;
        }
    }

    /// Makes two sets, named by their roots, one; gives its root.
    #[inline]
    pub(super) fn join(&mut self, one: u32, other: u32) -> u32 {
        let (low, high) = (one.min(other), one.max(other));
        self.parents[high as usize] = low;
        low
    }
}

/// Rows that were labelled: transitions and labels of their runs, row after row.
#[derive(Debug, Clone, Default)]
pub(super) struct Rows {
    pub(super) places: Vec<u32>,
    pub(super) labels: Vec<u32>,
    /// Where the runs of each row end.
    pub(super) ends: Vec<usize>,
}

impl Rows {
    pub(super) fn clear(&mut self) {
        self.places.clear();
        self.labels.clear();
        self.ends.clear();
    }

    /// The runs of a row by their numbers; none before the first and after the last row.
    pub(super) fn of(&self, row: usize) -> std::ops::Range<usize> {
        let Some(&end) = self.ends.get(row) else { return 0..0 };
        let start = row.checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        start.unwrap_or(0)..end
    }
}

/// Labels a slice by the one before it. `slice` gives the words of each of its rows; `now` is replaced.
pub(super) fn label_slice<'a>(
    rows: impl Iterator<Item = &'a [u64]>,
    row_len: usize,
    connectivity: Connectivity,
    before: &Rows,
    now: &mut Rows,
    table: &mut Table,
) {
    now.clear();
    let reach = connectivity.reach();
    for (y, words) in rows.enumerate() {
        let first = now.labels.len();
        transitions(words, row_len, &mut now.places);
        now.labels.resize(now.places.len() / 2, u32::MAX);
        let above = match y {
            0 => 0..0,
            y => now.of(y - 1),
        };
        let (places, here) = now.places.split_at(2 * first);
        let (labels, mine) = now.labels.split_at_mut(first);
        let of = |runs: std::ops::Range<usize>| 2 * runs.start..2 * runs.end;
        meet(here, mine, &places[of(above.clone())], &labels[above], reach, table);
        let behind = match connectivity {
            Connectivity::Faces => y..y + 1,
            Connectivity::Corners => y.saturating_sub(1)..y + 2,
        };
        for row in behind {
            let runs = before.of(row);
            meet(here, mine, &before.places[of(runs.clone())], &before.labels[runs], reach, table);
        }
        for label in mine.iter_mut().filter(|label| **label == u32::MAX) {
            *label = table.new_label();
        }
        now.ends.push(now.labels.len());
    }
}

/// Joins the runs of a row with those of another that they touch.
#[inline]
fn meet(
    here: &[u32],
    mine: &mut [u32],
    there: &[u32],
    theirs: &[u32],
    reach: u32,
    table: &mut Table,
) {
    let (here, there) = (here.as_chunks::<2>().0, there.as_chunks::<2>().0);
    let mut from = 0;
    for ([start, end], label) in here.iter().zip(mine) {
        while there.get(from).is_some_and(|run| run[1] + reach <= *start) {
            from += 1;
        }
        let mut at = from;
        while let (Some(run), Some(other)) = (there.get(at), theirs.get(at)) {
            if run[0] >= *end + reach {
                break;
            }
            let root = table.root(*other);
            *label = if *label == u32::MAX || *label == root {
                root
            } else {
                let own = table.root(*label);
                if own == root { own } else { table.join(own, root) }
            };
            at += 1;
        }
        // The last one may reach on to the next run.
        from = at.saturating_sub(1).max(from);
    }
}
