//! Incremental capacity: charge per voltage step, smoothed.

use std::ops::Range;

use galvanome_numerics::median::median;
use galvanome_numerics::normal::quantile;
use galvanome_numerics::savitzky_golay::smooth;

use super::cycles::Cycle;
use super::records::{Records, direction};
use super::settings::{DQDV_STEP, DQDV_WINDOW};
use crate::analysis::Settings;

/// How charge is taken per voltage and smoothed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Smoothing {
    /// Width of a voltage step.
    pub(super) step_v: f64,
    /// Steps on either side of the middle of a window.
    pub(super) half: usize,
}

impl Smoothing {
    /// As it was set.
    pub(super) fn of(settings: &Settings) -> Self {
        let step_v = settings.number(&DQDV_STEP).unwrap_or(0.002);
        let window_v = settings.number(&DQDV_WINDOW).unwrap_or(0.02);
        Self { step_v, half: ((0.5 * window_v / step_v).round() as usize).max(2) }
    }

    /// The width of the whole window.
    pub(super) fn window_v(self) -> f64 {
        (2 * self.half + 1) as f64 * self.step_v
    }

    /// In words.
    pub(super) fn in_words(self) -> String {
        format!(
            "charge per {} mV, Savitzky-Golay of degree 2 over {} steps ({} mV)",
            rounded(1e3 * self.step_v),
            2 * self.half + 1,
            rounded(1e3 * self.window_v())
        )
    }
}

/// Without the digits that binary fractions add.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

/// Degree of the smoothing polynomials.
const DEGREE: usize = 2;

/// One half of a slow cycle: voltage and charge of its rows with constant current.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Branch {
    voltage_v: Vec<f64>,
    /// Charge since the first row, in ampere hours, growing.
    charge_ah: Vec<f64>,
}

/// Relative distance from the median within which the current is constant.
const CONSTANT: f64 = 0.1;

/// Rows below which there is no curve.
const FEWEST_ROWS: usize = 20;

impl Branch {
    /// The longest stretch of a cycle in one direction (1 or -1) at constant current: without the part at constant
    /// voltage. None when it is too short or lacks voltages.
    pub(super) fn of(records: &Records, cycle: &Cycle, sign: f64, largest_a: f64) -> Option<Self> {
        Self::of_rows(records, cycle.rows.clone(), sign, largest_a)
    }

    /// The same of any rows.
    pub(super) fn of_rows(
        records: &Records,
        rows: Range<usize>,
        sign: f64,
        largest_a: f64,
    ) -> Option<Self> {
        let flows = |row: usize| direction(records.current(row), largest_a) == sign;
        let run = longest(rows, flows, |row| records.is_break(row))?;
        let currents: Vec<f64> = run.clone().map(|row| records.current(row).abs()).collect();
        let usual = median(&currents)?;
        let constant = |row: usize| {
            (records.current(row).abs() - usual).abs() <= CONSTANT * usual
                && records.voltage(row).is_finite()
        };
        let run = longest(run, constant, |_| false)?;
        let voltage_v: Vec<f64> = run.clone().map(|row| records.voltage(row)).collect();
        let mut charge = 0.0;
        let charge_ah: Vec<f64> = run
            .clone()
            .map(|row| {
                if row > run.start {
                    let mean = 0.5 * (records.current(row - 1) + records.current(row)).abs();
                    charge += mean * records.gap_s(row) / 3600.0;
                }
                charge
            })
            .collect();
        (voltage_v.len() >= FEWEST_ROWS && charge.is_finite() && charge > 0.0)
            .then_some(Self { voltage_v, charge_ah })
    }

    /// The same without every `of`-th row, beginning with `first`; the ends stay.
    fn without(&self, first: usize, of: usize) -> Self {
        let last = self.voltage_v.len().saturating_sub(1);
        let kept = |place: &usize| *place == 0 || *place == last || place % of != first;
        let some = |values: &[f64]| {
            let places = values.iter().enumerate().filter(|(place, _)| kept(place));
            places.map(|(_, value)| *value).collect()
        };
        Self { voltage_v: some(&self.voltage_v), charge_ah: some(&self.charge_ah) }
    }

