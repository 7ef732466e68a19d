//! Text that Neware's software (BTS, BTSDA) exports, flat or nested.
//!
//! Flat: one line of column names, in English or Chinese, with units in brackets; then a row for each record. Nested:
//! three lines of names, those of cycles, steps and records, each one cell further in; then the rows of all three
//! among each other. The records get the cycle, step and kind of step they stand below, and cycles and steps become
//! tables of their own. UTF-8, Latin-1 or GB18030, which has lost its signs in some exports (`T1(?)`).

mod names;
mod nested;

use self::names::{CLOCK, VOCABULARY, is_record};
use self::nested::Levels;
use crate::error::ReadError;
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::text::cells::{Delimiter, decode};
use crate::text::clock::DateOrder;
use crate::text::guess::{head_text, whole_lines};
use crate::text::lines::Lines;
use crate::text::names::{Heads, find_names, names_in};
use crate::text::records::Records;
use crate::text::rows::Outer;
use crate::text::sign::by_state;
use crate::text::table::{Table, no_table, only};
use crate::text::wall::Wall;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "neware-csv", name: "Neware BTS text", endings: &["csv", "txt"], claims, read };

const DELIMITERS: [Delimiter; 3] =
    [Delimiter::Byte(b','), Delimiter::Byte(b'\t'), Delimiter::Byte(b';')];

fn claims(files: &Files) -> Confidence {
    const HEAD: usize = 1 << 14;
    let Some(head) = head_text(files, HEAD) else { return Confidence::No };
    let mut finder = Finder::default();
    let found = whole_lines(&head, HEAD).iter().take(20).any(|line| finder.look(line).is_some());
    if found { Confidence::Certain } else { Confidence::No }
}

/// Finds the line that names the columns of records.
#[derive(Default)]
struct Finder {
    levels: Levels,
}

impl Finder {
    fn look(&mut self, line: &[u8]) -> Option<(Delimiter, Vec<String>)> {
        let found = names_in(line, &DELIMITERS, |heads| {
            let first = heads.names.iter().take_while(|name| name.is_empty()).count();
            if first > 0 {
                is_record(heads.base(first))
                    && are_records(heads, true)
                    && self.levels.stand_above(first)
            } else {
                (0..heads.names.len()).any(|cell| is_record(heads.base(cell)))
                    && are_records(heads, false)
            }
        });
        if found.is_none() {
            self.levels.look(line, &DELIMITERS);
        }
        found
    }
}

/// Whether names are those of Neware's records: a voltage, a current, and something that nobody else writes.
fn are_records(heads: &Heads, nested: bool) -> bool {
    const MARKS: [&str; 11] = [
        "step type",
        "jumpto",
        "jump",
        "chg cap",
        "dchg cap",
        "capacitance chg",
        "capacitance dchg",
        "realtime",
        "工步类型",
        "工步号",
        "充电容量",
    ];
    heads.has(&["voltage", "vol", "电压"])
        && heads.has(&["current", "cur", "电流"])
        && (nested || heads.has(&MARKS))
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let member = only(files)?;
    let mut lines = Lines::new(member.source.as_ref(), &member.name, limits.max_line_bytes)?;
    let (mut last, mut finder) = (0, Finder::default());
    let mut before = Vec::new();
    let names = find_names(
        &mut lines,
        limits.max_metadata,
        |line| finder.look(line),
        |line| {
            last = line.number;
            before.push(decode(line.bytes).trim().trim_matches(',').to_owned());
        },
    )?;
    let levels = finder.levels;
    // The names of outer tables are not metadata.
    let above = before.len().saturating_sub(levels.len());
    for line in before.iter().take(above).filter(|line| !line.is_empty()) {
        let (key, value) = line.split_once([':', ',', '\t']).unwrap_or(("", line));
        sink.metadata(key.trim(), value.trim());
    }
    let Some(names) = names else {
        no_table(sink, last);
        return Ok(());
    };
    let blank = names.cells.iter().take_while(|name| name.is_empty()).count();
    let table = Table::open(lines, names, sink)?;
    let wall = Wall::find(&table, &CLOCK, DateOrder::MonthFirst, None, sink);
    let mut records = Records::of(table, blank, &VOCABULARY, wall, None, sink);
    let outer = if blank > 0 {
        levels.carry_into(&mut records.plans);
        levels.into_outer(&records.table)
    } else {
        Outer::new(Vec::new())
    };
    records.add_test_time(sink);
    if let Some(start) = records.start() {
        sink.started_at(start);
    }
    by_state(&mut records, sink);
    records.read_nested(sink, limits, blank, outer)
}
