//! What nobody meant to write: inputs that fuzzing found, other wrong bytes than elsewhere, files that unpack to far
//! more than they are, and numbers in files that promise far more than is there. Memory is measured in a process of
//! its own, since other tests run beside in this one.

use std::process::Command;

use galvanome_readers::{FORMATS, Files, Limits, identify, read_as};

use crate::fixtures::{self, Fixture};
use crate::judge::Judge;
use crate::walk::{each, every_byte_of};
use crate::zips::{Member, zip};

fn is_zip(fixture: &Fixture) -> bool {
    fixture.bytes.starts_with(b"PK")
}

/// Reads with a format and holds it to its word.
fn judge(format: &str, bytes: Vec<u8>) {
    let format = FORMATS.iter().find(|known| known.id == format).expect("a format");
    let mut judge = Judge::default();
    let read = read_as(format, &Files::one("file", bytes), &Limits::default(), &mut judge);
    judge.finish(read.is_ok());
}

/// Inputs that broke a rule once, by the format that broke it.
#[test]
fn what_fuzzing_found_stays_mended() {
    // A device without a name was told as one.
    for format in ["digatron-csv", "eclab-text"] {
        judge(
            format,
            b"EC-Lab ASCII FILE\nNb header lines : 4\nDevice :  \nmode\ttime/s\tEwe/V\n".into(),
        );
    }
}

#[test]
fn whole_fixtures_keep_to_every_rule() {
    for fixture in fixtures::all() {
        judge(fixture.format, fixture.bytes);
    }
}

/// Bytes of each fixture with some of these changes: the first bit or the last one turned, all turned, the smallest and
/// the largest, a sign, a digit, a quote, line breaks, delimiters, one more.
#[test]
fn wrong_bytes_of_many_values_are_survived() {
    let changes: [fn(u8) -> u8; 14] = [
        |byte| byte ^ 1,
        |byte| byte ^ 0x80,
        |byte| !byte,
        |_| 0,
        |_| 0xFF,
        |_| 0x7F,
        |_| b'-',
        |_| b'9',
        |_| b'"',
        |_| b'\n',
        |_| b'\r',
        |_| b',',
        |_| b'\t',
        |byte| byte.wrapping_add(1),
    ];
    every_byte_of(&fixtures::all(), |fixture, place| {
        // Of what is packed nearly every change is the same to a reader: a stream that does not unpack.
        if is_zip(fixture) && !place.is_multiple_of(7) {
            return;
        }
        // Neighbours get different ones.
        let turns = if fixture.bytes.len() < 2000 { 2 } else { 1 };
        for turn in 0..turns {
            let change = changes[(place * 5 + turn * 4 + fixture.bytes.len()) % changes.len()];
            let mut bytes = fixture.bytes.clone();
            bytes[place] = change(bytes[place]);
            judge(fixture.format, bytes);
        }
    });
}

/// Memory in bytes that reading may take beyond what the process had: buffers, and batches of rows.
const ROOM: u64 = 40 << 20;

/// Packed text that says the same again and again.
fn again(before: &str, again: &str, times: usize, behind: &str) -> Vec<u8> {
    let mut bytes = before.as_bytes().to_vec();
    bytes.extend(again.as_bytes().repeat(times));
    bytes.extend(behind.as_bytes());
    bytes
}

