//! Cells of a line.

use std::borrow::Cow;

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

/// The highest bit of each byte of a word that is a given one; no other bit.
fn bytes_like(word: u64, byte: u8) -> u64 {
    const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;
    let differs = word ^ (u64::from(byte) * 0x0101_0101_0101_0101);
    !(((differs & LOW) + LOW) | differs | LOW)
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
    let mut quoted = false;
    let parts = line.split(|&byte| {
        quoted ^= byte == b'"';
        byte == delimiter && !quoted
    });
    cells.extend(parts.map(|cell| {
        let cell = cell.trim_ascii();
        cell.strip_prefix(b"\"").and_then(|cell| cell.strip_suffix(b"\"")).unwrap_or(cell)
    }));
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
    let text = decode(bytes);
    // Most have no quotes.
    let mut text =
        if bytes.contains(&b'"') { text.replace("\"\"", "\"") } else { text.into_owned() };
    let cut = text.len() > max;
    if cut {
        let end = text.floor_char_boundary(max);
        text.truncate(end);
    }
    (text, cut)
}
