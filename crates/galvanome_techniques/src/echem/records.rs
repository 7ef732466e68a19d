//! The records of one cell on end.

use galvanome_numerics::median::deviation;

use super::counters::Counted;

/// The records of one cell, from all its files on end. All columns have as many rows.
#[derive(Debug, Default)]
pub(super) struct Records {
    /// Test time of each row, in seconds; it starts again with each file.
    pub(super) time_s: Vec<f64>,
    /// Time of each row over all files, in seconds from an arbitrary start; NaN where it is not known.
    pub(super) clock_s: Vec<f64>,
    /// Time of each row since its step began, in seconds; NaN where the file does not say.
    pub(super) step_time_s: Vec<f64>,
    /// Current of each row in amperes, positive when it charges.
    pub(super) current_a: Vec<f64>,
    /// Voltage of each row; NaN where it is missing.
    pub(super) voltage_v: Vec<f64>,
    /// Temperature of each row in degrees Celsius; NaN where it is missing.
    pub(super) temperature_c: Vec<f64>,
    /// Where the temperature was taken; empty when no file has one.
    pub(super) temperature_of: &'static str,
    /// The instrument's cycle number of each row, continued over the files; none when a file has none.
    pub(super) counter: Option<Vec<f64>>,
    /// What the instrument counted from each row to the next; shorter than the rows, or empty, where it did not.
    pub(super) counted: Vec<Counted>,
    /// The last digit of what it counted, in ampere hours; 0 where there is none.
    pub(super) counted_digit_ah: f64,
    /// The last digit of the test time, in seconds: all times are whole multiples of it. 0 where there is none.
    pub(super) time_digit_s: f64,
    /// Rows that do not follow on the one before: first rows of files, and rows after a step back of the clock.
    pub(super) breaks: Vec<usize>,
}

/// Currents below this part of the largest one count as rest.
const REST: f64 = 1e-3;

/// Rows from which noise is estimated; more of them say nothing new.
const ROWS_FOR_NOISE: usize = 200_000;

impl Records {
    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.time_s.len()
    }

    /// Whether a row does not follow on the one before.
    pub(super) fn is_break(&self, row: usize) -> bool {
        self.breaks.binary_search(&row).is_ok()
    }

    /// Seconds from the row before to this one; 0 over a break and at both ends.
    pub(super) fn gap_s(&self, row: usize) -> f64 {
        if self.is_break(row) {
            return 0.0;
        }
        match (row.checked_sub(1).and_then(|before| self.time_s.get(before)), self.time_s.get(row))
        {
            (Some(before), Some(here)) => here - before,
            _ => 0.0,
        }
    }

    /// The current of a row; 0 beyond the ends.
    pub(super) fn current(&self, row: usize) -> f64 {
        self.current_a.get(row).copied().unwrap_or(0.0)
    }

    /// The voltage of a row; NaN where it is missing.
    pub(super) fn voltage(&self, row: usize) -> f64 {
        self.voltage_v.get(row).copied().unwrap_or(f64::NAN)
    }

    /// The largest current, in amperes.
    pub(super) fn largest_current_a(&self) -> f64 {
        self.current_a.iter().fold(0.0, |largest, current| current.abs().max(largest))
    }

    /// The coarsest of 1, 0.1, 0.01 and 0.001 s of which every time is a whole multiple; 0 when there is none.
    pub(super) fn find_time_digit_s(&self) -> f64 {
        let whole = |digit: f64| {
            let fits = |time: &f64| {
                let steps = time / digit;
                // Times in seconds that were divided or multiplied into them err in the last bits.
                (steps - steps.round()).abs() <= 1e-9 * steps.abs() + 1e-6
            };
            self.time_s.iter().all(fits)
        };
        [1.0, 0.1, 0.01, 0.001].into_iter().find(|digit| whole(*digit)).unwrap_or(0.0)
    }

    /// Whether any row has a voltage.
    pub(super) fn has_voltage(&self) -> bool {
        self.voltage_v.iter().any(|voltage| voltage.is_finite())
    }
}

