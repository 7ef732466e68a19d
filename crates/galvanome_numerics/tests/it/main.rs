//! Integration tests of `galvanome_numerics`, one binary.
//!
//! Reference values without another source were computed with 30 to 40 digits by mpmath.

mod baseline;
mod beta;
mod curves;
mod fourier;
mod gamma;
mod least_squares;
mod normal;
mod peak_shape;
mod peaks;
mod resampling;
mod samples;
mod savitzky_golay;
mod strd;
mod student;
mod theil_sen;
mod turns;
mod volume;

/// Fails when `found` is farther from `expected` than `tolerance`, relative to `expected`.
#[track_caller]
fn close(found: f64, expected: f64, tolerance: f64) {
    let error = if expected == 0.0 { found.abs() } else { ((found - expected) / expected).abs() };
    assert!(
        found == expected || error <= tolerance,
        "found {found:e}, expected {expected:e}, off by {error:.1e}"
    );
}
