//! Items of a VAMAS file: one a line.

use crate::error::ReadError;
use crate::limits::Limits;
use crate::source::Source;
use crate::text::cells::decode;
use crate::text::lines::Lines;
use crate::text::number::{Cell, Decimal, parse};

/// Why reading stopped.
pub(super) enum Stop {
    /// The file ends before an item.
    Ended(&'static str),
    /// A line holds something else than an item.
    Wrong {
        /// What the item is.
        what: &'static str,
        /// What stands there.
        found: String,
        /// The line, from 1.
        line: u64,
    },
    /// The bytes could not be fetched.
    Source(ReadError),
}

/// The items of a file, in order.
pub(super) struct Items<'a> {
    lines: Lines<'a>,
    line: u64,
}

/// Characters of a wrong item that a message shows.
const SHOWN: usize = 40;

impl<'a> Items<'a> {
    /// The items of a source, past empty lines at its beginning. Errors when it cannot be read.
    pub(super) fn new(
        source: &'a dyn Source,
        file: &'a str,
        limits: &Limits,
    ) -> Result<Self, ReadError> {
        let lines = Lines::new(source, file, limits.max_line_bytes)?;
        Ok(Self { lines, line: 0 })
    }

    /// The line that was read last, from 1.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// The first item: the first line that is not empty.
    pub(super) fn first(&mut self) -> Result<String, Stop> {
        loop {
            let text = self.text("identifier of the format")?;
            if !text.trim().is_empty() {
                return Ok(text);
            }
        }
    }

    /// The next item as text. A last line without a break counts as cut.
    pub(super) fn text(&mut self, what: &'static str) -> Result<String, Stop> {
        match self.lines.next() {
            Err(error) => Err(Stop::Source(error)),
            Ok(Some(line)) if line.ended => {
                self.line = line.number;
                Ok(decode(line.bytes).trim_end().to_owned())
            }
            Ok(_) => Err(Stop::Ended(what)),
        }
    }

    /// The next line, with or without a break.
    pub(super) fn any_text(&mut self) -> Result<String, Stop> {
        match self.lines.next() {
            Err(error) => Err(Stop::Source(error)),
            Ok(Some(line)) => {
                self.line = line.number;
                Ok(decode(line.bytes).trim_end().to_owned())
            }
            Ok(None) => Err(Stop::Ended("last line")),
        }
    }

    /// The next item, a whole number.
    pub(super) fn whole(&mut self, what: &'static str) -> Result<i64, Stop> {
        let text = self.text(what)?;
        let wrong =
            || Stop::Wrong { what, found: text.chars().take(SHOWN).collect(), line: self.line };
        let found = text.trim();
        if let Ok(whole) = found.parse() {
            return Ok(whole);
        }
        // `3.0` and `1E2` are whole numbers too.
        match parse(found.as_bytes(), Decimal::Point) {
            Cell::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
                Ok(number as i64)
            }
            _ => Err(wrong()),
        }
    }

    /// The next item, how many of something there are.
    pub(super) fn count(&mut self, what: &'static str) -> Result<u64, Stop> {
        let whole = self.whole(what)?;
        u64::try_from(whole).map_err(|_| Stop::Wrong {
            what,
            found: whole.to_string(),
            line: self.line,
        })
    }

    /// The next item, a value of a spectrum: not a number where one is missing or infinite.
    pub(super) fn value(&mut self) -> Result<f64, Stop> {
        const WHAT: &str = "next value of the spectrum";
        let line = match self.lines.next() {
            Err(error) => return Err(Stop::Source(error)),
            Ok(Some(line)) if line.ended => line,
            // Digits of a line without a break may be missing.
            Ok(_) => return Err(Stop::Ended(WHAT)),
        };
        self.line = line.number;
        match parse(line.bytes.trim_ascii(), Decimal::Point) {
            Cell::Number(number) => Ok(number),
            Cell::Missing | Cell::Infinite => Ok(f64::NAN),
            Cell::Other => Err(Stop::Wrong {
                what: WHAT,
                found: decode(line.bytes).chars().take(SHOWN).collect(),
                line: line.number,
            }),
        }
    }
}
