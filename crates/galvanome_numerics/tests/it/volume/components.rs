use galvanome_numerics::volume::{Axis, Components, Connected, Connectivity, Mask, label, through};
use proptest::prelude::*;

use super::{ball, mask, noise};

/// Counts in slabs of `thick` slices.
fn count(mask: &Mask, connectivity: Connectivity, thick: usize) -> Connected {
    let mut components = Components::new(mask.shape(), connectivity).expect("components");
    for z in (0..mask.shape()[0]).step_by(thick) {
        components.add(&mask.slab(z..z + thick)).expect("slices");
    }
    components.finish()
}

/// Labels by flooding from each voxel that has none.
fn flood(mask: &Mask, connectivity: Connectivity) -> (Vec<u32>, u32) {
    let [depth, rows, row] = mask.shape();
    let mut labels = vec![0; depth * rows * row];
    let mut many = 0;
    for start in 0..labels.len() {
        let place = |at: usize| [at / (rows * row), at / row % rows, at % row];
        let [z, y, x] = place(start);
        if labels[start] != 0 || !mask.get(z, y, x) {
            continue;
        }
        many += 1;
        labels[start] = many;
        let mut left = vec![start];
        while let Some(at) = left.pop() {
            let here = place(at);
            for step in 0..27 {
                let step = [step / 9, step / 3 % 3, step % 3];
                let far: usize = step.iter().map(|one| usize::from(*one != 1)).sum();
                if far == 0 || (far > 1 && connectivity == Connectivity::Faces) {
                    continue;
                }
                let there: Vec<usize> =
                    (0..3).map(|axis| (here[axis] + step[axis]).wrapping_sub(1)).collect();
                let [z, y, x] = [there[0], there[1], there[2]];
                if z < depth && y < rows && x < row && mask.get(z, y, x) {
                    let next = (z * rows + y) * row + x;
                    if labels[next] == 0 {
                        labels[next] = many;
                        left.push(next);
                    }
                }
            }
        }
    }
    (labels, many)
}

#[track_caller]
fn check(mask: &Mask, faces: u64, corners: u64) {
    for (connectivity, expected) in [(Connectivity::Faces, faces), (Connectivity::Corners, corners)]
    {
        let found = count(mask, connectivity, 3);
        assert_eq!(found.components, expected, "{connectivity:?}");
        assert_eq!(found.voxels, mask.count());
        assert_eq!(found.sizes.iter().map(|(size, many)| size * many).sum::<u64>(), mask.count());
        assert_eq!(found.sizes.iter().map(|(_, many)| many).sum::<u64>(), expected);
        for thick in [1, 2, 100] {
            assert_eq!(count(mask, connectivity, thick), found, "slabs of {thick}");
        }
        let labels = label(mask, connectivity).expect("labels");
        assert_eq!((labels.labels, labels.components), flood(mask, connectivity));
    }
}

#[test]
fn known_shapes_have_known_components() {
    let even = |place: [usize; 3]| place.iter().sum::<usize>().is_multiple_of(2);
    check(&mask([4, 5, 6], even), 60, 1);
    check(&mask([3, 3, 3], |_| true), 1, 1);
    check(&mask([3, 3, 3], |_| false), 0, 0);
    check(&mask([3, 4, 200], |place| place == [1, 2, 130]), 1, 1);
    check(&mask([1, 1, 200], |[_, _, x]| x % 3 != 0), 67, 67);
    check(&mask([200, 1, 1], |[z, _, _]| z % 3 != 0), 67, 67);
    check(&mask([7, 9, 64], |[z, _, _]| z % 2 == 0), 4, 4);
    check(&mask([5, 6, 128], |[_, _, x]| x % 2 == 0), 64, 64);
    // Two combs, one in the other.
    check(
        &mask([2, 20, 65], |[_, y, x]| if x == 0 { y % 2 == 0 } else { x < 64 || y % 2 == 1 }),
        1,
        1,
    );
    check(&ball(17, 6.3), 1, 1);
    check(&ball(17, 6.3).complement(), 1, 1);
    check(&noise([9, 10, 70], 80), 390, 5);
    check(&Mask::empty([0, 3, 3]).expect("none"), 0, 0);
    check(&Mask::empty([3, 0, 3]).expect("none"), 0, 0);
    check(&Mask::empty([3, 3, 0]).expect("none"), 0, 0);
}

/// A plate across z, a rod along x that ends before the face, and a voxel within.
#[test]
fn what_reaches_through_is_told_by_axis() {
    let shape = [9, 10, 70];
    let both =
        mask(shape, |[z, y, x]| z == 2 || (z == 6 && y == 5 && x < 69) || [z, y, x] == [8, 1, 5]);
    let found = count(&both, Connectivity::Faces, 2);
    assert_eq!((found.components, found.largest, found.closed), (3, 700, 0));
    assert_eq!(found.through.map(|through| through.voxels), [0, 700, 700]);
    assert_eq!(found.through.map(|through| through.components), [0, 1, 1]);
    assert_eq!(found.through_fraction(Axis::X), 700.0 / 770.0);
    assert_eq!(through(&both, Connectivity::Faces, Axis::Z).expect("a mask").count(), 0);
    let kept = through(&both, Connectivity::Faces, Axis::Y).expect("a mask");
    assert_eq!(kept, mask(shape, |[z, _, _]| z == 2));
    let inner = mask(shape, |place| [[3, 3, 3], [4, 4, 4], [4, 4, 5]].contains(&place));
    assert_eq!(count(&inner, Connectivity::Faces, 9).closed, 3);
    assert_eq!(
        count(&Mask::empty([0, 0, 0]).expect("none"), Connectivity::Faces, 1),
        Connected::default()
    );
}

#[test]
fn slices_that_do_not_fit_are_refused() {
    let mut components = Components::new([4, 3, 3], Connectivity::Faces).expect("components");
    assert_eq!(components.add(&ball(3, 1.0)), Some(()));
    assert_eq!(components.add(&mask([1, 3, 4], |_| true)), None);
    assert_eq!(components.add(&ball(3, 1.0)), None);
    assert_eq!(components.finish().components, 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn components_are_those_of_a_flood(seed in any::<u64>(), part in 40_u64..220, z in 1_usize..6, y in 1_usize..9, x in 1_usize..80) {
        let mask = mask([z, y, x], |[z, y, x]| super::random(seed ^ (z * 10_000 + y * 100 + x) as u64) % 256 < part);
        for connectivity in [Connectivity::Faces, Connectivity::Corners] {
            let (labels, many) = flood(&mask, connectivity);
            let found = label(&mask, connectivity).expect("labels");
            prop_assert_eq!(found.labels, labels);
            prop_assert_eq!(count(&mask, connectivity, 1).components, u64::from(many));
        }
    }
}
