//! The values of one column of one row group, one page after the other.

use galvanome_model::measurement::Values;

use super::bits::{Delta, Hybrid};
use super::footer::{Chunk, Leaf, Stored};
use super::meaning::Raw;
use super::pages::{Body, Head, PageKind, body};
use crate::error::ReadError;
use crate::source::Source;

/// Where a stream reads, and how far it goes.
#[derive(Clone, Copy)]
pub(super) struct From<'a> {
    pub(super) source: &'a dyn Source,
    pub(super) file: &'a str,
    /// Where the data end.
    pub(super) end: u64,
    /// Bytes of one text.
    pub(super) text_max: usize,
}

/// What went wrong first in a column, and how many values are missing for it.
#[derive(Debug, Clone, Default)]
pub(super) struct Trouble {
    pub(super) why: &'static str,
    pub(super) at: u64,
    pub(super) lost: u64,
}

/// The values of a column in a row group.
pub(super) struct Stream<'a> {
    from: From<'a>,
    leaf: &'a Leaf,
    codec: i64,
    at: u64,
    end: u64,
    /// Values that are still to come.
    left: u64,
    dictionary: Option<Values>,
    page: Page,
    window: Vec<u8>,
    /// Whether a page of values was met.
    begun: bool,
    pub(super) trouble: Option<Trouble>,
    /// Whether integers lost digits.
    pub(super) rounded: bool,
}

/// A page that is being read.
struct Page {
    at: u64,
    bytes: Vec<u8>,
    left: usize,
    levels: Option<Hybrid>,
    data: Data,
}

/// How the values of a page are written, and which comes next.
enum Data {
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

/// The way of writing in which the first bytes of all values stand before the second ones.
const SPLIT: i64 = 9;

/// Bytes that a text takes for certain where nothing else is known.
const TEXT_USUAL: usize = 16;

impl<'a> Stream<'a> {
    /// The values of a column in a row group of so many rows.
    pub(super) fn new(from: From<'a>, leaf: &'a Leaf, chunk: &Chunk, rows: u64) -> Self {
        // Old writers do not count the head of the dictionary.
        let end = chunk.begins.saturating_add(chunk.packed).saturating_add(256).min(from.end);
        let page =
            Page { at: chunk.begins, bytes: Vec::new(), left: 0, levels: None, data: Data::Lost };
        Self {
            from,
            leaf,
            codec: chunk.codec,
            at: chunk.begins,
            end,
            left: chunk.values.min(rows),
            dictionary: None,
            page,
            window: Vec::new(),
            begun: false,
            trouble: None,
            rounded: false,
        }
    }

    /// Appends up to `count` values, and gives how many: fewer only when no more come. Errors when the source
    /// cannot be read.
    pub(super) fn take(&mut self, count: usize, into: &mut Values) -> Result<usize, ReadError> {
        let mut taken = 0;
        while taken < count && self.left > 0 {
            if self.page.left == 0 {
                if !self.next_page()? {
                    self.left = 0;
                }
                continue;
            }
            let left = usize::try_from(self.left).unwrap_or(usize::MAX);
            let want = (count - taken).min(self.page.left).min(left);
            let got = self.take_of_page(want, into);
            if got < want {
                // The rest of the page is missing, the next one may be whole.
                self.trouble("its values end before they should", self.page.at);
                self.page.data = Data::Lost;
                self.page.levels = None;
            }
            self.page.left -= got;
            self.left -= got as u64;
            taken += got;
        }
        Ok(taken)
    }

    /// Goes to the first values, so that [`Self::widest`] is known. Errors when the source cannot be read.
    pub(super) fn begin(&mut self) -> Result<(), ReadError> {
        if self.page.left == 0 && self.left > 0 && !self.next_page()? {
            self.left = 0;
        }
        Ok(())
    }

    /// Bytes of the longest text that may come again and again.
    pub(super) fn widest(&self) -> usize {
        match (&self.dictionary, &self.page.data) {
            (_, Data::Fronts(..)) => self.from.text_max,
            (Some(Values::Text(texts)), _) => {
                texts.iter().map(String::len).max().unwrap_or(0).max(TEXT_USUAL)
            }
            _ => TEXT_USUAL,
        }
    }

    /// Appends missing values in place of those that never came.
    pub(super) fn pad(&mut self, count: usize, into: &mut Values) {
        push_missing(into, count);
        self.lose(count as u64);
    }

