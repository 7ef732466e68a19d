//! How much specimens differ from each other, and what that makes the difference of two means uncertain by.

/// Variances that past campaigns lead to expect, on the analysis scale, and what they weigh.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Prior {
    /// `s0²` of the reference group, of both groups pooled, or of paired differences.
    pub(crate) reference: f64,
    /// `s0²` of the test group, where the groups have each their own.
    pub(crate) test: f64,
    /// Degrees of freedom ν0 that stand behind them.
    pub(crate) nu0: f64,
}

/// One independent part of the variance of the difference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Term {
    /// Sum of squares about the group means.
    pub(crate) sum_of_squares: f64,
    /// Its degrees of freedom.
    pub(crate) df: f64,
    /// What the specimen variance is multiplied by: 1/n, or 1/n + 1/n' when pooled.
    pub(crate) share: f64,
    /// The measurements' own mean variance, below which no spread is believed.
    pub(crate) floor: f64,
}

impl Term {
    /// Degrees of freedom with a prior that weighs `nu0`.
    pub(crate) fn nu(&self, nu0: f64) -> f64 {
        nu0 + self.df
    }

    /// Variance of the difference from this term, given the prior variance and its weight.
    pub(crate) fn variance(&self, prior: f64, nu0: f64) -> f64 {
        ((nu0 * prior + self.sum_of_squares) / self.nu(nu0)).max(self.floor) * self.share
    }
}

/// The form of the spread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Spread {
    /// One variance for everything: two groups pooled, or paired differences.
    One(Term),
    /// Each group its own.
    PerGroup {
        /// The reference group.
        reference: Term,
        /// The test group.
        test: Term,
    },
}

/// What a shared bias adds, which does not shrink with the number of specimens.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bias {
    /// `u_sys²`.
    pub(crate) variance: f64,
    /// Degrees of freedom of `u_sys`; infinite when it is taken as known.
    pub(crate) nu: f64,
    /// Further variance, taken as known, by gates that inflate.
    pub(crate) inflation: f64,
}

impl Bias {
    pub(crate) fn total(&self) -> f64 {
        self.variance + self.inflation
    }
}

/// A standard uncertainty and the degrees of freedom behind it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Uncertainty {
    pub(crate) u: f64,
    pub(crate) nu: f64,
}

impl Spread {
    /// The fewest degrees of freedom that a term has with a prior that weighs `nu0`: no combination has fewer.
    pub(crate) fn least_nu(&self, nu0: f64) -> f64 {
        match self {
            Self::One(term) => term.nu(nu0),
            Self::PerGroup { reference, test } => reference.nu(nu0).min(test.nu(nu0)),
        }
    }

    /// The uncertainty of the difference; `None` when nothing says how much specimens vary.
    ///
    /// Degrees of freedom by Welch and Satterthwaite (F. E. Satterthwaite, Biometrics Bull. 2 (1946) 110). When
    /// everything is exactly 0 they are those of the weakest term, so that they stay a number.
    pub(crate) fn uncertainty(&self, prior: Option<Prior>, bias: Bias) -> Option<Uncertainty> {
        let Prior { reference: s_reference, test: s_test, nu0 } =
            prior.unwrap_or(Prior { reference: 0.0, test: 0.0, nu0: 0.0 });
        let (first, second) = match self {
            Self::One(term) => ((term.variance(s_reference, nu0), term.nu(nu0)), None),
            Self::PerGroup { reference, test } => (
                (reference.variance(s_reference, nu0), reference.nu(nu0)),
                Some((test.variance(s_test, nu0), test.nu(nu0))),
            ),
        };
        let weakest = second.map_or(first.1, |second| first.1.min(second.1));
        if weakest <= 0.0 {
            return None;
        }
        let total = first.0 + second.map_or(0.0, |second| second.0) + bias.total();
        let nu = if total == first.0 || total == 0.0 || total == f64::INFINITY {
            // A single term keeps its degrees of freedom to the last bit.
            if total == first.0 && total > 0.0 { first.1 } else { weakest }
        } else {
            let part = |variance: f64, nu: f64| (variance / total) * (variance / total) / nu;
            let sum = part(first.0, first.1)
                + second.map_or(0.0, |second| part(second.0, second.1))
                + part(bias.variance, bias.nu);
            1.0 / sum
        };
        Some(Uncertainty { u: total.sqrt(), nu })
    }
}
