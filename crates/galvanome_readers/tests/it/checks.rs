//! The checks that hold for every format, and the cycles that are counted for every format.

use galvanome_model::measurement::Measurement;
use galvanome_readers::{Collect, Files, Limits, read};

fn measured(text: &str) -> Measurement {
    let mut collect = Collect::new();
    read(&Files::one("cell.csv", text.as_bytes().to_vec()), &Limits::default(), &mut collect)
        .expect("a table");
    collect.into_measurement()
}

/// A table in the Battery Data Format: the columns behind time, voltage and current, and rows.
fn table(more: &str, rows: impl IntoIterator<Item = String>) -> String {
    let mut text = format!("test_time_second,voltage_volt,current_ampere{more}\n");
    for row in rows {
        text.push_str(&row);
        text.push('\n');
    }
    text
}

/// Checks the codes of the notes of a table.
fn check(text: &str, codes: &[&str]) {
    let read = measured(text);
    let found: Vec<_> = read.notes.iter().map(|note| note.code.as_str()).collect();
    assert_eq!(found, codes, "{:?}\n{}", read.notes, &text[..text.len().min(400)]);
}

/// A charge of an hour with 2 A, logged every minute, and a value of the counter in each row.
fn charge(column: &str, counter: impl Fn(f64) -> f64) -> String {
    table(
        &format!(",{column}"),
        (0..60).map(|minute| {
            let minute = f64::from(minute);
            let voltage = 3.0 + minute / 100.0;
            format!("{},{voltage},2,{}", minute * 60.0, counter(minute / 60.0 * 2.0))
        }),
    )
}

#[test]
fn charge_against_current() {
    let right = |ah: f64| ah;
    check(&charge("charging_capacity_ah", right), &[]);
    check(&charge("net_capacity_ah", right), &[]);
    check(&charge("step_capacity_ah", right), &[]);
    check(&charge("discharging_capacity_ah", |_| 0.0), &[]);
    // Set back in the middle, as at the end of a cycle.
    check(&charge("charging_capacity_ah", |ah| if ah < 1.0 { ah } else { ah - 1.0 }), &[]);
    // Within the tolerance, and beyond it.
    check(&charge("charging_capacity_ah", |ah| ah * 1.02), &[]);
    check(&charge("charging_capacity_ah", |ah| ah * 1.05), &["charge-differs"]);
    // Milliampere hours, ampere seconds, and a counter turned round.
    check(&charge("charging_capacity_ah", |ah| ah * 1e3), &["charge-differs"]);
    check(&charge("step_charging_capacity_ah", |ah| ah * 3600.0), &["charge-differs"]);
    check(&charge("net_capacity_ah", |ah| -ah), &["charge-differs"]);
    check(&charge("discharging_capacity_ah", right), &["charge-differs"]);
    // While the voltage is held the current falls, and its integral is known within bounds only.
    let held = |minute: i32| {
        let t = f64::from(minute) * 60.0;
        let current = 2.0 * (-t / 600.0).exp();
        format!("{t},4.2,{current},{}", 2.0 * 600.0 / 3600.0 * (1.0 - (-t / 600.0).exp()))
    };
    check(&table(",charging_capacity_ah", (0..60).map(held)), &[]);
}

#[test]
fn clocks_and_repeated_rows() {
    let clock = |wall: &dyn Fn(i32) -> i64| {
        table(
            ",unix_time_second",
            (0..20).map(|row| format!("{},3.5,0,{}", row * 60, 1_600_000_000 + wall(row))),
        )
    };
    check(&clock(&|row| i64::from(row) * 60), &[]);
    // A pause of an hour, a clock that loses, milliseconds under a label of seconds.
    check(&clock(&|row| i64::from(row) * 60 + if row > 9 { 3600 } else { 0 }), &["clock-differs"]);
    check(&clock(&|row| i64::from(row) * 50), &["clock-differs"]);
    let paused = measured(&clock(&|row| i64::from(row) * 60 + if row > 9 { 3600 } else { 0 }));
    assert_eq!(paused.notes[0].place, "row 11");
    let fast = (0..20).map(|row| format!("{},3.5,0,{}", row * 60_000, 1_600_000_000 + row * 60));
    check(&table(",unix_time_second", fast), &["time-unit-suspect"]);
    let rows = ["0,3.5,0", "60,3.5,0", "60,3.5,0", "60,3.6,0", "120,3.5,0", "30,3.5,0"];
    check(&table("", rows.map(str::to_owned)), &["time-goes-back", "repeated-rows"]);
    let read = measured(&table("", rows.map(str::to_owned)));
    assert_eq!((read.notes[0].place.as_str(), read.notes[1].place.as_str()), ("row 6", "row 3"));
}

