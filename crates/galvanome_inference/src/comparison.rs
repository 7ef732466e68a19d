//! Two groups of specimens and one descriptor, checked once.

use galvanome_model::catalogue::Scale;
use galvanome_numerics::moments::Moments;

use crate::check::{
    OwnVariance, check_size, check_values, not_negative, own_variance, positive, small_enough,
};
use crate::error::RuleError;
use crate::scale::to_analysis;
use crate::spread::{Bias, Prior, Spread, Term};

/// Degrees of freedom that a declared spread counts for when nothing else is said.
pub const DEFAULT_NU0: f64 = 4.0;

/// A reason outside the numbers for which they may not say everything.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Gate {
    /// The measurement does not count: wrong sample, proven beam damage, wrong group. Always unsure.
    Void,
    /// A difference could have been missed (small field, wrong depth, below detection): never no.
    NoCannot,
    /// A difference could have another cause (groups prepared or exposed differently): never yes.
    YesCannot,
    /// Groups were treated or evaluated differently in a way whose effect is bounded by this standard
    /// uncertainty (a fraction on the ratio scale). It is added in quadrature to `u_sys`, as known.
    Inflate(f64),
}

impl Gate {
    /// The word used in files and JSON. `inflate` comes with a number there.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Void => "void",
            Self::NoCannot => "no_cannot",
            Self::YesCannot => "yes_cannot",
            Self::Inflate(_) => "inflate",
        }
    }

    /// The gate of a word, if it is one that needs no number.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Void, Self::NoCannot, Self::YesCannot].into_iter().find(|gate| gate.word() == word)
    }
}

/// What is known about one descriptor and one pair of groups, as it was written down.
///
/// Everything but the first five fields has a default, which [`Input::new`] sets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Input<'a> {
    /// Name of the descriptor. Several comparisons of one pixel that share it are pairs of groups.
    pub descriptor: &'a str,
    /// How its values are compared.
    pub scale: Scale,
    /// One value per specimen of the reference group.
    pub reference: &'a [f64],
    /// One value per specimen of the test group.
    pub test: &'a [f64],
    /// Smallest difference of interest δ: a fraction r on the ratio scale, which means `ln(1 + r)`; the
    /// descriptor's unit on the difference scale. So are all of the following but the degrees of freedom.
    pub delta: f64,
    /// Standard uncertainty of each reference value, in the unit of the values.
    pub reference_u: Option<&'a [f64]>,
    /// Standard uncertainty of each test value, in the unit of the values.
    pub test_u: Option<&'a [f64]>,
    /// Whether test and reference are the same specimens in the same order, after and before.
    pub paired: bool,
    /// Expected standard deviation from specimen to specimen, repeatability included; of the differences when
    /// paired; of the reference group when `s0_test` stands beside it.
    pub s0: Option<f64>,
    /// Expected standard deviation of the test group. Declared, each group keeps its own spread.
    pub s0_test: Option<f64>,
    /// Degrees of freedom that the expected spreads count for. Without `s0` it serves only to say which spread
    /// would have changed the answer.
    pub nu0: f64,
    /// Standard uncertainty of a bias between the groups, which more specimens do not reduce.
    pub u_sys: f64,
    /// Degrees of freedom behind `u_sys`; `None` when it is taken as known.
    pub nu_sys: Option<f64>,
    /// Gates that hold for this comparison.
    pub gates: &'a [Gate],
}

impl<'a> Input<'a> {
    /// An input with nothing declared beyond the margin.
    pub const fn new(
        descriptor: &'a str,
        scale: Scale,
        reference: &'a [f64],
        test: &'a [f64],
        delta: f64,
    ) -> Self {
        Self {
            descriptor,
            scale,
            reference,
            test,
            delta,
            reference_u: None,
            test_u: None,
            paired: false,
            s0: None,
            s0_test: None,
            nu0: DEFAULT_NU0,
            u_sys: 0.0,
            nu_sys: None,
            gates: &[],
        }
    }
}

