//! Fractal heaps: links and attributes of objects that have many (specification III.G).

use super::checksum::checked;
use super::cursor::Cursor;
use super::file::{File, bytes_for};
use super::layout::{Filter, filters};
use super::trouble::Trouble;

/// The most bytes of one object of a heap.
const OBJECT_MAX: u64 = 16 << 20;

/// A heap of which objects are asked by their ids.
pub(super) struct FractalHeap<'a> {
    file: &'a File,
    byte: u64,
    id_len: usize,
    checks_blocks: bool,
    offset_len: usize,
    length_len: usize,
    width: u64,
    start: u64,
    direct_max: u64,
    root: Option<u64>,
    /// Rows of the root; 0 when it is a block of objects itself.
    rows: u64,
    filters: Vec<Filter>,
    root_packed: (u64, u32),
    /// The block of objects read last: its offset in the heap, and its bytes.
    block: Option<(u64, Vec<u8>)>,
}

impl<'a> FractalHeap<'a> {
    /// The heap at an address.
    pub(super) fn read(file: &'a File, address: u64) -> Result<Self, Trouble> {
        let (offset, length) = (file.offset_size, file.length_size);
        // Signature to flags, then what stands up to the filters.
        let fixed = 4 + 1 + 2 + 2 + 1 + 4 + 12 * length + 3 * offset + 2 + 2 + 2 + 2;
        let head = file.block(address, 9)?;
        let packed = usize::from(Cursor::new(head.get(7..).unwrap_or_default(), 0).u16()?);
        let extra = if packed == 0 { 0 } else { length + 4 + packed };
        let bytes = file.block(address, (fixed + extra + 4) as u64)?;
        let byte = file.byte(address);
        let mut cursor = checked(&bytes, byte)?;
        cursor.signature(*b"FRHP")?;
        cursor.version("a fractal heap", &[0])?;
        let id_len = usize::from(cursor.u16()?);
        cursor.skip(2)?;
        let flags = cursor.u8()?;
        let managed_max = u64::from(cursor.u32()?);
        // Huge objects, free space, counts.
        cursor.skip(length + offset + length + offset + 8 * length)?;
        let width = u64::from(cursor.u16()?);
        let start = file.length(&mut cursor)?;
        let direct_max = file.length(&mut cursor)?;
        let bits = usize::from(cursor.u16()?);
        cursor.skip(2)?;
        let root = file.address(&mut cursor)?;
        let rows = u64::from(cursor.u16()?);
        let mut root_packed = (0, 0);
        let mut chain = Vec::new();
        if packed > 0 {
            root_packed = (file.length(&mut cursor)?, cursor.u32()?);
            chain = filters(&mut cursor)?;
        }
        let sound = width > 0
            && width <= 1 << 12
            && start.is_power_of_two()
            && direct_max.is_power_of_two()
            && start <= direct_max
            && direct_max <= 1 << 32
            && (1..=64).contains(&bits)
            && rows <= 64;
        if !sound {
            return Err(Trouble::damaged("a fractal heap makes no sense", byte));
        }
        Ok(Self {
            file,
            byte,
            id_len,
            checks_blocks: flags & 2 != 0,
            offset_len: bits.div_ceil(8),
            length_len: bytes_for(direct_max).min(bytes_for(managed_max)),
            width,
            start,
            direct_max,
            root,
            rows,
            filters: chain,
            root_packed,
            block: None,
        })
    }

    /// The bytes of an object; `id` may be followed by more.
    pub(super) fn object(&mut self, id: &[u8]) -> Result<Vec<u8>, Trouble> {
        let mut cursor = Cursor::new(id.get(..self.id_len).unwrap_or(id), self.byte);
        let head = cursor.u8()?;
        match head >> 4 & 3 {
            0 => {
                let offset = cursor.uint(self.offset_len)?;
                let len = cursor.uint(self.length_len)?;
                self.managed(offset, len)
            }
            2 if self.id_len <= 17 => Ok(cursor.take(usize::from(head & 0xF) + 1)?.to_vec()),
            2 => {
                let more = usize::from(cursor.u8()?);
                Ok(cursor.take((usize::from(head & 0xF) << 8 | more) + 1)?.to_vec())
            }
            _ => Err(Trouble::refused("a huge attribute or link in a heap")),
        }
    }

    fn damaged(&self) -> Trouble {
        Trouble::damaged("a fractal heap makes no sense", self.byte)
    }

    fn managed(&mut self, offset: u64, len: u64) -> Result<Vec<u8>, Trouble> {
        let holds = |block: &(u64, Vec<u8>)| {
            offset.checked_sub(block.0).is_some_and(|at| at < block.1.len() as u64)
        };
        if !self.block.as_ref().is_some_and(holds) {
            self.block = Some(self.block_with(offset)?);
        }
        let within = |(begin, bytes): &(u64, Vec<u8>)| {
            let at = usize::try_from(offset.checked_sub(*begin)?).ok()?;
            let end = at.checked_add(usize::try_from(len).ok()?)?;
            (len <= OBJECT_MAX).then(|| bytes.get(at..end).map(<[u8]>::to_vec))?
        };
        self.block.as_ref().and_then(within).ok_or_else(|| self.damaged())
    }

