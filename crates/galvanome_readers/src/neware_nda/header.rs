//! The head of a file: pointers to blocks, and what is told about the test.

use std::io;

use encoding_rs::GB18030;

use crate::le::{u8_at, u16_at, u32_at, u64_at};
use crate::sink::Sink;
use crate::source::{Source, read_full};

/// Bytes of the head that are looked at.
pub(super) const HEAD: usize = 4096;

/// A part of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) begin: u64,
    pub(super) len: u64,
}

impl Block {
    pub(super) fn end(self) -> u64 {
        self.begin.saturating_add(self.len)
    }

    /// A block whose place and length stand at a place of the head in 4 bytes each.
    pub(super) fn at(head: &[u8], at: usize) -> Self {
        Self { begin: u64::from(u32_at(head, at)), len: u64::from(u32_at(head, at + 4)) }
    }

    /// The same in 8 bytes each.
    pub(super) fn at_long(head: &[u8], at: usize) -> Self {
        Self { begin: u64_at(head, at), len: u64_at(head, at + 8) }
    }

    /// Its bytes, at most `max`, as far as they are in the file.
    pub(super) fn bytes(self, source: &dyn Source, max: usize) -> io::Result<Vec<u8>> {
        let len = usize::try_from(self.len).map_or(max, |len| len.min(max));
        let mut bytes = vec![0; len];
        let got = read_full(source, self.begin, &mut bytes)?;
        bytes.truncate(got);
        Ok(bytes)
    }
}

/// Text in a field of fixed width, which ends at the first 0.
pub(super) fn text_at(bytes: &[u8], at: usize, len: usize) -> String {
    let field = bytes.get(at..).map(|rest| rest.get(..len).unwrap_or(rest)).unwrap_or_default();
    let text = field.split(|&byte| byte == 0).next().unwrap_or_default();
    GB18030.decode_without_bom_handling(text).0.trim().to_owned()
}

/// The range that holds where records name none.
pub(super) fn fixed_range(source: &dyn Source, head: &[u8]) -> io::Result<i32> {
    let mut range = [0; 4];
    let at = u64::from(u32_at(head, 16)) + 26;
    let got = read_full(source, at, &mut range)?;
    Ok(if got == range.len() { i32::from_le_bytes(range) } else { 0 })
}

/// Fields of the description of a test: name, place, width.
type Fields = &'static [(&'static str, usize, usize)];
const FIELDS_1: Fields = &[
    ("start time", 36, 20),
    ("creator", 76, 15),
    ("serial number", 91, 20),
    ("remarks", 111, 100),
];
const FIELDS_11: Fields = &[
    ("start time", 37, 20),
    ("creator", 77, 60),
    ("serial number", 137, 90),
    ("remarks", 227, 100),
];
const FIELDS_17: Fields = &[("barcode", 343, 40)];
const FIELDS_29: Fields = &[("test name", 383, 60), ("step file", 443, 60)];

/// Tells the sink what the head of a file up to version 29 says.
pub(super) fn tell(
    source: &dyn Source,
    head: &[u8],
    version: u8,
    sink: &mut dyn Sink,
) -> io::Result<()> {
    tell_version(head, version, sink);
    let mass_at = match version {
        9.. => 152,
        8 => 144,
        _ => 80,
    };
    tell_mass(head, mass_at, sink);
    let (len, fields): (u64, &[Fields]) = match version {
        29.. => (503, &[FIELDS_11, FIELDS_17, FIELDS_29]),
        17.. => (383, &[FIELDS_11, FIELDS_17]),
        16 => (343, &[FIELDS_11]),
        11.. => (327, &[FIELDS_11]),
        _ => (211, &[FIELDS_1]),
    };
    // A test that went on after a stop has several descriptions; the last one holds.
    let tests = Block::at(head, 24);
    let count = tests.len / len;
    if tests.begin > 0 && count > 0 {
        let last = Block { begin: tests.begin.saturating_add((count - 1) * len), len };
        let record = last.bytes(source, HEAD)?;
        for (name, at, width) in fields.iter().copied().flatten() {
            tell_text(name, &text_at(&record, *at, *width), sink);
        }
    }
    let server =
        find(head, b"BTSServer").map(|at| (text_at(head, at, 50), text_at(head, at + 100, 50)));
    let station = || find(head, b"BTS_XWJ").map(|at| (text_at(head, at, 50), String::new()));
    if let Some((server, client)) = server.or_else(station) {
        sink.instrument(&format!("Neware {server}"));
        tell_text("server version", &server, sink);
        tell_text("client version", &client, sink);
    } else {
        sink.instrument("Neware");
    }
    Ok(())
}

