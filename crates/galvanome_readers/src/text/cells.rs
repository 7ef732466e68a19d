//! Cells of a line.

use std::borrow::Cow;

use super::lines::{Line, bytes_like};
use super::number::{Decimal, begin};

/// What separates cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delimiter {
    /// One byte.
    Byte(u8),
    /// Any run of blanks.
    Blanks,
}

impl Delimiter {
    /// Its name for people.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Byte(b'\t') => "tabs",
            Self::Byte(b';') => "semicolons",
            Self::Byte(b',') => "commas",
            Self::Byte(_) => "bars",
            Self::Blanks => "blanks",
        }
    }
}

/// Splits a line into its cells, without blanks and quotes around them. A delimiter inside quotes does not
/// split; line breaks inside quotes are not known here, since no table of numbers has them.
pub(crate) fn split<'a>(line: &'a [u8], delimiter: Delimiter, cells: &mut Vec<&'a [u8]>) {
    cells.clear();
    match delimiter {
        Delimiter::Blanks => {
            cells.extend(line.split(u8::is_ascii_whitespace).filter(|cell| !cell.is_empty()));
        }
        Delimiter::Byte(delimiter) => {
            if !split_plain(line, delimiter, cells) {
                cells.clear();
                split_quoted(line, delimiter, cells);
            }
        }
    }
}

/// A cell of a row on its way to a sink.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece<'a> {
    /// Its bytes, without blanks and quotes around them.
    pub(crate) bytes: &'a [u8],
    /// The number that it is, where that was seen on the way; else no number.
    pub(crate) number: f64,
}

impl Default for Piece<'_> {
    fn default() -> Self {
        Self::from(&[][..])
    }
}

impl<'a> From<&'a [u8]> for Piece<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self { bytes, number: f64::NAN }
    }
}

/// Splits a row into its cells, as [`split`] does, and reads plain numbers while passing over them: most cells are one,
/// and end where it ends.
pub(crate) fn pieces<'a>(
    line: &Line<'a>,
    delimiter: Delimiter,
    decimal: Decimal,
    pieces: &mut Vec<Piece<'a>>,
) {
    pieces.clear();
    let plain = match delimiter {
        Delimiter::Byte(delimiter) => plain_pieces(line, delimiter, decimal, pieces),
        Delimiter::Blanks => None,
    };
    if plain.is_none() {
        pieces.clear();
        let mut cells = Vec::new();
        split(line.bytes, delimiter, &mut cells);
        pieces.extend(cells.into_iter().map(Piece::from));
    }
}

/// The cells of a line without quotes; none where it has some.
fn plain_pieces<'a>(
    line: &Line<'a>,
    delimiter: u8,
    decimal: Decimal,
    pieces: &mut Vec<Piece<'a>>,
) -> Option<()> {
    let mut at = 0;
    loop {
        // What lies behind the line is no part of a number, and spares a look at where the line ends.
        if let Some((number, len)) = begin(line.onward.get(at..)?, decimal) {
            let end = at + len;
            let next = line.bytes.get(end);
            if next.is_none_or(|&byte| byte == delimiter) {
                pieces.push(Piece { bytes: line.bytes.get(at..end)?, number });
                if next.is_none() {
                    return Some(());
                }
                at = end + 1;
                continue;
            }
        }
        let rest = line.bytes.get(at..)?;
        let (len, last) = match first_mark(rest, delimiter) {
            Some((_, b'"')) => return None,
            Some((len, _)) => (len, false),
            None => (rest.len(), true),
        };
        pieces.push(trimmed(rest.get(..len)?).into());
        if last {
            return Some(());
        }
        at += len + 1;
    }
}

/// Where the first delimiter or quote stands, and which of them it is.
fn first_mark(bytes: &[u8], delimiter: u8) -> Option<(usize, u8)> {
    let (words, tail) = bytes.as_chunks::<8>();
    for (word, before) in words.iter().zip((0..).step_by(8)) {
        let word = u64::from_le_bytes(*word);
        let (ends, quotes) = (bytes_like(word, delimiter), bytes_like(word, b'"'));
        if ends | quotes != 0 {
            let bit = (ends | quotes).trailing_zeros();
            let mark = if quotes.trailing_zeros() == bit { b'"' } else { delimiter };
            return Some((before + bit as usize / 8, mark));
        }
    }
    let at = tail.iter().position(|&byte| byte == delimiter || byte == b'"')?;
    Some((bytes.len() - tail.len() + at, *tail.get(at)?))
}

