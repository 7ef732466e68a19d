//! Pages of a database.

use std::io;

use super::super::definition::Holds;
use super::super::long::{INLINE, LVAL, SINGLE};
use super::super::pages::{
    CIPHERED_AT, CODE_PAGE_AT, DATA, DEFINITION, HEAD_KEY, Jet, KEY_AT, MARK_AT, MARKS, USAGE,
    VERSION_AT,
};
use super::super::rc4::Rc4;
use super::super::slots::{DELETED, ELSEWHERE};
use super::super::text::encode;
use super::Quirk;
use super::fields::{Cell, fixed_len, row};

/// Pages that every database begins with: head, maps of pages, and definition and rows of the catalogue.
const MAPS: u32 = 1;
const CATALOG: u32 = 2;
const CATALOG_ROWS: u32 = 3;

/// Long values up to this many bytes stand in the row.
const MOST_INLINE: usize = 64;

/// A table to be written.
pub(super) struct Sheet {
    pub(super) name: &'static str,
    pub(super) columns: Vec<(String, Holds)>,
    pub(super) rows: Vec<Vec<Cell>>,
}

impl Sheet {
    pub(super) fn new(name: &'static str, columns: &[(&str, Holds)], rows: Vec<Vec<Cell>>) -> Self {
        let columns = columns.iter().map(|(name, holds)| ((*name).to_owned(), *holds)).collect();
        Self { name, columns, rows }
    }
}

/// A database that grows by tables.
pub(super) struct Database<'a> {
    jet: Jet,
    quirks: &'a [Quirk],
    pages: Vec<Vec<u8>>,
    /// Name and page of each table.
    tables: Vec<(&'static str, u32)>,
}

/// Pages of rows of one owner, of which the last one is filled.
#[derive(Default)]
struct Chain(Vec<u32>);

fn put(bytes: &mut [u8], at: usize, what: &[u8]) {
    if let Some(to) = bytes.get_mut(at..).and_then(|rest| rest.get_mut(..what.len())) {
        to.copy_from_slice(what);
    }
}

/// A pointer to a row: its number in one byte, its page in three.
fn pointer((page, row): (u32, usize)) -> [u8; 4] {
    ((page << 8) | row as u32).to_le_bytes()
}

fn too_long() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "a row is longer than a page")
}

impl<'a> Database<'a> {
    pub(super) fn new(jet: Jet, quirks: &'a [Quirk]) -> Self {
        let mut database = Self { jet, quirks, pages: Vec::new(), tables: Vec::new() };
        database.pages = vec![vec![0; jet.page_len()]; CATALOG_ROWS as usize];
        database.begin(MAPS, [0; 4]);
        // The catalogue comes first, and is filled in the end.
        database.page(CATALOG.to_le_bytes());
        database
    }

    /// Begins a page of rows.
    fn begin(&mut self, number: u32, owner: [u8; 4]) {
        if let Some(page) = self.pages.get_mut(number as usize) {
            put(page, 0, &[DATA, 1]);
            put(page, 4, &owner);
        }
    }

    /// A new page of rows.
    fn page(&mut self, owner: [u8; 4]) -> u32 {
        self.pages.push(vec![0; self.jet.page_len()]);
        let number = self.pages.len() as u32 - 1;
        self.begin(number, owner);
        number
    }

    /// Puts a row on a page. Gives its number; none when there is no room.
    fn put_row(&mut self, number: u32, bytes: &[u8], flags: u16) -> Option<usize> {
        let count_at = self.jet.row_count_at();
        let page = self.pages.get_mut(number as usize)?;
        let u16_at = |page: &[u8], at: usize| {
            page.get(at..at + 2).map_or(0, |bytes| u16::from_le_bytes([bytes[0], bytes[1]]))
        };
        let count = usize::from(u16_at(page, count_at));
        let end = match count {
            0 => page.len(),
            _ => usize::from(u16_at(page, count_at + 2 * count) & 0x1FFF),
        };
        let places_end = count_at + 2 + 2 * (count + 1);
        let start = end.checked_sub(bytes.len()).filter(|start| *start >= places_end)?;
        if count >= 255 {
            return None;
        }
        put(page, start, bytes);
        put(page, count_at + 2 + 2 * count, &(start as u16 | flags).to_le_bytes());
        put(page, count_at, &(count as u16 + 1).to_le_bytes());
        Some(count)
    }

