//! XML as a stream of tags and texts.
//!
//! Made for sheets of workbooks, whose cells are hundreds of thousands of short tags: pieces are lent from the buffer that
//! they were unpacked into. Names are given without their prefix, so that every way to write a namespace is read. What is not
//! well-formed is passed over; nothing is kept that is longer than a cell can be.

pub(crate) mod numbers;
pub(crate) mod walk;

use std::io;
use std::sync::Arc;

use crate::archive::{End, Unpack};
use crate::source::Source;

/// Bytes that are unpacked at first, and at a time later: most parts are small.
const FIRST: usize = 1 << 13;
const PIECE: usize = 1 << 17;
/// The longest tag or piece of text that is looked at as a whole: a tag of a spectrometer's file may hold the points of its axis.
const LONGEST: usize = 1 << 19;
/// Bytes that may pass without anything that a reader can use: beyond them a part is padding or worse.
const IDLE_MAX: u64 = 64 << 20;
/// Bytes behind what was of use that are unpacked to see whether the checksum of the part holds.
const REST_MAX: usize = 4 << 20;

/// A piece of XML.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Token<'a> {
    /// A tag that opens an element.
    Open {
        /// Its name without prefix.
        name: &'a [u8],
        /// What stands behind the name.
        attributes: &'a [u8],
        /// Whether it closes the element too.
        empty: bool,
    },
    /// The tag that closes an element, by its name without prefix.
    Close(&'a [u8]),
    /// Text in which entities stand.
    Text(&'a [u8]),
    /// Text without entities.
    Verbatim(&'a [u8]),
}

/// A stream of XML.
pub(crate) struct Xml {
    unpack: Unpack,
    buffer: Vec<u8>,
    /// Where the unread part of the buffer begins, and where it ends.
    at: usize,
    filled: usize,
    more: bool,
    /// What ends a comment or the like that is being passed over.
    passing: Option<&'static [u8]>,
    unpacked: u64,
    useful: u64,
    idle: bool,
}

/// What a piece is, by its place in the unread part.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Open,
    Close,
    Text,
    Verbatim,
}

/// What the unread part begins with.
enum Found {
    /// A piece: what it is, where its inside begins and ends, and its length.
    Piece(Kind, usize, usize, usize),
    /// Something to pass over up to these bytes.
    Pass(&'static [u8]),
    /// Not enough to tell.
    Short,
    /// Nothing that can be XML.
    Nonsense,
}

impl Xml {
    /// The XML that a file is.
    pub(crate) fn of_source(source: &Arc<dyn Source>) -> Self {
        Self::new(Unpack::plain(source))
    }

    /// The XML that a member of a zip holds.
    pub(crate) fn new(unpack: Unpack) -> Self {
        Self {
            unpack,
            buffer: Vec::new(),
            at: 0,
            filled: 0,
            more: true,
            passing: None,
            unpacked: 0,
            useful: 0,
            idle: false,
        }
    }

    /// How the stream of the member stood at the last look: whole only when it came to its own end.
    pub(crate) fn end(&self) -> End {
        self.unpack.end()
    }

    /// Whether it was given up because too much passed without anything of use.
    pub(crate) fn is_idle(&self) -> bool {
        self.idle
    }

    /// Whether the part is whole and not what the zip says that it holds. Unpacks the rest of it, unless that is long.
    /// Errors when the source cannot be read.
    pub(crate) fn differs(&mut self) -> io::Result<bool> {
        let mut left = REST_MAX;
        while left > 0 && self.unpack.end() == End::Open {
            let room = self.buffer.len().min(left);
            let got = self.unpack.fill(self.buffer.get_mut(..room).unwrap_or_default())?;
            if got == 0 {
                break;
            }
            left -= got;
        }
        // What was in the buffer is gone.
        (self.at, self.filled, self.more) = (0, 0, false);
        Ok(self.unpack.differs())
    }

    /// Says that something of use was found up to here.
    pub(crate) fn was_useful(&mut self) {
        self.useful = self.unpacked;
    }

    /// The next piece; none at the end. Errors when the source cannot be read.
    pub(crate) fn next(&mut self) -> io::Result<Option<Token<'_>>> {
        let (kind, from, to) = loop {
            let rest = self.buffer.get(self.at..self.filled).unwrap_or_default();
            if let Some(mark) = self.passing {
                if let Some(found) = find(rest, mark) {
                    self.at += found + mark.len();
                    self.passing = None;
                } else {
                    self.at += rest.len().saturating_sub(mark.len() - 1);
                    if !self.refill()? {
                        return Ok(None);
                    }
                }
                continue;
            }
            match look(rest, self.more) {
                Found::Piece(kind, from, to, len) => {
                    let at = self.at;
                    self.at += len;
                    break (kind, at + from, at + to);
                }
                Found::Pass(mark) => self.passing = Some(mark),
                Found::Short => {
                    if !self.refill()? {
                        return Ok(None);
                    }
                }
                Found::Nonsense => {
                    self.more = false;
                    self.at = self.filled;
                    return Ok(None);
                }
            }
        };
        let inside = self.buffer.get(from..to).unwrap_or_default();
        Ok(Some(match kind {
            Kind::Open => {
                let empty = inside.last() == Some(&b'/');
                let inside = inside.strip_suffix(b"/").unwrap_or(inside);
                let len = inside.iter().position(u8::is_ascii_whitespace).unwrap_or(inside.len());
                let (name, attributes) = inside.split_at_checked(len).unwrap_or((inside, &[]));
                Token::Open { name: local(name), attributes, empty }
            }
            Kind::Close => Token::Close(local(inside.trim_ascii_end())),
            Kind::Text => Token::Text(inside),
            Kind::Verbatim => Token::Verbatim(inside),
        }))
    }

    /// What is unpacked and not read yet.
    pub(crate) fn ahead(&self) -> &[u8] {
        let passing = self.passing.is_some();
        self.buffer.get(self.at..self.filled).filter(|_| !passing).unwrap_or_default()
    }

    /// Passes over bytes that [`ahead`](Self::ahead) gave.
    pub(crate) fn pass(&mut self, len: usize) {
        self.at = (self.at + len).min(self.filled);
    }

    /// Reads on. Gives whether there was more.
    fn refill(&mut self) -> io::Result<bool> {
        if self.more && self.unpacked - self.useful > IDLE_MAX {
            self.idle = true;
            self.more = false;
        }
        if !self.more {
            return Ok(false);
        }
        self.buffer.copy_within(self.at..self.filled, 0);
        self.filled -= self.at;
        self.at = 0;
        let room = usize::try_from(self.unpacked).unwrap_or(PIECE).clamp(FIRST, PIECE);
        if self.buffer.len() < self.filled + room {
            self.buffer.resize(self.filled + room, 0);
        }
        let into = self.buffer.get_mut(self.filled..self.filled + room).unwrap_or_default();
        let got = self.unpack.fill(into)?;
        self.filled += got;
        self.unpacked += got as u64;
        self.more = got > 0;
        // At the end what is left is looked at once more, as all there is.
        Ok(got > 0 || self.filled > 0)
    }
}

/// What the unread part begins with. `more` says that it may go on.
fn look(rest: &[u8], more: bool) -> Found {
    let Some(&first) = rest.first() else { return Found::Short };
    if first != b'<' {
        return match rest.iter().position(|&byte| byte == b'<') {
            Some(len) => Found::Piece(Kind::Text, 0, len, len),
            None if rest.len() > LONGEST => Found::Piece(Kind::Text, 0, rest.len(), rest.len()),
            // A text that nothing ends was cut off.
            None => Found::Short,
        };
    }
    match rest.get(1) {
        None => Found::Short,
        Some(b'/') => match rest.iter().position(|&byte| byte == b'>') {
            Some(end) => Found::Piece(Kind::Close, 2, end, end + 1),
            None if rest.len() > LONGEST => Found::Nonsense,
            None => Found::Short,
        },
        Some(b'?') => Found::Pass(b"?>"),
        Some(b'!') => declaration(rest, more),
        Some(_) => match tag_end(rest) {
            Some(end) => Found::Piece(Kind::Open, 1, end, end + 1),
            None if rest.len() > LONGEST => Found::Nonsense,
            None => Found::Short,
        },
    }
}

fn declaration(rest: &[u8], more: bool) -> Found {
    const DATA: &[u8] = b"<![CDATA[";
    if rest.starts_with(b"<!--") {
        return Found::Pass(b"-->");
    }
    if let Some(inside) = rest.strip_prefix(DATA) {
        return match find(inside, b"]]>") {
            Some(len) => {
                let end = DATA.len() + len;
                Found::Piece(Kind::Verbatim, DATA.len(), end, end + 3)
            }
            None if rest.len() > LONGEST => Found::Pass(b"]]>"),
            None => Found::Short,
        };
    }
    if more && rest.len() < DATA.len() { Found::Short } else { Found::Pass(b">") }
}

/// Where a tag ends: a `>` that no quotes enclose.
fn tag_end(rest: &[u8]) -> Option<usize> {
    let mut quote = 0;
    for (at, &byte) in rest.iter().enumerate() {
        match byte {
            b'>' if quote == 0 => return Some(at),
            b'"' | b'\'' if quote == 0 => quote = byte,
            _ if byte == quote => quote = 0,
            _ => {}
        }
    }
    None
}

/// Where `mark` begins.
fn find(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    bytes.windows(mark.len()).position(|window| window == mark)
}

/// A name without its prefix.
fn local(name: &[u8]) -> &[u8] {
    match name.iter().position(|&byte| byte == b':') {
        Some(colon) => name.get(colon + 1..).unwrap_or_default(),
        None => name,
    }
}

/// Attributes of a tag, as names without prefix and values as they are written.
pub(crate) struct Attributes<'a>(pub(crate) &'a [u8]);

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.0.trim_ascii_start();
        let equal = rest.iter().position(|&byte| byte == b'=')?;
        let (name, value) = rest.split_at_checked(equal)?;
        let value = value.get(1..)?.trim_ascii_start();
        let (&quote, value) = value.split_first()?;
        if quote != b'"' && quote != b'\'' {
            return None;
        }
        let len = value.iter().position(|&byte| byte == quote)?;
        let (value, behind) = value.split_at_checked(len)?;
        self.0 = behind.get(1..).unwrap_or_default();
        Some((local(name.trim_ascii_end()), value))
    }
}

