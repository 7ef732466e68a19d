//! What stored values mean as numbers and texts.

use super::schema::{Leaf, Logical, Stored};
use crate::decimal::nearest;
use crate::sink::Kind;
use crate::text::cells::decode;

/// A value as it is stored.
#[derive(Debug, Clone, Copy)]
pub(super) enum Raw<'a> {
    Int(i64),
    Float(f64),
    Bytes(&'a [u8]),
}

const DAY_S: f64 = 86400.0;

/// Integers up to this are floats without loss.
const EXACT_MAX: u64 = 1 << 53;

impl Leaf {
    /// What its values become; none, with the word for what they are, when they are neither numbers nor texts.
    pub(super) fn kind(&self) -> Result<Kind, &'static str> {
        match (self.logical, self.stored) {
            (Logical::Other(what), _) => Err(what),
            // Writers of old do not say that bytes are text.
            (Logical::Text, _) | (Logical::Plain, Stored::Bytes) => Ok(Kind::Text),
            (Logical::Decimal(_), Stored::Bytes | Stored::Fixed(_))
            | (Logical::Float16, Stored::Fixed(2)) => Ok(Kind::Number),
            (_, Stored::Bytes | Stored::Fixed(_)) => Err("raw bytes"),
            _ => Ok(Kind::Number),
        }
    }

    /// Whether a value is an instant.
    pub(super) fn instant(&self) -> Option<Instant> {
        match (self.logical, self.stored) {
            (Logical::Timestamp(_, true), _) => Some(Instant::Utc),
            (Logical::Timestamp(_, false) | Logical::Date, _) | (_, Stored::Int96) => {
                Some(Instant::Local)
            }
            _ => None,
        }
    }

    /// The unit that the kind of value brings along; empty when it brings none.
    pub(super) fn unit(&self) -> &'static str {
        match self.logical {
            Logical::Time(_) => "s",
            _ if self.instant().is_some() => "s",
            _ if self.stored == Stored::Bool => "1",
            _ => "",
        }
    }

    /// A value as a number; NaN when it is none. Instants become seconds since 1970.
    pub(super) fn number(&self, raw: Raw<'_>) -> f64 {
        match (raw, self.logical) {
            (Raw::Float(number), _) => number,
            (Raw::Int(int), Logical::Unsigned) if self.stored == Stored::Int32 => {
                f64::from(int as u32)
            }
            (Raw::Int(int), Logical::Unsigned) => int as u64 as f64,
            (Raw::Int(int), Logical::Decimal(scale)) => decimal(i128::from(int), scale),
            (Raw::Int(int), Logical::Date) => int as f64 * DAY_S,
            (Raw::Int(int), Logical::Time(parts) | Logical::Timestamp(parts, _)) => {
                seconds(int, parts)
            }
            (Raw::Int(int), _) => int as f64,
            (Raw::Bytes(bytes), Logical::Decimal(scale)) => decimal_of(bytes, scale),
            (Raw::Bytes(&[low, high]), Logical::Float16) => half(u16::from_le_bytes([low, high])),
            (Raw::Bytes(bytes), _) if self.stored == Stored::Int96 => {
                julian(bytes).unwrap_or(f64::NAN)
            }
            (Raw::Bytes(_), _) => f64::NAN,
        }
    }

    /// Whether a value is an integer that has more digits than its number.
    pub(super) fn is_rounded(&self, raw: Raw<'_>) -> bool {
        match (raw, self.logical) {
            (Raw::Int(int), Logical::Plain) => int.unsigned_abs() > EXACT_MAX,
            (Raw::Int(int), Logical::Unsigned) => {
                self.stored == Stored::Int64 && int as u64 > EXACT_MAX
            }
            _ => false,
        }
    }

    /// A value as text, at most `max` bytes long.
    pub(super) fn text(&self, raw: Raw<'_>, max: usize) -> String {
        match raw {
            Raw::Bytes(bytes) if self.stored != Stored::Int96 => {
                let text = decode(bytes);
                text.get(..text.floor_char_boundary(max)).unwrap_or_default().to_owned()
            }
            raw => Some(self.number(raw))
                .filter(|n| !n.is_nan())
                .map_or_else(String::new, |n| n.to_string()),
        }
    }
}

/// What is known of the clock of instants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Instant {
    /// It is in UTC.
    Utc,
    /// Nothing is said of its zone.
    Local,
}

fn seconds(int: i64, parts: u32) -> f64 {
    if int.unsigned_abs() <= EXACT_MAX {
        return int as f64 / f64::from(parts);
    }
    let parts_int = i64::from(parts);
    int.div_euclid(parts_int) as f64 + int.rem_euclid(parts_int) as f64 / f64::from(parts)
}

/// An integer over a power of ten, rounded once.
fn decimal(whole: i128, scale: i32) -> f64 {
    // Powers of ten up to this one are floats without loss.
    if (0..=22).contains(&scale) && whole.unsigned_abs() <= u128::from(EXACT_MAX) {
        return whole as f64 / 10_f64.powi(scale);
    }
    let size = u64::try_from(whole.unsigned_abs()).ok();
    match size.and_then(|size| nearest(size, scale.checked_neg()?)) {
        Some(number) => {
            if whole < 0 {
                -number
            } else {
                number
            }
        }
        None => format!("{whole}e{}", -i64::from(scale)).parse().unwrap_or(f64::NAN),
    }
}

/// A whole number, the highest byte first, over a power of ten; rounded more than once when it takes more than 16 bytes.
fn decimal_of(bytes: &[u8], scale: i32) -> f64 {
    let Some(&first) = bytes.first() else { return f64::NAN };
    let (sign, fill) = if first & 0x80 == 0 { (0, 0) } else { (-1, 0xFF) };
    // Bytes that only repeat the sign.
    let spare = bytes.iter().take_while(|&&byte| byte == fill).count().saturating_sub(1);
    let bytes = bytes.get(spare..).unwrap_or_default();
    if bytes.len() <= 16 {
        return decimal(bytes.iter().fold(sign, |all, &byte| all << 8 | i128::from(byte)), scale);
    }
    let whole = bytes.iter().fold(sign as f64, |all, &byte| all * 256.0 + f64::from(byte));
    whole / 10_f64.powi(scale)
}

fn half(bits: u16) -> f64 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1F), f64::from(bits & 0x3FF) / 1024.0);
    sign * match exponent {
        0 => fraction * 2_f64.powi(-14),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1.0 + fraction) * 2_f64.powi(exponent - 15),
    }
}

/// Nanoseconds of the day and the Julian day as seconds since 1970.
fn julian(bytes: &[u8]) -> Option<f64> {
    let (nanos, day) = bytes.split_first_chunk::<8>()?;
    let day = i32::from_le_bytes(day.try_into().ok()?);
    let nanos = i64::from_le_bytes(*nanos);
    Some((f64::from(day) - 2_440_588.0) * DAY_S + nanos as f64 / 1e9)
}
