//! Real binary files of Neware and Landt, and damaged files of every kind, where somebody has a folder of them
//! (`GALVANOME_CORPUS`): held against the vendor's own export as far as it prints, against other readers, and against
//! what was found once.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use galvanome_readers::sink::{NumberSpan, Span, Summary, TableSummary};
use galvanome_readers::{Files, Limits, Member, Together, read};

use crate::corpus::{manifest, said};

/// Who says what, and how far off it may be: of volts, amperes and seconds, and as a part of the value. BTSDA prints
/// tenths of millivolts, microamperes and milliseconds; others hold floats.
const SAYERS: [(&str, [f64; 3], f64); 3] = [
    ("btsda_vendor", [5.1e-5, 5.1e-7, 1.1e-3], 2e-7),
    ("fastnda", [1e-9, 1e-12, 1.1e-3], 1e-6),
    ("NewareNDA", [1e-9, 1e-12, f64::INFINITY], 1e-6),
];

/// Differences that were looked into, and why ours is right: file and reader.
const EXPLAINED: [(&str, &str); 1] = [
    // It leaves out the last row, which BTSDA shows.
    ("21_10_7_85.ndax", "NewareNDA"),
];

/// Damaged files: what is left of each, by the format, the rows, and a note that says so; no format where nothing is.
const DAMAGED: [(&str, &str, u64, &str); 10] = [
    ("Unit27_Example_Corrupt.ndax", "neware-ndax", 301, "rows-filled-in"),
    ("cheminfo_noData.mpt", "", 0, ""),
    ("custom_good_small.csv", "delimited", 60, "generic-reader"),
    ("custom_missing_column.csv", "delimited", 60, "generic-reader"),
    ("custom_nan_inf.csv", "delimited", 60, "infinite-value"),
    ("trunc_cp.mpr", "biologic-mpr", 121, "truncated-file"),
    ("trunc_maccor_two.txt", "maccor-text", 106, "truncated-file"),
    ("trunc_mb.issue_95.mpr", "biologic-mpr", 0, "truncated-file"),
    ("trunc_nw4-120-6-1-36.ndax", "neware-ndax", 7257, "truncated-file"),
    ("unsupported_test.csv", "delimited", 1, "generic-reader"),
];

fn folder() -> Option<PathBuf> {
    let Ok(corpus) = std::env::var("GALVANOME_CORPUS") else {
        eprintln!("GALVANOME_CORPUS is not set: real files were not tried");
        return None;
    };
    let corpus = PathBuf::from(corpus);
    let cycling = corpus.join("cycling");
    Some(if cycling.is_dir() { cycling } else { corpus })
}

fn name_of(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

fn summary(path: &Path) -> Result<Summary, String> {
    let bytes = std::fs::read(path).expect("a file of the corpus");
    let mut summary = Summary::new();
    read(&Files::one(name_of(path), bytes), &Limits::default(), &mut summary)
        .map(|_| summary)
        .map_err(|error| error.to_string())
}

fn span(table: &TableSummary, name: &str) -> Option<NumberSpan> {
    match table.column(name)?.span {
        Span::Number(span) => span,
        Span::Text(_) => None,
    }
}

/// What differs between ours and what others say of a Neware file.
fn differences(table: &TableSummary, expected: &serde_json::Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (reader, off, part) in SAYERS {
        let Some(of) = expected.get(reader).filter(|of| of.get("error").is_none()) else {
            continue;
        };
        let mut differs = |what: String| found.push((reader.to_owned(), what));
        let rows = of.get("n_rows").and_then(serde_json::Value::as_u64);
        if rows.is_some_and(|rows| rows != table.rows) {
            differs(format!("{} rows, not {rows:?}", table.rows));
        }
        let columns = [
            ("voltage_V", "voltage_volt", 1.0),
            ("current_mA", "current_ampere", 1e-3),
            ("time_s", "test_time_second", 1.0),
        ];
        for ((key, name, factor), off) in columns.into_iter().zip(off) {
            let Some(of) = of.get(key) else { continue };
            let (Some(ours), said) = (span(table, name), said(of, factor)) else { continue };
            let ours = [ours.first, ours.last, ours.min, ours.max];
            let near = |(a, b): (&f64, &f64)| (a - b).abs() <= off + part * b.abs();
            // The vendor's export of time has no extremes.
            if let Some(said) = said
                && !ours.iter().zip(&said).all(near)
            {
                differs(format!("{name} {ours:?}, not {said:?}"));
            }
        }
        let cycles = of.get("n_cycles_btsda").and_then(serde_json::Value::as_u64);
        let ours = span(table, "cycle_count").map(|span| span.max as u64);
        if cycles.is_some() && cycles != ours {
            differs(format!("{ours:?} cycles, not {cycles:?}"));
        }
    }
    found
}

#[test]
fn neware_files_agree_with_the_vendors_export() {
    let Some(folder) = folder() else { return };
    let (mut tried, mut wrong) = (0, Vec::new());
    for (path, expected) in manifest(&folder) {
        if !path.parent().is_some_and(|parent| ["nda", "ndax"].contains(&name_of(parent))) {
            continue;
        }
        tried += 1;
        let summary = summary(&path).expect("a Neware file");
        for (reader, what) in differences(&summary.tables[0], &expected) {
            let name = name_of(&path);
            if !EXPLAINED.contains(&(name, &reader)) {
                wrong.push(format!("{name}: {reader}: {what}"));
            }
        }
    }
    eprintln!("{tried} real files were tried");
    assert!(tried > 0, "GALVANOME_CORPUS holds no file of Neware");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_left_of_damaged_files() {
    let Some(folder) = folder() else { return };
    for (name, format, rows, note) in DAMAGED {
        let outcome = summary(&folder.join("malformed").join(name));
        let Ok(summary) = outcome else {
            assert_eq!(format, "", "{name}: {outcome:?}");
            continue;
        };
        let found = summary.tables.first().map_or(0, |table| table.rows);
        assert_eq!((summary.format.as_str(), found), (format, rows), "{name}");
        assert!(
            summary.notes.iter().any(|found| found.code == note),
            "{name}: {:?}",
            summary.notes
        );
    }
}

#[test]
fn neware_files_that_were_never_packed_and_landt() {
    let Some(folder) = folder() else { return };
    let members = std::fs::read_dir(folder.join("ndc")).expect("a folder").map(|entry| {
        let path = entry.expect("a file").path();
        let bytes = std::fs::read(&path).expect("a file of the corpus");
        Member { name: name_of(&path).to_owned(), source: Arc::new(bytes) }
    });
    let set = Files::several(Together::Folder, "ndc", members.collect());
    let mut found = Summary::new();
    read(&set, &Limits::default(), &mut found).expect("a set");
    let table = &found.tables[0];
    let time = span(table, "test_time_second").expect("times");
    assert_eq!((table.rows, table.column("test_time_second").map(|c| c.nulls)), (43_201, Some(0)));
    assert!((time.last - time.first - 43_200.0).abs() < 1.0, "{time:?}");
    let found = summary(&folder.join("landt").join("LANHE_GPCL.ccs")).expect("a test");
    let table = &found.tables[0];
    let (time, volts) = (span(table, "test_time_second"), span(table, "voltage_volt"));
    assert_eq!((table.rows, time.map(|time| time.last)), (170_577, Some(41_170.862)));
    // The cut-off of the discharge, by its name on the test.
    assert!(volts.is_some_and(|volts| (volts.min - 0.9).abs() < 1e-3));
    // Its steps end when their samples do.
    assert!(found.notes.iter().all(|note| note.code != "row-count"));
}