/// Files that would take much memory from a reader that keeps what it unpacks, or a line before it has looked at its
/// length: 80 megabytes or so, where most of the files are a hundredth of that.
fn greedy(name: &str) -> Vec<u8> {
    let ndc = |kind: u8, fill: u8| {
        let mut bytes = vec![fill; if kind == 1 { 48_000_000 } else { 80_000_000 }];
        bytes[..4096].fill(0);
        (bytes[0], bytes[2]) = (kind, 14);
        Member::deflated(
            match kind {
                1 => "data.ndc",
                7 => "data_step.ndc",
                _ => "data_runInfo.ndc",
            },
            &bytes,
        )
    };
    let sheet = |rows: Vec<u8>| {
        zip(&[
            Member::deflated("xl/workbook.xml", b"<workbook><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"),
            Member::deflated("xl/_rels/workbook.xml.rels", b"<Relationships><Relationship Id=\"rId1\" Type=\"x/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"),
            Member::deflated("[Content_Types].xml", b"<Types/>"),
            Member::deflated("xl/worksheets/sheet1.xml", &rows),
        ])
    };
    match name {
        "zeros.ndax" => zip(&[ndc(1, 0)]),
        "ones.ndax" => zip(&[ndc(1, 0xFF)]),
        "steps.ndax" => zip(&[ndc(1, 0), ndc(7, 0xFF), ndc(18, 0xFF)]),
        "info.ndax" => zip(&[
            Member::deflated(
                "TestInfo.xml",
                &again("<root><config>", "<a b=\"c\"/>", 8_000_000, ""),
            ),
            Member::deflated(
                "VersionInfo.xml",
                &again("<root><config x=\"", "y", 80_000_000, "\"/>"),
            ),
            ndc(1, 0),
        ]),
        "rows.xlsx" => sheet(again(
            "<worksheet><sheetData>",
            "<row r=\"1\"/>",
            7_000_000,
            "</sheetData></worksheet>",
        )),
        "cell.xlsx" => sheet(again(
            "<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>",
            "x",
            80_000_000,
            "</t></is></c></row>",
        )),
        "deep.xlsx" => sheet(again("<worksheet>", "<a>", 3_000_000, "")),
        "line.csv" => again(
            "test_time_second,voltage_volt,current_ampere\n",
            "1,2,3,4,5,6,7,8,9,",
            8_000_000,
            "\n",
        ),
        "wide.csv" => {
            again("test_time_second,voltage_volt,current_ampere", ",a", 4_000_000, "\n1,2,3\n")
        }
        _ => unreachable!("{name} is not made here"),
    }
}

const GREEDY: [&str; 9] = [
    "zeros.ndax",
    "ones.ndax",
    "steps.ndax",
    "info.ndax",
    "rows.xlsx",
    "cell.xlsx",
    "deep.xlsx",
    "line.csv",
    "wide.csv",
];

/// Headers whose every four bytes promise as much as they can.
fn promising(fixture: &Fixture, at: usize, value: [u8; 4]) -> Vec<u8> {
    let mut bytes = fixture.bytes.clone();
    for (to, from) in bytes.iter_mut().skip(at).zip(value) {
        *to = from;
    }
    bytes
}

/// The most memory that this process held, in bytes; 0 where the system does not tell.
pub(crate) fn most_held() -> u64 {
    let told = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) << 10
}

/// Forgets the most memory so far.
pub(crate) fn forget_most() {
    // Where it may not be, the most is that of all before, and less is found.
    drop(std::fs::write("/proc/self/clear_refs", "5"));
}

fn took_little(what: &str, before: u64) {
    let took = most_held().saturating_sub(before);
    assert!(took < ROOM, "{what} took {took} bytes");
}

/// What the process of its own does: it is told by the environment what to read.
#[test]
#[ignore = "run by the test below"]
fn takes_little_memory() {
    let Ok(name) = std::env::var("GALVANOME_GREEDY") else { return };
    if let Some(format) = name.strip_prefix("numbers of ") {
        let fixtures: Vec<_> =
            fixtures::all().into_iter().filter(|fixture| fixture.format == format).collect();
        forget_most();
        let before = most_held();
        for fixture in fixtures {
            // The first and the last 700 bytes are where formats keep their counts, and a step of 3 meets every four.
            let len = fixture.bytes.len();
            let places = (0..len.min(700)).chain(len.saturating_sub(700).max(700)..len);
            for at in places.step_by(if is_zip(&fixture) { 13 } else { 3 }) {
                for value in [[0xFF; 4], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0x10]] {
                    judge(format, promising(&fixture, at, value));
                }
            }
        }
        return took_little(&name, before);
    }
    let files = Files::one(&name, greedy(&name));
    forget_most();
    let before = most_held();
    if let Some((format, _)) = identify(&files) {
        let mut judge = Judge::default();
        let read = read_as(format, &files, &Limits::default(), &mut judge);
        judge.finish(read.is_ok());
    }
    took_little(&name, before);
}

#[test]
fn no_number_and_no_packing_decides_how_much_memory_is_taken() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let formats = FORMATS.iter().map(|format| format!("numbers of {}", format.id));
    let names: Vec<_> = GREEDY.into_iter().map(str::to_owned).chain(formats).collect();
    each(&names, |name| {
        // This program, also when another one was built in its place meanwhile.
        let output = Command::new("/proc/self/exe")
            .args(["robust::takes_little_memory", "--exact", "--ignored", "--test-threads=1"])
            .env("GALVANOME_GREEDY", name)
            .output()
            .expect("a process");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains("1 passed"), "{name}: {said}");
    });
}
