//! What is refused about whole files, and what is accepted although it looks odd.

use super::base::{Files, Held, catalogue, files, held, problems, read};
use galvanome_exchange::folder;

/// Puts another text in the place of one file of the good folder.
fn check(file: &str, content: &[u8], expected: &[&str]) {
    let mut files = files();
    files.insert(file.to_owned(), content.to_vec());
    assert_eq!(problems(&files), expected, "{file}");
}

#[test]
fn the_folder_itself_is_right() {
    assert_eq!(problems(&files()), [""; 0]);
}

#[test]
fn what_a_text_editor_or_a_spreadsheet_does_to_a_file_changes_nothing() {
    let good = read(&files()).unwrap();
    let everywhere = |change: &dyn Fn(&str) -> String| -> Files {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let is_table = |file: &str| folder::is_text(file) && !file.contains('/');
        files()
            .into_iter()
            .map(|(file, bytes)| {
                let bytes =
                    if is_table(&file) { change(&text(&bytes)).into_bytes() } else { bytes };
                (file, bytes)
            })
            .collect()
    };
    assert_eq!(read(&everywhere(&|text| format!("\u{feff}{text}"))), Ok(good.clone()));
    let mut with_crlf = read(&everywhere(&|text| text.replace('\n', "\r\n"))).unwrap();
    assert_eq!(with_crlf.samples[1].note, "two\r\nlines");
    with_crlf.samples[1].note = "two\nlines".to_owned();
    assert_eq!(with_crlf, good);
    let padded = everywhere(&|text| {
        if text.starts_with("format") { text.to_owned() } else { format!("{text}\n,,,,\n\n") }
    });
    assert_eq!(read(&padded), Ok(good));
}

#[test]
fn columns_may_stand_in_any_order_and_tables_may_be_missing() {
    let mut files = files();
    let gates = "x_seen,gate,reason,author,dataset\nby me,void,wrong sample,ada,raw\n";
    files.insert("gates.csv".to_owned(), gates.as_bytes().to_vec());
    files.remove("shipments.csv");
    files.insert("answers.csv".to_owned(), Vec::new());
    let campaign = read(&files).unwrap();
    let gate = &campaign.gates[0];
    assert_eq!((gate.author.as_str(), gate.experiment.is_none()), ("ada", true));
    assert_eq!(gate.extra["x_seen"], "by me");
    assert!(campaign.shipments.is_empty() && campaign.answers.is_empty());
}

#[test]
fn whole_files() {
    check(
        "gates.csv",
        b"experiment,dataset,gate,reason,author,set_on,released_on\nxrd-1,,void,\xe9t\xe9,ada,,\n",
        &[
            "gates.csv, line 2: is not UTF-8: byte 69 is 0xE9; save it again as UTF-8 (a spreadsheet calls it \"CSV UTF-8\")",
        ],
    );
    check(
        "campaign.toml",
        b"format = 1\nid = \"\xff\"\n",
        &[
            "campaign.toml, line 2: is not UTF-8: byte 17 is 0xFF; save it again as UTF-8 (a spreadsheet calls it \"CSV UTF-8\")",
        ],
    );
    check(
        "gates.csv",
        b"experiment;dataset;gate;reason;author\nxrd-1;;void;why;ada\n",
        &["gates.csv: its columns are separated by semicolons; save it with commas between them"],
    );
    check(
        "gates.csv",
        b"\"experiment\n",
        &[
            "gates.csv, row 1: the double quote that opens this cell is never closed; nothing after it was read; close it, and write a double quote within a cell twice",
        ],
    );
    check(
        "gate.csv",
        b"gate\n",
        &["gate.csv: is not a file of a campaign folder; did you mean `gates.csv`?"],
    );
    check(
        "people.csv",
        b"name\n",
        &[
            "people.csv: is not a file of a campaign folder; the tables are samples.csv, shipments.csv, experiments.csv, datasets.csv, quantities.csv, answers.csv, gates.csv",
        ],
    );
    check(
        "protocols/../../etc/passwd",
        b"",
        &["protocols/../../etc/passwd: leaves the campaign folder with `..`"],
    );
    check(
        "metadata/notes.txt",
        b"",
        &[
            "metadata/notes.txt: is not a .json file; a metadata form is a .json file; other documents lie in protocols/",
        ],
    );
}

