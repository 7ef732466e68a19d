//! Finding the members of a zip.

use std::io;
use std::sync::Arc;

use super::{Entry, MARK, MEMBERS_MAX, Unpack};
use crate::source::{Source, read_full};

const DIRECTORY_MARK: &[u8] = b"PK\x01\x02";
const END_MARK: &[u8] = b"PK\x05\x06";

/// Bytes of the end record without its comment.
const END_LEN: usize = 22;
/// The longest comment that the end record can have.
const COMMENT_MAX: usize = 0xFFFF;
/// Bytes of a member's own head without name and extra field.
pub(super) const HEAD_LEN: u64 = 30;
/// Bytes of a directory entry without name, extra field and comment.
const ENTRY_LEN: usize = 46;

pub(super) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |two| u16::from_le_bytes(*two))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |four| u32::from_le_bytes(*four))
}

/// Sizes of four bytes of ones stand elsewhere, in records that are not read here.
fn size(value: u32) -> Option<u64> {
    (value != u32::MAX).then(|| u64::from(value))
}

/// Writers that do not count one leave a checksum of 0.
fn stated(checksum: u32) -> Option<u32> {
    (checksum != 0).then_some(checksum)
}

fn name_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The members that the directory at the end names; none when it is not there or not whole.
pub(super) fn by_directory(source: &dyn Source) -> io::Result<Option<Vec<Entry>>> {
    let len = source.len();
    let tail_len = len.min((END_LEN + COMMENT_MAX) as u64);
    let tail_at = len - tail_len;
    let mut tail = vec![0; usize::try_from(tail_len).unwrap_or(0)];
    let got = read_full(source, tail_at, &mut tail)?;
    tail.truncate(got);
    let end_at = (0..=tail.len().saturating_sub(END_LEN)).rev().find(|&at| {
        tail.get(at..).is_some_and(|rest| rest.starts_with(END_MARK) && rest.len() >= END_LEN)
    });
    let Some(end) = end_at.and_then(|at| tail.get(at..)) else { return Ok(None) };
    let count = usize::from(u16_at(end, 10));
    let (Some(directory_len), Some(directory_at)) = (size(u32_at(end, 12)), size(u32_at(end, 16)))
    else {
        return Ok(None);
    };
    if count > MEMBERS_MAX || directory_at.saturating_add(directory_len) > len {
        return Ok(None);
    }
    let mut directory = vec![0; usize::try_from(directory_len).unwrap_or(0)];
    let got = read_full(source, directory_at, &mut directory)?;
    directory.truncate(got);
    let mut rest = directory.as_slice();
    let mut entries = Vec::with_capacity(count);
    for _ in 0..count {
        let name_len = usize::from(u16_at(rest, 28));
        let behind = usize::from(u16_at(rest, 30)) + usize::from(u16_at(rest, 32));
        let Some(name) = rest.get(ENTRY_LEN..ENTRY_LEN + name_len) else { return Ok(None) };
        let Some(head_at) = size(u32_at(rest, 42)) else { return Ok(None) };
        if !rest.starts_with(DIRECTORY_MARK) {
            return Ok(None);
        }
        entries.push(Entry {
            name: name_of(name),
            method: u16_at(rest, 10),
            encrypted: u16_at(rest, 8) & 1 != 0,
            head_at,
            packed: size(u32_at(rest, 20)),
            checksum: stated(u32_at(rest, 16)),
            bare: None,
        });
        rest = rest.get(ENTRY_LEN + name_len + behind..).unwrap_or_default();
    }
    Ok(Some(entries))
}

/// The members that follow one another from the beginning, as far as they do.
pub(super) fn by_walking(source: &Arc<dyn Source>) -> io::Result<Vec<Entry>> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut at = 0;
    while entries.len() < MEMBERS_MAX {
        let mut head = [0; HEAD_LEN as usize];
        if read_full(source.as_ref(), at, &mut head)? < head.len() || !head.starts_with(MARK) {
            break;
        }
        let (name_len, extra_len) = (u16_at(&head, 26), u16_at(&head, 28));
        let mut name = vec![0; usize::from(name_len)];
        let got = read_full(source.as_ref(), at + HEAD_LEN, &mut name)?;
        name.truncate(got);
        let flags = u16_at(&head, 6);
        // With this flag the sizes stand behind the member.
        let streamed = flags & 8 != 0;
        let packed = if streamed { None } else { size(u32_at(&head, 18)) };
        let entry = Entry {
            name: name_of(&name),
            method: u16_at(&head, 8),
            encrypted: flags & 1 != 0,
            head_at: at,
            packed,
            // That of a streamed one stands behind it.
            checksum: stated(u32_at(&head, 14)).filter(|_| !streamed),
            bare: None,
        };
        let begins = at + HEAD_LEN + u64::from(name_len) + u64::from(extra_len);
        let ends = match packed {
            Some(packed) => begins.saturating_add(packed),
            None => behind_sizes(source.as_ref(), Unpack::begin(source, &entry)?.run_out()?)?,
        };
        entries.push(entry);
        if ends <= at {
            break;
        }
        at = ends;
    }
    Ok(entries)
}

/// Where the next member begins behind the sizes of a streamed one: with or without a mark of their own.
fn behind_sizes(source: &dyn Source, at: u64) -> io::Result<u64> {
    let mut sizes = [0; 32];
    let got = read_full(source, at, &mut sizes)?;
    let sizes = sizes.get(..got).unwrap_or_default();
    let next =
        sizes.windows(MARK.len()).position(|window| window == MARK || window == DIRECTORY_MARK);
    Ok(at.saturating_add(next.unwrap_or(sizes.len()) as u64))
}

/// Where the bytes of a member begin, by its own head; none when that is not there. Errors when the source cannot be read.
pub(super) fn begins(source: &dyn Source, entry: &Entry) -> io::Result<Option<u64>> {
    let mut head = [0; HEAD_LEN as usize];
    if read_full(source, entry.head_at, &mut head)? < head.len() || !head.starts_with(MARK) {
        return Ok(None);
    }
    let behind = u64::from(u16_at(&head, 26)) + u64::from(u16_at(&head, 28));
    Ok(Some(entry.head_at.saturating_add(HEAD_LEN + behind)))
}
