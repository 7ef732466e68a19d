//! Real files, where somebody has a folder of them: `GALVANOME_CORPUS=FOLDER cargo test -p galvanome_readers`.
//! The folder's `MANIFEST.csv` (or those of its folders) says what other readers found in each file.

use std::path::{Path, PathBuf};

use galvanome_readers::sink::{NumberSpan, Span, Summary};
use galvanome_readers::{Files, Limits, read};

/// What another reader says of a column: first, last, smallest, largest.
fn said(of: &serde_json::Value, factor: f64) -> Option<NumberSpan> {
    let value = |key: &str| of.get(key)?.as_f64().map(|value| value * factor);
    Some(NumberSpan {
        first: value("first")?,
        last: value("last")?,
        min: value("min")?,
        max: value("max")?,
    })
}

fn near(a: f64, b: f64) -> bool {
    // The manifest rounds to nine decimals of its own unit.
    (a - b).abs() <= 1e-9 + 1e-6 * a.abs().max(b.abs())
}

fn differs(ours: Option<NumberSpan>, said: NumberSpan) -> bool {
    ours.is_none_or(|ours| {
        !(near(ours.first, said.first)
            && near(ours.last, said.last)
            && near(ours.min, said.min)
            && near(ours.max, said.max))
    })
}

fn check(path: &Path, expected: &serde_json::Value, report: &mut Vec<String>) {
    let bytes = std::fs::read(path).unwrap();
    let name = path.display().to_string();
    let mut summary = Summary::new();
    if let Err(error) = read(&Files::one(&name, bytes), &Limits::default(), &mut summary) {
        report.push(format!("{error}"));
        return;
    }
    let table = summary.tables.first();
    let rows = table.map_or(0, |table| table.rows);
    if let Some(said) = expected.get("n_rows").and_then(serde_json::Value::as_u64)
        && said != rows
    {
        report.push(format!("{name}: {rows} rows, the manifest says {said}"));
    }
    let span = |name: &str| match table?.column(name)?.span {
        Span::Number(span) => span,
        Span::Text(_) => None,
    };
    for (reader, of) in expected.as_object().into_iter().flatten() {
        let columns = [
            ("voltage_V", "voltage_volt", 1.0),
            ("current_mA", "current_ampere", 1e-3),
            ("time_s", "test_time_second", 1.0),
        ];
        for (key, ours, factor) in columns {
            if let Some(said) = of.get(key).and_then(|of| said(of, factor))
                && differs(span(ours), said)
            {
                report.push(format!("{name}: {ours} is {:?}, {reader} says {said:?}", span(ours)));
            }
        }
    }
    for note in &summary.notes {
        report.push(format!("{name}: note {} {} [{}]", note.code, note.message, note.place));
    }
}

/// Paths and expectations of a manifest: its columns `path` and `expected`.
fn manifest(folder: &Path) -> Vec<(PathBuf, serde_json::Value)> {
    let Ok(text) = std::fs::read_to_string(folder.join("MANIFEST.csv")) else { return Vec::new() };
    let mut rows = Vec::new();
    for record in records(&text).skip(1) {
        let (Some(path), Some(expected)) = (record.first(), record.get(9)) else { continue };
        if let Ok(expected) = serde_json::from_str(expected) {
            rows.push((folder.join(path), expected));
        }
    }
    rows
}

/// Records of a csv text with quoted cells.
fn records(text: &str) -> impl Iterator<Item = Vec<String>> {
    text.lines().map(|line| {
        let mut cells = vec![String::new()];
        let mut quoted = false;
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '"' if quoted && chars.peek() == Some(&'"') => {
                    chars.next();
                    cells.last_mut().unwrap().push('"');
                }
                '"' => quoted = !quoted,
                ',' if !quoted => cells.push(String::new()),
                other => cells.last_mut().unwrap().push(other),
            }
        }
        cells
    })
}

/// Files of the corpus that these readers must read without a fault, by the folder they stand in.
const READ: [&str; 3] = ["bdf", "mpt", "generic_csv"];

#[test]
fn real_files_agree_with_what_others_found() {
    let Ok(corpus) = std::env::var("GALVANOME_CORPUS") else {
        eprintln!("GALVANOME_CORPUS is not set: real files were not tried");
        return;
    };
    let corpus = PathBuf::from(corpus);
    let mut tried = 0;
    for folder in [corpus.clone(), corpus.join("cycling")] {
        for (path, expected) in manifest(&folder) {
            let kind = path.parent().and_then(Path::file_name).unwrap_or_default();
            if !READ.iter().any(|read| kind == *read)
                || path.extension().is_some_and(|e| e == "parquet")
            {
                continue;
            }
            let mut report = Vec::new();
            check(&path, &expected, &mut report);
            tried += 1;
            for line in report {
                eprintln!("{line}");
            }
        }
    }
    assert!(tried > 0, "GALVANOME_CORPUS holds no file of {READ:?}");
}
