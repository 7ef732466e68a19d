//! The file as its descriptions see it: addresses, lengths, blocks.

use std::sync::Arc;

use super::cursor::Cursor;
use super::trouble::Trouble;
use crate::source::{Source, read_full};

/// The most that one description may take: none that is written is nearly as large.
const BLOCK_MAX: u64 = 64 << 20;

/// Bytes, and how addresses and lengths in them are written.
#[derive(Clone)]
pub(super) struct File {
    /// The bytes.
    pub(super) source: Arc<dyn Source>,
    /// The byte that addresses count from.
    pub(super) base: u64,
    /// Bytes of an address.
    pub(super) offset_size: usize,
    /// Bytes of a length.
    pub(super) length_size: usize,
}

impl File {
    /// An address; none when it says that nothing is there.
    pub(super) fn address(&self, cursor: &mut Cursor) -> Result<Option<u64>, Trouble> {
        let address = cursor.uint(self.offset_size)?;
        let nowhere = u64::MAX >> (64 - 8 * self.offset_size.clamp(1, 8));
        Ok((address != nowhere).then_some(address))
    }

    /// An address at which something must be.
    pub(super) fn somewhere(&self, cursor: &mut Cursor) -> Result<u64, Trouble> {
        let byte = cursor.byte();
        self.address(cursor)?.ok_or_else(|| Trouble::damaged("an address is missing", byte))
    }

    /// A length.
    pub(super) fn length(&self, cursor: &mut Cursor) -> Result<u64, Trouble> {
        cursor.uint(self.length_size)
    }

    /// The byte of the file at an address.
    pub(super) fn byte(&self, address: u64) -> u64 {
        address.saturating_add(self.base)
    }

    /// How many bytes of a stretch are there.
    pub(super) fn there(&self, address: u64, len: u64) -> u64 {
        self.source.len().saturating_sub(self.byte(address)).min(len)
    }

    /// Bytes of a description.
    pub(super) fn block(&self, address: u64, len: u64) -> Result<Vec<u8>, Trouble> {
        if len > BLOCK_MAX {
            return Err(Trouble::damaged("a description is far too long", self.byte(address)));
        }
        self.bytes(address, len)
    }

    /// Bytes of data: all of them, or an error.
    pub(super) fn bytes(&self, address: u64, len: u64) -> Result<Vec<u8>, Trouble> {
        if self.there(address, len) < len {
            return Err(Trouble::damaged(
                "the file ends before the end of what stands",
                self.byte(address),
            ));
        }
        let mut bytes = vec![0; len as usize];
        let read = read_full(self.source.as_ref(), self.byte(address), &mut bytes)?;
        if read < bytes.len() {
            return Err(Trouble::damaged(
                "the file ends before the end of what stands",
                self.byte(address),
            ));
        }
        Ok(bytes)
    }
}

/// How many bytes a number up to `limit` takes where the format spares the rest.
pub(super) fn bytes_for(limit: u64) -> usize {
    limit.checked_ilog2().unwrap_or(0) as usize / 8 + 1
}
