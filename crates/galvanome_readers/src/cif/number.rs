//! Numbers with their standard uncertainty in parentheses: `7.7127(3)`.

use crate::text::number::{Cell, Decimal, parse};

/// A number and its standard uncertainty, NaN where none is given. None where a value is no number; NaN for both where it is
/// missing.
pub(super) fn number_of(value: &str) -> Option<(f64, f64)> {
    if value.is_empty() {
        return Some((f64::NAN, f64::NAN));
    }
    let Some((number, behind)) = value.split_once('(') else {
        return Some((finite(value)?, f64::NAN));
    };
    let digits = behind.strip_suffix(')')?;
    if digits.is_empty() || digits.len() > 15 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let last = finite(digits)?;
    let (mantissa, exponent) = match number.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (number, 0),
    };
    let decimals = mantissa.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let power = exponent.checked_sub(i32::try_from(decimals).ok()?)?;
    // Dividing by a power of ten rounds once; multiplying by its inverse would twice.
    let uncertainty =
        if power < 0 { last / 10f64.powi(power.checked_neg()?) } else { last * 10f64.powi(power) };
    Some((finite(number)?, if uncertainty.is_finite() { uncertainty } else { f64::NAN }))
}

fn finite(text: &str) -> Option<f64> {
    match parse(text.as_bytes(), Decimal::Point) {
        Cell::Number(number) => Some(number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_uncertainties() {
        let check = |value: &str, expected: Option<(f64, f64)>| {
            let found = number_of(value);
            let same = |a: f64, b: f64| a == b || a.is_nan() && b.is_nan();
            let equal = match (found, expected) {
                (Some(a), Some(b)) => same(a.0, b.0) && same(a.1, b.1),
                (a, b) => a.is_none() && b.is_none(),
            };
            assert!(equal, "{value}: {found:?}");
        };
        check("7.7127(3)", Some((7.7127, 0.0003)));
        check("90", Some((90.0, f64::NAN)));
        check("123(12)", Some((123.0, 12.0)));
        check("-.25(1)", Some((-0.25, 0.01)));
        check("1.5E3(2)", Some((1500.0, 200.0)));
        check("", Some((f64::NAN, f64::NAN)));
        check("1.5(", None);
        check("x,y,z", None);
        check("3(a)", None);
    }
}
