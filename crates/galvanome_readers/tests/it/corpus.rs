//! Real files, where somebody has a folder of them: `GALVANOME_CORPUS=FOLDER cargo test -p galvanome_readers`.
//! `MANIFEST.csv` in the folder or in its `cycling` says in the columns `path` and `expected` (JSON) what the
//! vendor's own text and other readers say of each file. The text is the truth; others are printed beside ours.

use std::path::{Path, PathBuf};

use galvanome_readers::sink::{NumberSpan, Span, Summary};
use galvanome_readers::{Files, Limits, read};

/// Entries of `expected` that were parsed from the vendor's text itself, and how many digits they have.
const TRUTH: [(&str, f64); 2] = [("text_parse", 1e-9), ("vendor_eclab_mpt", 1e-7)];

/// Folders of files that the formats here must read.
const READ: [&str; 4] = ["bdf", "generic_csv", "mpr", "mpt"];

/// What is said of a column: first, last, smallest, largest.
pub(crate) fn said(of: &serde_json::Value, factor: f64) -> Option<[f64; 4]> {
    let value = |key: &str| of.get(key)?.as_f64().map(|value| value * factor);
    Some([value("first")?, value("last")?, value("min")?, value("max")?])
}

pub(crate) fn near(ours: Option<NumberSpan>, said: [f64; 4], relative: f64) -> bool {
    // The manifest rounds to nine decimals, of milliamperes for the current.
    ours.is_some_and(|NumberSpan { first, last, min, max }| {
        let pairs = [first, last, min, max].into_iter().zip(said);
        pairs.into_iter().all(|(a, b)| (a - b).abs() <= 1e-9 + relative * a.abs().max(b.abs()))
    })
}

/// Compares one file with what is said of it. Gives what is wrong, and prints how others differ.
fn check(path: &Path, expected: &serde_json::Value) -> Vec<String> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path).expect("a file of the corpus");
    let mut summary = Summary::new();
    if let Err(error) = read(&Files::one(&name, bytes), &Limits::default(), &mut summary) {
        return vec![error.to_string()];
    }
    let mut wrong = Vec::new();
    let table = summary.tables.first();
    let rows = table.map_or(0, |table| table.rows);
    let rows_said = expected.get("n_rows").and_then(serde_json::Value::as_u64);
    if rows_said.is_some_and(|said| said != rows) {
        wrong.push(format!("{name}: {rows} rows, the manifest says {rows_said:?}"));
    }
    let span = |name: &str| match table?.column(name)?.span {
        Span::Number(span) => span,
        Span::Text(_) => None,
    };
    for (reader, of) in expected.as_object().into_iter().flatten() {
        let truth = TRUTH.iter().find(|truth| truth.0 == reader);
        let columns = [
            ("voltage_V", "voltage_volt", 1.0),
            ("current_mA", "current_ampere", 1e-3),
            ("time_s", "test_time_second", 1.0),
        ];
        for (key, ours, factor) in columns {
            let Some(said) = of.get(key).and_then(|of| said(of, factor)) else { continue };
            if !near(span(ours), said, truth.map_or(1e-9, |truth| truth.1)) {
                let line = format!("{name}: {ours} is {:?}, {reader} says {said:?}", span(ours));
                if truth.is_some() { wrong.push(line) } else { eprintln!("{line}") }
            }
        }
    }
    wrong
}

/// Paths and expectations of a manifest.
pub(crate) fn manifest(folder: &Path) -> Vec<(PathBuf, serde_json::Value)> {
    let Ok(text) = std::fs::read_to_string(folder.join("MANIFEST.csv")) else { return Vec::new() };
    let mut lines = text.lines().map(cells);
    let Some(names) = lines.next() else { return Vec::new() };
    let place =
        |name: &str| names.iter().position(|found| found == name).expect("path and expected");
    let (path, expected) = (place("path"), place("expected"));
    lines
        .filter_map(|cells| {
            let expected = serde_json::from_str(cells.get(expected)?).ok()?;
            Some((folder.join(cells.get(path)?), expected))
        })
        .collect()
}

/// Cells of a line with quotes.
fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(std::mem::take(&mut cell)),
            other => cell.push(other),
        }
    }
    cells.push(cell);
    cells
}

#[test]
fn real_files_agree_with_the_vendors_own_text() {
    let Ok(corpus) = std::env::var("GALVANOME_CORPUS") else {
        eprintln!("GALVANOME_CORPUS is not set: real files were not tried");
        return;
    };
    let corpus = PathBuf::from(corpus);
    let files = [manifest(&corpus), manifest(&corpus.join("cycling"))].concat();
    let of_these = files.iter().filter(|(path, _)| {
        let folder = path.parent().and_then(Path::file_name).unwrap_or_default();
        READ.iter().any(|read| folder == *read) && path.extension().is_some_and(|e| e != "parquet")
    });
    let mut tried = 0;
    let mut wrong = Vec::new();
    for (path, expected) in of_these {
        tried += 1;
        wrong.extend(check(path, expected));
    }
    eprintln!("{tried} real files were tried");
    assert!(tried > 0, "GALVANOME_CORPUS holds no file of {READ:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
