//! Mean of values with known uncertainties.

use crate::sum::compensated;

/// An inverse-variance weighted mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightedMean {
    /// The mean, in the unit of the values.
    pub mean: f64,
    /// Its standard uncertainty from the given uncertainties alone: `1/√Σ(1/u²)`.
    pub u: f64,
    /// Sum of squared deviations in units of their uncertainties; about `n - 1` when these are right.
    pub chi_squared: f64,
    /// How many values there are.
    pub n: usize,
}

impl WeightedMean {
    /// Mean of `values` weighted by `1/u²`, `u` being their standard uncertainties. `None` when there are no
    /// values, the lengths differ, an uncertainty is not positive and finite, or a value is not finite.
    ///
    /// Source: P. R. Bevington, D. K. Robinson, Data Reduction and Error Analysis, 3rd ed., eqs 4.17 and 4.19.
    pub fn of(values: &[f64], u: &[f64]) -> Option<Self> {
        if values.is_empty()
            || values.len() != u.len()
            || !values.iter().all(|value| value.is_finite())
            || !u.iter().all(|&u| u.is_finite() && u > 0.0)
        {
            return None;
        }
        // Weights relative to the smallest uncertainty neither overflow nor all vanish.
        let smallest = u.iter().copied().fold(f64::INFINITY, f64::min);
        let weight = |u: f64| (smallest / u) * (smallest / u);
        let total = compensated(u.iter().map(|&u| weight(u)));
        let mean =
            compensated(values.iter().zip(u).map(|(&value, &u)| value * (weight(u) / total)));
        let chi_squared =
            compensated(values.iter().zip(u).map(|(&value, &u)| ((value - mean) / u).powi(2)));
        Some(Self { mean, u: smallest / total.sqrt(), chi_squared, n: values.len() })
    }

    /// Birge ratio `√(χ²/(n - 1))`: above 1 the values scatter more than their uncertainties explain.
    /// `None` for a single value.
    ///
    /// Source: R. T. Birge, Phys. Rev. 40 (1932) 207.
    pub fn birge_ratio(&self) -> Option<f64> {
        (self.n > 1).then(|| (self.chi_squared / (self.n - 1) as f64).sqrt())
    }

    /// The uncertainty enlarged by the Birge ratio where that exceeds 1, otherwise as it is.
    pub fn enlarged_u(&self) -> f64 {
        self.u * self.birge_ratio().unwrap_or(1.0).max(1.0)
    }
}
