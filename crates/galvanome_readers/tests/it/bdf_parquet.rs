//! Parquet: what each way of writing, each type and each codec becomes.

use std::io::Write;

use galvanome_model::measurement::{Measurement, Values, Zone};
use galvanome_readers::{Collect, Files, Limits, read};

use crate::fixtures::parquet::{Chunk, Given, file, full, older, plain, second, some, ways};

pub(crate) fn read_bytes(bytes: Vec<u8>) -> Measurement {
    let mut collect = Collect::new();
    read(&Files::one("a.parquet", bytes), &Limits::default(), &mut collect).expect("a file");
    collect.into_measurement()
}

fn codes(measurement: &Measurement) -> Vec<&str> {
    measurement.notes.iter().map(|note| note.code.as_str()).collect()
}

#[test]
fn names_of_before_1_0_are_known_in_every_group_of_rows() {
    let read = read_bytes(older());
    let table = &read.tables[0];
    assert_eq!((table.name.as_str(), table.rows), ("records", 40));
    let names: Vec<_> = table.columns.iter().map(|column| column.head.name.as_str()).collect();
    assert_eq!(
        names[..6],
        [
            "test_time_second",
            "voltage_volt",
            "current_ampere",
            "cycle_count",
            "unix_time_second",
            "State"
        ]
    );
    let time = table.numbers("test_time_second").unwrap();
    assert_eq!((time[1], time[39]), (1.5, 58.5));
    assert_eq!(table.numbers("unix_time_second").unwrap()[0], 1_719_933_538.046);
    assert_eq!(table.numbers("cycle_count").unwrap()[19..21], [1.0, 2.0]);
    let volts = table.numbers("voltage_volt").unwrap();
    assert!(volts[3].is_nan() && volts[23].is_nan() && volts[2] == 3.12 && volts[4] == 3.13);
    let Values::Text(state) = &table.column("State").unwrap().values else { panic!("text") };
    assert_eq!(state[..5], ["CC Chg", "Rest", "CC Chg", "", "Rest"]);
    let start = read.started_at.clone().unwrap();
    assert_eq!((start.iso.as_str(), start.zone), ("2024-07-02T15:18:58.046Z", Zone::Stated));
    assert!(read.metadata.contains(&("operator".to_owned(), "A. Nobody".to_owned())));
    assert!(codes(&read).contains(&"unknown-column"), "{:?}", read.notes);
    assert_eq!(table.column("test_time_second").unwrap().head.vendor_name, "test_time_millisecond");
}

#[test]
fn decimals_are_rounded_once() {
    // A fixed sequence of up to 18 digits, and numbers of which half a step of a float is cut off, or a little more or less.
    let mut state: i64 = 0x1E37_79B9_7F4A_7C15;
    let mut any = |_| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 3) % 1_000_000_000_000_000_000) >> (state & 31)
    };
    let ties = (0..50_i64).flat_map(|at| [-1, 0, 1].map(|off| ((1 << 53) + 2 * at + 1) * 25 + off));
    let all: Vec<i64> = (0..2000).map(&mut any).chain(ties).collect();
    for scale in 1..=18 {
        let schema = format!("message schema {{ required int64 x (DECIMAL(18,{scale})); }}");
        let column = full(Given::Int64(all.clone()));
        let read = read_bytes(file(&schema, plain(), &[vec![column]], &[]));
        let numbers = read.tables[0].numbers("x").expect("numbers");
        for (&whole, number) in all.iter().zip(numbers) {
            let wanted: f64 = format!("{whole}e-{scale}").parse().expect("a number");
            assert_eq!(number.to_bits(), wanted.to_bits(), "{whole} over 10^{scale}");
        }
    }
}

#[test]
fn every_way_of_writing_gives_the_same() {
    let read = read_bytes(ways());
    let table = &read.tables[0];
    let numbers = |name: &str| table.numbers(name).unwrap();
    for row in 0..300_i32 {
        let at = row as usize;
        assert_eq!(numbers("test_time_second")[at], f64::from(row));
        assert_eq!(numbers("voltage_volt")[at], 3.0 + f64::from(row) / 1024.0);
        assert_eq!(numbers("current_ampere")[at], f64::from(row % 5) / 4.0);
        assert_eq!(numbers("small")[at], f64::from((row - 150) * 1_000_003));
        let row = i64::from(row);
        assert_eq!(numbers("large")[at], ((row * row - 7) << 20) as f64);
        assert_eq!(numbers("on")[at], f64::from(u8::from(row % 3 == 0)));
    }
    let texts = |name: &str| match &table.column(name).unwrap().values {
        Values::Text(texts) => texts.clone(),
        Values::Number(_) => panic!("{name} is text"),
    };
    assert_eq!(texts("label")[..3], ["step charge", "step charge CV", "step rest"]);
    assert_eq!(
        [0, 100, 299].map(|at| texts("name")[at].clone()),
        ["step charge", "step charge CV", "step rest"]
    );
    let nested = read.notes.iter().find(|note| note.code == "unread-column").expect("a note");
    assert!(nested.message.contains("list"), "{}", nested.message);
}

