//! Rules that hold for every format.

use std::collections::BTreeSet;

use galvanome_model::measurement::{Measurement, Values};
use galvanome_readers::sink::{Span, Summary};
use galvanome_readers::{
    Collect, Confidence, FORMATS, Files, Format, Limits, ReadError, identify, read, read_as,
};

use crate::fixtures::{Fixture, all};
use crate::walk::every_byte_of;

#[test]
fn ids_are_unique_and_sorted() {
    assert!(FORMATS.is_sorted_by(|a, b| a.id < b.id));
    for format in FORMATS {
        let kebab =
            format.id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        assert!(kebab && !format.name.is_empty() && !format.endings.is_empty(), "{}", format.id);
    }
}

#[test]
fn exactly_one_format_claims_each_fixture() {
    let mut seen = BTreeSet::new();
    for fixture in all() {
        assert!(fixture.bytes.len() <= 16_000, "{}", fixture.name);
        let files = fixture.files();
        let (format, confidence) = identify(&files).expect("a format");
        assert_eq!(format.id, fixture.format, "{}", fixture.name);
        let claimants =
            FORMATS.iter().filter(|format| (format.claims)(&files) == confidence).count();
        assert_eq!(claimants, 1, "{}", fixture.name);
        let generic = matches!(format.id, "bare-columns" | "delimited" | "spreadsheet");
        assert_eq!(confidence == Confidence::Fallback, generic, "{}", fixture.name);
        seen.insert(format.id);
    }
    assert_eq!(
        seen.into_iter().collect::<Vec<_>>(),
        FORMATS.iter().map(|f| f.id).collect::<Vec<_>>()
    );
}

/// Reads with one format and holds that what comes out keeps to the rules of the waist.
fn read_soundly(format: &Format, files: &Files) -> Result<Measurement, ReadError> {
    let limits = Limits::default();
    let mut collect = Collect::new();
    let result = read_as(format, files, &limits, &mut collect);
    let measurement = collect.into_measurement();
    for table in &measurement.tables {
        let mut names = BTreeSet::new();
        for column in &table.columns {
            assert_eq!(column.values.len(), table.rows, "{}", column.head.name);
            assert!(names.insert(&column.head.name), "{} stands there twice", column.head.name);
            assert!(!column.head.name.is_empty());
            if let Values::Number(numbers) = &column.values {
                assert!(!numbers.iter().any(|number| number.is_infinite()), "{}", column.head.name);
            }
        }
    }
    result.map(|()| measurement)
}

/// Whether a format is tried on a fixture that is damaged at a byte: its own always, each other one now and then.
fn is_tried(format: &Format, fixture: &Fixture, byte: usize) -> bool {
    let turn = FORMATS.iter().position(|other| other.id == format.id).unwrap_or(0);
    format.id == fixture.format || (byte + turn).is_multiple_of(FORMATS.len() + 9)
}

#[test]
fn truncation_at_every_byte_is_survived() {
    every_byte_of(&all(), |fixture, cut| {
        let files = Files::one(fixture.name, fixture.bytes[..cut].to_vec());
        for format in FORMATS.iter().filter(|format| is_tried(format, fixture, cut)) {
            // An error is fine; a panic, an endless loop or an unsound table is not.
            drop(read_soundly(format, &files));
        }
    });
}

#[test]
fn single_wrong_bytes_are_survived() {
    every_byte_of(&all(), |fixture, place| {
        // The same at every run, so that a failure can be repeated.
        let state = (place as u32 ^ fixture.bytes.len() as u32).wrapping_mul(0x9E37_79B9);
        let mut bytes = fixture.bytes.clone();
        bytes[place] =
            [(state >> 24) as u8, 0, 0xFF, b'\n', b'"', b'9'][(state >> 16) as usize % 6];
        let files = Files::one(fixture.name, bytes);
        for format in FORMATS.iter().filter(|format| is_tried(format, fixture, place)) {
            drop(read_soundly(format, &files));
        }
    });
}

fn format_of(fixture: &Fixture) -> &'static Format {
    FORMATS.iter().find(|format| format.id == fixture.format).expect("a format")
}

