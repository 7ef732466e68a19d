//! What is read from Arbin result files: records, what stands beside them, and what is left of damaged ones.

use std::path::Path;

use galvanome_model::measurement::{Measurement, Origin, StartTime, Table, Values, Zone};
use galvanome_readers::arbin_res::{Jet, Quirk};
use galvanome_readers::sink::{Span, Summary};
use galvanome_readers::{Collect, FORMATS, Files, Limits, ReadError, Trouble, read, read_as};

use crate::corpus::{manifest, near, said};
use crate::fixtures::arbin_res::{START_S, res, test};
use crate::fixtures::cell;

const JETS: [Jet; 2] = [Jet::Three, Jet::Four];

/// What every file says of its clock, and of measurements that nobody asked for.
const USUAL: [&str; 2] = ["clock-zone-unknown", "not-measured"];

fn measured_within(bytes: Vec<u8>, limits: &Limits) -> Result<Measurement, ReadError> {
    let format = FORMATS.iter().find(|format| format.id == "arbin-res").expect("a format");
    let mut collect = Collect::new();
    read_as(format, &Files::one("cell.res", bytes), limits, &mut collect)?;
    Ok(collect.into_measurement())
}

fn measured(bytes: Vec<u8>) -> Measurement {
    measured_within(bytes, &Limits::default()).expect("a file")
}

fn codes(read: &Measurement) -> Vec<&str> {
    let mut codes: Vec<_> = read.notes.iter().map(|note| note.code.as_str()).collect();
    codes.sort_unstable();
    codes
}

fn numbers<'a>(read: &'a Measurement, table: &str, name: &str) -> &'a [f64] {
    let table = read.table(table).unwrap_or_else(|| panic!("no table {table}"));
    table.numbers(name).unwrap_or_else(|| panic!("no {name}"))
}

fn metadata<'a>(read: &'a Measurement, key: &str) -> Option<&'a str> {
    read.metadata.iter().find(|(found, _)| found == key).map(|(_, value)| value.as_str())
}

fn temperatures() -> Vec<f64> {
    (0..16).map(|row| 25.0 + 0.125 * f64::from(row)).collect()
}

/// Checks the records against what was written: voltage and current are floats in the file.
fn check(read: &Measurement, truth: &Table, notes: &[&str]) {
    let mut notes: Vec<_> = USUAL.iter().chain(notes).copied().collect();
    notes.sort_unstable();
    assert_eq!(codes(read), notes, "{:?}", read.notes);
    let records = read.table("records").expect("records");
    assert_eq!(records.rows, truth.rows);
    for column in &truth.columns {
        let name = &column.head.name;
        let Values::Number(wanted) = &column.values else { panic!("{name} is text") };
        let of_floats = ["voltage_volt", "current_ampere"].contains(&name.as_str());
        let kept = |value: f64| if of_floats { f64::from(value as f32) } else { value };
        let wanted: Vec<_> = wanted.iter().map(|value| kept(*value)).collect();
        assert_eq!(records.numbers(name), Some(&wanted[..]), "{name}");
    }
}

