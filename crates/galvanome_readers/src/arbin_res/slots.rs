//! Places on a page: where each of its rows begins and ends.

use super::le::u16_at;
use super::pages::Jet;

/// In the place of a row: it stands on another page, and four bytes say where.
pub(super) const ELSEWHERE: u16 = 0x4000;
/// In the place of a row: it is one that another place points to. With the mark above, it was deleted.
pub(super) const DELETED: u16 = 0x8000;
/// In the place of a row: where it begins.
const START: u16 = 0x1FFF;

/// A row on a page, by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) deleted: bool,
    pub(super) elsewhere: bool,
}

/// Where the places of rows begin, and a place by its number.
fn place(page: &[u8], jet: Jet, row: usize) -> (usize, u16) {
    let first = jet.row_count_at() + 2;
    (first, u16_at(page, first + 2 * row))
}

/// How many rows a page has. Where it counts more than there is room for beside them, as many as have sound places from
/// the first on.
pub(super) fn slots(page: &[u8], jet: Jet) -> usize {
    let told = usize::from(u16_at(page, jet.row_count_at()));
    let (mut lowest, mut sound, mut broken) = (page.len(), 0, false);
    for row in 0..told {
        let (first, place) = place(page, jet, row);
        let (start, behind) = (usize::from(place & START), first + 2 * (row + 1));
        if behind > lowest {
            return sound;
        }
        broken |= !(behind..=lowest).contains(&start);
        if !broken {
            sound = row + 1;
        }
        if (behind..lowest).contains(&start) {
            lowest = start;
        }
    }
    told
}

/// A row of a page; none where it cannot be one.
pub(super) fn slot(page: &[u8], jet: Jet, row: usize) -> Option<Slot> {
    if row >= usize::from(u16_at(page, jet.row_count_at())) {
        return None;
    }
    let (first, flags) = place(page, jet, row);
    let start = usize::from(flags & START);
    // Rows lie one before the other, from the end of the page on.
    let end = match row.checked_sub(1) {
        Some(before) => usize::from(place(page, jet, before).1 & START),
        None => page.len(),
    };
    (first + 2 * (row + 1) <= start && start <= end && end <= page.len()).then_some(Slot {
        start,
        end,
        deleted: flags & DELETED != 0,
        elsewhere: flags & ELSEWHERE != 0,
    })
}
