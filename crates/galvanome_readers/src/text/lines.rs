//! Lines of a text, read in chunks so that its length does not matter.

use encoding_rs::Decoder;

use super::encoding::{Encoding, decode_into};
use crate::error::ReadError;
use crate::source::{Source, head_of, read_full};

const CHUNK: usize = 1 << 18;

/// Reads a source line by line.
pub(crate) struct Lines<'a> {
    source: &'a dyn Source,
    file: &'a str,
    max_line: usize,
    line_break: u8,
    encoding: Encoding,
    /// Turns what is read into UTF-8, where it is not.
    decoder: Option<Decoder>,
    buffer: Vec<u8>,
    /// Where the unread part of the buffer begins.
    start: usize,
    /// Byte of the text at which the buffer begins.
    base: u64,
    /// Byte of the source at which reading goes on.
    read_to: u64,
    number: u64,
}

/// One line, without its line break.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'a> {
    /// Its bytes.
    pub(crate) bytes: &'a [u8],
    /// Its bytes, and what is at hand of the text behind it.
    pub(crate) onward: &'a [u8],
    /// Its number, from 1.
    pub(crate) number: u64,
    /// The byte at which it begins, from 0; of a text in UTF-16 or GB18030, the byte of its UTF-8 form.
    pub(crate) byte: u64,
    /// Whether a line break ends it: only the last line of a file may lack one.
    pub(crate) ended: bool,
    /// Whether it was longer than the limit, and the rest of it was left out.
    pub(crate) cut: bool,
}

impl<'a> Lines<'a> {
    /// Reads a source from its beginning, past a byte order mark. Errors when it cannot be read.
    pub(crate) fn new(
        source: &'a dyn Source,
        file: &'a str,
        max_line: usize,
    ) -> Result<Self, ReadError> {
        let head = head_of(source, CHUNK).map_err(|error| ReadError::source(file, &error))?;
        let encoding = Encoding::of(&head);
        let read_to = head.len() as u64;
        let mut decoder = encoding.decoder();
        let buffer = match &mut decoder {
            Some(decoder) => {
                let mut text = Vec::new();
                decode_into(decoder, &head, false, &mut text);
                text
            }
            None => head,
        };
        let start = if buffer.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        // Some instruments still end lines by a carriage return alone.
        let line_break =
            if !buffer.contains(&b'\n') && buffer.contains(&b'\r') { b'\r' } else { b'\n' };
        Ok(Self {
            source,
            file,
            max_line,
            line_break,
            encoding,
            decoder,
            buffer,
            start,
            base: 0,
            read_to,
            number: 0,
        })
    }

    /// How the characters of the text are written.
    pub(crate) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The byte of the text that comes next.
    pub(crate) fn byte(&self) -> u64 {
        self.base + self.start as u64
    }

    /// Makes room and reads more behind the unread part. Gives whether there was more.
    fn fill(&mut self) -> Result<bool, ReadError> {
        let at = self.read_to;
        self.buffer.drain(..self.start);
        self.base += self.start as u64;
        self.start = 0;
        let old = self.buffer.len();
        let left = usize::try_from(self.source.len().saturating_sub(at)).unwrap_or(CHUNK);
        let wanted = left.min(CHUNK);
        if wanted == 0 {
            return Ok(false);
        }
        let Some(decoder) = &mut self.decoder else {
            self.buffer.resize(old + wanted, 0);
            let into = self.buffer.get_mut(old..).unwrap_or_default();
            let read = read_full(self.source, at, into)
                .map_err(|error| ReadError::source(self.file, &error).at_byte(at))?;
            self.buffer.truncate(old + read);
            self.read_to += read as u64;
            return Ok(read > 0);
        };
        let mut bytes = vec![0; wanted];
        let read = read_full(self.source, at, &mut bytes)
            .map_err(|error| ReadError::source(self.file, &error).at_byte(at))?;
        self.read_to += read as u64;
        // A character that the end of the file cuts is left out.
        decode_into(decoder, bytes.get(..read).unwrap_or_default(), false, &mut self.buffer);
        Ok(read > 0)
    }

