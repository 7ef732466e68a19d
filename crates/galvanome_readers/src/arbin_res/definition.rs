//! Definitions of tables: columns, the count of rows, and where the map of their pages is.

use std::io;

use super::le::{u8_at, u16_at, u32_at};
use super::pages::{DEFINITION, Jet, Pages};
use super::text;

/// Pages that a definition may go over; Access allows 255 columns, which fit in half as many.
const MOST_PAGES: usize = 64;

/// Columns that a table may have; Access allows 255, deleted ones included.
const MOST_COLUMNS: usize = 1024;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Bool,
    Byte,
    Int,
    Long,
    Money,
    Float,
    Double,
    Date,
    Text,
    Memo,
    /// A decimal number with so many digits behind the point.
    Numeric(u8),
    /// Bytes, pictures, ids: nothing that a test is made of.
    Other,
}

impl Holds {
    /// Whether it is a number, or a date as a number of days.
    pub(super) fn is_number(self) -> bool {
        !matches!(self, Self::Text | Self::Memo | Self::Other)
    }
}

/// A column of a table.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) holds: Holds,
    /// Its number, by which a row says whether it is missing.
    pub(super) number: usize,
    /// Where it is in a row: behind the row's first bytes, or in the list of what has no fixed length.
    pub(super) place: Place,
    /// The code page of its text in version 3.
    pub(super) code_page: u16,
}

/// Where a column is in a row.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    Fixed(usize),
    Variable(usize),
}

/// A row of a page: the pointer that Jet uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pointer {
    pub(super) page: u32,
    pub(super) row: usize,
}

impl Pointer {
    /// A pointer in bytes: the row in one, the page in three.
    pub(super) fn read(bytes: &[u8], at: usize) -> Self {
        let both = u32_at(bytes, at);
        Self { page: both >> 8, row: (both & 0xFF) as usize }
    }
}

/// The definition of a table.
#[derive(Debug, Clone)]
pub(super) struct Definition {
    /// The page where it begins, by which pages of data name their table.
    pub(super) page: u32,
    /// How many rows it counts.
    pub(super) rows: u32,
    /// The columns, by number.
    pub(super) columns: Vec<Column>,
    /// Whether rows have a list of what has no fixed length.
    pub(super) has_variable: bool,
    /// The map of the table's pages.
    pub(super) map: Pointer,
    /// Whether all of it was there.
    pub(super) whole: bool,
}

impl Definition {
    /// A column by its name.
    pub(super) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }
}

/// Where things stand in a definition, by version.
struct Layout {
    rows: usize,
    variable: usize,
    columns: usize,
    indexes: usize,
    map: usize,
    /// The end of the fixed part, bytes for each index behind it, and bytes of a column.
    end: usize,
    index_len: usize,
    column_len: usize,
    /// Within a column.
    number: usize,
    in_list: usize,
    scale: usize,
    code_page: Option<usize>,
    flags: usize,
    in_row: usize,
    /// Bytes that count those of a name.
    name_len: usize,
}

impl Layout {
    fn of(jet: Jet) -> Self {
        match jet {
            Jet::Three => Self {
                rows: 12,
                variable: 23,
                columns: 25,
                indexes: 31,
                map: 35,
                end: 43,
                index_len: 8,
                column_len: 18,
                number: 1,
                in_list: 3,
                scale: 10,
                code_page: Some(9),
                flags: 13,
                in_row: 14,
                name_len: 1,
            },
            Jet::Four => Self {
                rows: 16,
                variable: 43,
                columns: 45,
                indexes: 51,
                map: 55,
                end: 63,
                index_len: 12,
                column_len: 25,
                number: 5,
                in_list: 7,
                scale: 12,
                code_page: None,
                flags: 15,
                in_row: 21,
                name_len: 2,
            },
        }
    }
}

/// Reads the definition that begins at a page; none when it does not begin there. Errors when the source cannot
/// be read.
pub(super) fn read(pages: &Pages<'_>, page: u32) -> io::Result<Option<Definition>> {
    let Some(bytes) = gather(pages, page)? else { return Ok(None) };
    let layout = Layout::of(pages.jet);
    let count = usize::from(u16_at(&bytes, layout.columns)).min(MOST_COLUMNS);
    let indexes = u32_at(&bytes, layout.indexes) as usize;
    let first = layout.end.saturating_add(indexes.saturating_mul(layout.index_len));
    let mut name_at = first.saturating_add(count * layout.column_len);
    let mut definition = Definition {
        page,
        rows: u32_at(&bytes, layout.rows),
        columns: Vec::new(),
        has_variable: u16_at(&bytes, layout.variable) > 0,
        map: Pointer::read(&bytes, layout.map),
        whole: true,
    };
    for column in 0..count {
        let at = first.saturating_add(column * layout.column_len);
        let Some(described) = bytes.get(at..).and_then(|rest| rest.get(..layout.column_len)) else {
            definition.whole = false;
            break;
        };
        let number = usize::from(u16_at(described, layout.number));
        let name = name(pages, &bytes, &layout, &mut name_at);
        definition.whole &= name.is_some();
        definition.columns.push(Column {
            name: name.unwrap_or_else(|| format!("unknown_{number}")),
            holds: match u8_at(described, 0) {
                1 => Holds::Bool,
                2 => Holds::Byte,
                3 => Holds::Int,
                4 => Holds::Long,
                5 => Holds::Money,
                6 => Holds::Float,
                7 => Holds::Double,
                8 => Holds::Date,
                10 => Holds::Text,
                12 => Holds::Memo,
                16 => Holds::Numeric(u8_at(described, layout.scale)),
                _ => Holds::Other,
            },
            number,
            place: if u8_at(described, layout.flags) & 1 == 0 {
                Place::Variable(usize::from(u16_at(described, layout.in_list)))
            } else {
                Place::Fixed(usize::from(u16_at(described, layout.in_row)))
            },
            code_page: layout
                .code_page
                .map(|at| u16_at(described, at))
                .filter(|page| *page != 0)
                .unwrap_or(pages.code_page),
        });
    }
    definition.columns.sort_by_key(|column| column.number);
    Ok(Some(definition))
}

/// The next name, if it is there.
fn name(pages: &Pages<'_>, bytes: &[u8], layout: &Layout, at: &mut usize) -> Option<String> {
    let rest = bytes.get(*at..)?;
    let len = match layout.name_len {
        1 => usize::from(*rest.first()?),
        _ => usize::from(u16::from_le_bytes(*rest.first_chunk()?)),
    };
    let name = rest.get(layout.name_len..)?.get(..len)?;
    *at += layout.name_len + len;
    Some(match pages.jet {
        Jet::Three => text::decode(Jet::Three, pages.code_page, name),
        Jet::Four => text::plain(name),
    })
}

/// The bytes of a definition from all its pages.
fn gather(pages: &Pages<'_>, page: u32) -> io::Result<Option<Vec<u8>>> {
    const HEAD: usize = 8;
    let mut bytes: Vec<u8> = Vec::new();
    let mut next = page;
    for _ in 0..MOST_PAGES {
        match pages.page(next)? {
            Some(page) if u8_at(&page, 0) == DEFINITION => {
                let from = if bytes.is_empty() { 0 } else { HEAD };
                bytes.extend(page.get(from..).unwrap_or_default());
                next = u32_at(&page, 4);
            }
            _ => break,
        }
        if next == 0 {
            break;
        }
    }
    Ok((!bytes.is_empty()).then_some(bytes))
}
