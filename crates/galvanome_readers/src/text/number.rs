//! Numbers in cells. A cell that is not plainly a number is never made one.

use crate::decimal::nearest;

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

/// A cell that is a number of few digits as a whole.
fn short(cell: &[u8], decimal: Decimal) -> Option<f64> {
    begin(cell, decimal).and_then(|(number, len)| (len == cell.len()).then_some(number))
}

/// The number at the beginning of some bytes and how many of them it is, where it has few digits, as nearly all have:
/// digits and power of ten are exact as floats, so that one division or product of them is rounded once and gives the
/// nearest float (Clinger, PLDI 1990). None where it takes more than that, or there is no number. Any byte may stand
/// behind it.
#[inline]
pub(crate) fn begin(bytes: &[u8], decimal: Decimal) -> Option<(f64, usize)> {
    let sign = match decimal {
        Decimal::Point => b'.',
        Decimal::Comma => b',',
    };
    let signed = usize::from(matches!(bytes.first(), Some(b'-' | b'+')));
    let (number, len) = unsigned(bytes, signed, sign)?;
    Some((if bytes.first() == Some(&b'-') { -number } else { number }, len))
}

/// As [`begin`], behind the sign in front. Most numbers end within eight bytes.
#[inline]
fn unsigned(bytes: &[u8], at: usize, sign: u8) -> Option<(f64, usize)> {
    let Some(digits) = eight_at(bytes, at) else { return longer(bytes, at, sign) };
    let others = not_digits(digits);
    if others == 0 {
        return longer(bytes, at, sign);
    }
    // Each is marked by the highest bit of its byte.
    let byte_at = |bit: u32| (digits >> bit) as u8 ^ b'0';
    let first = others.trailing_zeros() - 7;
    let before = first as usize / 8;
    if byte_at(first) != sign {
        if first == 0 || byte_at(first) | 0x20 == b'e' {
            return longer(bytes, at, sign);
        }
        let whole = eight_digits(digits << (64 - first));
        return Some((whole.cast_signed() as f64, at + before));
    }
    let others_behind = others & (others - 1);
    let second = others_behind.trailing_zeros().wrapping_sub(7);
    if others_behind == 0 || second == 8 || byte_at(second) | 0x20 == b'e' {
        let whole = few_digits(digits, others).0;
        return with_fraction(bytes, at + before + 1, whole, before);
    }
    // The digits behind the sign move up to those before it.
    let low = (1 << first) - 1;
    let together = (digits & low) | ((digits >> 8) & !low);
    let whole = eight_digits(together << (72 - second));
    let power = *TENS.get((second - first) as usize / 8 - 1)?;
    Some((whole.cast_signed() as f64 / power, at + second as usize / 8))
}

/// As [`begin`], behind the sign in front, of any number. It stands apart, so that what most numbers need stays small.
#[inline(never)]
fn longer(bytes: &[u8], at: usize, sign: u8) -> Option<(f64, usize)> {
    let (whole, before) = digits_at(bytes, at);
    let at = at + before;
    if bytes.get(at) == Some(&sign) {
        with_fraction(bytes, at + 1, whole, before)
    } else {
        with_exponent(bytes, at, whole, [before, 0])
    }
}

/// A number of which the digits before the decimal sign are read.
#[inline(never)]
fn with_fraction(bytes: &[u8], at: usize, whole: u64, before: usize) -> Option<(f64, usize)> {
    let (fraction, behind) = digits_at(bytes, at);
    let whole = whole.wrapping_mul(*POWERS.get(behind)?).wrapping_add(fraction);
    with_exponent(bytes, at + behind, whole, [before, behind])
}

/// A number of which the digits are read, so many before and behind the decimal sign.
#[inline]
fn with_exponent(
    bytes: &[u8],
    mut at: usize,
    whole: u64,
    [before, behind]: [usize; 2],
) -> Option<(f64, usize)> {
    // So many digits do not overflow.
    if before + behind == 0 || before + behind >= POWERS.len() {
        return None;
    }
    // None of these is large.
    let mut exponent = -i64::try_from(behind).ok()?;
    if let Some(b'e' | b'E') = bytes.get(at) {
        let (written, len) = exponent_at(bytes, at + 1)?;
        exponent += written;
        at += 1 + len;
    }
    let (power, up) = (exponent.unsigned_abs() as usize, exponent > 0);
    if whole > EXACT_MAX {
        let number = nearest(whole, i32::try_from(exponent).ok()?);
        return Some((number?, at));
    }
    let (whole, power) = (whole.cast_signed() as f64, *TENS.get(power)?);
    Some((if up { whole * power } else { whole / power }, at))
}

