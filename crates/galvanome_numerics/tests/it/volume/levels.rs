use galvanome_numerics::volume::{
    Axis, Extent, Histogram, Profile, Region, Representativity, multi_otsu, otsu,
};

use super::{mask, noise, random};
use crate::close;

/// Three overlapping humps of whole numbers.
fn grey() -> Vec<u8> {
    (0..30_000_u64)
        .map(|at| {
            let spread: u64 = (0..4).map(|turn| random(at * 4 + turn) % 24).sum();
            ([20, 80, 150][at as usize % 3] + spread) as u8
        })
        .collect()
}

#[test]
fn bytes_and_words_are_counted_exactly() {
    let values = grey();
    let words: Vec<u16> = values.iter().map(|value| u16::from(*value) * 200).collect();
    for threads in [0, 1, 3] {
        let mut histogram = Histogram::of_bytes();
        histogram.add_u8(&values[..12_345], threads);
        histogram.add_u8(&values[12_345..], threads);
        for value in 0..256 {
            let expected = values.iter().filter(|one| usize::from(**one) == value).count() as u64;
            assert_eq!(histogram.counts()[value], expected);
        }
        let mut other = Histogram::of_words();
        other.add_u16(&words, threads);
        assert_eq!(other.counts()[200 * 100], histogram.counts()[100]);
        assert_eq!((histogram.total(), histogram.left_out(), other.total()), (30_000, 0, 30_000));
        let expected = values.iter().filter(|value| **value > 100).count() as f64 / 30_000.0;
        assert_eq!(histogram.fraction_above(100.0), expected);
        let mean = values.iter().map(|value| f64::from(*value)).sum::<f64>() / 30_000.0;
        close(histogram.moments().expect("moments").0, mean, 1e-15);
    }
    let mut narrow = Histogram::of_bytes();
    narrow.add_u16(&[3, 256, 65_535], 1);
    narrow.add(&[3.0, 3.4, 300.0, f64::NAN]);
    assert_eq!((narrow.counts()[3], narrow.total(), narrow.left_out()), (3, 3, 4));
}

/// Reference: scikit-image 0.26.0 on the same values.
#[test]
fn thresholds_agree_with_another_implementation() {
    let mut histogram = Histogram::of_bytes();
    histogram.add_u8(&grey(), 1);
    assert_eq!(otsu(&histogram), Some(OTSU));
    assert_eq!(multi_otsu(&histogram, 3), Some(MULTI_OTSU.to_vec()));
    assert_eq!(multi_otsu(&histogram, 4), Some(MULTI_OTSU_4.to_vec()));
    let mut two = Histogram::of_bytes();
    two.add_u8(&[7, 7, 200], 1);
    assert_eq!(otsu(&two), Some(7.0));
    assert_eq!(
        (multi_otsu(&two, 3), multi_otsu(&two, 1), otsu(&Histogram::of_words())),
        (None, None, None)
    );
}

const OTSU: f64 = 140.0;
const MULTI_OTSU: [f64; 2] = [96.0, 161.0];
const MULTI_OTSU_4: [f64; 3] = [87.0, 123.0, 166.0];

/// All ways to cut are compared.
#[test]
fn several_thresholds_are_the_best_of_all() {
    let mut histogram = Histogram::of_range(0.0, 1.0, 24).expect("bins");
    let values: Vec<f64> =
        (0..500).map(|at| (random(at) % 1000) as f64 / 1000.0).map(|v| v * v).collect();
    histogram.add(&values);
    let between = |from: usize, to: usize| {
        let bins = || (from..to).map(|bin| (histogram.counts()[bin] as f64, histogram.middle(bin)));
        let weight: f64 = bins().map(|bin| bin.0).sum();
        let sum: f64 = bins().map(|bin| bin.0 * bin.1).sum();
        if weight > 0.0 { sum * sum / weight } else { 0.0 }
    };
    let mut best = (0.0, vec![]);
    for a in 1..23 {
        for b in a + 1..24 {
            let value = between(0, a) + between(a, b) + between(b, 24);
            if value > best.0 * (1.0 + 1e-12) {
                best = (value, vec![histogram.middle(a - 1), histogram.middle(b - 1)]);
            }
        }
    }
    assert_eq!(multi_otsu(&histogram, 3), Some(best.1));
}

