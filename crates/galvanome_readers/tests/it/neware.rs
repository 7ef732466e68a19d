//! What is read from Neware files: values, time, cycles, and what is left of damaged ones.

use galvanome_model::measurement::{Measurement, Origin, StartTime, Values, Zone};
use galvanome_readers::{Collect, Files, Limits, Trouble, read};

use crate::fixtures::cell;
use crate::fixtures::neware::{all, nda, ndax, temperatures};
use crate::zips::{Member, zip};

pub(crate) fn measured(bytes: Vec<u8>) -> Measurement {
    let mut collect = Collect::new();
    read(&Files::one("cell", bytes), &Limits::default(), &mut collect).expect("a file");
    collect.into_measurement()
}

pub(crate) fn codes(read: &Measurement) -> Vec<&str> {
    read.notes.iter().map(|note| note.code.as_str()).collect()
}

fn numbers<'a>(read: &'a Measurement, name: &str) -> &'a [f64] {
    read.tables[0].numbers(name).unwrap_or_else(|| panic!("no {name}"))
}

fn texts<'a>(read: &'a Measurement, name: &str) -> &'a [String] {
    match &read.tables[0].column(name).unwrap_or_else(|| panic!("no {name}")).values {
        Values::Text(texts) => texts,
        Values::Number(_) => panic!("{name} is numbers"),
    }
}

/// Checks a column against what was written, within the step of its numbers in the file.
fn near(read: &Measurement, name: &str, wanted: &[f64], step: f64) {
    let found = numbers(read, name);
    assert_eq!(found.len(), wanted.len(), "{name}");
    let off = found.iter().zip(wanted).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(off <= step, "{name} is off by {off}: {found:?}");
}

#[test]
fn what_is_written_is_read_back() {
    let truth = cell(16);
    let of = |name: &str| truth.numbers(name).expect("a column").to_vec();
    for fixture in all() {
        let read = measured(fixture.bytes.clone());
        let name = fixture.name;
        assert_eq!((read.tables.len(), read.tables[0].rows), (1, 16), "{name}");
        near(&read, "voltage_volt", &of("voltage_volt"), 1e-6);
        near(&read, "current_ampere", &of("current_ampere"), 1e-8);
        near(&read, "cycle_count", &of("cycle_count"), 0.0);
        let index: Vec<f64> = (1..=16).map(f64::from).collect();
        near(&read, "record_index", &index, 0.0);
        // Steps of four rows; version 8 keeps whole seconds.
        let steps: Vec<f64> = (0..16).map(|row| f64::from(row / 4 + 1)).collect();
        near(&read, "step_count", &steps, 0.0);
        near(&read, "step_id", &steps, 0.0);
        assert_eq!(texts(&read, "step_type")[3..5], ["CC Chg", "CC DChg"], "{name}");
        let second = if name == "eight.nda" { 0.5 } else { 1e-3 };
        near(&read, "test_time_second", &of("test_time_second"), second);
        // 50 mA for three minutes: 2.5 mAh, and 5e-10 Ah a count.
        let last = |name: &str| numbers(&read, name)[3];
        let charged = ["step_charging_capacity_ah", "step_net_capacity_ah", "step_capacity_ah"]
            .into_iter()
            .find(|name| read.tables[0].column(name).is_some())
            .map(last);
        assert!((charged.expect("a charge") - 2.5e-3).abs() < 1e-8, "{name}: {charged:?}");
        if fixture.name == "eight.nda" || read.tables[0].column("temperature_t1_celsius").is_none()
        {
            continue;
        }
        near(&read, "temperature_t1_celsius", &temperatures(), 1e-5);
    }
}

