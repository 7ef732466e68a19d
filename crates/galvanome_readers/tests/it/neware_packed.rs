//! Packed Neware files that are damaged, odd or hostile.

use std::time::{Duration, Instant};

use galvanome_model::measurement::Measurement;
use galvanome_readers::sink::Summary;
use galvanome_readers::{Collect, Files, Limits, identify, read};

use crate::fixtures::neware::{ndax, temperatures};
use crate::neware::{codes, measured};
use crate::zips::{Member, unzip, zip};

fn rows(read: &Measurement) -> usize {
    read.tables.first().map_or(0, |table| table.rows)
}

/// How many values of a column are there.
fn there(read: &Measurement, name: &str) -> usize {
    let numbers = read.tables[0].numbers(name).unwrap_or_else(|| panic!("no {name}"));
    numbers.iter().filter(|number| !number.is_nan()).count()
}

/// A file of version 17 with its members changed.
fn changed(change: impl Fn(&mut Vec<(String, Vec<u8>)>)) -> Measurement {
    let mut members = unzip(&ndax(17, &temperatures(), None));
    change(&mut members);
    let members: Vec<Member> =
        members.iter().map(|(name, bytes)| Member::deflated(name, bytes)).collect();
    measured(zip(&members))
}

fn member<'a>(members: &'a mut [(String, Vec<u8>)], name: &str) -> &'a mut Vec<u8> {
    &mut members.iter_mut().find(|(found, _)| found == name).expect("a member").1
}

#[test]
fn members_that_are_missing_or_damaged() {
    let whole = ["rows-filled-in"];
    let read = changed(|_| {});
    assert_eq!((rows(&read), codes(&read)), (16, whole.to_vec()));
    // Without `runInfo` there is no time, and the steps are still known.
    let read = changed(|members| members.retain(|(name, _)| name != "data_runInfo.ndc"));
    assert_eq!(codes(&read), ["truncated-file", "rows-without-time"]);
    assert_eq!(
        (rows(&read), there(&read, "test_time_second"), there(&read, "step_id")),
        (16, 0, 16)
    );
    // Without the steps there is time, and the steps are counted by `runInfo`.
    let read = changed(|members| members.retain(|(name, _)| name != "data_step.ndc"));
    assert_eq!(codes(&read), ["truncated-file", "rows-filled-in"]);
    assert_eq!(there(&read, "test_time_second"), 16);
    assert_eq!((there(&read, "step_count"), there(&read, "cycle_count")), (16, 0));
    let read = changed(|members| members.retain(|(name, _)| name != "data.ndc"));
    assert_eq!((read.tables.len(), codes(&read)), (0, vec!["truncated-file"]));
    // A wrong byte: the checksum of its page tells, and its row is kept.
    let read = changed(|members| member(members, "data.ndc")[4096 + 200] ^= 1);
    assert_eq!((rows(&read), codes(&read)), (16, vec!["checksum", "rows-filled-in"]));
    assert_eq!(read.notes[0].place, "data.ndc, page 1");
    // `runInfo` that speaks of rows that are not there.
    let read = changed(|members| member(members, "data.ndc")[4096 + 4..4096 + 6].fill(0x0F));
    let found = codes(&read);
    assert_eq!(
        (rows(&read), &found[..]),
        (8, &["checksum", "row-count", "rows-filled-in", "row-count", "clock-differs"][..])
    );
    // Versions that nobody knows.
    let read = changed(|members| member(members, "data.ndc")[2] = 99);
    assert_eq!((rows(&read), codes(&read)), (0, vec!["unsupported-version"]));
    let read = changed(|members| member(members, "data_step.ndc")[2] = 14);
    assert_eq!(codes(&read), ["unsupported-version", "rows-filled-in"]);
    let read = changed(|members| member(members, "data_AUX_225_3_1.ndc")[2] = 99);
    assert_eq!(codes(&read), ["unsupported-version", "rows-filled-in"]);
    // No rows at all.
    let read = changed(|members| members.iter_mut().for_each(|(_, bytes)| bytes.truncate(4096)));
    assert_eq!((rows(&read), read.started_at.is_none()), (0, true));
}

#[test]
fn auxiliary_channels() {
    // A type that nobody knows keeps its number; two of one kind keep both.
    let rename = |members: &mut Vec<(String, Vec<u8>)>, to: &str| {
        let (name, _) = members.last_mut().expect("a member");
        to.clone_into(name);
    };
    let read = changed(|members| rename(members, "data_AUX_7_1022_1.ndc"));
    assert_eq!((there(&read, "unknown_1122"), codes(&read)[0]), (16, "unknown-column"));
    let read = changed(|members| {
        let (_, bytes) = members.last().expect("a member").clone();
        members.push(("data_AUX_225_2_1.ndc".to_owned(), bytes));
    });
    assert_eq!((there(&read, "aux1_voltage"), there(&read, "temperature_t1_celsius")), (16, 16));
    // Fewer values than rows.
    let read = changed(|members| member(members, "data_AUX_225_3_1.ndc")[4096 + 5] = 0x03);
    assert_eq!(there(&read, "temperature_t1_celsius"), 10);
    assert_eq!(codes(&read), ["rows-filled-in", "checksum", "row-count", "row-count"]);
}

