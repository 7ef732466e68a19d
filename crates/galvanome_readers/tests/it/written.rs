//! Files that sinks write, read back.

use galvanome_model::measurement::{ColumnHead, Measurement, Origin, StartTime, Values, Zone};
use galvanome_model::note::Note;
use galvanome_readers::sink::{CsvFile, Kind, NewColumn, ParquetFile, Sink, Written};
use galvanome_readers::{Collect, Files, Limits, ReadError, Trouble, read};
use proptest::prelude::*;

use crate::bdf_parquet::read_bytes;
use crate::fixtures::{self, parquet::converted};

fn column(name: &str, unit: &str, kind: Kind) -> NewColumn {
    let head = ColumnHead {
        name: name.to_owned(),
        unit: unit.to_owned(),
        vendor_name: format!("<{name}>"),
        origin: Origin::Reconstructed,
    };
    NewColumn { head, kind }
}

fn bdf_columns() -> Vec<NewColumn> {
    vec![
        column("test_time_second", "s", Kind::Number),
        column("voltage_volt", "V", Kind::Number),
        column("current_ampere", "A", Kind::Number),
        column("State", "", Kind::Text),
        // There already, so that reading adds no count of its own.
        column("cycle_count_derived", "1", Kind::Number),
    ]
}

/// Gives a table to a sink in batches.
fn give(sink: &mut dyn Sink, batches: &[Vec<Values>]) {
    sink.format("test");
    sink.instrument("Cycler (SN 1)");
    sink.started_at(StartTime { iso: "2024-01-31T10:00:00".to_owned(), zone: Zone::Local });
    sink.metadata("Operator", "A. \"Nobody\"");
    sink.table("records", &bdf_columns());
    for batch in batches {
        sink.rows(batch).expect("memory takes rows");
    }
    sink.note(Note::new("truncated-file", "cut", "row 7"));
}

