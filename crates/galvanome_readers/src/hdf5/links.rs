//! What a group holds, by name (specification IV.A.2.g, III.B, III.C).

use super::cursor::Cursor;
use super::file::File;
use super::fractal_heap::FractalHeap;
use super::header::{Message, kinds};
use super::heaps::LocalHeap;
use super::tree1::{self, Of};
use super::tree2;
use super::trouble::Trouble;
use super::value::text_of;

/// The most links of one group.
const LINKS_MAX: usize = 1 << 18;

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Link {
    /// An object, by its address.
    Hard(u64),
    /// A path in this file.
    Soft(String),
    /// Another file, and a path in it.
    External(String, String),
    /// A kind of link that only the program that made it knows.
    Other(u8),
}

/// Names and what they stand for.
pub(super) type Links = Vec<(String, Link)>;

/// The links of a group, sorted by name, and what went wrong where not all could be found. None when the messages are not
/// those of a group.
pub(super) fn read(file: &File, messages: &[Message]) -> Option<(Links, Vec<Trouble>)> {
    let mut links = Vec::new();
    let mut troubles = Vec::new();
    let mut is_group = false;
    for message in messages {
        let outcome = match message.kind {
            kinds::SYMBOL_TABLE => symbols(file, message, &mut links),
            kinds::LINK => one(file, &mut message.cursor()).map(|link| links.push(link)),
            kinds::LINK_INFO => dense(file, message, &mut links),
            _ => continue,
        };
        is_group = true;
        troubles.extend(outcome.err());
    }
    links.sort_by(|a, b| a.0.cmp(&b.0));
    links.dedup_by(|a, b| a.0 == b.0);
    is_group.then_some((links, troubles))
}

fn too_many(links: &[(String, Link)]) -> Result<(), Trouble> {
    if links.len() < LINKS_MAX {
        Ok(())
    } else {
        Err(Trouble::too_many(format!("a group of more than {LINKS_MAX} members")))
    }
}

/// The links of a group of the old style.
fn symbols(file: &File, message: &Message, links: &mut Vec<(String, Link)>) -> Result<(), Trouble> {
    let mut cursor = message.cursor();
    let tree = file.somewhere(&mut cursor)?;
    let heap = LocalHeap::read(file, file.somewhere(&mut cursor)?)?;
    tree1::walk(file, tree, Of::Group, &mut |_, node| {
        let byte = file.byte(node);
        let head = file.block(node, 8)?;
        let mut cursor = Cursor::new(&head, byte);
        cursor.signature(*b"SNOD")?;
        cursor.version("a symbol table", &[1])?;
        cursor.skip(1)?;
        let count = u64::from(cursor.u16()?);
        let entry = 2 * file.offset_size as u64 + 24;
        let body = file.block(node.saturating_add(8), count * entry)?;
        let mut cursor = Cursor::new(&body, byte.saturating_add(8));
        for _ in 0..count {
            too_many(links)?;
            let name = heap.text(cursor.uint(file.offset_size)?)?;
            let address = file.address(&mut cursor)?;
            let kind = cursor.u32()?;
            cursor.skip(4)?;
            let mut scratch = Cursor::new(cursor.take(16)?, byte);
            let link = match (kind, address) {
                (2, _) => Link::Soft(heap.text(u64::from(scratch.u32()?))?),
                (_, Some(address)) => Link::Hard(address),
                (_, None) => return Err(Trouble::damaged("a member stands nowhere", byte)),
            };
            links.push((name, link));
        }
        Ok(())
    })
}

/// One link, as a message or an object of a heap holds it.
fn one(file: &File, cursor: &mut Cursor) -> Result<(String, Link), Trouble> {
    cursor.version("a link", &[1])?;
    let flags = cursor.u8()?;
    let kind = if flags & 8 == 0 { 0 } else { cursor.u8()? };
    cursor.skip(if flags & 4 == 0 { 0 } else { 8 })?;
    cursor.skip(usize::from(flags & 0x10 != 0))?;
    let len = cursor.uint(1 << (flags & 3))?;
    let len = usize::try_from(len).unwrap_or(usize::MAX);
    let name = text_of(cursor.take(len)?);
    let link = match kind {
        0 => Link::Hard(file.somewhere(cursor)?),
        1 => {
            let len = usize::from(cursor.u16()?);
            Link::Soft(text_of(cursor.take(len)?))
        }
        64 => {
            let len = usize::from(cursor.u16()?);
            let byte = cursor.byte();
            let mut value = Cursor::new(cursor.take(len)?, byte);
            value.skip(1)?;
            Link::External(value.text(false)?, value.text(false)?)
        }
        other => Link::Other(other),
    };
    Ok((name, link))
}

/// The links of a group that has many.
fn dense(file: &File, message: &Message, links: &mut Vec<(String, Link)>) -> Result<(), Trouble> {
    let mut cursor = message.cursor();
    cursor.version("a list of links", &[0])?;
    let flags = cursor.u8()?;
    cursor.skip(if flags & 1 == 0 { 0 } else { 8 })?;
    let heap = file.address(&mut cursor)?;
    let names = file.address(&mut cursor)?;
    let (Some(heap), Some(names)) = (heap, names) else { return Ok(()) };
    let mut heap = FractalHeap::read(file, heap)?;
    tree2::walk(file, names, &mut |kind, mut record| {
        too_many(links)?;
        if kind != 5 {
            return Err(Trouble::damaged("a tree of links is of another kind", record.byte()));
        }
        let byte = record.byte();
        record.skip(4)?;
        let object = heap.object(record.rest())?;
        links.push(one(file, &mut Cursor::new(&object, byte))?);
        Ok(())
    })
}
