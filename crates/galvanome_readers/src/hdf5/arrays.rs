//! Arrays of chunks: fixed (specification III.H) and extensible (III.I). An entry is an address, and for chunks that went
//! through filters a size and a mask.

use super::checksum::checked;
use super::cursor::Cursor;
use super::file::File;
use super::trouble::Trouble;

/// An entry that holds a chunk: its number, its address, its bytes (0 where they are those of every chunk) and its mask.
pub(super) type Entry = (u64, u64, u64, u32);

/// The most entries that are looked at.
const ENTRIES_MAX: u64 = 1 << 22;

/// How entries are written, and where they go.
struct Entries<'a, 'b> {
    file: &'a File,
    packed: bool,
    size: usize,
    give: &'b mut dyn FnMut(Entry) -> Result<(), Trouble>,
}

impl Entries<'_, '_> {
    /// Reads as many entries as are asked for, of which the first has a number.
    fn read(&mut self, cursor: &mut Cursor, first: u64, count: u64) -> Result<(), Trouble> {
        for number in first..first.saturating_add(count) {
            let mut one = Cursor::new(cursor.take(self.size)?, cursor.byte());
            let address = self.file.address(&mut one)?;
            let (len, mask) = if self.packed {
                let width = one.left().saturating_sub(4).min(8);
                (one.uint(width)?, one.u32()?)
            } else {
                (0, 0)
            };
            if let Some(address) = address {
                (self.give)((number, address, len, mask))?;
            }
        }
        Ok(())
    }

    fn damaged(&self, address: u64) -> Trouble {
        Trouble::damaged("an array of chunks makes no sense", self.file.byte(address))
    }

    /// Reads entries that stand in pages behind a head, each with its checksum; `is_there` says which were written.
    fn pages(
        &mut self,
        mut address: u64,
        first: u64,
        count: u64,
        page: u64,
        is_there: &dyn Fn(u64) -> bool,
    ) -> Result<(), Trouble> {
        for number in 0..count.div_ceil(page.max(1)) {
            let entries = page.min(count - number * page);
            let len = entries * self.size as u64 + 4;
            if is_there(number) {
                let bytes = self.file.block(address, len)?;
                let mut cursor = checked(&bytes, self.file.byte(address))?;
                self.read(&mut cursor, first + number * page, entries)?;
            }
            address = address.saturating_add(len);
        }
        Ok(())
    }
}

/// Whether a bit of a map is set, the high one of a byte first.
fn bit(map: &[u8], at: u64) -> bool {
    map.get((at / 8) as usize).is_some_and(|byte| byte & 0x80 >> (at % 8) != 0)
}

/// Gives each entry of the fixed array at an address.
pub(super) fn fixed(
    file: &File,
    address: u64,
    give: &mut dyn FnMut(Entry) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    let (offset, length) = (file.offset_size, file.length_size);
    let head = file.block(address, (4 + 4 + length + offset + 4) as u64)?;
    let mut cursor = checked(&head, file.byte(address))?;
    cursor.signature(*b"FAHD")?;
    cursor.version("a fixed array", &[0])?;
    let packed = cursor.u8()? == 1;
    let size = usize::from(cursor.u8()?);
    let page_bits = u32::from(cursor.u8()?);
    let count = file.length(&mut cursor)?;
    let data = file.address(&mut cursor)?;
    let mut entries = Entries { file, packed, size, give };
    if size < offset + if packed { 5 } else { 0 } || page_bits > 32 {
        return Err(entries.damaged(address));
    }
    let Some(data) = data else { return Ok(()) };
    if count > ENTRIES_MAX {
        return Err(Trouble::too_many(format!("a dataset of {count} chunks")));
    }
    let page = 1_u64 << page_bits;
    let pages = if count > page { count.div_ceil(page) } else { 0 };
    let map = pages.div_ceil(8);
    let within = if pages == 0 { count * size as u64 } else { 0 };
    let len = 6 + offset as u64 + map + within + 4;
    let bytes = file.block(data, len)?;
    let mut cursor = checked(&bytes, file.byte(data))?;
    cursor.signature(*b"FADB")?;
    cursor.skip(2 + offset)?;
    let map = cursor.take(map as usize)?;
    if pages == 0 {
        return entries.read(&mut cursor, 0, count);
    }
    entries.pages(data.saturating_add(len), 0, count, page, &|page| bit(map, page))
}

/// What the header of an extensible array says.
struct Extensible {
    bits: u32,
    in_index: u64,
    block_min: u64,
    pointers_min: u64,
    page: u64,
    /// Numbers up to here may have been set.
    end: u64,
    index: Option<u64>,
}

