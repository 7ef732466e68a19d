//! Things that come from each other: that what they come from exists, and that none comes from itself.

use std::borrow::Borrow;
use std::hash::Hash;

use super::header::Table;
use super::ids::Ids;
use super::problem::Problems;
use super::rows::Place;

/// Checks what each row of a table comes from. Origins may stand below what was made from them, so this is done
/// when all rows are read. `verb` says what a row does: "is made".
pub(super) fn check<'a, T, I>(
    table: &Table,
    column: &str,
    verb: &str,
    rows: impl Iterator<Item = (&'a T, &'a [T], Place)>,
    known: &Ids<T, I>,
    problems: &mut Problems,
) where
    T: Clone + Eq + Hash + Borrow<str> + 'a,
{
    let positions = known.positions();
    let mut origins = vec![Vec::new(); positions.len()];
    let mut row_of: Vec<Option<(&str, Place)>> = vec![None; positions.len()];
    for (id, parents, place) in rows {
        let mut found = Vec::new();
        for parent in parents {
            if let Some(position) = positions.get(parent) {
                found.push(*position);
            } else if let Some((message, hint)) = known.unknown(parent.borrow(), problems) {
                problems.of_row(table.file, place, Some(column), message, hint);
            }
        }
        // A label that is given twice stands for its first row.
        if let Some(position) = positions.get(id)
            && let Some(row @ None) = row_of.get_mut(*position)
            && let Some(slot) = origins.get_mut(*position)
        {
            *row = Some((id.borrow(), place));
            *slot = found;
        }
    }
    for cycle in cycles(&origins) {
        let rows: Vec<_> = cycle.iter().filter_map(|position| *row_of.get(*position)?).collect();
        let Some((first, place)) = rows.first() else { continue };
        let way: Vec<&str> = rows.iter().chain(rows.first()).map(|(id, _)| *id).collect();
        let message = format!("`{first}` {verb} from itself: {}", way.join(" ← "));
        let hint = format!("one of these entries of `{column}` is wrong");
        problems.of_row(table.file, *place, Some(column), message, Some(hint));
    }
}

/// The cycles of a graph given by each node's parents, each as its nodes in order. A node is in one of them at
/// most, so that a knot is reported a few times, not in every possible way.
pub(super) fn cycles(parents: &[Vec<usize>]) -> Vec<Vec<usize>> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    let mut marks = vec![Mark::New; parents.len()];
    let mut reported = vec![false; parents.len()];
    let mut found = Vec::new();
    for start in 0..parents.len() {
        if marks[start] != Mark::New {
            continue;
        }
        // The way from `start` down: each node with how many of its parents were followed.
        let mut way: Vec<(usize, usize)> = vec![(start, 0)];
        marks[start] = Mark::Open;
        while let Some((node, followed)) = way.last_mut() {
            let (here, next) = (*node, parents[*node].get(*followed).copied());
            *followed += 1;
            match next {
                None => {
                    marks[here] = Mark::Done;
                    way.pop();
                }
                Some(next) if marks[next] == Mark::New => {
                    marks[next] = Mark::Open;
                    way.push((next, 0));
                }
                Some(next) if marks[next] == Mark::Open && !reported[next] => {
                    let cycle: Vec<usize> = way
                        .iter()
                        .map(|(node, _)| *node)
                        .skip_while(|node| *node != next)
                        .collect();
                    if !cycle.iter().any(|node| reported[*node]) {
                        for node in &cycle {
                            reported[*node] = true;
                        }
                        found.push(cycle);
                    }
                }
                Some(_) => {}
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::cycles;

    #[test]
    fn every_cycle_is_found_once() {
        let check = |parents: &[&[usize]], expected: &[&[usize]]| {
            let parents: Vec<Vec<usize>> = parents.iter().map(|one| one.to_vec()).collect();
            assert_eq!(cycles(&parents), expected, "{parents:?}");
        };
        check(&[], &[]);
        check(&[&[], &[0], &[0, 1], &[2, 0]], &[]);
        check(&[&[0]], &[&[0]]);
        check(&[&[1], &[2], &[0], &[2]], &[&[0, 1, 2]]);
        check(&[&[1], &[0], &[3], &[2]], &[&[0, 1], &[2, 3]]);
        check(&[&[1, 2], &[0], &[0]], &[&[0, 1]]);
    }

    #[test]
    fn a_long_line_of_descent_needs_no_deep_stack() {
        let mut parents: Vec<Vec<usize>> = (1..200_000).map(|next| vec![next]).collect();
        parents.push(vec![0]);
        assert_eq!(cycles(&parents).len(), 1);
    }
}
