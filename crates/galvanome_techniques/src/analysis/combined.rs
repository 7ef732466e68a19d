//! One number of a specimen from several spectra or spots of it.

use galvanome_numerics::weighted_mean::WeightedMean;

/// The mean of several values of one specimen.
#[derive(Debug, Clone, PartialEq)]
pub struct Combined {
    /// The mean, weighted by what each fit says of its own uncertainty.
    pub value: f64,
    /// Its standard uncertainty: from the fits alone, or from the spread between the values where that is larger.
    pub u: f64,
    /// From the fits alone.
    pub u_fit: f64,
    /// How many values.
    pub n: usize,
    /// Whether the spread between the values was the larger.
    pub by_spread: bool,
}

impl Combined {
    /// The mean of values with the uncertainties of their fits. `None` when there are none, or one is not finite and
    /// positive.
    ///
    /// The points are of one specimen: `u` says how well its mean is known, never how specimens spread.
    pub fn of(values: &[f64], u: &[f64]) -> Option<Self> {
        let mean = WeightedMean::of(values, u)?;
        let whole = mean.enlarged_u();
        Some(Self {
            value: mean.mean,
            u: whole,
            u_fit: mean.u,
            n: mean.n,
            by_spread: whole > mean.u,
        })
    }

    /// In words: what the uncertainty is, and the larger systematic.
    pub fn detail(&self, of: &str, systematic: &str) -> String {
        let kind = match (self.n, self.by_spread) {
            (1, _) => "uncertainty of the fit".to_owned(),
            (n, true) => format!(
                "mean of {n} {of}; uncertainty from their spread, larger than that of the fits"
            ),
            (n, false) => {
                format!("mean of {n} {of}; uncertainty of the fits, larger than their spread")
            }
        };
        if systematic.is_empty() { kind } else { format!("{kind}; systematic: {systematic}") }
    }
}
