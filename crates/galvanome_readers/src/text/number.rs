//! Numbers in cells. A cell that is not plainly a number is never made one.

/// The sign before the fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decimal {
    /// `3.14`
    Point,
    /// `3,14`
    Comma,
}

/// What a cell holds where a number is expected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cell {
    /// A finite number.
    Number(f64),
    /// Nothing, or a word for it.
    Missing,
    /// An infinity, or a number too large for a float.
    Infinite,
    /// Something else.
    Other,
}

/// The longest number that is read: no instrument prints more digits.
const LONGEST: usize = 64;

/// Reads a cell. A decimal comma is a number only when commas are expected, a point only when points are:
/// `0,1377` is never 1377.
pub(crate) fn parse(cell: &[u8], decimal: Decimal) -> Cell {
    if cell.is_empty() {
        return Cell::Missing;
    }
    if cell.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b',' | b'e' | b'E'))
    {
        return match plain(cell, decimal) {
            Some(number) if number.is_finite() => Cell::Number(number),
            Some(_) => Cell::Infinite,
            None if matches!(cell, b"-" | b"--") => Cell::Missing,
            None => Cell::Other,
        };
    }
    word(cell)
}

fn plain(cell: &[u8], decimal: Decimal) -> Option<f64> {
    match decimal {
        Decimal::Point => std::str::from_utf8(cell).ok()?.parse().ok(),
        Decimal::Comma => {
            let mut copy = [0; LONGEST];
            let copy = copy.get_mut(..cell.len())?;
            for (to, &from) in copy.iter_mut().zip(cell) {
                *to = match from {
                    b',' => b'.',
                    b'.' => return None,
                    other => other,
                };
            }
            std::str::from_utf8(copy).ok()?.parse().ok()
        }
    }
}

fn word(cell: &[u8]) -> Cell {
    let unsigned = cell.strip_prefix(b"-").or_else(|| cell.strip_prefix(b"+")).unwrap_or(cell);
    let is =
        |words: &[&str]| words.iter().any(|word| unsigned.eq_ignore_ascii_case(word.as_bytes()));
    if is(&["nan", "na", "n/a", "n.a.", "null", "none", "#n/a", "nil"]) {
        Cell::Missing
    } else if is(&["inf", "infinity", "∞", "1.#inf"]) {
        Cell::Infinite
    } else {
        Cell::Other
    }
}

/// Whether a cell is a number with a decimal comma and no point: `0,1377`, `-1,2E-3`.
pub(crate) fn has_decimal_comma(cell: &[u8]) -> bool {
    cell.contains(&b',') && matches!(parse(cell, Decimal::Comma), Cell::Number(_))
}

/// Whether a cell is a number with a decimal point.
pub(crate) fn has_decimal_point(cell: &[u8]) -> bool {
    cell.contains(&b'.') && matches!(parse(cell, Decimal::Point), Cell::Number(_))
}