    /// Puts a row on the last page of a chain, or on a new one.
    fn append(
        &mut self,
        chain: &mut Chain,
        owner: [u8; 4],
        bytes: &[u8],
        flags: u16,
    ) -> io::Result<(u32, usize)> {
        if let Some(&page) = chain.0.last()
            && let Some(row) = self.put_row(page, bytes, flags)
        {
            return Ok((page, row));
        }
        let page = self.page(owner);
        chain.0.push(page);
        self.put_row(page, bytes, flags).map(|row| (page, row)).ok_or_else(too_long)
    }

    /// Keeps a long text, and gives what stands in the row for it.
    fn long(&mut self, text: &str) -> io::Result<Vec<u8>> {
        let bytes = encode(self.jet, text).into_owned();
        let len = bytes.len() as u32;
        let head = |flags: u32, at: [u8; 4]| [(len | flags).to_le_bytes(), at, [0; 4]].concat();
        let room = self.jet.page_len() - self.jet.row_count_at() - 4;
        if bytes.len() <= MOST_INLINE {
            return Ok([head(INLINE, [0; 4]), bytes].concat());
        }
        if bytes.len() <= room {
            let row = self.append(&mut Chain::default(), *LVAL, &bytes, 0)?;
            return Ok(head(SINGLE, pointer(row)));
        }
        // Parts point to the next one, so that the last is written first.
        let mut next = [0; 4];
        for part in bytes.chunks(room - 4).rev() {
            let row = [&next[..], part].concat();
            next = pointer(self.append(&mut Chain::default(), *LVAL, &row, 0)?);
        }
        Ok(head(0, next))
    }

    /// Adds a table.
    pub(super) fn add(&mut self, sheet: &Sheet) -> io::Result<()> {
        let has = |quirk: Quirk| self.quirks.contains(&quirk);
        let (deleted, elsewhere) = (has(Quirk::Deleted), has(Quirk::Elsewhere));
        let backwards = has(Quirk::Backwards);
        let first = self.pages.len() as u32;
        let definition = self.define(sheet, first)?;
        self.tables.push((sheet.name, first));
        let owner = first.to_le_bytes();
        let (mut chain, mut aside) = (Chain::default(), Chain::default());
        for at in 0..sheet.rows.len() {
            let at = if backwards { sheet.rows.len() - 1 - at } else { at };
            let mut cells = sheet.rows.get(at).cloned().unwrap_or_default();
            for ((_, holds), cell) in sheet.columns.iter().zip(&mut cells) {
                if let (Holds::Memo, Cell::Text(text)) = (holds, &*cell) {
                    *cell = Cell::Bytes(self.long(text)?);
                }
            }
            let jet = self.jet;
            let bytes = row(jet, &sheet.columns, &cells, &|text| encode(jet, text).into_owned());
            if deleted && at % 5 == 0 {
                self.append(&mut chain, owner, &bytes, DELETED | ELSEWHERE)?;
            }
            if elsewhere && at % 3 == 0 {
                let there = self.append(&mut aside, owner, &bytes, DELETED)?;
                self.append(&mut chain, owner, &pointer(there), ELSEWHERE)?;
            } else {
                self.append(&mut chain, owner, &bytes, 0)?;
            }
        }
        chain.0.extend(aside.0);
        self.map(&chain.0, definition)
    }