/// Spreads as they were declared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Declared {
    pub(crate) s0: f64,
    pub(crate) s0_test: Option<f64>,
}

/// One descriptor, one pair of groups: everything the rule needs, and nothing that can be wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    descriptor: String,
    pub(crate) scale: Scale,
    /// Mean of the test group less that of the reference group, on the analysis scale.
    pub(crate) difference: f64,
    /// Margin on the analysis scale.
    pub(crate) delta: f64,
    pub(crate) spread: Spread,
    pub(crate) declared: Option<Declared>,
    pub(crate) nu0: f64,
    pub(crate) bias: Bias,
    pub(crate) void: bool,
    pub(crate) no_cannot: bool,
    pub(crate) yes_cannot: bool,
}

impl Comparison {
    /// Checks an input and reduces it to what the rule needs.
    ///
    /// Refused: an empty side, values that are not finite (on the ratio scale: not positive), uncertainties
    /// that are negative or not one per value, paired groups of different size, a margin that is not positive,
    /// negative spreads, `s0_test` without `s0` or beside `paired`, degrees of freedom that are not positive,
    /// and numbers so large that their squares overflow.
    pub fn new(input: &Input<'_>) -> Result<Self, RuleError> {
        Self::checked(input).map_err(|error| error.of(input.descriptor))
    }

    /// Name of the descriptor.
    pub fn descriptor(&self) -> &str {
        &self.descriptor
    }

    /// How its values are compared.
    pub const fn scale(&self) -> Scale {
        self.scale
    }

    /// The variances that the rule weighs in when `s0` is as given (as declared; a declared `s0_test` keeps its
    /// proportion to it) and counts for ν0 degrees of freedom.
    pub(crate) fn prior(&self, s0: f64) -> Prior {
        let s0_test = match self.declared {
            // As declared, to the last bit, or in proportion to it; two zeros are equal spreads.
            Some(Declared { s0: declared, s0_test: Some(test) }) if s0 == declared => test,
            Some(Declared { s0: declared, s0_test: Some(test) }) if declared > 0.0 => {
                test * (s0 / declared)
            }
            _ => s0,
        };
        let square = |declared: f64| {
            let analysis = to_analysis(self.scale, declared);
            analysis * analysis
        };
        Prior { reference: square(s0), test: square(s0_test), nu0: self.nu0 }
    }

    fn checked(input: &Input<'_>) -> Result<Self, RuleError> {
        let Input { scale, reference, test, .. } = *input;
        check_values("reference", reference, scale)?;
        check_values("test", test, scale)?;
        let own = [
            own_variance("reference_u", input.reference_u, reference, scale)?,
            own_variance("test_u", input.test_u, test, scale)?,
        ];
        let delta = to_analysis(
            scale,
            positive("delta", input.delta, "the smallest difference of interest")?,
        );
        if delta == 0.0 {
            return Err(RuleError::new(
                "delta",
                "is too small to be told from 0; write a larger margin",
            ));
        }
        let declared = declared(input)?;
        positive("nu0", input.nu0, "the degrees of freedom behind s0")?;
        let bias = bias(input)?;

        let (difference, spread) = if input.paired {
            paired(reference, test, scale, own)?
        } else {
            let of = |values: &[f64]| match scale {
                Scale::Ratio => {
                    Moments::of(&values.iter().map(|value| value.ln()).collect::<Vec<_>>())
                }
                Scale::Difference => Moments::of(values),
            };
            let (Some(a), Some(b)) = (of(reference), of(test)) else {
                return Err(RuleError::new("reference", "is empty"));
            };
            let spread = if declared.is_some_and(|declared| declared.s0_test.is_some()) {
                Spread::PerGroup {
                    reference: single(a, own[0].mean()),
                    test: single(b, own[1].mean()),
                }
            } else {
                pooled(a, b, own)
            };
            (b.mean - a.mean, spread)
        };
        check_size(difference, spread)?;
        let holds = |gate: Gate| input.gates.contains(&gate);
        Ok(Self {
            descriptor: input.descriptor.to_owned(),
            scale,
            difference,
            delta,
            spread,
            declared,
            nu0: input.nu0,
            bias,
            void: holds(Gate::Void),
            no_cannot: holds(Gate::NoCannot),
            yes_cannot: holds(Gate::YesCannot),
        })
    }
}

