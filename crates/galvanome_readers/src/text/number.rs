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
    if let Some(number) = short(cell, decimal) {
        return Cell::Number(number);
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

/// Powers of ten that a float holds exactly.
const TENS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// The largest whole number below which a float holds every one.
const EXACT_MAX: u64 = 1 << 53;

/// A number of few digits, as nearly all are: digits and power of ten are exact as floats, so that one division or
/// product of them is rounded once and gives the nearest float (Clinger, PLDI 1990). None where it takes more than
/// that, or is no number.
fn short(cell: &[u8], decimal: Decimal) -> Option<f64> {
    let sign = match decimal {
        Decimal::Point => b'.',
        Decimal::Comma => b',',
    };
    let (negative, digits) = signed(cell);
    if digits.len() > LONGEST {
        return None;
    }
    let (mut whole, mut exponent) = (0_u64, 0_i32);
    let (mut any, mut behind) = (false, false);
    let mut rest = digits.iter();
    let exponent_begins = loop {
        match rest.next() {
            Some(&byte @ b'0'..=b'9') => {
                any = true;
                if whole > EXACT_MAX {
                    return None;
                }
                whole = whole * 10 + u64::from(byte - b'0');
                exponent -= i32::from(behind);
            }
            Some(&byte) if byte == sign && !behind => behind = true,
            Some(b'e' | b'E') => break true,
            Some(_) => return None,
            None => break false,
        }
    };
    if !any || whole > EXACT_MAX {
        return None;
    }
    if exponent_begins {
        let (down, digits) = signed(rest.as_slice());
        if digits.is_empty() || digits.len() > 4 {
            return None;
        }
        let mut written = 0;
        for &byte in digits {
            if !byte.is_ascii_digit() {
                return None;
            }
            written = written * 10 + i32::from(byte - b'0');
        }
        exponent += if down { -written } else { written };
    }
    let power = *TENS.get(exponent.unsigned_abs() as usize)?;
    let number = if exponent < 0 { whole as f64 / power } else { whole as f64 * power };
    Some(if negative { -number } else { number })
}

/// Whether a minus stands in front, and what is behind the sign.
fn signed(written: &[u8]) -> (bool, &[u8]) {
    match written {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] | digits => (false, digits),
    }
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