/// Types that a column may have, and what its first value becomes.
#[test]
fn types_become_numbers_and_texts() {
    let check = |of: &str, given: Given, expected: f64| {
        let schema = format!("message schema {{ optional {of}; required double other; }}");
        for properties in [plain(), second()] {
            let (given, levels) = match &given {
                Given::Bool(all) => (Given::Bool(all.clone()), [1, 0]),
                Given::Int32(all) => (Given::Int32(all.clone()), [1, 0]),
                Given::Int64(all) => (Given::Int64(all.clone()), [1, 0]),
                Given::Int96(all) => (Given::Int96(all.clone()), [1, 0]),
                Given::Fixed(all) => (Given::Fixed(all.clone()), [1, 0]),
                Given::Bytes(all) => (Given::Bytes(all.clone()), [1, 0]),
                _ => panic!("another type"),
            };
            let chunks = vec![some(given, &levels), full(Given::Double(vec![0.0, 1.0]))];
            let read = read_bytes(file(&schema, properties, &[chunks], &[]));
            let column = &read.tables[0].columns[0];
            let Values::Number(numbers) = &column.values else { panic!("{of}: {column:?}") };
            assert_eq!(numbers[0], expected, "{of}");
            assert!(numbers[1].is_nan(), "{of}");
        }
    };
    check("boolean x", Given::Bool(vec![true]), 1.0);
    check("int32 x (INTEGER(8,true))", Given::Int32(vec![-5]), -5.0);
    check("int32 x (INTEGER(32,false))", Given::Int32(vec![-1]), 4_294_967_295.0);
    check("int64 x (INTEGER(64,false))", Given::Int64(vec![i64::MIN]), 9_223_372_036_854_775_808.0);
    check("int32 x (DECIMAL(9,3))", Given::Int32(vec![-12_345]), -12.345);
    check("int64 x (DECIMAL(18,9))", Given::Int64(vec![4_199_999_999]), 4.199_999_999);
    check(
        "fixed_len_byte_array(5) x (DECIMAL(10,2))",
        Given::Fixed(vec![b"\xff\xff\xff\xff\x85"]),
        -1.23,
    );
    check("binary x (DECIMAL(10,2))", Given::Bytes(vec![b"\x04\xd2"]), 12.34);
    check(
        "fixed_len_byte_array(22) x (DECIMAL(50,3))",
        Given::Fixed(vec![b"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xff\xff"]),
        65.535,
    );
    check("int32 x (DATE)", Given::Int32(vec![19_753]), 1_706_659_200.0);
    check("int32 x (TIME(MILLIS,false))", Given::Int32(vec![3_723_400]), 3723.4);
    check(
        "int64 x (TIMESTAMP(MILLIS,true))",
        Given::Int64(vec![1_719_933_538_046]),
        1_719_933_538.046,
    );
    check(
        "int64 x (TIMESTAMP(MICROS,false))",
        Given::Int64(vec![1_719_933_538_046_123]),
        1_719_933_538.046_123,
    );
    check(
        "int64 x (TIMESTAMP(NANOS,true))",
        Given::Int64(vec![1_719_933_538_500_000_000]),
        1_719_933_538.5,
    );
    check("int64 x (TIMESTAMP_MILLIS)", Given::Int64(vec![-1500]), -1.5);
    // Noon of 1970-01-02.
    check(
        "int96 x",
        Given::Int96(vec![[0x3B8B_2000, 0x2749 + 1, 2_440_589]]),
        43_200.0 + 86_400.0 + noon_error(),
    );
}

/// What the two words of nanoseconds above differ from noon by, so that no rounding hides in the test.
fn noon_error() -> f64 {
    let nanos = (0x274A_u64 << 32) | 0x3B8B_2000;
    nanos as f64 / 1e9 - 43_200.0
}

