//! A vendor's table of text: its names, a look ahead at its rows, and the plans to read them.

use galvanome_model::measurement::{ColumnHead, Origin};
use galvanome_model::note::Note;

use super::cells::{Delimiter, split};
use super::encoding::Encoding;
use super::guess::{HEAD, Looks, decimal_of, looks_of_all, whole_lines};
use super::heads::{are_units, plain};
use super::lines::Lines;
use super::names::Names;
use super::number::Decimal;
use super::rows::{Grid, Outer, Plan, Rows, Take, make_unique, texts_of};
use super::wall::{Wall, settle};
use crate::columns::Canonical;
use crate::error::{ReadError, Trouble};
use crate::files::{Files, Member};
use crate::limits::Limits;
use crate::sink::{Kind, NewColumn, Sink};
use crate::units::{Convert, Dimension, is_unit};
use crate::vocabulary::{Meaning, Vocabulary, parts};

/// The column of the test time.
const TIME: &str = "test_time_second";

/// A table, opened at its first row.
pub(crate) struct Table<'a> {
    lines: Lines<'a>,
    /// What separates cells.
    pub(crate) delimiter: Delimiter,
    /// The names of columns; empty for columns without.
    pub(crate) names: Vec<String>,
    /// The units, where a line of its own gives them.
    pub(crate) units: Vec<String>,
    /// The line of names, from 1.
    pub(crate) line: u64,
    /// The sign before the fraction.
    pub(crate) decimal: Decimal,
    /// What each column looks like in the rows that were looked at ahead.
    looks: Vec<Looks>,
    ahead: Vec<u8>,
    /// Whether what is ahead is not all, so that its last line may be cut.
    more: bool,
}

impl<'a> Table<'a> {
    /// Opens the table below a line of names. Errors when the source cannot be read.
    pub(crate) fn open(
        mut lines: Lines<'a>,
        names: Names,
        sink: &mut dyn Sink,
    ) -> Result<Self, ReadError> {
        let Names { delimiter, cells: mut names, line } = names;
        let mut units = Vec::new();
        let (ahead, _) = lines.ahead(HEAD)?;
        let first = whole_lines(ahead, usize::MAX).into_iter().next().unwrap_or_default();
        let cells = texts_of(first, delimiter);
        if cells.iter().any(|cell| !cell.is_empty()) && are_units(&cells) {
            units = cells.into_iter().map(std::borrow::Cow::into_owned).collect();
            lines.next()?;
        }
        if lines.encoding() == Encoding::Gb18030 {
            let message = "the text is not UTF-8; it was read as Chinese text in GB18030";
            sink.note(Note::new("encoding-guessed", message, ""));
        }
        let (ahead, all) = lines.ahead(HEAD)?;
        let ahead = ahead.to_vec();
        let mut table = Self {
            lines,
            delimiter,
            names: Vec::new(),
            units,
            line,
            decimal: Decimal::Point,
            looks: Vec::new(),
            ahead,
            more: !all,
        };
        let sample = table.sample();
        // A row that is a little wider than the names has columns without a name.
        let mut cells = Vec::new();
        let filled = sample.iter().map(|line| {
            split(line, delimiter, &mut cells);
            cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1)
        });
        let widest = filled.max().unwrap_or(0).min(2 * names.len());
        let (decimal, mixed) = decimal_of(&sample, delimiter);
        if names.len() < widest {
            names.resize(widest, String::new());
        }
        table.looks = looks_of_all(&sample, delimiter, names.len(), decimal);
        table.names = names;
        table.decimal = decimal;
        if decimal == Decimal::Comma {
            let message = "numbers are written with a decimal comma and were read so";
            sink.note(Note::new("decimal-comma", message, ""));
        }
        if mixed {
            let message = "some numbers have a decimal comma and some a point; those with the rarer sign were not read";
            sink.note(Note::new("mixed-decimals", message, ""));
        }
        Ok(table)
    }

    /// The rows that were looked at ahead, without a last one that may be cut, unless it is the only one.
    pub(crate) fn sample(&self) -> Vec<&[u8]> {
        let mut rows = whole_lines(&self.ahead, usize::MAX);
        let open = !self.ahead.ends_with(b"\n") && !self.ahead.ends_with(b"\r");
        if open && (self.more || rows.len() > 1) {
            rows.pop();
        }
        rows.retain(|row| !row.trim_ascii().is_empty());
        rows
    }

    /// Whether all rows there are were looked at.
    pub(crate) fn is_all_ahead(&self) -> bool {
        !self.more
    }

    /// The cells of a column in the rows that were looked at, with those of another one.
    pub(crate) fn cells(&self, columns: [usize; 2]) -> Vec<[&[u8]; 2]> {
        let mut cells = Vec::new();
        self.sample()
            .into_iter()
            .map(|row| {
                split(row, self.delimiter, &mut cells);
                columns.map(|column| cells.get(column).copied().unwrap_or_default())
            })
            .collect()
    }

    /// What a column looks like.
    pub(crate) fn looks(&self, cell: usize) -> Looks {
        self.looks.get(cell).copied().unwrap_or(Looks::Empty)
    }

    /// The place of the first column whose name has one of these bases, in small letters with single blanks.
    pub(crate) fn place(&self, bases: &[&str]) -> Option<usize> {
        self.names.iter().position(|name| {
            let base = plain(parts(name, "").0);
            bases.contains(&base.as_str())
        })
    }

    /// Plans for every column from `first` on; columns that the vendor is not known to write are noted. Times without
    /// a unit are settled by the wall clock, or else by the vendor's habit.
    pub(crate) fn plans(
        &self,
        first: usize,
        vocabulary: &Vocabulary,
        wall: Option<&Wall>,
        habit: Option<Convert>,
        sink: &mut dyn Sink,
    ) -> Vec<Plan> {
        let meanings = vocabulary.meanings(&self.names, &self.units);
        let look = |cell: usize| self.looks(cell);
        let meaning = |cell: usize| meanings.get(cell).copied().flatten();
        let unitless = |cell: usize| {
            meaning(cell).is_some_and(|meaning| {
                meaning.convert.is_none()
                    && meaning.assumed
                    && meaning.canonical.dimension == Some(Dimension::Time)
                    && look(cell) == Looks::Number
            })
        };
        let time = (0..self.names.len())
            .filter(|&cell| unitless(cell))
            .min_by_key(|&cell| meaning(cell).map(|meaning| meaning.canonical.name) != Some(TIME));
        let settled =
            time.and_then(|cell| settle(self, cell, wall, habit, sink)).filter(|_| time.is_some());
        let (mut unknown, mut assumed, mut plans) = (Vec::new(), Vec::new(), Vec::new());
        for (cell, name) in self.names.iter().enumerate().skip(first) {
            let unit = self.units.get(cell).map_or("", String::as_str);
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
            let unreadable = meant.is_some_and(|meant| {
                meant.convert.is_none() && meant.canonical.dimension.is_some()
            });
            if !name.is_empty()
                && look(cell) != Looks::Empty
                && (unreadable || !vocabulary.knows(name))
            {
                unknown.push(name.as_str());
            }
            plans.push(own(name, unit, cell, look(cell)));
        }
        let place = format!("line {}", self.line);
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

    /// How the table stands in the text, when the first `blank` cells of a row are those of outer tables.
    pub(crate) fn grid(&self, blank: usize) -> Grid {
        Grid {
            delimiter: self.delimiter,
            decimal: self.decimal,
            width: self.names.len(),
            blank,
            ragged: true,
            last_line_open: false,
        }
    }

    /// Reads all rows into the sink as the table of records, and compares the wall clock with the test time. Errors
    /// when the source cannot be read or the sink cannot keep the rows.
    pub(crate) fn read(
        self,
        sink: &mut dyn Sink,
        limits: &Limits,
        plans: Vec<Plan>,
        wall: Option<&Wall>,
    ) -> Result<(), ReadError> {
        self.read_nested(sink, limits, plans, wall, 0, Outer::new(Vec::new()))
    }

    /// Reads all rows into the sink as the table of records, of whose rows the first `blank` cells are those of outer
    /// tables, and these behind it. Otherwise as [`read`](Self::read).
    pub(crate) fn read_nested(
        mut self,
        sink: &mut dyn Sink,
        limits: &Limits,
        mut plans: Vec<Plan>,
        wall: Option<&Wall>,
        blank: usize,
        outer: Outer,
    ) -> Result<(), ReadError> {
        make_unique(&mut plans);
        let watch = wall.and_then(|wall| wall.watch(&plans));
        let grid = self.grid(blank);
        let rows = Rows::begin(sink, limits, "records", grid, plans).watching(watch);
        if blank == 0 {
            rows.read_all(&mut self.lines)
        } else {
            rows.nested_in(outer).read_all(&mut self.lines)
        }
    }

    /// The lines that are left.
    pub(crate) fn into_lines(self) -> Lines<'a> {
        self.lines
    }
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

