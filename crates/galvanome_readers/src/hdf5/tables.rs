//! Lists of one axis as tables: those of one group and one length together, and the members of compounds.

use std::collections::BTreeMap;

use galvanome_model::measurement::{ColumnHead, Origin, Values};

use super::datatype::{Datatype, Kind as TypeKind};
use super::gather::{Part, numbers};
use super::hand_over::HandOver;
use crate::columns::unique;
use crate::error::ReadError;
use crate::sink::{Allowance, Kind, NewColumn};

/// Rows that are handed on at once.
const ROWS: u64 = 1 << 20;

/// A column: the dataset, and what of its values.
struct Column {
    place: usize,
    of: Datatype,
    offset: usize,
    name: String,
    unit: String,
    path: String,
}

/// A table: its name, its rows, its columns.
struct Table {
    name: String,
    rows: u64,
    columns: Vec<Column>,
}

/// Gives every list that nothing else was made of, the largest table first. Errors when the sink cannot keep them.
pub(super) fn all(over: &mut HandOver) -> Result<(), ReadError> {
    let mut tables = compounds(over);
    tables.extend(lists(over));
    tables.sort_by_key(|table| {
        std::cmp::Reverse(table.rows.saturating_mul(table.columns.len() as u64))
    });
    for table in tables {
        give(over, table)?;
    }
    Ok(())
}

/// Whether a type is one that a column can hold.
fn is_column(of: &Datatype) -> bool {
    of.is_text() || of.number().is_some()
}

/// Lists by their group and length, in the order of the file.
fn lists(over: &mut HandOver) -> Vec<Table> {
    let tree = over.tree;
    let mut tables: Vec<Table> = Vec::new();
    let mut places: BTreeMap<(usize, u64), usize> = BTreeMap::new();
    for (place, object) in tree.objects.iter().enumerate() {
        let Some(dataset) = object.dataset().filter(|dataset| is_column(&dataset.of)) else {
            continue;
        };
        let is_list = dataset.space.dims.iter().filter(|&&dim| dim != 1).count() == 1;
        if !is_list && dataset.of.number().is_some() || over.given.contains(&place) {
            continue;
        }
        let rows = dataset.space.len;
        let table = *places.entry((object.parent, rows)).or_insert_with(|| {
            let group = tree.objects.get(object.parent).map_or("/", |group| group.path.as_str());
            tables.push(Table { name: group.to_owned(), rows, columns: Vec::new() });
            tables.len() - 1
        });
        if let Some(table) = tables.get_mut(table) {
            table.columns.push(Column {
                place,
                of: dataset.of.clone(),
                offset: 0,
                name: object.name().to_owned(),
                unit: object.text("units").unwrap_or_default(),
                path: object.path.clone(),
            });
        }
    }
    tables
}

/// Compounds: a table each, a column a member.
fn compounds(over: &mut HandOver) -> Vec<Table> {
    let mut tables = Vec::new();
    for (place, object) in over.tree.objects.iter().enumerate() {
        let Some(dataset) = object.dataset().filter(|_| !over.given.contains(&place)) else {
            continue;
        };
        let TypeKind::Compound(members) = &dataset.of.kind else { continue };
        let (readable, left): (Vec<_>, Vec<_>) =
            members.iter().partition(|member| is_column(&member.of));
        if !left.is_empty() {
            let names: Vec<&str> = left.iter().map(|member| member.name.as_str()).collect();
            let message =
                format!("members that no column can hold were left out: {}", names.join(", "));
            over.note("unsupported-object", message, &object.path);
        }
        let columns = readable.into_iter().map(|member| Column {
            place,
            of: member.of.clone(),
            offset: member.offset,
            name: member.name.clone(),
            unit: String::new(),
            path: format!("{}/{}", object.path, member.name),
        });
        let columns = columns.collect();
        tables.push(Table { name: object.path.clone(), rows: dataset.space.len, columns });
    }
    tables
}

fn give(over: &mut HandOver, mut table: Table) -> Result<(), ReadError> {
    if let Some(note) = over.limits.too_many_columns(table.columns.len(), &table.name) {
        over.note(&note.code, note.message, &note.place);
    }
    table.columns.truncate(over.limits.max_columns);
    let mut columns = std::mem::take(&mut table.columns);
    columns.retain(|column| over.may_hold(column.place, table.rows));
    if columns.is_empty() {
        return Ok(());
    }
    for column in &mut columns {
        over.look(column.place);
        if column.name.is_empty() {
            "unnamed".clone_into(&mut column.name);
        }
    }
    unique(columns.iter_mut().enumerate().map(|(place, column)| (&mut column.name, place)));
    let heads: Vec<NewColumn> = columns
        .iter()
        .map(|column| NewColumn {
            head: ColumnHead {
                name: column.name.clone(),
                unit: column.unit.clone(),
                vendor_name: column.path.clone(),
                origin: Origin::Stored,
            },
            kind: if column.of.is_text() { Kind::Text } else { Kind::Number },
        })
        .collect();
    over.sink.table(&table.name, &heads);
    let mut allowance = Allowance::of(over.limits, columns.len());
    let mut begin = 0;
    while begin < table.rows {
        let range = begin..table.rows.min(begin + ROWS);
        let mut rows: Vec<Values> =
            columns.iter().map(|column| values(over, column, range.clone())).collect();
        if !allowance.hand_on(&mut rows, over.sink)? {
            break;
        }
        begin = range.end;
    }
    Ok(())
}

fn values(over: &mut HandOver, column: &Column, range: std::ops::Range<u64>) -> Values {
    let rows = (range.end - range.start) as usize;
    let Some((_, dataset)) = over.dataset(column.place) else {
        return Values::Number(vec![f64::NAN; rows]);
    };
    let Some(part) = Part::of(&column.of, column.offset) else {
        let (texts, lost) = over.texts(dataset, &column.of, column.offset, range);
        if lost {
            over.note(
                "damaged-values",
                "texts that cannot be read are empty".to_owned(),
                &column.path,
            );
        }
        return Values::Text(texts);
    };
    let mut found = numbers(dataset, part, range);
    over.say_of(column.place, &found);
    let mut infinite = 0;
    for value in found.values.iter_mut().filter(|value| value.is_infinite()) {
        *value = f64::NAN;
        infinite += 1;
    }
    if infinite > 0 {
        let message = format!("{infinite} values are infinite; they are taken as missing");
        over.note("infinite-value", message, &column.path);
    }
    Values::Number(found.values)
}