    /// The same with normal noise on every voltage; equal seeds give equal noise.
    fn shaken(&self, seed: u64, noise_v: f64) -> Self {
        let mut state = seed;
        let mut noise = || {
            // SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, OOPSLA 2014).
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            let uniform = ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64;
            noise_v * quantile(uniform + f64::EPSILON / 4.0)
        };
        let voltage_v = self.voltage_v.iter().map(|volts| volts + noise()).collect();
        Self { voltage_v, charge_ah: self.charge_ah.clone() }
    }
}

/// The longest run of rows that fulfil something, with no break inside. Of equals the first.
fn longest(
    rows: Range<usize>,
    good: impl Fn(usize) -> bool,
    is_break: impl Fn(usize) -> bool,
) -> Option<Range<usize>> {
    let (mut best, mut open) = (None::<Range<usize>>, None::<usize>);
    let end = rows.end;
    for row in rows.chain([end]) {
        let goes_on = row < end && good(row);
        if let Some(begin) = open.filter(|_| !goes_on || is_break(row)) {
            if best.as_ref().is_none_or(|best| row - begin > best.len()) {
                best = Some(begin..row);
            }
            open = None;
        }
        if goes_on && open.is_none() {
            open = Some(row);
        }
    }
    best
}

/// dQ/dV on evenly spaced voltages.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Curve {
    /// The middle of the first step, in volts.
    pub(super) first_v: f64,
    /// Width of a step.
    pub(super) step_v: f64,
    /// Charge of each step, in ampere hours.
    pub(super) charge_ah: Vec<f64>,
    /// Smoothed dQ/dV, in ampere hours per volt.
    pub(super) dqdv: Vec<f64>,
    /// Its smoothed derivative, in ampere hours per volt squared.
    pub(super) slope: Vec<f64>,
}

/// Steps beyond which a branch is not resampled.
const MOST_STEPS: f64 = 50_000.0;

/// How many steps all intervals together may span: noise that crosses the whole curve again and again is no curve.
const MOST_TRAVEL: f64 = 1e7;

impl Curve {
    /// Counts the charge of a branch in steps of voltage: each interval's charge is spread evenly over the voltages
    /// that it spans, so that voltages that step back and forth lose and invent none. The first and last
    /// steps, which the branch covers in part, are left out.
    fn on(branch: &Branch, smoothing: Smoothing, grid: &Grid) -> Option<Self> {
        let mut charge_ah = vec![0.0; grid.steps];
        let volts = branch.voltage_v.iter().zip(branch.voltage_v.iter().skip(1));
        let charges = branch.charge_ah.iter().zip(branch.charge_ah.iter().skip(1));
        for ((&a, &b), (&before, &after)) in volts.zip(charges) {
            grid.spread(&mut charge_ah, a.min(b), a.max(b), after - before);
        }
        let inner = charge_ah.get(1..charge_ah.len().checked_sub(1)?)?.to_vec();
        let rough: Vec<f64> = inner.iter().map(|charge| charge / smoothing.step_v).collect();
        let dqdv = smooth(&rough, smoothing.half, DEGREE, 0, smoothing.step_v)?;
        let slope = smooth(&rough, smoothing.half, DEGREE, 1, smoothing.step_v)?;
        let first_v = (grid.first as f64 + 1.5) * smoothing.step_v;
        Some(Self { first_v, step_v: smoothing.step_v, charge_ah: inner, dqdv, slope })
    }

    /// The curve alone.
    pub(super) fn alone(branch: &Branch, smoothing: Smoothing) -> Option<Self> {
        Self::on(branch, smoothing, &Grid::of(branch, smoothing.step_v)?)
    }

