//! Mean and sum of squares of a sample.

use crate::sum::compensated;

/// Mean of a sample and the sum of squares about it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// How many values there are, at least 1.
    pub n: usize,
    /// Arithmetic mean, in the unit of the values.
    pub mean: f64,
    /// Sum of squared deviations from the mean, in the unit squared; exactly 0 for equal values.
    pub sum_of_squares: f64,
}

impl Moments {
    /// Mean and sum of squares of `values` in two compensated passes; `None` when there are none. Values
    /// that are not finite, or whose sum overflows, give results that are not finite.
    ///
    /// Source: T. F. Chan, G. H. Golub, R. J. LeVeque, Am. Stat. 37 (1983) 242, the corrected two-pass
    /// algorithm; checked against the NIST StRD univariate sets NumAcc1 to NumAcc4.
    pub fn of(values: &[f64]) -> Option<Self> {
        let (&first, rest) = values.split_first()?;
        let n = values.len();
        if rest.iter().all(|&value| value == first) {
            // Dividing a rounded sum could give a mean beside the common value, and a spread out of nothing.
            return Some(Self {
                n,
                mean: first,
                sum_of_squares: if first.is_finite() { 0.0 } else { f64::NAN },
            });
        }
        let rough = compensated(values.iter().copied()) / n as f64;
        let residue = compensated(values.iter().map(|value| value - rough));
        let squares = compensated(values.iter().map(|value| (value - rough) * (value - rough)));
        let mean = rough + residue / n as f64;
        Some(Self { n, mean, sum_of_squares: (squares - residue * residue / n as f64).max(0.0) })
    }

    /// Sample variance (divisor `n - 1`); `None` for a single value.
    pub fn variance(&self) -> Option<f64> {
        (self.n > 1).then(|| self.sum_of_squares / (self.n - 1) as f64)
    }

    /// Sample standard deviation; `None` for a single value.
    pub fn standard_deviation(&self) -> Option<f64> {
        self.variance().map(f64::sqrt)
    }

    /// Standard error of the mean; `None` for a single value.
    pub fn standard_error(&self) -> Option<f64> {
        self.variance().map(|variance| (variance / self.n as f64).sqrt())
    }
}
