//! Files of one cell: copies, parts of each other, overlaps.

use galvanome_model::measurement::{Measurement, Table, Values};
use galvanome_techniques::{Input, Inputs};

use super::cell::{Cell, analyze, measured};

fn part(table: &Table, from: usize, to: usize) -> Table {
    let mut part = table.clone();
    for column in &mut part.columns {
        if let Values::Number(values) = &mut column.values {
            *values = values[from..to].to_vec();
        }
    }
    part.rows = to - from;
    part
}

/// Analyses files (name, table, start) and checks the notes about joining; gives loss rate and number of cycles.
#[track_caller]
fn check(files: &[(&str, Table, &str)], notes: &[(&str, &str)]) -> (f64, usize) {
    let main = files
        .iter()
        .map(|(name, table, started)| Input {
            name: (*name).to_owned(),
            measurement: measured(table.clone(), started),
        })
        .collect();
    let found = analyze(&Inputs { main, auxiliary: Vec::new() }, &["reference-cycle=1"]);
    let about: Vec<(&str, &str)> = found
        .notes
        .iter()
        .map(|note| (note.code.as_str(), note.place.as_str()))
        .filter(|(code, _)| !code.starts_with("no-") && *code != "elapsed-unknown")
        .collect();
    assert_eq!(about, notes);
    (found.quantity("echem.capacity-loss-rate").unwrap().value, found.tables[0].rows)
}

#[test]
fn copies_and_overlaps() {
    let whole = Cell::fading(30, 0.2).table();
    let n = whole.rows;
    let alone = check(&[("a", whole.clone(), "")], &[]);
    assert!((alone.0 - 0.2).abs() < 1e-3 && alone.1 == 30);
    let same = "2024-01-01T00:00:00";
    // The same file twice, also where some voltages are missing.
    let mut gappy = whole.clone();
    if let Values::Number(volts) = &mut gappy.columns[2].values {
        volts[17] = f64::NAN;
    }
    let twice = [("a", gappy.clone(), same), ("b", gappy, same)];
    assert_eq!(check(&twice, &[("repeated-file", "b")]).1, 30);
    // A part of it, exported earlier: whichever comes first, every row counts once, to the last bit.
    let early = part(&whole, 0, n / 3 + 7);
    let before = [("early", early.clone(), same), ("a", whole.clone(), same)];
    assert_eq!(check(&before, &[("overlapping-files", "a")]), alone);
    let after = [("a", whole.clone(), same), ("early", early, same)];
    assert_eq!(check(&after, &[("repeated-file", "early")]), alone);
    // The end of one is the beginning of the other.
    let halves = [("a", part(&whole, 0, n / 2), same), ("b", part(&whole, n / 3, n), same)];
    assert_eq!(check(&halves, &[("overlapping-files", "b")]), alone);
    // By the clock the second began before the first had ended, with other rows.
    let first = Cell::fading(15, 0.2);
    let mut second = Cell::fading(30, 0.2);
    second.cycles.drain(..15);
    second.seed = 2;
    let clash = [("a", first.table(), same), ("b", second.table(), "2024-01-01T02:00:00")];
    let found = check(&clash, &[("overlapping-files", "b"), ("cycles-renumbered", "b")]);
    assert!((found.0 - 0.2).abs() < 1e-3 && found.1 == 30);
    // An hour after the end it is not.
    let apart = [
        ("b", second.table(), "2024-02-01T00:00:00+01:00"),
        ("a", first.table(), "2024-01-01T00:00:00+00:00"),
    ];
    assert_eq!(check(&apart, &[("cycles-renumbered", "b")]).1, 30);
}

/// The clock of each row, where the file has it, orders the time between files.
#[test]
fn a_clock_in_the_file_tells_the_time() {
    let cell = Cell::fading(120, 0.2);
    let mut table = cell.table();
    let Values::Number(time) = table.columns[0].values.clone() else { panic!("no numbers") };
    // A week's pause after two thirds, which the test time does not count.
    let unix = time.iter().enumerate().map(|(row, time)| {
        1.7e9 + time + if row > table.rows * 2 / 3 { 7.0 * 86_400.0 } else { 0.0 }
    });
    table.columns.push(super::cell::column("unix_time_second", unix.collect()));
    let days = |table: Table| {
        let found = analyze(&Inputs::one("a", measured(table, "")), &["reference-cycle=1"]);
        found.quantity("echem.time-to-80").unwrap().value
    };
    let with_pause = days(table);
    assert!((with_pause - days(cell.table()) - 7.0).abs() < 1e-6, "{with_pause}");
}

#[test]
fn files_without_what_is_needed_are_left_out() {
    let whole = Cell::fading(10, 0.2).table();
    let mut blind = whole.clone();
    blind.columns.remove(1);
    let empty = part(&whole, 0, 0);
    let files = [("blind", blind, ""), ("empty", empty, ""), ("a", whole, "")];
    let notes = [("start-unknown", ""), ("missing-column", "blind")];
    assert_eq!(check(&files, &notes).1, 10);
    let nothing = Input { name: "nothing".to_owned(), measurement: Measurement::default() };
    let found = analyze(&Inputs { main: vec![nothing], auxiliary: Vec::new() }, &[]);
    let codes: Vec<&str> = found.notes.iter().map(|note| note.code.as_str()).collect();
    assert_eq!(codes, ["no-table", "nothing-to-analyse"]);
}