    /// Writes the map of a table's pages, and where it is into its definition.
    fn map(&mut self, owned: &[u32], definition: (u32, usize)) -> io::Result<()> {
        let inline = match self.jet {
            Jet::Three => 128,
            Jet::Four => 64,
        };
        let first = owned.iter().copied().min().unwrap_or(0);
        let last = owned.iter().copied().max().unwrap_or(0);
        let far = self.quirks.contains(&Quirk::FarMaps) || (last - first) as usize >= inline * 8;
        let set = |map: &mut [u8], bit: usize| {
            if let Some(byte) = map.get_mut(bit / 8) {
                *byte |= 1 << (bit % 8);
            }
        };
        let mut map = vec![0; 5 + inline];
        if far {
            let each = (self.jet.page_len() - 4) * 8;
            put(&mut map, 0, &[1]);
            for part in 0..=last as usize / each {
                let mut page = vec![0; self.jet.page_len()];
                put(&mut page, 0, &[USAGE, 1]);
                for number in owned.iter().map(|number| *number as usize) {
                    if number / each == part {
                        set(page.get_mut(4..).unwrap_or_default(), number % each);
                    }
                }
                put(&mut map, 1 + 4 * part, &(self.pages.len() as u32).to_le_bytes());
                self.pages.push(page);
            }
        } else {
            put(&mut map, 1, &first.to_le_bytes());
            for number in owned {
                set(map.get_mut(5..).unwrap_or_default(), (number - first) as usize);
            }
        }
        let row = self.put_row(MAPS, &map, 0).ok_or_else(too_long)?;
        let (page, at) = definition;
        if let Some(page) = self.pages.get_mut(page as usize) {
            put(page, at, &pointer((MAPS, row)));
        }
        Ok(())
    }

    /// Writes the definition of a table, and gives where it points to the map.
    fn define(&mut self, sheet: &Sheet, first: u32) -> io::Result<(u32, usize)> {
        let three = self.jet == Jet::Three;
        let variable =
            sheet.columns.iter().filter(|(_, holds)| fixed_len(*holds).is_none()).count();
        let count = sheet.columns.len() as u16;
        let mut bytes = vec![0; if three { 43 } else { 63 }];
        put(&mut bytes, 0, &[DEFINITION, 1]);
        put(&mut bytes, if three { 12 } else { 16 }, &(sheet.rows.len() as u32).to_le_bytes());
        let counts_at = if three { 20 } else { 40 };
        put(&mut bytes, counts_at, b"N");
        put(&mut bytes, counts_at + 1, &count.to_le_bytes());
        put(&mut bytes, counts_at + 3, &(variable as u16).to_le_bytes());
        put(&mut bytes, counts_at + 5, &count.to_le_bytes());
        let (mut offset, mut list) = (0_usize, 0_u16);
        for (number, (_, holds)) in (0_u16..).zip(&sheet.columns) {
            let kind = match holds {
                Holds::Bool => 1,
                Holds::Byte => 2,
                Holds::Int => 3,
                Holds::Long => 4,
                Holds::Money => 5,
                Holds::Float => 6,
                Holds::Double => 7,
                Holds::Date => 8,
                Holds::Text => 10,
                Holds::Memo => 12,
                Holds::Numeric(_) => 16,
                Holds::Other => 9,
            };
            let len = fixed_len(*holds);
            let mut column = vec![0; if three { 18 } else { 25 }];
            put(&mut column, 0, &[kind]);
            let at = if three { 1 } else { 5 };
            put(&mut column, at, &number.to_le_bytes());
            put(&mut column, at + 2, &list.to_le_bytes());
            put(&mut column, at + 4, &number.to_le_bytes());
            if let (true, Holds::Text | Holds::Memo) = (three, holds) {
                put(&mut column, 9, &1252_u16.to_le_bytes());
            }
            if let Holds::Numeric(scale) = holds {
                put(&mut column, if three { 10 } else { 12 }, &[*scale]);
            }
            let flags = 2 | u8::from(len.is_some());
            put(&mut column, if three { 13 } else { 15 }, &[flags, u8::from(!three)]);
            let at = if three { 14 } else { 21 };
            put(&mut column, at, &(offset as u16).to_le_bytes());
            let most = if *holds == Holds::Text { 255 } else { 0 };
            put(&mut column, at + 2, &(len.unwrap_or(most) as u16).to_le_bytes());
            bytes.extend(column);
            offset += len.unwrap_or(0);
            list += u16::from(len.is_none());
        }
        for (name, _) in &sheet.columns {
            if three {
                bytes.push(name.len() as u8);
                bytes.extend(name.bytes());
            } else {
                bytes.extend((2 * name.len() as u16).to_le_bytes());
                bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
            }
        }
        bytes.extend([0xFF, 0xFF]);
        let len = bytes.len() as u32 - 8;
        put(&mut bytes, 8, &len.to_le_bytes());
        self.spread(&bytes, first)?;
        Ok((first, if three { 35 } else { 55 }))
    }

