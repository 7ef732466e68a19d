//! The numbers behind a pixel, in words: quantities of its groups, and what the decision rule made of them.

use galvanome_model::catalogue::Scale;
use galvanome_model::ids::GroupId;
use galvanome_model::pixel::PixelKey;
use galvanome_model::quantity::{Qualifier, Quantity};
use galvanome_model::verdict::{ComputedAnswer, Verdict};

use super::FigureInput;
use crate::numbers::{Shown, decimals_of, percent, signed};

/// The numbers that a self-contained page shows beside its pixels. Give what the reader may see, and no more: a
/// page cannot take anything back.
#[derive(Debug, Clone, Copy, Default)]
pub struct Evidence<'a> {
    /// Quantities of the campaign.
    pub quantities: &'a [Quantity],
    /// Computed answers of the metaviews that are shown; of several for one pixel the last counts.
    pub computed: &'a [ComputedAnswer],
}

impl<'a> Evidence<'a> {
    pub(super) fn computed(&self, key: &PixelKey) -> Option<&'a ComputedAnswer> {
        self.computed.iter().rev().find(|computed| {
            computed.component == key.component
                && computed.question == key.question
                && computed.technique == key.technique
                && computed.observable == key.observable
        })
    }

    /// The quantities that speak for a pixel: of its component or the whole cell, by a descriptor of its technique
    /// that speaks for its observable, and of the question's groups.
    pub(super) fn quantities(&self, key: &PixelKey, input: &FigureInput<'_>) -> Vec<&'a Quantity> {
        let names = input.names();
        let Some(technique) = names.technique(&key.technique) else { return Vec::new() };
        let asked: Vec<&GroupId> = names
            .question(&key.question)
            .map_or_else(Vec::new, |one| one.reference.iter().chain(&one.test).collect());
        let speaks = |quantity: &Quantity| {
            technique.descriptors.iter().any(|descriptor| {
                descriptor.id == quantity.descriptor
                    && descriptor.speaks_for(&key.observable).is_some()
            })
        };
        self.quantities
            .iter()
            .filter(|one| one.component.as_ref().is_none_or(|id| *id == key.component))
            .filter(|one| {
                asked.is_empty()
                    || one.groups.is_empty()
                    || one.groups.iter().any(|group| asked.contains(&group))
            })
            .filter(|one| speaks(one))
            .collect()
    }
}

/// A quantity as a person reads it: `< 3 nm`, `0.46 ± 0.03`.
pub fn quantity_text(quantity: &Quantity) -> String {
    let sign = match quantity.qualifier {
        Qualifier::Equal => String::new(),
        Qualifier::About => "about ".to_owned(),
        other => format!("{} ", other.sign()),
    };
    let shown = Shown::of(quantity.value, quantity.uncertainty, &quantity.unit);
    format!("{sign}{}", shown.text())
}

/// A difference of a verdict as a person reads it: per cent of the reference on the ratio scale, the
/// descriptor's own unit otherwise.
pub fn difference_text(verdict: &Verdict, d: f64) -> String {
    match verdict.scale {
        Scale::Ratio => percent(d, i32::from(d.exp_m1().abs() < 0.1)),
        Scale::Difference => {
            let decimals = verdict.u.and_then(decimals_of).unwrap_or(3);
            signed(d, decimals.clamp(0, 9))
        }
    }
}

/// The difference with the interval that a yes had to hold: `−36 % [−47 %, −22 %]`.
pub fn interval_text(verdict: &Verdict) -> String {
    let text = difference_text(verdict, verdict.d);
    match verdict.yes_bound {
        Some(bound) => {
            let half = (verdict.d.abs() - bound).max(0.0);
            let (low, high) = (verdict.d - half, verdict.d + half);
            format!(
                "{text} [{}, {}]",
                difference_text(verdict, low),
                difference_text(verdict, high)
            )
        }
        None => text,
    }
}
