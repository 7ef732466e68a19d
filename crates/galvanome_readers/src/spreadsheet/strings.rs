//! The table of texts that cells of all sheets share, read only as far as it is asked for.

use std::io;

use crate::archive::End;
use crate::xml::{Token, Xml, unescape};

/// Bytes of texts that are kept, and how many texts: more than any workbook of a cycler has.
const BYTES_MAX: usize = 64 << 20;
const TEXTS_MAX: usize = 8 << 20;

/// The shared texts, ready to stand in a line between tabs.
#[derive(Default)]
pub(super) struct Strings {
    xml: Option<Xml>,
    bytes: Vec<u8>,
    /// Where each text ends.
    ends: Vec<u32>,
    /// Whether the part came to its end before it closed.
    cut: bool,
    /// Whether there were more than are kept.
    full: bool,
    /// Whether the part is not what the zip says that it holds.
    differs: bool,
}

impl Strings {
    /// The texts of a part.
    pub(super) fn new(xml: Xml) -> Self {
        Self { xml: Some(xml), ..Self::default() }
    }

    /// Whether a text that is not there was lost with the end of the part.
    pub(super) fn is_cut(&self) -> bool {
        self.cut
    }

    /// Whether the part was read to its end and is not what the zip says that it holds. Reads it to its end if that is
    /// near. Errors when the source cannot be read.
    pub(super) fn differs(&mut self) -> io::Result<bool> {
        if let Some(mut xml) = self.xml.take() {
            self.differs = xml.differs()?;
        }
        Ok(self.differs)
    }

    /// Whether there were more texts than are kept.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    /// The text of a number; none when the part does not hold it. Errors when the source cannot be read.
    pub(super) fn get(&mut self, number: usize) -> io::Result<Option<&[u8]>> {
        while self.ends.len() <= number && self.xml.is_some() {
            self.read_next()?;
        }
        let Some(&end) = self.ends.get(number) else { return Ok(None) };
        let begin = number.checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        Ok(self.bytes.get(begin.unwrap_or(0) as usize..end as usize))
    }

    /// Reads the next text, or finds that there is none.
    fn read_next(&mut self) -> io::Result<()> {
        let Some(xml) = &mut self.xml else { return Ok(()) };
        let mut raw = Vec::new();
        let whole = loop {
            match xml.next()? {
                None => break false,
                Some(Token::Open { name: b"si", empty, .. }) => {
                    break empty || gather(xml, b"si", &mut raw)?;
                }
                Some(_) => {}
            }
        };
        if !whole {
            self.cut = xml.end() != End::Whole && !xml.is_idle();
            self.full |= xml.is_idle();
            self.differs()?;
            return Ok(());
        }
        xml.was_useful();
        put(&raw, &mut self.bytes);
        self.ends.push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
        if self.bytes.len() > BYTES_MAX || self.ends.len() >= TEXTS_MAX {
            self.full = true;
            self.differs()?;
        }
        Ok(())
    }
}

/// The longest text that is kept, as Excel's cells hold no longer one.
const TEXT_MAX: usize = 32_767;

/// Gathers what the `t` elements say up to the end of an element that was opened: runs of rich text are put together,
/// and what tells how they are pronounced is left out. Gives whether its end was there. Errors when the source cannot be
/// read.
pub(super) fn gather(xml: &mut Xml, element: &[u8], into: &mut Vec<u8>) -> io::Result<bool> {
    let (mut inside, mut pronounced) = (false, false);
    while let Some(token) = xml.next()? {
        match token {
            Token::Open { name: b"t", empty: false, .. } => inside = true,
            Token::Open { name: b"rPh", empty: false, .. } => pronounced = true,
            Token::Close(b"t") => inside = false,
            Token::Close(b"rPh") => pronounced = false,
            Token::Close(name) if name == element => return Ok(true),
            Token::Text(text) if inside && !pronounced && into.len() < TEXT_MAX => {
                unescape(text, into);
            }
            Token::Verbatim(text) if inside && !pronounced && into.len() < TEXT_MAX => {
                into.extend_from_slice(text);
            }
            _ => {}
        }
        into.truncate(TEXT_MAX);
    }
    Ok(false)
}

/// Adds a text as it stands in a line between tabs: blanks for tabs, line breaks and other signs that nobody sees, in
/// quotes where quotes are in it.
pub(super) fn put(text: &[u8], into: &mut Vec<u8>) {
    let text = text.trim_ascii();
    let quoted = text.contains(&b'"');
    if quoted {
        into.push(b'"');
    }
    for &byte in text {
        match byte {
            0..b' ' | 0x7F => into.push(b' '),
            b'"' => into.extend_from_slice(b"\"\""),
            other => into.push(other),
        }
    }
    if quoted {
        into.push(b'"');
    }
}
