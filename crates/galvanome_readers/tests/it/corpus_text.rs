//! Real text files of cyclers, where somebody has a folder of them (`GALVANOME_CORPUS`): every reader of others is
//! compared with ours, and each difference must be one that is explained here and in `docs/validation.md`.

use std::path::{Path, PathBuf};

use galvanome_readers::sink::{NumberSpan, Span, Summary, TableSummary};
use galvanome_readers::{Files, Limits, read};

use crate::corpus::{manifest, near, said};

/// Folders, and the format that must claim every text in them.
const FOLDERS: [(&str, &str); 8] = [
    ("arbin_csv", "arbin-csv"),
    ("basytec", "basytec-text"),
    ("ivium", "ivium-text"),
    ("landt", "landt-csv"),
    ("maccor", "maccor-text"),
    ("neware_csv", "neware-csv"),
    ("novonix", "novonix-csv"),
    ("pec", "pec-csv"),
];

/// Differences from others that were looked into: file, reader, what differs, and why ours is right.
const EXPLAINED: &[(&str, &str, &str, &str)] = &[
    ("maccor_002.txt", "ionworksdata", "current_ampere", "no sign in the file; Md says D"),
    ("maccor_002.txt", "ionworksdata", "test_time_second", "the clock in place of TestTime"),
    ("maccor_example.001", "batterydf", "test_time_second", "minutes taken for seconds"),
    ("maccor_example.002", "batterydf", "test_time_second", "minutes taken for seconds"),
    (
        "maccor_test_file_4267-66-6519.041",
        "ionworksdata",
        "test_time_second",
        "a microsecond added for each row at the same time",
    ),
    ("maccor_two.txt", "ionworksdata", "voltage_volt", "decimal comma dropped"),
    ("trunc_maccor_two.txt", "ionworksdata", "rows", "a broken last line taken for a row"),
    ("trunc_maccor_two.txt", "ionworksdata", "voltage_volt", "decimal comma dropped"),
];

/// What others call a column, ours, and what their numbers are ours times.
const COLUMNS: [(&str, &str, f64); 3] = [
    ("voltage_V", "voltage_volt", 1.0),
    ("current_mA", "current_ampere", 1e-3),
    ("time_s", "test_time_second", 1.0),
];

fn span_of(table: &TableSummary, name: &str) -> Option<NumberSpan> {
    match table.column(name)?.span {
        Span::Number(span) => span,
        Span::Text(_) => None,
    }
}

/// What differs between ours and what others say of a file: the reader and the column.
fn differences(table: &TableSummary, expected: &serde_json::Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let rows = |of: &serde_json::Value| {
        ["n_rows", "n_points"].iter().find_map(|key| of.get(key)?.as_u64())
    };
    for (reader, of) in expected.as_object().into_iter().flatten() {
        if rows(of).is_some_and(|rows| rows != table.rows) {
            found.push((reader.clone(), "rows".to_owned()));
        }
        // This one gives a discharge a positive current, and counts time from the first row.
        let turned = of.get("sign").is_some();
        for (key, ours, factor) in COLUMNS {
            let Some(mut said) = of.get(key).and_then(|of| said(of, factor)) else { continue };
            let mut span = span_of(table, ours);
            if let Some(span) = &mut span
                && turned
                && ours == "test_time_second"
            {
                for value in [&mut span.last, &mut span.min, &mut span.max] {
                    *value -= span.first;
                }
                span.first = 0.0;
            }
            if turned && ours == "current_ampere" {
                said = [-said[0], -said[1], -said[3], -said[2]];
            }
            if !near(span, said, 1e-9) {
                found.push((reader.clone(), ours.to_owned()));
            }
        }
        for (name, of) in of.get("cols").and_then(|cols| cols.as_object()).into_iter().flatten() {
            let column = table.columns.iter().find(|column| column.head.vendor_name == *name);
            let (Some(said), Some(column)) = (said(of, 1.0), column) else { continue };
            let Span::Number(span) = column.span else { continue };
            // Read without units, so that only what needs none to be changed can be compared.
            if !name.contains("(m") && !name.contains("(\u{b5}") && !near(span, said, 1e-8) {
                found.push((reader.clone(), name.clone()));
            }
        }
        if let (Some(first), Some(last)) = (of.get("f_first_Hz"), of.get("f_last_Hz")) {
            let span = span_of(table, "frequency_hertz").expect("frequencies");
            if (first.as_f64(), last.as_f64()) != (Some(span.first), Some(span.last)) {
                found.push((reader.clone(), "frequency_hertz".to_owned()));
            }
        }
        for (key, place) in [("z_first", 0), ("z_last", 1)] {
            let Some(said) = of.get(key).and_then(|of| of.as_array()) else { continue };
            for (said, ours) in said.iter().zip(["real_impedance_ohm", "imaginary_impedance_ohm"]) {
                let span = span_of(table, ours).expect("impedance");
                if said.as_f64() != Some([span.first, span.last][place]) {
                    found.push((reader.clone(), ours.to_owned()));
                }
            }
        }
    }
    found
}

fn folder_of(path: &Path) -> &str {
    path.parent().and_then(Path::file_name).and_then(|name| name.to_str()).unwrap_or_default()
}

#[test]
fn real_texts_agree_with_others_or_the_difference_is_explained() {
    let Ok(corpus) = std::env::var("GALVANOME_CORPUS") else {
        eprintln!("GALVANOME_CORPUS is not set: real files were not tried");
        return;
    };
    let corpus = PathBuf::from(corpus);
    let files = [manifest(&corpus), manifest(&corpus.join("cycling"))].concat();
    let (mut tried, mut wrong, mut met) = (0, Vec::new(), Vec::new());
    for (path, expected) in &files {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let folder = FOLDERS.iter().find(|(folder, _)| *folder == folder_of(path));
        let is_text = path.extension().is_none_or(|ending| ending != "ccs");
        let format = match folder {
            Some((_, format)) if is_text => *format,
            None if name == "trunc_maccor_two.txt" => "maccor-text",
            _ => continue,
        };
        tried += 1;
        let bytes = std::fs::read(path).expect("a file of the corpus");
        let mut summary = Summary::new();
        let outcome = read(&Files::one(name, bytes), &Limits::default(), &mut summary);
        assert_eq!(outcome.map(|format| format.id).map_err(|e| e.to_string()), Ok(format));
        for (reader, what) in differences(&summary.tables[0], expected) {
            let known = EXPLAINED
                .iter()
                .position(|known| (known.0, known.1, known.2) == (name, &reader, &what));
            match known {
                Some(known) => met.push(known),
                None => wrong.push(format!("{name}: {reader} differs in {what}")),
            }
        }
    }
    eprintln!("{tried} real files were tried");
    assert!(tried > 0, "GALVANOME_CORPUS holds no text of a cycler");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (at, known) in EXPLAINED.iter().enumerate() {
        assert!(met.contains(&at), "no longer so: {known:?}");
    }
}
