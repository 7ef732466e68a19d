//! The values of one column of one row group, one page after the other.

use galvanome_model::measurement::Values;

use super::bits::{Delta, Hybrid};
use super::footer::Chunk;
use super::pages::{Body, Head, PageKind, body};
use super::schema::{Leaf, Stored};
use super::values::{Data, Taking, in_order, push_missing};
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
            (0, Stored::Bool) => Data::Plain(at.checked_mul(8).ok_or(CUT)?),
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
