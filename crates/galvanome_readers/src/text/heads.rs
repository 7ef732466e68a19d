//! Names and units in the head of a table.

use super::number::{Cell, Decimal, parse};
use crate::units::is_unit;

/// A name and the unit in it: `Voltage (V)`, `Voltage[V]`, `Voltage / V`, `Voltage, V`, `Voltage#V`, `Voltage_V`.
pub(crate) fn split_unit(name: &str) -> (&str, &str) {
    let name = name.trim();
    for (open, close) in [('(', ')'), ('[', ']'), ('<', '>'), ('{', '}')] {
        if let Some((base, rest)) = name.rsplit_once(open)
            && let Some(unit) = rest.trim_end().strip_suffix(close)
            && (is_unit(unit) || (!base.trim().is_empty() && open != '('))
        {
            return (base, unit);
        }
    }
    for separator in ['/', '#', ',', '_'] {
        if let Some((base, unit)) = name.rsplit_once(separator)
            && is_unit(unit)
            && unit.trim() != "1"
            && !base.trim().is_empty()
            && !(separator == '_' && is_part_of_name(base, unit))
        {
            return (base, unit);
        }
    }
    (name, "")
}

/// Whether what stands behind an underline is no unit after all: `V_min` is the smallest of something, and the `V` of
/// `Differential_Capacity_Ah_V` belongs to Ah/V.
fn is_part_of_name(base: &str, unit: &str) -> bool {
    let of_time = || base.to_lowercase().contains("time") || base.eq_ignore_ascii_case("t");
    let before = base.rsplit_once('_').map_or("", |(_, word)| word);
    unit == "min" && !of_time() || before != "1" && is_unit(before)
}

/// A name in small letters, with single blanks for what separates its words.
pub(crate) fn plain(name: &str) -> String {
    let name = name.trim().trim_matches(['<', '>']).to_lowercase();
    name.split(|c: char| c.is_whitespace() || matches!(c, '_' | '.' | '-'))
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A unit without the brackets around it.
pub(crate) fn unbracketed(cell: &str) -> &str {
    cell.trim().trim_matches(['(', ')', '[', ']', '<', '>'])
}

/// Whether cells are a line of units under a line of names: no number among them but the unit 1.
pub(crate) fn are_units<T: AsRef<str>>(cells: &[T]) -> bool {
    let filled =
        || cells.iter().map(|cell| unbracketed(cell.as_ref())).filter(|cell| !cell.is_empty());
    let units = filled().filter(|cell| *cell != "1" && is_unit(cell)).count();
    let numbers =
        filled().any(|cell| cell != "1" && parse(cell.as_bytes(), Decimal::Point) != Cell::Other);
    !numbers && units > 0 && units * 2 >= filled().filter(|cell| *cell != "1").count()
}