#[test]
fn what_is_written_is_read_back() {
    let truth = cell(16);
    let warm = temperatures();
    let quirks: [(&[Quirk], &[&str]); 8] = [
        (&[], &[]),
        (&[Quirk::Ciphered(0xDEAD_BEEF)], &[]),
        (&[Quirk::Deleted], &[]),
        (&[Quirk::Elsewhere], &[]),
        (&[Quirk::FarMaps], &[]),
        (&[Quirk::Backwards], &["rows-out-of-order"]),
        // Of the wide columns those behind the fourth are not known; they do not fit on one page.
        (&[Quirk::Wide(120)], &["unknown-column"]),
        (
            &[
                Quirk::Ciphered(7),
                Quirk::Deleted,
                Quirk::Elsewhere,
                Quirk::FarMaps,
                Quirk::Backwards,
            ],
            &["rows-out-of-order"],
        ),
    ];
    for (jet, (quirks, notes)) in JETS.into_iter().flat_map(|jet| quirks.map(|q| (jet, q))) {
        let bytes = res(jet, quirks, &[test(&truth).warm(&warm)]);
        let read = measured(bytes.clone());
        check(&read, &truth, notes);
        assert_eq!(numbers(&read, "records", "temperature_t1_celsius"), warm, "{quirks:?}");
        let index: Vec<f64> = (1..=16).map(f64::from).collect();
        assert_eq!(numbers(&read, "records", "record_index"), index);
        assert_eq!(numbers(&read, "records", "Is_FC_Data"), [0.0; 16]);
        // A row for each cycle, with the record that it belongs to.
        assert_eq!(numbers(&read, "statistics", "record_index"), [8.0, 16.0]);
        assert_eq!(numbers(&read, "statistics", "cycle_count"), [1.0, 2.0]);
        let times = truth.numbers("test_time_second").expect("times");
        assert_eq!(numbers(&read, "statistics", "test_time_second"), [times[7], times[15]]);
        assert_eq!(numbers(&read, "statistics", "Vmax_On_Cycle"), [f64::from(3.54_f32); 2]);
        assert_eq!(read.instrument, "Arbin (SN 0004)");
        let start = StartTime { iso: "2021-03-02T16:17:59.500".to_owned(), zone: Zone::Local };
        assert_eq!(read.started_at, Some(start));
        let told = [("Test_Name", "made up"), ("Log_Aux_Data_Flag", "true"), ("MASS", "0.0125")];
        for (key, value) in told {
            assert_eq!(metadata(&read, key), Some(value), "{key}");
        }
        assert_eq!(metadata(&read, "Version_Schema_Field"), Some("Results File 5.23"));
        assert_eq!(metadata(&read, "Aux_Global_Data_Table.Nickname"), Some("oven"));
        // Not told, which is not the same as empty or zero.
        assert_eq!(metadata(&read, "Schedule_File_Name"), None);
        let mut summary = Summary::new();
        let file = Files::one("no ending", bytes);
        let format = galvanome_readers::read(&file, &Limits::default(), &mut summary);
        assert_eq!(format.expect("recognised by content").id, "arbin-res");
    }
}

trait Warm<'a> {
    fn warm(self, temperatures_c: &'a [f64]) -> Self;
}

impl<'a> Warm<'a> for galvanome_readers::arbin_res::ResTest<'a> {
    fn warm(mut self, temperatures_c: &'a [f64]) -> Self {
        self.temperatures_c = temperatures_c;
        self
    }
}

#[test]
fn columns_say_what_they_are() {
    let truth = cell(16);
    let read = measured(res(Jet::Four, &[Quirk::Wide(2)], &[test(&truth).warm(&temperatures())]));
    let rows = [
        ("test_time_second", "s", "Test_Time", Origin::Stored),
        ("unix_time_second", "s", "DateTime", Origin::Reconstructed),
        ("step_time_second", "s", "Step_Time", Origin::Stored),
        ("step_id", "1", "Step_Index", Origin::Stored),
        ("cycle_count", "1", "Cycle_Index", Origin::Stored),
        ("schedule_charging_capacity_ah", "Ah", "Charge_Capacity", Origin::Stored),
        ("schedule_discharging_energy_wh", "Wh", "Discharge_Energy", Origin::Stored),
        ("dV/dt", "V/s", "dV/dt", Origin::Stored),
        ("internal_resistance_ohm", "ohm", "Internal_Resistance", Origin::Stored),
        ("AC_Impedance", "ohm", "AC_Impedance", Origin::Stored),
        ("ACI_Phase_Angle", "deg", "ACI_Phase_Angle", Origin::Stored),
        (
            "temperature_t1_celsius",
            "degC",
            "Auxiliary_Table.X (Data_Type 1; Auxiliary_Index 0; oven)",
            Origin::Stored,
        ),
    ];
    for (name, unit, vendor, origin) in rows {
        let head = &read.tables[0].column(name).unwrap_or_else(|| panic!("no {name}")).head;
        let found = (head.unit.as_str(), head.vendor_name.as_str(), head.origin);
        assert_eq!(found, (unit, vendor, origin), "{name}");
    }
    let clock = numbers(&read, "records", "unix_time_second");
    assert_eq!(clock[..2], [START_S, START_S + 60.0]);
    let note = read.notes.iter().find(|note| note.code == "not-measured").expect("a note");
    assert!(note.message.contains("Internal_Resistance, AC_Impedance"), "{}", note.message);
}

