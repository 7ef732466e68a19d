//! How a cell becomes a value.

use galvanome_model::measurement::{ColumnHead, Origin};

use crate::columns::Canonical;
use crate::sink::{Kind, NewColumn};
use crate::text::cells::decode;
use crate::text::clock::{Civil, DateOrder, duration_s, split_zone};
use crate::text::guess::Looks;
use crate::text::number::{Cell, Decimal, parse};
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

impl Take {
    /// As the number or the text that a column looks like.
    pub(crate) fn by(looks: Looks) -> Self {
        match looks {
            Looks::Number | Looks::Empty => Self::Number(Convert::Same),
            _ => Self::Text,
        }
    }
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

impl Plan {
    /// A column under its own name, where it is no text with its unit; one without a name is called by its place.
    pub(crate) fn own(name: &str, unit: &str, cell: usize, take: Take) -> Self {
        let kind = if take == Take::Text { Kind::Text } else { Kind::Number };
        let own = if name.is_empty() { format!("unknown_{}", cell + 1) } else { name.to_owned() };
        let head = ColumnHead {
            name: own,
            unit: if kind == Kind::Text { String::new() } else { unit.to_owned() },
            vendor_name: name.to_owned(),
            origin: Origin::Stored,
        };
        Self { column: NewColumn { head, kind }, cell, take }
    }
}

/// The plan of a canonical column.
pub(crate) fn planned<'a>(plans: &'a mut [Plan], name: &str) -> Option<&'a mut Plan> {
    plans.iter_mut().find(|plan| plan.column.head.name == name)
}

/// A column that is carried from an outer table or otherwise has no cell of its own row.
pub(crate) fn carried(canonical: Canonical, name: &str, level: usize, cell: usize) -> Plan {
    Plan {
        column: canonical.column(name, Origin::Stored),
        cell,
        take: Take::Carried(level, Convert::Same),
    }
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

/// Whether a state says that the cell is discharged: `D`, `CC DChg`, `DCH`, `discharge`, `D_CC`, `放电`.
pub(crate) fn is_discharge(state: &[u8]) -> bool {
    if matches!(state, b"D" | b"d") {
        return true;
    }
    // Most states are of something else, and have no such letter.
    if !state.iter().any(|byte| matches!(byte, b'd' | b'D' | 0x80..)) {
        return false;
    }
    let has = |word: &[u8]| state.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
    let begins =
        |word: &[u8]| state.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word));
    has(b"dchg") || has(b"disch") || begins(b"dch") || begins(b"d_") || has("放电".as_bytes())
}

/// How many bytes stand behind the `E` of a number.
pub(super) fn exponent_len(cell: &[u8]) -> Option<usize> {
    let exponent = cell.iter().rposition(|byte| matches!(byte, b'e' | b'E'))?;
    Some(cell.len() - exponent - 1)
}
