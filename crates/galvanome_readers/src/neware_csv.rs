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
use crate::text::cells::decode;
use crate::text::clock::DateOrder;
use crate::text::names::{Heads, heads_of};
use crate::text::records::Records;
use crate::text::rows::Outer;
use crate::text::sign::by_state;
use crate::text::table::Table;
use crate::text::wall::Wall;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "neware-csv", name: "Neware BTS text", endings: &["csv", "txt"], claims, read };

fn claims(files: &Files) -> Confidence {
    let Some(opening) = files.opening() else { return Confidence::No };
    let mut finder = Finder::default();
    Confidence::certain_if(opening.heads().take(20).any(|heads| finder.look(heads).is_some()))
}

/// Finds the line that names the columns of records.
#[derive(Default)]
struct Finder {
    levels: Levels,
}

impl Finder {
    /// Which of the heads of a line name the columns of records, if any do.
    fn look(&mut self, heads: &[Heads]) -> Option<usize> {
        let found = heads.iter().position(|heads| {
            let first = heads.names.iter().take_while(|name| name.is_empty()).count();
            if first > 0 {
                is_record(heads.base(first))
                    && are_records(heads, true)
                    && self.levels.stand_above(first)
            } else {
                are_records(heads, false)
                    && (0..heads.names.len()).any(|cell| is_record(heads.base(cell)))
            }
        });
        if found.is_none() {
            self.levels.look(heads);
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
    let (mut finder, mut before) = (Finder::default(), Vec::new());
    let names_of = |line: &[u8]| {
        let heads = heads_of(line);
        let found = finder.look(&heads)?;
        heads.into_iter().nth(found)
    };
    let table = Table::below(files, limits, sink, names_of, |line, _| {
        before.push(decode(line.bytes).trim().trim_matches(',').to_owned());
    })?;
    let levels = finder.levels;
    // The names of outer tables are not metadata.
    let above = before.len().saturating_sub(levels.len());
    for line in before.iter().take(above).filter(|line| !line.is_empty()) {
        let (key, value) = line.split_once([':', ',', '\t']).unwrap_or(("", line));
        sink.metadata(key.trim(), value.trim());
    }
    let Some(table) = table else { return Ok(()) };
    let blank = table.names.iter().take_while(|name| name.is_empty()).count();
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
