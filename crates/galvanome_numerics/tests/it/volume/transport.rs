use galvanome_numerics::volume::{Axis, Mask, Solve, Tortuosity, Transport, tortuosity};

use super::{mask, noise};
use crate::close;

#[track_caller]
fn solved(mask: &Mask, axis: Axis, spacing: [f64; 3]) -> Transport {
    let solve = |threads| Solve { residual: 1e-9, iterations: 2000, threads };
    let found = tortuosity(mask, axis, spacing, &solve(1)).expect("a solution");
    // The same bits, whatever the number of threads.
    assert_eq!(tortuosity(mask, axis, spacing, &solve(3)), Some(found));
    let Tortuosity::Through(found) = found else { panic!("{found:?}") };
    assert!(
        found.is_settled && found.residual <= 1e-9 && found.flow_spread.abs() < 1e-4,
        "{found:?}"
    );
    found
}

/// Layers along the flow and straight channels: exactly 1, however thick the voxels.
#[test]
fn straight_ways_are_not_tortuous() {
    let shape = [9, 12, 17];
    for spacing in [[1.0; 3], [0.5, 2.0, 0.1]] {
        for axis in Axis::ALL {
            let other = (axis.index() + 1) % 3;
            for phase in [
                mask(shape, |_| true),
                mask(shape, |place| place[other] % 3 == 0),
                mask(shape, |place| place[other] == 4 && place[(other + 1) % 3] == 7),
            ] {
                let found = solved(&phase, axis, spacing);
                close(found.factor, 1.0, 1e-6);
                close(found.relative_diffusivity, phase.fraction(), 1e-6);
                assert_eq!(found.fraction, found.through_fraction);
            }
        }
    }
    close(solved(&mask([1, 3, 4], |_| true), Axis::Z, [1.0; 3]).factor, 1.0, 1e-9);
}

/// A channel that goes up in steps: a chain of conductances, known exactly.
#[test]
fn channels_with_steps_have_known_resistance() {
    // Along z, one voxel to the side in every slice but the last: two conductances of 1 where there was one.
    let many = 12;
    let stairs = |[z, y, x]: [usize; 3]| x == 0 && (y == z || y == z + 1);
    let found = solved(&mask([many, many + 1, 1], stairs), Axis::Z, [1.0; 3]);
    // Half a step at both ends, then from (z, z + 1) to (z + 1, z + 1), and across within each slice.
    let n = many as f64;
    let flow = Resistor::stairs(many);
    close(found.relative_diffusivity, flow * n / (n + 1.0), 1e-7);
    // Across is four times easier with voxels half as wide.
    let wide = solved(&mask([many, many + 1, 1], stairs), Axis::Z, [1.0, 0.5, 1.0]);
    close(wide.relative_diffusivity, Resistor::stairs_with(many, 4.0) * n / (n + 1.0), 1e-7);
}

/// A chain of resistors.
struct Resistor;

impl Resistor {
    fn stairs(many: usize) -> f64 {
        Self::stairs_with(many, 1.0)
    }

    /// In the first slice the face feeds both voxels, in the last both feed the face; between them there is one way.
    fn stairs_with(many: usize, across: f64) -> f64 {
        // The way: at one end a half step to the far voxel beside (a half step to the near one and one across).
        let end = 1.0 / (2.0 + 1.0 / (0.5 + 1.0 / across));
        let between = (many - 1) as f64 + (many - 2) as f64 / across;
        1.0 / (2.0 * end + between)
    }
}

#[test]
fn small_volumes_agree_with_elimination() {
    for seed in 0..4 {
        let shape = [5, 4, 3];
        let phase = mask(shape, |[z, y, x]| {
            super::random(seed * 1000 + (z * 12 + y * 3 + x) as u64) % 10 < 7 || (y == 1 && x == 1)
        });
        for axis in Axis::ALL {
            let Some(expected) = eliminated(&phase, axis, [1.0, 0.8, 1.7]) else {
                let found = tortuosity(&phase, axis, [1.0, 0.8, 1.7], &Solve::default());
                assert_eq!(found, Some(Tortuosity::NotConnected { fraction: phase.fraction() }));
                continue;
            };
            close(solved(&phase, axis, [1.0, 0.8, 1.7]).relative_diffusivity, expected, 1e-6);
        }
    }
}

