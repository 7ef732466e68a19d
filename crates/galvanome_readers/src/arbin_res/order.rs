//! The rows of a table in the order of test and data point.
//!
//! Access keeps rows where there was room, so that their order in the file means nothing, though a cycler that only
//! appends leaves them in order. A first look finds out; only where they are not in order the places of all rows are
//! kept and sorted, sixteen bytes for a row of a hundred.

use std::io;

use super::definition::{Column, Definition};
use super::pages::{Page, Pages};
use super::rows::{self, Fields, Found, Row};
use super::slots::slots;
use super::usage::{self, Owned};

/// Test and data point of a row.
pub(super) type Key = (i32, i32);

/// What a look at every row of a table found.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// Rows that can be read.
    pub(super) rows: u64,
    /// Places of rows that cannot be.
    pub(super) broken: u64,
    /// The first page with such a place.
    pub(super) first_broken: u32,
    /// Pages that belong to the table by its map and not by what stands on them.
    pub(super) foreign: u64,
    /// Pages behind the end of the file.
    pub(super) beyond: u64,
    /// Whether the map of pages could be read.
    pub(super) mapped: bool,
    /// Rows with test and data point of the row before, once in order.
    pub(super) repeated: u64,
    /// Whether rows lie in order.
    pub(super) in_order: bool,
    /// Each test and how many rows it has, in order of appearance; no more than some.
    pub(super) tests: Vec<(i32, u64)>,
}

/// Tests of a file that are told apart.
const MOST_TESTS: usize = 256;

impl Survey {
    /// Counts a row of a test.
    fn count(&mut self, test: i32) {
        let tests = &mut self.tests;
        // Rows of one test mostly follow each other.
        if let Some((_, rows)) = tests.iter_mut().rev().find(|(known, _)| *known == test) {
            *rows += 1;
        } else if tests.len() < MOST_TESTS {
            tests.push((test, 1));
        }
    }
}

/// Where a row is.
#[derive(Debug, Clone, Copy)]
struct Spot {
    key: Key,
    page: u32,
    row: u16,
}

/// How far the rows were read.
#[derive(Debug, Default)]
struct Next {
    /// Which of the spots, or of the pages, comes next.
    page: usize,
    /// The page at hand, the row of it that comes next, and how many it has.
    number: u32,
    row: usize,
    rows: usize,
}

/// The rows of a table in order.
pub(super) struct Ordered<'a> {
    pages: &'a Pages<'a>,
    definition: &'a Definition,
    test: Option<&'a Column>,
    point: Option<&'a Column>,
    owned: Vec<u32>,
    spots: Option<Vec<Spot>>,
    next: Next,
    /// What a look at every row found.
    pub(super) survey: Survey,
}

impl<'a> Ordered<'a> {
    /// Looks at every row, which `look` may do too. Errors when the source cannot be read.
    pub(super) fn open(
        pages: &'a Pages<'a>,
        definition: &'a Definition,
        look: &mut dyn FnMut(&Fields<'_>),
    ) -> io::Result<Self> {
        let Owned { pages: owned, beyond, mapped } = usage::find(pages, definition)?;
        let number = |name| definition.column(name).filter(|column| column.holds.is_number());
        let mut ordered = Self {
            pages,
            definition,
            test: number("Test_ID"),
            point: number("Data_Point"),
            owned,
            spots: None,
            next: Next::default(),
            survey: Survey { in_order: true, beyond, mapped, ..Survey::default() },
        };
        let mut survey = std::mem::take(&mut ordered.survey);
        let mut before: Option<Key> = None;
        ordered.each(&mut survey, &mut |survey, spot, fields| {
            survey.rows += 1;
            survey.in_order &= before.is_none_or(|before| before <= spot.key);
            survey.repeated += u64::from(before == Some(spot.key));
            before = Some(spot.key);
            survey.count(spot.key.0);
            look(fields);
        })?;
        if !survey.in_order {
            let mut spots = Vec::new();
            ordered.each(&mut Survey::default(), &mut |_, spot, _| spots.push(spot))?;
            spots.sort_unstable_by_key(|spot| (spot.key, spot.page, spot.row));
            survey.repeated =
                spots.windows(2).filter(|pair| pair[0].key == pair[1].key).count() as u64;
            ordered.spots = Some(spots);
        }
        survey.tests.sort_unstable();
        ordered.survey = survey;
        Ok(ordered)
    }

    /// Goes over every row in the order of the file.
    fn each(
        &self,
        survey: &mut Survey,
        look: &mut dyn FnMut(&mut Survey, Spot, &Fields<'_>),
    ) -> io::Result<()> {
        for &number in &self.owned {
            let Some(page) = self.pages.page(number)? else { continue };
            if !usage::is_of(&page, self.definition) {
                survey.foreign += 1;
                continue;
            }
            for row in 0..slots(&page, self.pages.jet) {
                let found = rows::find(self.pages, self.definition, &page, row)?;
                let fields = match &found {
                    Found::Deleted => continue,
                    Found::Row(row) => self.fields(row),
                    Found::Broken => None,
                };
                if let Some(fields) = fields {
                    let spot = Spot { key: self.key(&fields), page: number, row: row as u16 };
                    look(survey, spot, &fields);
                } else {
                    if survey.broken == 0 {
                        survey.first_broken = number;
                    }
                    survey.broken += 1;
                }
            }
        }
        Ok(())
    }

    /// The definition of the table.
    pub(super) fn definition(&self) -> &'a Definition {
        self.definition
    }

    /// Takes a row apart.
    pub(super) fn fields<'r>(&self, row: &'r Row) -> Option<Fields<'r>> {
        Fields::of(self.pages.jet, self.definition.has_variable, row.bytes())
    }

    fn key(&self, fields: &Fields<'_>) -> Key {
        // A number that is missing becomes 0.
        let number = |column: Option<&Column>| column.map_or(0, |c| fields.number(c) as i32);
        (number(self.test), number(self.point))
    }

    /// The next row; none after the last. Errors when the source cannot be read.
    pub(super) fn next(&mut self) -> io::Result<Option<(Key, Row)>> {
        loop {
            let Some((number, row)) = self.step()? else { return Ok(None) };
            let Some(page) = self.page(number)? else { continue };
            if let Found::Row(row) = rows::find(self.pages, self.definition, &page, row)?
                && let Some(fields) = self.fields(&row)
            {
                let key = self.key(&fields);
                return Ok(Some((key, row)));
            }
        }
    }

    /// The page and the place of the row that comes next.
    fn step(&mut self) -> io::Result<Option<(u32, usize)>> {
        if let Some(spots) = &self.spots {
            let spot = spots.get(self.next.page);
            self.next.page += 1;
            return Ok(spot.map(|spot| (spot.page, usize::from(spot.row))));
        }
        while self.next.row >= self.next.rows {
            let Some(&number) = self.owned.get(self.next.page) else { return Ok(None) };
            let rows = self.page(number)?.map_or(0, |page| slots(&page, self.pages.jet));
            self.next = Next { page: self.next.page + 1, number, row: 0, rows };
        }
        self.next.row += 1;
        Ok(Some((self.next.number, self.next.row - 1)))
    }

    /// A page of the table; none where it is not one.
    fn page(&self, number: u32) -> io::Result<Option<Page>> {
        Ok(self.pages.page(number)?.filter(|page| usage::is_of(page, self.definition)))
    }
}
