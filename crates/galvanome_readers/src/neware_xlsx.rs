//! Workbooks that Neware's software exports.
//!
//! BTSDA 8 writes the sheets `unit`, `test`, `cycle`, `step`, `record` and others, BTS 7 sheets called `Info_…`, `Cycle_…`,
//! `Statis_…`, `Detail_…` or `Record_…` with the number of the channel behind, in English or Chinese. The names of records
//! are those of Neware's text. Cycles and steps are tables of their own.

use crate::error::ReadError;
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::neware_csv;
use crate::sink::Sink;
use crate::spreadsheet::{self, Purpose, Vendor};

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "neware-xlsx", name: "Neware workbook", endings: &["xlsx"], claims, read };

/// What sheets are for, by how their names begin.
const SHEETS: &[(&[&str], Purpose)] = &[
    (&["cycle", "循环"], Purpose::Table("cycles")),
    (&["step", "statis", "工步"], Purpose::Table("steps")),
    (&["info", "test", "unit", "log", "信息", "测试", "单位", "日志"], Purpose::About),
];

const VENDOR: Vendor = Vendor {
    texts: &[neware_csv::FORMAT],
    purpose: |sheet| spreadsheet::by_beginning(sheet, SHEETS),
    together: |_, _| true,
    named_columns: false,
};

fn claims(files: &Files) -> Confidence {
    spreadsheet::claims(files, &VENDOR)
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    spreadsheet::read_as(files, "Neware", &VENDOR, limits, sink)
}