/// A column under its own name, with its unit as it is written; one without a name is called by its place.
fn own(name: &str, unit: &str, cell: usize, looks: Looks) -> Plan {
    let number = matches!(looks, Looks::Number | Looks::Empty);
    let unit = match parts(name, unit).1 {
        _ if !number => String::new(),
        // `Amp-hr` is its own unit.
        "" if is_unit(name) => name.trim().to_owned(),
        unit => unit.to_owned(),
    };
    let own = if name.is_empty() { format!("unknown_{}", cell + 1) } else { name.to_owned() };
    Plan {
        column: NewColumn {
            head: ColumnHead {
                name: own,
                unit,
                vendor_name: name.to_owned(),
                origin: Origin::Stored,
            },
            kind: if number { Kind::Number } else { Kind::Text },
        },
        cell,
        take: if number { Take::Number(Convert::Same) } else { Take::Text },
    }
}

/// The plan of a canonical column.
pub(crate) fn planned<'a>(plans: &'a mut [Plan], name: &str) -> Option<&'a mut Plan> {
    plans.iter_mut().find(|plan| plan.column.head.name == name)
}

/// The one file that a text format reads. Errors when there are several.
pub(crate) fn only(files: &Files) -> Result<&Member, ReadError> {
    files.only().ok_or_else(|| {
        ReadError::new(
            Trouble::Unsupported,
            "a text of this format is one file",
            "name the files one by one",
        )
    })
}

/// Tells that a file ends before its table.
pub(crate) fn no_table(sink: &mut dyn Sink, line: u64) {
    let message = "the file ends before the line of column names, so it holds no rows; export it from the instrument's software again";
    sink.note(Note::new("truncated-file", message, format!("line {line}")));
}

/// A column that is carried from an outer table or otherwise has no cell of its own row.
pub(crate) fn carried(canonical: Canonical, name: &str, level: usize, cell: usize) -> Plan {
    Plan {
        column: canonical.column(name, Origin::Stored),
        cell,
        take: Take::Carried(level, Convert::Same),
    }
}
