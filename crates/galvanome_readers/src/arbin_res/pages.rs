//! A Jet database as numbered pages: its head, and pages as they are once deciphered.

use std::cell::{Cell, RefCell};
use std::io;
use std::rc::Rc;

use super::le::{u16_at, u32_at};
use super::rc4::Rc4;
use crate::source::{Source, head_of, read_full};

/// The version of a Jet database, which decides the layout of its pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jet {
    /// Access 97: pages of 2048 bytes, text in the code page of the computer.
    Three,
    /// Access 2000 and later: pages of 4096 bytes, text in Unicode.
    Four,
}

impl Jet {
    /// Bytes of a page.
    pub(super) fn page_len(self) -> usize {
        match self {
            Self::Three => 2048,
            Self::Four => 4096,
        }
    }

    /// Where a page of data counts its rows; their places follow.
    pub(super) fn row_count_at(self) -> usize {
        match self {
            Self::Three => 8,
            Self::Four => 12,
        }
    }

    /// Bytes of the head that are ciphered, from [`CIPHERED_AT`] on.
    pub(super) fn ciphered_len(self) -> usize {
        match self {
            Self::Three => 126,
            Self::Four => 128,
        }
    }
}

/// What files of Access begin with, behind four bytes.
pub(super) const MARKS: [&[u8]; 2] = [b"Standard Jet DB\0", b"Standard ACE DB\0"];
/// Where the mark stands.
pub(super) const MARK_AT: usize = 4;
/// Where the version stands.
pub(super) const VERSION_AT: usize = 0x14;
/// Where the ciphered part of the head begins, and the key that all databases share for it.
pub(super) const CIPHERED_AT: usize = 0x18;
pub(super) const HEAD_KEY: [u8; 4] = [0xC7, 0xDA, 0x39, 0x6B];
/// Where the code page of text and the key of the other pages stand.
pub(super) const CODE_PAGE_AT: usize = 0x3C;
pub(super) const KEY_AT: usize = 0x3E;

/// First bytes of pages, which say what they hold.
pub(super) const DATA: u8 = 1;
pub(super) const DEFINITION: u8 = 2;
pub(super) const USAGE: u8 = 5;

/// Pages that are fetched at a time, and pages that are kept.
const AHEAD: u32 = 16;
const KEPT: usize = 256;

/// A page, as it is once deciphered.
pub(super) type Page = Rc<[u8]>;

/// The pages of a database.
pub(super) struct Pages<'a> {
    source: &'a dyn Source,
    /// The version.
    pub(super) jet: Jet,
    /// The code page of text in version 3.
    pub(super) code_page: u16,
    /// How many whole pages there are.
    pub(super) count: u32,
    /// Bytes behind the last whole page.
    pub(super) rest: u64,
    key: u32,
    kept: RefCell<Vec<Option<(u32, Page)>>>,
    /// The page behind the one that was fetched last: who asks for it is likely to ask for more.
    expected: Cell<u32>,
}

impl<'a> Pages<'a> {
    /// Opens a database; none when it does not begin as one. Errors when the source cannot be read.
    pub(super) fn open(source: &'a dyn Source) -> io::Result<Option<Self>> {
        let mut head = head_of(source, 256)?;
        let marked =
            MARKS.iter().any(|mark| head.get(MARK_AT..).is_some_and(|head| head.starts_with(mark)));
        let Some(version) = head.get(VERSION_AT).filter(|_| marked) else { return Ok(None) };
        let jet = if *version == 0 { Jet::Three } else { Jet::Four };
        if let Some(ciphered) = head.get_mut(CIPHERED_AT..) {
            let len = ciphered.len().min(jet.ciphered_len());
            Rc4::new(HEAD_KEY).apply(ciphered.get_mut(..len).unwrap_or_default());
        }
        let page_len = jet.page_len() as u64;
        Ok(Some(Self {
            source,
            jet,
            code_page: u16_at(&head, CODE_PAGE_AT),
            count: u32::try_from(source.len() / page_len).unwrap_or(u32::MAX),
            rest: source.len() % page_len,
            key: u32_at(&head, KEY_AT),
            kept: RefCell::new(vec![None; KEPT]),
            expected: Cell::new(0),
        }))
    }

    /// A page; none behind the end of the file. Errors when the source cannot be read.
    pub(super) fn page(&self, number: u32) -> io::Result<Option<Page>> {
        if number >= self.count {
            return Ok(None);
        }
        let place = number as usize % KEPT;
        if let Some(Some((kept, page))) = self.kept.borrow().get(place)
            && *kept == number
        {
            return Ok(Some(Rc::clone(page)));
        }
        let len = self.jet.page_len();
        let ahead = if number == self.expected.get() { AHEAD } else { 1 }.min(self.count - number);
        self.expected.set(number.saturating_add(ahead));
        let mut bytes = vec![0; len * ahead as usize];
        let got = read_full(self.source, u64::from(number) * len as u64, &mut bytes)?;
        let mut kept = self.kept.borrow_mut();
        let mut first = None;
        for (number, page) in (number..).zip(bytes.chunks_exact_mut(len).take(got / len)) {
            if self.key != 0 && number > 0 {
                Rc4::new((self.key ^ number).to_le_bytes()).apply(page);
            }
            let page: Page = Rc::from(&*page);
            first.get_or_insert_with(|| Rc::clone(&page));
            if let Some(place) = kept.get_mut(number as usize % KEPT) {
                *place = Some((number, page));
            }
        }
        Ok(first)
    }
}
