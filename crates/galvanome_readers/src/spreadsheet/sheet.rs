//! The rows of a sheet as lines of cells between tabs, line by line as the sheet counts its rows.
//!
//! Source: ECMA-376 part 1, 18.3 (sheet data). Numbers stay as they are written; dates and times become texts by the
//! format of their cell; errors become empty cells. Rows and cells may lack their places, and then follow each other.

use std::io;

use super::cell::{Kind, Tag, number, plain_number, tag_of, usual_cell};
use super::dates::Dates;
use super::found::{Found, Stop};
use super::package::Book;
use super::strings::{Strings, gather, put};
use super::styles::Shown;
use crate::archive::End;
use crate::xml::{Attributes, Token, Xml, unescape};

/// Rows of a sheet, as Excel allows.
const ROWS_MAX: u32 = 1 << 20;
/// Columns of a sheet that are read.
const COLUMNS_MAX: u32 = 4096;
/// Bytes of a row.
const ROW_MAX: usize = 1 << 20;
/// Empty cells before filled ones that a row may have beyond eight for each filled one.
const GAP_MAX: usize = 64;
/// What ends a row.
const ROW_END: &[u8] = b"</row>";

/// A sheet while its rows are read.
pub(super) struct Rows {
    xml: Xml,
    inside: bool,
    /// Rows that became lines.
    row: u32,
    /// Cells of the widest row so far.
    width: usize,
    dates: Dates,
    cells: Cells,
}

/// The filled cells of one row.
#[derive(Default)]
struct Cells {
    text: Vec<u8>,
    /// Column, beginning and end of each cell in the text.
    spans: Vec<(u32, usize, usize)>,
    raw: Vec<u8>,
    too_long: bool,
}

impl Rows {
    /// The rows of a sheet, before the first.
    pub(super) fn begin(xml: Xml, from_1904: bool) -> Self {
        Self {
            xml,
            inside: false,
            row: 0,
            width: 0,
            dates: Dates::new(from_1904),
            cells: Cells::default(),
        }
    }

    /// Adds the next row, with empty lines for rows that are left out before it. Gives whether there was one. `line` is
    /// the number of lines so far. Errors when the source cannot be read.
    pub(super) fn next(
        &mut self,
        book: &Book,
        strings: &mut Strings,
        found: &mut Found,
        line: &mut u64,
        into: &mut Vec<u8>,
    ) -> io::Result<bool> {
        let stop = loop {
            match self.xml.next()? {
                Some(Token::Open { name: b"sheetData", empty, .. }) => self.inside = !empty,
                Some(Token::Close(b"sheetData")) => break None,
                Some(Token::Open { name: b"row", attributes, empty }) if self.inside => {
                    let place = Attributes(attributes).find(|(name, _)| *name == b"r");
                    let place = place.and_then(|(_, place)| number(place)).unwrap_or(0);
                    let gap = place.saturating_sub(self.row + 1);
                    if self.row + gap >= ROWS_MAX {
                        break Some(Stop::Endless);
                    }
                    let at = *line + u64::from(gap) + 1;
                    let begin = into.len();
                    into.resize(begin + gap as usize, b'\n');
                    if empty || !self.usual_row(book, strings, found, at, into)? {
                        if !empty && !self.row(book, strings, found, at)? {
                            into.truncate(begin);
                            break Some(self.stop());
                        }
                        self.put_row(found, at, into);
                    }
                    self.row += gap + 1;
                    *line = at;
                    return Ok(true);
                }
                Some(_) => {}
                None => break Some(self.stop()),
            }
        };
        if stop.is_none() && self.xml.differs()? {
            found.altered.push(*line);
        }
        found.stopped.extend(stop.map(|stop| (*line, stop)));
        Ok(false)
    }

    fn stop(&self) -> Stop {
        match self.xml.end() {
            _ if self.xml.is_idle() => Stop::Endless,
            End::Cut | End::Open => Stop::Cut,
            End::Broken | End::Whole => Stop::Broken,
            End::Unknown | End::TooLong => Stop::Unknown,
        }
    }

