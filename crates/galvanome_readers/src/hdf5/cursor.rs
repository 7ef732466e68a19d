//! Numbers out of bytes, one after the other, the low byte first as everywhere in the format.

use super::trouble::Trouble;

/// A place in some bytes of the file.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    begins: u64,
}

impl<'a> Cursor<'a> {
    /// The beginning of bytes that begin at a byte of the file.
    pub(super) fn new(bytes: &'a [u8], begins: u64) -> Self {
        Self { bytes, at: 0, begins }
    }

    /// Where it stands within the bytes.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The byte of the file at which it stands.
    pub(super) fn byte(&self) -> u64 {
        self.begins.saturating_add(self.at as u64)
    }

    /// How many bytes are left.
    pub(super) fn left(&self) -> usize {
        self.bytes.len().saturating_sub(self.at)
    }

    /// Everything that is left.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// The next bytes.
    pub(super) fn take(&mut self, len: usize) -> Result<&'a [u8], Trouble> {
        let end = self.at.checked_add(len);
        match end.and_then(|end| self.bytes.get(self.at..end)) {
            Some(taken) => {
                self.at += len;
                Ok(taken)
            }
            None => Err(Trouble::damaged("a description ends too early", self.byte())),
        }
    }

    /// Leaves bytes out.
    pub(super) fn skip(&mut self, len: usize) -> Result<(), Trouble> {
        self.take(len).map(drop)
    }

    /// A number of up to eight bytes.
    pub(super) fn uint(&mut self, len: usize) -> Result<u64, Trouble> {
        let bytes = self.take(len)?;
        Ok(bytes.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte)))
    }

    /// A number of one byte.
    pub(super) fn u8(&mut self) -> Result<u8, Trouble> {
        Ok(self.uint(1)? as u8)
    }

    /// A number of two bytes.
    pub(super) fn u16(&mut self) -> Result<u16, Trouble> {
        Ok(self.uint(2)? as u16)
    }

    /// A number of four bytes.
    pub(super) fn u32(&mut self) -> Result<u32, Trouble> {
        Ok(self.uint(4)? as u32)
    }

    /// A signature, which must be there.
    pub(super) fn signature(&mut self, expected: [u8; 4]) -> Result<(), Trouble> {
        let byte = self.byte();
        if self.take(4)? == expected.as_slice() {
            return Ok(());
        }
        let name = String::from_utf8_lossy(&expected);
        Err(Trouble::damaged(&format!("{name} does not stand"), byte))
    }

    /// A version, which must be one of these.
    pub(super) fn version(&mut self, what: &str, known: &[u8]) -> Result<u8, Trouble> {
        let version = self.u8()?;
        if known.contains(&version) {
            Ok(version)
        } else {
            Err(Trouble::refused(format!("version {version} of {what}")))
        }
    }

    /// Text up to a zero, which is left out; with `padded` its room is a multiple of eight bytes.
    pub(super) fn text(&mut self, padded: bool) -> Result<String, Trouble> {
        let len = self.rest().iter().position(|&byte| byte == 0).unwrap_or(self.left());
        let text = String::from_utf8_lossy(self.take(len)?).into_owned();
        let room = if padded { (len + 1).next_multiple_of(8) } else { len + 1 };
        self.skip(room - len)?;
        Ok(text)
    }
}
