use galvanome_numerics::volume::{Axis, Edges, Mask, Shell, two_point_axes, two_point_radial};

use super::{mask, noise};
use crate::close;

/// Every step between two voxels, and how likely both are in.
fn brute(mask: &Mask, spacing: [f64; 3], edges: Edges, most: f64, width: f64) -> Vec<Shell> {
    let shape = mask.shape();
    let mut shells = vec![Shell::default(); (most / width).ceil() as usize];
    let reach = |axis: usize| (most / spacing[axis]) as isize;
    let side = |axis: usize| if shape[axis] == 1 { 0 } else { reach(axis) };
    for z in -side(0)..=side(0) {
        for y in -side(1)..=side(1) {
            for x in -side(2)..=side(2) {
                let step = [z, y, x];
                let distance = (0..3)
                    .map(|axis| (step[axis] as f64 * spacing[axis]).powi(2))
                    .sum::<f64>()
                    .sqrt();
                if distance >= most {
                    continue;
                }
                let (mut both, mut all) = (0.0, 0.0);
                for at in 0..shape.iter().product::<usize>() {
                    let here =
                        [at / (shape[1] * shape[2]), at / shape[2] % shape[1], at % shape[2]];
                    let there: Vec<isize> =
                        (0..3).map(|axis| here[axis].cast_signed() + step[axis]).collect();
                    let is_inside = (0..3)
                        .all(|axis| there[axis] >= 0 && there[axis] < shape[axis].cast_signed());
                    if edges == Edges::Open && !is_inside {
                        continue;
                    }
                    all += 1.0;
                    let [z, y, x] = [0, 1, 2]
                        .map(|axis| there[axis].rem_euclid(shape[axis].cast_signed()) as usize);
                    both += f64::from(u8::from(
                        mask.get(here[0], here[1], here[2]) && mask.get(z, y, x),
                    ));
                }
                let shell = &mut shells[(distance / width) as usize];
                shell.distance += distance;
                shell.probability += both / all;
                shell.steps += 1;
            }
        }
    }
    for shell in &mut shells {
        shell.distance /= shell.steps as f64;
        shell.probability /= shell.steps as f64;
    }
    shells.retain(|shell| shell.steps > 0);
    shells
}

#[track_caller]
fn check(mask: &Mask, spacing: [f64; 3], most: f64, width: f64) {
    for edges in [Edges::Open, Edges::Periodic] {
        let found = two_point_radial(mask, spacing, edges, (most, width), 1).expect("shells");
        assert_eq!(two_point_radial(mask, spacing, edges, (most, width), 3).as_ref(), Some(&found));
        let expected = brute(mask, spacing, edges, most, width);
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!(found.steps, expected.steps, "{edges:?} {found:?} {expected:?}");
            {
                close(found.distance, expected.distance, 1e-12);
                assert!(
                    (found.probability - expected.probability).abs() < 2e-6,
                    "{edges:?} {found:?} {expected:?}"
                );
            }
        }
    }
}

#[test]
fn shells_are_those_of_every_pair() {
    check(&noise([6, 9, 11], 120), [1.0; 3], 3.0, 1.0);
    check(&noise([6, 8, 10], 60), [2.0, 1.5, 1.0], 5.0, 0.7);
    check(&noise([1, 9, 20], 200), [1.0; 3], 4.0, 1.0);
    check(&noise([5, 1, 1], 128), [1.0; 3], 2.0, 1.0);
    check(&mask([6, 6, 6], |_| true), [1.0; 3], 3.0, 1.0);
    check(&mask([6, 6, 6], |_| false), [1.0; 3], 3.0, 1.0);
    check(&mask([7, 7, 66], |[_, _, x]| x % 4 < 2), [1.0; 3], 3.5, 0.5);
    let one = noise([6, 9, 11], 120);
    for (spacing, most, width) in
        [([1.0; 3], 8.0, 1.0), ([1.0; 3], 0.0, 1.0), ([1.0; 3], 2.0, 0.0), ([0.0; 3], 2.0, 1.0)]
    {
        assert_eq!(two_point_radial(&one, spacing, Edges::Open, (most, width), 1), None);
    }
    assert_eq!(two_point_radial(&one, [1.0; 3], Edges::Periodic, (4.0, 1.0), 1), None);
    let none = Mask::empty([0, 3, 3]).expect("none");
    assert_eq!(two_point_radial(&none, [1.0; 3], Edges::Open, (1.0, 1.0), 1), None);
}

#[test]
fn pairs_along_axes_are_counted() {
    let shape = [5, 7, 140];
    let noise = noise(shape, 120);
    let found = two_point_axes(&noise, 130, 2);
    assert_eq!(two_point_axes(&noise, 130, 1), found);
    for (found, axis) in found.iter().zip(Axis::ALL) {
        assert_eq!(found.axis, axis);
        let side = shape[axis.index()];
        assert_eq!(found.pairs.len(), side.min(131));
        for (apart, (both, all)) in found.pairs.iter().enumerate() {
            let mut expected = (0, 0);
            for at in 0..shape.iter().product::<usize>() {
                let here = [at / (7 * 140), at / 140 % 7, at % 140];
                let mut there = here;
                there[axis.index()] += apart;
                if there[axis.index()] < side {
                    expected.1 += 1;
                    expected.0 += u64::from(
                        noise.get(here[0], here[1], here[2])
                            && noise.get(there[0], there[1], there[2]),
                    );
                }
            }
            assert_eq!((*both, *all), expected, "{axis:?} {apart}");
        }
    }
    assert_eq!(found[0].probabilities()[0], noise.fraction());
    assert!(
        two_point_axes(&Mask::empty([0, 0, 0]).expect("none"), 3, 1)
            .iter()
            .all(|one| one.pairs.is_empty())
    );
}
