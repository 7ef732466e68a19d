//! Lines of a text, read in chunks so that its length does not matter.

use crate::error::ReadError;
use crate::source::{Source, head_of, read_full};

const CHUNK: usize = 1 << 18;

/// Reads a source line by line.
pub(crate) struct Lines<'a> {
    source: &'a dyn Source,
    file: &'a str,
    max_line: usize,
    line_break: u8,
    buffer: Vec<u8>,
    /// Where the unread part of the buffer begins.
    start: usize,
    /// Byte of the source at which the buffer begins.
    base: u64,
    number: u64,
}

/// One line, without its line break.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'a> {
    /// Its bytes.
    pub(crate) bytes: &'a [u8],
    /// Its number, from 1.
    pub(crate) number: u64,
    /// The byte at which it begins, from 0.
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
        let start = if head.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        // Some instruments still end lines by a carriage return alone.
        let line_break =
            if !head.contains(&b'\n') && head.contains(&b'\r') { b'\r' } else { b'\n' };
        Ok(Self { source, file, max_line, line_break, buffer: head, start, base: 0, number: 0 })
    }

    /// Makes room and reads more behind the unread part. Gives whether there was more.
    fn fill(&mut self) -> Result<bool, ReadError> {
        let at = self.base + self.buffer.len() as u64;
        self.buffer.drain(..self.start);
        self.base += self.start as u64;
        self.start = 0;
        let old = self.buffer.len();
        self.buffer.resize(old + CHUNK, 0);
        let into = self.buffer.get_mut(old..).unwrap_or_default();
        let read = read_full(self.source, at, into)
            .map_err(|error| ReadError::source(self.file, &error).at_byte(at))?;
        self.buffer.truncate(old + read);
        Ok(read > 0)
    }

    /// The next line; none at the end. Errors when the source cannot be read.
    pub(crate) fn next(&mut self) -> Result<Option<Line<'_>>, ReadError> {
        let mut searched = 0;
        let (len, ended) = loop {
            let unread = self.buffer.get(self.start..).unwrap_or_default();
            let found = unread.iter().skip(searched).position(|&byte| byte == self.line_break);
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
        let (number, byte) = (self.number, self.base + self.start as u64);
        if len > self.max_line {
            return self.cut_line(number, byte, ended, len).map(Some);
        }
        let from = self.start;
        self.start += len + usize::from(ended);
        let bytes = self.buffer.get(from..from + len).unwrap_or_default();
        Ok(Some(Line { bytes: without_return(bytes), number, byte, ended, cut: false }))
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
            if let Some(found) = self.buffer.iter().position(|&byte| byte == self.line_break) {
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
        Ok(Line { bytes, number, byte, ended, cut: true })
    }
}

fn without_return(mut bytes: &[u8]) -> &[u8] {
    while let [front @ .., b'\r'] = bytes {
        bytes = front;
    }
    bytes
}
