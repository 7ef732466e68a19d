//! The uncertainty of a difference in each form of the spread, calculated by hand.

use galvanome_inference::comparison::{Gate, Input};

use crate::{alone, close, plain, ratio, told};

/// d, u² and ν of each form.
#[test]
fn forms() {
    let pooled = plain(&[1.0, 3.0], &[6.0, 8.0]);
    let per_group =
        Input { s0: Some(1.0), s0_test: Some(2.0), ..plain(&[1.0, 3.0], &[6.0, 8.0, 10.0]) };
    let paired = Input { paired: true, s0: Some(0.5), ..plain(&[1.0, 2.0, 4.0], &[2.0, 4.0, 6.0]) };
    let single = Input { s0: Some(0.5), ..plain(&[0.0], &[5.0]) };
    let rows: &[(Input<'_>, f64, f64, f64)] = &[
        // Sums of squares 2 and 2, two degrees of freedom: 4/2 (1/2 + 1/2).
        (pooled, 5.0, 2.0, 2.0),
        // Four more degrees of freedom with s0 = 1: (4 + 4)/6.
        (Input { s0: Some(1.0), ..pooled }, 5.0, 4.0 / 3.0, 6.0),
        (Input { s0: Some(1.0), nu0: 8.0, ..pooled }, 5.0, 12.0 / 10.0, 10.0),
        // (4 + 2)/5/2 with 5 and (16 + 8)/6/3 with 6 degrees of freedom.
        (
            per_group,
            6.0,
            29.0 / 15.0,
            (29.0 / 15.0) * (29.0 / 15.0) / (0.36 / 5.0 + 16.0 / 9.0 / 6.0),
        ),
        // Differences 1, 2, 2: (4 · 0.25 + 2/3)/6/3.
        (paired, 5.0 / 3.0, 5.0 / 54.0, 6.0),
        (Input { s0: None, ..paired }, 5.0 / 3.0, 1.0 / 9.0, 2.0),
        // One specimen a side: s0² (1 + 1), with the four degrees of freedom of the declaration.
        (single, 5.0, 0.5, 4.0),
        // A bias, taken as known: 0.5 + 1, and 1.5²/(0.5²/4) degrees of freedom.
        (Input { u_sys: 1.0, ..single }, 5.0, 1.5, 36.0),
        // Known with two degrees of freedom: 1.5²/(0.5²/4 + 1/2).
        (Input { u_sys: 1.0, nu_sys: Some(2.0), ..single }, 5.0, 1.5, 4.0),
        // What a gate inflates by is added in quadrature, and has no degrees of freedom of its own.
        (
            Input { u_sys: 1.0, nu_sys: Some(2.0), gates: &[Gate::Inflate(2.0)], ..single },
            5.0,
            5.5,
            30.25 / 0.5625,
        ),
        // All specimens alike: known bias only.
        (Input { u_sys: 2.0, ..plain(&[1.0, 1.0], &[1.0, 1.0]) }, 0.0, 4.0, f64::INFINITY),
    ];
    for (row, (input, d, u_squared, nu)) in rows.iter().enumerate() {
        let verdict = alone(input);
        println!("row {row}: {verdict:?}");
        close(verdict.d, *d);
        close(verdict.u.unwrap(), u_squared.sqrt());
        if nu.is_finite() {
            close(verdict.nu.unwrap(), *nu);
        } else {
            assert_eq!(verdict.nu, Some(*nu));
        }
    }
}

/// The spread never falls below the mean of the specimens' own variances.
#[test]
fn floors() {
    let pooled = Input { s0: Some(1.0), ..plain(&[1.0, 3.0], &[6.0, 8.0]) };
    let per_group =
        Input { s0: Some(1.0), s0_test: Some(2.0), ..plain(&[1.0, 3.0], &[6.0, 8.0, 10.0]) };
    let paired = Input { paired: true, s0: Some(0.5), ..plain(&[1.0, 2.0, 4.0], &[2.0, 4.0, 6.0]) };
    let rows: &[(Input<'_>, f64)] = &[
        // (9 + 1 + 4 + 4)/4 over all specimens, above 4/3.
        (Input { reference_u: Some(&[3.0, 1.0]), test_u: Some(&[2.0, 2.0]), ..pooled }, 4.5),
        (Input { reference_u: Some(&[0.3, 0.1]), test_u: Some(&[0.2, 0.2]), ..pooled }, 4.0 / 3.0),
        // Of one side only: the mean of what is known.
        (Input { reference_u: Some(&[3.0, 1.0]), ..pooled }, 5.0),
        (Input { test_u: Some(&[2.0, 2.0]), ..pooled }, 4.0),
        // Each group over its own specimens: 5/2 instead of 0.6, beside 4/3.
        (
            Input { reference_u: Some(&[3.0, 1.0]), test_u: Some(&[0.1, 0.1, 0.1]), ..per_group },
            2.5 + 4.0 / 3.0,
        ),
        // Mean of the reference and mean of the test together: (2 + 4)/3.
        (Input { reference_u: Some(&[1.0, 1.0, 2.0]), test_u: Some(&[2.0; 3]), ..paired }, 2.0),
    ];
    for (input, u_squared) in rows {
        close(alone(input).u.unwrap(), u_squared.sqrt());
    }
}

#[test]
fn ratio_scale() {
    // ln(2.5/2), with 5 % as ln 1.05 and a bias of 2 % as ln 1.02.
    let single = Input { s0: Some(0.05), u_sys: 0.02, ..ratio(&[2.0], &[2.5]) };
    let verdict = alone(&single);
    close(verdict.d, 1.25_f64.ln());
    close(verdict.delta, 1.1_f64.ln());
    close(verdict.u.unwrap(), (2.0 * 1.05_f64.ln().powi(2) + 1.02_f64.ln().powi(2)).sqrt());
    // A value's own uncertainty counts as a fraction of it: (0.01 + 0.04)/2, twice.
    let floor = Input { reference_u: Some(&[0.2]), test_u: Some(&[0.5]), u_sys: 0.0, ..single };
    close(alone(&floor).u.unwrap(), 0.05_f64.sqrt());
    // Pairs by their ratio: ln 2, ln 2, ln 4.
    let paired = Input { paired: true, ..ratio(&[1.0, 3.0, 5.0], &[2.0, 6.0, 20.0]) };
    let verdict = alone(&paired);
    let ln2 = 2_f64.ln();
    close(verdict.d, 4.0 / 3.0 * ln2);
    close(verdict.u.unwrap(), ln2 / 3.0);
}

/// Bounds from t(0.975, 6) = 2.446911851144969 and t(0.95, 6) = 1.943180280515303 (mpmath).
#[test]
fn bounds() {
    let verdict = alone(&Input { s0: Some(1.0), ..plain(&[1.0, 3.0], &[6.0, 8.0]) });
    let u = (4.0_f64 / 3.0).sqrt();
    close(verdict.yes_bound.unwrap(), 5.0 - 2.446911851144969 * u);
    close(verdict.no_bound.unwrap(), 5.0 + 1.943180280515303 * u);
    assert_eq!(verdict.u_needed_for_no, None);
    let near = alone(&Input { s0: Some(1.0), ..plain(&[1.0, 3.0], &[1.25, 3.25]) });
    close(near.u_needed_for_no.unwrap(), 0.75 / 1.943180280515303);
}

/// Where nothing varies and nothing is uncertain the numbers are taken at their word.
#[test]
fn no_uncertainty_at_all() {
    for (test, expected) in
        [(0.0, "no"), (0.4, "no"), (0.6, "unsure grey_zone"), (1.0, "yes"), (-3.0, "yes")]
    {
        let verdict = alone(&plain(&[0.0, 0.0], &[test, test]));
        assert_eq!(told(&verdict), expected, "at {test}");
        assert_eq!((verdict.u, verdict.nu), (Some(0.0), Some(2.0)));
        assert_eq!(verdict.yes_bound, Some(f64::abs(test)));
        assert_eq!(verdict.no_bound, verdict.yes_bound);
    }
    let declared = alone(&Input { s0: Some(0.0), s0_test: Some(0.0), ..plain(&[0.0], &[5.0]) });
    assert_eq!((told(&declared).as_str(), declared.nu), ("yes", Some(4.0)));
}

#[test]
fn one_specimen_needs_a_declared_spread() {
    let bare = plain(&[0.0], &[50.0]);
    for input in [
        bare,
        Input { paired: true, ..bare },
        // An instrument's uncertainty is not a spread between specimens, and neither is a bias.
        Input { reference_u: Some(&[0.1]), test_u: Some(&[0.1]), ..bare },
        Input { u_sys: 0.1, nu_sys: Some(5.0), ..bare },
    ] {
        let verdict = alone(&input);
        assert_eq!(told(&verdict), "unsure no_spread");
        assert_eq!((verdict.d, verdict.u, verdict.nu), (50.0, None, None));
        assert_eq!(
            (verdict.yes_bound, verdict.no_bound, verdict.u_needed_for_no),
            (None, None, None)
        );
    }
    assert_eq!(told(&alone(&Input { s0: Some(0.1), ..bare })), "yes");
    assert_eq!(told(&alone(&plain(&[0.0], &[50.0, 50.1]))), "yes");
}
