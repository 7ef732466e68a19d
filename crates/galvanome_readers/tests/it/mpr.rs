//! What is read from EC-Lab binaries: rebuilt columns, impedance, unknown columns, damage.

use std::io;

use galvanome_model::measurement::{Measurement, Origin, Values, Zone};
use galvanome_readers::biologic_mpr::Version;
use galvanome_readers::sink::CsvFile;
use galvanome_readers::{Collect, Files, Limits, Source, Trouble, read};

use crate::fixtures::cell;
use crate::fixtures::mpr::{gcpl, mpr, spectrum, table};

fn measured(bytes: Vec<u8>) -> Measurement {
    let mut collect = Collect::new();
    read(&Files::one("cell.mpr", bytes), &Limits::default(), &mut collect).expect("a file");
    collect.into_measurement()
}

fn codes(measurement: &Measurement) -> Vec<&str> {
    measurement.notes.iter().map(|note| note.code.as_str()).collect()
}

/// Checks columns (name, unit, first values) of a table of what was read, and the codes of its notes.
fn check(read: &Measurement, table: usize, columns: &[(&str, &str, &[f64])], notes: &[&str]) {
    for (name, unit, values) in columns {
        let table = &read.tables[table];
        let column = table.column(name).unwrap_or_else(|| panic!("no {name}"));
        let numbers = table.numbers(name).expect("numbers");
        assert_eq!(column.head.unit, *unit, "{name}");
        let near =
            |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-12 * b.abs() || a.is_nan() && b.is_nan();
        assert!(numbers.iter().zip(*values).all(near), "{name}: {numbers:?}");
    }
    assert_eq!(codes(read), notes, "{:?}", read.notes);
}

const REBUILT: [&str; 2] = ["current-rebuilt", "cycle-rebuilt"];

#[test]
fn what_is_written_in_every_version_is_read_back() {
    for version in [Version::Bytes, Version::Two, Version::Three, Version::Wide] {
        let read = measured(mpr(&cell(16), version, &[]));
        for column in &cell(16).columns {
            let name = &column.head.name;
            let (Some(ours), Values::Number(wanted)) =
                (read.tables[0].numbers(name), &column.values)
            else {
                panic!("{version:?}: {name}")
            };
            // EC-Lab stores voltage and current as floats.
            let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-7 * b.abs();
            assert!(ours.len() == 16 && ours.iter().zip(wanted).all(near), "{name}: {ours:?}");
        }
        let start = read.started_at.as_ref().unwrap();
        assert_eq!((start.iso.as_str(), start.zone), ("2021-03-02T16:17:59.250", Zone::Local));
        assert_eq!(read.instrument, "VMP3 (SN 0001)");
        let entry =
            |key: &str| read.metadata.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str());
        assert_eq!(entry("Technique"), Some("Galvanostatic Cycling with Potential Limitation"));
        assert_eq!(entry("Comments"), Some("made up"));
        assert_eq!(entry("Mass of active material"), Some("12.5 mg"));
        assert_eq!(entry("Battery capacity"), Some("2 mA.h"));
    }
}

#[test]
fn current_and_cycles_are_those_of_the_vendor() {
    let read = measured(mpr(&gcpl(), Version::Three, &[0, 8]));
    check(
        &read,
        0,
        &[
            ("mode", "1", &[1.0, 1.0]),
            ("ox/red", "1", &[1.0, 1.0, 1.0, 1.0, 0.0]),
            ("Ns changes", "1", &[1.0, 0.0, 0.0, 0.0, 1.0]),
            ("step_id", "1", &[1.0, 1.0, 1.0, 1.0, 2.0]),
            ("net_capacity_ah", "Ah", &[0.0, 0.0005]),
            ("control/V/mA", "", &[50.0]),
            // 0.5 mAh in 36 s.
            ("current_ampere", "A", &[0.0, 0.05, 0.05, 0.05, -0.05]),
            ("cycle_count", "1", &[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]),
            ("loop", "1", &[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]),
        ],
        &REBUILT,
    );
    let head = &read.tables[0].column("current_ampere").unwrap().head;
    assert_eq!((head.vendor_name.as_str(), head.origin), ("<I>/mA", Origin::Reconstructed));
    // Time that stands still, and a charge before the first row, give no current.
    let still: &dyn Fn(f64) -> f64 = &|row| if row < 2.0 { 10.0 } else { 20.0 };
    let charge: &dyn Fn(f64) -> f64 = &|_| 0.5;
    let read =
        measured(mpr(&table(3, &[("time/s", still), ("dq/mA.h", charge)]), Version::Two, &[]));
    check(
        &read,
        0,
        &[("current_ampere", "A", &[f64::NAN, f64::NAN, 0.18])],
        &["current-rebuilt", "repeated-rows"],
    );
}

