//! Non-linear least squares within bounds, with the covariance of what was found.

mod outcome;
mod range;
mod search;
mod spread;
mod step;

pub use self::outcome::{End, Fit, Unfit, Weights};
pub use self::range::{Range, Settings};
use self::search::{Point, Search, square};
use self::spread::{Spread, spread};

/// Finds the parameters within `ranges`, from `start`, that make the sum of squares of `residuals` values smallest.
///
/// `evaluate` writes the residuals for parameters, and when asked their derivatives: that of residual `i` by
/// parameter `j` at `j · residuals + i`. Where a model has no value it writes NaN, and the fit takes a shorter step.
/// A start outside its range is moved to its end. Errors as [`Unfit`] says.
///
/// The method is that of Levenberg and Marquardt with the scaling of J. J. Moré (Lecture Notes in Mathematics 630
/// (1978) 105) and the damping of H. B. Nielsen (IMM-REP-1999-05, Technical University of Denmark); the Jacobian is
/// decomposed (Householder), never squared. A parameter that a step would take out of its range stays at its end for
/// that step while the others are solved for anew. Where the linear model promises too much, a step is corrected to
/// second order along itself, and shortened where that correction is large (M. K. Transtrum and J. P. Sethna,
/// arXiv:1201.5885). At the end undamped steps are taken for as long as they become shorter, since a sum of squares
/// tells only half of the digits of its minimum.
pub fn fit(
    start: &[f64],
    ranges: &[Range],
    residuals: usize,
    settings: &Settings,
    mut evaluate: impl FnMut(&[f64], &mut [f64], Option<&mut [f64]>),
) -> Result<Fit, Unfit> {
    let n = start.len();
    if n == 0 || residuals < n || ranges.len() != n {
        return Err(Unfit::Shape);
    }
    if start.iter().any(|one| !one.is_finite())
        || ranges
            .iter()
            .any(|range| range.lower.is_nan() || range.upper.is_nan() || range.lower > range.upper)
    {
        return Err(Unfit::Start);
    }
    let mut at = Point::new(n, residuals);
    at.parameters =
        start.iter().zip(ranges).map(|(one, range)| one.clamp(range.lower, range.upper)).collect();
    evaluate(&at.parameters, &mut at.residuals, Some(&mut at.jacobian));
    if !at.is_finite() {
        return Err(Unfit::Model);
    }
    let mut search = Search::new(ranges, residuals, evaluate);
    let end = search.descend(&mut at, settings);
    let reduced = search.polish(&mut at, settings);
    let free = search.free(&at, &reduced);
    let Spread { covariance, determined } = spread(&reduced, &free);
    Ok(Fit {
        residual_sum: square(&at.residuals),
        degrees_of_freedom: residuals.saturating_sub(free.iter().filter(|free| **free).count()),
        end,
        iterations: search.iterations,
        evaluations: search.evaluations,
        at_bound: free.iter().map(|free| !free).collect(),
        determined,
        covariance,
        parameters: at.parameters,
    })
}
