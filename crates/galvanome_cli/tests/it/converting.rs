//! `convert`, and what `--strict` makes of notes.

use crate::program::{example, run, text};

const CUT_OFF: &str =
    "test_time_second,voltage_volt,current_ampere\n0,3.1,0.05\n10,3.2,0.05\n20,3.";
const SOUND: &str = "Test Time / s;Voltage / V;Current / A\n0,5;3,1;0,05\n1,5;3,2;0,05\n";

#[test]
fn a_file_is_converted_there_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let cell = example("invented-solid-state/data/cycler/cell-25-1.csv");
    let (packed, back) = (folder.path().join("cell.bdf.parquet"), folder.path().join("cell.csv"));
    let ran = run(&["convert", text(&cell), text(&packed)]);
    assert_eq!((ran.status, ran.out.as_str()), (0, ""), "{}", ran.err);
    assert!(ran.err.contains("table records, 432 rows"), "{}", ran.err);
    let document = run(&["convert", text(&packed), text(&back), "--json"]).json();
    assert_eq!((&document["schema"], &document["written"]), (&1.into(), &true.into()));
    assert_eq!((&document["table"], &document["rows"]), (&"records".into(), &432.into()));
    let one = |path| run(&["inspect", text(path), "--json"]).json();
    let (first, last) = (one(&cell), one(&back));
    for (before, after) in first["tables"][0]["columns"]
        .as_array()
        .unwrap()
        .iter()
        .zip(last["tables"][0]["columns"].as_array().unwrap())
    {
        for key in ["name", "unit", "first", "last", "min", "max", "nulls"] {
            assert_eq!(before[key], after[key], "{key} of {}", before["name"]);
        }
    }
}

#[test]
fn refusals_name_the_file_and_the_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let cell = example("invented-solid-state/data/cycler/cell-25-1.csv");
    let there = folder.path().join("there.csv");
    std::fs::write(&there, "x").unwrap();
    let refused = |args: &[&str], parts: &[&str]| {
        let error = run(&[&["convert"], args].concat()).refused();
        for part in parts {
            assert!(error.contains(part), "`{part}` is missing from: {error}");
        }
    };
    let out = folder.path().join("out.parquet");
    refused(&[text(&cell), text(&there)], &["there.csv", "--force"]);
    refused(&[text(&cell), "out.xlsx"], &["out.xlsx", ".csv or .parquet"]);
    refused(&["/nonexistent", text(&out)], &["/nonexistent"]);
    refused(&[text(&cell), text(&out), "--table", "none"], &["no table `none`"]);
    assert!(!out.exists());
}

#[test]
fn strict_makes_errors_of_doubts_and_lets_statements_pass() {
    let folder = tempfile::tempdir().unwrap();
    let (cut, sound) = (folder.path().join("cut.csv"), folder.path().join("sound.csv"));
    std::fs::write(&cut, CUT_OFF).unwrap();
    std::fs::write(&sound, SOUND).unwrap();
    let out = folder.path().join("out.parquet");
    let check = |args: &[&str], strict: i32, note: &str| {
        let args = |more: &[&str]| run(&[args, more].concat());
        let plain = args(&[]);
        assert_eq!(plain.status, 0, "{}", plain.err);
        let _ = std::fs::remove_file(&out);
        let ran = args(&["--strict"]);
        assert_eq!(ran.status, strict, "{}", ran.err);
        if strict == 1 {
            assert!(ran.err.contains(note) && ran.err.contains("--strict refuses"), "{}", ran.err);
            assert!(!out.exists());
        }
        let _ = std::fs::remove_file(&out);
    };
    for (path, status, note) in [(&cut, 1, "truncated-file"), (&sound, 0, "decimal-comma")] {
        check(&["inspect", text(path)], status, note);
        check(&["inspect", text(path), "--json"], status, note);
        check(&["convert", text(path), text(&out)], status, note);
    }
    let cell = example("invented-solid-state/data/cycler/cell-25-1.csv");
    check(&["analyze", text(&cell), "--technique", "echem"], 0, "");
    let whole = std::fs::read_to_string(&cell).unwrap();
    std::fs::write(&cut, &whole[..whole.len() - 3]).unwrap();
    check(&["analyze", text(&cut), "--technique", "echem"], 1, "unterminated-last-line");
    let ran = run(&["analyze", text(&cut), "--technique", "echem", "--strict"]);
    assert_eq!(ran.out, "", "nothing is determined from data in doubt");
}

/// A code that nobody says would let nothing pass: a slip of the pen.
#[test]
fn every_code_that_informs_is_said_somewhere() {
    let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let lists = ["galvanome/src/strict.rs", "galvanome_readers/src/checks.rs"];
    let sources: Vec<(std::path::PathBuf, String)> = crate::house::sources_below(&crates, &["rs"])
        .into_iter()
        .filter(|path| path.components().any(|part| part.as_os_str() == "src"))
        .map(|path| (path.clone(), std::fs::read_to_string(path).unwrap()))
        .collect();
    let mut codes = 0;
    for (_, list) in
        sources.iter().filter(|(path, _)| lists.iter().any(|list| path.ends_with(list)))
    {
        let (_, list) = list.split_once("const INFORMS").unwrap();
        let (list, _) = list.split_once("];").unwrap();
        for code in list.split('"').skip(1).step_by(2) {
            let said = format!("\"{code}\"");
            let is_elsewhere = |(path, text): &(std::path::PathBuf, String)| {
                !lists.iter().any(|list| path.ends_with(list)) && text.contains(&said)
            };
            assert!(sources.iter().any(is_elsewhere), "nobody says {said}");
            codes += 1;
        }
    }
    assert!(codes > 20, "{codes} codes");
}