/// Gives each entry of the extensible array at an address.
pub(super) fn extensible(
    file: &File,
    address: u64,
    give: &mut dyn FnMut(Entry) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    let (offset, length) = (file.offset_size, file.length_size);
    let head = file.block(address, (12 + 6 * length + offset + 4) as u64)?;
    let mut cursor = checked(&head, file.byte(address))?;
    cursor.signature(*b"EAHD")?;
    cursor.version("an extensible array", &[0])?;
    let packed = cursor.u8()? == 1;
    let size = usize::from(cursor.u8()?);
    let bits = u32::from(cursor.u8()?);
    let in_index = u64::from(cursor.u8()?);
    let block_min = u64::from(cursor.u8()?);
    let pointers_min = u64::from(cursor.u8()?);
    let page_bits = u32::from(cursor.u8()?);
    cursor.skip(4 * length)?;
    let end = file.length(&mut cursor)?;
    cursor.skip(length)?;
    let index = file.address(&mut cursor)?;
    let mut entries = Entries { file, packed, size, give };
    let sound = size >= offset + if packed { 5 } else { 0 }
        && block_min.is_power_of_two()
        && pointers_min.is_power_of_two()
        && pointers_min >= 2
        && bits <= 64
        && bits >= block_min.ilog2()
        && page_bits <= 32;
    if !sound {
        return Err(entries.damaged(address));
    }
    if end > ENTRIES_MAX {
        return Err(Trouble::too_many(format!("a dataset of {end} chunks")));
    }
    let of =
        Extensible { bits, in_index, block_min, pointers_min, page: 1 << page_bits, end, index };
    of.read(&mut entries)
}

impl Extensible {
    /// How many blocks of entries a super block has, and how many entries each.
    fn blocks(&self, super_block: u32) -> (u64, u64) {
        (1 << (super_block / 2), (1 << super_block.div_ceil(2)) * self.block_min)
    }

    /// Bytes in which a block says where it stands.
    fn place_len(&self) -> usize {
        self.bits.div_ceil(8) as usize
    }

    fn read(&self, entries: &mut Entries) -> Result<(), Trouble> {
        let Some(index) = self.index else { return Ok(()) };
        let file = entries.file;
        // Blocks of the first super blocks are known to the index itself; the others have a block of addresses.
        let supers = 1 + self.bits - self.block_min.ilog2();
        let direct = (2 * self.pointers_min.ilog2()).min(supers);
        let pointers = 2 * (self.pointers_min - 1);
        let offset = file.offset_size as u64;
        let addresses = pointers + u64::from(supers - direct);
        let len = 6 + offset + self.in_index * entries.size as u64 + addresses * offset + 4;
        let bytes = file.block(index, len)?;
        let mut cursor = checked(&bytes, file.byte(index))?;
        cursor.signature(*b"EAIB")?;
        cursor.skip(2 + file.offset_size)?;
        entries.read(&mut cursor, 0, self.in_index)?;
        let mut first = self.in_index;
        for super_block in 0..supers {
            let (blocks, each) = self.blocks(super_block);
            if first >= self.end.max(self.in_index) || blocks.checked_mul(each).is_none() {
                break;
            }
            if super_block < direct {
                for block in 0..blocks {
                    if let Some(address) = file.address(&mut cursor)? {
                        self.block(entries, address, first + block * each, each, None)?;
                    }
                }
            } else if let Some(address) = file.address(&mut cursor)? {
                self.super_block(entries, address, first, (blocks, each))?;
            }
            first = first.saturating_add(blocks * each);
        }
        Ok(())
    }

    fn super_block(
        &self,
        entries: &mut Entries,
        address: u64,
        first: u64,
        (blocks, each): (u64, u64),
    ) -> Result<(), Trouble> {
        let file = entries.file;
        let pages = if each > self.page { each / self.page } else { 0 };
        let map = pages.div_ceil(8);
        let head = 6 + file.offset_size as u64 + self.place_len() as u64;
        let len = (map + file.offset_size as u64)
            .checked_mul(blocks)
            .and_then(|body| body.checked_add(head + 4));
        let bytes = file.block(address, len.ok_or_else(|| entries.damaged(address))?)?;
        let mut cursor = checked(&bytes, file.byte(address))?;
        cursor.signature(*b"EASB")?;
        cursor.skip(2 + file.offset_size + self.place_len())?;
        let maps = cursor.take((map * blocks) as usize)?;
        for block in 0..blocks {
            if let Some(address) = file.address(&mut cursor)? {
                let begin = (block * map) as usize;
                let map = maps.get(begin..begin + map as usize).unwrap_or_default();
                self.block(entries, address, first + block * each, each, Some(map))?;
            }
        }
        Ok(())
    }

    fn block(
        &self,
        entries: &mut Entries,
        address: u64,
        first: u64,
        each: u64,
        map: Option<&[u8]>,
    ) -> Result<(), Trouble> {
        if first >= self.end {
            return Ok(());
        }
        let file = entries.file;
        let is_paged = each > self.page;
        let within = if is_paged { 0 } else { each.saturating_mul(entries.size as u64) };
        let len = 6 + file.offset_size as u64 + self.place_len() as u64 + 4;
        let bytes = file.block(address, len.saturating_add(within))?;
        let mut cursor = checked(&bytes, file.byte(address))?;
        cursor.signature(*b"EADB")?;
        cursor.skip(2 + file.offset_size + self.place_len())?;
        if !is_paged {
            return entries.read(&mut cursor, first, each);
        }
        let there = |page: u64| map.is_none_or(|map| bit(map, page));
        // What lies behind the last entry that was set was never written.
        let count = each.min((self.end - first).next_multiple_of(self.page));
        entries.pages(address.saturating_add(len), first, count, self.page, &there)
    }
}