fn into_parquet(batches: &[Vec<Values>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut sink = ParquetFile::new(&mut bytes, None);
    give(&mut sink, batches);
    sink.finish().expect("memory takes bytes");
    bytes
}

fn into_csv(batches: &[Vec<Values>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut sink = CsvFile::new(&mut bytes, None);
    give(&mut sink, batches);
    sink.finish().expect("memory takes bytes");
    bytes
}

fn same(a: &Values, b: &Values) -> bool {
    match (a, b) {
        (Values::Number(a), Values::Number(b)) => {
            a.len() == b.len()
                && a.iter()
                    .zip(b)
                    .all(|(a, b)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan())
        }
        (a, b) => a == b,
    }
}

fn all_of(batches: &[Vec<Values>]) -> Vec<Values> {
    let mut collect = Collect::new();
    give(&mut collect, batches);
    collect.into_measurement().tables.remove(0).columns.into_iter().map(|one| one.values).collect()
}

/// Rows of numbers of any size, some missing, and of words.
fn batches() -> impl Strategy<Value = Vec<Vec<Values>>> {
    let number = prop_oneof![
        4 => any::<f64>().prop_filter("finite", |number| number.is_finite()),
        2 => (-5000_i32..5000).prop_map(|number| f64::from(number) / 1000.0),
        1 => Just(f64::NAN),
        1 => Just(-0.0),
    ];
    let word = "[a-zA-Zµ°][a-zA-Z ,;\"'°µ]{0,6}[a-zA-Z]|";
    let row = (prop::array::uniform4(number), word);
    prop::collection::vec(prop::collection::vec(row, 1..40), 1..4).prop_map(|batches| {
        let batch = |rows: Vec<([f64; 4], String)>| {
            let numbers = |at: usize| Values::Number(rows.iter().map(|row| row.0[at]).collect());
            let words = Values::Text(rows.iter().map(|row| row.1.clone()).collect());
            vec![numbers(0), numbers(1), numbers(2), words, numbers(3)]
        };
        batches.into_iter().map(batch).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn parquet_is_read_back_to_the_last_bit(batches in batches()) {
        let read = read_bytes(into_parquet(&batches));
        let table = &read.tables[0];
        for (column, values) in table.columns.iter().zip(all_of(&batches)) {
            prop_assert!(same(&column.values, &values), "{}", column.head.name);
        }
    }

    #[test]
    fn text_is_read_back_to_the_last_bit(batches in batches()) {
        let all = all_of(&batches);
        // A first line of words tells that the column holds words.
        let first: Vec<Values> = bdf_columns()
            .iter()
            .map(|column| match column.kind {
                Kind::Number => Values::Number(vec![1.0; 50]),
                Kind::Text => Values::Text(vec!["Rest".to_owned(); 50]),
            })
            .collect();
        let bytes = into_csv(&[vec![first], batches].concat());
        let mut collect = Collect::new();
        let format = read(&Files::one("a.csv", bytes), &Limits::default(), &mut collect).expect("a file");
        prop_assert_eq!(format.id, "bdf-csv");
        let read = collect.into_measurement();
        for (column, values) in read.tables[0].columns.iter().zip(all) {
            let behind = match &column.values {
                Values::Number(numbers) => Values::Number(numbers[50..].to_vec()),
                Values::Text(texts) => Values::Text(texts[50..].to_vec()),
            };
            prop_assert!(same(&behind, &values), "{}", column.head.name);
        }
    }
}

#[test]
fn parquet_carries_what_is_said_beside_the_rows() {
    let row = |words: &str| {
        let one = Values::Number(vec![1.0]);
        vec![one.clone(), one.clone(), one.clone(), Values::Text(vec![words.to_owned()]), one]
    };
    let bytes = into_parquet(&[row("charge"), row("")]);
    let Measurement { instrument, started_at, tables, metadata, notes, .. } = read_bytes(bytes);
    assert_eq!(instrument, "Cycler (SN 1)");
    assert_eq!(
        started_at.map(|start| (start.iso, start.zone)),
        Some(("2024-01-31T10:00:00".to_owned(), Zone::Local))
    );
    assert_eq!(metadata, [("Operator".to_owned(), "A. \"Nobody\"".to_owned())]);
    assert_eq!(notes, [Note::new("truncated-file", "cut", "row 7")]);
    let heads: Vec<_> = tables[0].columns.iter().map(|column| &column.head).collect();
    let given = bdf_columns();
    assert_eq!(heads, given.iter().map(|column| &column.head).collect::<Vec<_>>());
}

/// Every fixture into Parquet and back: nothing is lost, and notes are not told twice.
#[test]
fn every_format_survives_a_turn_through_parquet() {
    for fixture in fixtures::all() {
        let mut collect = Collect::new();
        read(&fixture.files(), &Limits::default(), &mut collect).expect("a fixture");
        let mut before = collect.into_measurement();
        // Of a file with signals the first of them is written.
        if before.tables.is_empty() || !before.signals.is_empty() {
            continue;
        }
        let mut after = read_bytes(converted(fixture.name, fixture.bytes.clone()));
        let (old, new) = (&before.tables[0], &after.tables[0]);
        assert_eq!(
            (&old.name, old.rows, old.columns.len()),
            (&new.name, new.rows, new.columns.len()),
            "{}",
            fixture.name
        );
        for (old, new) in old.columns.iter().zip(&new.columns) {
            assert_eq!(old.head, new.head, "{}", fixture.name);
            assert!(same(&old.values, &new.values), "{}: {}", fixture.name, old.head.name);
        }
        assert_eq!(before.metadata, after.metadata, "{}", fixture.name);
        assert_eq!(before.started_at, after.started_at, "{}", fixture.name);
        for measurement in [&mut before, &mut after] {
            measurement.notes.sort();
        }
        assert_eq!(before.notes, after.notes, "{}", fixture.name);
    }
}

/// Rows come in batches of any size and leave in groups of a bounded one.
#[test]
fn rows_are_written_as_they_come() {
    struct Counting<'a>(&'a mut u64);
    impl std::io::Write for Counting<'_> {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            *self.0 += bytes.len() as u64;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let rows = 300_000;
    let mut state = 1_u64;
    let mut noise = || {
        let next = |_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 11) as f64
        };
        Values::Number((0..rows).map(next).collect())
    };
    let words = Values::Text(vec!["charge".to_owned(); rows]);
    let batch = vec![noise(), noise(), noise(), words, noise()];
    let mut written = 0;
    let mut sink = ParquetFile::new(Counting(&mut written), None);
    give(&mut sink, &[batch]);
    let Written { rows, .. } = sink.finish().expect("memory takes bytes");
    assert_eq!(rows, 300_000);
    assert!(written > 7_000_000, "noise cannot be packed: {written}");
}

#[test]
fn a_table_is_chosen_by_name_and_others_are_named() {
    let files = Files::one("nested.csv", nested());
    let write = |table: Option<&str>| -> Result<(Written, String), ReadError> {
        let mut bytes = Vec::new();
        let mut sink = CsvFile::new(&mut bytes, table);
        read(&files, &Limits::default(), &mut sink)?;
        let written = sink.finish()?;
        Ok((written, String::from_utf8(bytes).expect("UTF-8")))
    };
    let (main, _) = write(None).expect("the main table");
    assert_eq!(main.table, "records");
    assert!(!main.others.is_empty());
    let (other, text) = write(Some(&main.others[0])).expect("another table");
    assert_eq!((&other.table, text.lines().count() as u64), (&main.others[0], other.rows + 1));
    let error = write(Some("nonsense")).expect_err("no such table");
    assert_eq!(error.trouble(), Trouble::Unsupported);
    assert!(error.to_string().contains("records"), "{error}");
}

/// A fixture that holds more than one table.
fn nested() -> Vec<u8> {
    let several = |fixture: &fixtures::Fixture| {
        let mut collect = Collect::new();
        let is_read = !fixture.is_packed()
            && read(&fixture.files(), &Limits::default(), &mut collect).is_ok();
        let tables = collect.into_measurement().tables;
        is_read && tables.len() > 1 && tables.first().is_some_and(|table| table.name == "records")
    };
    let mut all = fixtures::all();
    let place = all.iter().position(several).expect("a nested fixture");
    all.swap_remove(place).bytes
}

#[test]
fn a_full_disk_is_an_error_that_says_so() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let files = Files::one("a.csv", fixtures::bdf(galvanome_readers::bdf_csv::Names::Machine));
    let check = |error: ReadError| {
        assert_eq!(error.trouble(), Trouble::Sink);
        assert!(error.to_string().contains("room on the disk"), "{error}");
    };
    let mut sink = ParquetFile::new(Full, None);
    let outcome = read(&files, &Limits::default(), &mut sink).and_then(|_| sink.finish());
    check(outcome.expect_err("no room"));
    let mut sink = CsvFile::new(Full, None);
    let outcome = read(&files, &Limits::default(), &mut sink).and_then(|_| sink.finish());
    check(outcome.expect_err("no room"));
}