#[test]
fn a_truncated_file_gives_every_whole_row_and_no_broken_one() {
    // Formats that must find their table first may find none in what is left.
    let finds = |fixture: &Fixture| !["bare-columns", "delimited"].contains(&fixture.format);
    let of_lines = |fixture: &&Fixture| fixture.is_lines() && finds(fixture);
    for fixture in all().iter().filter(of_lines) {
        let whole = read_soundly(format_of(fixture), &fixture.files()).expect("a whole file");
        let whole = &whole.tables[0];
        // Bytes at which rows end: their line breaks, and the end of the file.
        let mut ends: Vec<usize> =
            (1..=fixture.bytes.len()).filter(|&end| fixture.bytes[end - 1] == b'\n').collect();
        if ends.last() != Some(&fixture.bytes.len()) {
            ends.push(fixture.bytes.len());
        }
        let header_lines = ends.len() - whole.rows;
        let table_begins = ends[header_lines - 1];
        for cut in table_begins..fixture.bytes.len() {
            let files = Files::one(fixture.name, fixture.bytes[..cut].to_vec());
            let read = read_soundly(format_of(fixture), &files).expect("a truncated file");
            let rows = read.tables[0].rows;
            let complete = ends[header_lines..].iter().filter(|&&end| end <= cut).count();
            // Of the last line only its break may be missing.
            let next = ends.get(header_lines + complete).copied().unwrap_or(fixture.bytes.len());
            let but_break = fixture.bytes[cut..next].iter().all(|byte| b"\r\n".contains(byte));
            let open = rows == complete + 1;
            assert!(
                rows == complete || open,
                "{} cut at {cut}: {rows}, not {complete}",
                fixture.name
            );
            if open && !but_break {
                // Only a last cell of free width may have lost digits, and then a note says so.
                let noted = read.notes.iter().any(|note| note.code == "unterminated-last-line");
                assert!(noted, "{} cut at {cut}", fixture.name);
            }
            for column in &whole.columns {
                let (Values::Number(all), Some(some)) =
                    (&column.values, read.tables[0].numbers(&column.head.name))
                else {
                    continue;
                };
                let same = all
                    .iter()
                    .zip(some)
                    .take(complete)
                    .all(|(a, b)| a == b || a.is_nan() && b.is_nan());
                assert!(same, "{} cut at {cut}: {}", fixture.name, column.head.name);
            }
        }
    }
}

#[test]
fn the_longer_a_packed_file_the_more_rows_and_the_same() {
    for fixture in all().iter().filter(|fixture| fixture.is_packed()) {
        let whole = read_soundly(format_of(fixture), &fixture.files()).expect("a whole file");
        let mut before = 0;
        for cut in 0..=fixture.bytes.len() {
            let files = Files::one(fixture.name, fixture.bytes[..cut].to_vec());
            let Ok(read) = read_soundly(format_of(fixture), &files) else { continue };
            let rows = read.tables.first().map_or(0, |table| table.rows);
            assert!(rows >= before, "{} cut at {cut}: {rows} after {before}", fixture.name);
            before = rows;
            if cut < fixture.bytes.len() && rows < whole.tables[0].rows {
                let said = ["truncated-file", "no-data"];
                let noted = read.notes.iter().any(|note| said.contains(&note.code.as_str()));
                assert!(noted, "{} cut at {cut}: {:?}", fixture.name, read.notes);
            }
            for (table, read) in whole.tables.iter().zip(&read.tables) {
                for column in &read.columns {
                    let name = &column.head.name;
                    let (Values::Number(some), Some(all)) = (&column.values, table.numbers(name))
                    else {
                        panic!("{} cut at {cut}: {name}", fixture.name)
                    };
                    let same = |(a, b): (&f64, &f64)| a == b || a.is_nan() && b.is_nan();
                    assert!(
                        all.iter().zip(some).all(same),
                        "{} cut at {cut}: {name}",
                        fixture.name
                    );
                }
            }
        }
        assert_eq!(before, whole.tables[0].rows, "{}", fixture.name);
    }
}

#[test]
fn a_summary_says_what_the_rows_hold() {
    for fixture in all() {
        let (mut collect, mut summary) = (Collect::new(), Summary::new());
        read(&fixture.files(), &Limits::default(), &mut collect).expect("a fixture");
        read(&fixture.files(), &Limits::default(), &mut summary).expect("a fixture");
        let measurement = collect.into_measurement();
        assert_eq!(summary.format, measurement.format);
        assert_eq!(summary.instrument, measurement.instrument);
        assert_eq!(summary.started_at, measurement.started_at);
        assert_eq!(summary.metadata, measurement.metadata);
        assert_eq!(summary.notes, measurement.notes);
        for (short, table) in summary.tables.iter().zip(&measurement.tables) {
            assert_eq!((&short.name, short.rows), (&table.name, table.rows as u64));
            for (short, column) in short.columns.iter().zip(&table.columns) {
                assert_eq!(short.head, column.head);
                match (&short.span, &column.values) {
                    (Span::Number(span), Values::Number(values)) => {
                        let there: Vec<f64> =
                            values.iter().copied().filter(|v| !v.is_nan()).collect();
                        assert_eq!(short.nulls, (values.len() - there.len()) as u64);
                        let min = there.iter().copied().fold(f64::INFINITY, f64::min);
                        let max = there.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                        let ours = span.map(|span| (span.first, span.last, span.min, span.max));
                        let ends = there.first().zip(there.last());
                        assert_eq!(ours, ends.map(|(&first, &last)| (first, last, min, max)));
                    }
                    (Span::Text(span), Values::Text(values)) => {
                        let there: Vec<_> = values.iter().filter(|text| !text.is_empty()).collect();
                        let ends = there.first().zip(there.last());
                        let ends = ends.map(|(first, last)| ((*first).clone(), (*last).clone()));
                        assert_eq!(*span, ends);
                    }
                    (span, values) => panic!("{span:?} of {values:?}"),
                }
            }
        }
    }
}