#[test]
fn real_values_fall_into_bins_over_their_extent() {
    let values = [0.5_f32, f32::NAN, -1.5, 2.5, f32::INFINITY, 2.4999];
    let mut extent = Extent::default();
    extent.add(&values[..3]);
    extent.add(&values[3..]);
    assert_eq!(extent, Extent { range: Some((-1.5, 2.5)), finite: 4, left_out: 2 });
    let mut histogram = Histogram::of_range(-1.5, 2.5, 4).expect("bins");
    histogram.add(&values);
    assert_eq!((histogram.counts(), histogram.left_out()), ([1, 0, 1, 2].as_slice(), 2));
    assert_eq!(histogram.middle(2), 1.0);
    for (low, high, bins) in
        [(1.0, 1.0, 4), (2.0, 1.0, 4), (f64::NAN, 1.0, 4), (0.0, 1.0, 0), (f64::MIN, f64::MAX, 4)]
    {
        assert_eq!(Histogram::of_range(low, high, bins), None);
    }
}

#[test]
fn profiles_are_means_of_regions() {
    let shape = [5, 6, 21];
    let value = |[z, y, x]: [usize; 3]| 1e6 + (z * 100 + y * 10) as f64 + x as f64 * 0.25;
    let mut values: Vec<f64> =
        (0..5 * 6 * 21).map(|at| value([at / 126, at / 21 % 6, at % 21])).collect();
    values[2 * 126 + 3 * 21 + 4] = f64::NAN;
    let region = Region { sides: [1..4, 2..6, 3..17] };
    for (axis, name) in [(0, Axis::Z), (1, Axis::Y), (2, Axis::X)] {
        let mut profile = Profile::new(shape, region.clone(), name).expect("a profile");
        let mut slabs = profile.clone();
        profile.add(&values).expect("slices");
        for slice in values.chunks(126) {
            slabs.add(slice).expect("a slice");
        }
        assert_eq!(profile, slabs);
        for (at, part) in profile.parts().iter().enumerate() {
            let inside: Vec<f64> = (0..values.len())
                .map(|at| [at / 126, at / 21 % 6, at % 21])
                .filter(|place| (0..3).all(|axis| region.sides[axis].contains(&place[axis])))
                .filter(|place| place[axis] == region.sides[axis].start + at && *place != [2, 3, 4])
                .map(value)
                .collect();
            assert_eq!(part.n, inside.len() as u64);
            let mean = inside.iter().sum::<f64>() / inside.len() as f64;
            close(part.mean, mean, 1e-14);
            let squares: f64 = inside.iter().map(|value| (value - mean).powi(2)).sum();
            close(part.sum_of_squares, squares, 1e-9);
        }
        assert_eq!(profile.total().n, 3 * 4 * 14 - 1);
        assert_eq!(profile.add(&values), None);
        assert_eq!(profile.add(&values[1..]), None);
    }
    let mut bytes =
        Profile::new([1, 1, 11], Region::whole([1, 1, 11]), Axis::Z).expect("a profile");
    bytes.add(&[7_u8; 11]).expect("a slice");
    assert_eq!((bytes.total().mean, bytes.total().standard_deviation()), (7.0, Some(0.0)));
    assert_eq!(Profile::new(shape, Region { sides: [1..4, 2..7, 3..17] }, Axis::Z), None);
    assert_eq!(Profile::new(shape, Region { sides: [1..4, 2..2, 3..17] }, Axis::Z), None);
}

/// Of independent voxels the variance is p (1 - p) / n.
#[test]
fn fractions_of_noise_spread_as_they_must() {
    let noise = noise([64, 64, 64], 77);
    let mut sizes = Representativity::new([64, 64, 64], &[4, 8, 16, 64]).expect("sizes");
    for z in 0..64 {
        sizes.add(&noise.slab(z..z + 1)).expect("a slice");
    }
    let p: f64 = 77.0 / 256.0;
    for (found, tiles) in sizes.sizes().iter().zip([4096, 512, 64, 1]) {
        assert_eq!(found.tiles, tiles);
        close(found.mean, noise.fraction(), 1e-12);
        let expected = (p * (1.0 - p) / (found.edge as f64).powi(3)).sqrt();
        match found.standard_deviation {
            Some(spread) => close(spread, expected, 0.2),
            None => assert_eq!(tiles, 1),
        }
    }
    let mut uneven = Representativity::new([5, 7, 131], &[3]).expect("sizes");
    uneven.add(&mask([5, 7, 131], |[_, _, x]| x < 66)).expect("slices");
    assert_eq!(uneven.sizes()[0].tiles, 2 * 43);
    close(uneven.sizes()[0].mean, 22.0 / 43.0, 1e-14);
    assert!(Representativity::new([5, 7, 131], &[6]).is_none());
    assert!(Representativity::new([5, 7, 131], &[0]).is_none());
}