#[test]
fn texts_of_every_length_and_letter() {
    let truth = cell(2);
    let latin = "Käfig µ ½ – 25 °C".to_owned();
    let mixed = "Zelle 電池 №7, 正極".to_owned();
    // From a row of one byte a place over jumps to pages of long text, and from one such page to several.
    let lengths = [0, 1, 60, 200, 230, 255, 256, 1500, 2500, 4500, 30_000];
    for (jet, len) in JETS.into_iter().flat_map(|jet| lengths.map(|len| (jet, len))) {
        for letters in [&latin, &mixed] {
            // Version 3 has no letters but those of its code page.
            let written: String = letters.chars().cycle().take(len).collect();
            let wanted = match jet {
                Jet::Three if letters == &mixed => {
                    written.replace(['電', '池', '№', '正', '極'], "?")
                }
                _ => written.clone(),
            };
            let mut one = test(&truth);
            one.comments = &written;
            one.name = letters;
            let read = measured(res(jet, &[], &[one]));
            let wanted = Some(wanted.as_str()).filter(|wanted| !wanted.is_empty());
            assert_eq!(metadata(&read, "Comments"), wanted, "{jet:?}, {len} letters");
            assert_eq!(metadata(&read, "Serial_Number"), Some("0004"), "{jet:?}, {len} letters");
            assert_eq!(codes(&read), USUAL, "{:?}", read.notes);
        }
    }
}

#[test]
fn tests_of_one_file_follow_each_other() {
    let (long, short) = (cell(16), cell(3));
    let mut first = test(&short);
    let mut second = test(&long);
    (first.test_id, first.name, first.start_s) = (3, "later", START_S + 1e5);
    (second.test_id, second.name) = (2, "earlier");
    let warm = [30.0; 16];
    let read = measured(res(Jet::Four, &[], &[first.warm(&warm[..2]), second.warm(&warm)]));
    for code in ["rows-out-of-order", "several-tests", "time-goes-back"] {
        assert!(codes(&read).contains(&code), "{:?}", read.notes);
    }
    let tests: Vec<f64> = [vec![2.0; 16], vec![3.0; 3]].concat();
    assert_eq!(numbers(&read, "records", "Test_ID"), tests);
    let index: Vec<f64> = (1..=16).chain(1..=3).map(f64::from).collect();
    assert_eq!(numbers(&read, "records", "record_index"), index);
    // The last record has no temperature.
    let found = numbers(&read, "records", "temperature_t1_celsius");
    assert!(found[..18].iter().all(|value| *value == 30.0) && found[18].is_nan(), "{found:?}");
    assert_eq!(read.started_at.clone().expect("a start").iso, "2021-03-02T16:17:59.500");
    assert_eq!(metadata(&read, "Test_Name (Test_ID 3)"), Some("later"));
}

#[test]
fn limits_hold() {
    let truth = cell(16);
    let bytes = || res(Jet::Four, &[Quirk::Wide(20)], &[test(&truth).warm(&temperatures())]);
    let all = Limits::default();
    let rows = [
        (Limits { max_rows: 5, ..all }, 5, 40),
        (Limits { max_columns: 12, ..all }, 16, 12),
        (Limits { max_cells: 390, ..all }, 10, 40),
    ];
    for (limits, rows, columns) in rows {
        let read = measured_within(bytes(), &limits).expect("a file");
        let table = &read.tables[0];
        assert!(table.rows <= rows && table.columns.len() <= columns + 1, "{limits:?}");
        assert!(codes(&read).contains(&"limit-reached"), "{:?}", read.notes);
    }
    let read = measured_within(bytes(), &Limits { max_metadata: 3, ..all }).expect("a file");
    assert!(read.metadata.len() <= 4 && codes(&read).contains(&"limit-reached"));
}

/// Where a little-endian number stands, and another in its place.
fn patched(mut bytes: Vec<u8>, at: usize, with: &[u8]) -> Vec<u8> {
    bytes[at..at + with.len()].copy_from_slice(with);
    bytes
}

/// What is damaged, where, with what, rows that are left, and the note that tells.
type Damage<'a> = (&'static str, usize, &'a [u8], usize, Option<&'static str>);