/// Rows are looked at many at a time where nothing is to be seen in them: what is to be seen is found at every place.
#[test]
fn nothing_is_passed_over() {
    for place in [1, 2, 62, 63, 64, 65, 127, 128, 129, 190, 199] {
        // A charge with one row that is another: time, voltage and current of it.
        let check = |time: i32, voltage: &str, current: &str, code: &str, row: i32| {
            let rows = (0..200).map(|at| {
                if at == place {
                    format!("{time},{voltage},{current}")
                } else {
                    format!("{},3.5,1", at * 10)
                }
            });
            let read = measured(&table("", rows));
            let found = read.notes.iter().map(|note| (note.code.as_str(), note.place.as_str()));
            let place = format!("row {row}");
            assert_eq!(found.collect::<Vec<_>>(), [(code, place.as_str())], "{place}");
        };
        check(place * 10 - 15, "3.5", "1", "time-goes-back", place + 1);
        check(place * 10 - 10, "3.5", "1", "repeated-rows", place + 1);
        check(place * 10, "101", "1", "voltage-out-of-range", place + 1);
        check(place * 10, "-101", "-1", "voltage-out-of-range", place + 1);
    }
    // A voltage that moves against the current, in runs that end anywhere.
    for length in [5, 63, 64, 65, 100] {
        let rows = (0..1000).map(|at| {
            let half = at / length;
            let along = if half % 2 == 0 { at % length } else { length - at % length };
            let current = if half % 2 == 0 { -1 } else { 1 };
            format!("{},{},{current}", at * 10, 3.0 + f64::from(along) / f64::from(length))
        });
        check(&table("", rows), &["current-sign-suspect"]);
    }
}

#[test]
fn a_column_that_is_there_twice() {
    let twice = |factor: f64| {
        let rows = (0..9).map(move |row| format!("{row},3.5,0.1,{}", 0.1 * factor));
        table(",Current", rows)
    };
    check(&twice(1.0), &["unknown-column"]);
    check(&twice(1000.0), &["unknown-column", "columns-disagree"]);
}

/// Checks where the derived count changes: rows from 0, and the counts from there on.
fn cycles(text: &str, changes: &[(usize, f64)]) {
    let read = measured(text);
    let counts = read.tables[0].numbers("cycle_count_derived").expect("a count");
    assert_eq!(counts.len(), read.tables[0].rows);
    let mut found = vec![(0, counts[0])];
    for (row, pair) in counts.windows(2).enumerate() {
        if pair[0] != pair[1] {
            found.push((row + 1, pair[1]));
        }
    }
    assert_eq!(found, changes);
}

/// A test of currents, each for so many rows of ten seconds.
fn currents(parts: &[(f64, usize)]) -> String {
    let rows = parts.iter().flat_map(|&(current, rows)| std::iter::repeat_n(current, rows));
    table("", rows.enumerate().map(|(row, current)| format!("{},3.5,{current}", row * 10)))
}

#[test]
fn cycles_by_one_rule() {
    // Rest, charge, rest, discharge, charge, discharge.
    cycles(
        &currents(&[(0.0, 5), (1.0, 100), (0.0, 20), (-1.0, 90), (1.0, 90), (-1.0, 50)]),
        &[(0, 1.0), (215, 2.0)],
    );
    // A test that begins with a discharge.
    cycles(&currents(&[(-1.0, 100), (1.0, 100), (-1.0, 100)]), &[(0, 1.0), (200, 2.0)]);
    // Pulses, noise at rest, and noise before the first current.
    cycles(&currents(&[(1.0, 300), (-1.0, 1), (1.0, 300), (-1.0, 2), (0.0, 50)]), &[(0, 1.0)]);
    let noise = [(1e-5, 3), (-1e-5, 4)].repeat(20);
    cycles(
        &currents(
            &[&noise[..], &[(1.0, 100)], &noise, &[(-1.0, 100)], &noise, &[(1.0, 9)]].concat(),
        ),
        &[(0, 1.0), (620, 2.0)],
    );
    // A turn that shows itself only many rows later, over several batches of rows, counts from its first row.
    cycles(
        &currents(&[(1.0, 10_000), (-0.001_1, 60_000), (-1.0, 9_000), (1.0, 9_000)]),
        &[(0, 1.0), (79_000, 2.0)],
    );
    // Two half cycles for each of many cycles; no current at all.
    let many = [(1.0, 30), (-1.0, 30)].repeat(300);
    let changes: Vec<_> = (0..300_u32).map(|n| (n as usize * 60, f64::from(n) + 1.0)).collect();
    cycles(&currents(&many), &changes);
    cycles(&currents(&[(0.0, 30)]), &[(0, 1.0)]);
    let read = measured(&table("", []));
    assert_eq!(read.tables[0].numbers("cycle_count_derived"), Some(&[][..]));
    // A table without a current has none, and one that has it already keeps its own.
    let text = "test_time_second,voltage_volt\n0,3.5\n1,3.5\n";
    assert!(measured(text).tables[0].column("cycle_count_derived").is_none());
    let text = table(",cycle_count_derived", ["0,3.5,1,7".to_owned()]);
    assert_eq!(measured(&text).tables[0].numbers("cycle_count_derived"), Some(&[7.0][..]));
}