#[test]
fn starts_clocks_and_origins() {
    let utc = |iso: &str| Some(StartTime { iso: iso.to_owned(), zone: Zone::Stated });
    let local = |iso: &str| Some(StartTime { iso: iso.to_owned(), zone: Zone::Local });
    let check = |bytes: Vec<u8>, start, origins: &[(&str, Origin)], notes: &[&str]| {
        let read = measured(bytes);
        assert_eq!(read.started_at, start);
        for (name, origin) in origins {
            assert_eq!(
                read.tables[0].column(name).expect("a column").head.origin,
                *origin,
                "{name}"
            );
        }
        assert_eq!(codes(&read), notes, "{:?}", read.notes);
    };
    let (stored, rebuilt) = (Origin::Stored, Origin::Reconstructed);
    // Whole seconds; the first row comes 0.1 s after the start.
    check(
        nda(22, &[]),
        utc("2021-03-02T16:17:58.900Z"),
        &[
            ("test_time_second", rebuilt),
            ("step_time_second", stored),
            ("unix_time_second", stored),
        ],
        &[],
    );
    check(
        nda(29, &[]),
        local("2021-03-02T16:17:58.900"),
        &[("test_time_second", rebuilt), ("unix_time_second", rebuilt)],
        &["clock-zone-unknown"],
    );
    check(
        nda(130, &[]),
        utc("2021-03-02T16:17:59.500Z"),
        &[("test_time_second", stored), ("step_time_second", rebuilt)],
        &[],
    );
    check(
        ndax(14, &[], None),
        utc("2021-03-02T16:17:59.500Z"),
        &[
            ("voltage_volt", stored),
            ("step_time_second", Origin::Interpolated),
            ("unix_time_second", Origin::Interpolated),
            ("step_charging_capacity_ah", Origin::Integrated),
            ("test_time_second", rebuilt),
            ("cycle_count", stored),
        ],
        &["rows-filled-in"],
    );
    check(
        ndax(17, &[], Some(1)),
        utc("2021-03-02T16:17:59.500Z"),
        &[("cycle_count", rebuilt), ("instrument_cycle_count", stored)],
        &["cycles-counted", "rows-filled-in"],
    );
    check(
        ndax(17, &[], Some(9)),
        utc("2021-03-02T16:17:59.500Z"),
        &[("cycle_count", stored)],
        &["cycle-mode-unknown", "rows-filled-in"],
    );
}

#[test]
fn versions_that_no_real_file_proved_say_so() {
    for fixture in all() {
        let proved = ["eight", "twenty-two", "twenty-three", "twenty-nine", "bts-nine"];
        let proved = [&proved[..], &["five", "fourteen", "seventeen"]].concat();
        let stem = fixture.name.split('.').next().expect("a stem");
        let read = measured(fixture.bytes);
        let said = codes(&read).contains(&"unverified-format");
        assert_eq!(said, !proved.contains(&stem), "{}", fixture.name);
    }
}

/// Where rows begin in a file of ours, and how long one is.
fn rows_at(version: u8) -> (usize, usize) {
    match version {
        130 => (1024, 56),
        8 => (1569, 59),
        _ => (1569, 86),
    }
}

#[test]
fn a_cut_nda_gives_every_whole_row() {
    for version in [8, 22, 29, 130] {
        let bytes = nda(version, &[]);
        let whole = measured(bytes.clone());
        let (at, len) = rows_at(version);
        for cut in at..at + 16 * len {
            let read = measured(bytes[..cut].to_vec());
            let rows = (cut - at) / len;
            // A single row of BTS 9 does not yet say how long it is.
            let read_rows = read.tables[0].rows;
            assert!(
                read_rows == rows || version == 130 && rows < 2,
                "{version} at {cut}: {read_rows}"
            );
            let between = version == 8 && (cut - at).is_multiple_of(len);
            assert!(codes(&read).contains(&"truncated-file") || between, "{version} at {cut}");
            for column in &read.tables[0].columns {
                let (Values::Number(some), Some(all)) =
                    (&column.values, whole.tables[0].numbers(&column.head.name))
                else {
                    continue;
                };
                assert_eq!(some[..], all[..read_rows], "{version} at {cut}: {}", column.head.name);
            }
        }
    }
}

