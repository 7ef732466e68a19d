//! The tables of a file: their columns, and some of their rows.

use galvanome::Error;
use galvanome::curves::{ColumnFacts, Columns, Contents};
use galvanome::dataset::{self, Cells, Opened};
use galvanome_model::measurement::Origin;

use super::asked::Asked;
use crate::pages::{address, chart, numbers, words};

/// A table with its columns.
pub(super) struct TableView {
    pub(super) name: String,
    pub(super) rows: String,
    pub(super) columns: Vec<ColumnView>,
}

pub(super) struct ColumnView {
    pub(super) name: String,
    pub(super) vendor: String,
    pub(super) unit: String,
    pub(super) origin: &'static str,
    pub(super) first: String,
    pub(super) last: String,
    pub(super) min: String,
    pub(super) max: String,
    pub(super) missing: String,
}

/// Some rows of a table.
pub(super) struct Preview {
    pub(super) table: String,
    pub(super) heads: Vec<(String, String)>,
    pub(super) rows: Vec<(String, Vec<Cell>)>,
    pub(super) said: String,
    pub(super) steps: Vec<Step>,
    pub(super) tables: Vec<Step>,
}

pub(super) struct Cell {
    pub(super) text: String,
    pub(super) is_number: bool,
}

/// A way to other rows, or to another table; none where one is already.
pub(super) struct Step {
    pub(super) label: String,
    pub(super) href: Option<String>,
}

const fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Stored => "stored",
        Origin::Integrated => "integrated",
        Origin::Interpolated => "interpolated",
        Origin::Reconstructed => "reconstructed",
    }
}

fn column(facts: &ColumnFacts) -> ColumnView {
    let number = |place: usize| {
        facts.span.and_then(|span| span.get(place).copied()).map(chart::value).unwrap_or_default()
    };
    let (first, last) = match &facts.texts {
        Some((first, last)) => (first.clone(), last.clone()),
        None => (number(0), number(1)),
    };
    let vendor = &facts.head.vendor_name;
    ColumnView {
        name: facts.head.name.clone(),
        vendor: if *vendor == facts.head.name { String::new() } else { vendor.clone() },
        unit: match facts.head.unit.as_str() {
            "1" => "1".to_owned(),
            unit => numbers::unit(unit),
        },
        origin: origin(facts.head.origin),
        first,
        last,
        min: number(2),
        max: number(3),
        missing: match usize::try_from(facts.nulls).unwrap_or(usize::MAX) {
            0 => String::new(),
            nulls => words::count(nulls),
        },
    }
}

/// The tables of a file.
pub(super) fn of(contents: &Contents) -> Vec<TableView> {
    contents
        .tables
        .iter()
        .map(|table| TableView {
            name: table.name.clone(),
            rows: words::counted(usize::try_from(table.rows).unwrap_or(usize::MAX), "row", "rows"),
            columns: table.of_file().map(column).collect(),
        })
        .collect()
}

/// Rows of one page.
const ROWS: u64 = 20;

/// Columns that are shown, at most; the rest are in the list of columns and in the file.
const COLUMNS: usize = 40;

/// Some rows of the table that is asked for, else of the first. None when there is no table.
pub(super) fn preview(
    opened: &Opened,
    columns: &Columns,
    asked: &Asked,
) -> Result<Option<Preview>, Error> {
    let tables = &columns.contents().tables;
    let name = match &asked.table {
        Some(name) => name.as_str(),
        None => tables.first().map_or("", |table| table.name.as_str()),
    };
    if tables.is_empty() {
        return Ok(None);
    }
    let rows = tables.iter().find(|table| table.name == name).map_or(0, |table| table.rows);
    let last_page = rows.saturating_sub(1) / ROWS * ROWS;
    let first = asked.row.unwrap_or(0).min(rows.saturating_sub(1));
    let mut cells = dataset::rows(columns, name, first, ROWS)?;
    cells.truncate(COLUMNS);
    let count = cells.first().map_or(0, |(_, cells)| match cells {
        Cells::Numbers(values) => values.len(),
        Cells::Texts(values) => values.len(),
    });
    let cell = |row: usize, (_, cells): &(String, Cells)| match cells {
        Cells::Numbers(values) => {
            let value = values.get(row).copied().filter(|value| value.is_finite());
            Cell { text: value.map(written).unwrap_or_default(), is_number: true }
        }
        Cells::Texts(values) => {
            Cell { text: values.get(row).cloned().unwrap_or_default(), is_number: false }
        }
    };
    let shown = (0..count)
        .map(|row| {
            let number = usize::try_from(first).unwrap_or(usize::MAX) + row + 1;
            (words::count(number), cells.iter().map(|column| cell(row, column)).collect())
        })
        .collect();
    let facts = tables.iter().find(|table| table.name == name);
    let heads = cells
        .iter()
        .map(|(name, _)| {
            let column = facts.and_then(|table| table.column(name));
            let unit = column.map_or("", |(_, column)| column.head.unit.as_str());
            (name.clone(), numbers::unit(unit))
        })
        .collect();
    let base = address::dataset(&opened.known.frame.definition.id, &opened.dataset.id);
    let to = |label: &str, row: u64, there: bool| Step {
        label: label.to_owned(),
        href: there.then(|| format!("{base}?table={}&row={row}#rows", escaped(name))),
    };
    let before = first > 0;
    let after = first + ROWS < rows;
    let middle = rows / 2 / ROWS * ROWS;
    let mut steps = vec![
        to("First", 0, before),
        to("Previous", first.saturating_sub(ROWS), before),
        to("Next", first + ROWS, after),
        to("Last", last_page, after),
    ];
    if rows > 20 * ROWS {
        steps.insert(2, to("Middle", middle, first != middle));
    }
    let others = if tables.len() > 1 {
        let other = |table: &galvanome::curves::TableFacts| Step {
            label: table.name.clone(),
            href: (table.name != name)
                .then(|| format!("{base}?table={}#rows", escaped(&table.name))),
        };
        tables.iter().map(other).collect()
    } else {
        Vec::new()
    };
    let number = |row: u64| words::count(usize::try_from(row).unwrap_or(usize::MAX));
    let said = if rows == 0 {
        "no rows".to_owned()
    } else {
        format!(
            "rows {} to {} of {}",
            number(first + 1),
            number(first + count as u64),
            number(rows)
        )
    };
    Ok(Some(Preview {
        table: name.to_owned(),
        heads,
        rows: shown,
        said,
        steps: if rows > ROWS { steps } else { Vec::new() },
        tables: others,
    }))
}

/// A number of the file with every digit that it has: one that was stored in single precision has no more than tell that.
fn written(value: f64) -> String {
    let single = value as f32;
    if f64::from(single) == value { single.to_string() } else { value.to_string() }
}

/// A text for the part of an address behind the question mark.
pub(super) fn escaped(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b',') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn numbers_have_the_digits_that_they_were_stored_with() {
        for (value, expected) in [
            (f64::from(3.587_025_2_f32), "3.5870252"),
            (1_758_802_727.675, "1758802727.675"),
            (0.1, "0.1"),
            (-2.0, "-2"),
        ] {
            assert_eq!(written(value), expected);
        }
    }
}