#[test]
fn damage_is_told_and_what_is_left_is_kept() {
    let truth = cell(16);
    // Pages: 0 head, 1 maps, 2 catalogue, 3 its rows, 4 definition of the records, 5 records.
    let plain = || res(Jet::Four, &[Quirk::RecordsOnly], &[test(&truth)]);
    let page = |number: usize| number * 4096;
    let rows: [Damage<'_>; 12] = [
        ("the count of rows", page(4) + 16, &u32::MAX.to_le_bytes(), 16, Some("row-count")),
        ("the catalogue", page(2), &[9], 16, Some("catalogue-lost")),
        ("rows of the catalogue", page(3), &[9], 16, Some("catalogue-lost")),
        ("the map of pages", page(4) + 55, &[200], 16, Some("page-map-lost")),
        ("the page of the map", page(4) + 56, &[0xFF; 3], 16, Some("page-map-lost")),
        ("the kind of a page", page(5), &[9], 0, Some("damaged-pages")),
        ("the place of a row", page(5) + 14, &[0xFF, 0x1F], 14, Some("damaged-rows")),
        ("a row that is elsewhere", page(5) + 14, &[0xE0, 0x4F], 15, Some("damaged-rows")),
        ("the count of rows of a page", page(5) + 12, &[4, 0], 4, Some("row-count")),
        ("that count, absurd", page(5) + 12, &[0xFF, 0xFF], 16, None),
        ("a definition that goes on with itself", page(4) + 4, &[4, 0, 0, 0], 16, None),
        ("the count of columns", page(4) + 45, &[5, 0], 16, None),
    ];
    for (what, at, with, left, note) in rows {
        let read = measured(patched(plain(), at, with));
        assert!(read.tables[0].rows >= left, "{what}: {} rows", read.tables[0].rows);
        if let Some(note) = note {
            assert!(codes(&read).contains(&note), "{what}: {:?}", read.notes);
            assert_eq!(read.tables[0].rows, left, "{what}");
        }
    }
    let cases: [(&str, Vec<u8>); 3] = [
        ("empty", Vec::new()),
        ("no database", b"Test_Time,Voltage\n".to_vec()),
        ("a database that is none of Arbin's", {
            let bytes = patched(plain(), page(4), &[9]);
            patched(bytes, page(3), &[9])
        }),
    ];
    for (what, bytes) in cases {
        let error = measured_within(bytes.clone(), &Limits::default()).expect_err(what);
        assert_eq!(error.trouble(), Trouble::Damaged, "{what}");
        let file = Files::one("cell.res", bytes);
        let claimed = read(&file, &Limits::default(), &mut Collect::new());
        assert!(claimed.is_err(), "{what}");
    }
}

/// Files with all that the format has, of both versions.
fn rich() -> Vec<Vec<u8>> {
    let truth = cell(16);
    let warm = temperatures();
    let comments = "electrolyte 電解液 ".repeat(300);
    let mut rich = test(&truth).warm(&warm);
    rich.comments = &comments;
    let quirks = [Quirk::Elsewhere, Quirk::FarMaps, Quirk::Deleted];
    JETS.map(|jet| res(jet, &quirks, &[rich])).into()
}

/// Checks that what was read of a damaged file is a table, and that its numbers are finite.
fn sound(read: Result<Measurement, ReadError>) -> Option<Measurement> {
    let read = read.ok()?;
    for table in &read.tables {
        for column in &table.columns {
            assert_eq!(column.values.len(), table.rows, "{}", column.head.name);
            if let Values::Number(numbers) = &column.values {
                assert!(!numbers.iter().any(|n| n.is_infinite()), "{}", column.head.name);
            }
        }
    }
    Some(read)
}

#[test]
fn a_cut_file_gives_the_rows_of_its_whole_pages() {
    for bytes in rich() {
        let whole = measured(bytes.clone());
        let all = &whole.tables[0];
        let mut before = 0;
        // Cuts within a page are alike; the fixtures of the format are cut at every byte.
        let page = if bytes[0x14] == 0 { 2048 } else { 4096 };
        for cut in (0..bytes.len()).filter(|cut| (cut + 1) % page < 3) {
            let read = sound(measured_within(bytes[..cut].to_vec(), &Limits::default()));
            let Some(read) = read else { continue };
            let told = codes(&read)
                .iter()
                .any(|code| ["truncated-file", "no-data", "page-map-lost"].contains(code));
            assert!(told, "cut at {cut}: {:?}", read.notes);
            let Some(table) = read.table("records") else { continue };
            assert!(table.rows >= before, "cut at {cut}: {} rows after {before}", table.rows);
            before = table.rows;
            // The rows that are left are rows of the whole file.
            let index = table.numbers("record_index").expect("an index");
            let time = table.numbers("test_time_second").expect("times");
            let times = all.numbers("test_time_second").expect("times");
            for (index, time) in index.iter().zip(time) {
                assert_eq!(times.get(*index as usize - 1), Some(time), "cut at {cut}");
            }
        }
        assert_eq!(before, 16);
    }
}