#[test]
fn a_cut_ndax_gives_rows_without_what_was_lost() {
    let bytes = ndax(17, &temperatures(), None);
    let whole = measured(bytes.clone());
    let (mut rows_before, mut timed_before) = (0, 0);
    for cut in 4..bytes.len() {
        let mut collect = Collect::new();
        let files = Files::one("cell", bytes[..cut].to_vec());
        if let Err(error) = read(&files, &Limits::default(), &mut collect) {
            assert_eq!(
                (error.trouble(), rows_before),
                (Trouble::NotRecognised, 0),
                "at {cut}: {error}"
            );
            continue;
        }
        let read = collect.into_measurement();
        assert!(codes(&read).contains(&"truncated-file"), "at {cut}");
        let Some(table) = read.tables.first() else { continue };
        let timed = numbers(&read, "test_time_second").iter().filter(|time| !time.is_nan()).count();
        assert!(table.rows >= rows_before && timed >= timed_before, "at {cut}");
        (rows_before, timed_before) = (table.rows, timed);
        // What is there is right; what is not known is missing and never guessed.
        let read_columns = table.columns.iter();
        // A turn of the current shows itself by what follows, which may be cut off.
        for column in read_columns.filter(|column| column.head.name != "cycle_count_derived") {
            let (Values::Number(some), Some(all)) =
                (&column.values, whole.tables[0].numbers(&column.head.name))
            else {
                continue;
            };
            let right = |(a, b): (&f64, &f64)| a == b || a.is_nan();
            assert!(some.iter().zip(all).all(right), "at {cut}: {}", column.head.name);
        }
    }
    assert_eq!((rows_before, timed_before), (16, 16));
}

/// A file of version 29 with its rows changed.
fn with_rows(change: impl Fn(&mut Vec<Vec<u8>>)) -> Measurement {
    let bytes = nda(29, &[]);
    let (at, len) = rows_at(29);
    let mut rows: Vec<Vec<u8>> = bytes[at..].chunks(len).map(<[u8]>::to_vec).collect();
    change(&mut rows);
    measured([bytes[..at].to_vec(), rows.concat()].concat())
}

#[test]
fn damaged_rows() {
    let index: Vec<f64> = (1..=16).map(f64::from).collect();
    let check = |read: &Measurement, indexes: &[f64], notes: &[&str]| {
        assert_eq!(numbers(read, "record_index"), indexes);
        let found = codes(read);
        assert_eq!(found[1..], *notes, "{:?}", read.notes);
    };
    check(&with_rows(|_| {}), &index, &[]);
    // Out of order and twice.
    let shuffled = with_rows(|rows| {
        rows.swap(2, 9);
        let twice = rows[5].clone();
        rows.insert(7, twice);
    });
    check(&shuffled, &index, &["rows-out-of-order", "row-count"]);
    near(&shuffled, "test_time_second", cell(16).numbers("test_time_second").unwrap(), 1e-3);
    // Bytes that were lost or slipped in, so that rows are no longer in step.
    let slipped = with_rows(|rows| rows[4] = vec![7; 33]);
    let without: Vec<f64> = index.iter().copied().filter(|index| *index != 5.0).collect();
    check(&slipped, &without, &["truncated-file", "damaged-rows"]);
    // A record of a kind that nobody knows, and one that was never written.
    let strange = with_rows(|rows| {
        rows[3][0] = 0x42;
        rows[8].fill(0);
    });
    let without: Vec<f64> = index.iter().copied().filter(|n| *n != 4.0 && *n != 9.0).collect();
    check(&strange, &without, &["unknown-record"]);
    // More rows than the head states.
    let more = with_rows(|rows| {
        let mut next = rows[15].clone();
        next[2] = 17;
        rows.push(next);
    });
    check(&more, &[&index[..], &[17.0]].concat(), &["row-count"]);
    // A step whose type nobody knows.
    let typed = with_rows(|rows| rows.iter_mut().take(4).for_each(|row| row[12] = 99));
    check(&typed, &index, &["unknown-step-type"]);
    assert_eq!(texts(&typed, "step_type")[0], "unknown_99");
}

