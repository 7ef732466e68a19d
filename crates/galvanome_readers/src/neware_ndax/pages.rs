//! Pages of an `.ndc` file: the store that a packed Neware file has several of.
//!
//! A file is pages of 4096 bytes (512 up to version 4). The first one says what is stored (byte 0) and in which
//! version (byte 2). Of the others, bytes 2 and 3 count the rows, a mask from byte 4 on says which places hold
//! one, rows begin at byte 132, and the last four bytes are the CRC-32 of all before (found by trying: it holds
//! for every page of every real file at hand). Short pages have no mask and rows from byte 5 on.

use std::io;

use flate2::Crc;

use crate::archive::{End, Unpack};
use crate::le::{u8_at, u16_at, u32_at};

/// Bytes of a page since version 5, and before.
const PAGE: usize = 4096;
const SHORT_PAGE: usize = 512;
/// Where rows begin, since version 5 and before.
const ROWS_AT: usize = 132;
const SHORT_ROWS_AT: usize = 5;
/// Bytes of the checksum at the end of a page.
const CHECKSUM: usize = 4;
/// Pages that are unpacked at a time, once it has shown that there are so many.
const FETCH: usize = 64;
/// Pages on end without a row after which no more are looked at: what is packed so is no measurement.
const EMPTY_MAX: u64 = 1 << 16;

/// What was found wrong with pages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Wrong {
    /// Pages whose checksum does not hold, and the first of them, from 1.
    pub(super) checksums: u64,
    pub(super) first_checksum: u64,
    /// Pages that count other rows than their mask shows.
    pub(super) counts: u64,
    /// Whether the stream ended as it should.
    pub(super) end: Option<End>,
    /// Whether all of it came, and is not what the zip says that it holds.
    pub(super) differs: bool,
    /// Whether it was left because page after page was empty.
    pub(super) empty: bool,
}

impl Wrong {
    /// Whether the file does not end as it was written.
    pub(super) fn is_cut(&self) -> bool {
        matches!(self.end, Some(End::Cut | End::Broken | End::Unknown | End::TooLong))
    }
}

/// A stream of pages.
pub(super) struct Pages {
    unpack: Unpack,
    size: usize,
    buffer: Vec<u8>,
    filled: usize,
    at: usize,
    /// Pages of rows that were begun.
    page: u64,
    empty: u64,
    /// What is stored, and in which version.
    pub(super) kind: u8,
    pub(super) version: u8,
    /// The first page.
    pub(super) head: Vec<u8>,
    pub(super) wrong: Wrong,
}

/// A page of rows, all of it or as much as there is.
pub(super) struct Page<'a> {
    bytes: &'a [u8],
    rows_at: usize,
    masked: bool,
    room: usize,
    /// The number of the page, from 0.
    pub(super) number: u64,
}

impl Pages {
    /// Begins with the first page; none when it is not there. Errors when the source cannot be read.
    pub(super) fn begin(mut unpack: Unpack) -> io::Result<Option<Self>> {
        let mut head = vec![0; SHORT_PAGE];
        let got = unpack.fill(&mut head)?;
        let version = u8_at(&head, 2);
        let size = if version <= 4 { SHORT_PAGE } else { PAGE };
        if got == SHORT_PAGE && size > SHORT_PAGE {
            head.resize(size, 0);
            let rest = head.get_mut(SHORT_PAGE..).unwrap_or_default();
            unpack.fill(rest)?;
        }
        if got < SHORT_PAGE {
            return Ok(None);
        }
        Ok(Some(Self {
            unpack,
            size,
            buffer: vec![0; size],
            filled: 0,
            at: 0,
            page: 0,
            empty: 0,
            kind: u8_at(&head, 0),
            version,
            head,
            wrong: Wrong::default(),
        }))
    }

    /// How many rows of a length have room in a page.
    pub(super) fn room(&self, row_len: usize) -> usize {
        let (rows_at, checksum) =
            if self.size == PAGE { (ROWS_AT, CHECKSUM) } else { (SHORT_ROWS_AT, 0) };
        (self.size - rows_at - checksum) / row_len.max(1)
    }

