//! Of what kind the values of a column are, and how they are packed, by its pages alone.
//!
//! Every codec but none and LZO shows by unpacking to exactly the length that the head of the page says. Of the ways in
//! which values may be written, one fits if it uses up the page to its last byte. Integers and floats of one width differ
//! in which numbers they mean: those of the one read as the other are absurdly large or small. Where two kinds fit, the
//! kind is not told.

use super::bits::{Delta, Hybrid};
use super::pages::{Body, Head, Page, PageKind, body};
use super::schema::{Leaf, Logical, Stored};
use super::values::in_order;
use crate::error::ReadError;
use crate::source::Source;

/// What a column holds.
pub(super) struct Kind {
    /// The column, still without a name.
    pub(super) leaf: Leaf,
    pub(super) codec: i64,
}

/// How values are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Eight,
    Four,
    Truth,
    Text,
}

const SHAPES: [Shape; 4] = [Shape::Eight, Shape::Four, Shape::Truth, Shape::Text];

/// Codecs in the order in which they are tried: what has a mark of its own before what has none.
const CODECS: [i64; 6] = [6, 2, 1, 7, 5, 4];

/// Values by which integers are told from floats.
const SAMPLE: usize = 4096;

/// Tells what the pages of a column hold; none where that is not sure. Errors when the source cannot be read.
pub(super) fn tell(
    source: &dyn Source,
    file: &str,
    pages: &[Page],
    end: u64,
) -> Result<Option<Kind>, ReadError> {
    let Some(data) = pages.iter().find(|page| page.is_of_values()) else { return Ok(None) };
    let plain = data.head.packed == data.head.unpacked;
    for codec in plain.then_some(0).into_iter().chain(CODECS) {
        let Some((bytes, head, listed)) = first(source, file, pages, end, codec)? else { continue };
        let listed = listed.as_ref().map(|(bytes, count)| (bytes.as_slice(), *count));
        if let Some(leaf) = leaf(&head, &bytes, listed) {
            return Ok(Some(Kind { leaf, codec }));
        }
    }
    Ok(None)
}

/// The column, without a name, whose kind and codec are known; none where it is not sure whether values may be missing.
/// Errors when the source cannot be read.
pub(super) fn known(
    source: &dyn Source,
    file: &str,
    pages: &[Page],
    end: u64,
    stored: Stored,
    codec: i64,
) -> Result<Option<Leaf>, ReadError> {
    let shape = match stored {
        Stored::Int64 | Stored::Double => Shape::Eight,
        Stored::Int32 | Stored::Float => Shape::Four,
        Stored::Bool => Shape::Truth,
        _ => Shape::Text,
    };
    let Some((bytes, head, listed)) = first(source, file, pages, end, codec)? else {
        return Ok(None);
    };
    let listed = listed.as_ref().map(|(bytes, count)| (bytes.as_slice(), *count));
    // Differences are told by their way of writing, in which integers of either width look the same.
    let shape = if head.encoding == 5 { Shape::Eight } else { shape };
    let may = |&optional: &bool| {
        part(&head, &bytes, optional)
            .is_some_and(|part| fits(shape, head.encoding, &bytes, part, listed))
    };
    let mut fitting = [false, true].into_iter().filter(may);
    let one = fitting.next().filter(|_| fitting.next().is_none());
    let logical = if stored == Stored::Bytes { Logical::Text } else { Logical::Plain };
    Ok(one.map(|optional| Leaf { name: String::new(), stored, logical, optional, place: 0 }))
}

/// Bytes of a dictionary, and how many values it has.
type Listed = Option<(Vec<u8>, u64)>;

/// The first page of values of a column, unpacked, and the dictionary before it; none where they do not unpack. Errors
/// when the source cannot be read.
fn first(
    source: &dyn Source,
    file: &str,
    pages: &[Page],
    end: u64,
    codec: i64,
) -> Result<Option<(Vec<u8>, Head, Listed)>, ReadError> {
    let unpack = |page: &Page| match body(source, file, page.at, end, &page.head, codec)? {
        Body::Bytes(bytes) => Ok::<_, ReadError>(Some(bytes)),
        Body::Broken(_) => Ok(None),
    };
    let dictionary = pages.first().filter(|page| page.head.kind == PageKind::Dictionary);
    let mut listed = None;
    if let Some(page) = dictionary {
        let Some(bytes) = unpack(page)? else { return Ok(None) };
        listed = Some((bytes, page.head.values));
    }
    let Some(data) = pages.iter().find(|page| page.is_of_values()) else { return Ok(None) };
    Ok(unpack(data)?.map(|bytes| (bytes, data.head, listed)))
}

