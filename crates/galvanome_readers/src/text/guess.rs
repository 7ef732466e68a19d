//! What the beginning of a text tells about the rest: decimal sign, kinds of columns.

use super::cells::{Delimiter, decode, split};
use super::clock::{Civil, DateOrder, day_stands_first, duration_s};
use super::encoding::{Encoding, decode_into};
use super::number::{Cell, Decimal, has_decimal_comma, has_decimal_point, parse};
use crate::files::Files;
use crate::source::head_of;

/// Bytes at the beginning that decide how a text is read.
pub(crate) const HEAD: usize = 1 << 18;

/// Bytes at the beginning that tell whether a file is text at all.
const TELLING: usize = 4096;

/// The beginning of a single file as UTF-8 (or Latin-1), without a byte order mark; none when there are several
/// files, it cannot be read, or it is plainly no text.
pub(crate) fn head_text(files: &Files, len: usize) -> Option<Vec<u8>> {
    // Every format is asked about every file: what is no text is told before more of it is read.
    let head = head_of(files.only()?.source.as_ref(), TELLING).ok()?;
    let bytes = matches!(Encoding::of(&head), Encoding::Bytes | Encoding::Gb18030);
    if bytes && is_binary(&head) { None } else { head_of_any(files, len) }
}

/// As [`head_text`], of files that need not be text from end to end.
pub(crate) fn head_of_any(files: &Files, len: usize) -> Option<Vec<u8>> {
    let mut head = head_of(files.only()?.source.as_ref(), len).ok()?;
    if let Some(mut decoder) = Encoding::of(&head).decoder() {
        let mut text = Vec::new();
        decode_into(&mut decoder, &head, false, &mut text);
        // Its length no longer tells whether the last line was cut.
        if head.len() >= len {
            let end = text.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
            text.truncate(end);
        }
        head = text;
    }
    if head.starts_with(b"\xEF\xBB\xBF") {
        head.drain(..3);
    }
    Some(head)
}

/// Whether bytes are of no text: more than one in 32 is a sign that no text has, and there are several of them, so that
/// a damaged text stays one.
fn is_binary(head: &[u8]) -> bool {
    let control = head.iter().filter(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31)).count();
    control > 4 && control * 32 > head.len()
}

/// The lines of a beginning that [`head_text`] gave for `len` bytes, without a last one that it cut.
pub(crate) fn whole_lines(head: &[u8], len: usize) -> Vec<&[u8]> {
    let line_break = if !head.contains(&b'\n') && head.contains(&b'\r') { b'\r' } else { b'\n' };
    let mut lines: Vec<_> = head
        .split(|&byte| byte == line_break)
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .collect();
    // Three bytes less when there was a byte order mark.
    let cut = head.len() + 3 >= len;
    if cut || lines.last().is_some_and(|last| last.is_empty()) {
        lines.pop();
    }
    lines
}

/// The rows by which a table is judged: those from `first` on, without a last one that the end of the file may
/// have cut, unless it is the only one.
pub(crate) fn judged<'a>(lines: &[&'a [u8]], first: usize, head: &[u8]) -> Vec<&'a [u8]> {
    let mut rows = lines.get(first..).unwrap_or_default().to_vec();
    if rows.len() > 1 && !head.ends_with(b"\n") && !head.ends_with(b"\r") {
        rows.pop();
    }
    rows
}

/// The decimal sign of the numbers in lines of a table, and whether both signs occur.
pub(crate) fn decimal_of(lines: &[&[u8]], delimiter: Delimiter) -> (Decimal, bool) {
    if delimiter == Delimiter::Byte(b',') {
        return (Decimal::Point, false);
    }
    let (mut commas, mut points) = (0_usize, 0_usize);
    let mut cells = Vec::new();
    for line in lines {
        split(line, delimiter, &mut cells);
        commas += cells.iter().filter(|cell| has_decimal_comma(cell)).count();
        points += cells.iter().filter(|cell| has_decimal_point(cell)).count();
    }
    let decimal = if commas > points { Decimal::Comma } else { Decimal::Point };
    (decimal, commas > 0 && points > 0)
}

/// What the cells of a column look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Looks {
    /// Nothing is in them.
    Empty,
    /// Numbers.
    Number,
    /// Durations such as `12:34:56`.
    Duration,
    /// Dates with times of day.
    Clock(DateOrder),
    /// Anything else.
    Text,
}

/// What the cells of a column look like, by the majority.
pub(crate) fn looks(lines: &[&[u8]], delimiter: Delimiter, cell: usize, decimal: Decimal) -> Looks {
    let mut seen = Seen::default();
    let mut cells = Vec::new();
    for line in lines {
        split(line, delimiter, &mut cells);
        seen.look(cells.get(cell).copied().unwrap_or_default(), decimal);
    }
    seen.looks()
}

/// What the cells of each of the first `width` columns look like.
pub(crate) fn looks_of_all(
    lines: &[&[u8]],
    delimiter: Delimiter,
    width: usize,
    decimal: Decimal,
) -> Vec<Looks> {
    let mut seen = vec![Seen::default(); width];
    let mut cells = Vec::new();
    for line in lines {
        split(line, delimiter, &mut cells);
        for (seen, cell) in seen.iter_mut().zip(&cells) {
            seen.look(cell, decimal);
        }
    }
    seen.iter().map(Seen::looks).collect()
}

/// What was seen in a column.
#[derive(Debug, Clone, Default)]
struct Seen {
    filled: usize,
    numbers: usize,
    durations: usize,
    clocks: usize,
    day_first: bool,
}

impl Seen {
    fn look(&mut self, cell: &[u8], decimal: Decimal) {
        match parse(cell, decimal) {
            Cell::Missing => return,
            Cell::Number(_) | Cell::Infinite => self.numbers += 1,
            Cell::Other => {
                let text = decode(cell);
                if duration_s(&text).is_some() {
                    self.durations += 1;
                } else if Civil::parse(&text, DateOrder::MonthFirst).is_some() {
                    self.clocks += 1;
                    self.day_first |= day_stands_first(&text);
                }
            }
        }
        self.filled += 1;
    }

    fn looks(&self) -> Looks {
        let order = if self.day_first { DateOrder::DayFirst } else { DateOrder::MonthFirst };
        match self.filled {
            0 => Looks::Empty,
            filled if self.numbers * 2 >= filled => Looks::Number,
            filled if self.durations * 2 > filled => Looks::Duration,
            filled if self.clocks * 2 > filled => Looks::Clock(order),
            _ => Looks::Text,
        }
    }
}