    /// The next page with rows of a length; none at the end. Errors when the source cannot be read.
    pub(super) fn next(&mut self, row_len: usize) -> io::Result<Option<Page<'_>>> {
        let room = self.room(row_len);
        let masked = self.size == PAGE;
        let rows_at = if masked { ROWS_AT } else { SHORT_ROWS_AT };
        loop {
            if self.at == self.filled {
                if self.filled == self.buffer.len() && self.buffer.len() < self.size * FETCH {
                    self.buffer.resize(self.buffer.len() * 2, 0);
                }
                self.filled = self.unpack.fill(&mut self.buffer)?;
                self.at = 0;
            }
            if self.filled == 0 {
                self.wrong.end.get_or_insert(self.unpack.end());
                self.wrong.differs = self.unpack.differs();
                return Ok(None);
            }
            // What is no whole page is the last of a file that was cut off.
            if !self.filled.is_multiple_of(self.size) && self.unpack.end() == End::Whole {
                self.wrong.end = Some(End::Cut);
            }
            let from = self.at;
            self.at = (from + self.size).min(self.filled);
            let number = self.page;
            self.page += 1;
            let bytes = self.buffer.get(from..self.at).unwrap_or_default();
            if masked && bytes.len() == PAGE {
                if checksum(bytes) != u32_at(bytes, PAGE - CHECKSUM) {
                    if self.wrong.checksums == 0 {
                        self.wrong.first_checksum = number + 1;
                    }
                    self.wrong.checksums += 1;
                }
                let mask = bytes.get(4..ROWS_AT).unwrap_or_default();
                let rows: u32 = mask.iter().map(|byte| byte.count_ones()).sum();
                if rows != u32::from(u16_at(bytes, 2)) {
                    self.wrong.counts += 1;
                }
                if rows == 0 {
                    self.empty += 1;
                    if self.empty > EMPTY_MAX {
                        self.wrong.empty = true;
                        return Ok(None);
                    }
                    continue;
                }
                self.empty = 0;
            }
            // Borrowed anew, since the loop may have gone round.
            let bytes = self.buffer.get(from..self.at).unwrap_or_default();
            return Ok(Some(Page { bytes, rows_at, masked, room, number }));
        }
    }
}

fn checksum(page: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(page.get(..PAGE - CHECKSUM).unwrap_or_default());
    crc.sum()
}

impl Page<'_> {
    /// The places that hold a whole row, from 0, with the row.
    pub(super) fn rows(&self, row_len: usize) -> impl Iterator<Item = (usize, &[u8])> {
        let rows = self.bytes.get(self.rows_at..).unwrap_or_default();
        let mask = self.bytes.get(4..ROWS_AT).unwrap_or_default();
        let masked = self.masked;
        rows.chunks_exact(row_len.max(1)).take(self.room).enumerate().filter(move |(place, _)| {
            !masked || mask.get(place / 8).is_some_and(|byte| byte >> (place % 8) & 1 == 1)
        })
    }

    /// The number of rows that have room in a page.
    pub(super) fn room(&self) -> usize {
        self.room
    }
}

/// Rows of an `.ndc` file one by one, with their places counted from 1 through all pages.
pub(super) struct Stream {
    pub(super) pages: Pages,
    row_len: usize,
    /// Rows of the page that is read, one behind the other, and their places.
    rows: Vec<u8>,
    places: Vec<u64>,
    next: usize,
}

impl Stream {
    pub(super) fn new(pages: Pages, row_len: usize) -> Self {
        Self { pages, row_len, rows: Vec::new(), places: Vec::new(), next: 0 }
    }

    /// The next row and its place; none at the end. Errors when the source cannot be read.
    pub(super) fn next(&mut self) -> io::Result<Option<(u64, &[u8])>> {
        while self.next == self.places.len() {
            let Some(page) = self.pages.next(self.row_len)? else { return Ok(None) };
            self.rows.clear();
            self.places.clear();
            self.next = 0;
            let before = page.number * page.room() as u64;
            for (place, row) in page.rows(self.row_len) {
                self.rows.extend_from_slice(row);
                self.places.push(before + place as u64 + 1);
            }
        }
        let at = self.next;
        self.next += 1;
        let row = self.rows.get(at * self.row_len..(at + 1) * self.row_len);
        Ok(self.places.get(at).copied().zip(row))
    }
}
