//! `samples.csv`: things with a label, and what each was made from.

use std::borrow::Cow;
use std::collections::BTreeMap;

use galvanome_model::sample::Sample;

use super::cell;
use super::header::Table;
use super::known::Known;
use super::lineage;
use super::problem::Problems;
use super::row::Row;
use super::table;

pub(super) const TABLE: Table = Table {
    file: "samples.csv",
    columns: &[
        "id",
        "kind",
        "component",
        "group",
        "parents",
        "process",
        "count",
        "state_of_charge",
        "surrogate",
        "made_by",
        "made_on",
        "note",
    ],
    needed: &["id", "kind"],
    optional: &[],
};

pub(super) fn read(
    files: &BTreeMap<String, Vec<u8>>,
    known: &mut Known,
    problems: &mut Problems,
) -> Vec<Sample> {
    let mut samples = Vec::new();
    let mut places = Vec::new();
    let complete = table::each_row(&TABLE, files, problems, |row| {
        if let Some(sample) = read_row(row, known) {
            samples.push(sample);
            places.push(row.place);
        }
    });
    if !complete {
        known.samples.mark_incomplete();
    }
    let rows = samples.iter().zip(&places).map(|(one, place)| (&one.id, &one.parents[..], *place));
    lineage::check(&TABLE, "parents", "is made", rows, &known.samples, problems);
    samples
}

fn read_row(row: &mut Row<'_>, known: &mut Known) -> Option<Sample> {
    let id = row.new_id("id", &mut known.samples, ())?;
    let kind = row.needed_text("kind", "write what it is: powder, sheet, cell, electrode, piece");
    let count = row.whole("count").unwrap_or(1);
    if count == 0 {
        row.wrong("count", "is zero", Some("a row stands for at least one sample".to_owned()));
    }
    let state_of_charge = row.number("state_of_charge");
    if state_of_charge.is_some_and(|charge| !(0.0..=1.0).contains(&charge)) {
        let hint = "write a fraction from 0 to 1, such as 0.8 for 80 %".to_owned();
        row.wrong("state_of_charge", "is not a fraction", Some(hint));
    }
    Some(Sample {
        id,
        kind,
        component: row.known_if_any("component", &known.components),
        group: row.known_if_any("group", &known.groups),
        parents: row.ids("parents"),
        process: row.text("process"),
        count,
        state_of_charge,
        surrogate: row.flag("surrogate"),
        made_by: row.known_if_any("made_by", &known.partners),
        made_on: row.date("made_on"),
        note: row.text("note"),
        extra: row.extra(),
    })
}

pub(super) fn write(samples: &[Sample]) -> Vec<u8> {
    table::write(
        &TABLE,
        samples,
        |sample| {
            [
                Cow::Borrowed(sample.id.as_str()),
                Cow::Borrowed(&sample.kind),
                cell::optional_id(sample.component.as_ref()),
                cell::optional_id(sample.group.as_ref()),
                cell::ids(&sample.parents),
                Cow::Borrowed(&sample.process),
                if sample.count == 1 { "".into() } else { sample.count.to_string().into() },
                cell::optional_number(sample.state_of_charge),
                Cow::Borrowed(if sample.surrogate { "yes" } else { "" }),
                cell::optional_id(sample.made_by.as_ref()),
                Cow::Borrowed(&sample.made_on),
                Cow::Borrowed(&sample.note),
            ]
        },
        |sample| &sample.extra,
        None,
    )
}
