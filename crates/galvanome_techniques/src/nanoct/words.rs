//! Numbers in details and notes.

/// A number with four digits.
pub(super) fn number(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let digits = 3 - value.abs().log10().floor() as i32;
    if digits <= 0 {
        return format!("{value:.0}");
    }
    let text = format!("{value:.*}", digits.clamp(0, 12) as usize);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_have_four_digits() {
        for (value, expected) in
            [(0.0, "0"), (127.0, "127"), (0.123_456, "0.1235"), (2.5, "2.5"), (123_456.7, "123457")]
        {
            assert_eq!(number(value), expected);
        }
    }
}
