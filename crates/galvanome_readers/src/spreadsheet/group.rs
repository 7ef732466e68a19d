//! Which sheets continue each other: vendors begin a further sheet where one is full.

use super::judge::{Judged, Purpose, Vendor};
use super::lines::{Part, TAB};
use crate::format::Format;
use crate::text::cells::{decode, split};
use crate::text::clock::duration_s;
use crate::text::heads::plain;
use crate::text::number::{Cell, Decimal, parse};
use crate::vocabulary::parts;

/// Sheets that continue each other.
pub(super) struct Group {
    pub(super) format: &'static Format,
    pub(super) name: String,
    last: usize,
    pub(super) parts: Vec<Part>,
}

/// The sheets of records, those that continue each other together.
pub(super) fn grouped(judged: &[Judged], vendor: &Vendor) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (place, sheet) in judged.iter().enumerate() {
        if sheet.purpose != Purpose::Records {
            continue;
        }
        let continued = groups.iter_mut().find(|group| {
            judged.get(group.last).is_some_and(|before| {
                same_stem(&before.name, &sheet.name)
                    && (vendor.together)(&before.name, &sheet.name)
                    && continues(before, sheet)
            })
        });
        match (continued, sheet.format) {
            (Some(group), _) => {
                group.last = place;
                group.parts.push(Part { sheet: sheet.sheet, skip: sheet.above.len() as u64 });
            }
            (None, Some(format)) => groups.push(Group {
                format,
                name: sheet.name.clone(),
                last: place,
                parts: vec![Part { sheet: sheet.sheet, skip: 0 }],
            }),
            (None, None) => {}
        }
    }
    groups
}

/// Whether names differ by no more than a number at their end: `record` and `record_1`, `Detail_1` and `Detail_2`.
fn same_stem(before: &str, name: &str) -> bool {
    fn stem(name: &str) -> &str {
        let name = name.trim_end_matches([')', ' ']);
        name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches(['_', '-', '(', ' '])
    }
    stem(before) == stem(name) || stem(name) == before || stem(stem(name)) == stem(before)
}

/// Whether a sheet goes on where another one ends: under the same names or under none, and with later records.
fn continues(before: &Judged, sheet: &Judged) -> bool {
    const ORDER: [&str; 12] = [
        "data point",
        "datapoint",
        "record index",
        "record number",
        "record id",
        "record",
        "数据序号",
        "记录序号",
        "test time",
        "testtime",
        "total time",
        "time",
    ];
    let mut names = Vec::new();
    split(before.above.last().map_or(&[][..], Vec::as_slice), TAB, &mut names);
    let (mut firsts, mut others) = (Vec::new(), Vec::new());
    split(&before.first, TAB, &mut firsts);
    split(&sheet.first, TAB, &mut others);
    let nameless = sheet.format.is_none() && others.len() == names.len();
    if !nameless && (sheet.format.is_none() || sheet.above != before.above) {
        return false;
    }
    let bases: Vec<String> = names.iter().map(|name| plain(parts(&decode(name), "").0)).collect();
    let Some(column) = ORDER.iter().find_map(|name| bases.iter().position(|base| base == name))
    else {
        return !nameless;
    };
    let value = |cells: &[&[u8]]| match parse(cells.get(column)?, Decimal::Point) {
        Cell::Number(number) => Some(number),
        _ => duration_s(&decode(cells.get(column)?)),
    };
    value(&firsts).zip(value(&others)).is_some_and(|(before, after)| after > before)
}