/// The exponent at a place, and how many bytes it is.
#[cold]
fn exponent_at(bytes: &[u8], at: usize) -> Option<(i64, usize)> {
    let signed = usize::from(matches!(bytes.get(at), Some(b'-' | b'+')));
    let (written, len) = digits_at(bytes, at + signed);
    if len == 0 || len > 4 {
        return None;
    }
    let written = i64::try_from(written).ok()?;
    Some((if bytes.get(at) == Some(&b'-') { -written } else { written }, signed + len))
}

/// Powers of ten, as many as one can be multiplied with all digits that a word holds.
const POWERS: [u64; 20] = {
    let mut powers = [1; 20];
    let mut at = 1;
    while at < powers.len() {
        powers[at] = powers[at - 1] * 10;
        at += 1;
    }
    powers
};

/// The digits at a place as a number, and how many they are; where they are 20 or more, the number is none. Eight bytes are
/// looked at at once, of which the digits are moved to the end.
#[inline]
fn digits_at(bytes: &[u8], at: usize) -> (u64, usize) {
    let Some(digits) = eight_at(bytes, at) else { return last_digits(bytes, at) };
    let others = not_digits(digits);
    if others != 0 {
        return few_digits(digits, others);
    }
    let whole = eight_digits(digits);
    let (rest, len) = match eight_at(bytes, at + 8) {
        None => last_digits(bytes, at + 8),
        Some(digits) => match not_digits(digits) {
            0 => more_digits(bytes, at + 8),
            others => few_digits(digits, others),
        },
    };
    let power = POWERS.get(len).copied().unwrap_or(1);
    (whole.wrapping_mul(power).wrapping_add(rest), 8 + len)
}

/// The digits in a word that has others too, which are marked.
#[inline]
fn few_digits(digits: u64, others: u64) -> (u64, usize) {
    let some = others.trailing_zeros() as usize / 8;
    // In two steps, since there may be none.
    (eight_digits(digits << (8 * (7 - some)) << 8), some)
}

/// As [`digits_at`], of eight digits and what follows them.
#[cold]
fn more_digits(bytes: &[u8], at: usize) -> (u64, usize) {
    // No more than a few words are of use.
    last_digits(bytes.get(..bytes.len().min(at + 32)).unwrap_or_default(), at)
}

/// As [`digits_at`], one after the other.
fn last_digits(bytes: &[u8], at: usize) -> (u64, usize) {
    let rest = bytes.get(at..).unwrap_or_default();
    let (mut whole, mut len) = (0_u64, 0);
    while let Some(byte @ b'0'..=b'9') = rest.get(len) {
        whole = whole.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
        len += 1;
    }
    (whole, len)
}

/// Eight bytes, each less what a zero is written as, the first in the lowest.
#[inline]
fn eight_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?) ^ ZEROS)
}

/// Eight zeros as they are written.
const ZEROS: u64 = 0x3030_3030_3030_3030;

/// The highest bit of each byte of a word that is more than 9; no other bit.
fn not_digits(word: u64) -> u64 {
    const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;
    (((word & LOW) + 0x7676_7676_7676_7676) | word) & !LOW
}

/// The number that eight digits are, the first in the lowest byte. Pairs, then fours, then eight are put together within
/// one word (Lemire, Software: Practice and Experience 51, 2021).
fn eight_digits(digits: u64) -> u64 {
    let pairs = (digits.wrapping_mul(10) + (digits >> 8)) & 0x00FF_00FF_00FF_00FF;
    let fours = (pairs.wrapping_mul(100) + (pairs >> 16)) & 0x0000_FFFF_0000_FFFF;
    (fours.wrapping_mul(10_000) + (fours >> 32)) & 0xFFFF_FFFF
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
