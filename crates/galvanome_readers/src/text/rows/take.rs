//! How a cell becomes a value.

use crate::sink::NewColumn;
use crate::text::cells::decode;
use crate::text::clock::{Civil, DateOrder, duration_s, split_zone};
use crate::text::number::{Cell, Decimal, parse};
use crate::text::sign::is_discharge;
use crate::units::Convert;

/// How a cell becomes a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Take {
    /// As a number in another unit.
    Number(Convert),
    /// As a number in another unit, made negative where a cell says that the row is of a discharge.
    Signed(Convert, State),
    /// As a duration such as `12:34:56`, in seconds.
    Duration,
    /// As a time of day and date, in seconds since the given one, or since that of the first row.
    Since(Option<Civil>, DateOrder),
    /// As a time of day and date with its distance from UTC, in seconds since 1970.
    Unix(DateOrder),
    /// As text.
    Text,
    /// From the row of an outer table, whose level is given, that this row stands below; as a number in another
    /// unit, or as text where the column holds text.
    Carried(usize, Convert),
}

/// The cell that says whether a row is of a charge or of a discharge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// The cell of this index in the row.
    Cell(usize),
    /// The cell in the row of an outer table, by its level and index.
    Carried(usize, usize),
}

/// One column of the table, and the cell of a line that it comes from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Plan {
    /// The column.
    pub(crate) column: NewColumn,
    /// The index of its cell.
    pub(crate) cell: usize,
    /// How the cell is taken.
    pub(crate) take: Take,
}

/// The number in a cell of a row, of which `state` says whether it is of a charge or of a discharge.
pub(crate) fn number_of(cell: &[u8], state: &[u8], take: &mut Take, decimal: Decimal) -> Cell {
    let converted = |convert: Convert| match parse(cell, decimal) {
        Cell::Number(number) => Cell::Number(convert.apply(number)),
        other => other,
    };
    match take {
        Take::Text => Cell::Missing,
        Take::Duration | Take::Since(..) | Take::Unix(_) if cell.is_empty() => Cell::Missing,
        Take::Number(convert) | Take::Carried(_, convert) => converted(*convert),
        Take::Signed(convert, _) => match converted(*convert) {
            Cell::Number(number) if number > 0.0 && is_discharge(state) => Cell::Number(-number),
            other => other,
        },
        Take::Duration => duration_s(&decode(cell)).map_or(Cell::Other, Cell::Number),
        Take::Since(origin, order) => match Civil::parse(&decode(cell), *order) {
            Some(time) => Cell::Number(time.seconds_since(origin.get_or_insert(time))),
            None => Cell::Other,
        },
        Take::Unix(order) => {
            let text = decode(cell);
            let unix = split_zone(&text)
                .and_then(|(time, ahead_s)| Some(Civil::parse(time, *order)?.unix_s(ahead_s)));
            unix.map_or(Cell::Other, Cell::Number)
        }
    }
}

/// How many bytes stand behind the `E` of a number.
pub(super) fn exponent_len(cell: &[u8]) -> Option<usize> {
    let exponent = cell.iter().rposition(|byte| matches!(byte, b'e' | b'E'))?;
    Some(cell.len() - exponent - 1)
}
