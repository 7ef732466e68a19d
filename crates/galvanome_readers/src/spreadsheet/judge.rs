//! What each sheet is: by its name, and by whose text its rows are like.

use std::io;
use std::sync::Arc;

use super::lines::{Lines, Part};
use super::package::Book;
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::source::head_of;

/// Text of a sheet by which it is judged.
pub(super) const HEAD: usize = 1 << 13;
/// Rows above the first record in which names are looked for.
const ABOVE_MAX: usize = 40;

/// How the workbooks of a vendor are read.
pub(crate) struct Vendor {
    /// The texts that his tables of records are written like.
    pub(crate) texts: &'static [Format],
    /// What a sheet is for, by its name in small letters.
    pub(crate) purpose: fn(&str) -> Purpose,
    /// Whether two sheets, by their names, can be of one test.
    pub(crate) together: fn(&str, &str) -> bool,
    /// Whether a sheet of metadata has names in one row and values in the next, and not both side by side.
    pub(crate) named_columns: bool,
}

/// What a sheet is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Records, if it has their names.
    Records,
    /// A table beside the records, called so; by an empty name, as its sheet.
    Table(&'static str),
    /// What was tested and how.
    About,
}

/// What a sheet is for by how its name begins; records where no beginning fits.
pub(crate) fn by_beginning(sheet: &str, known: &[(&[&str], Purpose)]) -> Purpose {
    let of = known.iter().find(|(begins, _)| begins.iter().any(|begin| sheet.starts_with(begin)));
    of.map_or(Purpose::Records, |(_, purpose)| *purpose)
}

/// A sheet as it was judged.
pub(super) struct Judged {
    pub(super) sheet: usize,
    pub(super) name: String,
    pub(super) purpose: Purpose,
    /// The text that its records are written like.
    pub(super) format: Option<&'static Format>,
    /// The lines above its first record.
    pub(super) above: Vec<Vec<u8>>,
    /// The first line of its records.
    pub(super) first: Vec<u8>,
}

/// How sure it is that a workbook is of this vendor. A sheet with the names of his records is certain.
pub(crate) fn claims(files: &Files, vendor: &Vendor) -> Confidence {
    let Ok(Some(book)) = Book::open(files) else { return Confidence::No };
    let of_vendor = (0..book.sheets.len())
        .any(|sheet| judge(&book, sheet, vendor).is_ok_and(|judged| judged.format.is_some()));
    if of_vendor { Confidence::Certain } else { Confidence::No }
}

/// The beginning of a sheet's text, in whole lines.
pub(super) fn head(book: &Arc<Book>, sheet: usize) -> io::Result<Vec<u8>> {
    let lines = Lines::new(book, vec![Part { sheet, skip: 0 }]);
    let mut head = head_of(&lines, HEAD)?;
    let end = head.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
    head.truncate(end);
    Ok(head)
}

/// Whether a text is claimed.
pub(super) fn is_of(format: &Format, text: &[u8]) -> bool {
    let claims = (format.claims)(&Files::one("", text.to_vec()));
    claims >= Confidence::Likely || claims == Confidence::Fallback && format.id == "delimited"
}

/// Judges a sheet. Errors when the source cannot be read.
pub(super) fn judge(book: &Arc<Book>, sheet: usize, vendor: &Vendor) -> io::Result<Judged> {
    let name = book.sheets.get(sheet).map_or_else(String::new, |sheet| sheet.name.clone());
    let purpose = (vendor.purpose)(&name.to_lowercase());
    let mut judged =
        Judged { sheet, name, purpose, format: None, above: Vec::new(), first: Vec::new() };
    if purpose != Purpose::Records {
        return Ok(judged);
    }
    let head = head(book, sheet)?;
    judged.format = vendor.texts.iter().find(|format| is_of(format, &head));
    let lines: Vec<&[u8]> = head.split_inclusive(|&byte| byte == b'\n').collect();
    let mut above = 0;
    if let Some(format) = judged.format {
        // As many lines as it takes to recognise them: the last is that of the names, or else the first row.
        let mut seen = Vec::new();
        for line in lines.iter().take(ABOVE_MAX) {
            seen.extend_from_slice(line);
            if is_of(format, &seen) {
                above += usize::from(format.id != "delimited");
                break;
            }
            above += 1;
        }
    }
    judged.above = lines.iter().take(above).map(|line| line.to_vec()).collect();
    let first = lines.iter().skip(above).find(|line| !line.trim_ascii().is_empty());
    judged.first = first.map_or_else(Vec::new, |line| line.to_vec());
    Ok(judged)
}
