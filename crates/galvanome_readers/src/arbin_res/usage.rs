//! Which pages belong to a table: the map that its definition points to.

use std::io;

use super::definition::Definition;
use super::le::{u8_at, u32_at};
use super::pages::{DATA, Pages, USAGE};
use super::slots::slot;

/// The pages of a table.
#[derive(Debug, Default)]
pub(super) struct Owned {
    /// Pages that are there, rising.
    pub(super) pages: Vec<u32>,
    /// How many more lie behind the end of the file.
    pub(super) beyond: u64,
    /// Whether the map could be read. Where it could not, the pages are those that name the table.
    pub(super) mapped: bool,
}

/// Finds the pages of a table. Errors when the source cannot be read.
pub(super) fn find(pages: &Pages<'_>, definition: &Definition) -> io::Result<Owned> {
    let mut owned = Owned::default();
    let map = match pages.page(definition.map.page)? {
        Some(page) => slot(&page, pages.jet, definition.map.row)
            .and_then(|slot| page.get(slot.start..slot.end).map(<[u8]>::to_vec)),
        None => None,
    };
    match map.as_deref().and_then(<[u8]>::split_first) {
        Some((0, map)) if map.len() > 4 => {
            let first = u64::from(u32_at(map, 0));
            owned.take(map.get(4..).unwrap_or_default(), first, pages.count);
            owned.mapped = true;
        }
        Some((1, map)) if map.len() >= 4 => {
            owned.mapped = true;
            let each = (pages.jet.page_len() - 4) as u64 * 8;
            for (place, pointer) in (0..).zip(map.chunks_exact(4)) {
                let number = u32_at(pointer, 0);
                match pages.page(number)? {
                    _ if number == 0 => {}
                    Some(page) if u8_at(&page, 0) == USAGE => {
                        let map = page.get(4..).unwrap_or_default();
                        owned.take(map, place * each, pages.count);
                    }
                    _ => owned.mapped = false,
                }
            }
        }
        _ => {}
    }
    if !owned.mapped {
        owned.pages.clear();
        for number in 1..pages.count {
            if pages.page(number)?.is_some_and(|page| is_of(&page, definition)) {
                owned.pages.push(number);
            }
        }
    }
    Ok(owned)
}

/// Whether a page holds rows of a table.
pub(super) fn is_of(page: &[u8], definition: &Definition) -> bool {
    u8_at(page, 0) == DATA && u32_at(page, 4) == definition.page
}

impl Owned {
    /// Takes the pages of a map of bits, of which the first is for the page `first`.
    fn take(&mut self, map: &[u8], first: u64, count: u32) {
        for (place, &byte) in (0..).zip(map) {
            if byte == 0 {
                continue;
            }
            for bit in (0..8).filter(|bit| byte >> bit & 1 == 1) {
                match u32::try_from(first + place * 8 + bit) {
                    Ok(page) if page < count => self.pages.push(page),
                    _ => self.beyond += 1,
                }
            }
        }
    }
}
