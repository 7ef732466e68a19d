//! What is written in one cell, both ways.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

/// Whether a text is an ISO 8601 date (`2024-05-31`) or a date and time (`2024-05-31T14:00:00+02:00`).
pub(super) fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let has_shape = text.is_ascii() && bytes.get(4) == Some(&b'-') && bytes.get(7) == Some(&b'-');
    let Some((date, rest)) = has_shape.then(|| text.split_at_checked(10)).flatten() else {
        return false;
    };
    match rest.as_bytes() {
        [] => date.parse::<Date>().is_ok(),
        [b'T', time @ ..] if time.iter().any(|byte| matches!(byte, b'Z' | b'+' | b'-')) => {
            text.parse::<Timestamp>().is_ok()
        }
        [b'T', ..] => text.parse::<DateTime>().is_ok(),
        _ => false,
    }
}

/// A number of a cell: finite, with a decimal point.
pub(super) fn number(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

/// The shortest text that reads as the same number.
pub(super) fn number_text(number: f64) -> String {
    let size = number.abs();
    if size == 0.0 || (1e-4..1e15).contains(&size) {
        number.to_string()
    } else {
        format!("{number:e}")
    }
}

/// The number, or an empty cell.
pub(super) fn optional<T: ToString>(value: Option<T>) -> Cow<'static, str> {
    value.map_or(Cow::Borrowed(""), |value| Cow::Owned(value.to_string()))
}

/// The number, or an empty cell.
pub(super) fn optional_number(value: Option<f64>) -> Cow<'static, str> {
    value.map_or(Cow::Borrowed(""), |value| Cow::Owned(number_text(value)))
}

/// The text of an id, or an empty cell.
pub(super) fn optional_id<T: std::borrow::Borrow<str>>(id: Option<&T>) -> Cow<'_, str> {
    Cow::Borrowed(id.map_or("", std::borrow::Borrow::borrow))
}

/// Ids in one cell.
pub(super) fn ids<T: std::borrow::Borrow<str>>(ids: &[T]) -> Cow<'_, str> {
    match ids {
        [one] => Cow::Borrowed(one.borrow()),
        ids => {
            Cow::Owned(ids.iter().map(std::borrow::Borrow::borrow).collect::<Vec<_>>().join(";"))
        }
    }
}

/// Texts in one cell: separated by `;`, white space around them dropped, empty ones left out. A `;` within a text
/// is written `\;`; backslashes in front of a `;` or at the end of a text are doubled, others stand as they are.
pub(super) fn split_texts(cell: &str) -> Vec<String> {
    if cell.is_empty() {
        return Vec::new();
    }
    let mut texts = Vec::new();
    let mut text = String::new();
    let mut slashes = 0;
    for c in cell.chars() {
        match c {
            '\\' => slashes += 1,
            ';' => {
                push_slashes(&mut text, slashes / 2);
                if slashes % 2 == 1 {
                    text.push(';');
                } else {
                    texts.push(std::mem::take(&mut text));
                }
                slashes = 0;
            }
            c => {
                push_slashes(&mut text, slashes);
                slashes = 0;
                text.push(c);
            }
        }
    }
    push_slashes(&mut text, slashes - slashes / 2);
    texts.push(text);
    texts.retain_mut(|text| {
        if text.trim().len() < text.len() {
            *text = text.trim().to_owned();
        }
        !text.is_empty()
    });
    texts
}

fn push_slashes(text: &mut String, count: usize) {
    text.extend(std::iter::repeat_n('\\', count));
}

/// Texts in one cell, so that [`split_texts`] gives them back.
pub(super) fn join_texts(texts: &[String]) -> String {
    let mut cell = String::new();
    for text in texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty()) {
        if !cell.is_empty() {
            cell.push(';');
        }
        for part in text.split_inclusive(';') {
            let plain = part.strip_suffix(';').unwrap_or(part);
            let slashes = plain.len() - plain.trim_end_matches('\\').len();
            cell.push_str(plain);
            push_slashes(&mut cell, slashes);
            if plain.len() < part.len() {
                cell.push_str("\\;");
            }
        }
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::{is_date, join_texts, number, number_text, split_texts};

    #[test]
    fn dates() {
        let check = |text: &str, expected: bool| assert_eq!(is_date(text), expected, "{text}");
        check("2024-02-29", true);
        check("2024-05-31T14:00", true);
        check("2024-05-31T14:00:05.25", true);
        check("2024-05-31T14:00:00Z", true);
        check("2024-05-31T14:00:00+02:00", true);
        check("2023-02-29", false);
        check("2024-13-01", false);
        check("2024-05", false);
        check("31.05.2024", false);
        check("5/31/2024", false);
        check("20240531", false);
        check("2024-05-31 14:00", false);
        check("2024-05-31T25:00", false);
        check("2024-05-31Tnoon", false);
        check("2024-05-3ü", false);
        check("soon", false);
    }

    #[test]
    fn numbers_come_back_as_they_were() {
        let check = |value: f64, text: &str| {
            assert_eq!(number_text(value), text);
            assert_eq!(number(text).map(f64::to_bits), Some(value.to_bits()), "{text}");
        };
        check(0.0, "0");
        check(-0.0, "-0");
        check(0.1 + 0.2, "0.30000000000000004");
        check(14.19, "14.19");
        check(-3.0, "-3");
        check(4.3e-5, "4.3e-5");
        check(6.02214076e23, "6.02214076e23");
        check(f64::MIN_POSITIVE, "2.2250738585072014e-308");
        check(f64::MAX, "1.7976931348623157e308");
        for text in ["nan", "inf", "-inf", "1e999", "0,5", "", "1 2"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn lists_of_texts() {
        let check = |cell: &str, texts: &[&str], written: &str| {
            let texts: Vec<String> = texts.iter().map(ToString::to_string).collect();
            assert_eq!(split_texts(cell), texts, "{cell}");
            assert_eq!(join_texts(&texts), written);
            assert_eq!(split_texts(written), texts, "{written}");
        };
        check("", &[], "");
        check(" ; ;", &[], "");
        check("one", &["one"], "one");
        check("section 4.1; figure 2 ;", &["section 4.1", "figure 2"], "section 4.1;figure 2");
        check(r"a\;b;c", &["a;b", "c"], r"a\;b;c");
        check(r"C:\data\run", &[r"C:\data\run"], r"C:\data\run");
        check(r"C:\data\", &[r"C:\data\"], r"C:\data\\");
        check(r"a\\;b", &[r"a\", "b"], r"a\\;b");
        check(r"a\\\;b", &[r"a\;b"], r"a\\\;b");
    }
}