/// The version, and the day in whose format the file is.
pub(super) fn tell_version(head: &[u8], version: u8, sink: &mut dyn Sink) {
    sink.metadata("nda version", &version.to_string());
    tell_text("nda date", &text_at(head, 6, 8), sink);
}

/// The active mass in micrograms.
pub(super) fn tell_mass(head: &[u8], at: usize, sink: &mut dyn Sink) {
    let micrograms = u32_at(head, at);
    if micrograms != 0 {
        sink.metadata("active mass / ug", &micrograms.to_string());
    }
}

pub(super) fn tell_text(key: &str, text: &str, sink: &mut dyn Sink) {
    if !text.is_empty() {
        sink.metadata(key, text);
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// Where things stand in the description of a test of BTS 9.
struct Described {
    /// Texts: name, place, width.
    fields: Vec<(&'static str, usize, usize)>,
    /// The number of rows, 4 bytes.
    count_at: Option<usize>,
    /// Start and stop in microseconds since 1970, 8 bytes each.
    times_at: usize,
}

fn described(record: &[u8]) -> Option<Described> {
    let version = u16_at(record, 0);
    if version >= 8 {
        let tail = if version >= 42 { 552 } else { 424 };
        let fields = vec![
            ("creator", 8, 32),
            ("serial number", 40, 32),
            ("remarks", 264, 64),
            ("device", 328, 32),
            ("server address", 360, 64),
        ];
        return Some(Described { fields, count_at: Some(tail + 4), times_at: tail + 8 });
    }
    let mask = u32_at(record, 4);
    let names = [(2, "creator"), (3, "serial number"), (4, "remarks"), (5, "")];
    let present = names.iter().filter(|(bit, _)| mask >> bit & 1 == 1);
    let fields: Vec<_> =
        present.enumerate().map(|(n, (_, name))| (*name, 12 + 128 * n, 128)).collect();
    let tail = 12 + 128 * fields.len();
    let count_at = (mask >> 30 & 1 == 1).then_some(tail + 20);
    (version > 0).then_some(Described { fields, count_at, times_at: tail + 4 })
}

/// Tells the sink what the head of a file of BTS 9 says, and gives the number of rows that it promises.
///
/// The description of the test is a record with a version of its own. Below 8 a mask says which texts it
/// holds; from 8 on they have fixed places, and the numbers behind them a place for each version.
pub(super) fn tell_bts9(
    source: &dyn Source,
    head: &[u8],
    sink: &mut dyn Sink,
) -> io::Result<Option<u64>> {
    let text = head.get(258..).unwrap_or_default();
    let version = text.split(|&byte| byte == 0).next().unwrap_or_default();
    let version = String::from_utf8_lossy(version.get(..version.len().min(40)).unwrap_or_default());
    let is_version = version.starts_with(|c: char| c.is_ascii_digit()) && version.contains('.');
    if is_version {
        sink.instrument(&format!("Neware BTS {version}"));
        tell_text("bts version", &version, sink);
    } else {
        sink.instrument("Neware BTS 9");
    }
    tell_mass(head, 330, sink);
    let record = Block::at_long(head, 34).bytes(source, HEAD)?;
    let Some(Described { fields, count_at, times_at }) = described(&record) else {
        return Ok(None);
    };
    // Where the two times make no sense the record is laid out otherwise, and nothing in it is believed.
    let years = 1_100_000_000_000_000..4_100_000_000_000_000;
    let (start, stop) = (u64_at(&record, times_at), u64_at(&record, times_at + 8));
    if !years.contains(&start) || !years.contains(&stop) || stop < start {
        return Ok(None);
    }
    for (name, at, width) in fields {
        if !name.is_empty() {
            tell_text(name, &text_at(&record, at, width), sink);
        }
    }
    sink.metadata("start time / us", &start.to_string());
    sink.metadata("stop time / us", &stop.to_string());
    let count = count_at.map(|at| u64::from(u32_at(&record, at))).filter(|&count| count > 0);
    Ok(count)
}

/// The version of the records of BTS 9.
pub(super) fn bts9_records(head: &[u8]) -> u16 {
    u16_at(head, 16)
}

/// Whether the head of a BTS 9 file stands for several parts, each with its own.
pub(super) fn has_parts(head: &[u8]) -> bool {
    u8_at(head, 1024) != 0 && head.get(1024..).is_some_and(|rest| rest.starts_with(super::MARK))
}
