//! Attributes of objects (specification IV.A.2.m).

use super::cursor::Cursor;
use super::datatype;
use super::file::File;
use super::fractal_heap::FractalHeap;
use super::header::{self, Message, kinds};
use super::heaps::GlobalHeap;
use super::space;
use super::tree2;
use super::trouble::Trouble;
use super::value::{Value, of_bytes, text_of};

/// The most attributes of one object.
const ATTRIBUTES_MAX: usize = 1 << 16;

/// The attributes of an object in the order of the file, and what went wrong where not all could be read.
pub(super) fn read(
    file: &File,
    heap: &mut GlobalHeap,
    messages: &[Message],
) -> (Vec<(String, Value)>, Vec<Trouble>) {
    let mut found = Vec::new();
    let mut troubles = Vec::new();
    for message in messages {
        let outcome = match message.kind {
            kinds::ATTRIBUTE => {
                one(file, heap, &mut message.cursor()).map(|attribute| found.push(attribute))
            }
            kinds::ATTRIBUTE_INFO => dense(file, heap, message, &mut found),
            _ => continue,
        };
        troubles.extend(outcome.err());
    }
    (found, troubles)
}

fn one(
    file: &File,
    heap: &mut GlobalHeap,
    cursor: &mut Cursor,
) -> Result<(String, Value), Trouble> {
    let version = cursor.version("an attribute", &[1, 2, 3])?;
    let flags = cursor.u8()?;
    let lens = [cursor.u16()?, cursor.u16()?, cursor.u16()?].map(usize::from);
    cursor.skip(usize::from(version == 3))?;
    let mut part = |len: usize| {
        let byte = cursor.byte();
        let bytes = cursor.take(len)?;
        if version == 1 {
            cursor.skip(len.next_multiple_of(8) - len)?;
        }
        Ok::<_, Trouble>((bytes, byte))
    };
    let (name, _) = part(lens[0])?;
    let (of, of_byte) = part(lens[1])?;
    let (axes, axes_byte) = part(lens[2])?;
    let name_len = name.iter().position(|&byte| byte == 0).unwrap_or(name.len());
    let name = text_of(name.get(..name_len).unwrap_or_default());
    let shares = |bit: u8| version > 1 && flags & bit != 0;
    let whole = |kind: u16, bytes: &[u8], byte: u64, is_shared: bool| {
        let message = Message { kind, byte, bytes: bytes.to_vec() };
        if is_shared { header::shared(file, &message) } else { Ok(message) }
    };
    let of = whole(kinds::DATATYPE, of, of_byte, shares(1))?;
    let of = datatype::read(&mut of.cursor())?;
    let axes = whole(kinds::DATASPACE, axes, axes_byte, shares(2))?;
    let axes = space::read(file, &mut axes.cursor())?;
    let len = usize::try_from(axes.len).ok().and_then(|len| len.checked_mul(of.size));
    let len = len.unwrap_or(usize::MAX);
    let value = of_bytes(file, heap, &of, cursor.take(len)?)?;
    Ok((name, value))
}

/// The attributes of an object that has many.
fn dense(
    file: &File,
    values: &mut GlobalHeap,
    message: &Message,
    found: &mut Vec<(String, Value)>,
) -> Result<(), Trouble> {
    let mut cursor = message.cursor();
    cursor.version("a list of attributes", &[0])?;
    let flags = cursor.u8()?;
    cursor.skip(if flags & 1 == 0 { 0 } else { 2 })?;
    let heap = file.address(&mut cursor)?;
    let names = file.address(&mut cursor)?;
    let (Some(heap), Some(names)) = (heap, names) else { return Ok(()) };
    let mut heap = FractalHeap::read(file, heap)?;
    tree2::walk(file, names, &mut |kind, record| {
        if kind != 8 || found.len() >= ATTRIBUTES_MAX {
            return Err(Trouble::damaged("a tree of attributes makes no sense", record.byte()));
        }
        let byte = record.byte();
        let object = heap.object(record.rest())?;
        found.push(one(file, values, &mut Cursor::new(&object, byte))?);
        Ok(())
    })
}