    fn trouble(&mut self, why: &'static str, at: u64) {
        self.trouble.get_or_insert(Trouble { why, at, lost: 0 });
    }

    fn lose(&mut self, values: u64) {
        if let Some(trouble) = &mut self.trouble {
            trouble.lost += values;
        }
    }

    fn take_of_page(&mut self, count: usize, into: &mut Values) -> usize {
        if matches!(self.page.data, Data::Lost) {
            push_missing(into, count);
            self.lose(count as u64);
            return count;
        }
        let Page { bytes, levels, data, .. } = &mut self.page;
        let mut taking = Taking {
            bytes,
            leaf: self.leaf,
            dictionary: self.dictionary.as_ref(),
            text_max: self.from.text_max,
            rounded: &mut self.rounded,
        };
        let before = into.len();
        match levels {
            None => taking.take(data, count, into),
            Some(levels) => {
                let mut whole = true;
                levels.take(bytes, count, |level, times| {
                    if !whole {
                    } else if level == 0 {
                        push_missing(into, times);
                    } else {
                        let so_far = into.len();
                        taking.take(data, times, into);
                        whole = into.len() == so_far + times;
                    }
                });
            }
        }
        into.len() - before
    }

    /// Goes to the next page of values. Gives whether there is one.
    fn next_page(&mut self) -> Result<bool, ReadError> {
        loop {
            let Self { from, at, end, .. } = *self;
            if at >= end {
                self.trouble("its pages hold fewer values than the end of the file says", at);
                return Ok(false);
            }
            let head = Head::at(from.source, at, end, &mut self.window)
                .map_err(|error| ReadError::source(from.file, &error).at_byte(at))?;
            let Some(head) = head else {
                self.trouble("the head of a page cannot be read", at);
                return Ok(false);
            };
            // Every head has some bytes, so this ends.
            self.at = at.saturating_add(head.len).saturating_add(head.packed);
            let is_values = matches!(head.kind, PageKind::Data | PageKind::Second { .. });
            if head.kind == PageKind::Other || is_values && head.values == 0 {
                continue;
            }
            if head.kind == PageKind::Dictionary && self.begun {
                self.trouble("its pages hold fewer values than the end of the file says", at);
                return Ok(false);
            }
            let bytes = match body(from.source, from.file, at, end, &head, self.codec)? {
                Body::Bytes(bytes) => Some(bytes),
                Body::Broken(why) => {
                    self.trouble(why, at);
                    None
                }
            };
            if head.kind == PageKind::Dictionary {
                self.begun = true;
                if let Some(bytes) = bytes {
                    self.take_dictionary(&bytes, &head);
                }
                continue;
            }
            self.begun = true;
            self.page = match bytes {
                Some(bytes) => self.page_of(bytes, &head, at),
                None => lost(&head, at),
            };
            return Ok(true);
        }
    }

    fn take_dictionary(&mut self, bytes: &[u8], head: &Head) {
        let mut values = match self.leaf.kind() {
            Ok(kind) => kind.values(),
            Err(_) => return,
        };
        let mut taking = Taking {
            bytes,
            leaf: self.leaf,
            dictionary: None,
            text_max: self.from.text_max,
            rounded: &mut self.rounded,
        };
        let count = usize::try_from(head.values).unwrap_or(usize::MAX);
        taking.take(&mut Data::Plain(0), count, &mut values);
        self.dictionary = Some(values);
    }

    fn page_of(&mut self, bytes: Vec<u8>, head: &Head, at: u64) -> Page {
        match self.parts(&bytes, head) {
            Ok((levels, data)) => {
                let bytes = match (&data, head.encoding, self.leaf.stored.width()) {
                    (&Data::Plain(begin), SPLIT, Some(width)) => in_order(&bytes, begin, width),
                    _ => bytes,
                };
                Page { at, bytes, left: head.values as usize, levels, data }
            }
            Err(why) => {
                self.trouble(why, at);
                lost(head, at)
            }
        }
    }

