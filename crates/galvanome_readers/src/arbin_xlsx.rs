//! Workbooks that Arbin's software (MITS Pro, MITS 7 and 8) exports.
//!
//! A sheet about the test (`Info`, `Global_Info`), one or more sheets of records for each channel, which go on in further
//! sheets where a sheet has no more rows (`Channel_1-006`, `Channel_1-006_1`; `Channel_2_1`, `Channel_2_2`), and a sheet
//! with a row for each cycle (`Statistics_1-006`). The names of columns are those of Arbin's text. Each channel is a table
//! of its own; the first is the main one.

use galvanome_model::measurement::{StartTime, Zone};

use crate::arbin_csv;
use crate::error::ReadError;
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::spreadsheet::{self, Purpose, Vendor};
use crate::text::clock::{Civil, DateOrder};

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "arbin-xlsx", name: "Arbin workbook", endings: &["xlsx"], claims, read };

const VENDOR: Vendor = Vendor {
    texts: &[arbin_csv::FORMAT],
    purpose: |sheet| {
        if sheet.starts_with("statistic") {
            Purpose::Table("statistics")
        } else if sheet.contains("info") {
            Purpose::About
        } else {
            Purpose::Records
        }
    },
    together: |before, sheet| channel(before) == channel(sheet),
    named_columns: true,
};

/// The channel in the name of a sheet: `1-006` of `Channel_1-006_1`, `2` of `Channel_2_1` and of `Channel-2_1`.
fn channel(sheet: &str) -> Option<&str> {
    let lower = sheet.get(..7).is_some_and(|begin| begin.eq_ignore_ascii_case("channel"));
    let behind = sheet.get(7..).filter(|_| lower)?.trim_start_matches(['_', '-', ' ']);
    behind.split(['_', ' ']).next()
}

fn claims(files: &Files) -> Confidence {
    spreadsheet::claims(files, &VENDOR)
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let book = spreadsheet::open(files)?;
    let Some(told) = spreadsheet::read(files, &book, &VENDOR, limits, sink)? else { return Ok(()) };
    let entry = |names: [&str; 2]| {
        let mut about = told.about.iter();
        about.find(|(key, _)| names.contains(&key.as_str())).map(|(_, value)| value.as_str())
    };
    sink.instrument(&match entry(["Software Version", "Software_Version"]) {
        Some(version) => format!("Arbin {version}"),
        None => "Arbin".to_owned(),
    });
    // Records that begin later than the test do not tell its start.
    if !told.started
        && let Some(start) = entry(["Start_DateTime", "Start DateTime"])
        && let Some(start) = Civil::parse(start, DateOrder::MonthFirst)
    {
        sink.started_at(StartTime { iso: start.iso(), zone: Zone::Local });
    }
    Ok(())
}
