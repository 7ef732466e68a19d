//! Workbooks that Landt's (LANHE's) software exports.
//!
//! A sheet about the test, and sheets for cycles, steps and records (`Cycle`, `Step`, `Record`, or the same with `-Tab`
//! behind), in English or Chinese. The names of records are those of Landt's text.

use crate::error::ReadError;
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::landt_csv;
use crate::limits::Limits;
use crate::sink::Sink;
use crate::spreadsheet::{self, Purpose, Vendor};

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "landt-xlsx", name: "Landt workbook", endings: &["xlsx"], claims, read };

/// What sheets are for, by how their names begin.
const SHEETS: &[(&[&str], Purpose)] = &[
    (&["cycle", "循环"], Purpose::Table("cycles")),
    (&["step", "工步"], Purpose::Table("steps")),
    (&["test", "info", "log", "proc", "测试", "日志", "流程"], Purpose::About),
];

const VENDOR: Vendor = Vendor {
    texts: &[landt_csv::FORMAT],
    purpose: |sheet| spreadsheet::by_beginning(sheet, SHEETS),
    together: |_, _| true,
    named_columns: false,
};

fn claims(files: &Files) -> Confidence {
    spreadsheet::claims(files, &VENDOR)
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    spreadsheet::read_as(files, "Landt", &VENDOR, limits, sink)
}