    /// Adds the row whose tag was read as a line, if all of it is at hand and written as nearly all are: cells from left to
    /// right go straight where they belong. Gives whether it was so; else nothing was done.
    fn usual_row(
        &mut self,
        book: &Book,
        strings: &mut Strings,
        found: &mut Found,
        line: u64,
        into: &mut Vec<u8>,
    ) -> io::Result<bool> {
        let Self { xml, dates, width, .. } = self;
        let (begin, lost) = (into.len(), found.lost);
        let ahead = xml.ahead();
        let (mut at, mut next, mut column, mut filled, mut span) = (0, 0, 0, 0, 0);
        loop {
            let rest = ahead.get(at..).unwrap_or_default();
            let Some(cell) = usual_cell(rest, next) else {
                let sparse = span > 8 * filled + GAP_MAX;
                let usual = rest.starts_with(ROW_END) && !sparse && filled > 0;
                if !usual || into.len() - begin > ROW_MAX {
                    break;
                }
                xml.pass(at + ROW_END.len());
                xml.was_useful();
                *width = (*width).max(span);
                fill_up(filled, span, *width, into);
                into.push(b'\n');
                return Ok(true);
            };
            if cell.column < next || cell.column >= COLUMNS_MAX || into.len() - begin > ROW_MAX {
                break;
            }
            next = cell.column + 1;
            at += cell.len;
            let value = rest.get(cell.from..cell.to).unwrap_or_default();
            if value.is_empty() && !cell.shared {
                continue;
            }
            let before = into.len();
            match cell.column - column {
                1 => into.push(b'\t'),
                tabs => into.resize(before + tabs as usize, b'\t'),
            }
            let from = into.len();
            if cell.shared {
                put_shared(value, strings, found, line, into)?;
            } else {
                let shown = book.styles.get(cell.style).copied().unwrap_or_default();
                if !put_date(value, shown, dates, into) {
                    put_short(rest.get(cell.from..).unwrap_or_default(), value.len(), into);
                }
            }
            if into.len() > from {
                column = cell.column;
                span = next as usize;
                filled += 1;
            } else {
                into.truncate(before);
            }
        }
        into.truncate(begin);
        found.lost = lost;
        Ok(false)
    }

    /// Reads the cells of a row whose tag was read. Gives whether its end was there.
    fn row(
        &mut self,
        book: &Book,
        strings: &mut Strings,
        found: &mut Found,
        line: u64,
    ) -> io::Result<bool> {
        self.cells.spans.clear();
        self.cells.text.clear();
        self.cells.too_long = false;
        let mut next = 0;
        loop {
            if let Some(cell) = usual_cell(self.xml.ahead(), next) {
                next = cell.column.saturating_add(1);
                let from = self.cells.text.len();
                if cell.column >= COLUMNS_MAX || from > ROW_MAX {
                    self.cells.too_long = true;
                } else {
                    let value = self.xml.ahead().get(cell.from..cell.to).unwrap_or_default();
                    let shown = book.styles.get(cell.style).copied().unwrap_or_default();
                    if cell.shared {
                        put_shared(value, strings, found, line, &mut self.cells.text)?;
                    } else {
                        put_number(value, shown, &mut self.dates, &mut self.cells.text);
                    }
                    if self.cells.text.len() > from {
                        self.cells.spans.push((cell.column, from, self.cells.text.len()));
                    }
                }
                self.xml.pass(cell.len);
                continue;
            }
            let tag = match self.xml.next()? {
                Some(Token::Close(b"row")) => return Ok(true),
                Some(Token::Open { name: b"c", attributes, empty }) => {
                    let tag = tag_of(attributes);
                    let column = tag.column.unwrap_or(next);
                    next = column.saturating_add(1);
                    if empty {
                        continue;
                    }
                    Tag { column: Some(column), ..tag }
                }
                // Tags that are not closed: what follows may belong anywhere.
                Some(Token::Open { name: b"row", .. } | Token::Close(b"sheetData")) | None => {
                    return Ok(false);
                }
                Some(_) => continue,
            };
            if !self.value(tag.kind)? {
                return Ok(false);
            }
            let column = tag.column.unwrap_or(0);
            if column >= COLUMNS_MAX || self.cells.text.len() > ROW_MAX {
                self.cells.too_long = true;
                continue;
            }
            let from = self.cells.text.len();
            self.put_cell(tag, book, strings, found, line)?;
            if self.cells.text.len() > from {
                self.cells.spans.push((column, from, self.cells.text.len()));
            }
        }
    }

    /// Reads the value of a cell up to its end into `raw`. Gives whether its end was there.
    fn value(&mut self, kind: Kind) -> io::Result<bool> {
        let Self { xml, cells, .. } = self;
        cells.raw.clear();
        let mut inside = false;
        while let Some(token) = xml.next()? {
            match token {
                Token::Open { name: b"v", empty, .. } => {
                    inside = !empty;
                    cells.raw.clear();
                }
                Token::Close(b"v") => inside = false,
                Token::Close(b"c") => return Ok(true),
                // Two values must not become one.
                Token::Open { name: b"c" | b"row", .. } | Token::Close(b"row") => return Ok(false),
                Token::Open { name: b"is", empty: false, .. } if kind == Kind::Inline => {
                    let whole = gather(xml, b"is", &mut cells.raw)?;
                    if !whole {
                        return Ok(false);
                    }
                }
                Token::Text(text) if inside && cells.raw.len() < ROW_MAX => {
                    unescape(text, &mut cells.raw);
                }
                Token::Verbatim(text) if inside && cells.raw.len() < ROW_MAX => {
                    cells.raw.extend_from_slice(text);
                }
                _ => {}
            }
        }
        Ok(false)
    }

