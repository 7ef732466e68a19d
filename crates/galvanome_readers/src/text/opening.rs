//! The beginning of a file as text: what every text format looks at to recognise its own. It is read and taken apart once
//! for all of them.

use std::sync::OnceLock;

use super::encoding::{Encoding, decode_into};
use super::lines::find;
use super::names::{Heads, heads_of};
use crate::source::{Source, head_of};

/// Bytes at the beginning that tell whose a text is.
const OPENING: usize = 1 << 14;

/// Bytes at the beginning that tell whether a file is text at all.
const TELLING: usize = 4096;

/// The beginning of a text.
pub(crate) struct Opening {
    text: Vec<u8>,
    /// Where its whole lines begin and end.
    lines: Vec<(usize, usize)>,
    /// What each line says if it names columns.
    heads: Vec<OnceLock<Vec<Heads>>>,
}

impl Opening {
    /// The beginning of a source; none where it cannot be read or is plainly no text.
    pub(crate) fn of(source: &dyn Source) -> Option<Self> {
        let text = head_text(source, OPENING)?;
        let begin = text.as_ptr().addr();
        let place = |line: &[u8]| {
            let from = line.as_ptr().addr() - begin;
            (from, from + line.len())
        };
        let lines: Vec<_> = whole_lines(&text, OPENING).into_iter().map(place).collect();
        let heads = lines.iter().map(|_| OnceLock::new()).collect();
        Some(Self { text, lines, heads })
    }

    /// Its bytes, without a byte order mark.
    pub(crate) fn text(&self) -> &[u8] {
        &self.text
    }

    /// Its lines, without a last one that it cuts.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &[u8]> {
        self.lines.iter().filter_map(|&(from, to)| self.text.get(from..to))
    }

    /// What each line says if it names columns.
    pub(crate) fn heads(&self) -> impl Iterator<Item = &[Heads]> {
        self.lines().zip(&self.heads).map(|(line, heads)| &heads.get_or_init(|| heads_of(line))[..])
    }

    /// Whether one of the first `most` lines names such columns.
    pub(crate) fn names(&self, most: usize, are_they: impl Fn(&Heads) -> bool) -> bool {
        self.heads().take(most).any(|heads| heads.iter().any(&are_they))
    }
}

impl std::fmt::Debug for Opening {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the first {} bytes", self.text.len())
    }
}

/// The beginning of a source as UTF-8 (or Latin-1), without a byte order mark; none when it cannot be read, or is
/// plainly no text.
pub(crate) fn head_text(source: &dyn Source, len: usize) -> Option<Vec<u8>> {
    // Every format is asked about every file: what is no text is told before more of it is read.
    let head = head_of(source, TELLING.min(len)).ok()?;
    let bytes = matches!(Encoding::of(&head), Encoding::Bytes | Encoding::Gb18030);
    if bytes && is_binary(&head) { None } else { head_of_any(source, len) }
}

/// As [`head_text`], of files that need not be text from end to end.
pub(crate) fn head_of_any(source: &dyn Source, len: usize) -> Option<Vec<u8>> {
    let mut head = head_of(source, len).ok()?;
    if let Some(mut decoder) = Encoding::of(&head).decoder() {
        let mut text = Vec::new();
        decode_into(&mut decoder, &head, false, &mut text);
        // Its length no longer tells whether the last line was cut.
        if head.len() >= len {
            let end = text.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
            text.truncate(end);
        }
        head = text;
    }
    if head.starts_with(b"\xEF\xBB\xBF") {
        head.drain(..3);
    }
    Some(head)
}

/// Whether bytes are of no text: more than one in 32 is a sign that no text has, and there are several of them, so that
/// a damaged text stays one.
fn is_binary(head: &[u8]) -> bool {
    let control = head.iter().filter(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31)).count();
    control > 4 && control * 32 > head.len()
}

/// The lines of a beginning that [`head_text`] gave for `len` bytes, without a last one that it cut.
pub(crate) fn whole_lines(head: &[u8], len: usize) -> Vec<&[u8]> {
    let line_break = if !head.contains(&b'\n') && head.contains(&b'\r') { b'\r' } else { b'\n' };
    let mut lines = Vec::new();
    let mut rest = head;
    while let Some((line, behind)) =
        find(rest, line_break).and_then(|end| Some((rest.get(..end)?, rest.get(end + 1..)?)))
    {
        lines.push(line.strip_suffix(b"\r").unwrap_or(line));
        rest = behind;
    }
    // Three bytes less when there was a byte order mark.
    let cut = head.len() + 3 >= len;
    if !cut && !rest.is_empty() {
        lines.push(rest.strip_suffix(b"\r").unwrap_or(rest));
    }
    lines
}
