//! What a fit found, or why there is none.

/// Why a fit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// No step lessens the sum of squares: a minimum, perhaps a local one.
    Minimum,
    /// The iterations were used up; the parameters are the best so far and no minimum.
    Iterations,
}

/// Why there is no fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// No parameters, fewer residuals than parameters, or as many ranges as parameters are not given.
    Shape,
    /// A start is not finite, or a range is empty.
    Start,
    /// Residuals or derivatives at the start are not finite.
    Model,
}

/// How the spread of the residuals is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weights {
    /// Each residual was divided by its standard uncertainty.
    Known,
    /// Only their relative weights are right; their spread is taken from the residuals themselves.
    FromResiduals,
}

/// What a fit found.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// The parameters.
    pub parameters: Vec<f64>,
    /// The sum of the squares of the residuals.
    pub residual_sum: f64,
    /// Residuals less parameters that were free, at least 0.
    pub degrees_of_freedom: usize,
    /// Why it ended.
    pub end: End,
    /// How often the Jacobian was evaluated.
    pub iterations: usize,
    /// How often the residuals were evaluated.
    pub evaluations: usize,
    /// Whether each parameter ended at an end of its range, so that it has no standard error.
    pub at_bound: Vec<bool>,
    /// Whether the data determine each parameter; not one of which they only determine a combination with others.
    pub determined: Vec<bool>,
    /// `(JᵀJ)⁻¹`, row after row.
    pub(super) covariance: Vec<f64>,
}

impl Fit {
    /// The covariance of two parameters, by index. `None` for one that is at a bound or not determined, and for
    /// [`Weights::FromResiduals`] without degrees of freedom.
    ///
    /// It is that of the linear model at the minimum: the inverse of `JᵀJ`, scaled as `weights` say.
    pub fn covariance(&self, one: usize, other: usize, weights: Weights) -> Option<f64> {
        let known = |at: usize| {
            self.determined.get(at).is_some_and(|yes| *yes) && self.at_bound.get(at) == Some(&false)
        };
        if !known(one) || !known(other) {
            return None;
        }
        let scale = match weights {
            Weights::Known => 1.0,
            Weights::FromResiduals if self.degrees_of_freedom > 0 => {
                self.residual_sum / self.degrees_of_freedom as f64
            }
            Weights::FromResiduals => return None,
        };
        self.covariance.get(one * self.parameters.len() + other).map(|unit| unit * scale)
    }

    /// The standard error of a parameter, by index; `None` as for [`covariance`](Self::covariance).
    pub fn standard_error(&self, at: usize, weights: Weights) -> Option<f64> {
        self.covariance(at, at, weights).map(f64::sqrt)
    }
}
