//! What was declared about margins and spreads, over the catalogue's.

use galvanome_model::catalogue::Scale;
use galvanome_model::ids::{DescriptorId, TechniqueId};
use galvanome_techniques::catalogue;

use crate::Error;

/// A number that holds for every descriptor that is compared by ratio, and numbers of single descriptors: fractions
/// on the ratio scale, in the descriptor's unit on the difference scale.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Given {
    /// For every descriptor that is compared by ratio: a fraction.
    pub of_ratios: Option<f64>,
    /// For single descriptors.
    pub of: Vec<(String, f64)>,
}

impl Given {
    /// Reads `NUMBER` or `DESCRIPTOR=NUMBER`. Errors with what is wrong, and for what is given twice.
    pub fn parse(texts: &[String]) -> Result<Self, Error> {
        let mut given = Self::default();
        for text in texts {
            let (name, number) = match text.split_once('=') {
                Some((name, number)) => (Some(name), number),
                None => (None, text.as_str()),
            };
            let number: f64 = number
                .trim()
                .parse()
                .ok()
                .filter(|number: &f64| number.is_finite())
                .ok_or_else(|| {
                    Error::Wrong(format!(
                        "`{text}` is no number; write a fraction such as 0.1, or DESCRIPTOR=NUMBER in the descriptor's unit"
                    ))
                })?;
            let twice = match name {
                None => given.of_ratios.replace(number).is_some(),
                Some(name) => {
                    let known = given.of.iter().any(|(other, _)| other == name);
                    given.of.push((name.to_owned(), number));
                    known
                }
            };
            if twice {
                return Err(Error::Wrong(format!("`{text}` is given twice for the same thing")));
            }
        }
        Ok(given)
    }

    /// What holds for a descriptor.
    pub(super) fn for_descriptor(&self, id: &DescriptorId, scale: Scale) -> Option<f64> {
        let own = self.of.iter().find(|(name, _)| name == id.as_str()).map(|(_, number)| *number);
        own.or(self.of_ratios.filter(|_| scale == Scale::Ratio))
    }
}

/// What was declared: it takes the place of the catalogue's.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Declared {
    /// δ, the smallest difference of interest.
    pub delta: Given,
    /// s0, the expected spread from specimen to specimen; of the differences when the sides are paired.
    pub s0: Given,
    /// Standard uncertainty of a bias between the sides, which more specimens do not reduce.
    pub u_sys: Given,
}

impl Declared {
    /// Errors when a number is declared of a descriptor that the technique does not have, or cannot be such a number.
    pub(super) fn check(&self, technique: &str) -> Result<(), Error> {
        let known = TechniqueId::new(technique).ok();
        let known = known.and_then(|id| catalogue().technique(&id)).map(|one| &one.descriptors);
        for (what, given, from_zero) in
            [("delta", &self.delta, false), ("s0", &self.s0, true), ("u-sys", &self.u_sys, true)]
        {
            for (name, _) in &given.of {
                let mut all = known.into_iter().flatten().map(|one| one.id.as_str());
                if !all.any(|id| id == name) {
                    let all = known.into_iter().flatten().map(|one| one.id.as_str());
                    return Err(Error::not_found_among("descriptor", name, all));
                }
            }
            let numbers = given.of.iter().map(|(_, number)| *number).chain(given.of_ratios);
            if let Some(wrong) =
                numbers.into_iter().find(|one| if from_zero { *one < 0.0 } else { *one <= 0.0 })
            {
                return Err(Error::Wrong(format!(
                    "{what} cannot be {wrong}; write {}",
                    if from_zero { "0 or more" } else { "more than 0" }
                )));
            }
        }
        Ok(())
    }
}
