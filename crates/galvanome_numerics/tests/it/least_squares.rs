use galvanome_numerics::least_squares::{End, Fit, Range, Settings, Unfit, Weights, fit};
use proptest::prelude::*;

use crate::close;

/// Seven points near the line 2 + 3 x, at unequal places.
const X: [f64; 7] = [0.0, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0];
const Y: [f64; 7] = [2.1, 3.4, 5.2, 7.9, 11.3, 16.8, 26.2];

/// A straight line through the points, `a + b x`, with parameters in their ranges.
fn line(start: [f64; 2], ranges: [Range; 2], scale: f64) -> Fit {
    fit(&start, &ranges, X.len(), &Settings::default(), |p, residuals, jacobian| {
        for ((out, x), y) in residuals.iter_mut().zip(X).zip(Y) {
            *out = (p[0] + p[1] * x - y) / scale;
        }
        if let Some(jacobian) = jacobian {
            for (row, x) in X.iter().enumerate() {
                jacobian[row] = 1.0 / scale;
                jacobian[X.len() + row] = x / scale;
            }
        }
    })
    .expect("a fit")
}

fn range(lower: f64, upper: f64) -> Range {
    Range { lower, upper }
}

#[test]
fn a_line_has_the_parameters_and_covariance_of_its_formulas() {
    let count = X.len() as f64;
    let (mean_x, mean_y) = (X.iter().sum::<f64>() / count, Y.iter().sum::<f64>() / count);
    let sxx: f64 = X.iter().map(|x| (x - mean_x).powi(2)).sum();
    let sxy: f64 = X.iter().zip(Y).map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    let slope = sxy / sxx;
    let found = line([0.0, 0.0], [Range::FREE; 2], 1.0);
    close(found.parameters[1], slope, 1e-13);
    close(found.parameters[0], mean_y - slope * mean_x, 1e-13);
    assert_eq!(found.degrees_of_freedom, 5);
    let variance = found.residual_sum / 5.0;
    let slope_error = found.standard_error(1, Weights::FromResiduals).expect("an error");
    close(slope_error, (variance / sxx).sqrt(), 1e-12);
    let both = found.covariance(0, 1, Weights::FromResiduals).expect("a covariance");
    close(both, -mean_x * variance / sxx, 1e-12);
    // Residuals in units of 0.1: the error is what those units say, whatever the residuals are.
    let weighted = line([0.0, 0.0], [Range::FREE; 2], 0.1);
    close(weighted.standard_error(1, Weights::Known).expect("an error"), 0.1 / sxx.sqrt(), 1e-12);
}

#[test]
fn a_range_holds_and_the_rest_is_the_best_there_is() {
    // With the slope held at 2.5 the best intercept is mean(y) - 2.5 mean(x).
    let best =
        |slope: f64| (Y.iter().sum::<f64>() - slope * X.iter().sum::<f64>()) / X.len() as f64;
    for (start, ranges, expected, at_bound) in [
        ([0.0, 0.0], [Range::FREE, range(0.0, 2.5)], [best(2.5), 2.5], [false, true]),
        ([0.0, 9.0], [Range::FREE, range(3.5, 9.0)], [best(3.5), 3.5], [false, true]),
        ([9.0, 9.0], [range(7.0, 7.0), Range::FREE], [7.0, 2.069_733_656_174_334], [true, false]),
        ([-9.0, 99.0], [range(0.0, 1.0), range(0.0, 1.0)], [1.0, 1.0], [true, true]),
    ] {
        let found = line(start, ranges, 1.0);
        for at in 0..2 {
            close(found.parameters[at], expected[at], 1e-12);
            assert_eq!(found.standard_error(at, Weights::FromResiduals).is_none(), at_bound[at]);
        }
        assert_eq!(found.at_bound, at_bound);
    }
}