#[test]
fn without_a_readable_definition_only_the_shape_of_the_tables_is_judged() {
    let mut files = files();
    files.remove("campaign.toml");
    let missing = ["campaign.toml: is missing; a campaign folder has it at its top"];
    assert_eq!(problems(&files), missing);

    files.insert("campaign.toml".to_owned(), b"format = 1\nid = = 2\n[[partner\n".to_vec());
    let answers = "component,question,technique,observable,answer,author,reason\nwhat,Q1,ever,is,maybe,ada,so\n";
    files.insert("answers.csv".to_owned(), answers.as_bytes().to_vec());
    let found = problems(&files);
    let (last, first) = found.split_last().unwrap();
    assert!(first.len() >= 2 && first.iter().all(|one| one.starts_with("campaign.toml, line")));
    assert_eq!(
        last,
        "answers.csv, row 2, column `answer`: `maybe` is not an answer; use yes, no, unsure, not_done or not_applicable"
    );
}

#[test]
fn everything_wrong_is_reported_at_once_in_the_order_of_the_files() {
    let mut files = files();
    for (file, from, to) in [
        ("gates.csv", "one spot", ""),
        ("answers.csv", ",yes,", ",si,"),
        ("samples.csv", ",12,", ",many,"),
        ("campaign.toml", "value = 3", "value = 3\nvalu = 4"),
        ("samples.csv", "coated", "coated,again"),
    ] {
        let text = String::from_utf8(files[file].clone()).unwrap();
        files.insert(file.to_owned(), text.replace(from, to).into_bytes());
    }
    let places: Vec<String> = problems(&files)
        .iter()
        .map(|problem| problem.split(": ").next().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(
        places,
        [
            "campaign.toml, line 70, key `valu`",
            "samples.csv, row 2",
            "answers.csv, row 2, column `answer`",
            "gates.csv, row 2, column `reason`",
        ]
    );
}

#[test]
fn a_data_file_that_no_row_names_is_a_problem() {
    let mut held: Held = held();
    let file = held["data/a.xy"].clone();
    held.insert("data/b.xy".to_owned(), file);
    let found = folder::read(&files(), &held, &catalogue()).unwrap_err();
    let texts: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "data/b.xy: no row of datasets.csv names this file; add a row for it, or take the file out of the folder"
        ]
    );
    let none = folder::read(&files(), &Held::new(), &catalogue()).unwrap_err();
    assert_eq!(
        none[0].to_string(),
        "datasets.csv, row 2, column `path`: there is no file `data/a.xy` in the folder; put the file there, or leave `path` empty and say in `url` or `doi` where it is"
    );
}

#[test]
fn no_text_makes_it_panic() {
    // Every file of the good folder cut off at every byte, and with one byte replaced.
    for (file, bytes) in files() {
        for at in 0..bytes.len() {
            let mut cut = files();
            cut.insert(file.clone(), bytes[..at].to_vec());
            let _ = problems(&cut);
            let mut bent = files();
            let mut other = bytes.clone();
            other[at] = b"\"\xc3,\n;`"[at % 6];
            bent.insert(file.clone(), other);
            let _ = problems(&bent);
        }
    }
}

#[test]
fn what_is_read_as_text_and_what_is_not_carried() {
    for (path, expected) in [
        ("campaign.toml", true),
        ("answers.csv", true),
        ("metadata/a.json", true),
        ("protocols/a/b.pdf", true),
        ("data/a.csv", false),
        ("README.md", false),
        ("old/answers.csv", false),
    ] {
        assert_eq!(folder::is_text(path), expected, "{path}");
    }
    assert!(folder::not_carried().iter().any(|what| what.contains("audit log")));
}