    /// Where the levels and the values stand in a page.
    fn parts(&self, bytes: &[u8], head: &Head) -> Result<(Option<Hybrid>, Data), &'static str> {
        const CUT: &str = "it ends before its values";
        const UNKNOWN: &str = "its values are written in a way that is not known";
        let mut at = 0;
        let mut levels = None;
        match head.kind {
            PageKind::Second { repetitions, definitions, .. } => {
                let begin = usize::try_from(repetitions).map_err(|_| CUT)?;
                let end = usize::try_from(definitions).ok().and_then(|len| begin.checked_add(len));
                at = end.filter(|&end| end <= bytes.len()).ok_or(CUT)?;
                if self.leaf.optional {
                    levels = Hybrid::new(begin, at, 1);
                }
            }
            _ if self.leaf.optional => {
                if head.levels != 3 {
                    return Err(UNKNOWN);
                }
                (levels, at) = sized(bytes, 0).ok_or(CUT)?;
            }
            _ => {}
        }
        let data = match (head.encoding, self.leaf.stored) {
            (0, _) => Data::Plain(at),
            (2 | 8, _) => {
                if self.dictionary.is_none() {
                    return Err("the values that it points at are lost");
                }
                match bytes.get(at) {
                    Some(&width) => {
                        let places = Hybrid::new(at + 1, bytes.len(), u32::from(width));
                        Data::Places(places.ok_or(UNKNOWN)?)
                    }
                    // Nothing but missing values.
                    None => Data::Plain(at),
                }
            }
            (3, Stored::Bool) => match sized(bytes, at) {
                Some((Some(truths), _)) => Data::Truths(truths),
                _ => return Err(CUT),
            },
            (5, Stored::Int32 | Stored::Int64) => Data::Deltas(Delta::new(bytes, at).ok_or(CUT)?),
            (6, Stored::Bytes) => {
                let lengths = Delta::new(bytes, at).ok_or(CUT)?;
                let end = lengths.end(bytes).ok_or(CUT)?;
                Data::Lengths(lengths, end)
            }
            (7, Stored::Bytes | Stored::Fixed(_)) => {
                let kept = Delta::new(bytes, at).ok_or(CUT)?;
                let lengths = kept.end(bytes).and_then(|at| Delta::new(bytes, at)).ok_or(CUT)?;
                let end = lengths.end(bytes).ok_or(CUT)?;
                Data::Fronts(kept, lengths, end, Vec::new())
            }
            (SPLIT, stored) => match stored.width() {
                // Put in order by `page_of`.
                Some(_) => Data::Plain(at),
                None => return Err(UNKNOWN),
            },
            _ => return Err(UNKNOWN),
        };
        Ok((levels, data))
    }
}

/// Values whose first bytes stand before the second ones, one after the other.
fn in_order(bytes: &[u8], begin: usize, width: usize) -> Vec<u8> {
    let (levels, split) = bytes.split_at_checked(begin).unwrap_or((bytes, &[]));
    let count = split.len() / width;
    let mut ordered = levels.to_vec();
    ordered.reserve(split.len());
    for value in 0..count {
        ordered.extend((0..width).filter_map(|byte| split.get(byte * count + value)));
    }
    ordered
}

fn lost(head: &Head, at: u64) -> Page {
    let left = usize::try_from(head.values).unwrap_or(usize::MAX);
    Page { at, bytes: Vec::new(), left, levels: None, data: Data::Lost }
}

/// Numbers of one bit behind their length in bytes, and where they end.
fn sized(bytes: &[u8], at: usize) -> Option<(Option<Hybrid>, usize)> {
    let len = bytes.get(at..)?.first_chunk::<4>()?;
    let begin = at + 4;
    let end = begin.checked_add(u32::from_le_bytes(*len) as usize)?;
    (end <= bytes.len()).then(|| (Hybrid::new(begin, end, 1), end))
}

fn push_missing(into: &mut Values, count: usize) {
    match into {
        Values::Number(numbers) => numbers.resize(numbers.len() + count, f64::NAN),
        Values::Text(texts) => texts.resize(texts.len() + count, String::new()),
    }
}

impl Stored {
    /// Bytes of a value, where all have the same.
    fn width(self) -> Option<usize> {
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
struct Taking<'a> {
    bytes: &'a [u8],
    leaf: &'a Leaf,
    dictionary: Option<&'a Values>,
    text_max: usize,
    rounded: &'a mut bool,
}

impl Taking<'_> {
    /// Appends up to `count` values: fewer when they end.
    fn take(&mut self, data: &mut Data, count: usize, into: &mut Values) {
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