    /// Spreads a definition over pages, of which the first has a number.
    fn spread(&mut self, bytes: &[u8], first: u32) -> io::Result<()> {
        let len = self.jet.page_len();
        let (here, mut rest) = bytes.split_at(bytes.len().min(len));
        let mut page = here.to_vec();
        page.resize(len, 0);
        match self.pages.get_mut(first as usize) {
            Some(place) => *place = page,
            None => self.pages.push(page),
        }
        let mut before = first as usize;
        while !rest.is_empty() {
            let (here, more) = rest.split_at(rest.len().min(len - 8));
            rest = more;
            let next = self.pages.len();
            put(self.pages.get_mut(before).ok_or_else(too_long)?, 4, &(next as u32).to_le_bytes());
            let mut page = vec![0; 8];
            put(&mut page, 0, &[DEFINITION, 1]);
            page.extend(here);
            page.resize(len, 0);
            self.pages.push(page);
            before = next;
        }
        Ok(())
    }

    /// Writes catalogue and head, and gives the whole.
    pub(super) fn finish(mut self) -> io::Result<Vec<u8>> {
        let columns = [
            ("Id", Holds::Long),
            ("ParentId", Holds::Long),
            ("Name", Holds::Text),
            ("Type", Holds::Int),
            ("Flags", Holds::Long),
        ];
        let tables = std::mem::take(&mut self.tables);
        let system = [("MSysObjects", CATALOG)];
        let row = |(name, page): &(&'static str, u32)| {
            let flags = if name.starts_with("MSys") { -2_147_483_648.0 } else { 0.0 };
            vec![
                Cell::Number(f64::from(*page)),
                Cell::Number(251_658_241.0),
                Cell::Text((*name).to_owned()),
                Cell::Number(1.0),
                Cell::Number(flags),
            ]
        };
        let rows = system.iter().chain(&tables).map(row).collect();
        let sheet = Sheet::new("MSysObjects", &columns, rows);
        let definition = self.define(&sheet, CATALOG)?;
        let mut chain = Chain(vec![CATALOG_ROWS]);
        for cells in &sheet.rows {
            let jet = self.jet;
            let text = |text: &str| encode(jet, text).into_owned();
            let bytes = super::fields::row(jet, &sheet.columns, cells, &text);
            self.append(&mut chain, CATALOG.to_le_bytes(), &bytes, 0)?;
        }
        self.map(&chain.0, definition)?;
        let key = self
            .quirks
            .iter()
            .find_map(|quirk| if let Quirk::Ciphered(key) = quirk { Some(*key) } else { None });
        let mut pages = self.pages;
        let head = pages.first_mut().ok_or_else(too_long)?;
        put(head, 0, &[0, 1]);
        put(head, MARK_AT, MARKS[0]);
        put(head, VERSION_AT, &[u8::from(self.jet == Jet::Four)]);
        put(head, CODE_PAGE_AT, &1252_u16.to_le_bytes());
        put(head, KEY_AT, &key.unwrap_or(0).to_le_bytes());
        let end = CIPHERED_AT + self.jet.ciphered_len();
        Rc4::new(HEAD_KEY).apply(head.get_mut(CIPHERED_AT..end).unwrap_or_default());
        if let Some(key) = key.filter(|key| *key != 0) {
            for (number, page) in (0_u32..).zip(&mut pages).skip(1) {
                Rc4::new((key ^ number).to_le_bytes()).apply(page);
            }
        }
        Ok(pages.concat())
    }
}
