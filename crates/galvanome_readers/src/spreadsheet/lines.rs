//! Sheets as a source of text, so that whatever reads a vendor's text reads his workbooks too.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use super::found::Found;
use super::package::Book;
use super::sheet::Rows;
use crate::source::Source;
use crate::text::cells::Delimiter;
use crate::xml::Xml;

/// What stands between the cells of a line.
pub(super) const TAB: Delimiter = Delimiter::Byte(b'\t');

/// Text that is kept, since readers look at the beginning more than once.
const HEAD: usize = 1 << 19;
/// Text that is made at first, and at a time later: many only look at the names.
const FIRST: usize = 1 << 12;
const PIECE: usize = 1 << 16;

/// A sheet that is read, and how many of its first rows are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    /// Its place among the sheets.
    pub(super) sheet: usize,
    /// Rows that are left out: the names of columns, where a sheet continues another one.
    pub(super) skip: u64,
}

/// Sheets one after the other, as text.
#[derive(Clone)]
pub(super) struct Lines(Arc<Mutex<State>>);

struct State {
    book: Arc<Book>,
    parts: Vec<Part>,
    /// The next part.
    next: usize,
    rows: Option<Rows>,
    /// Lines so far, and at which of them each part began.
    line: u64,
    begins: Vec<(u64, Part)>,
    found: Found,
    /// The beginning of the text.
    head: Vec<u8>,
    /// A piece of text, and where it begins.
    piece: Vec<u8>,
    base: u64,
}

/// What was seen when the lines were read.
pub(super) struct Seen {
    pub(super) found: Found,
    /// At which line, counted from 0, each part begins.
    pub(super) begins: Vec<(u64, Part)>,
}

impl Seen {
    /// The sheet and its row of a line, counted from 1.
    pub(super) fn place(&self, book: &Book, line: u64) -> String {
        let of = self.begins.iter().rev().find(|(begin, _)| *begin < line.max(1));
        match of {
            Some((begin, part)) => {
                let name = book.sheets.get(part.sheet).map_or("", |sheet| sheet.name.as_str());
                format!("sheet {name}, row {}", line.max(1) - begin + part.skip)
            }
            None => String::new(),
        }
    }
}

impl Lines {
    /// The text of sheets of a workbook.
    pub(super) fn new(book: &Arc<Book>, parts: Vec<Part>) -> Self {
        Self(Arc::new(Mutex::new(State {
            book: Arc::clone(book),
            parts,
            next: 0,
            rows: None,
            line: 0,
            begins: Vec::new(),
            found: Found::default(),
            head: Vec::new(),
            piece: Vec::new(),
            base: 0,
        })))
    }

    /// What was seen so far.
    pub(super) fn seen(&self) -> Seen {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Seen { found: state.found.clone(), begins: state.begins.clone() }
    }
}

impl Source for Lines {
    /// Nobody knows before all of it was read.
    fn len(&self) -> u64 {
        u64::MAX
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.read_at(offset, into)
    }
}

impl State {
    fn read_at(&mut self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let end = self.base + self.piece.len() as u64;
            let from = if offset >= self.base && offset < end {
                self.piece.get((offset - self.base) as usize..)
            } else {
                usize::try_from(offset).ok().and_then(|offset| self.head.get(offset..))
            };
            if let Some(from) = from.filter(|from| !from.is_empty()) {
                let len = from.len().min(into.len());
                if let (Some(to), Some(from)) = (into.get_mut(..len), from.get(..len)) {
                    to.copy_from_slice(from);
                }
                return Ok(len);
            }
            if offset < self.base {
                self.restart();
            } else if !self.fill()? {
                return Ok(0);
            }
        }
    }

    /// Goes back to the beginning.
    fn restart(&mut self) {
        self.next = 0;
        self.rows = None;
        self.line = 0;
        self.begins.clear();
        self.found = Found::default();
        self.piece.clear();
        self.base = 0;
    }

    /// Makes the next piece. Gives whether there is one.
    fn fill(&mut self) -> io::Result<bool> {
        self.base += self.piece.len() as u64;
        self.piece.clear();
        let enough = usize::try_from(self.base).unwrap_or(PIECE).clamp(FIRST, PIECE);
        let Self { book, parts, next, rows, line, begins, found, piece, .. } = self;
        let mut strings = book.strings.lock().unwrap_or_else(PoisonError::into_inner);
        while piece.len() < enough {
            let Some(current) = rows else {
                let Some(part) = parts.get(*next).copied() else { break };
                let Some(sheet) = book.sheets.get(part.sheet) else { break };
                *next += 1;
                begins.push((*line, part));
                let mut begun =
                    Rows::begin(Xml::new(book.archive.unpack(&sheet.entry)?), book.from_1904);
                let (mut skipped, mut nothing) = (0, Vec::new());
                while skipped < part.skip
                    && begun.next(book, &mut strings, found, &mut skipped, &mut nothing)?
                {
                    nothing.clear();
                }
                *rows = Some(begun);
                continue;
            };
            if !current.next(book, &mut strings, found, line, piece)? {
                *rows = None;
            }
        }
        drop(strings);
        if self.base == self.head.len() as u64 && self.head.len() < HEAD {
            self.head.extend_from_slice(&self.piece);
        }
        Ok(!self.piece.is_empty())
    }
}