/// The column that a page of values is of, with the values that it points at and how many they are.
fn leaf(head: &Head, bytes: &[u8], listed: Option<(&[u8], u64)>) -> Option<Leaf> {
    let mut fitting = [false, true].into_iter().flat_map(|optional| {
        let part = part(head, bytes, optional);
        let fits = move |&shape: &Shape| {
            part.is_some_and(|part| fits(shape, head.encoding, bytes, part, listed))
        };
        SHAPES.into_iter().filter(fits).map(move |shape| (optional, shape, part))
    });
    let (optional, shape, part) = fitting.next()?;
    if fitting.next().is_some() {
        return None;
    }
    let Part { at, present } = part?;
    let written = bytes.get(at..)?;
    let stored = match (shape, head.encoding, listed) {
        (Shape::Truth, ..) => Stored::Bool,
        (Shape::Text, _, Some((listed, count))) => text(listed, count)?,
        (Shape::Text, 0, None) => text(written, present)?,
        (Shape::Text, ..) => Stored::Bytes,
        (Shape::Eight, 5, _) => Stored::Int64,
        (Shape::Eight, _, Some((listed, _))) => eight(listed)?,
        (Shape::Four, _, Some((listed, _))) => four(listed)?,
        (Shape::Eight, 9, None) => eight(&in_order(written, 0, 8))?,
        (Shape::Four, 9, None) => four(&in_order(written, 0, 4))?,
        (Shape::Eight, ..) => eight(written)?,
        (Shape::Four, ..) => four(written)?,
    };
    let logical = if stored == Stored::Bytes { Logical::Text } else { Logical::Plain };
    Some(Leaf { name: String::new(), stored, logical, optional, place: 0 })
}

/// Where the values of a page begin, and how many of them are there.
#[derive(Debug, Clone, Copy)]
struct Part {
    at: usize,
    present: u64,
}

/// Where values begin behind what says which are missing, if anything can be (`optional`). None where that does not fit,
/// or none is there to be looked at.
fn part(head: &Head, bytes: &[u8], optional: bool) -> Option<Part> {
    let (begin, end) = match head.kind {
        PageKind::Second { repetitions: 0, definitions, .. } => {
            if optional != (definitions > 0) {
                return None;
            }
            (0, usize::try_from(definitions).ok()?)
        }
        PageKind::Data if optional => {
            let len = u32::from_le_bytes(*bytes.first_chunk()?) as usize;
            (4, len.checked_add(4)?)
        }
        PageKind::Data => (0, 0),
        _ => return None,
    };
    if !optional {
        return (head.values > 0).then_some(Part { at: 0, present: head.values });
    }
    bytes.get(begin..end)?;
    let count = usize::try_from(head.values).ok()?;
    let mut present = 0;
    let told = Hybrid::new(begin, end, 1)?.take(bytes, count, |level, times| {
        present += if level == 1 { times as u64 } else { 0 };
    });
    (told == count && present > 0).then_some(Part { at: end, present })
}

/// Whether the values of a page can be of a shape.
fn fits(
    shape: Shape,
    encoding: i64,
    bytes: &[u8],
    Part { at, present }: Part,
    listed: Option<(&[u8], u64)>,
) -> bool {
    let rest = bytes.get(at..).unwrap_or_default();
    match encoding {
        0 => fills(shape, rest, present),
        2 | 8 => {
            let (Some((values, count)), Some(&width)) = (listed, rest.first()) else {
                return false;
            };
            let wanted = usize::try_from(present).unwrap_or(usize::MAX);
            let Some(mut places) = Hybrid::new(at + 1, bytes.len(), u32::from(width)) else {
                return false;
            };
            let mut within = true;
            let took = places.take(bytes, wanted, |place, _| within &= u64::from(place) < count);
            // No writer begins with a run of nothing: what looks so is the length of the levels.
            let whole = took == wanted && places.is_last_run() && rest.get(1) != Some(&0);
            whole && within && shape != Shape::Truth && fills(shape, values, count)
        }
        3 => {
            let len = rest.first_chunk().map(|len| u32::from_le_bytes(*len) as usize);
            shape == Shape::Truth && len.and_then(|len| len.checked_add(4)) == Some(rest.len())
        }
        5 => {
            let end = Delta::new(bytes, at).and_then(|deltas| deltas.end(bytes));
            shape == Shape::Eight && end == Some(bytes.len())
        }
        6 | 7 => {
            let end = Delta::new(bytes, at).and_then(|deltas| deltas.end(bytes));
            shape == Shape::Text && end.is_some_and(|end| end <= bytes.len())
        }
        9 => matches!(shape, Shape::Eight | Shape::Four) && fills(shape, rest, present),
        _ => false,
    }
}

