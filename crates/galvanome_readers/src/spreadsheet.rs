//! Workbooks (`.xlsx`): rows out of their sheets, and the tables of nobody in particular.
//!
//! A sheet is another source of text: its rows become lines of cells between tabs, made while they are asked for, and
//! whatever reads a vendor's text reads his workbooks too ([`read::read`]). So the same names give the same columns.
//! Numbers stay as they are written, dates and times become texts by the format of their cells. The sheet is read by our
//! own stream of tags and not by a library of workbooks: those need the directory at the end of the zip and the whole
//! sheet in memory, and give nothing of a file that was cut off.
//!
//! What no vendor claims is read here: first as texts of the Battery Data Format and of those who write no workbooks of
//! their own, else by names with plain units.

mod about;
mod cell;
mod dates;
mod found;
mod group;
mod judge;
mod lines;
mod package;
mod read;
mod sheet;
mod strings;
mod styles;
mod tell;

use std::sync::PoisonError;

pub(crate) use self::judge::{Purpose, Vendor, by_beginning, claims};
pub(crate) use self::package::Book;
pub(crate) use self::read::read;
use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::{bdf_csv, delimited, digatron_csv, maccor_text, novonix_csv, pec_csv};

/// The entry of the list of formats.
pub(crate) const FORMAT: Format = Format {
    id: "spreadsheet",
    name: "spreadsheet with units in the header",
    endings: &["xlsx", "xlsm"],
    claims: claims_any,
    read: read_any,
};

const VENDOR: Vendor = Vendor {
    texts: &[
        bdf_csv::FORMAT,
        digatron_csv::FORMAT,
        maccor_text::FORMAT,
        novonix_csv::FORMAT,
        pec_csv::FORMAT,
        delimited::FORMAT,
    ],
    purpose: |_| Purpose::Records,
    together: |_, _| true,
    named_columns: false,
};

impl Book {
    /// Whether the shared texts are not what the zip says that it holds; no more of them can be read afterwards. Errors
    /// when the source cannot be read.
    fn texts_differ(&self) -> std::io::Result<bool> {
        self.strings.lock().unwrap_or_else(PoisonError::into_inner).differs()
    }

    /// Whether shared texts were lost with the end of their part, and whether there were too many.
    fn lost_texts(&self) -> (bool, bool) {
        let strings = self.strings.lock().unwrap_or_else(PoisonError::into_inner);
        (strings.is_cut() || !self.archive.whole, strings.is_full())
    }
}

fn claims_any(files: &Files) -> Confidence {
    match Book::open(files) {
        Ok(Some(_)) => Confidence::Fallback,
        _ => Confidence::No,
    }
}

/// The workbook that a file is. Errors when the source cannot be read or the file is none.
pub(crate) fn open(files: &Files) -> Result<std::sync::Arc<Book>, ReadError> {
    let book = Book::open(files).map_err(|error| ReadError::source(files.name(), &error))?;
    book.ok_or_else(|| {
        ReadError::new(
            Trouble::Damaged,
            "the file is not a workbook of Excel's kind (.xlsx)",
            "save it as .xlsx, or export it as text",
        )
    })
}

/// Reads a workbook of a vendor whose sheets say nothing that only he knows of. Errors when the source cannot be read
/// or the sink cannot keep the rows.
pub(crate) fn read_as(
    files: &Files,
    instrument: &str,
    vendor: &Vendor,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), ReadError> {
    let book = open(files)?;
    sink.instrument(instrument);
    read(files, &book, vendor, limits, sink).map(drop)
}

fn read_any(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let book = open(files)?;
    let told = read(files, &book, &VENDOR, limits, sink)?;
    if told.is_none() && book.archive.whole {
        return Err(ReadError::new(
            Trouble::Damaged,
            "no sheet holds a table of numbers under a row of column names",
            "put one row of column names with units above the numbers",
        ));
    }
    Ok(())
}
