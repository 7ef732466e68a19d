use galvanome_numerics::volume::{Mask, granulometry, local_thickness, squared_distances};
use proptest::prelude::*;

use super::{ball, mask, noise};

/// Every voxel against every other one.
fn brute(mask: &Mask, spacing: [f64; 3]) -> Vec<f64> {
    let [depth, rows, row] = mask.shape();
    let all = (0..depth * rows * row).map(|at| [at / (rows * row), at / row % rows, at % row]);
    let outside: Vec<[usize; 3]> = all.clone().filter(|[z, y, x]| !mask.get(*z, *y, *x)).collect();
    let square = |a: [usize; 3], b: [usize; 3]| -> f64 {
        (0..3).map(|axis| (a[axis].abs_diff(b[axis]) as f64 * spacing[axis]).powi(2)).sum()
    };
    all.map(|a| outside.iter().map(|b| square(a, *b)).fold(f64::INFINITY, f64::min)).collect()
}

#[track_caller]
fn check(mask: &Mask, spacing: [f64; 3]) {
    let found = squared_distances(mask, spacing, 1).expect("distances");
    let is_whole = spacing.iter().all(|edge| edge.fract() == 0.0);
    for (at, (found, expected)) in found.iter().zip(brute(mask, spacing)).enumerate() {
        let found = f64::from(*found);
        let tolerance = if is_whole { 0.0 } else { 3e-7 * expected };
        assert!(
            found == expected || (found - expected).abs() <= tolerance,
            "{:?} {spacing:?}, voxel {at}: {found}, {expected}",
            mask.shape()
        );
    }
    for threads in [0, 2, 3] {
        assert_eq!(squared_distances(mask, spacing, threads), Some(found.clone()));
    }
}

#[test]
fn distances_are_exact() {
    let cubic = [1.0; 3];
    for spacing in [cubic, [3.0, 1.0, 2.0], [0.05, 0.0333, 0.07]] {
        check(&ball(15, 6.0), spacing);
        check(&ball(15, 6.0).complement(), spacing);
        check(&mask([4, 5, 33], |place| place != [1, 2, 30]), spacing);
        check(&mask([1, 1, 70], |[_, _, x]| x != 9), spacing);
        check(&mask([70, 1, 1], |[z, _, _]| z != 9), spacing);
        check(&mask([1, 70, 2], |[_, y, _]| y != 69), spacing);
        check(&mask([3, 4, 5], |_| true), spacing);
        check(&mask([3, 4, 5], |_| false), spacing);
        check(&noise([8, 9, 20], 250), spacing);
    }
    for shape in [[0, 2, 2], [2, 0, 2], [2, 2, 0]] {
        assert_eq!(
            squared_distances(&Mask::empty(shape).expect("none"), cubic, 2),
            Some(Vec::new())
        );
    }
    assert_eq!(squared_distances(&ball(3, 1.0), [1.0, 0.0, 1.0], 1), None);
    assert_eq!(squared_distances(&ball(3, 1.0), [1.0, f64::NAN, 1.0], 1), None);
}

/// So long that looking at all that is near would take too long, and envelopes take over.
#[test]
fn far_distances_are_exact_too() {
    for seed in 0..6 {
        let holes: Vec<[usize; 3]> = (0..3)
            .map(|hole| {
                [0, 1, 2].map(|axis| {
                    super::random(seed * 9 + hole * 3 + axis) as usize % [3, 160, 18][axis as usize]
                })
            })
            .collect();
        check(&mask([3, 160, 18], |place| !holes.contains(&place)), [1.0, 1.0, 1.0]);
        check(&mask([3, 160, 18], |place| !holes.contains(&place)), [0.3, 0.1, 1.7]);
    }
    let corner = squared_distances(&mask([150, 2, 160], |place| place != [0, 0, 0]), [1.0; 3], 2)
        .expect("distances");
    assert_eq!(corner.last(), Some(&(149.0 * 149.0 + 1.0 + 159.0 * 159.0)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn distances_are_those_to_every_other_voxel(seed in any::<u64>(), part in 100_u64..256, z in 1_usize..5, y in 1_usize..9, x in 1_usize..36, edges in 0_usize..3) {
        let mask = mask([z, y, x], |[z, y, x]| super::random(seed ^ (z * 10_000 + y * 100 + x) as u64) % 256 < part);
        check(&mask, [[1.0; 3], [2.0, 5.0, 1.0], [0.7, 1.3, 0.21]][edges]);
    }
}

/// Balls and plates have one thickness.
#[test]
fn thickness_is_that_of_the_largest_ball() {
    let radii: Vec<f64> = (1..12).map(f64::from).collect();
    let found =
        granulometry(&mask([30, 30, 30], |[z, _, _]| (10..21).contains(&z)), [1.0; 3], &radii, 2)
            .expect("sizes");
    // A plate of eleven voxels: the middle is six from the nearest one outside.
    assert_eq!(found.voxels, 11 * 900);
    let distribution = found.distribution();
    assert_eq!(distribution.iter().find(|one| one.0 == 6.0), Some(&(6.0, 1.0)));
    assert_eq!(distribution.iter().map(|one| one.1).sum::<f64>(), 1.0);
    let ball = ball(41, 12.0);
    let found = granulometry(&ball, [0.5; 3], &[6.0, 4.0, 2.0, 8.0], 1).expect("sizes");
    assert_eq!(found.covered[0], (8.0, 0));
    assert!(found.covered[1].1 as f64 > 0.98 * found.voxels as f64, "{found:?}");
    assert!(found.radius_at(0.5).is_some_and(|radius| (6.0..7.1).contains(&radius)));
    let sizes = local_thickness(&ball, [0.5; 3], &[6.0, 4.0, 2.0], 2).expect("sizes");
    assert_eq!(sizes.iter().filter(|one| **one == 6.0).count() as u64, found.covered[1].1);
    assert_eq!(sizes[0], 0.0);
    assert_eq!(granulometry(&ball, [0.5; 3], &[0.0], 1), None);
    assert_eq!(granulometry(&ball, [0.0; 3], &[1.0], 1), None);
    let empty = granulometry(&mask([3, 3, 3], |_| false), [1.0; 3], &[1.0], 1).expect("sizes");
    assert_eq!((empty.voxels, empty.covered[0].1, empty.radius_at(0.5)), (0, 0, None));
}
