//! Long text: in the row, on a page of its own, or on several.

use std::io;

use super::definition::{Column, Holds, Pointer};
use super::le::u32_at;
use super::pages::{DATA, Pages};
use super::rows::Fields;
use super::slots::slot;
use super::text;

/// What pages of long values name in place of a table.
pub(super) const LVAL: &[u8; 4] = b"LVAL";
/// In the count of bytes: they follow in the row; they are a row of a page.
pub(super) const INLINE: u32 = 0x8000_0000;
pub(super) const SINGLE: u32 = 0x4000_0000;
/// Bytes before what stands in the row.
pub(super) const HEAD: usize = 12;

/// The text of a column, and whether it was cut at `most` bytes or could not be read to its end. None where it is
/// missing or no text. Errors when the source cannot be read.
pub(super) fn text(
    pages: &Pages<'_>,
    fields: &Fields<'_>,
    column: &Column,
    most: usize,
) -> io::Result<Option<(String, bool)>> {
    let Some(bytes) = fields.bytes(column) else { return Ok(None) };
    let decode = |bytes: &[u8]| text::decode(pages.jet, column.code_page, bytes);
    match column.holds {
        Holds::Text => {
            let some = bytes.get(..most).unwrap_or(bytes);
            Ok(Some((decode(some), some.len() < bytes.len())))
        }
        Holds::Memo => {
            let (bytes, whole) = memo(pages, bytes, most)?;
            Ok(Some((decode(&bytes), !whole)))
        }
        _ => Ok(None),
    }
}

/// The bytes of a long value, at most `most`, and whether they are all.
fn memo(pages: &Pages<'_>, head: &[u8], most: usize) -> io::Result<(Vec<u8>, bool)> {
    if head.len() < HEAD {
        return Ok((Vec::new(), head.is_empty()));
    }
    let told = u32_at(head, 0);
    let len = (told & !(INLINE | SINGLE)) as usize;
    let wanted = len.min(most);
    let mut bytes = Vec::new();
    if told & INLINE != 0 {
        bytes.extend(head.get(HEAD..).unwrap_or_default());
    } else {
        let single = told & SINGLE != 0;
        let mut next = Pointer::read(head, 4);
        while bytes.len() < wanted {
            let Some(page) = pages.page(next.page)? else { break };
            if page.first() != Some(&DATA) || page.get(4..8) != Some(LVAL) {
                break;
            }
            let part = slot(&page, pages.jet, next.row)
                .and_then(|slot| page.get(slot.start..slot.end))
                .unwrap_or_default();
            if single {
                bytes.extend(part);
                break;
            }
            // Each part points to the next one. A part without bytes would not bring the end nearer.
            let Some(more) = part.get(4..).filter(|more| !more.is_empty()) else { break };
            bytes.extend(more);
            next = Pointer::read(part, 0);
        }
    }
    bytes.truncate(wanted);
    let whole = bytes.len() == len;
    Ok((bytes, whole))
}
