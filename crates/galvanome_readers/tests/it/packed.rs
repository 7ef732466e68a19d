//! Landt ccs, zips of one file, and Neware sets that were never packed.

use std::sync::Arc;

use galvanome_model::measurement::{Measurement, Zone};
use galvanome_readers::{Collect, Files, Limits, Member, Together, read};

use crate::fixtures::neware::{ndax, temperatures};
use crate::fixtures::packed::{ccs, ndc};
use crate::zips::{self, zip};

fn measured(files: &Files) -> Measurement {
    let mut collect = Collect::new();
    read(files, &Limits::default(), &mut collect).expect("a file");
    collect.into_measurement()
}

fn one(bytes: Vec<u8>) -> Measurement {
    measured(&Files::one("cell", bytes))
}

fn codes(read: &Measurement) -> Vec<&str> {
    read.notes.iter().map(|note| note.code.as_str()).collect()
}

#[test]
fn landt_ccs() {
    let read = one(ccs());
    let start = read.started_at.as_ref().expect("a start");
    assert_eq!((start.iso.as_str(), start.zone), ("2021-03-02T16:17:59.250Z", Zone::Stated));
    assert!(read.metadata.contains(&("Test".to_owned(), "made up".to_owned())));
    assert_eq!(codes(&read), ["unverified-format", "unknown-column"]);
    let table = &read.tables[0];
    let near = |name: &str, wanted: &[f64]| {
        let numbers = table.numbers(name).expect("numbers");
        let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-6 * b.abs();
        assert!(numbers.iter().zip(wanted).all(near), "{name}: {numbers:?}");
    };
    assert_eq!(table.rows, 16);
    near("test_time_second", &[0.1, 60.1, 120.1]);
    near("step_time_second", &[0.1, 60.0, 120.0]);
    near("step_count", &[1.0, 2.0, 2.0]);
    near("voltage_volt", &[3.1, 3.21]);
    near("current_ampere", &[0.0, 0.05, 0.05, 0.05, -0.05]);
    near("step_capacity_ah", &[0.0, 0.05 / 60.0, 0.1 / 60.0, 0.15 / 60.0, 0.2 / 60.0]);
    // A sample that is lost shows itself at the end of its step; a block that is cut off is told.
    let mut bytes = ccs();
    bytes[2560 + 128 + 8] += 1;
    assert!(codes(&one(bytes)).contains(&"row-count"));
    let mut bytes = ccs();
    bytes.truncate(bytes.len() - 129);
    let read = one(bytes);
    assert_eq!((read.tables[0].rows, codes(&read)[1]), (13, "truncated-file"));
}

#[test]
fn a_zip_of_one_file() {
    let plain = one(ccs());
    for member in [zips::Member::deflated("a/cell.ccs", &ccs()), zips::Member::stored("c", &ccs())]
    {
        let folder = zips::Member::stored("a/", b"");
        let read = one(zip(&[folder, member, zips::Member::stored("__MACOSX/._c", b"x")]));
        assert_eq!((read.format.as_str(), &read.tables), ("landt-ccs", &plain.tables));
    }
    // What was changed after it was packed is read, and said.
    let member = zips::Member::deflated("cell.ccs", &ccs());
    let altered = one(zip(&[zips::Member { checksum: member.checksum ^ 1, ..member }]));
    assert_eq!((&altered.tables, codes(&altered)[0]), (&plain.tables, "checksum-differs"));
    // Text that only the generic reader would take, two files, a name that climbs, a bomb.
    let refused = |bytes: Vec<u8>| {
        let mut collect = Collect::new();
        read(&Files::one("cell.zip", bytes), &Limits::default(), &mut collect).is_err()
    };
    let (packed, other) =
        (zips::Member::deflated("a", &ccs()), zips::Member::deflated("b", &ccs()));
    assert!(refused(zip(&[zips::Member::deflated("a.csv", b"a,b\n1,2\n3,4\n")])));
    assert!(refused(zip(&[packed, other])));
    assert!(refused(zip(&[zips::Member::deflated("../cell.ccs", &ccs())])));
    let mut bomb = ccs();
    bomb.resize(50_000_000, 0);
    assert!(refused(zip(&[zips::Member::deflated("cell.ccs", &bomb)])));
}

#[test]
fn ndc_files_side_by_side() {
    for version in [5, 14, 17] {
        let set = |keep: &dyn Fn(&str) -> bool| {
            let members = ndc(version).into_iter().filter(|(name, _)| keep(name));
            let members = members.map(|(name, bytes)| Member { name, source: Arc::new(bytes) });
            measured(&Files::several(Together::Folder, "test", members.collect()))
        };
        let packed = one(ndax(version, &temperatures(), None));
        let read = set(&|_| true);
        let number = |read: &Measurement, name: &str| {
            read.tables[0].numbers(name).unwrap_or_else(|| panic!("{version}: no {name}")).to_vec()
        };
        for name in ["test_time_second", "voltage_volt", "step_id", "temperature_t1_celsius"] {
            assert_eq!(number(&read, name), number(&packed, name), "{version}: {name}");
        }
        // Rows alone, and none.
        let alone = set(&|name| name.ends_with("_33.ndc"));
        assert_eq!(number(&alone, "voltage_volt"), number(&packed, "voltage_volt"));
        assert_eq!(codes(&alone).contains(&"member-missing"), version > 5, "{version}");
        if version > 5 {
            let none = set(&|name| name.ends_with("_step.ndc"));
            assert_eq!((none.tables.len(), codes(&none)), (0, vec!["member-missing"]));
        }
    }
    // Cut within a page: the rows before are there, and a note.
    let rows = ndc(14).into_iter().find(|(name, _)| name.ends_with("_33.ndc")).expect("rows").1;
    let read = one(rows[..4096 + 132 + 5 * 8 + 3].to_vec());
    assert_eq!((read.tables[0].rows, codes(&read).contains(&"truncated-file")), (5, true));
}