#[test]
fn impedance_is_a_table_of_its_own() {
    let read = measured(mpr(&spectrum(), Version::Wide, &[]));
    assert_eq!(
        read.tables.iter().map(|t| (t.name.as_str(), t.rows)).collect::<Vec<_>>(),
        [("records", 12), ("impedance", 9)]
    );
    let half = 0.5f64.sqrt();
    check(
        &read,
        1,
        &[
            ("frequency_hertz", "Hz", &[1024.0, 512.0]),
            ("absolute_impedance_ohm", "ohm", &[5.0, 6.0]),
            ("phase_degree", "deg", &[-45.0, -45.0]),
            ("real_impedance_ohm", "ohm", &[5.0 * half, 6.0 * half]),
            ("imaginary_impedance_ohm", "ohm", &[-5.0 * half, -6.0 * half]),
            ("test_time_second", "s", &[6.0, 8.0]),
            ("voltage_volt", "V", &[3.75]),
            ("ece_volt", "V", &[-0.25]),
            ("z cycle", "1", &[1.0]),
        ],
        &["unknown-column", "three-electrodes"],
    );
    check(
        &read,
        0,
        &[("ewe_ece_volt", "V", &[4.0, 4.0]), ("unknown_900", "", &[0.5, 1.5, 2.5])],
        &["unknown-column", "three-electrodes"],
    );
}

/// The same file with other numbers of columns.
fn renumbered(mut bytes: Vec<u8>, numbers: &[(u16, u16)]) -> Vec<u8> {
    let head = bytes.windows(8).position(|w| w == b"VMP data").expect("a module of data");
    for (old, new) in numbers {
        let place = bytes[head + 59..].windows(2).position(|w| w == old.to_le_bytes());
        let place = head + 59 + place.expect("the number of a column");
        bytes[place..place + 2].copy_from_slice(&new.to_le_bytes());
    }
    bytes
}

#[test]
fn unknown_columns_stop_nothing() {
    // One: its width is what is left. A whole number is told from a float.
    let read = measured(renumbered(mpr(&gcpl(), Version::Wide, &[]), &[(468, 900)]));
    let halves = [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 2.0];
    check(&read, 0, &[("unknown_900", "", &halves)], &["unknown-column", "current-rebuilt"]);
    // Two, a double and a whole number.
    let two = renumbered(mpr(&gcpl(), Version::Wide, &[]), &[(467, 901), (468, 900)]);
    let read = measured(two);
    check(
        &read,
        0,
        &[("unknown_901", "", &[0.0, 0.5, 1.0, 1.5, 0.0, -0.5]), ("unknown_900", "", &halves)],
        &["unknown-column", "current-rebuilt"],
    );
    // A known name whose storing nobody has told.
    let read = measured(renumbered(mpr(&spectrum(), Version::Wide, &[]), &[(900, 27)]));
    check(
        &read,
        0,
        &[("ewe_ece_volt", "V", &[0.5, 1.5])],
        &["unproven-column", "three-electrodes"],
    );
    // A column that is stored in another way than it is known for: a float's number on 16 bits.
    let read = measured(renumbered(mpr(&gcpl(), Version::Wide, &[]), &[(39, 16)]));
    let volts = [3.5, 3.5625, 3.625];
    let found: &[(&str, &str, &[f64])] =
        &[("Analog IN 1/V", "V", &[10.0, 10.0]), ("voltage_volt", "V", &volts)];
    check(&read, 0, found, &["unproven-column", REBUILT[0], REBUILT[1]]);
    // So many that what stands between them cannot be told: what stands before and behind them can.
    let names = ["|Ewe h2|/V", "|Ewe h3|/V", "|Ewe h4|/V", "|Ewe h5|/V", "|Ewe h6|/V", "|I h2|/A"];
    let harmonic: &dyn Fn(f64) -> f64 = &|row| row;
    let mut columns: Vec<(&str, &dyn Fn(f64) -> f64)> =
        vec![("mode", &|_| 2.0), ("time/s", harmonic)];
    columns.extend(names.iter().map(|name| (*name, harmonic)));
    columns.push(("THD Ewe/%", harmonic));
    columns.push(("ox/red", &|_| 1.0));
    columns.push(("voltage_volt", &|_| 3.5));
    let ids: Vec<(u16, u16)> =
        [486, 487, 488, 489, 490, 492, 473].into_iter().map(|id| (id, id + 2000)).collect();
    let read = measured(renumbered(mpr(&table(8, &columns), Version::Wide, &[]), &ids));
    check(
        &read,
        0,
        &[
            ("mode", "1", &[2.0]),
            ("test_time_second", "s", &[0.0, 1.0, 2.0]),
            ("ox/red", "1", &[1.0, 1.0]),
            ("voltage_volt", "V", &[3.5, 3.5]),
        ],
        &["unknown-column"],
    );
}

