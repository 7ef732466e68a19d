//! Heaps: names of old groups (specification III.D), and values of different lengths (III.E).

use std::collections::BTreeMap;

use super::cursor::Cursor;
use super::file::File;
use super::trouble::Trouble;

/// The names of a group of the old style.
pub(super) struct LocalHeap {
    bytes: Vec<u8>,
    byte: u64,
}

impl LocalHeap {
    /// The heap at an address.
    pub(super) fn read(file: &File, address: u64) -> Result<Self, Trouble> {
        let head = file.block(address, 8 + 3 * 8).or_else(|_| {
            file.block(address, 8 + 2 * file.length_size as u64 + file.offset_size as u64)
        })?;
        let mut cursor = Cursor::new(&head, file.byte(address));
        cursor.signature(*b"HEAP")?;
        cursor.version("a local heap", &[0])?;
        cursor.skip(3)?;
        let len = file.length(&mut cursor)?;
        file.length(&mut cursor)?;
        let data = file.somewhere(&mut cursor)?;
        Ok(Self { bytes: file.block(data, len)?, byte: file.byte(data) })
    }

    /// The text at an offset.
    pub(super) fn text(&self, offset: u64) -> Result<String, Trouble> {
        let at = usize::try_from(offset).ok();
        match at.and_then(|at| self.bytes.get(at..)).filter(|rest| !rest.is_empty()) {
            Some(rest) => Cursor::new(rest, self.byte).text(false),
            None => Err(Trouble::damaged("a name stands outside of its heap", self.byte)),
        }
    }
}

/// The most collections that are held at once.
const HELD_MAX: usize = 64;

/// Values of different lengths, by the address of their collection and their number in it.
#[derive(Default)]
pub(super) struct GlobalHeap {
    collections: BTreeMap<u64, Collection>,
}

struct Collection {
    bytes: Vec<u8>,
    /// Number, begin and length of each value.
    values: BTreeMap<u16, (usize, usize)>,
}

impl GlobalHeap {
    /// The bytes of a value.
    pub(super) fn value(
        &mut self,
        file: &File,
        address: u64,
        number: u32,
    ) -> Result<&[u8], Trouble> {
        if !self.collections.contains_key(&address) {
            if self.collections.len() >= HELD_MAX {
                self.collections.clear();
            }
            self.collections.insert(address, Collection::read(file, address)?);
        }
        let missing = || Trouble::damaged("a value of a heap does not stand", file.byte(address));
        let collection = self.collections.get(&address).ok_or_else(missing)?;
        let place = u16::try_from(number).ok().and_then(|number| collection.values.get(&number));
        let &(begin, len) = place.ok_or_else(missing)?;
        collection.bytes.get(begin..begin + len).ok_or_else(missing)
    }
}

impl Collection {
    fn read(file: &File, address: u64) -> Result<Self, Trouble> {
        let head = file.block(address, 8 + file.length_size as u64)?;
        let mut cursor = Cursor::new(&head, file.byte(address));
        cursor.signature(*b"GCOL")?;
        cursor.version("a global heap", &[1])?;
        cursor.skip(3)?;
        let len = file.length(&mut cursor)?;
        let bytes = file.block(address, len)?;
        let mut cursor = Cursor::new(&bytes, file.byte(address));
        cursor.skip(head.len().min(bytes.len()))?;
        let mut values = BTreeMap::new();
        while cursor.left() >= 8 + file.length_size {
            let number = cursor.u16()?;
            cursor.skip(6)?;
            let len = file.length(&mut cursor)?;
            // Number 0 is what is free, to the end.
            let Some(len) =
                usize::try_from(len).ok().filter(|&len| number != 0 && len <= cursor.left())
            else {
                break;
            };
            values.insert(number, (cursor.at(), len));
            cursor.skip(len.next_multiple_of(8).min(cursor.left()))?;
        }
        Ok(Self { bytes, values })
    }
}