    /// Adds what a cell shows.
    fn put_cell(
        &mut self,
        tag: Tag,
        book: &Book,
        strings: &mut Strings,
        found: &mut Found,
        line: u64,
    ) -> io::Result<()> {
        let Cells { text, raw, .. } = &mut self.cells;
        match tag.kind {
            Kind::Number => {
                let shown = book.styles.get(tag.style).copied().unwrap_or_default();
                put_number(raw, shown, &mut self.dates, text);
            }
            Kind::Shared => put_shared(raw, strings, found, line, text)?,
            Kind::Text | Kind::Inline => put(raw, text),
            Kind::Truth => match raw.trim_ascii() {
                b"1" | b"true" => text.push(b'1'),
                b"0" | b"false" => text.push(b'0'),
                other => put(other, text),
            },
            Kind::Error => found.errors.add(line),
        }
        Ok(())
    }

    /// Adds the cells of the row as a line.
    fn put_row(&mut self, found: &mut Found, line: u64, into: &mut Vec<u8>) {
        let Cells { text, spans, too_long, .. } = &mut self.cells;
        if !spans.is_sorted_by_key(|span| span.0) {
            spans.sort_by_key(|span| span.0);
        }
        // Where two cells claim one place, the last one is what programs show.
        let filled = spans.len();
        let span = spans.last().map_or(0, |last| last.0 as usize + 1);
        let sparse = span > 8 * filled + GAP_MAX;
        if *too_long || sparse && filled > 0 {
            found.unusable.add(line);
        } else if filled > 0 {
            self.xml.was_useful();
            let mut column = 0;
            for (place, &(at, from, to)) in spans.iter().enumerate() {
                if spans.get(place + 1).is_some_and(|next| next.0 == at) {
                    continue;
                }
                into.resize(into.len() + (at - column) as usize, b'\t');
                column = at;
                into.extend_from_slice(text.get(from..to).unwrap_or_default());
            }
            self.width = self.width.max(span);
            fill_up(filled, span, self.width, into);
        }
        into.push(b'\n');
        spans.clear();
        text.clear();
    }
}

/// Adds the first bytes of some: most are few, and a copy of a fixed length is quicker than one of any.
fn put_short(bytes: &[u8], len: usize, into: &mut Vec<u8>) {
    match bytes.first_chunk::<24>() {
        Some(more) if len <= more.len() => {
            let end = into.len() + len;
            into.extend_from_slice(more);
            into.truncate(end);
        }
        _ => into.extend_from_slice(bytes.get(..len).unwrap_or_default()),
    }
}

/// Adds the empty cells that are left out at the end of a row, unless hardly any are there.
fn fill_up(filled: usize, span: usize, width: usize, into: &mut Vec<u8>) {
    if filled * 8 >= width {
        into.resize(into.len() + width - span, b'\t');
    }
}

/// Adds a number as a date or time, if its cell shows it so. Gives whether it does.
fn put_date(raw: &[u8], shown: Shown, dates: &mut Dates, into: &mut Vec<u8>) -> bool {
    if shown == Shown::Number {
        return false;
    }
    let text = || std::str::from_utf8(raw).ok()?.trim().parse().ok();
    plain_number(raw).or_else(text).is_some_and(|serial| dates.put(serial, shown, into))
}

/// Adds a number as it is written, or as its cell shows it; or whatever else stands in its place as a text.
fn put_number(raw: &[u8], shown: Shown, dates: &mut Dates, into: &mut Vec<u8>) {
    if put_date(raw, shown, dates, into) {
        return;
    }
    let plain = |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'E' | b'e');
    if raw.iter().all(plain) { into.extend_from_slice(raw) } else { put(raw, into) }
}

/// Adds the shared text of a number.
fn put_shared(
    raw: &[u8],
    strings: &mut Strings,
    found: &mut Found,
    line: u64,
    into: &mut Vec<u8>,
) -> io::Result<()> {
    let Some(number) = number(raw.trim_ascii()) else {
        found.lost.add(line);
        return Ok(());
    };
    if let Some(shared) = strings.get(number as usize)? {
        into.extend_from_slice(shared);
    } else {
        found.lost.add(line);
        into.extend_from_slice(format!("unknown_{number}").as_bytes());
    }
    Ok(())
}
