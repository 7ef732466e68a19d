//! B-trees of version 1: of groups and of chunks (specification III.A.1).

use std::collections::BTreeSet;

use super::cursor::Cursor;
use super::file::File;
use super::trouble::Trouble;

/// How deep a tree may be.
const DEPTH_MAX: usize = 32;

/// Which kind of tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// Symbol tables of a group.
    Group,
    /// Chunks of a dataset of so many axes.
    Chunks(usize),
}

/// Walks a tree and gives each leaf's key (as its bytes) and child. Errors when a node cannot be read, or is met twice;
/// what was given before stands.
pub(super) fn walk(
    file: &File,
    address: u64,
    of: Of,
    give: &mut dyn FnMut(Cursor, u64) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    let mut walk = Walk { file, of, seen: BTreeSet::new(), give };
    walk.node(address, None, 0)
}

struct Walk<'a> {
    file: &'a File,
    of: Of,
    seen: BTreeSet<u64>,
    give: &'a mut dyn FnMut(Cursor, u64) -> Result<(), Trouble>,
}

impl Walk<'_> {
    fn key_len(&self) -> usize {
        match self.of {
            Of::Group => self.file.length_size,
            Of::Chunks(rank) => 8 + 8 * (rank + 1),
        }
    }

    fn node(&mut self, address: u64, level: Option<u8>, depth: usize) -> Result<(), Trouble> {
        let byte = self.file.byte(address);
        if !self.seen.insert(address) || depth > DEPTH_MAX {
            return Err(Trouble::damaged("a tree runs in a circle", byte));
        }
        let offset_size = self.file.offset_size;
        let head_len = 8 + 2 * offset_size;
        let head = self.file.block(address, head_len as u64)?;
        let mut cursor = Cursor::new(&head, byte);
        cursor.signature(*b"TREE")?;
        let kind = cursor.u8()?;
        let found = cursor.u8()?;
        let used = usize::from(cursor.u16()?);
        if kind != u8::from(self.of != Of::Group) || level.is_some_and(|level| level != found) {
            return Err(Trouble::damaged("a tree has a node of another kind", byte));
        }
        let body_len = used * (self.key_len() + offset_size);
        let body_at = address.saturating_add(head_len as u64);
        let body = self.file.block(body_at, body_len as u64)?;
        let mut cursor = Cursor::new(&body, self.file.byte(body_at));
        for _ in 0..used {
            let byte = cursor.byte();
            let key = cursor.take(self.key_len())?;
            let child = self.file.somewhere(&mut cursor)?;
            if found == 0 {
                (self.give)(Cursor::new(key, byte), child)?;
            } else {
                self.node(child, Some(found - 1), depth + 1)?;
            }
        }
        Ok(())
    }
}
