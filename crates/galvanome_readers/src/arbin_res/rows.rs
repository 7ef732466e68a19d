//! Rows of a page, and the columns in them.

use std::io;

use super::definition::{Column, Definition, Holds, Place, Pointer};
use super::le::{i16_at, i32_at, i64_at, u8_at, u16_at, u32_at};
use super::pages::{Jet, Page, Pages};
use super::slots::slot as slot_of;
use super::usage;

/// How often a row may point on to another page. Jet does so once.
const MOST_HOPS: usize = 4;

/// What stands in the place of a row.
#[derive(Debug)]
pub(super) enum Found {
    Row(Row),
    Deleted,
    /// A place that cannot be a row, or points nowhere.
    Broken,
}

/// The bytes of a row.
#[derive(Debug)]
pub(super) struct Row {
    page: Page,
    start: usize,
    end: usize,
}

impl Row {
    /// Its bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        self.page.get(self.start..self.end).unwrap_or_default()
    }
}

/// Finds a row of a table, on the page where it is if that is another one. Errors when the source cannot be read.
pub(super) fn find(
    pages: &Pages<'_>,
    definition: &Definition,
    page: &Page,
    row: usize,
) -> io::Result<Found> {
    let Some(mut slot) = slot_of(page, pages.jet, row) else { return Ok(Found::Broken) };
    if slot.deleted {
        return Ok(Found::Deleted);
    }
    let mut page = Page::clone(page);
    for _ in 0..MOST_HOPS {
        if !slot.elsewhere {
            return Ok(Found::Row(Row { page, start: slot.start, end: slot.end }));
        }
        if slot.end - slot.start < 4 {
            break;
        }
        let pointer = Pointer::read(&page, slot.start);
        // Rows that are pointed to are marked as deleted, lest they be counted twice.
        let next = pages.page(pointer.page)?.filter(|page| usage::is_of(page, definition));
        let Some(next) = next else { break };
        let Some(next_slot) = slot_of(&next, pages.jet, pointer.row) else { break };
        (page, slot) = (next, next_slot);
    }
    Ok(Found::Broken)
}

/// A row that is taken apart.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a> {
    jet: Jet,
    bytes: &'a [u8],
    /// How many columns the row knows, and where it says which are missing.
    columns: usize,
    mask_at: usize,
    /// How many columns without fixed length it has, and where their places stand, going backwards.
    variable: usize,
    places_at: usize,
}

impl<'a> Fields<'a> {
    /// Takes a row apart; none when its parts do not fit into it.
    pub(super) fn of(jet: Jet, has_variable: bool, bytes: &'a [u8]) -> Option<Self> {
        let (columns, head) = match jet {
            Jet::Three => (usize::from(*bytes.first()?), 1),
            Jet::Four => (usize::from(u16::from_le_bytes(*bytes.first_chunk()?)), 2),
        };
        let mask_at = bytes.len().checked_sub(columns.div_ceil(8)).filter(|at| *at >= head)?;
        let mut fields = Self { jet, bytes, columns, mask_at, variable: 0, places_at: 0 };
        if has_variable && columns > 0 {
            let (count, first) = match jet {
                Jet::Three => {
                    let count_at = mask_at.checked_sub(1)?;
                    let count = usize::from(u8_at(bytes, count_at));
                    (count, count_at.checked_sub(fields.jumps() + 1)?)
                }
                Jet::Four => {
                    let count_at = mask_at.checked_sub(2)?;
                    (usize::from(u16_at(bytes, count_at)), count_at.checked_sub(2)?)
                }
            };
            let entry = if jet == Jet::Three { 1 } else { 2 };
            // One more place than columns: where the last one ends.
            first.checked_sub(count * entry).filter(|at| *at >= head)?;
            fields.variable = count;
            fields.places_at = first;
        }
        Some(fields)
    }

    /// Places have one byte in version 3: in rows of more, a list says from which column on 256 is added.
    fn jumps(&self) -> usize {
        (self.bytes.len() - 1) / 256
    }

    /// Where a column without fixed length begins; the one behind the last is where that ends.
    fn place(&self, column: usize) -> usize {
        match self.jet {
            Jet::Four => usize::from(u16_at(self.bytes, self.places_at - 2 * column)),
            Jet::Three => {
                let mut jumps = self.jumps();
                // The list has room by the length of the row, though no place may be so far.
                jumps -= usize::from((self.places_at - self.variable) / 256 < jumps);
                let added = (0..jumps)
                    .map(|jump| usize::from(u8_at(self.bytes, self.mask_at - 2 - jump)))
                    .take_while(|from| *from <= column)
                    .count();
                usize::from(u8_at(self.bytes, self.places_at - column)) + 256 * added
            }
        }
    }

    /// Whether a bit is set that says that a column is there. It is the value of a column of yes and no.
    fn is_set(&self, number: usize) -> bool {
        number < self.columns
            && u8_at(self.bytes, self.mask_at + number / 8) >> (number % 8) & 1 == 1
    }

    /// The bytes of a column from its beginning to its end, or for one of fixed length to the end of the row; none
    /// when it is missing.
    pub(super) fn bytes(&self, column: &Column) -> Option<&'a [u8]> {
        if !self.is_set(column.number) {
            return None;
        }
        match column.place {
            Place::Fixed(at) => {
                let head = if self.jet == Jet::Three { 1 } else { 2 };
                self.bytes.get(head + at..self.mask_at)
            }
            Place::Variable(at) if at < self.variable => {
                self.bytes.get(self.place(at)..self.place(at + 1))
            }
            Place::Variable(_) => None,
        }
    }

    /// A number; NaN where it is missing, not finite, or no number. A date is a number of days.
    pub(super) fn number(&self, column: &Column) -> f64 {
        if column.holds == Holds::Bool {
            return f64::from(u8::from(self.is_set(column.number)));
        }
        let Some(bytes) = self.bytes(column) else { return f64::NAN };
        let len = match column.holds {
            Holds::Byte => 1,
            Holds::Int => 2,
            Holds::Long | Holds::Float => 4,
            Holds::Money | Holds::Double | Holds::Date => 8,
            Holds::Numeric(_) => 17,
            Holds::Bool | Holds::Text | Holds::Memo | Holds::Other => return f64::NAN,
        };
        if bytes.len() < len {
            return f64::NAN;
        }
        let value = match column.holds {
            Holds::Byte => f64::from(u8_at(bytes, 0)),
            Holds::Int => f64::from(i16_at(bytes, 0)),
            Holds::Long => f64::from(i32_at(bytes, 0)),
            Holds::Float => f64::from(f32::from_bits(u32_at(bytes, 0))),
            Holds::Money => i64_at(bytes, 0) as f64 / 1e4,
            Holds::Numeric(scale) => {
                // A sign, then four words of which the first counts most.
                let size = [1, 5, 9, 13]
                    .into_iter()
                    .fold(0_u128, |size, at| size << 32 | u128::from(u32_at(bytes, at)));
                let size = size as f64 / 10_f64.powi(i32::from(scale));
                if u8_at(bytes, 0) == 0 { size } else { -size }
            }
            _ => f64::from_bits(i64_at(bytes, 0).cast_unsigned()),
        };
        if value.is_finite() { value } else { f64::NAN }
    }
}
