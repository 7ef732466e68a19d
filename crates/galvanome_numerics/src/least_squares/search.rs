//! The way down: damped steps, corrected for the model's bend, and undamped ones at the end.

use super::outcome::End;
use super::range::{Range, Settings};
use super::step::{Reduced, bent_step, bounded_step};

/// Damping at the start, against columns of length 1.
const FIRST_DAMPING: f64 = 1e-3;

/// A smaller part of a sum of squares is rounding. Who asks for less than that asks for every digit.
const TOLD: f64 = 1e-14;

/// A column's greatest length counts so much less with every step. Moré's rule never forgets it, and then creeps
/// where the start was steep; with the length at hand alone, a parameter that loses its effect runs away.
const MEMORY: f64 = 0.7;

/// How far along a step the model's bend is looked at, as a part of the step.
const LOOK: f64 = 0.1;

/// A step whose correction for the bend is longer than this part of it is not taken.
const MOST_BEND: f64 = 0.75;

/// After a step that brought at least so much of what the linear model promised, the next is taken without a look at
/// the bend.
const STRAIGHT: f64 = 0.75;

/// Of the reduction that the linear model promises, a step must bring so much.
const SUFFICIENT: f64 = 1e-4;

/// Parameters with what the model says there.
pub(super) struct Point {
    pub(super) parameters: Vec<f64>,
    pub(super) residuals: Vec<f64>,
    pub(super) jacobian: Vec<f64>,
}

impl Point {
    pub(super) fn new(n: usize, residuals: usize) -> Self {
        Self {
            parameters: vec![0.0; n],
            residuals: vec![0.0; residuals],
            jacobian: vec![0.0; n * residuals],
        }
    }

    pub(super) fn is_finite(&self) -> bool {
        self.residuals.iter().chain(&self.jacobian).all(|one| one.is_finite())
    }
}

/// The state of a descent.
pub(super) struct Search<'a, E> {
    /// Writes the residuals for parameters, and their derivatives where asked.
    evaluate: E,
    ranges: &'a [Range],
    /// The greatest length that each column of the Jacobian has had, less each time by [`MEMORY`].
    scale: Vec<f64>,
    damping: f64,
    growth: f64,
    /// Whether the last step brought what the linear model promised.
    is_straight: bool,
    /// Whether residuals and Jacobian are those of the parameters.
    is_derived: bool,
    pub(super) iterations: usize,
    pub(super) evaluations: usize,
    trial: Vec<f64>,
    trial_residuals: Vec<f64>,
}

impl<'a, E: FnMut(&[f64], &mut [f64], Option<&mut [f64]>)> Search<'a, E> {
    /// From a point that was evaluated once.
    pub(super) fn new(ranges: &'a [Range], residuals: usize, evaluate: E) -> Self {
        let n = ranges.len();
        Self {
            evaluate,
            ranges,
            scale: vec![0.0; n],
            damping: FIRST_DAMPING,
            growth: 2.0,
            is_straight: true,
            is_derived: true,
            iterations: 1,
            evaluations: 1,
            trial: vec![0.0; n],
            trial_residuals: vec![0.0; residuals],
        }
    }

    /// Goes down until nothing lessens the sum of squares.
    pub(super) fn descend(&mut self, at: &mut Point, settings: &Settings) -> End {
        let mut sum = square(&at.residuals);
        loop {
            let reduced = Reduced::of(&at.jacobian, &at.residuals, at.parameters.len());
            for (scale, length) in self.scale.iter_mut().zip(reduced.lengths()) {
                *scale = (*scale * MEMORY).max(length);
            }
            let free = self.free(at, &reduced);
            loop {
                let step = self.step(at, &reduced, &free, self.damping);
                let promised = reduced.reduction(&step);
                let length = self.scaled(&step);
                if promised <= 0.0 || length <= settings.relative_step * self.scaled(&at.parameters)
                {
                    return End::Minimum;
                }
                let bent = if self.is_straight {
                    Some(step)
                } else {
                    self.bent(at, &reduced, &free, &step)
                };
                let reached = bent.map_or(f64::INFINITY, |step| self.try_step(at, &step));
                let gain = (sum - reached) / promised;
                self.is_straight = gain >= STRAIGHT;
                let is_flat = (sum - reached).abs() <= settings.relative_reduction * sum
                    && promised <= settings.relative_reduction * sum;
                if gain >= SUFFICIENT {
                    self.damping *= (1.0 - (2.0 * gain - 1.0).powi(3)).max(1.0 / 3.0);
                    self.growth = 2.0;
                    sum = reached;
                    std::mem::swap(&mut at.parameters, &mut self.trial);
                    self.is_derived = false;
                    if is_flat {
                        return End::Minimum;
                    }
                    break;
                }
                if is_flat || !self.damping.is_finite() {
                    return End::Minimum;
                }
                self.damping *= self.growth;
                self.growth *= 2.0;
            }
            if self.iterations >= settings.iterations {
                return End::Iterations;
            }
            self.derive(at);
            if !at.is_finite() {
                // A place with residuals and without derivatives: no way further.
                return End::Iterations;
            }
        }
    }

