//! A vendor's table of records: the wall clock in it, the plans to read its columns, and the reading.

use galvanome_model::measurement::{Origin, StartTime};
use galvanome_model::note::Note;

use super::guess::Looks;
use super::rows::{Outer, Plan, Rows, Take, make_unique};
use super::table::Table;
use super::wall::{Wall, settle};
use crate::error::ReadError;
use crate::limits::Limits;
use crate::sink::{Kind, Sink};
use crate::units::{Convert, Dimension, is_unit};
use crate::vocabulary::{Meaning, Vocabulary, parts};

/// The column of the test time.
const TIME: &str = "test_time_second";

/// A table of records, planned but not read yet.
pub(crate) struct Records<'a> {
    /// The table.
    pub(crate) table: Table<'a>,
    /// The wall clock in it.
    pub(crate) wall: Option<Wall>,
    /// How its columns are read.
    pub(crate) plans: Vec<Plan>,
}

impl<'a> Records<'a> {
    /// Plans every column from `first` on; columns that the vendor is not known to write are noted. Times without a unit
    /// are settled by the wall clock, or else by the vendor's habit; a clock that says how far it is from UTC becomes
    /// Unix time.
    pub(crate) fn of(
        table: Table<'a>,
        first: usize,
        vocabulary: &Vocabulary,
        wall: Option<Wall>,
        habit: Option<Convert>,
        sink: &mut dyn Sink,
    ) -> Self {
        let mut plans = plans_of(&table, first, vocabulary, wall.as_ref(), habit, sink);
        if let Some(wall) = &wall {
            wall.as_unix(&mut plans);
        }
        Self { table, wall, plans }
    }

    /// Adds a test time counted from the clock, where the file has only that.
    pub(crate) fn add_test_time(&mut self, sink: &mut dyn Sink) {
        if let Some(wall) = &self.wall {
            wall.add_test_time(&mut self.plans, sink);
        }
    }

    /// When the test began, by the clock of the first row.
    pub(crate) fn start(&self) -> Option<StartTime> {
        self.wall.as_ref()?.start(&self.table, &self.plans)
    }

    /// Reads all rows into the sink, and compares the wall clock with the test time. Errors when the source cannot be read
    /// or the sink cannot keep the rows.
    pub(crate) fn read(self, sink: &mut dyn Sink, limits: &Limits) -> Result<(), ReadError> {
        self.read_as("records", sink, limits)
    }

    /// As [`read`](Self::read), as a table of another name.
    pub(crate) fn read_as(
        self,
        name: &str,
        sink: &mut dyn Sink,
        limits: &Limits,
    ) -> Result<(), ReadError> {
        self.rows(name, sink, limits, 0, None)
    }

    /// As [`read`](Self::read), where the first `blank` cells of a row are those of outer tables, and these behind it.
    pub(crate) fn read_nested(
        self,
        sink: &mut dyn Sink,
        limits: &Limits,
        blank: usize,
        outer: Outer,
    ) -> Result<(), ReadError> {
        self.rows("records", sink, limits, blank, Some(outer).filter(|_| blank > 0))
    }

    fn rows(
        self,
        name: &str,
        sink: &mut dyn Sink,
        limits: &Limits,
        blank: usize,
        outer: Option<Outer>,
    ) -> Result<(), ReadError> {
        let Self { mut table, wall, mut plans } = self;
        make_unique(&mut plans);
        let watch = wall.and_then(|wall| wall.watch(&plans));
        let grid = table.grid(blank);
        let mut rows = Rows::begin(sink, limits, name, grid, plans).watching(watch);
        if let Some(outer) = outer {
            rows = rows.nested_in(outer);
        }
        rows.read_all(&mut table.lines, &table.ahead)
    }
}

/// Plans for every column from `first` on.
fn plans_of(
    table: &Table<'_>,
    first: usize,
    vocabulary: &Vocabulary,
    wall: Option<&Wall>,
    habit: Option<Convert>,
    sink: &mut dyn Sink,
) -> Vec<Plan> {
    let meanings = vocabulary.meanings(&table.names, &table.units);
    let look = |cell: usize| table.looks(cell);
    let meaning = |cell: usize| meanings.get(cell).copied().flatten();
    let unitless = |cell: usize| {
        meaning(cell).is_some_and(|meaning| {
            meaning.convert.is_none()
                && meaning.assumed
                && meaning.canonical.dimension == Some(Dimension::Time)
                && look(cell) == Looks::Number
        })
    };
    let time = (0..table.names.len())
        .filter(|&cell| unitless(cell))
        .min_by_key(|&cell| meaning(cell).map(|meaning| meaning.canonical.name) != Some(TIME));
    let settled =
        time.and_then(|cell| settle(table, cell, wall, habit, sink)).filter(|_| time.is_some());
    let (mut unknown, mut assumed, mut plans) = (Vec::new(), Vec::new(), Vec::new());
    for (cell, name) in table.names.iter().enumerate().skip(first) {
        let unit = table.units.get(cell).map_or("", String::as_str);
        let mut meant = meaning(cell);
        if let (Some(meant), Some(convert), true) = (&mut meant, settled, unitless(cell)) {
            (meant.convert, meant.assumed) = (Some(convert), false);
        }
        let plan = meant.and_then(|meant| canonical(name, cell, &meant, look(cell)));
        if let (Some(plan), Some(meant)) = (plan, meant) {
            if meant.assumed && plan.take != Take::Duration {
                assumed.push(format!("{name} in {}", plan.column.head.unit));
            }
            plans.push(plan);
            continue;
        }
        let unreadable = meant
            .is_some_and(|meant| meant.convert.is_none() && meant.canonical.dimension.is_some());
        if !name.is_empty() && look(cell) != Looks::Empty && (unreadable || !vocabulary.knows(name))
        {
            unknown.push(name.as_str());
        }
        plans.push(own(name, unit, cell, look(cell)));
    }
    let place = format!("line {}", table.line);
    if !unknown.is_empty() {
        let message = format!(
            "the meaning or unit of these columns is not known; they are kept under their own names: {}",
            unknown.join(", ")
        );
        sink.note(Note::new("unknown-column", message, place.as_str()));
    }
    if !assumed.is_empty() {
        let message = format!(
            "the file gives no readable unit for these columns; they were taken as this software writes them: {}",
            assumed.join(", ")
        );
        sink.note(Note::new("unit-assumed", message, place));
    }
    plans
}

/// The canonical column that a name means, where what is in the column can be one.
fn canonical(name: &str, cell: usize, meaning: &Meaning, looks: Looks) -> Option<Plan> {
    let Meaning { canonical, convert, .. } = *meaning;
    let mut column = canonical.column(name, Origin::Stored);
    let take = match (canonical.dimension, looks) {
        (None, _) => Take::Text,
        (Some(_), Looks::Number | Looks::Empty) => Take::Number(convert?),
        (Some(Dimension::Time), Looks::Duration) => Take::Duration,
        // A step may be called by a name instead of a number.
        (Some(_), Looks::Text) if canonical.name == "step_id" => {
            column.kind = Kind::Text;
            column.head.unit = String::new();
            Take::Text
        }
        _ => return None,
    };
    Some(Plan { column, cell, take })
}

/// A column under its own name, with its unit as it is written.
fn own(name: &str, unit: &str, cell: usize, looks: Looks) -> Plan {
    let unit = match parts(name, unit).1 {
        // `Amp-hr` is its own unit.
        "" if is_unit(name) => name.trim(),
        unit => unit,
    };
    Plan::own(name, unit, cell, Take::by(looks))
}
