//! The values of one page, in each way in which they are written. Source: Apache Parquet format 2.11, `Encodings.md`.

use galvanome_model::measurement::Values;

use super::bits::{Delta, Hybrid};
use super::meaning::Raw;
use super::schema::{Leaf, Stored};

/// How the values of a page are written, and which comes next.
pub(super) enum Data {
    /// One after the other from this byte on; of truths, from this bit on.
    Plain(usize),
    /// Places in the dictionary.
    Places(Hybrid),
    /// Truths in runs.
    Truths(Hybrid),
    Deltas(Delta),
    /// Lengths, then the bytes from this one on.
    Lengths(Delta, usize),
    /// How much of the text before is kept, lengths of what is new, and the new bytes; the text before.
    Fronts(Delta, Delta, usize, Vec<u8>),
    /// It cannot be read: every value is missing.
    Lost,
}

/// Values whose first bytes stand before the second ones, one after the other.
pub(super) fn in_order(bytes: &[u8], begin: usize, width: usize) -> Vec<u8> {
    let (levels, split) = bytes.split_at_checked(begin).unwrap_or((bytes, &[]));
    let count = split.len() / width;
    let mut ordered = levels.to_vec();
    ordered.reserve(split.len());
    for value in 0..count {
        ordered.extend((0..width).filter_map(|byte| split.get(byte * count + value)));
    }
    ordered
}

/// Appends missing values.
pub(super) fn push_missing(into: &mut Values, count: usize) {
    match into {
        Values::Number(numbers) => numbers.resize(numbers.len() + count, f64::NAN),
        Values::Text(texts) => texts.resize(texts.len() + count, String::new()),
    }
}

impl Stored {
    /// Bytes of a value, where all have the same.
    pub(super) fn width(self) -> Option<usize> {
        match self {
            Self::Int32 | Self::Float => Some(4),
            Self::Int64 | Self::Double => Some(8),
            Self::Int96 => Some(12),
            Self::Fixed(width) => Some(width),
            Self::Bool | Self::Bytes => None,
        }
    }

    /// A value by its bytes.
    fn raw(self, bytes: &[u8]) -> Option<Raw<'_>> {
        Some(match self {
            Self::Int32 => Raw::Int(i64::from(i32::from_le_bytes(bytes.try_into().ok()?))),
            Self::Int64 => Raw::Int(i64::from_le_bytes(bytes.try_into().ok()?)),
            Self::Float => Raw::Float(f64::from(f32::from_le_bytes(bytes.try_into().ok()?))),
            Self::Double => Raw::Float(f64::from_le_bytes(bytes.try_into().ok()?)),
            _ => Raw::Bytes(bytes),
        })
    }
}

/// What values are taken from and by.
pub(super) struct Taking<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) leaf: &'a Leaf,
    pub(super) dictionary: Option<&'a Values>,
    /// Bytes of one text.
    pub(super) text_max: usize,
    /// Set when integers lose digits.
    pub(super) rounded: &'a mut bool,
}

impl Taking<'_> {
    /// Appends up to `count` values: fewer when they end.
    pub(super) fn take(&mut self, data: &mut Data, count: usize, into: &mut Values) {
        match (data, &mut *into) {
            (Data::Places(places), into) => self.take_places(places, count, into),
            (Data::Truths(truths), Values::Number(into)) => {
                truths.take(self.bytes, count, |truth, times| {
                    into.extend(std::iter::repeat_n(f64::from(truth), times));
                });
            }
            // What most files hold, without a detour.
            (Data::Plain(at), Values::Number(into)) if self.leaf.stored == Stored::Double => {
                let rest = self.bytes.get(*at..).unwrap_or_default();
                let (all, _) = rest.as_chunks::<8>();
                let some = all.get(..count).unwrap_or(all);
                into.extend(some.iter().map(|bytes| f64::from_le_bytes(*bytes)));
                *at += some.len() * 8;
            }
            (data, into) => {
                for _ in 0..count {
                    let Self { bytes, leaf, text_max, .. } = *self;
                    let Some(raw) = next(data, bytes, leaf.stored) else { break };
                    match into {
                        Values::Number(numbers) => {
                            *self.rounded |= leaf.is_rounded(raw);
                            numbers.push(leaf.number(raw));
                        }
                        Values::Text(texts) => texts.push(leaf.text(raw, text_max)),
                    }
                }
            }
        }
    }

    fn take_places(&self, places: &mut Hybrid, count: usize, into: &mut Values) {
        let mut whole = true;
        match (into, self.dictionary) {
            (Values::Number(into), Some(Values::Number(all))) => {
                places.take(self.bytes, count, |place, times| {
                    match all.get(place as usize).filter(|_| whole) {
                        Some(&number) => into.extend(std::iter::repeat_n(number, times)),
                        None => whole = false,
                    }
                });
            }
            (Values::Text(into), Some(Values::Text(all))) => {
                places.take(self.bytes, count, |place, times| {
                    match all.get(place as usize).filter(|_| whole) {
                        Some(text) => into.extend(std::iter::repeat_n(text, times).cloned()),
                        None => whole = false,
                    }
                });
            }
            _ => {}
        }
    }
}

/// The next value of a page.
fn next<'a>(data: &'a mut Data, bytes: &'a [u8], stored: Stored) -> Option<Raw<'a>> {
    match data {
        Data::Plain(at) => match stored {
            Stored::Bool => {
                let byte = *bytes.get(*at / 8)?;
                let truth = byte >> (*at % 8) & 1;
                *at += 1;
                Some(Raw::Int(i64::from(truth)))
            }
            Stored::Bytes => {
                let len = u32::from_le_bytes(*bytes.get(*at..)?.first_chunk::<4>()?) as usize;
                let begin = *at + 4;
                let end = begin.checked_add(len)?;
                let text = bytes.get(begin..end)?;
                *at = end;
                Some(Raw::Bytes(text))
            }
            stored => {
                let end = at.checked_add(stored.width()?)?;
                let value = bytes.get(*at..end)?;
                *at = end;
                stored.raw(value)
            }
        },
        Data::Deltas(deltas) => {
            let int = deltas.next(bytes)?;
            Some(Raw::Int(if stored == Stored::Int32 { i64::from(int as i32) } else { int }))
        }
        Data::Lengths(lengths, at) => {
            let end = at.checked_add(usize::try_from(lengths.next(bytes)?).ok()?)?;
            let text = bytes.get(*at..end)?;
            *at = end;
            Some(Raw::Bytes(text))
        }
        Data::Fronts(kept, lengths, at, before) => {
            let kept =
                usize::try_from(kept.next(bytes)?).ok().filter(|&kept| kept <= before.len())?;
            let end = at.checked_add(usize::try_from(lengths.next(bytes)?).ok()?)?;
            before.truncate(kept);
            before.extend_from_slice(bytes.get(*at..end)?);
            *at = end;
            Some(Raw::Bytes(before))
        }
        Data::Places(_) | Data::Truths(_) | Data::Lost => None,
    }
}
