//! Error function and normal distribution.

use galvanome_numerics::error_function::{erfc, erfcx};
use galvanome_numerics::normal::{cdf, density, quantile, upper_quantile, upper_tail};
use proptest::prelude::*;

use crate::close;

#[test]
fn complementary_error_function() {
    for (z, plain, scaled) in [
        (0.0, 1.0, 1.0),
        (1e-10, 0.999999999887162, 0.999999999887162),
        (0.1, 0.887537083981715, 0.8964569799691267),
        (0.5, 0.4795001221869535, 0.6156903441929259),
        (1.0, 0.15729920705028513, 0.427583576155807),
        (2.0, 0.004677734981047266, 0.25539567631050575),
        (3.75, 1.1372725656979665e-07, 0.14558972127503855),
        (6.0, 2.1519736712498913e-17, 0.09277656780053835),
        (10.0, 2.088487583762545e-45, 0.05614099274382259),
        (20.0, 5.395865611607901e-176, 0.02817434874105132),
        (26.0, 5.663192408856143e-296, 0.021683584850562907),
    ] {
        close(erfc(z), plain, 2e-15);
        close(erfc(-z), 2.0 - plain, 2e-16);
        close(erfcx(z), scaled, 1e-15);
    }
    for (z, scaled) in
        [(1e3, 0.0005641893014533877), (1e7, 5.641895835477535e-8), (1e9, 5.641895835477563e-10)]
    {
        close(erfcx(z), scaled, 1e-15);
    }
    assert_eq!(erfc(40.0), 0.0);
    assert!(erfc(f64::NAN).is_nan() && erfcx(-1.0).is_nan());
}

#[test]
fn quantiles() {
    for (p, expected) in [
        (1e-300, -37.0470962993612),
        (1e-50, -14.933337534788489),
        (1e-12, -7.034483825301132),
        (1e-05, -4.264890793922825),
        (0.001, -3.0902323061678136),
        (0.0249, -1.961677869063786),
        (0.025, -1.9599639845400543),
        (0.0751, -1.43882539275254),
        (0.3, -0.5244005127080408),
        (0.4999, -0.00025066283008800747),
        (0.5, 0.0),
        (0.0, f64::NEG_INFINITY),
        (1.0, f64::INFINITY),
    ] {
        close(quantile(p), expected, 1e-15);
        close(upper_quantile(p), -expected, 1e-15);
    }
    // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.1: area from 0 to 1.96 is 0.47500.
    assert_eq!(format!("{:.5}", cdf(1.96) - 0.5), "0.47500");
    close(density(0.0), 0.3989422804014327, 1e-15);
    assert!(quantile(-0.1).is_nan() && quantile(1.1).is_nan() && quantile(f64::NAN).is_nan());
}

proptest! {
    #[test]
    fn quantile_undoes_the_tail(z in 0.0..35.0_f64) {
        let back = upper_quantile(upper_tail(z));
        prop_assert!((back - z).abs() <= 1e-14 * (1.0 + z), "{z} came back as {back}");
    }
}