#[test]
fn wrong_bytes_are_survived() {
    // A fixed sequence, so that a failure can be repeated.
    let mut state: u32 = 0x1234_5678;
    let mut random = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize
    };
    for bytes in rich() {
        for place in (0..bytes.len()).step_by(13) {
            let with = [random() as u8, 0, 0xFF, 1, 2, 5][random() % 6];
            let read = measured_within(patched(bytes.clone(), place, &[with]), &Limits::default());
            sound(read);
        }
        // Pointers that lead anywhere, round in circles too, and counts beyond all measure.
        let pages = bytes.len() / 2048;
        for _ in 0..400 {
            let mut bytes = bytes.clone();
            for _ in 0..=random() % 4 {
                let place = random() % (bytes.len() - 4);
                let page = (random() % pages) as u32;
                let with = [page, page << 8 | (random() % 20) as u32, u32::MAX, 0x7FFF_FFFF];
                bytes = patched(bytes, place, &with[random() % 4].to_le_bytes());
            }
            sound(measured_within(bytes, &Limits::default()));
        }
    }
}

/// Numbers of a column of a csv, by its name.
fn csv_column(text: &str, name: &str) -> Option<Vec<f64>> {
    let mut lines = text.lines();
    let place = lines.next()?.split(',').position(|found| found == name)?;
    lines.map(|line| line.split(',').nth(place)?.parse().ok()).collect()
}

/// Compares a file with what another reader wrote of every row. Gives how many values were the same.
fn compare(read: &Measurement, text: &str) -> usize {
    let table = read.table("records").expect("records");
    let mut same = 0;
    for column in &table.columns {
        let Some(wanted) = csv_column(text, &column.head.vendor_name) else { continue };
        let Values::Number(ours) = &column.values else { panic!("{}", column.head.name) };
        assert_eq!(ours.len(), wanted.len(), "{}", column.head.name);
        let is_clock = column.head.name == "unix_time_second";
        for (row, (ours, wanted)) in ours.iter().zip(wanted).enumerate() {
            // Floats are printed with eight digits, others with sixteen; days are counted from another day.
            let is_float = *ours == f64::from(*ours as f32);
            let equal = match (is_clock, is_float) {
                (true, _) => (ours / 86_400.0 + 25_569.0 - wanted).abs() < 1e-10,
                (false, true) => (ours - wanted).abs() <= 5.1e-8 * wanted.abs(),
                (false, false) => (ours - wanted).abs() <= 1e-15 * wanted.abs(),
            };
            assert!(equal, "{}, row {row}: {ours}, not {wanted}", column.head.vendor_name);
            same += 1;
        }
    }
    same
}

#[test]
fn real_files_agree_with_other_readers() {
    let Ok(corpus) = std::env::var("GALVANOME_CORPUS") else {
        eprintln!("GALVANOME_CORPUS is not set: real files were not tried");
        return;
    };
    let corpus = Path::new(&corpus);
    let files = [manifest(corpus), manifest(&corpus.join("cycling"))].concat();
    let mut tried = 0;
    for (path, expected) in
        files.iter().filter(|(path, _)| path.extension().is_some_and(|e| e == "res"))
    {
        let name = path.display();
        let bytes = std::fs::read(path).expect("a file of the corpus");
        let mut summary = Summary::new();
        let file = Files::one("cell", bytes.clone());
        let format = read(&file, &Limits::default(), &mut summary).expect("a file");
        assert_eq!(format.id, "arbin-res", "{name}");
        let table = &summary.tables[0];
        let other = &expected["mdb_reader"];
        assert_eq!(Some(table.rows), other["n_rows"].as_u64(), "{name}");
        let columns = [
            ("voltage_V", "voltage_volt"),
            ("current_A", "current_ampere"),
            ("time_s", "test_time_second"),
        ];
        for (key, ours) in columns {
            let Span::Number(span) = table.column(ours).expect("a column").span else {
                panic!("{name}: {ours} is text")
            };
            let said = said(&other[key], 1.0).expect("numbers");
            assert!(near(span, said, 0.0), "{name}: {ours} is {span:?}, not {said:?}");
        }
        let vendor: Vec<_> = other["columns"].as_array().into_iter().flatten().collect();
        for vendor in &vendor {
            let found =
                table.columns.iter().any(|c| Some(c.head.vendor_name.as_str()) == vendor.as_str());
            assert!(found, "{name}: no column {vendor}");
        }
        eprintln!(
            "{name}: {} rows, {} columns; notes {:?}",
            table.rows,
            table.columns.len(),
            summary.notes
        );
        // The same test as another reader wrote it, row by row.
        let csv = path
            .with_file_name("..")
            .join("bdf")
            .join(path.with_extension("bdf.csv").file_name().expect("a name"));
        if let Ok(text) = std::fs::read_to_string(csv) {
            let same = compare(&measured(bytes), &text);
            eprintln!("{name}: {same} values are those of the csv");
            assert!(same as u64 >= 17 * table.rows);
        }
        tried += 1;
    }
    assert!(tried > 0, "GALVANOME_CORPUS holds no .res");
}