/// The direction of a current: 1, -1, or 0 for rest.
pub(super) fn direction(current_a: f64, largest_a: f64) -> f64 {
    if current_a.abs() <= REST * largest_a { 0.0 } else { current_a.signum() }
}

/// What rows tell of how well a column is measured.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Precision {
    /// Standard deviation of the noise from row to row.
    pub(super) noise: f64,
    /// The smallest change between two rows that follow each other in one direction of the current: the last digit;
    /// 0 when nothing changes.
    pub(super) resolution: f64,
    /// Standard uncertainty of the instrument's gain, relative; the rows do not tell it.
    pub(super) gain_u: f64,
    /// Standard uncertainty of the instrument's offset; the rows do not tell it.
    pub(super) offset_u: f64,
    /// Part of gain and offset that is another one at another cycle.
    pub(super) drift: f64,
}

impl Precision {
    /// Of a column of the records, over stretches without a switch of the current.
    ///
    /// The noise is the deviation of rows from the cubic through the two before and the two after, over what that
    /// deviation is for rows of independent noise of one: a smooth curve leaves next to nothing, however its
    /// rows are spaced.
    pub(super) fn of(records: &Records, column: &[f64], largest_a: f64) -> Self {
        let mut rough = Vec::new();
        let mut resolution = f64::INFINITY;
        let flows = |row: usize| direction(records.current(row), largest_a);
        // How many rows in a row flow the same way, up to this one.
        let mut steady = 0;
        for (row, value) in column.iter().enumerate() {
            let goes_on = row > 0 && !records.is_break(row) && flows(row) == flows(row - 1);
            steady = if goes_on { steady + 1 } else { 1 };
            let before = row.checked_sub(1).and_then(|before| column.get(before));
            let step = before.map_or(0.0, |before| (value - before).abs());
            if goes_on && step > 0.0 && step < resolution {
                resolution = step;
            }
            if steady >= STENCIL
                && let (Some(time), Some(values)) =
                    (last_of(&records.time_s, row), last_of(column, row))
            {
                rough.extend(roughness(time, values));
            }
            if rough.len() >= ROWS_FOR_NOISE {
                break;
            }
        }
        let noise = deviation(&rough).unwrap_or(0.0);
        let resolution = if resolution.is_finite() { resolution } else { 0.0 };
        Self { noise, resolution, ..Self::default() }
    }

    /// Standard uncertainty of one row: its noise, and half a last digit either way.
    pub(super) fn of_row(self) -> f64 {
        self.noise.hypot(self.of_digit())
    }

    /// Standard uncertainty that stays when noise is averaged away: that of the last digit.
    pub(super) fn of_digit(self) -> f64 {
        self.resolution / 12.0_f64.sqrt()
    }
}

/// Rows that are looked at together.
const STENCIL: usize = 5;

/// The last few values up to a row.
fn last_of(column: &[f64], row: usize) -> Option<&[f64; STENCIL]> {
    column.get((row + 1).checked_sub(STENCIL)?..=row)?.try_into().ok()
}

/// The middle one of five values less the cubic through the other four (in Lagrange's form), over its standard
/// deviation for independent noise of one. None when two times coincide or it is no number.
fn roughness(time: &[f64; STENCIL], values: &[f64; STENCIL]) -> Option<f64> {
    let [t0, t1, middle, t3, t4] = *time;
    let around = [(t0, values[0]), (t1, values[1]), (t3, values[3]), (t4, values[4])];
    let (mut cubic, mut squares) = (0.0, 1.0);
    for (own, (at, value)) in around.iter().enumerate() {
        let others = around.iter().enumerate().filter(|(place, _)| *place != own);
        let weight: f64 = others.map(|(_, (other, _))| (middle - other) / (at - other)).product();
        cubic += weight * value;
        squares += weight * weight;
    }
    let rough = (values[2] - cubic) / f64::sqrt(squares);
    rough.is_finite().then_some(rough)
}
