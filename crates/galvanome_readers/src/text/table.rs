//! A vendor's table of text: its names, a look ahead at its rows, and the plans to read them.

use galvanome_model::note::Note;

use super::cells::{Delimiter, split, texts_of};
use super::encoding::Encoding;
use super::guess::{HEAD, Looks, decimal_of, looks_of_all, whole_lines};
use super::heads::{are_units, plain};
use super::lines::Lines;
use super::names::Names;
use super::number::Decimal;
use super::rows::Grid;
use crate::error::{ReadError, Trouble};
use crate::files::{Files, Member};
use crate::sink::Sink;
use crate::vocabulary::parts;

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

    /// The lines that are left.
    pub(crate) fn into_lines(self) -> Lines<'a> {
        self.lines
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

/// Tells that a file ends before its table.
pub(crate) fn no_table(sink: &mut dyn Sink, line: u64) {
    let message = "the file ends before the line of column names, so it holds no rows; export it from the instrument's software again";
    sink.note(Note::new("truncated-file", message, format!("line {line}")));
}