#[test]
fn what_the_data_do_not_determine_has_no_error() {
    // Only the product of the first two counts.
    let found = fit(
        &[1.0, 1.0, 0.0],
        &[Range::FREE; 3],
        X.len(),
        &Settings::default(),
        |p, out, jacobian| {
            for ((out, x), y) in out.iter_mut().zip(X).zip(Y) {
                *out = p[0] * p[1] * x + p[2] - y;
            }
            if let Some(jacobian) = jacobian {
                for (row, x) in X.iter().enumerate() {
                    jacobian[row] = p[1] * x;
                    jacobian[X.len() + row] = p[0] * x;
                    jacobian[2 * X.len() + row] = 1.0;
                }
            }
        },
    )
    .expect("a fit");
    assert_eq!(found.determined, [false, false, true]);
    let plain = line([0.0, 0.0], [Range::FREE; 2], 1.0);
    close(found.parameters[0] * found.parameters[1], plain.parameters[1], 1e-10);
    close(found.parameters[2], plain.parameters[0], 1e-10);
    assert_eq!(found.standard_error(0, Weights::Known), None);
    let error = found.standard_error(2, Weights::Known).expect("an error");
    close(error, plain.standard_error(0, Weights::Known).expect("an error"), 1e-9);
}

#[test]
fn a_model_without_values_ahead_is_approached_and_one_without_any_refused() {
    // ln has no value below 0, where the first steps would lead.
    let at = [1.0, 2.0, 3.0, 4.0];
    let found = fit(&[50.0], &[Range::FREE], 4, &Settings::default(), |p, out, jacobian| {
        for (out, x) in out.iter_mut().zip(at) {
            *out = (p[0] - 0.5).ln() * x + 3.0 * x;
        }
        if let Some(jacobian) = jacobian {
            jacobian.copy_from_slice(&at.map(|x| x / (p[0] - 0.5)));
        }
    })
    .expect("a fit");
    assert_eq!(found.end, End::Minimum);
    close(found.parameters[0], 0.5 + (-3.0_f64).exp(), 1e-10);
    let nowhere = |start: &[f64], ranges: &[Range], rows| {
        fit(start, ranges, rows, &Settings::default(), |_, out, _| out.fill(f64::NAN)).err()
    };
    for (start, ranges, rows, expected) in [
        (vec![1.0], vec![Range::FREE], 4, Unfit::Model),
        (vec![], vec![], 4, Unfit::Shape),
        (vec![1.0], vec![], 4, Unfit::Shape),
        (vec![1.0, 2.0], vec![Range::FREE; 2], 1, Unfit::Shape),
        (vec![f64::NAN], vec![Range::FREE], 4, Unfit::Start),
        (vec![1.0], vec![range(2.0, 1.0)], 4, Unfit::Start),
    ] {
        assert_eq!(nowhere(&start, &ranges, rows), Some(expected));
    }
}

proptest! {
    /// A decay that is seen without noise is found again from any start nearby, within its range or at its end.
    #[test]
    fn a_decay_is_found_again(height in 0.5..50.0_f64, rate in 0.05..3.0_f64, off in -0.6..0.6_f64, cap in 0.4..2.0_f64) {
        let seen = X.map(|x| height * (-rate * x).exp());
        let upper = rate * cap;
        let start = [height * (1.0 + off), rate * (1.0 + off)];
        let found = fit(&start, &[Range::FREE, range(0.0, upper)], X.len(), &Settings::default(), |p, out, jacobian| {
            for ((out, x), y) in out.iter_mut().zip(X).zip(seen) {
                *out = p[0] * (-p[1] * x).exp() - y;
            }
            if let Some(jacobian) = jacobian {
                for (row, x) in X.iter().enumerate() {
                    jacobian[row] = (-p[1] * x).exp();
                    jacobian[X.len() + row] = -p[0] * x * (-p[1] * x).exp();
                }
            }
        }).expect("a fit");
        prop_assert!(found.parameters[1] <= upper);
        if cap > 1.001 {
            prop_assert!((found.parameters[0] / height - 1.0).abs() < 1e-9);
            prop_assert!((found.parameters[1] / rate - 1.0).abs() < 1e-9);
        } else if cap < 0.999 {
            prop_assert_eq!(found.parameters[1], upper);
        }
    }
}
