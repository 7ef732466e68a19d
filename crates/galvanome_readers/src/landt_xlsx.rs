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

const VENDOR: Vendor = Vendor {
    texts: &[landt_csv::FORMAT],
    purpose: |sheet| {
        let begins = |begins: &[&str]| begins.iter().any(|begin| sheet.starts_with(begin));
        if begins(&["cycle", "循环"]) {
            Purpose::Table("cycles")
        } else if begins(&["step", "工步"]) {
            Purpose::Table("steps")
        } else if begins(&["test", "info", "log", "proc", "测试", "日志", "流程"]) {
            Purpose::About
        } else {
            Purpose::Records
        }
    },
    together: |_, _| true,
    named_columns: false,
};

fn claims(files: &Files) -> Confidence {
    spreadsheet::claims(files, &VENDOR)
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let book = spreadsheet::open(files)?;
    sink.instrument("Landt");
    spreadsheet::read(files, &book, &VENDOR, limits, sink).map(drop)
}