/// The value of an attribute, its entities undone.
pub(crate) fn attribute(attributes: &[u8], name: &str) -> Option<String> {
    let (_, value) = Attributes(attributes).find(|(own, _)| *own == name.as_bytes())?;
    let mut text = Vec::new();
    unescape(value, &mut text);
    Some(String::from_utf8_lossy(&text).into_owned())
}

/// Adds a text with its entities undone. What is no entity stays as it is.
pub(crate) fn unescape(mut text: &[u8], into: &mut Vec<u8>) {
    while let Some(at) = text.iter().position(|&byte| byte == b'&') {
        let (before, entity) = text.split_at_checked(at).unwrap_or((text, &[]));
        into.extend_from_slice(before);
        let end = entity.iter().take(12).position(|&byte| byte == b';');
        let meant = end.and_then(|end| meaning(entity.get(1..end)?));
        let used = if let (Some(meant), Some(end)) = (meant, end) {
            into.extend_from_slice(meant.encode_utf8(&mut [0; 4]).as_bytes());
            end + 1
        } else {
            into.push(b'&');
            1
        };
        text = entity.get(used..).unwrap_or_default();
    }
    into.extend_from_slice(text);
}

fn meaning(entity: &[u8]) -> Option<char> {
    match entity {
        b"lt" => Some('<'),
        b"gt" => Some('>'),
        b"amp" => Some('&'),
        b"quot" => Some('"'),
        b"apos" => Some('\''),
        _ => {
            let number = std::str::from_utf8(entity.strip_prefix(b"#")?).ok()?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}
