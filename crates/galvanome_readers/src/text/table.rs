//! A vendor's table of text, opened at its first row: its names, and a look ahead at its rows.

use galvanome_model::note::Note;

use super::ahead::Ahead;
use super::cells::{Delimiter, texts_of};
use super::encoding::Encoding;
use super::guess::{Looks, tell_decimal};
use super::heads::{are_units, plain};
use super::lines::{Line, Lines};
use super::names::Heads;
use super::number::Decimal;
use super::opening::whole_lines;
use super::rows::Grid;
use crate::error::{ReadError, Trouble};
use crate::files::{Files, Member};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::vocabulary::parts;

/// Bytes that a line of units has at most.
const UNITS_LINE: usize = 1 << 14;

/// A table, opened at its first row.
pub(crate) struct Table<'a> {
    /// The lines from its first row on.
    pub(crate) lines: Lines<'a>,
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
    /// The rows that were looked at ahead.
    pub(crate) ahead: Ahead,
    /// What each column looks like in them.
    looks: Vec<Looks>,
}

impl<'a> Table<'a> {
    /// Opens the table of the one file that a text format reads. `names_of` tells the line of names; every line before it
    /// is given to `above`. None where the file ends before it, which is noted. Errors when there are several files, or
    /// they cannot be read.
    pub(crate) fn below(
        files: &'a Files,
        limits: &Limits,
        sink: &mut dyn Sink,
        mut names_of: impl FnMut(&[u8]) -> Option<Heads>,
        mut above: impl FnMut(&Line<'_>, &mut dyn Sink),
    ) -> Result<Option<Self>, ReadError> {
        let member = only(files)?;
        let mut lines = Lines::new(member.source.as_ref(), &member.name, limits.max_line_bytes)?;
        let mut last = 0;
        for _ in 0..limits.max_metadata {
            let Some(line) = lines.next()? else { break };
            last = line.number;
            if let Some(heads) = names_of(line.bytes) {
                return Self::open(lines, heads, last, sink).map(Some);
            }
            above(&line, sink);
        }
        let message = "the file ends before the line of column names, so it holds no rows; export it from the instrument's software again";
        sink.note(Note::new("truncated-file", message, format!("line {last}")));
        Ok(None)
    }

    /// Opens the table below a line of names.
    fn open(
        mut lines: Lines<'a>,
        heads: Heads,
        line: u64,
        sink: &mut dyn Sink,
    ) -> Result<Self, ReadError> {
        let Heads { delimiter, names, .. } = heads;
        let mut units = Vec::new();
        let (next, _) = lines.ahead(UNITS_LINE)?;
        let next = next.get(..UNITS_LINE.min(next.len())).unwrap_or_default();
        let first = whole_lines(next, usize::MAX).into_iter().next().unwrap_or_default();
        let cells = texts_of(first, delimiter);
        if cells.iter().any(|cell| !cell.is_empty()) && are_units(&cells) {
            units = cells.into_iter().map(std::borrow::Cow::into_owned).collect();
            lines.next()?;
        }
        if lines.encoding() == Encoding::Gb18030 {
            let message = "the text is not UTF-8; it was read as Chinese text in GB18030";
            sink.note(Note::new("encoding-guessed", message, ""));
        }
        let mut table = Self::at(lines, (delimiter, names), units, line, sink)?;
        // A row that is a little wider than the names has columns without a name.
        let widest = table.ahead.widest().min(2 * table.names.len());
        if table.names.len() < widest {
            table.names.resize(widest, String::new());
            table.looks = table.ahead.looks(widest, table.decimal);
        }
        Ok(table)
    }

    /// A table whose names and units, from a line of names, are known, and whose first row comes next. Errors when the
    /// source cannot be read.
    pub(crate) fn at(
        mut lines: Lines<'a>,
        (delimiter, names): (Delimiter, Vec<String>),
        units: Vec<String>,
        line: u64,
        sink: &mut dyn Sink,
    ) -> Result<Self, ReadError> {
        let ahead = Ahead::look(&mut lines, delimiter)?;
        let (decimal, mixed) = ahead.decimal();
        tell_decimal(decimal, mixed, sink);
        let looks = ahead.looks(names.len(), decimal);
        Ok(Self { lines, delimiter, names, units, line, decimal, ahead, looks })
    }

    /// The cells of a column in the rows that were looked at, with those of another one.
    pub(crate) fn cells(
        &self,
        columns: [usize; 2],
    ) -> impl DoubleEndedIterator<Item = [&[u8]; 2]> + Clone {
        self.ahead.rows().map(move |row| columns.map(|column| row.cell(column)))
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
