//! B-trees of version 2: of links, attributes and chunks (specification III.A.2).

use std::collections::BTreeSet;

use super::checksum::checked;
use super::cursor::Cursor;
use super::file::{File, bytes_for};
use super::trouble::Trouble;

/// How deep a tree may be.
const DEPTH_MAX: usize = 32;

/// Bytes around the records of a node: signature, version, kind, checksum.
const AROUND: u64 = 10;

struct Tree<'a> {
    file: &'a File,
    node: u64,
    record: usize,
    /// For each height of a node the bytes of a count of records below one of its children.
    counts: Vec<usize>,
    /// Bytes of a count of records of a node.
    count: usize,
    seen: BTreeSet<u64>,
    kind: u8,
}

/// Walks a tree and gives each record with its kind. Errors when a node cannot be read, or is met twice; what was given
/// before stands.
pub(super) fn walk(
    file: &File,
    address: u64,
    give: &mut dyn FnMut(u8, Cursor) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    let len = 16 + file.offset_size + 2 + file.length_size + 4;
    let head = file.block(address, len as u64)?;
    let byte = file.byte(address);
    let mut cursor = checked(&head, byte)?;
    cursor.signature(*b"BTHD")?;
    cursor.version("a B-tree", &[0])?;
    let kind = cursor.u8()?;
    let node = u64::from(cursor.u32()?);
    let record = usize::from(cursor.u16()?);
    let depth = usize::from(cursor.u16()?);
    cursor.skip(2)?;
    let root = file.address(&mut cursor)?;
    let records = usize::from(cursor.u16()?);
    if record == 0 || node <= AROUND || depth > DEPTH_MAX {
        return Err(Trouble::damaged("a tree makes no sense", byte));
    }
    let Some(root) = root else { return Ok(()) };
    let leaf_max = (node - AROUND) / record as u64;
    let count = bytes_for(leaf_max);
    let (mut counts, mut below) = (vec![0], leaf_max);
    for _ in 1..=depth {
        let pointer = (file.offset_size + count + counts.last().copied().unwrap_or(0)) as u64;
        let most = node.saturating_sub(AROUND + pointer) / (record as u64 + pointer);
        below = (most + 1).saturating_mul(below).saturating_add(most);
        counts.push(bytes_for(below));
    }
    let mut tree = Tree { file, node, record, counts, count, seen: BTreeSet::new(), kind };
    tree.node(root, records, depth, give)
}

impl Tree<'_> {
    fn node(
        &mut self,
        address: u64,
        records: usize,
        height: usize,
        give: &mut dyn FnMut(u8, Cursor) -> Result<(), Trouble>,
    ) -> Result<(), Trouble> {
        let byte = self.file.byte(address);
        if !self.seen.insert(address) {
            return Err(Trouble::damaged("a tree runs in a circle", byte));
        }
        // A pointer holds an address, the records of the child, and, above the second level, those of all below it.
        let below = if height > 1 { self.counts.get(height - 1).copied().unwrap_or(8) } else { 0 };
        let pointer = self.file.offset_size + self.count + below;
        let pointers = if height == 0 { 0 } else { (records + 1) * pointer };
        let len = AROUND + (records * self.record + pointers) as u64;
        if len > self.node {
            return Err(Trouble::damaged("a tree has a node of too many records", byte));
        }
        let bytes = self.file.block(address, len)?;
        let mut cursor = checked(&bytes, byte)?;
        cursor.signature(*if height == 0 { b"BTLF" } else { b"BTIN" })?;
        cursor.version("a B-tree's node", &[0])?;
        if cursor.u8()? != self.kind {
            return Err(Trouble::damaged("a tree has a node of another kind", byte));
        }
        for _ in 0..records {
            let byte = cursor.byte();
            give(self.kind, Cursor::new(cursor.take(self.record)?, byte))?;
        }
        for _ in 0..if height == 0 { 0 } else { records + 1 } {
            let child = self.file.somewhere(&mut cursor)?;
            let records = cursor.uint(self.count)? as usize;
            cursor.skip(below)?;
            self.node(child, records, height - 1, give)?;
        }
        Ok(())
    }
}