/// Whether so many plain values of a shape take all of some bytes.
fn fills(shape: Shape, bytes: &[u8], count: u64) -> bool {
    let len = bytes.len() as u64;
    match shape {
        Shape::Eight => count.checked_mul(8) == Some(len),
        Shape::Four => count.checked_mul(4) == Some(len),
        Shape::Truth => count.div_ceil(8) == len,
        Shape::Text => {
            texts(bytes).try_fold(0_u64, |so_far, text| text.map(|_| so_far + 1)) == Some(count)
        }
    }
}

/// Texts behind their lengths; none in place of one that does not fit.
fn texts(mut bytes: &[u8]) -> impl Iterator<Item = Option<&[u8]>> {
    std::iter::from_fn(move || {
        if bytes.is_empty() {
            return None;
        }
        let next = bytes
            .split_first_chunk()
            .and_then(|(len, rest)| rest.split_at_checked(u32::from_le_bytes(*len) as usize));
        bytes = next.map_or(&[][..], |(_, rest)| rest);
        Some(next.map(|(text, _)| text))
    })
}

/// Texts, where so many bytes behind their lengths are letters.
fn text(bytes: &[u8], count: u64) -> Option<Stored> {
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let mut all = texts(bytes).take(count.min(SAMPLE));
    all.all(|text| text.is_some_and(|text| std::str::from_utf8(text).is_ok()))
        .then_some(Stored::Bytes)
}

/// Integers or floats of eight bytes. Integers of up to nineteen digits are floats below 1e-154 or no number.
fn eight(bytes: &[u8]) -> Option<Stored> {
    let (values, _) = bytes.as_chunks::<8>();
    one_of(
        values.iter().take(SAMPLE).map(|bytes| {
            let (float, int) = (f64::from_le_bytes(*bytes), i64::from_le_bytes(*bytes));
            let is_int = int.unsigned_abs() < 1 << 61;
            // What is missing or infinite is no integer of so few digits.
            let is_float = !is_int && !float.is_finite() || (1e-60..1e60).contains(&float.abs());
            (int == 0 || int == i64::MIN, is_float, is_int)
        }),
        Stored::Double,
        Stored::Int64,
    )
}

/// Integers or floats of four bytes. Floats between 1e-10 and 1e10 are integers from 786 millions to 1.35 milliards, of
/// either sign, which nothing that is counted is.
fn four(bytes: &[u8]) -> Option<Stored> {
    let (values, _) = bytes.as_chunks::<4>();
    one_of(
        values.iter().take(SAMPLE).map(|bytes| {
            let (float, int) = (f32::from_le_bytes(*bytes), i32::from_le_bytes(*bytes));
            let is_int = int.unsigned_abs() < 700_000_000;
            let is_float = !is_int && !float.is_finite() || (1e-10..1e10).contains(&float.abs());
            (int == 0 || int == i32::MIN, is_float, is_int)
        }),
        Stored::Float,
        Stored::Int32,
    )
}

/// The kind that every value is of, apart from those that are 0 either way; floats where all are.
fn one_of(
    values: impl Iterator<Item = (bool, bool, bool)>,
    float: Stored,
    int: Stored,
) -> Option<Stored> {
    let (mut floats, mut ints, mut neither) = (false, false, false);
    for (zero, is_float, is_int) in values {
        floats |= is_float && !zero;
        ints |= is_int && !zero;
        neither |= !zero && !is_float && !is_int;
    }
    match (floats, ints, neither) {
        (_, false, false) => Some(float),
        (false, true, false) => Some(int),
        _ => None,
    }
}