    /// Where every digit is asked for, undamped steps for as long as they become shorter and leave the sum of squares. They do not with every step
    /// where the residuals are large, so that a few may pass without a gain.
    pub(super) fn polish(&mut self, at: &mut Point, settings: &Settings) -> Reduced {
        const STEPS: usize = 40;
        const PATIENCE: usize = 4;
        const NOISE: f64 = 1e-8;
        if !self.is_derived {
            self.derive(at);
        }
        let mut reduced = Reduced::of(&at.jacobian, &at.residuals, at.parameters.len());
        if settings.relative_reduction > TOLD {
            return reduced;
        }
        let free = self.free(at, &reduced);
        let sum = square(&at.residuals);
        let (mut least, mut best) = (f64::INFINITY, at.parameters.clone());
        let mut without_gain = 0;
        for _ in 0..STEPS {
            let step = self.step(at, &reduced, &free, 0.0);
            // What is left to go, of the parameter that has the most.
            let left = step
                .iter()
                .zip(&at.parameters)
                .map(|(by, one)| if *by == 0.0 { 0.0 } else { (by / one).abs() })
                .fold(0.0, f64::max);
            if left < least {
                (least, without_gain) = (left, 0);
                best.clone_from(&at.parameters);
            } else {
                without_gain += 1;
            }
            if left <= settings.relative_step || without_gain == PATIENCE {
                break;
            }
            let reached = self.try_step(at, &step);
            if reached > sum * (1.0 + NOISE) {
                break;
            }
            std::mem::swap(&mut at.parameters, &mut self.trial);
            self.derive(at);
            if !at.is_finite() {
                break;
            }
            reduced = Reduced::of(&at.jacobian, &at.residuals, at.parameters.len());
        }
        if at.parameters != best {
            at.parameters = best;
            self.derive(at);
            reduced = Reduced::of(&at.jacobian, &at.residuals, at.parameters.len());
        }
        reduced
    }

    fn derive(&mut self, at: &mut Point) {
        self.iterations += 1;
        self.evaluations += 1;
        self.is_derived = true;
        (self.evaluate)(&at.parameters, &mut at.residuals, Some(&mut at.jacobian));
    }

    /// Which parameters may move: those inside their range, and those at its end that the gradient draws inside.
    pub(super) fn free(&self, at: &Point, reduced: &Reduced) -> Vec<bool> {
        let gradient = reduced.gradient();
        at.parameters
            .iter()
            .zip(self.ranges)
            .zip(gradient)
            .map(|((one, range), slope)| {
                let held_low = *one <= range.lower && slope >= 0.0;
                let held_high = *one >= range.upper && slope <= 0.0;
                !(held_low || held_high)
            })
            .collect()
    }

    fn step(&self, at: &Point, reduced: &Reduced, free: &[bool], damping: f64) -> Vec<f64> {
        bounded_step(reduced, (&self.scale, damping), free, &self.room(at))
    }

    /// How far each parameter may go.
    fn room(&self, at: &Point) -> Vec<Range> {
        let room = |(one, range): (&f64, &Range)| Range {
            lower: range.lower - one,
            upper: range.upper - one,
        };
        at.parameters.iter().zip(self.ranges).map(room).collect()
    }

    /// A step corrected for the model's bend along it; none when the bend is too large for a step of this length.
    fn bent(
        &mut self,
        at: &Point,
        reduced: &Reduced,
        free: &[bool],
        step: &[f64],
    ) -> Option<Vec<f64>> {
        let part: Vec<f64> = step.iter().map(|one| one * LOOK).collect();
        if !self.try_step(at, &part).is_finite() {
            return None;
        }
        let rows = at.residuals.len();
        // The second derivative of the residuals along the step.
        let mut bend: Vec<f64> = self
            .trial_residuals
            .iter()
            .zip(&at.residuals)
            .map(|(there, here)| (there - here) / LOOK)
            .collect();
        for (column, by) in at.jacobian.chunks_exact(rows).zip(step) {
            for (bend, slope) in bend.iter_mut().zip(column) {
                *bend -= slope * by;
            }
        }
        let pull: Vec<f64> = at
            .jacobian
            .chunks_exact(rows)
            .map(|column| -2.0 / LOOK * column.iter().zip(&bend).map(|(a, b)| a * b).sum::<f64>())
            .collect();
        let room = self.room(at);
        let correction =
            bent_step(reduced, (&self.scale, self.damping), free, (step, &room), &pull);
        if 2.0 * self.scaled(&correction) > MOST_BEND * self.scaled(step) {
            return None;
        }
        Some(step.iter().zip(correction).map(|(one, by)| one + 0.5 * by).collect())
    }

    /// Evaluates the residuals after a step. Gives their sum of squares; infinite where there is none.
    fn try_step(&mut self, at: &Point, step: &[f64]) -> f64 {
        for (((trial, one), by), range) in
            self.trial.iter_mut().zip(&at.parameters).zip(step).zip(self.ranges)
        {
            *trial = (one + by).clamp(range.lower, range.upper);
        }
        self.evaluations += 1;
        (self.evaluate)(&self.trial, &mut self.trial_residuals, None);
        let sum = square(&self.trial_residuals);
        if sum.is_finite() { sum } else { f64::INFINITY }
    }

    /// The length of parameters or of a step, each in units of its column's length.
    fn scaled(&self, values: &[f64]) -> f64 {
        values.iter().zip(&self.scale).map(|(one, scale)| (one * scale).powi(2)).sum::<f64>().sqrt()
    }
}

pub(super) fn square(values: &[f64]) -> f64 {
    values.iter().map(|one| one * one).sum()
}