    /// What comes next, at least `len` bytes of it unless the text ends before, and whether it is all that is left.
    /// Errors when the source cannot be read.
    pub(crate) fn ahead(&mut self, len: usize) -> Result<(&[u8], bool), ReadError> {
        let mut all = false;
        while !all && self.buffer.len() - self.start < len {
            all = !self.fill()?;
        }
        Ok((self.buffer.get(self.start..).unwrap_or_default(), all))
    }

    /// The next line; none at the end. Errors when the source cannot be read.
    pub(crate) fn next(&mut self) -> Result<Option<Line<'_>>, ReadError> {
        let mut searched = 0;
        let (len, ended) = loop {
            let unread = self.buffer.get(self.start..).unwrap_or_default();
            let found = find(unread.get(searched..).unwrap_or_default(), self.line_break);
            if let Some(found) = found {
                break (searched + found, true);
            }
            searched = unread.len();
            if searched > self.max_line {
                break (searched, false);
            }
            if !self.fill()? {
                break (searched, false);
            }
        };
        if len == 0 && !ended {
            return Ok(None);
        }
        self.number += 1;
        let (number, byte) = (self.number, self.byte());
        if len > self.max_line {
            return self.cut_line(number, byte, ended, len).map(Some);
        }
        let from = self.start;
        self.start += len + usize::from(ended);
        let onward = self.buffer.get(from..).unwrap_or_default();
        let bytes = without_return(onward.get(..len).unwrap_or_default());
        Ok(Some(Line { bytes, onward, number, byte, ended, cut: false }))
    }

    /// Gives the beginning of a line that is too long, and passes over the rest of it.
    fn cut_line(
        &mut self,
        number: u64,
        byte: u64,
        ended: bool,
        len: usize,
    ) -> Result<Line<'_>, ReadError> {
        let kept: Vec<u8> = self
            .buffer
            .get(self.start..)
            .unwrap_or_default()
            .iter()
            .take(self.max_line)
            .copied()
            .collect();
        self.start += len + usize::from(ended);
        let mut ended = ended;
        while !ended {
            self.start = self.buffer.len();
            if !self.fill()? {
                break;
            }
            if let Some(found) = find(&self.buffer, self.line_break) {
                self.start = found + 1;
                ended = true;
            }
        }
        // The kept part goes in front of what is unread, so that it can be lent.
        let kept_len = kept.len();
        self.buffer.drain(..self.start);
        self.base += self.start as u64;
        self.base = self.base.saturating_sub(kept_len as u64);
        self.buffer.splice(..0, kept);
        self.start = kept_len;
        let bytes = self.buffer.get(..kept_len).unwrap_or_default();
        Ok(Line { bytes, onward: bytes, number, byte, ended, cut: true })
    }
}

/// The first place of a byte. Many bytes are compared at once, in a loop that the compiler can turn into few
/// instructions.
pub(super) fn find(bytes: &[u8], wanted: u8) -> Option<usize> {
    let (chunks, rest) = bytes.as_chunks::<32>();
    for (chunk, before) in chunks.iter().zip((0..).step_by(32)) {
        if chunk.iter().fold(0, |found, &byte| found | u8::from(byte == wanted)) > 0 {
            let (words, _) = chunk.as_chunks::<8>();
            return words.iter().zip((before..).step_by(8)).find_map(|(word, before)| {
                let found = bytes_like(u64::from_le_bytes(*word), wanted);
                (found != 0).then(|| before + found.trailing_zeros() as usize / 8)
            });
        }
    }
    let at = rest.iter().position(|&byte| byte == wanted)?;
    Some(bytes.len() - rest.len() + at)
}

/// The highest bit of each byte of a word that is a given one; no other bit.
pub(super) fn bytes_like(word: u64, byte: u8) -> u64 {
    const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;
    let differs = word ^ (u64::from(byte) * 0x0101_0101_0101_0101);
    !(((differs & LOW) + LOW) | differs | LOW)
}

fn without_return(mut bytes: &[u8]) -> &[u8] {
    while let [front @ .., b'\r'] = bytes {
        bytes = front;
    }
    bytes
}
