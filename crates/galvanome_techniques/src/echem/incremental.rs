//! dQ/dV of one half cycle to be looked at: the same curve that the peaks are read off, without its uncertainty.

use super::dqdv::{Branch, Curve, Smoothing};
use super::records::Records;
use crate::analysis::Settings;

/// Smoothed dQ/dV on evenly spaced voltages.
#[derive(Debug, Clone, PartialEq)]
pub struct IncrementalCapacity {
    /// The middle of each step, in volts, rising.
    pub voltage_v: Vec<f64>,
    /// dQ/dV there, in ampere hours per volt; positive for charge and discharge alike.
    pub dqdv_ah_per_v: Vec<f64>,
    /// How charge was taken per voltage and smoothed, in words.
    pub smoothing: String,
}

/// dQ/dV of rows on end in which the current has one direction, with the default steps and smoothing of `echem`: of
/// their longest stretch at constant current. Times in seconds, currents in amperes, voltages in volts, equally many. None
/// when there is no such stretch of twenty rows.
pub fn incremental_capacity(
    time_s: Vec<f64>,
    current_a: Vec<f64>,
    voltage_v: Vec<f64>,
) -> Option<IncrementalCapacity> {
    let rows = time_s.len().min(current_a.len()).min(voltage_v.len());
    let sign = current_a.iter().find(|current| **current != 0.0)?.signum();
    let records = Records { time_s, current_a, voltage_v, ..Records::default() };
    let smoothing = Smoothing::of(&Settings::default());
    let branch = Branch::of_rows(&records, 0..rows, sign, records.largest_current_a())?;
    let curve = Curve::alone(&branch, smoothing)?;
    Some(IncrementalCapacity {
        voltage_v: (0..curve.dqdv.len()).map(|place| curve.voltage(place as f64)).collect(),
        dqdv_ah_per_v: curve.dqdv,
        smoothing: smoothing.in_words(),
    })
}
