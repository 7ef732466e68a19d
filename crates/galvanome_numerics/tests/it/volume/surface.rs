use std::f64::consts::PI;

use galvanome_numerics::volume::{Functionals, Mask, Minkowski};

use super::{ball, mask, noise};

fn functionals(mask: &Mask, spacing: [f64; 3], thick: usize, threads: usize) -> Functionals {
    let mut minkowski = Minkowski::new(mask.shape(), spacing).expect("functionals");
    for z in (0..mask.shape()[0]).step_by(thick) {
        minkowski.add(&mask.slab(z..z + thick), threads).expect("slices");
    }
    minkowski.finish()
}

#[track_caller]
fn check(mask: &Mask, faces: f64, euler: (i64, i64)) {
    let found = functionals(mask, [1.0; 3], 1000, 1);
    assert_eq!(found.volume, mask.count() as f64);
    assert_eq!(
        (found.face_area, found.euler_faces, found.euler_corners),
        (faces, euler.0, euler.1)
    );
    for (thick, threads) in [(1, 1), (2, 3), (7, 2)] {
        assert_eq!(functionals(mask, [1.0; 3], thick, threads), found, "slabs of {thick}");
    }
}

#[test]
fn known_shapes_have_known_faces_and_euler_numbers() {
    check(&mask([3, 3, 130], |place| place == [1, 1, 64]), 6.0, (1, 1));
    check(&mask([3, 3, 130], |place| place == [1, 1, 63]), 6.0, (1, 1));
    // Where the volume ends there is no surface.
    check(&mask([3, 3, 64], |place| place == [0, 0, 63]), 3.0, (1, 1));
    check(&mask([2, 2, 64], |_| true), 0.0, (1, 1));
    check(&mask([2, 2, 64], |_| false), 0.0, (0, 0));
    let even = |place: [usize; 3]| place.iter().sum::<usize>().is_multiple_of(2);
    check(&mask([2, 2, 2], even), 12.0, (4, 1));
    // A ring, a hollow box, a plate.
    check(
        &mask([3, 5, 5], |[z, y, x]| z == 1 && y.abs_diff(2).max(x.abs_diff(2)) == 1),
        8.0 * 2.0 + 16.0,
        (0, 0),
    );
    check(&mask([5, 5, 5], |place| place.iter().any(|at| at % 4 == 0)), 54.0, (2, 2));
    check(&mask([5, 4, 70], |[z, _, _]| z == 2), 2.0 * 280.0, (1, 1));
    check(&ball(31, 10.0), 1902.0, (1, 1));
}

/// Reference: scikit-image 0.26.0, `euler_number` on the same voxels.
#[test]
fn euler_numbers_of_noise_agree_with_another_implementation() {
    let found = functionals(&noise([9, 10, 70], 80), [1.0; 3], 4, 2);
    assert_eq!((found.euler_faces, found.euler_corners), EULER);
}

const EULER: (i64, i64) = (371, -451);

/// How far estimates of a sphere's area are off, at several radii: what the documentation says.
#[test]
fn areas_of_spheres_are_as_near_as_is_said() {
    for (radius, tolerance) in [
        (3.0, 0.02),
        (5.0, 0.02),
        (6.2, 0.011),
        (7.3, 0.011),
        (10.0, 0.011),
        (12.7, 0.011),
        (15.0, 0.004),
        (20.5, 0.004),
    ] {
        let side = 2 * (radius as usize + 2) + 1;
        let found = functionals(&ball(side, radius), [1.0; 3], 1000, 1);
        // The ball of the same volume: which radius voxels stand for is not known better.
        let true_radius = (found.volume * 0.75 / PI).cbrt();
        let area = 4.0 * PI * true_radius * true_radius;
        let off = found.crofton_area / area - 1.0;
        assert!(off.abs() < tolerance, "radius {radius}: {off}");
        let faces = found.face_area / area - 1.0;
        assert!((0.45..0.58).contains(&faces), "radius {radius}: {faces}");
        let off = found.mean_breadth / (2.0 * true_radius) - 1.0;
        assert!(off.abs() < if radius < 6.0 { 0.14 } else { 0.06 }, "radius {radius}: {off}");
    }
}

/// Flattened voxels: the same ball in half as many slices.
#[test]
fn anisotropic_voxels_are_weighted() {
    let flat = mask([33, 65, 65], |[z, y, x]| {
        let square = |at: usize, middle: f64, edge: f64| ((at as f64 - middle) * edge).powi(2);
        square(z, 16.0, 2.0) + square(y, 32.0, 1.0) + square(x, 32.0, 1.0) <= 25.0 * 25.0
    });
    let found = functionals(&flat, [2.0, 1.0, 1.0], 8, 1);
    let radius = (found.volume * 0.75 / PI).cbrt();
    assert!((radius / 25.0 - 1.0).abs() < 0.01);
    let off = found.crofton_area / (4.0 * PI * radius * radius) - 1.0;
    assert!(off.abs() < 0.01, "{off}");
    // Planes of any direction in a volume full of them: by pairs of voxels, not by the volume.
    let layers = mask([40, 40, 40], |[z, _, _]| z % 8 < 4);
    let found = functionals(&layers, [1.0; 3], 40, 1);
    assert!((found.specific_surface / (9.0 / 39.0) - 1.0 + 0.07).abs() < 0.02, "{found:?}");
    assert!(Minkowski::new([3, 3, 3], [1.0, -1.0, 1.0]).is_none());
    let mut other = Minkowski::new([3, 3, 3], [1.0; 3]).expect("functionals");
    assert_eq!(other.add(&mask([1, 3, 4], |_| true), 1), None);
    assert_eq!(other.add(&ball(4, 1.0), 1), None);
}
