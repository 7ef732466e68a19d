//! Volumes of known truth.

mod components;
mod distance;
mod levels;
mod surface;
mod transport;
mod two_point;

use galvanome_numerics::volume::Mask;

/// The voxels of a shape of which `is_in` is true.
fn mask(shape: [usize; 3], is_in: impl Fn([usize; 3]) -> bool) -> Mask {
    let mut values = Vec::new();
    for z in 0..shape[0] {
        for y in 0..shape[1] {
            for x in 0..shape[2] {
                values.push(is_in([z, y, x]));
            }
        }
    }
    Mask::of(&values, shape, 1, |value| value).expect("a mask")
}

/// A ball in the middle of a cube of `side` voxels.
fn ball(side: usize, radius: f64) -> Mask {
    let middle = (side as f64 - 1.0) / 2.0;
    mask([side; 3], |place| {
        place.iter().map(|at| (*at as f64 - middle).powi(2)).sum::<f64>() <= radius * radius
    })
}

/// Numbers that look random, by their place (splitmix64).
fn random(at: u64) -> u64 {
    let mut word = at.wrapping_add(0x9E37_79B9_7F4A_7C15).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    word = (word ^ word >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    word = (word ^ word >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ word >> 31
}

/// Every voxel in or out by chance, `part` of 256 in.
fn noise(shape: [usize; 3], part: u64) -> Mask {
    mask(shape, |[z, y, x]| random((z * 1_000_000 + y * 1000 + x) as u64) % 256 < part)
}

#[test]
fn masks_hold_what_was_put_in() {
    let values: Vec<u16> = (0..2 * 3 * 70).map(|at| at * 7 % 11).collect();
    for threads in [0, 1, 2, 5] {
        let found = Mask::of(&values, [2, 3, 70], threads, |value| value > 4).expect("a mask");
        for (at, value) in values.iter().enumerate() {
            assert_eq!(found.get(at / 210, at / 70 % 3, at % 70), *value > 4);
        }
        assert_eq!(found.count(), values.iter().filter(|value| **value > 4).count() as u64);
        assert_eq!(found.count() + found.complement().count(), found.voxels());
        assert!(!found.get(0, 0, 70) && !found.get(0, 3, 0) && !found.get(2, 0, 0));
        assert_eq!(found.slab(1..9).shape(), [1, 3, 70]);
        assert_eq!(found.slab(1..2).count() + found.slab(0..1).count(), found.count());
    }
    assert_eq!(Mask::of(&values, [2, 3, 71], 1, |_| true), None);
    assert_eq!(Mask::of(&values, [usize::MAX, 3, 71], 1, |_| true), None);
    assert!(
        Mask::of::<u8>(&[], [0, 5, 3], 1, |_| true).is_some_and(|mask| mask.fraction().is_nan())
    );
}
