//! Object headers: the messages that say what an object is (specification IV.A).

use std::collections::BTreeSet;

use super::checksum::checked;
use super::cursor::Cursor;
use super::file::File;
use super::trouble::Trouble;

/// Numbers of messages.
pub(super) mod kinds {
    pub(crate) const DATASPACE: u16 = 0x01;
    pub(crate) const LINK_INFO: u16 = 0x02;
    pub(crate) const DATATYPE: u16 = 0x03;
    pub(crate) const OLD_FILL: u16 = 0x04;
    pub(crate) const FILL: u16 = 0x05;
    pub(crate) const LINK: u16 = 0x06;
    pub(crate) const EXTERNAL: u16 = 0x07;
    pub(crate) const LAYOUT: u16 = 0x08;
    pub(crate) const FILTERS: u16 = 0x0B;
    pub(crate) const ATTRIBUTE: u16 = 0x0C;
    pub(crate) const CONTINUATION: u16 = 0x10;
    pub(crate) const SYMBOL_TABLE: u16 = 0x11;
    pub(crate) const ATTRIBUTE_INFO: u16 = 0x15;
    /// The last number that the specification gives away.
    pub(crate) const LAST: u16 = 0x18;
}

/// The most bytes that the messages of one object may take.
const HEADER_MAX: u64 = 16 << 20;

/// One message.
#[derive(Debug, Clone)]
pub(super) struct Message {
    /// Its number.
    pub(super) kind: u16,
    /// The byte of the file at which its content begins.
    pub(super) byte: u64,
    /// Its content.
    pub(super) bytes: Vec<u8>,
}

impl Message {
    /// A cursor over its content.
    pub(super) fn cursor(&self) -> Cursor<'_> {
        Cursor::new(&self.bytes, self.byte)
    }
}

/// The messages of the object at an address, shared ones fetched from where they stand.
pub(super) fn messages(file: &File, address: u64) -> Result<Vec<Message>, Trouble> {
    let raw = stored(file, address)?;
    let mut messages = Vec::with_capacity(raw.len());
    for (flags, message) in raw {
        if flags & 0x80 != 0 && message.kind > kinds::LAST {
            return Err(Trouble::refused(format!(
                "an object with a message of kind {}",
                message.kind
            )));
        }
        messages.push(if flags & 2 == 0 { message } else { shared(file, &message)? });
    }
    Ok(messages)
}

/// A message of a kind that an object refers to instead of holding it, such as a named datatype.
pub(super) fn shared(file: &File, message: &Message) -> Result<Message, Trouble> {
    let mut cursor = message.cursor();
    let version = cursor.version("a shared message", &[1, 2, 3])?;
    let kind = cursor.u8()?;
    if version == 1 {
        cursor.skip(6)?;
    }
    if version == 3 && kind != 2 {
        return Err(Trouble::refused(
            "an object with messages in the file's table of shared messages",
        ));
    }
    let address = file.somewhere(&mut cursor)?;
    let of_kind = |(flags, found): &(u8, Message)| found.kind == message.kind && flags & 2 == 0;
    stored(file, address)?.into_iter().find(of_kind).map(|(_, found)| found).ok_or_else(|| {
        Trouble::damaged("a message that others share does not stand", file.byte(address))
    })
}

/// Flags and messages as they are stored.
fn stored(file: &File, address: u64) -> Result<Vec<(u8, Message)>, Trouble> {
    let head = file.block(address, file.there(address, 64))?;
    let mut cursor = Cursor::new(&head, file.byte(address));
    if head.starts_with(b"OHDR") {
        new_style(file, address)
    } else {
        old_style(file, address, &mut cursor)
    }
}

/// Blocks that are still to read: address and length.
struct Blocks {
    left: Vec<(u64, u64)>,
    seen: BTreeSet<u64>,
    bytes: u64,
}

impl Blocks {
    fn new(first: (u64, u64)) -> Self {
        Self { left: vec![first], seen: BTreeSet::new(), bytes: 0 }
    }

    /// The next one. Errors when it was read before, or all take too much.
    fn next(&mut self, file: &File) -> Result<Option<(u64, Vec<u8>)>, Trouble> {
        let Some((address, len)) = self.left.pop() else { return Ok(None) };
        self.bytes = self.bytes.saturating_add(len);
        if !self.seen.insert(address) || self.bytes > HEADER_MAX {
            return Err(Trouble::damaged(
                "an object's header runs in a circle",
                file.byte(address),
            ));
        }
        Ok(Some((address, file.block(address, len)?)))
    }

    fn take_in(&mut self, file: &File, message: &Message) -> Result<(), Trouble> {
        let mut cursor = message.cursor();
        let address = file.somewhere(&mut cursor)?;
        let len = file.length(&mut cursor)?;
        self.left.push((address, len));
        Ok(())
    }
}

fn old_style(
    file: &File,
    address: u64,
    cursor: &mut Cursor,
) -> Result<Vec<(u8, Message)>, Trouble> {
    if cursor.u8()? != 1 {
        return Err(Trouble::damaged("no object's header stands", file.byte(address)));
    }
    cursor.skip(7)?;
    let len = u64::from(cursor.u32()?);
    let mut blocks = Blocks::new((address.saturating_add(16), len));
    let mut messages = Vec::new();
    while let Some((address, block)) = blocks.next(file)? {
        let mut cursor = Cursor::new(&block, file.byte(address));
        while cursor.left() >= 8 {
            let kind = cursor.u16()?;
            let len = usize::from(cursor.u16()?);
            let flags = cursor.u8()?;
            cursor.skip(3)?;
            let byte = cursor.byte();
            let message = Message { kind, byte, bytes: cursor.take(len)?.to_vec() };
            if kind == kinds::CONTINUATION {
                blocks.take_in(file, &message)?;
            } else if kind != 0 {
                messages.push((flags, message));
            }
        }
    }
    Ok(messages)
}

fn new_style(file: &File, address: u64) -> Result<Vec<(u8, Message)>, Trouble> {
    let head = file.block(address, file.there(address, 64))?;
    let mut cursor = Cursor::new(&head, file.byte(address));
    cursor.skip(4)?;
    cursor.version("an object's header", &[2])?;
    let flags = cursor.u8()?;
    cursor.skip(if flags & 0x20 == 0 { 0 } else { 16 })?;
    cursor.skip(if flags & 0x10 == 0 { 0 } else { 4 })?;
    let len = cursor.uint(1 << (flags & 3))?;
    let prefix = cursor.at();
    let whole = len.saturating_add(prefix as u64 + 4);
    let mut blocks = Blocks::new((address, whole));
    let mut messages = Vec::new();
    let mut skip = prefix;
    while let Some((address, block)) = blocks.next(file)? {
        let mut cursor = checked(&block, file.byte(address))?;
        if skip == 4 {
            cursor.signature(*b"OCHK")?;
        } else {
            cursor.skip(skip)?;
        }
        // Every block but the first begins with its signature alone.
        skip = 4;
        let head = if flags & 4 == 0 { 4 } else { 6 };
        while cursor.left() >= head {
            let kind = u16::from(cursor.u8()?);
            let len = usize::from(cursor.u16()?);
            let message_flags = cursor.u8()?;
            cursor.skip(head - 4)?;
            let byte = cursor.byte();
            let message = Message { kind, byte, bytes: cursor.take(len)?.to_vec() };
            if kind == kinds::CONTINUATION {
                blocks.take_in(file, &message)?;
            } else if kind != 0 {
                messages.push((message_flags, message));
            }
        }
    }
    Ok(messages)
}
