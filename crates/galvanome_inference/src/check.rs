//! What numbers must satisfy before they are compared.

use galvanome_model::catalogue::Scale;

use crate::error::RuleError;
use crate::scale::to_analysis;
use crate::spread::Spread;

/// The measurements' own variances of one group: their sum on the analysis scale, and of how many.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OwnVariance {
    pub(crate) sum: f64,
    pub(crate) n: f64,
}

impl OwnVariance {
    /// The mean; 0 where nothing is known, which then sets no floor.
    pub(crate) fn mean(self) -> f64 {
        if self.n > 0.0 { self.sum / self.n } else { 0.0 }
    }
}

pub(crate) fn check_values(
    field: &'static str,
    values: &[f64],
    scale: Scale,
) -> Result<(), RuleError> {
    if values.is_empty() {
        return Err(RuleError::new(
            field,
            "is empty; a comparison needs at least one specimen on each side",
        ));
    }
    let wrong = |&(_, value): &(usize, &f64)| {
        !value.is_finite() || (scale == Scale::Ratio && *value <= 0.0)
    };
    match values.iter().enumerate().find(wrong) {
        None => Ok(()),
        Some((index, value)) if !value.is_finite() => {
            Err(RuleError::new(field, format!("{value} is not a finite number; leave the specimen out")).at(index))
        }
        Some((index, value)) => Err(RuleError::new(
            field,
            format!(
                "{value} is not positive, which the ratio scale needs; use the difference scale, or leave the \
                 specimen out with a reason"
            ),
        )
        .at(index)),
    }
}

pub(crate) fn own_variance(
    field: &'static str,
    u: Option<&[f64]>,
    values: &[f64],
    scale: Scale,
) -> Result<OwnVariance, RuleError> {
    let Some(u) = u else { return Ok(OwnVariance { sum: 0.0, n: 0.0 }) };
    if u.len() != values.len() {
        return Err(RuleError::new(
            field,
            format!(
                "has {} uncertainties for {} values; give one for each, or none",
                u.len(),
                values.len()
            ),
        ));
    }
    let mut sum = 0.0;
    for (index, (&u, &value)) in u.iter().zip(values).enumerate() {
        not_negative(field, u, "a standard uncertainty").map_err(|error| error.at(index))?;
        let analysis = if scale == Scale::Ratio { u / value } else { u };
        sum += analysis * analysis;
    }
    if sum.is_finite() {
        Ok(OwnVariance { sum, n: values.len() as f64 })
    } else {
        Err(RuleError::new(field, "is too large to be squared; check its unit"))
    }
}

pub(crate) fn positive(field: &'static str, value: f64, meaning: &str) -> Result<f64, RuleError> {
    if value.is_finite() && value > 0.0 {
        Ok(value)
    } else {
        Err(RuleError::new(field, format!("{value} cannot be {meaning}; write a positive number")))
    }
}

pub(crate) fn not_negative(
    field: &'static str,
    value: f64,
    meaning: &str,
) -> Result<f64, RuleError> {
    if value.is_finite() && value >= 0.0 {
        Ok(value)
    } else {
        Err(RuleError::new(
            field,
            format!("{value} cannot be {meaning}; write 0 or a positive number"),
        ))
    }
}

/// Refuses what would overflow when squared and multiplied by any sensible ν0.
pub(crate) fn small_enough(field: &'static str, value: f64, scale: Scale) -> Result<(), RuleError> {
    if to_analysis(scale, value) < 1e140 {
        Ok(())
    } else {
        Err(RuleError::new(field, format!("{value:e} is too large to be squared; check its unit")))
    }
}

pub(crate) fn check_size(difference: f64, spread: Spread) -> Result<(), RuleError> {
    let finite = match spread {
        Spread::One(term) => term.sum_of_squares.is_finite(),
        Spread::PerGroup { reference, test } => {
            reference.sum_of_squares.is_finite() && test.sum_of_squares.is_finite()
        }
    };
    if finite && difference.is_finite() {
        Ok(())
    } else {
        Err(RuleError::new(
            "test",
            "differs from the reference by too much to be squared; check the units",
        ))
    }
}
