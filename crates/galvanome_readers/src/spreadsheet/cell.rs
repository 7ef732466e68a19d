//! What a cell is by its tag: its column, its style, the kind of its value.
//!
//! Source: ECMA-376 part 1, 18.3.1.4 (cell) and 18.18.11 (types of cells).

use crate::decimal::nearest;
use crate::xml::Attributes;

/// What the tag of a cell says.
#[derive(Clone, Copy)]
pub(super) struct Tag {
    pub(super) column: Option<u32>,
    pub(super) style: usize,
    pub(super) kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Shared,
    Text,
    Inline,
    Truth,
    Error,
}

/// A cell that is written as nearly all are.
pub(super) struct Usual {
    pub(super) column: u32,
    pub(super) style: usize,
    pub(super) shared: bool,
    /// Where its value begins and ends, and the length of the cell.
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) len: usize,
}

/// The cell that comes next, if it is all there and written as nearly all are, `<c r="B7" s="3" t="s"><v>3.7</v></c>`,
/// with or without its place, style and kind, or `<c r="B7" s="3"/>`: most of the time goes here, and this is several
/// times as quick as tag by tag. `next` is its column where it does not say.
pub(super) fn usual_cell(bytes: &[u8], next: u32) -> Option<Usual> {
    let mut rest = bytes.strip_prefix(b"<c")?;
    let mut column = next;
    if let Some(place) = rest.strip_prefix(b" r=\"") {
        let len;
        (column, len) = short_place(place).or_else(|| place_of(place))?;
        rest = place.get(len..)?;
    }
    let mut style = 0;
    if let Some(number) = rest.strip_prefix(b" s=\"") {
        // Nobody has a million styles.
        let mut digits = 0;
        while let Some(digit @ b'0'..=b'9') = number.get(digits).filter(|_| digits < 6) {
            style = style * 10 + usize::from(digit - b'0');
            digits += 1;
        }
        rest = number.get(digits..)?.strip_prefix(b"\"").filter(|_| digits > 0)?;
    }
    let mut shared = false;
    if let Some(kind) = rest.strip_prefix(b" t=\"") {
        shared = kind.starts_with(b"s\"");
        rest = kind.strip_prefix(b"s\"").or_else(|| kind.strip_prefix(b"n\""))?;
    }
    if let Some(behind) = rest.strip_prefix(b"/>") {
        let (len, from) = (bytes.len() - behind.len(), bytes.len() - rest.len());
        return Some(Usual { column, style, shared: false, from, to: from, len });
    }
    let value = rest.strip_prefix(b"><v>")?;
    let digits = value_len(value)?;
    let behind = value.get(digits..)?.strip_prefix(b"</v></c>")?;
    let from = bytes.len() - value.len();
    Some(Usual { column, style, shared, from, to: from + digits, len: bytes.len() - behind.len() })
}

/// The column of a place such as `B12"` and its length with the quote behind it; none where the column has more than one
/// letter, or the row more than six digits. Eight bytes are looked at at once.
fn short_place(place: &[u8]) -> Option<(u32, usize)> {
    let word = u64::from_le_bytes(*place.first_chunk()?);
    let column = (word as u8).wrapping_sub(b'A');
    // A byte that is no digit is above nine behind this, or has its highest bit.
    let digits = (word >> 8) ^ (u64::from(b'0') * ONES);
    let others = (((digits & !HIGH) + 0x76 * ONES) | digits) & HIGH;
    let row = others.trailing_zeros() as usize / 8;
    let ends = place.get(row + 1) == Some(&b'"');
    (column < 26 && row > 0 && ends).then_some((u32::from(column), row + 2))
}

/// The same of any place.
fn place_of(place: &[u8]) -> Option<(u32, usize)> {
    let letters = place.iter().take(4).position(|byte| !byte.is_ascii_uppercase())?;
    let (letters, behind) = place.split_at_checked(letters)?;
    let digits = behind.iter().take(12).position(|byte| !byte.is_ascii_digit())?;
    behind.get(digits..)?.strip_prefix(b"\"")?;
    Some((column_of(letters)?, letters.len() + digits + 1))
}

/// One in each byte, and the highest bit of each.
const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x80 * ONES;

/// The longest value that is looked at as a whole; no number takes more.
const VALUE_MAX: usize = 32;

/// How long a value is that a tag ends, if no byte of it needs a closer look: blanks and what is before them, quotes,
/// entities, and what is not ASCII. Eight bytes are looked at at once; the tag that ends it has as many.
fn value_len(value: &[u8]) -> Option<usize> {
    for at in (0..=VALUE_MAX).step_by(8) {
        let word = u64::from_le_bytes(*value.get(at..)?.first_chunk()?);
        // The lowest of these bits is right; one above it may be set by a borrow.
        let tag = word ^ (u64::from(b'<') * ONES);
        let ends = tag.wrapping_sub(ONES) & !tag & HIGH;
        // All before `(`, and all from delete on.
        let odd =
            (word.wrapping_sub(u64::from(b'(') * ONES) & !word | word.wrapping_add(ONES) | word)
                & HIGH;
        let first = ends.trailing_zeros();
        if ends == 0 && odd == 0 {
            continue;
        }
        let before = if ends == 0 { u64::MAX } else { (1 << (first & !7)) - 1 };
        return (ends != 0 && odd & before == 0).then_some(at + first as usize / 8);
    }
    None
}

/// What the tag of a cell says.
pub(super) fn tag_of(attributes: &[u8]) -> Tag {
    let mut tag = Tag { column: None, style: 0, kind: Kind::Number };
    for (name, value) in Attributes(attributes) {
        match name {
            b"r" => tag.column = column_of(value),
            b"s" => tag.style = number(value).map_or(0, |style| style as usize),
            b"t" => {
                tag.kind = match value {
                    b"s" => Kind::Shared,
                    b"str" | b"d" => Kind::Text,
                    b"inlineStr" => Kind::Inline,
                    b"b" => Kind::Truth,
                    b"e" => Kind::Error,
                    _ => Kind::Number,
                };
            }
            _ => {}
        }
    }
    tag
}

/// The column, from 0, of a place such as `AB12`.
fn column_of(place: &[u8]) -> Option<u32> {
    let mut column: u32 = 0;
    for &byte in place.iter().take_while(|byte| byte.is_ascii_alphabetic()) {
        let letter = u32::from(byte.to_ascii_uppercase() - b'A') + 1;
        column = column.checked_mul(26)?.checked_add(letter)?;
    }
    column.checked_sub(1)
}

/// A number of up to 19 digits with or without a point between them, as serial numbers of days are.
pub(super) fn plain_number(raw: &[u8]) -> Option<f64> {
    let (mut whole, mut behind, mut point) = (0_u64, 0, false);
    for &byte in raw.get(..raw.len().min(21))? {
        match byte {
            b'0'..=b'9' => {
                whole = whole.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
                behind += i32::from(point);
            }
            b'.' if !point => point = true,
            _ => return None,
        }
    }
    let digits = raw.len() - usize::from(point);
    (1..=19).contains(&digits).then(|| nearest(whole, -behind))?
}

/// A number of digits alone.
pub(super) fn number(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u32, |number, &byte| {
        let digit = byte.is_ascii_digit().then(|| u32::from(byte - b'0'))?;
        number.checked_mul(10)?.checked_add(digit)
    })
}