#[test]
fn what_is_neither_number_nor_text_is_left_out_and_named() {
    let schema = "message schema {
        required double test_time_second;
        required fixed_len_byte_array(16) id (UUID);
        required fixed_len_byte_array(2) raw;
        required binary old;
        required group both { required double a; required double b; }
    }";
    let group = vec![
        full(Given::Double(vec![1.0])),
        full(Given::Fixed(vec![&[7; 16]])),
        full(Given::Fixed(vec![&[7; 2]])),
        full(Given::Bytes(vec![b"3 \xb5A"])),
        full(Given::Double(vec![1.0])),
        full(Given::Double(vec![2.0])),
    ];
    let read = read_bytes(file(schema, plain(), &[group], &[]));
    let names: Vec<_> =
        read.tables[0].columns.iter().map(|column| column.head.name.as_str()).collect();
    assert_eq!(names, ["test_time_second", "old"]);
    let Values::Text(old) = &read.tables[0].columns[1].values else { panic!("text") };
    assert_eq!(old[0], "3 µA", "Latin-1 where it is not UTF-8");
    let said: Vec<_> = read.notes.iter().map(|note| note.message.as_str()).collect();
    let said = said.join("\n");
    for name in ["id (UUIDs)", "raw (raw bytes)", "both"] {
        assert!(said.contains(name), "{name}: {said}");
    }
}

#[test]
fn clocks_without_a_zone_are_told_from_those_in_utc() {
    let check = |of: &str, zone: Option<Zone>, note: bool| {
        let schema =
            format!("message schema {{ required double test_time_second; required int64 {of}; }}");
        let group =
            vec![full(Given::Double(vec![0.0])), full(Given::Int64(vec![1_719_933_538_046]))];
        let read = read_bytes(file(&schema, plain(), &[group], &[]));
        assert_eq!(read.started_at.as_ref().map(|start| start.zone), zone, "{of}");
        assert_eq!(codes(&read).contains(&"clock-zone-unknown"), note, "{of}");
        let unix = read.tables[0].numbers("unix_time_second");
        assert_eq!(unix, zone.map(|_| &[1_719_933_538.046][..]), "{of}");
    };
    check("Date (TIMESTAMP(MILLIS,true))", Some(Zone::Stated), false);
    check("Date (TIMESTAMP(MILLIS,false))", Some(Zone::Local), true);
    check("unix_time_millisecond", Some(Zone::Stated), false);
    check("unix_time_second (TIMESTAMP(MILLIS,true))", Some(Zone::Stated), false);
    check("Date", None, false);
}

#[test]
fn infinite_and_rounded_values_are_told() {
    let schema = "message schema { required double voltage_volt; required int64 serial; }";
    let group = vec![
        full(Given::Double(vec![3.0, f64::INFINITY, f64::NAN])),
        full(Given::Int64(vec![1, (1 << 53) + 1, 3])),
    ];
    let read = read_bytes(file(schema, plain(), &[group], &[]));
    let volts = read.tables[0].numbers("voltage_volt").unwrap();
    assert!(volts[0] == 3.0 && volts[1].is_nan() && volts[2].is_nan());
    let codes = codes(&read);
    assert!(codes.contains(&"infinite-value") && codes.contains(&"integer-rounded"), "{codes:?}");
}

/// Packs the body of a page.
type Pack<'a> = dyn Fn(&[u8]) -> Vec<u8> + 'a;

