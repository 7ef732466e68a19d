//! The largest set of cells within a relative spread, against every subset.

use galvanome_techniques::selection::{Candidate, DEFAULT_SPREAD, Rejected, select};
use proptest::prelude::*;

fn cells(capacities: &[(&str, f64)]) -> Vec<Candidate> {
    let cell = |(place, (group, capacity)): (usize, &(&str, f64))| Candidate {
        specimen: format!("cell-{place}"),
        group: (*group).to_owned(),
        capacity: *capacity,
    };
    capacities.iter().enumerate().map(cell).collect()
}

/// What is kept and rejected of one group.
fn check(capacities: &[f64], kept: &[usize], rejected: &[(usize, Rejected)]) {
    let some: Vec<(&str, f64)> = capacities.iter().map(|capacity| ("g", *capacity)).collect();
    let found = &select(&cells(&some), DEFAULT_SPREAD)[0];
    assert_eq!(
        (found.kept.as_slice(), found.rejected.as_slice()),
        (kept, rejected),
        "{capacities:?}"
    );
}

#[test]
fn known_sets() {
    use Rejected::{NoCapacity, TooHigh, TooLow};
    check(&[5.0], &[0], &[]);
    check(&[4.0, 3.7, 4.1, 4.3], &[0, 2, 3], &[(1, TooLow)]);
    check(&[100.0, 108.0, 92.0], &[0, 1], &[(2, TooLow)]);
    check(&[100.0, 120.0, 101.0], &[0, 2], &[(1, TooHigh)]);
    check(&[f64::NAN, 1.0, -1.0, 1.0], &[1, 3], &[(0, NoCapacity), (2, NoCapacity)]);
    check(&[f64::NAN], &[], &[(0, NoCapacity)]);
    // Of two sets of two the tighter one.
    check(&[1.0, 1.05, 2.0, 2.02], &[2, 3], &[(0, TooLow), (1, TooLow)]);
    assert_eq!(select(&[], 0.08), []);
}

#[test]
fn each_group_by_itself() {
    let all = cells(&[("b", 1.0), ("a", 2.0), ("b", 1.01), ("a", 2.5), ("a", 2.02)]);
    let found = select(&all, 0.08);
    let kept: Vec<_> = found.iter().map(|one| (one.group.as_str(), one.kept.clone())).collect();
    assert_eq!(kept, [("b", vec![0, 2]), ("a", vec![1, 4])]);
    assert_eq!(found[1].rejected, [(3, Rejected::TooHigh)]);
    assert!((found[1].spread.unwrap() - 0.02 / 2.01).abs() < 1e-12);
    assert_eq!(found[1].median, Some(2.01));
    // No spread at all keeps equal cells.
    let equal = select(&cells(&[("g", 1.0), ("g", 1.0), ("g", 1.1)]), f64::NAN);
    assert_eq!(equal[0].kept, [0, 1]);
}

proptest! {
    /// No subset of any kind is larger.
    #[test]
    fn no_subset_is_larger(capacities in prop::collection::vec(0.9..1.15_f64, 1..11)) {
        let some: Vec<(&str, f64)> = capacities.iter().map(|capacity| ("g", *capacity)).collect();
        let found = &select(&cells(&some), DEFAULT_SPREAD)[0];
        let fits = |set: &[f64]| {
            let mut sorted = set.to_vec();
            sorted.sort_by(f64::total_cmp);
            let n = sorted.len();
            let median = 0.5 * sorted[(n - 1) / 2] + 0.5 * sorted[n / 2];
            (sorted[n - 1] - sorted[0]) / median <= DEFAULT_SPREAD
        };
        let of = |places: &[usize]| places.iter().map(|&place| capacities[place]).collect::<Vec<_>>();
        prop_assert!(fits(&of(&found.kept)));
        let most = (1_u32..1 << capacities.len())
            .map(|bits| (0..capacities.len()).filter(|place| bits >> place & 1 == 1).collect::<Vec<_>>())
            .filter(|places| fits(&of(places)))
            .map(|places| places.len())
            .max();
        prop_assert_eq!(Some(found.kept.len()), most);
        prop_assert_eq!(found.kept.len() + found.rejected.len(), capacities.len());
    }
}