#[test]
fn a_head_that_leads_nowhere_does_not_lose_the_rows() {
    for version in [22, 29] {
        let mut bytes = nda(version, &[]);
        bytes[64..72].fill(0xFF);
        let read = measured(bytes);
        assert_eq!(read.tables[0].rows, 16);
        assert!(codes(&read).contains(&"damaged-head"), "{:?}", read.notes);
    }
    let mut bytes = nda(130, &[]);
    bytes[82..98].fill(0);
    assert_eq!(measured(bytes).tables[0].rows, 16);
}

#[test]
fn ranges_without_a_scale_keep_their_counts() {
    let check = |range: i32, note: Option<&str>, current: f64| {
        let read = with_rows(|rows| {
            for row in rows {
                row[78..82].copy_from_slice(&range.to_le_bytes());
            }
        });
        assert_eq!(codes(&read).iter().find(|code| code.starts_with("range")).copied(), note);
        let found = numbers(&read, "current_ampere")[0];
        assert!(found == current || found.is_nan() && current.is_nan(), "{range}: {found}");
        let raw = read.tables[0].column("raw_current").is_some();
        assert_eq!(raw, current.is_nan());
        if raw {
            // 50 mA in counts of 1 µA.
            assert_eq!(numbers(&read, "raw_current")[..5], [5e4, 5e4, 5e4, 5e4, -5e4]);
            assert_eq!(numbers(&read, "raw_charge_capacity")[3], 50_000.0 * 180.0);
            assert!(numbers(&read, "step_charging_capacity_ah").iter().all(|n| n.is_nan()));
        }
    };
    check(-100, None, 0.05);
    check(200_000, None, 5.0);
    check(15_000, None, 5.0);
    check(-5, None, 0.0005);
    check(700, Some("range-unseen"), 0.5);
    check(300_000, Some("range-unseen"), 5.0);
    check(-100_000_000, Some("range-unknown"), f64::NAN);
    // 0 means the range of the head, which is -100.
    check(0, None, 0.05);
}

#[test]
fn names_and_remarks_are_read_in_their_own_script() {
    let meta = |read: &Measurement, key: &str| {
        read.metadata.iter().find(|(found, _)| found == key).map(|(_, value)| value.clone())
    };
    // `电池` in GB 18030, in a file and in XML that says GB2312; the last XML says so and is UTF-8.
    let gb = b"\xB5\xE7\xB3\xD8";
    let mut bytes = nda(29, &[]);
    bytes[1024 + 42 + 227..][..gb.len()].copy_from_slice(gb);
    bytes[1024 + 42 + 227 + gb.len()] = 0;
    assert_eq!(meta(&measured(bytes), "remarks").as_deref(), Some("电池"));
    let xml = |text: &[u8]| {
        let head = b"<?xml version=\"1.0\" encoding=\"GB2312\"?><root><config><TestInfo Remark=\"";
        [&head[..], text, b"\" Barcode=\"a&amp;b\"><Note>said</Note></TestInfo></config></root>"]
            .concat()
    };
    let read = measured(zip(&[
        Member::stored("TestInfo.xml", &xml(gb)),
        Member::stored("Step.xml", &xml("电池 💀".as_bytes())),
        Member::stored("VersionInfo.xml", b"<root><config><broken"),
    ]));
    let key = "TestInfo.xml/config/TestInfo";
    assert_eq!(meta(&read, &format!("{key}/Remark")).as_deref(), Some("电池"));
    assert_eq!(meta(&read, &format!("{key}/Barcode")).as_deref(), Some("a&b"));
    assert_eq!(meta(&read, &format!("{key}/Note")).as_deref(), Some("said"));
    assert_eq!(meta(&read, "Step.xml/config/TestInfo/Remark").as_deref(), Some("电池 💀"));
    assert_eq!(codes(&read), ["unreadable-metadata", "truncated-file"]);
}
