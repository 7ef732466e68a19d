//! Uncertainty by drawing again from what was measured.

use crate::moments::Moments;
use crate::random::Random;

/// A statistic of many samples drawn with replacement.
#[derive(Debug, Clone, PartialEq)]
pub struct Bootstrap {
    /// The statistic of each sample that had one, in rising order.
    pub replicates: Vec<f64>,
    /// How many samples had none.
    pub failed: usize,
}

impl Bootstrap {
    /// Draws `samples` times `n` places from 0 to `n - 1` with replacement, and takes `statistic` of each. The same
    /// `seed` gives the same samples. `None` when there is nothing to draw from, or fewer than two samples had a
    /// finite statistic.
    ///
    /// Source: B. Efron, R. Tibshirani, An Introduction to the Bootstrap (1993), chapters 6 and 13.
    pub fn of(
        n: usize,
        samples: usize,
        seed: u64,
        mut statistic: impl FnMut(&[usize]) -> Option<f64>,
    ) -> Option<Self> {
        if n == 0 {
            return None;
        }
        let mut random = Random::seeded(seed);
        let mut places = vec![0; n];
        let mut replicates = Vec::new();
        let mut failed = 0;
        for _ in 0..samples {
            places.fill_with(|| random.below(n));
            match statistic(&places).filter(|value| value.is_finite()) {
                Some(value) => replicates.push(value),
                None => failed += 1,
            }
        }
        replicates.sort_by(f64::total_cmp);
        (replicates.len() > 1).then_some(Self { replicates, failed })
    }

    /// The standard error: the standard deviation of the replicates.
    pub fn standard_error(&self) -> Option<f64> {
        Moments::of(&self.replicates)?.standard_deviation()
    }

    /// The percentile interval that holds a part (as 0.95) of the replicates; `None` when that is not between 0 and 1.
    pub fn interval(&self, part: f64) -> Option<(f64, f64)> {
        if !(part > 0.0 && part < 1.0) {
            return None;
        }
        let tail = 0.5 * (1.0 - part);
        Some((self.percentile(tail)?, self.percentile(1.0 - tail)?))
    }

    /// Between replicates by a straight line, the least being at 0 and the greatest at 1.
    fn percentile(&self, part: f64) -> Option<f64> {
        let place = part * (self.replicates.len() - 1) as f64;
        let (low, high) = (place.floor() as usize, place.ceil() as usize);
        let (low, high) = (self.replicates.get(low)?, self.replicates.get(high)?);
        Some(low + (high - low) * place.fract())
    }
}
