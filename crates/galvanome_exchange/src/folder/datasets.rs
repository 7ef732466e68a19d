//! `datasets.csv`: what experiments produced, and whether the files named there are those that lie in the folder.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use galvanome_model::experiment::Dataset;

use super::header::Table;
use super::known::Known;
use super::lineage;
use super::problem::Problems;
use super::row::Row;
use super::table;
use super::{HeldFile, cell, path};

/// The folder of the data files.
const DATA: &str = "data/";

pub(super) const TABLE: Table = Table {
    file: "datasets.csv",
    columns: &[
        "id",
        "experiment",
        "samples",
        "role",
        "derived_from",
        "clock_offset_s",
        "path",
        "url",
        "doi",
        "bytes",
        "sha256",
        "license",
        "visibility",
        "note",
    ],
    needed: &["id", "experiment"],
    optional: &[],
};

pub(super) fn read(
    files: &BTreeMap<String, Vec<u8>>,
    held: &BTreeMap<String, HeldFile>,
    known: &mut Known,
    problems: &mut Problems,
) -> Vec<Dataset> {
    let mut datasets = Vec::new();
    let mut places = Vec::new();
    let mut named = HashSet::new();
    let complete = table::each_row(&TABLE, files, problems, |row| {
        named.insert(row.text("path"));
        if let Some(dataset) = read_row(row, held, known) {
            datasets.push(dataset);
            places.push(row.place);
        }
    });
    if !complete {
        known.datasets.mark_incomplete();
    }
    for file in held.keys().filter(|file| complete && !named.contains(*file)) {
        let hint = "add a row for it, or take the file out of the folder".to_owned();
        problems.of_file(file, "no row of datasets.csv names this file", Some(hint));
    }
    let rows =
        datasets.iter().zip(&places).map(|(one, place)| (&one.id, &one.derived_from[..], *place));
    lineage::check(&TABLE, "derived_from", "is derived", rows, &known.datasets, problems);
    datasets
}

fn read_row(
    row: &mut Row<'_>,
    held: &BTreeMap<String, HeldFile>,
    known: &mut Known,
) -> Option<Dataset> {
    let Some(experiment) = row.known("experiment", &known.experiments) else {
        known.datasets.mark_incomplete();
        return None;
    };
    let id = row.new_id("id", &mut known.datasets, experiment.clone())?;
    let dataset = Dataset {
        id,
        experiment,
        samples: row.known_list("samples", &known.samples),
        role: row.text("role"),
        derived_from: row.ids("derived_from"),
        clock_offset_s: row.number("clock_offset_s"),
        path: row.text("path"),
        url: row.text("url"),
        doi: row.text("doi"),
        bytes: row.whole("bytes"),
        sha256: row.cell("sha256").to_owned(),
        license: row.text("license"),
        visibility: row.visibility(),
        note: row.text("note"),
        extra: row.extra(),
    };
    check_file(row, &dataset, held);
    Some(dataset)
}

fn check_file(row: &mut Row<'_>, dataset: &Dataset, held: &BTreeMap<String, HeldFile>) {
    let sum = &dataset.sha256;
    let is_sum = sum.len() == 64 && sum.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !sum.is_empty() && !is_sum {
        let hint = "write its 64 hexadecimal digits".to_owned();
        row.wrong("sha256", "is not a SHA-256 checksum", Some(hint));
    }
    let path = &dataset.path;
    if path.is_empty() {
        return;
    }
    let hint = "write it as data/…, with `/` between folders, and put the file there".to_owned();
    if let Some(fault) = path::fault(path) {
        row.wrong("path", format!("`{path}` {fault}"), Some(hint));
    } else if !path.starts_with(DATA) {
        row.wrong("path", format!("`{path}` is not under {DATA}"), Some(hint));
    } else if let Some(file) = held.get(path) {
        if let Some(bytes) = dataset.bytes.filter(|bytes| *bytes != file.bytes) {
            let hint = "the file was changed or cut off; get the right one, or correct the row";
            let message = format!("says {bytes} bytes, but `{path}` has {}", file.bytes);
            row.wrong("bytes", message, Some(hint.to_owned()));
        }
        if is_sum && !sum.eq_ignore_ascii_case(&file.sha256) {
            let hint = "the file was changed; get the right one, or correct the row";
            let message = format!("is not the checksum of `{path}`, which is {}", file.sha256);
            row.wrong("sha256", message, Some(hint.to_owned()));
        }
    } else {
        let near = row.problems.suggest(path, held.keys().map(String::as_str));
        let hint = near.unwrap_or_else(|| {
            "put the file there, or leave `path` empty and say in `url` or `doi` where it is"
                .to_owned()
        });
        row.wrong("path", format!("there is no file `{path}` in the folder"), Some(hint));
    }
}

pub(super) fn write(datasets: &[Dataset]) -> Vec<u8> {
    table::write(
        &TABLE,
        datasets,
        |dataset| {
            [
                Cow::Borrowed(dataset.id.as_str()),
                Cow::Borrowed(dataset.experiment.as_str()),
                cell::ids(&dataset.samples),
                Cow::Borrowed(&dataset.role),
                cell::ids(&dataset.derived_from),
                cell::optional_number(dataset.clock_offset_s),
                Cow::Borrowed(&dataset.path),
                Cow::Borrowed(&dataset.url),
                Cow::Borrowed(&dataset.doi),
                cell::optional(dataset.bytes),
                Cow::Borrowed(&dataset.sha256),
                Cow::Borrowed(&dataset.license),
                table::visibility_text(&dataset.visibility),
                Cow::Borrowed(&dataset.note),
            ]
        },
        |dataset| &dataset.extra,
        None,
    )
}