/// The same file with other bytes at a place behind the beginning of a module.
fn changed(mut bytes: Vec<u8>, module: &[u8], at: usize, new: &[u8]) -> Vec<u8> {
    let place = bytes.windows(module.len()).position(|w| w == module).expect("a module") + at;
    bytes[place..place + new.len()].copy_from_slice(new);
    bytes
}

#[test]
fn wrong_counts_and_lengths_are_told_and_the_rows_are_kept() {
    let file = || mpr(&gcpl(), Version::Three, &[]);
    let all: &[(&str, &str, &[f64])] = &[("test_time_second", "s", &[0.25, 36.25, 72.25])];
    // The count of rows stands behind 57 bytes of header, of which `VMP data` begins at the sixth.
    for count in [0, 3, 15, 17, u32::MAX] {
        let read = measured(changed(file(), b"VMP data", 51, &count.to_le_bytes()));
        assert_eq!(read.tables[0].rows, 16, "{count}");
        check(&read, 0, all, &[REBUILT[0], REBUILT[1], "row-count"]);
    }
    // The length of a module stands at byte 41 of its header.
    for len in [0, 450, 100_000, u32::MAX - 1] {
        let read = measured(changed(file(), b"VMP data", 35, &len.to_le_bytes()));
        assert_eq!(read.tables[0].rows, 16, "{len}");
        assert!(codes(&read).contains(&"damaged-module"), "{:?}", read.notes);
        assert!(read.started_at.is_some_and(|start| start.iso.ends_with("59.250")), "{len}");
    }
    let mut infinite = gcpl();
    infinite.columns.retain(|column| column.head.name != "dq/mA.h");
    infinite.columns[8].values =
        Values::Number((0..16).map(|row| 1.0 / f64::from(row % 8)).collect());
    let read = measured(mpr(&infinite, Version::Three, &[]));
    check(
        &read,
        0,
        &[("net_capacity_ah", "Ah", &[f64::NAN, 0.001])],
        &["cycle-rebuilt", "infinite-value"],
    );
}

#[test]
fn what_is_missing_is_said() {
    // Without a log only the day is known.
    let whole = mpr(&gcpl(), Version::Three, &[]);
    let log = whole.windows(7).position(|w| w == b"VMP LOG").expect("a log") - 6;
    let read = measured(whole[..log].to_vec());
    assert_eq!(read.started_at.as_ref().map(|start| start.iso.as_str()), Some("2021-03-02"));
    assert_eq!((read.instrument.as_str(), read.tables[0].rows), ("VMP3", 16));
    check(&read, 0, &[], &["start-day-only", REBUILT[0], REBUILT[1]]);
    // A module that nobody knows.
    let mut more = whole.clone();
    more.extend_from_slice(&whole[log..]);
    let last = more.len() - (whole.len() - log) + 6;
    more[last..last + 7].copy_from_slice(b"VMP New");
    assert!(codes(&measured(more)).contains(&"unknown-module"));
    // An external device: its label says what an analogue input is.
    let columns: [(&str, &dyn Fn(f64) -> f64); 3] =
        [("time/s", &|row| row), ("Analog IN 1/V", &|_| 162.5), ("Analog IN 2/V", &|_| 27.5)];
    let mut bytes = mpr(&table(2, &columns), Version::Three, &[]);
    let mut device = vec![0; 443];
    device[0x35..0x3e].copy_from_slice(b"\x01\x07Force/N");
    device[0x62..0x71].copy_from_slice(b"\x01\x0dTemperatur/\xb0C");
    bytes.extend_from_slice(b"MODULEVMP ExtDevVMP External Device      ");
    bytes.extend_from_slice(&443u32.to_le_bytes());
    bytes.extend_from_slice(b"\0\0\0\x0003/02/21");
    bytes.extend_from_slice(&device);
    check(
        &measured(bytes),
        0,
        &[("Force/N", "N", &[162.5]), ("temperature_t1_celsius", "degC", &[27.5])],
        &["external-device", "external-device"],
    );
}