fn declared(input: &Input<'_>) -> Result<Option<Declared>, RuleError> {
    let check = |field, value| {
        let value = not_negative(field, value, "an expected spread")?;
        small_enough(field, value, input.scale)?;
        Ok::<f64, RuleError>(value)
    };
    let s0 = input.s0.map(|s0| check("s0", s0)).transpose()?;
    let s0_test = input.s0_test.map(|s0_test| check("s0_test", s0_test)).transpose()?;
    if s0_test.is_some() && input.paired {
        return Err(RuleError::new(
            "s0_test",
            "contradicts `paired`: paired differences have one spread, which is s0; leave s0_test out",
        ));
    }
    match (s0, s0_test) {
        (None, Some(_)) => Err(RuleError::new(
            "s0_test",
            "needs s0, the expected spread of the reference group, beside it",
        )),
        (None, None) => Ok(None),
        (Some(s0), s0_test) => Ok(Some(Declared { s0, s0_test })),
    }
}

fn bias(input: &Input<'_>) -> Result<Bias, RuleError> {
    let square = |field, value: f64| {
        small_enough(field, value, input.scale)?;
        Ok::<f64, RuleError>(to_analysis(input.scale, value).powi(2))
    };
    let variance =
        square("u_sys", not_negative("u_sys", input.u_sys, "a bias's standard uncertainty")?)?;
    let nu = match input.nu_sys {
        Some(nu) => positive("nu_sys", nu, "the degrees of freedom behind u_sys")?,
        None => f64::INFINITY,
    };
    let mut inflation = 0.0;
    for (index, gate) in input.gates.iter().enumerate() {
        if let Gate::Inflate(u) = *gate {
            let u = not_negative("gates", u, "what a gate inflates by")
                .map_err(|error| error.at(index))?;
            inflation += square("gates", u)?;
        }
    }
    Ok(Bias { variance, nu, inflation })
}

/// One group's own term.
fn single(group: Moments, floor: f64) -> Term {
    let n = group.n as f64;
    Term { sum_of_squares: group.sum_of_squares, df: n - 1.0, share: 1.0 / n, floor }
}

/// One term for two groups with the same spread. The floor is the mean over all specimens whose own uncertainty
/// is known.
fn pooled(a: Moments, b: Moments, own: [OwnVariance; 2]) -> Spread {
    let (n_a, n_b) = (a.n as f64, b.n as f64);
    let [own_a, own_b] = own;
    let floor = OwnVariance { sum: own_a.sum + own_b.sum, n: own_a.n + own_b.n }.mean();
    Spread::One(Term {
        sum_of_squares: a.sum_of_squares + b.sum_of_squares,
        df: n_a + n_b - 2.0,
        share: 1.0 / n_a + 1.0 / n_b,
        floor,
    })
}

/// Mean and term of the differences of the same specimens.
fn paired(
    reference: &[f64],
    test: &[f64],
    scale: Scale,
    own: [OwnVariance; 2],
) -> Result<(f64, Spread), RuleError> {
    if reference.len() != test.len() {
        return Err(RuleError::new(
            "paired",
            format!(
                "needs the same specimens on both sides, but there are {} in the reference and {} in the test",
                reference.len(),
                test.len()
            ),
        ));
    }
    let difference = |(&before, &after): (&f64, &f64)| match scale {
        Scale::Ratio => after.ln() - before.ln(),
        Scale::Difference => after - before,
    };
    let differences: Vec<f64> = reference.iter().zip(test).map(difference).collect();
    let Some(moments) = Moments::of(&differences) else {
        return Err(RuleError::new("reference", "is empty"));
    };
    let [own_reference, own_test] = own;
    Ok((moments.mean, Spread::One(single(moments, own_reference.mean() + own_test.mean()))))
}