/// The balances of all voxels by Gauss's elimination; `None` when nothing flows.
fn eliminated(mask: &Mask, axis: Axis, spacing: [f64; 3]) -> Option<f64> {
    let shape = mask.shape();
    let along = axis.index();
    let places: Vec<[usize; 3]> = (0..shape.iter().product())
        .map(|at| [at / (shape[1] * shape[2]), at / shape[2] % shape[1], at % shape[2]])
        .filter(|[z, y, x]| mask.get(*z, *y, *x))
        .collect();
    let many = places.len();
    let mut rows = vec![vec![0.0; many + 1]; many];
    for (at, place) in places.iter().enumerate() {
        // What keeps voxels without a way out from having no value at all.
        rows[at][at] += 1e-13;
        for direction in 0..3 {
            let weight = (spacing[along] / spacing[direction]).powi(2);
            for (other, there) in places.iter().enumerate() {
                let is_next = (0..3)
                    .all(|one| place[one].abs_diff(there[one]) == usize::from(one == direction));
                if is_next {
                    rows[at][at] += weight;
                    rows[at][other] -= weight;
                }
            }
        }
        if place[along] == 0 {
            rows[at][at] += 2.0;
        }
        if place[along] + 1 == shape[along] {
            rows[at][at] += 2.0;
            rows[at][many] += 2.0;
        }
    }
    for pivot in 0..many {
        let (done, rest) = rows.split_at_mut(pivot + 1);
        for row in rest {
            let factor = row[pivot] / done[pivot][pivot];
            (pivot..=many).for_each(|at| row[at] -= factor * done[pivot][at]);
        }
    }
    let mut values = vec![0.0; many];
    for at in (0..many).rev() {
        let known: f64 = (at + 1..many).map(|other| rows[at][other] * values[other]).sum();
        values[at] = (rows[at][many] - known) / rows[at][at];
    }
    let flow: f64 = (0..many).filter(|at| places[*at][along] == 0).map(|at| 2.0 * values[at]).sum();
    let side = shape[along] as f64;
    let across = shape.iter().product::<usize>() as f64 / side;
    (flow > 1e-9).then_some(flow * side / across)
}

/// Reference: taufactor 1.2.1 on the same voxels, converged to 10⁻⁵.
#[test]
fn random_media_agree_with_another_implementation() {
    let found = solved(&noise([24, 24, 24], 180), Axis::Z, [1.0; 3]);
    close(found.factor, TAUFACTOR, 1e-5);
    assert!(found.through_fraction < found.fraction);
}

const TAUFACTOR: f64 = 1.859_965_7;

#[test]
fn what_does_not_reach_through_is_said() {
    let check = |phase: &Mask| {
        let found = tortuosity(phase, Axis::Z, [1.0; 3], &Solve::default());
        assert_eq!(found, Some(Tortuosity::NotConnected { fraction: phase.fraction() }));
    };
    check(&mask([6, 5, 4], |[z, _, _]| z != 3));
    check(&mask([6, 5, 4], |_| false));
    // By corners only.
    check(&mask([2, 2, 2], |place| place.iter().sum::<usize>() % 2 == 0));
    let full = mask([6, 5, 4], |_| true);
    assert_eq!(tortuosity(&full, Axis::Z, [1.0, 0.0, 1.0], &Solve::default()), None);
    assert_eq!(
        tortuosity(&Mask::empty([0, 2, 2]).expect("none"), Axis::Z, [1.0; 3], &Solve::default()),
        None
    );
    let cut = Solve { iterations: 1, residual: 1e-12, threads: 1 };
    let found = tortuosity(&noise([20, 20, 20], 180), Axis::X, [1.0; 3], &cut);
    assert!(
        matches!(found, Some(Tortuosity::Through(found)) if !found.is_settled && found.iterations == 1)
    );
}
