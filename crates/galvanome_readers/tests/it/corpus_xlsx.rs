//! Real workbooks of cyclers, where somebody has a folder of them (`GALVANOME_CORPUS`).

use std::path::{Path, PathBuf};

use galvanome_readers::sink::{NumberSpan, Span, Summary, TableSummary};
use galvanome_readers::{Files, Limits, read};

use crate::corpus::{manifest, near, said};

/// What others call a column, ours, and what their numbers are ours times.
const COLUMNS: [(&str, &str, f64); 4] = [
    ("voltage_V", "voltage_volt", 1.0),
    ("current_A", "current_ampere", 1.0),
    ("current_mA", "current_ampere", 1e-3),
    ("test_time_s", "test_time_second", 1.0),
];

fn span_of(table: &TableSummary, name: &str) -> Option<NumberSpan> {
    match table.column(name)?.span {
        Span::Number(span) => span,
        Span::Text(_) => None,
    }
}

/// Compares one file with what is said of it. Gives what differs.
fn check(path: &Path, expected: &serde_json::Value) -> Vec<String> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let bytes = std::fs::read(path).expect("a file of the corpus");
    let mut summary = Summary::new();
    let outcome = read(&Files::one(name, bytes), &Limits::default(), &mut summary);
    assert_eq!(outcome.map(|format| format.id).map_err(|e| e.to_string()), Ok("arbin-xlsx"));
    assert_eq!(summary.notes, [], "{name}");
    let table = &summary.tables[0];
    let rows = expected.get("n_rows").and_then(serde_json::Value::as_u64).expect("rows");
    assert_eq!(table.rows, rows, "{name}");
    let mut wrong = Vec::new();
    for (reader, of) in expected.as_object().into_iter().flatten() {
        // This one gives a discharge a positive current.
        let turned = of.get("sign").is_some();
        for (key, ours, factor) in COLUMNS {
            let Some(mut said) = of.get(key).and_then(|of| said(of, factor)) else { continue };
            if turned && ours == "current_ampere" {
                said = [-said[0], -said[1], -said[3], -said[2]];
            }
            if !near(span_of(table, ours), said, 1e-9) {
                wrong.push(format!("{name}: {reader} differs in {ours}"));
            }
        }
        // Cycles as the instrument counts them.
        if let Some(cycles) = of.get("n_cycles").and_then(serde_json::Value::as_f64) {
            let span = span_of(table, "cycle_count").expect("cycles");
            assert_eq!(span.max - span.min + 1.0, cycles, "{name}");
        }
    }
    wrong
}

#[test]
fn real_workbooks_agree_with_others() {
    let Ok(corpus) = std::env::var("GALVANOME_CORPUS") else {
        eprintln!("GALVANOME_CORPUS is not set: real files were not tried");
        return;
    };
    let corpus = PathBuf::from(corpus);
    let files = [manifest(&corpus), manifest(&corpus.join("cycling"))].concat();
    let (mut tried, mut wrong) = (0, Vec::new());
    for (path, expected) in &files {
        let folder = path.parent().and_then(Path::file_name);
        if folder.is_some_and(|folder| folder == "arbin_xlsx") {
            tried += 1;
            wrong.extend(check(path, expected));
        }
    }
    eprintln!("{tried} real files were tried");
    assert!(tried > 0, "GALVANOME_CORPUS holds no workbook of a cycler");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
