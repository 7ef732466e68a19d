use galvanome_numerics::faddeeva::w;
use galvanome_numerics::peak_shape::{
    FWHM_OF_SIGMA, Shaped, doniach_sunjic, gauss, gauss_area, lorentz, lorentz_area, pseudo_voigt,
    pseudo_voigt_area, split, voigt, voigt_area, voigt_width,
};

use crate::close;

#[test]
fn faddeeva() {
    for ((x, y), (re, im)) in [
        ((0.0, 0.5), (0.615_690_344_192_925_9, 0.0)),
        ((0.3, 1e-6), (0.913_930_248_242_220_2, 0.318_915_134_413_454_7)),
        ((1.5, 0.2), (0.156_520_584_188_795_5, 0.421_075_947_361_980_7)),
        ((3.0, 0.01), (0.000_908_830_706_741_580_5, 0.201_146_462_540_196_4)),
        ((-2.0, 3.0), (0.130_757_469_669_848_57, -0.081_112_650_477_456_65)),
        ((5.0, 0.001), (2.408_046_396_710_341_4e-5, 0.115_245_956_674_503_73)),
        ((7.9, 0.05), (0.000_463_308_077_286_463_55, 0.071_999_886_722_985_5)),
        ((8.1, 0.05), (0.000_440_165_135_366_044_23, 0.070_193_687_881_494_69)),
        ((0.1, 8.5), (0.065_916_299_616_623_94, 0.000_765_107_369_011_532_3)),
        ((40.0, 2.0), (0.000_704_134_979_876_027_1, 0.014_073_911_686_075_087)),
        ((1e4, 0.01), (5.641_895_920_100_36e-11, 5.641_895_863_681_4e-5)),
        ((6.2, 0.0), (2.021_715_848_695_342e-17, 0.092_231_463_760_242_32)),
        ((2.5, 0.0), (0.001_930_454_136_227_709_2, 0.251_723_024_611_857_6)),
        ((0.0, 0.0), (1.0, 0.0)),
    ] {
        let found = w(x, y);
        let size = f64::hypot(re, im);
        let error = f64::hypot(found.0 - re, found.1 - im) / size;
        assert!(error < 1e-13, "w({x}, {y}) is {found:?}, off by {error:.1e}");
    }
    assert!(w(1.0, -1.0).0.is_nan() && w(f64::NAN, 1.0).1.is_nan());
}

/// Half the height at half the width, the height at the centre, and the area under it.
#[test]
fn heights_widths_and_areas() {
    // The trapezoidal sum of a smooth curve over all of its length; beyond, tails fall as 1/x².
    let area = |shape: &dyn Fn(f64) -> Shaped, tail: f64| {
        let (step, reach) = (0.01, 400.0_f64);
        let count = (2.0 * reach / step) as i64;
        let sum: f64 = (0..=count).map(|at| shape(step * at as f64 - reach).value * step).sum();
        sum + 2.0 * tail / reach
    };
    for width in [0.6, 2.3] {
        for shape in [gauss, lorentz] {
            assert_eq!(shape(0.0, width).value, 1.0);
            close(shape(0.5 * width, width).value, 0.5, 1e-14);
        }
        close(area(&|x| gauss(x, width), 0.0), gauss_area(width), 1e-12);
        close(area(&|x| lorentz(x, width), 0.25 * width * width), lorentz_area(width), 1e-7);
        let mixed = area(&|x| pseudo_voigt(x, width, 0.3), 0.3 * 0.25 * width * width);
        close(mixed, pseudo_voigt_area(width, 0.3), 1e-7);
        for other in [0.0, 0.2, 1.7] {
            // Of a Voigt profile the tail is that of its Lorentzian of the same area.
            let tail = voigt_area(width, other) * other / (2.0 * std::f64::consts::PI);
            close(area(&|x| voigt(x, width, other), tail), voigt_area(width, other), 1e-6);
            close(voigt(0.5 * voigt_width(width, other), width, other).value, 0.5, 4e-4);
        }
        close(voigt(0.7, 0.0, width).value, lorentz(0.7, width).value, 1e-14);
        close(voigt(0.7, width, 0.0).value, gauss(0.7, width).value, 1e-13);
        close(voigt_area(0.0, width), lorentz_area(width), 1e-14);
    }
    close(FWHM_OF_SIGMA, (8.0 * std::f64::consts::LN_2).sqrt(), 1e-15);
    // By mpmath, and by SciPy's voigt_profile(0.4, 0.5, 0.3) over that at 0.
    close(voigt(0.4, 0.5 * FWHM_OF_SIGMA, 0.6).value, 0.819_838_614_931_908_2, 1e-13);
}

#[test]
fn the_maximum_of_a_line_with_a_tail() {
    for asymmetry in [0.0, 0.1, 0.35] {
        let half_width = 0.4;
        let top = half_width / (std::f64::consts::PI / (2.0 - asymmetry)).tan();
        let at = |offset| doniach_sunjic(offset, half_width, asymmetry);
        assert!(at(top).by_offset.abs() < 1e-12);
        assert!(at(top).value >= 1.0 && at(top - 3.0).value >= at(top + 3.0).value);
    }
    close(doniach_sunjic(0.3, 0.4, 0.0).value, lorentz(0.3, 0.8).value, 1e-14);
}

#[test]
fn a_split_shape_has_each_side_of_its_own() {
    let at = |offset| split(offset, (1.0, 3.0), gauss);
    assert_eq!(at(-0.4), (gauss(-0.4, 1.0), true));
    assert_eq!(at(0.4), (gauss(0.4, 3.0), false));
    assert_eq!(at(0.0).0.value, 1.0);
}

/// Derivatives against differences.
#[test]
fn derivatives() {
    let check = |name: &str, shape: &dyn Fn(f64, f64, f64) -> Shaped, width: f64, other: f64| {
        for offset in [-3.1, -0.4, 0.0, 0.2, 1.3, 6.0] {
            let found = shape(offset, width, other);
            let step = 1e-5;
            let slope = |dx: f64, dw: f64, ds: f64| {
                let there = |sign: f64| {
                    shape(offset + sign * dx, width + sign * dw, other + sign * ds).value
                };
                (there(1.0) - there(-1.0)) / (2.0 * step)
            };
            for (which, found, expected) in [
                ("offset", found.by_offset, slope(step, 0.0, 0.0)),
                ("width", found.by_width, slope(0.0, step, 0.0)),
                ("shape", found.by_shape, slope(0.0, 0.0, step)),
            ] {
                assert!(
                    (found - expected).abs() < 1e-8,
                    "{name} at {offset} by {which}: {found}, not {expected}"
                );
            }
        }
    };
    check("gauss", &|x, w, _| gauss(x, w), 1.3, 0.5);
    check("lorentz", &|x, w, _| lorentz(x, w), 1.3, 0.5);
    check("pseudo-Voigt", &pseudo_voigt, 0.9, 0.4);
    check("Voigt", &voigt, 0.9, 0.4);
    check("Voigt, nearly Gauss", &voigt, 1.4, 1e-3);
    check("Voigt, nearly Lorentz", &voigt, 2e-2, 1.4);
    check("Doniach-Sunjic", &doniach_sunjic, 0.6, 0.25);
}
