//! Parquet files that are cut off, damaged, or not what they say.

use galvanome_model::measurement::Values;
use galvanome_readers::{Collect, Files, Limits, ReadError, Trouble, read};

use parquet::file::properties::{EnabledStatistics, WriterProperties};

use crate::bdf_parquet::read_bytes;
use crate::fixtures::parquet::{Given, file, full, older, plain, some, ways};

fn fail(bytes: Vec<u8>) -> ReadError {
    let mut collect = Collect::new();
    read(&Files::one("a.parquet", bytes), &Limits::default(), &mut collect).expect_err("an error")
}

/// The part of a file before its end.
fn without_end(bytes: &[u8]) -> &[u8] {
    let (rest, _) = bytes.split_last_chunk::<4>().expect("a mark");
    let (rest, length) = rest.split_last_chunk::<4>().expect("a length");
    &rest[..rest.len() - u32::from_le_bytes(*length) as usize]
}

#[test]
fn a_file_without_its_end_says_what_is_left() {
    // One column of one page: nothing says that the page is all of it.
    let schema = "message schema { required double test_time_second; }";
    let column = full(Given::Double((0..300).map(f64::from).collect()));
    let one = file(schema, plain(), &[vec![column]], &[]);
    let error = fail(without_end(&one).to_vec());
    assert_eq!((error.trouble(), error.reader()), (Trouble::Damaged, "bdf-parquet"));
    let said = error.to_string();
    assert!(
        said.contains("1 whole pages with 300 values") && said.contains("fetch the file again"),
        "{said}"
    );
    let error = fail(b"PAR1".to_vec());
    assert!(error.to_string().contains("no whole page"), "{error}");
    let mut length = one.clone();
    let at = length.len() - 8;
    length[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(fail(length).to_string().contains("4294967295 bytes long"));
    let mut encrypted = one;
    let at = encrypted.len() - 4;
    encrypted[at..].copy_from_slice(b"PARE");
    assert_eq!(fail(encrypted).trouble(), Trouble::Unsupported);
}

#[test]
fn columns_without_names_are_told_by_their_pages() {
    let check =
        |bytes: Vec<u8>, code: &str, rows: usize, count: usize, first: &[(&str, &[f64])]| {
            let read = read_bytes(bytes);
            assert_eq!(read.notes[0].code, code, "{:?}", read.notes);
            let table = &read.tables[0];
            assert_eq!((table.rows, table.columns.len()), (rows, count), "{:?}", read.notes);
            for (name, wanted) in first {
                let numbers = table.numbers(name).unwrap_or_else(|| panic!("no {name}"));
                assert_eq!(&numbers[..wanted.len()], *wanted, "{name}");
            }
        };
    // Dictionaries, missing values, texts; two groups of as many rows.
    let whole = older();
    let cut = without_end(&whole);
    let times = [("unknown_1", &[0.0, 1500.0, 3000.0][..]), ("unknown_7", &[30000.0, 31500.0])];
    let cycles = [("unknown_4", &[1.0, 1.0][..]), ("unknown_10", &[2.0, 2.0])];
    check(cut.to_vec(), "truncated-file", 20, 12, &[times, cycles].concat());
    let texts = |bytes: &[u8]| match &read_bytes(bytes.to_vec()).tables[0].columns[5].values {
        Values::Text(texts) => texts[..4].join(","),
        Values::Number(_) => panic!("numbers"),
    };
    assert_eq!(texts(cut), "CC Chg,Rest,CC Chg,");
    // The end says a length that cannot be, and an end of which nothing can be read.
    let mut length = whole.clone();
    let at = length.len() - 8;
    length[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    check(length, "damaged-footer", 20, 12, &times);
    let mut broken = whole.clone();
    broken[cut.len()..at].fill(0xFF);
    check(broken, "damaged-footer", 20, 12, &times);
    // Every way in which values are written, packed; the list at the end is not told.
    let current = [0.0, 0.25, 0.5, 0.75, 1.0, 0.0];
    let small = [-150.0 * 1_000_003.0, -149.0 * 1_000_003.0];
    let wanted = [
        ("unknown_1", &[0.0, 1.0, 2.0][..]),
        ("unknown_2", &[3.0, 3.0 + 1.0 / 1024.0]),
        ("unknown_3", &current),
        ("unknown_4", &small),
        ("unknown_8", &[1.0, 0.0, 0.0, 1.0]),
    ];
    check(without_end(&ways()).to_vec(), "truncated-file", 300, 8, &wanted);
    // Columns of several pages: 200, 200 and 100 values. The second group is shorter.
    let schema = "message schema { required double a; optional double b; required int64 c; }";
    let group = |rows: i64| {
        let numbers = || Given::Double((0..rows).map(|row| row as f64 + 0.5).collect());
        let there = vec![1; rows as usize];
        vec![full(numbers()), some(numbers(), &there), full(Given::Int64((0..rows).collect()))]
    };
    let pages = plain().set_data_page_row_count_limit(200).set_write_batch_size(100);
    let long = file(schema, pages, &[group(500), group(300)], &[]);
    let wanted = [("unknown_2", &[0.5, 1.5][..]), ("unknown_3", &[0.0, 1.0])];
    check(without_end(&long).to_vec(), "truncated-file", 500, 3, &wanted);
    // Full pages, which could be parts of one column, but that each begins with a dictionary of its own.
    let schema = "message schema { required double a; required double b; }";
    let column = || full(Given::Double((0..20_000).map(|row| f64::from(row % 7)).collect()));
    let full_pages = |properties| file(schema, properties, &[vec![column(), column()]], &[]);
    let error = fail(without_end(&full_pages(plain())).to_vec());
    assert!(error.to_string().contains("nothing says of which columns"), "{error}");
    let listed = full_pages(WriterProperties::builder().set_data_page_row_count_limit(50_000));
    let wanted = [("unknown_2", &[0.0, 1.0, 2.0][..])];
    check(without_end(&listed).to_vec(), "truncated-file", 20_000, 2, &wanted);
    // Cut within the second column, two of the pages before could as well be all of it.
    let error = fail(long[..500 * 8 + 900].to_vec());
    assert!(error.to_string().contains("nothing says of which columns"), "{error}");
}

/// The beginning of a file as Polars writes it: behind the pages of each column stands what is said of it. Of each column:
/// its name and number of its type, and its values.
fn described(groups: &[Vec<(&str, u8, Given)>]) -> Vec<u8> {
    let number = |number: usize, into: &mut Vec<u8>| {
        let mut rest = number << 1;
        while rest > 0x7F {
            into.push(rest as u8 | 0x80);
            rest >>= 7;
        }
        into.push(rest as u8);
    };
    let mut bytes = b"PAR1".to_vec();
    for (name, kind, given) in groups.iter().flatten() {
        let (stored, given, rows) = match given {
            Given::Double(all) => ("double", Given::Double(all.clone()), all.len()),
            Given::Int64(all) => ("int64", Given::Int64(all.clone()), all.len()),
            _ => panic!("another type"),
        };
        let alone =
            plain().set_offset_index_disabled(true).set_statistics_enabled(EnabledStatistics::None);
        let schema = format!("message schema {{ required {stored} x; }}");
        let one = file(&schema, alone, &[vec![full(given)]], &[]);
        let begin = bytes.len();
        bytes.extend_from_slice(&without_end(&one)[4..]);
        // Type, encodings, path, codec, values, both lengths, where the first page begins.
        bytes.extend([0x15, kind << 1, 0x19, 0x15, 0, 0x19, 0x18, name.len() as u8]);
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend([0x15, 0, 0x16]);
        number(rows, &mut bytes);
        bytes.extend([0x16, 0, 0x16, 0, 0x26]);
        number(begin, &mut bytes);
        bytes.push(0);
    }
    bytes
}

#[test]
fn columns_that_are_described_behind_their_pages_keep_their_names() {
    let group = |from: i64, rows: i64| {
        let times = (from..from + rows).map(|row| row as f64).collect();
        let cycles = (from..from + rows).map(|row| row / 200).collect();
        vec![
            ("test_time_millisecond", 5, Given::Double(times)),
            ("cycle_count", 2, Given::Int64(cycles)),
        ]
    };
    let bytes = described(&[group(0, 300), group(300, 300), group(600, 100)]);
    // Three groups; the last one without its second column, and without both.
    let (two, one) =
        (described(&[group(0, 300), group(300, 300)]).len(), described(&[group(0, 300)]).len());
    for (cut, rows) in [
        (bytes.len(), 700),
        (bytes.len() - 1, 600),
        (two + 900, 600),
        (two, 600),
        (two - 1, 300),
        (one, 300),
    ] {
        let read = read_bytes(bytes[..cut].to_vec());
        let table = &read.tables[0];
        assert_eq!((table.rows, table.columns.len()), (rows, 2), "cut at {cut}: {:?}", read.notes);
        let wanted: Vec<f64> = (0..rows).map(|row| row as f64 / 1e3).collect();
        assert_eq!(table.numbers("test_time_second"), Some(&wanted[..]));
        let wanted: Vec<f64> = (0..rows).map(|row| (row / 200) as f64).collect();
        assert_eq!(table.numbers("cycle_count"), Some(&wanted[..]));
        let codes: Vec<_> = read.notes.iter().map(|note| note.code.as_str()).collect();
        assert_eq!(codes[0], "truncated-file");
    }
    // Of the first group the first column alone.
    let read = read_bytes(bytes[..one - 1].to_vec());
    assert_eq!((read.tables[0].rows, read.tables[0].columns.len()), (300, 1));
}

#[test]
fn the_longer_a_file_without_its_end_the_more_columns_and_the_same() {
    let whole = older();
    let all = read_bytes(without_end(&whole).to_vec());
    let mut before = 0;
    for cut in 4..without_end(&whole).len() {
        let mut collect = Collect::new();
        let files = Files::one("a.parquet", whole[..cut].to_vec());
        let outcome = read(&files, &Limits::default(), &mut collect);
        let read = collect.into_measurement();
        let columns = read.tables.first().map_or(&[][..], |table| &table.columns);
        assert_eq!(outcome.is_ok(), !columns.is_empty(), "cut at {cut}");
        assert!(columns.len() >= before, "cut at {cut}");
        for (column, whole) in columns.iter().zip(&all.tables[0].columns) {
            // Missing numbers are not equal to themselves.
            assert_eq!(format!("{column:?}"), format!("{whole:?}"), "cut at {cut}");
        }
        before = columns.len();
    }
    assert_eq!(before, 12);
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