#[test]
fn checksums_of_members_are_held_against_what_they_hold() {
    let members = unzip(&ndax(14, &[], None));
    let check = |wrong: &str, said: &[&str]| {
        let members: Vec<Member> = members
            .iter()
            .map(|(name, bytes)| {
                let member = Member::deflated(name, bytes);
                Member { checksum: member.checksum ^ u32::from(name == wrong), ..member }
            })
            .collect();
        let read = measured(zip(&members));
        assert_eq!((rows(&read), codes(&read)), (16, said.to_vec()), "{wrong}");
    };
    check("", &["rows-filled-in"]);
    for name in ["data.ndc", "data_step.ndc", "data_runInfo.ndc", "TestInfo.xml"] {
        check(name, &["checksum-differs", "rows-filled-in"]);
    }
}

#[test]
fn zips_of_every_kind() {
    let members = unzip(&ndax(14, &[], None));
    let make = |change: &dyn Fn(&mut Member), of: &dyn Fn(&str, &[u8]) -> Member| {
        let mut members: Vec<Member> =
            members.iter().map(|(name, bytes)| of(name, bytes)).collect();
        members.iter_mut().for_each(change);
        zip(&members)
    };
    let check = |bytes: Vec<u8>, wanted: usize, notes: &[&str]| {
        let read = measured(bytes);
        assert_eq!((rows(&read), codes(&read)), (wanted, notes.to_vec()), "{:?}", read.notes);
    };
    let filled: &[&str] = &["rows-filled-in"];
    check(make(&|_| {}, &Member::stored), 16, filled);
    // Written as a stream, with sizes behind the members.
    let streamed = make(&|member| member.flags = 8, &Member::deflated);
    check(streamed.clone(), 16, filled);
    // The same without its directory, so that it must be walked.
    let directory =
        streamed.windows(4).position(|bytes| bytes == b"PK\x01\x02").expect("a directory");
    check(streamed[..directory].to_vec(), 16, &["truncated-file", "rows-filled-in"]);
    // In a folder, and with lengths that are lies.
    check(
        make(&|member| member.name = format!("test/{}", member.name), &Member::deflated),
        16,
        filled,
    );
    check(make(&|member| member.says = u32::MAX - 1, &Member::deflated), 16, filled);
    // Names that climb are not read, locked members neither, and unknown ways of packing.
    check(
        make(&|member| member.name = format!("../{}", member.name), &Member::deflated),
        0,
        &["unsafe-name", "truncated-file"],
    );
    let odd: [&dyn Fn(&mut Member); 2] = [&|member| member.flags = 1, &|member| member.method = 14];
    for change in odd {
        let read = measured(make(change, &Member::deflated));
        assert_eq!((rows(&read), codes(&read).last().copied()), (0, Some("truncated-file")));
    }
}

#[test]
fn other_zips_are_not_claimed() {
    let text = Member::stored("readme.txt", b"nothing of ours");
    assert!(identify(&Files::one("a.zip", zip(&[text]))).is_none());
    let letter = Member::stored("word/document.xml", b"<document/>");
    assert!(identify(&Files::one("a.docx", zip(&[letter]))).is_none());
}

#[test]
fn bombs_end_soon_and_take_no_memory() {
    let began = Instant::now();
    let zeros = Member::deflated("data.ndc", &{
        let mut bytes = vec![0; 17 << 24];
        bytes[0] = 1;
        bytes[2] = 17;
        bytes
    });
    let mut summary = Summary::new();
    let files = Files::one("bomb.ndax", zip(&[zeros]));
    assert!(files.members()[0].source.len() < 1 << 20);
    read(&files, &Limits::default(), &mut summary).expect("a file");
    assert!(summary.notes.iter().any(|note| note.code == "limit-reached"), "{:?}", summary.notes);
    assert_eq!(summary.tables[0].rows, 0);
    // XML without an end.
    let xml = Member::deflated("Step.xml", &vec![b' '; 1 << 25]);
    let data = Member::deflated("data.ndc", &vec![0; 8192]);
    let mut summary = Summary::new();
    read(&Files::one("bomb.ndax", zip(&[xml, data])), &Limits::default(), &mut summary)
        .expect("a file");
    assert!(summary.notes.iter().any(|note| note.code == "unreadable-metadata"));
    assert!(began.elapsed() < Duration::from_mins(1));
}

#[test]
fn limits_end_a_reading_with_a_note() {
    let limits = Limits { max_rows: 5, ..Limits::default() };
    for version in [5, 14] {
        let mut collect = Collect::new();
        read(&Files::one("a", ndax(version, &[], None)), &limits, &mut collect).expect("a file");
        let read = collect.into_measurement();
        assert_eq!(rows(&read), 5);
        assert!(codes(&read).contains(&"limit-reached"), "{:?}", read.notes);
    }
}