    /// Bytes of a block in a row.
    fn size_of(&self, row: u64) -> u64 {
        let doubled = u32::try_from(row.saturating_sub(1)).unwrap_or(u32::MAX);
        self.start
            .checked_shl(doubled)
            .filter(|size| size >> doubled.min(63) == self.start)
            .unwrap_or(u64::MAX)
    }

    /// The block of objects that holds an offset of the heap: where it begins in the heap, and its bytes.
    fn block_with(&self, offset: u64) -> Result<(u64, Vec<u8>), Trouble> {
        let mut address = self.root.ok_or_else(|| self.damaged())?;
        if self.rows == 0 {
            let bytes = self.direct(address, self.start, 0, self.root_packed)?;
            return Ok((0, bytes));
        }
        let (mut begin, mut rows) = (0_u64, self.rows);
        // Each turn goes one level down, and every level covers less.
        for _ in 0..64 {
            let (row, column, at) =
                self.place(offset - begin, rows).ok_or_else(|| self.damaged())?;
            let (child, packed) = self.entry(address, begin, rows, row, column)?;
            begin += at;
            let size = self.size_of(row);
            if size <= self.direct_max {
                return Ok((begin, self.direct(child, size, begin, packed)?));
            }
            let first_row = self.start.saturating_mul(self.width);
            rows = u64::from((size / first_row.max(1)).checked_ilog2().unwrap_or(0)) + 1;
            address = child;
        }
        Err(self.damaged())
    }

    /// Row, column and begin of the block that holds an offset of an indirect block.
    fn place(&self, offset: u64, rows: u64) -> Option<(u64, u64, u64)> {
        let mut begin = 0_u64;
        for row in 0..rows {
            let size = self.size_of(row);
            let all = size.checked_mul(self.width)?;
            if offset - begin < all {
                let column = (offset - begin) / size;
                return Some((row, column, begin + column * size));
            }
            begin = begin.checked_add(all)?;
        }
        None
    }

    /// An entry of an indirect block: the address of a child, and how it is packed.
    fn entry(
        &self,
        address: u64,
        begin: u64,
        rows: u64,
        row: u64,
        column: u64,
    ) -> Result<(u64, (u64, u32)), Trouble> {
        let file = self.file;
        let direct_rows =
            (0..rows).take_while(|&row| self.size_of(row) <= self.direct_max).count() as u64;
        let more = if self.filters.is_empty() { 0 } else { file.length_size as u64 + 4 };
        let offset_size = file.offset_size as u64;
        let entries =
            self.width * (direct_rows * (offset_size + more) + (rows - direct_rows) * offset_size);
        let head = 5 + offset_size + self.offset_len as u64;
        let bytes = file.block(address, head + entries + 4)?;
        let mut cursor = checked(&bytes, file.byte(address))?;
        cursor.signature(*b"FHIB")?;
        cursor.version("a heap's block", &[0])?;
        cursor.skip(file.offset_size)?;
        if cursor.uint(self.offset_len)? != begin {
            return Err(self.damaged());
        }
        let before = row * self.width + column;
        let before_direct = before.min(direct_rows * self.width);
        cursor.skip(
            (before_direct * (offset_size + more) + (before - before_direct) * offset_size)
                as usize,
        )?;
        let child = file.somewhere(&mut cursor)?;
        let packed = if more > 0 && row < direct_rows {
            (file.length(&mut cursor)?, cursor.u32()?)
        } else {
            (0, 0)
        };
        Ok((child, packed))
    }

    /// The bytes of a block of objects, its head among them.
    fn direct(
        &self,
        address: u64,
        size: u64,
        begin: u64,
        packed: (u64, u32),
    ) -> Result<Vec<u8>, Trouble> {
        let file = self.file;
        let mut bytes = if self.filters.is_empty() {
            file.block(address, size)?
        } else {
            let stored = file.block(address, packed.0)?;
            super::filters::undo(&self.filters, packed.1, stored, size as usize)?
        };
        let mut cursor = Cursor::new(&bytes, file.byte(address));
        cursor.signature(*b"FHDB")?;
        cursor.version("a heap's block", &[0])?;
        cursor.skip(file.offset_size)?;
        if cursor.uint(self.offset_len)? != begin {
            return Err(self.damaged());
        }
        if self.checks_blocks {
            let at = cursor.at();
            let told = cursor.u32()?;
            // The checksum was made with zeros where it stands.
            if let Some(place) = bytes.get_mut(at..at + 4) {
                place.fill(0);
            }
            if super::checksum::lookup3(&bytes) != told {
                return Err(Trouble::damaged("a checksum is wrong", file.byte(address)));
            }
        }
        Ok(bytes)
    }
}