/// A file of one column of doubles in one page, whose body is packed by a codec.
fn packed_by(codec: u8, pack: &Pack<'_>) -> Vec<u8> {
    // A number in the compact protocol, doubled since its sign stands in the lowest bit.
    let number = |value: usize| {
        let (mut value, mut bytes) = (value << 1, Vec::new());
        while value >= 0x80 {
            bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        bytes.push(value as u8);
        bytes
    };
    let values: Vec<f64> = (0..2000).map(|row| f64::from(row / 40)).collect();
    let body: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    let packed = pack(&body);
    let mut file = b"PAR1".to_vec();
    // Of a page: kind, unpacked, packed, and of its values: how many, and how they and their levels are written.
    file.extend(
        [&[0x15, 0, 0x15][..], &number(body.len()), &[0x15], &number(packed.len())].concat(),
    );
    file.extend([&[0x2C, 0x15][..], &number(2000), &[0x15, 0, 0x15, 6, 0x15, 6, 0, 0]].concat());
    let chunk_len = file.len() - 4 + packed.len();
    file.extend(packed);
    let name = [&[12][..], b"voltage_volt"].concat();
    let schema =
        [&[0x19, 0x2C, 0x48, 1, b's', 0x15, 2, 0, 0x15, 10, 0x25, 0, 0x18][..], &name, &[0]]
            .concat();
    let facts = [
        &[0x15, 10, 0x19, 0x15, 0, 0x19, 0x18][..],
        &name,
        &[0x15, codec << 1, 0x16],
        &number(2000),
        &[0x16],
        &number(body.len()),
        &[0x16],
        &number(chunk_len),
        &[0x26],
        &number(4),
        &[0],
    ]
    .concat();
    let group = [
        &[0x19, 0x1C, 0x19, 0x1C, 0x26][..],
        &number(4),
        &[0x1C],
        &facts,
        &[0, 0x16],
        &number(body.len()),
        &[0x16],
        &number(2000),
        &[0],
    ]
    .concat();
    let footer = [&[0x15, 2][..], &schema, &[0x16], &number(2000), &group, &[0]].concat();
    file.extend(&footer);
    file.extend((footer.len() as u32).to_le_bytes());
    file.extend(b"PAR1");
    file
}

#[test]
fn every_codec_but_lzo_is_unpacked() {
    let gzip = |body: &[u8]| {
        let mut to = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        to.write_all(body).expect("memory takes bytes");
        to.finish().expect("memory takes bytes")
    };
    let brotli = |body: &[u8]| {
        let mut packed = Vec::new();
        brotli::CompressorWriter::new(&mut packed, 4096, 3, 20).write_all(body).expect("memory");
        packed
    };
    let snappy = |body: &[u8]| snap::raw::Encoder::new().compress_vec(body).expect("short");
    let lz4 = |body: &[u8]| lz4_flex::block::compress(body);
    let hadoop = |body: &[u8]| {
        let mut all = Vec::new();
        for block in body.chunks(9000) {
            let packed = lz4_flex::block::compress(block);
            all.extend((block.len() as u32).to_be_bytes());
            all.extend((packed.len() as u32).to_be_bytes());
            all.extend(packed);
        }
        all
    };
    let zstandard = |body: &[u8]| zstd::bulk::compress(body, 1).expect("short");
    let codecs: [(u8, &Pack<'_>); 8] = [
        (0, &<[u8]>::to_vec),
        (1, &snappy),
        (2, &gzip),
        (4, &brotli),
        (5, &hadoop),
        (5, &lz4),
        (6, &zstandard),
        (7, &lz4),
    ];
    for (codec, pack) in codecs {
        let read = read_bytes(packed_by(codec, pack));
        let volts = read.tables[0].numbers("voltage_volt").expect("volts");
        assert!((0..2000).all(|row| volts[row] == (row / 40) as f64), "codec {codec}");
        assert_eq!(codes(&read), [""; 0], "codec {codec}");
    }
    for codec in [3, 9] {
        let read = read_bytes(packed_by(codec, &<[u8]>::to_vec));
        let note = read.notes.iter().find(|note| note.code == "unread-column").expect("a note");
        assert!(note.message.contains(&format!("codec {codec}")), "{}", note.message);
    }
}

#[test]
fn a_small_file_cannot_ask_for_any_amount_of_memory() {
    // A page that says it unpacks to half a gigabyte, and a dictionary of one value repeated two billion times.
    let zeros = vec![0; 1 << 24];
    let bomb = packed_by(6, &|_: &[u8]| zstd::bulk::compress(&zeros, 1).expect("short"));
    let read = read_bytes(bomb);
    assert!(codes(&read).contains(&"damaged-page"), "{:?}", read.notes);
    let schema = "message schema { optional binary label (UTF8); }";
    let rows = 200_000;
    let group =
        || vec![Chunk { given: Given::Bytes(vec![]), levels: Some(vec![0; rows]), repeats: None }];
    let groups: Vec<_> = (0..40).map(|_| group()).collect();
    let bytes = file(schema, plain(), &groups, &[]);
    assert!(bytes.len() < 50_000, "{}", bytes.len());
    let read = read_bytes(bytes);
    assert!(read.tables[0].rows * 24 <= 1 << 27, "{} rows", read.tables[0].rows);
    assert!(codes(&read).contains(&"limit-reached"), "{:?}", read.notes);
}
