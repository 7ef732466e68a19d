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
    let (whole, rest) = add_digits(0, digits)?;
    let before = digits.len() - rest.len();
    let (whole, rest, behind) = match rest {
        [first, fraction @ ..] if *first == sign => {
            let (whole, rest) = add_digits(whole, fraction)?;
            (whole, rest, fraction.len() - rest.len())
        }
        rest => (whole, rest, 0),
    };
    if before + behind == 0 || whole > EXACT_MAX {
        return None;
    }
    let written = match rest {
        [] => 0,
        [b'e' | b'E', exponent @ ..] => {
            let (down, digits) = signed(exponent);
            if digits.is_empty() || digits.len() > 4 {
                return None;
            }
            let (written, rest) = add_digits(0, digits)?;
            if !rest.is_empty() {
                return None;
            }
            let written = i64::try_from(written).ok()?;
            if down { -written } else { written }
        }
        _ => return None,
    };
    let exponent = written - i64::try_from(behind).ok()?;
    let power = *TENS.get(usize::try_from(exponent.unsigned_abs()).ok()?)?;
    let number = if exponent < 0 { whole as f64 / power } else { whole as f64 * power };
    Some(if negative { -number } else { number })
}

/// Adds the digits at the beginning of `bytes` behind those of `whole`, and gives the rest. None where they become more
/// than a float holds exactly.
fn add_digits(mut whole: u64, mut bytes: &[u8]) -> Option<(u64, &[u8])> {
    const EIGHT: u64 = 100_000_000;
    while let Some((eight, rest)) = bytes.split_first_chunk()
        && let Some(digits) = eight_digits(*eight)
    {
        if whole > EXACT_MAX / EIGHT {
            return None;
        }
        whole = whole * EIGHT + digits;
        bytes = rest;
    }
    while let [byte @ b'0'..=b'9', rest @ ..] = bytes {
        if whole > EXACT_MAX {
            return None;
        }
        whole = whole * 10 + u64::from(byte - b'0');
        bytes = rest;
    }
    Some((whole, bytes))
}

/// The number that eight digits are; none where one of the bytes is no digit. Pairs, then fours, then eight are put
/// together within one word (Lemire, Software: Practice and Experience 51, 2021).
fn eight_digits(bytes: [u8; 8]) -> Option<u64> {
    const HIGH: u64 = 0xF0F0_F0F0_F0F0_F0F0;
    const ZEROS: u64 = 0x3030_3030_3030_3030;
    let word = u64::from_le_bytes(bytes);
    // A digit has 3 in its upper half, and still has when 6 is added.
    if word & HIGH != ZEROS || word.wrapping_add(0x0606_0606_0606_0606) & HIGH != ZEROS {
        return None;
    }
    let word = word - ZEROS;
    let pairs = (word * 10 + (word >> 8)) & 0x00FF_00FF_00FF_00FF;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_FFFF_0000_FFFF;
    Some((fours * 10_000 + (fours >> 32)) & 0xFFFF_FFFF)
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