/// Splits a line without quotes; false where it has some. Eight bytes are looked at at once.
fn split_plain<'a>(line: &'a [u8], delimiter: u8, cells: &mut Vec<&'a [u8]>) -> bool {
    let mut begin = 0;
    let mut end_at = |end: usize| {
        cells.push(trimmed(line.get(begin..end).unwrap_or_default()));
        begin = end + 1;
    };
    let (words, rest) = line.as_chunks::<8>();
    for (word, before) in words.iter().zip((0..).step_by(8)) {
        let word = u64::from_le_bytes(*word);
        if bytes_like(word, b'"') != 0 {
            return false;
        }
        let mut found = bytes_like(word, delimiter);
        while found != 0 {
            end_at(before + found.trailing_zeros() as usize / 8);
            found &= found - 1;
        }
    }
    let before = line.len() - rest.len();
    for (&byte, at) in rest.iter().zip(before..) {
        if byte == b'"' {
            return false;
        }
        if byte == delimiter {
            end_at(at);
        }
    }
    end_at(line.len());
    true
}

/// A cell without blanks around it; most have none.
fn trimmed(cell: &[u8]) -> &[u8] {
    match cell {
        [first, .., last] if *first > b' ' && *last > b' ' => cell,
        _ => cell.trim_ascii(),
    }
}

fn split_quoted<'a>(line: &'a [u8], delimiter: u8, cells: &mut Vec<&'a [u8]>) {
    if let Some(inside) = whole_line(line) {
        cells.extend(inside.split(|&byte| byte == delimiter).map(<[u8]>::trim_ascii));
        return;
    }
    let mut end_at = |begin: usize, end: usize| {
        let cell = line.get(begin..end).unwrap_or_default().trim_ascii();
        let inside = cell.strip_prefix(b"\"").and_then(|cell| cell.strip_suffix(b"\""));
        cells.push(inside.unwrap_or(cell));
    };
    let (mut begin, mut at, mut quoted) = (0, 0, false);
    while let Some((len, mark)) = first_mark(line.get(at..).unwrap_or_default(), delimiter) {
        let place = at + len;
        at = place + 1;
        if mark == b'"' {
            quoted = !quoted;
        } else if !quoted {
            end_at(begin, place);
            begin = at;
        }
    }
    end_at(begin, line.len());
}

/// What is inside the quotes of a line that stands in one pair of them as a whole, as some exports write: a table
/// has more than one column.
fn whole_line(line: &[u8]) -> Option<&[u8]> {
    let inside = line.trim_ascii().strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    (!inside.contains(&b'"')).then_some(inside)
}

/// The cells of a line as texts.
pub(crate) fn texts_of(line: &[u8], delimiter: Delimiter) -> Vec<Cow<'_, str>> {
    let mut cells = Vec::new();
    split(line, delimiter, &mut cells);
    cells.into_iter().map(decode).collect()
}

/// A text of a file: UTF-8, or Latin-1 where it is not.
pub(crate) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|&byte| char::from(byte)).collect()),
    }
}

/// A text cell, its doubled quotes undone, at most `max` bytes long. The second is whether it was cut.
pub(crate) fn text_cell(bytes: &[u8], max: usize) -> (String, bool) {
    let mut text = String::new();
    let cut = text_into(&mut text, bytes, max);
    (text, cut)
}

/// As [`text_cell`], in the room of another text. Gives whether it was cut.
pub(crate) fn text_into(text: &mut String, bytes: &[u8], max: usize) -> bool {
    text.clear();
    let cell = decode(bytes);
    // Most have no quotes.
    if bytes.contains(&b'"') {
        text.push_str(&cell.replace("\"\"", "\""));
    } else {
        text.push_str(&cell);
    }
    let cut = text.len() > max;
    if cut {
        let end = text.floor_char_boundary(max);
        text.truncate(end);
    }
    cut
}
