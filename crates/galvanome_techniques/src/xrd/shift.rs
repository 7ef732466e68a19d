//! Why reflections moved: displacement of the specimen, shift of the zero, or change of the lattice?

use galvanome_numerics::least_squares::{Fit, Range, Settings, Weights, fit};
use galvanome_numerics::student;

/// How far one reflection moved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moved {
    /// Where it was, 2θ in degrees.
    pub two_theta: f64,
    /// By how much it moved, in degrees 2θ.
    pub by: f64,
    /// The standard uncertainty of that.
    pub u: f64,
}

/// A way in which reflections may move together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The specimen moved off the axis: `Δ2θ = −2 Δs cos θ / R`. Its amount is Δs/R.
    Displacement,
    /// The zero moved: all by the same. Its amount is in degrees 2θ.
    Zero,
    /// All spacings changed by the same part: `Δ2θ = −2 (Δd/d) tan θ`. Its amount is Δd/d.
    Lattice,
}

impl Cause {
    /// Every cause.
    pub const ALL: [Self; 3] = [Self::Displacement, Self::Zero, Self::Lattice];

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Displacement => "displacement",
            Self::Zero => "zero shift",
            Self::Lattice => "change of spacings",
        }
    }

    /// Movement in degrees 2θ for an amount of 1.
    fn by_amount(self, two_theta: f64) -> f64 {
        let theta = (0.5 * two_theta).to_radians();
        match self {
            Self::Displacement => (-2.0 * theta.cos()).to_degrees(),
            Self::Zero => 1.0,
            Self::Lattice => (-2.0 * theta.tan()).to_degrees(),
        }
    }
}

/// An amount with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Amount {
    /// Of what.
    pub cause: Cause,
    /// The amount.
    pub value: f64,
    /// Its standard uncertainty.
    pub u: f64,
    /// The interval that holds it with 95 %.
    pub interval: (f64, f64),
}

/// Causes that were fitted together.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The amount of each.
    pub amounts: Vec<Amount>,
    /// The weighted sum of squares that is left.
    pub chi_squared: f64,
    /// Reflections less causes.
    pub freedom: usize,
}

/// What the data say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// One reflection cannot tell.
    One,
    /// The spacings changed: with displacement fitted beside it the interval of Δd/d leaves 0 out.
    Lattice,
    /// The movement may be displacement alone: the interval of Δd/d holds 0.
    NotSeparated,
    /// The reflections move by amounts that no common Δd/d with displacement explains: they are of different bodies, or
    /// the lattice changes by different parts in different directions.
    Uneven,
}

impl Verdict {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::One => {
                "one reflection alone cannot tell a change of the lattice from displacement"
            }
            Self::Lattice => {
                "a change of the lattice: with displacement fitted beside it Δd/d is not 0"
            }
            Self::NotSeparated => {
                "not told from displacement: with it fitted beside, Δd/d may be 0"
            }
            Self::Uneven => {
                "the reflections move unevenly: no common Δd/d with displacement explains them, so they are of different bodies, or of a lattice that changes with direction"
            }
        }
    }
}

/// What was found about a movement.
#[derive(Debug, Clone, PartialEq)]
pub struct Separated {
    /// Each cause alone.
    pub alone: Vec<Explanation>,
    /// Displacement and change of spacings together; none below two reflections.
    pub together: Option<Explanation>,
    /// The verdict.
    pub verdict: Verdict,
}

/// What is left after a common change may be so many times larger than the uncertainties explain.
const UNEVEN: f64 = 4.0;

/// Fits the movement of reflections by each cause, and by displacement and change of spacings together. None without a
/// reflection that moved by a finite amount with an uncertainty.
pub fn separate(moved: &[Moved]) -> Option<Separated> {
    let moved: Vec<Moved> = moved
        .iter()
        .copied()
        .filter(|one| one.by.is_finite() && one.u > 0.0 && one.u.is_finite())
        .collect();
    if moved.is_empty() {
        return None;
    }
    let alone = Cause::ALL.iter().filter_map(|cause| explained(&moved, &[*cause])).collect();
    if moved.len() < 2 {
        return Some(Separated { alone, together: None, verdict: Verdict::One });
    }
    let together = explained(&moved, &[Cause::Lattice, Cause::Displacement]);
    let verdict = match &together {
        Some(both) if both.freedom > 0 && both.chi_squared > UNEVEN * both.freedom as f64 => {
            Verdict::Uneven
        }
        Some(Explanation { amounts, .. }) => match amounts.first() {
            Some(amount) if amount.interval.0 > 0.0 || amount.interval.1 < 0.0 => Verdict::Lattice,
            _ => Verdict::NotSeparated,
        },
        None => Verdict::NotSeparated,
    };
    Some(Separated { alone, together, verdict })
}

fn explained(moved: &[Moved], causes: &[Cause]) -> Option<Explanation> {
    let m = moved.len();
    let terms: Vec<f64> = causes
        .iter()
        .flat_map(|cause| moved.iter().map(|one| cause.by_amount(one.two_theta) / one.u))
        .collect();
    let found: Fit = fit(
        &vec![0.0; causes.len()],
        &vec![Range::FREE; causes.len()],
        m,
        &Settings::QUICK,
        |amounts, residuals, jacobian| {
            for (row, (slot, one)) in residuals.iter_mut().zip(moved).enumerate() {
                let model: f64 = amounts
                    .iter()
                    .enumerate()
                    .map(|(at, amount)| amount * terms[at * m + row])
                    .sum();
                *slot = model - one.by / one.u;
            }
            if let Some(jacobian) = jacobian {
                jacobian.copy_from_slice(&terms);
            }
        },
    )
    .ok()?;
    let freedom = found.degrees_of_freedom;
    let scatters = freedom > 0 && found.residual_sum > freedom as f64;
    let (weights, times) = if scatters {
        (Weights::FromResiduals, student::quantile(0.975, freedom as f64))
    } else {
        (Weights::Known, student::quantile(0.975, f64::INFINITY))
    };
    let amounts = causes
        .iter()
        .enumerate()
        .map(|(at, cause)| {
            let value = *found.parameters.get(at)?;
            let u = found.standard_error(at, weights)?;
            Some(Amount {
                cause: *cause,
                value,
                u,
                interval: (value - times * u, value + times * u),
            })
        })
        .collect::<Option<Vec<_>>>()?;
    Some(Explanation { amounts, chi_squared: found.residual_sum, freedom })
}