#[test]
fn limits_hold() {
    let file = Files::one("cell.mpr", mpr(&gcpl(), Version::Three, &[]));
    let rows = |limits: &Limits| {
        let mut collect = Collect::new();
        read(&file, limits, &mut collect).expect("a file");
        let read = collect.into_measurement();
        assert!(codes(&read).contains(&"limit-reached"));
        (read.tables[0].rows, read.tables[0].columns.len())
    };
    assert_eq!(rows(&Limits { max_rows: 5, ..Limits::default() }), (5, 18));
    assert_eq!(rows(&Limits { max_cells: 40, ..Limits::default() }).0, 2);
    assert_eq!(rows(&Limits { max_columns: 3, ..Limits::default() }), (16, 3));
}

/// Bytes of which half a megabyte cannot be had, from a place on.
struct Breaking(Vec<u8>, u64);

impl Source for Breaking {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        if (self.1..self.1 + (1 << 19)).contains(&offset) {
            return Err(io::Error::other("the share went away"));
        }
        self.0.read_at(offset, into)
    }
}

/// Room for so many bytes.
struct Full(usize);

impl io::Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::StorageFull)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn two_threads_read_what_one_does() {
    let with = |threads| Limits { threads, ..Limits::default() };
    let long = mpr(&cell(240_000), Version::Bytes, &[0, 70_000]);
    assert!(long.len() > 5 << 20);
    let both = |what: &str, files: &dyn Fn() -> Files| {
        let [one, two] = [1, 2].map(|threads| {
            let mut collect = Collect::new();
            let outcome = read(&files(), &with(threads), &mut collect);
            (outcome.map(|format| format.id), collect.into_measurement())
        });
        assert!(one == two, "{what}: {:?} {:?}", one.0, two.0);
        one
    };
    let (read_whole, whole) = both("whole", &|| Files::one("a.mpr", long.clone()));
    assert_eq!((read_whole, whole.tables[0].rows), (Ok("biologic-mpr"), 240_000));
    // Cut within a row, and a share that goes away: what came before is kept.
    let most = long.len() / 5 * 4 + 3;
    let (read_cut, cut) = both("cut", &|| Files::one("a.mpr", long[..most].to_vec()));
    assert!(read_cut.is_ok() && (191_000..193_000).contains(&cut.tables[0].rows));
    let (failed, some) = both("broken", &|| Files::one("a.mpr", Breaking(long.clone(), 3 << 20)));
    assert_eq!(failed.expect_err("no share").trouble(), Trouble::Source);
    assert!((120_000..140_000).contains(&some.tables[0].rows), "{}", some.tables[0].rows);
    // A disk that is full at once, or after a while.
    for room in [0, 1 << 20] {
        let errors = [1, 2].map(|threads| {
            let mut sink = CsvFile::new(Full(room), None);
            let files = Files::one("a.mpr", long.clone());
            read(&files, &with(threads), &mut sink).expect_err("no room")
        });
        assert_eq!((errors[0].trouble(), &errors[0]), (Trouble::Sink, &errors[1]));
    }
}

/// The byte of flags has a bit that EC-Lab shows nowhere. Of each row there is one byte that sets it, and nothing else changes.
#[test]
fn a_flag_without_a_name_is_counted() {
    let bytes = mpr(&gcpl(), Version::Three, &[]);
    let plain = measured(bytes.clone());
    assert!(!codes(&plain).contains(&"unknown-flag"));
    let mut found = Vec::new();
    for at in 0..bytes.len() {
        let mut flagged = bytes.clone();
        flagged[at] |= 0x40;
        let mut collect = Collect::new();
        if flagged[at] == bytes[at]
            || read(&Files::one("cell.mpr", flagged), &Limits::default(), &mut collect).is_err()
        {
            continue;
        }
        let read = collect.into_measurement();
        let note = read.notes.iter().find(|note| note.code == "unknown-flag");
        if let Some(note) = note.filter(|_| read.tables == plain.tables) {
            assert!(note.message.starts_with("bit 0x40 of the byte of flags is set in 1 rows"));
            found.push(note.place.clone());
        }
    }
    let rows: Vec<String> = (1..=plain.tables[0].rows).map(|row| format!("row {row}")).collect();
    assert_eq!(found, rows);
}
