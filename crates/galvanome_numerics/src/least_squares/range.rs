//! What a fit may do: ranges of parameters, and when it ends.

/// The range that a parameter may take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// The smallest value; `-∞` for none.
    pub lower: f64,
    /// The largest value; `∞` for none.
    pub upper: f64,
}

impl Range {
    /// Any value.
    pub const FREE: Self = Self { lower: f64::NEG_INFINITY, upper: f64::INFINITY };
}

/// When a fit ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// How often the Jacobian may be evaluated.
    pub iterations: usize,
    /// The fit ends when a step is smaller than this fraction of the parameters, each in units of its scale.
    pub relative_step: f64,
    /// The fit ends when a step neither lessens the sum of squares by more than this fraction nor promises to.
    pub relative_reduction: f64,
}

impl Settings {
    /// For many fits: to about a ten-thousandth of the standard errors.
    pub const QUICK: Self = Self { iterations: 200, relative_step: 1e-8, relative_reduction: 1e-8 };
}

impl Default for Settings {
    /// To the last digit that a sum of squares can tell.
    fn default() -> Self {
        Self { iterations: 1000, relative_step: 1e-12, relative_reduction: 1e-15 }
    }
}
