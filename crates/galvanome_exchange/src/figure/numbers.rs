//! The numbers behind a pixel, in words: quantities of its groups, and what the decision rule made of them.

use galvanome_model::catalogue::Scale;
use galvanome_model::ids::GroupId;
use galvanome_model::pixel::PixelKey;
use galvanome_model::quantity::{Qualifier, Quantity};
use galvanome_model::verdict::{ComputedAnswer, Verdict};

use super::FigureInput;

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

/// A value with its standard uncertainty: `0.460 ± 0.030`, two digits of the uncertainty; without one, six
/// significant digits at most. Very large and very small numbers are written with a power of ten.
pub fn value_text(value: f64, uncertainty: Option<f64>) -> String {
    if !value.is_finite() {
        return "not a number".to_owned();
    }
    let largest = value.abs().max(uncertainty.filter(|u| u.is_finite()).unwrap_or(0.0).abs());
    let exponent = if largest > 0.0 { largest.log10().floor() as i32 } else { 0 };
    if (-4..6).contains(&exponent) {
        return fixed(value, uncertainty);
    }
    let scale = 10_f64.powi(exponent);
    let scaled = fixed(value / scale, uncertainty.map(|u| u / scale));
    let scaled = if uncertainty.is_some() { format!("({scaled})") } else { scaled };
    format!("{scaled} × 10{}", superscript(exponent))
}

fn fixed(value: f64, uncertainty: Option<f64>) -> String {
    if let Some(u) = uncertainty.filter(|u| u.is_finite() && *u > 0.0) {
        let decimals = (1 - u.log10().floor() as i32).clamp(0, 9) as usize;
        return format!("{} ± {u:.decimals$}", signed(value, decimals));
    }
    let digits = if value == 0.0 { 0 } else { 5 - value.abs().log10().floor() as i32 };
    let text = signed(value, digits.clamp(0, 9) as usize);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// With a true minus sign.
fn signed(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let is_zero = text.chars().all(|c| matches!(c, '0' | '.'));
    if value < 0.0 && !is_zero { format!("−{text}") } else { text }
}

fn superscript(exponent: i32) -> String {
    exponent
        .to_string()
        .chars()
        .map(|character| match character {
            '-' => '⁻',
            '1' => '¹',
            '2' => '²',
            '3' => '³',
            digit => {
                digit.to_digit(10).and_then(|digit| char::from_u32(0x2070 + digit)).unwrap_or(digit)
            }
        })
        .collect()
}

/// A quantity as a person reads it: `< 3 nm`, `0.46 ± 0.03`.
pub fn quantity_text(quantity: &Quantity) -> String {
    let sign = match quantity.qualifier {
        Qualifier::Equal => String::new(),
        Qualifier::About => "about ".to_owned(),
        other => format!("{} ", other.sign()),
    };
    let unit = if quantity.unit == "1" { "" } else { quantity.unit.as_str() };
    format!("{sign}{} {unit}", value_text(quantity.value, quantity.uncertainty))
        .trim_end()
        .to_owned()
}

/// A difference of a verdict as a person reads it: per cent of the reference on the ratio scale, the
/// descriptor's own unit otherwise.
pub fn difference_text(verdict: &Verdict, d: f64) -> String {
    match verdict.scale {
        Scale::Ratio => {
            let percent = d.exp_m1() * 100.0;
            let decimals = usize::from(percent.abs() < 10.0);
            let plus = if percent > 0.0 { "+" } else { "" };
            format!("{plus}{} %", signed(percent, decimals))
        }
        Scale::Difference => {
            let plus = if d > 0.0 { "+" } else { "" };
            let digits = verdict.u.map_or(3, |u| 1 - u.abs().max(1e-9).log10().floor() as i32);
            format!("{plus}{}", signed(d, digits.clamp(0, 9) as usize))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_the_digits_of_their_uncertainty() {
        for (value, uncertainty, text) in [
            (0.46, Some(0.03), "0.460 ± 0.030"),
            (-12.3456, Some(1.7), "−12.3 ± 1.7"),
            (1234.0, Some(120.0), "1234 ± 120"),
            (1.5e-9, Some(2e-10), "(1.50 ± 0.20) × 10⁻⁹"),
            (3.2e12, None, "3.2 × 10¹²"),
            (0.72, None, "0.72"),
            (100.0, None, "100"),
            (0.0, None, "0"),
            (-0.00001, Some(0.5), "0.00 ± 0.50"),
            (f64::NAN, None, "not a number"),
        ] {
            assert_eq!(value_text(value, uncertainty), text);
        }
    }
}
