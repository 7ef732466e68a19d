//! Parquet files that are cut off, damaged, or not what they say.

use galvanome_readers::{Collect, Files, Limits, ReadError, Trouble, read};

use crate::bdf_parquet::read_bytes;
use crate::fixtures::parquet::{Given, file, full, older, plain};

fn fail(bytes: Vec<u8>) -> ReadError {
    let mut collect = Collect::new();
    read(&Files::one("a.parquet", bytes), &Limits::default(), &mut collect).expect_err("an error")
}

#[test]
fn a_file_without_its_end_says_what_is_left() {
    let whole = older();
    let error = fail(whole[..whole.len() * 2 / 3].to_vec());
    assert_eq!((error.trouble(), error.reader()), (Trouble::Damaged, "bdf-parquet"));
    let said = error.to_string();
    assert!(said.contains("whole pages with") && said.contains("fetch the file again"), "{said}");
    let error = fail(b"PAR1".to_vec());
    assert!(error.to_string().contains("no whole page"), "{error}");
    let mut length = whole.clone();
    let at = length.len() - 8;
    length[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(fail(length).to_string().contains("4294967295 bytes long"));
    let mut encrypted = whole;
    let at = encrypted.len() - 4;
    encrypted[at..].copy_from_slice(b"PARE");
    assert_eq!(fail(encrypted).trouble(), Trouble::Unsupported);
}

#[test]
fn a_damaged_page_costs_its_own_values_only() {
    let schema = "message schema {
        required double test_time_second; required double voltage_volt; required double current_ampere;
    }";
    let column =
        |from: f64| full(Given::Double((0..500).map(|row| from + f64::from(row)).collect()));
    let group = |from: f64| vec![column(from), column(from), column(from)];
    let whole = file(schema, plain(), &[group(0.0), group(500.0)], &[]);
    // The head of the first page: its kind, of which there is no 63rd.
    let mut broken = whole.clone();
    assert_eq!(broken[4..6], [0x15, 0]);
    broken[5] = 126;
    let read = read_bytes(broken);
    let table = &read.tables[0];
    assert_eq!(table.rows, 1000, "the other columns are whole");
    let time = table.numbers("test_time_second").unwrap();
    assert!(time[..500].iter().all(|number| number.is_nan()) && time[500] == 500.0);
    assert_eq!(table.numbers("voltage_volt").unwrap()[499], 499.0);
    let note = read.notes.iter().find(|note| note.code == "damaged-page").expect("a note");
    assert!(note.message.contains("500 of its values"), "{}", note.message);
    assert!(
        note.place.contains("test_time_second") && note.place.contains("byte 4"),
        "{}",
        note.place
    );
}

#[test]
fn more_rows_than_values_are_told() {
    let schema = "message schema { required double test_time_second; }";
    let group = vec![full(Given::Double((0..300).map(f64::from).collect()))];
    let mut bytes = file(schema, plain(), &[group], &[]);
    // 300 as the compact protocol has it; the rows of the group and of the file come last.
    let places: Vec<usize> =
        (4..bytes.len() - 1).filter(|&at| bytes[at..at + 2] == [0xD8, 0x04]).collect();
    for &at in places.iter().rev().take(2) {
        bytes[at] = 0xDA;
    }
    let read = read_bytes(bytes);
    assert_eq!(read.tables[0].rows, 300);
    let note = read.notes.iter().find(|note| note.code == "row-count").expect("a note");
    assert!(note.message.contains("301") && note.message.contains("300"), "{}", note.message);
}

#[test]
fn what_can_be_read_of_a_damaged_end_is_read() {
    let whole = older();
    let at = whole.windows(8).rposition(|window| window == b"operator").expect("the key");
    let mut damaged = whole;
    // Its length, so that it runs over the end.
    damaged[at - 1] = 0x7F;
    let read = read_bytes(damaged);
    assert_eq!(read.tables[0].rows, 40);
    assert!(read.notes.iter().any(|note| note.code == "damaged-footer"), "{:?}", read.notes);
}
