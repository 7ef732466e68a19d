//! What cells tell about their column, and the decimal sign about a table.

use galvanome_model::note::Note;

use super::cells::{Piece, decode};
use super::clock::{Civil, DateOrder, day_stands_first, duration_s};
use super::number::{Cell, Decimal, parse};
use crate::sink::Sink;

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

/// What cells, at most so many, look like by the majority; numbers that are known of them are written with a point. It is looked at no more of them than it takes.
pub(crate) fn looks_of<'a>(
    cells: impl Iterator<Item = Piece<'a>>,
    most: usize,
    decimal: Decimal,
) -> Looks {
    let mut seen = Seen::default();
    for cell in cells {
        if seen.clocks * 2 > most {
            // The rest can only tell whether the day stands first.
            if seen.day_first {
                break;
            }
            seen.day_first = day_stands_first(&decode(cell.bytes));
            continue;
        }
        seen.look(cell, decimal);
        if [seen.numbers, seen.durations, seen.others].into_iter().any(|some| some * 2 > most) {
            break;
        }
    }
    seen.looks()
}

/// What was seen in a column.
#[derive(Debug, Clone, Default)]
struct Seen {
    numbers: usize,
    durations: usize,
    clocks: usize,
    others: usize,
    day_first: bool,
}

impl Seen {
    fn look(&mut self, cell: Piece<'_>, decimal: Decimal) {
        if decimal == Decimal::Point && !cell.number.is_nan() {
            self.numbers += 1;
            return;
        }
        match parse(cell.bytes, decimal) {
            Cell::Missing => {}
            Cell::Number(_) | Cell::Infinite => self.numbers += 1,
            Cell::Other => {
                let text = decode(cell.bytes);
                if duration_s(&text).is_some() {
                    self.durations += 1;
                } else if Civil::parse(&text, DateOrder::MonthFirst).is_some() {
                    self.clocks += 1;
                    self.day_first |= day_stands_first(&text);
                } else {
                    self.others += 1;
                }
            }
        }
    }

    fn looks(&self) -> Looks {
        let order = if self.day_first { DateOrder::DayFirst } else { DateOrder::MonthFirst };
        match self.numbers + self.durations + self.clocks + self.others {
            0 => Looks::Empty,
            filled if self.numbers * 2 >= filled => Looks::Number,
            filled if self.durations * 2 > filled => Looks::Duration,
            filled if self.clocks * 2 > filled => Looks::Clock(order),
            _ => Looks::Text,
        }
    }
}

/// Tells of a decimal comma, and of numbers with either sign.
pub(crate) fn tell_decimal(decimal: Decimal, mixed: bool, sink: &mut dyn Sink) {
    if decimal == Decimal::Comma {
        let message = "numbers are written with a decimal comma and were read so";
        sink.note(Note::new("decimal-comma", message, ""));
    }
    if mixed {
        let message = "some numbers have a decimal comma and some a point; those with the rarer sign were not read";
        sink.note(Note::new("mixed-decimals", message, ""));
    }
}