    /// The curve, and others like it that tell how uncertain it is; `noise_v` is that of one row.
    pub(super) fn with_replicates(
        branch: &Branch,
        smoothing: Smoothing,
        noise_v: f64,
    ) -> Option<(Self, Replicates)> {
        let grid = Grid::of(branch, smoothing.step_v)?;
        let on = |branch: &Branch| Self::on(branch, smoothing, &grid);
        let whole = on(branch)?;
        let without = (0..GROUPS).filter_map(|first| on(&branch.without(first, GROUPS))).collect();
        let shaken = if noise_v > 0.0 {
            (0..SHAKEN).filter_map(|seed| on(&branch.shaken(seed, noise_v))).collect()
        } else {
            Vec::new()
        };
        Some((whole, Replicates { without, shaken }))
    }

    /// The voltage of a step, which may lie between two.
    pub(super) fn voltage(&self, place: f64) -> f64 {
        self.first_v + place * self.step_v
    }
}

/// Curves like another one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Replicates {
    /// Without every tenth row, ten times.
    without: Vec<Curve>,
    /// With noise added once more to every row's voltage.
    shaken: Vec<Curve>,
}

/// Groups of the jackknife.
const GROUPS: usize = 10;

/// Curves with noise added.
const SHAKEN: u64 = 20;

impl Replicates {
    /// How far noise moves the smoothed curve: the root mean square, where it is largest.
    pub(super) fn noise(&self, curve: &Curve) -> f64 {
        let mut squares = vec![0.0; curve.dqdv.len()];
        for shaken in &self.shaken {
            let pairs = shaken.dqdv.iter().zip(&curve.dqdv);
            for (square, (shaken, value)) in squares.iter_mut().zip(pairs) {
                *square += (shaken - value) * (shaken - value) / SHAKEN as f64;
            }
        }
        squares.into_iter().fold(0.0, f64::max).sqrt()
    }

    /// Standard uncertainty of something that is read off a curve: the larger of a jackknife over groups of rows,
    /// which sees rows that lie far apart, and of what the noise of the voltage does to it. NaN when a curve is
    /// missing.
    pub(super) fn uncertainty(&self, value: f64, of: impl Fn(&Curve) -> f64) -> f64 {
        let n = GROUPS as f64;
        let values: Vec<f64> = self.without.iter().map(&of).collect();
        if values.len() < GROUPS {
            return f64::NAN;
        }
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let away = |curve: &Curve| (of(curve) - value).powi(2);
        let shaken: f64 = self.shaken.iter().map(away).sum::<f64>() / SHAKEN as f64;
        ((n - 1.0) / n * squares).max(shaken).sqrt()
    }
}

/// The steps of voltage: whole multiples of their width.
struct Grid {
    first: i64,
    steps: usize,
    step_v: f64,
}

impl Grid {
    fn of(branch: &Branch, step_v: f64) -> Option<Self> {
        let low = branch.voltage_v.iter().copied().reduce(f64::min)?;
        let high = branch.voltage_v.iter().copied().reduce(f64::max)?;
        let pairs = branch.voltage_v.iter().zip(branch.voltage_v.iter().skip(1));
        let travel: f64 = pairs.map(|(a, b)| (b - a).abs()).sum();
        let fits = (high - low) / step_v < MOST_STEPS
            && travel / step_v < MOST_TRAVEL
            && (low / step_v).abs() < 1e12;
        if !fits {
            return None;
        }
        let first = (low / step_v).floor();
        let steps = ((high / step_v).floor() - first) as usize + 1;
        Some(Self { first: first as i64, steps, step_v })
    }

    /// Adds a charge that flowed between two voltages.
    fn spread(&self, into: &mut [f64], low: f64, high: f64, charge: f64) {
        let place = |volts: f64| volts / self.step_v - self.first as f64;
        let (low, high) = (place(low), place(high));
        let width = high - low;
        let (from, to) = (low.floor().max(0.0) as usize, high.floor().max(0.0) as usize);
        if from == to || width <= 0.0 {
            if let Some(slot) = into.get_mut(from) {
                *slot += charge;
            }
            return;
        }
        for step in from..=to {
            let inside = (high.min((step + 1) as f64) - low.max(step as f64)).max(0.0);
            if let Some(slot) = into.get_mut(step) {
                *slot += charge * inside / width;
            }
        }
    }
}
