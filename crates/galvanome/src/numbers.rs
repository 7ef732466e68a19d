//! Numbers as people write them.

/// A value with its standard uncertainty, the latter with two digits and the former as far: `0.461 ± 0.023`.
/// Without an uncertainty the value stands with at most six significant digits.
pub fn with_uncertainty(value: f64, uncertainty: Option<f64>) -> String {
    match uncertainty {
        Some(uncertainty) if uncertainty > 0.0 && uncertainty.is_finite() => {
            let decimals = decimals_for(uncertainty);
            format!("{value:.decimals$} ± {uncertainty:.decimals$}")
        }
        _ => plain(value),
    }
}

/// How many decimals show two digits of an uncertainty.
fn decimals_for(uncertainty: f64) -> usize {
    let exponent = uncertainty.log10().floor() as i32;
    usize::try_from(1 - exponent).unwrap_or(0).min(15)
}

/// A number with at most six significant digits and no trailing zeros.
pub fn plain(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return format!("{value}");
    }
    let exponent = value.abs().log10().floor() as i32;
    if !(-5..9).contains(&exponent) {
        return format!("{value:.3e}");
    }
    let decimals = usize::try_from(5 - exponent).unwrap_or(0);
    let text = format!("{value:.decimals$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{plain, with_uncertainty};

    #[test]
    fn digits_follow_the_uncertainty() {
        for (value, uncertainty, expected) in [
            (0.46123, Some(0.0234), "0.461 ± 0.023"),
            (123.4, Some(12.0), "123 ± 12"),
            (1234.5, Some(230.0), "1234 ± 230"),
            (0.46, None, "0.46"),
            (127.0, None, "127"),
            (0.0, Some(0.1), "0.00 ± 0.10"),
        ] {
            assert_eq!(with_uncertainty(value, uncertainty), expected);
        }
    }

    #[test]
    fn plain_numbers_have_no_needless_digits() {
        for (value, expected) in
            [(0.33, "0.33"), (43e-6, "0.000043"), (1.0 / 3.0, "0.333333"), (1e12, "1.000e12")]
        {
            assert_eq!(plain(value), expected);
        }
    }
}
