//! Arbin `.res`: the result file of MITS Pro, a database of Microsoft Access (Jet 3 or 4), read without Access.
//!
//! Pages of one size hold everything: the catalogue names the tables, each definition its columns and the map of its
//! pages, each page its rows. A test is in `Channel_Normal_Table`, a row for each data point; what was measured beside
//! it (`Auxiliary_Table` and its like) is joined by test and data point. Rows come in the order of test and data
//! point, wherever they lie. Positive current charges, as in the file. Charge and energy begin anew where the
//! operator's schedule says so. Clocks show the local time of the instrument's computer.

mod beside;
mod catalog;
mod columns;
mod definition;
mod long;
mod notes;
mod order;
mod others;
mod pages;
mod rc4;
mod records;
mod rows;
mod slots;
mod text;
mod told;
mod usage;
mod write;

use galvanome_model::note::Note;

use self::catalog::{Catalog, GLOBAL, RECORDS};
pub use self::pages::Jet;
use self::pages::Pages;
pub use self::write::{Quirk, ResFile, ResTest, write_res};
use crate::error::{ReadError, Trouble};
use crate::failure::Failure;
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::le;
use crate::limits::Limits;
use crate::sink::Sink;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "arbin-res", name: "Arbin res", endings: &["res"], claims, read };

fn claims(files: &Files) -> Confidence {
    let is_arbin = || {
        let pages = Pages::open(files.only()?.source.as_ref()).ok()??;
        Some(Catalog::read(&pages).ok()?.is_arbin())
    };
    if is_arbin() == Some(true) { Confidence::Certain } else { Confidence::No }
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let damaged = |what: &str| {
        ReadError::new(Trouble::Damaged, what, "copy the file from the instrument's computer again")
            .in_file(files.name())
    };
    let Some(member) = files.only() else { return Err(damaged("an Arbin res is one file")) };
    let opened = Pages::open(member.source.as_ref());
    let pages = opened.map_err(|error| ReadError::source(&member.name, &error))?;
    let Some(pages) = pages else {
        return Err(damaged("the file does not begin as a database of Access does"));
    };
    let catalog = Catalog::read(&pages).map_err(|error| ReadError::source(&member.name, &error))?;
    if catalog.get(RECORDS).or_else(|| catalog.get(GLOBAL)).is_none() {
        return Err(damaged(&format!(
            "the database has neither of the tables {RECORDS} and {GLOBAL}, or is cut off before them ({} pages are there)",
            pages.count
        )));
    }
    read_tables(&pages, &catalog, limits, sink).map_err(|failure| failure.in_file(&member.name))
}

fn read_tables(
    pages: &Pages<'_>,
    catalog: &Catalog,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), Failure> {
    if pages.rest > 0 {
        let byte = u64::from(pages.count) * pages.jet.page_len() as u64;
        let message = format!(
            "the file is cut off within page {}; what the whole pages before it hold was read",
            pages.count
        );
        sink.note(Note::new("truncated-file", message, format!("byte {byte}")));
    }
    if !catalog.named {
        let message = "the catalogue of the database is damaged or cut off; tables were found by their columns";
        sink.note(Note::new("catalogue-lost", message, "page 2"));
    } else if !catalog.whole {
        let message = "the catalogue of the database is damaged or cut off; tables that it named in what is lost were not read";
        sink.note(Note::new("truncated-file", message, "page 2"));
    }
    if !catalog.lost.is_empty() {
        let names = catalog.lost.join(", ");
        let message = format!(
            "the file is cut off or damaged: the definitions of these tables are not in it: {names}"
        );
        sink.note(Note::new("truncated-file", message, ""));
    }
    let mut told = told::tell(pages, catalog, limits, sink)?;
    if let Some(definition) = catalog.get(RECORDS) {
        let joined = records::read(pages, catalog, definition, &mut told, limits, sink)?;
        others::statistics(pages, catalog, &joined, limits, sink)?;
    } else {
        let message = format!("the file has no table {RECORDS}: there are no rows");
        sink.note(Note::new("no-data", message, ""));
    }
    if let Some(start) = told.start() {
        sink.started_at(start);
    }
    others::read(pages, catalog, limits, sink)?;
    Ok(())
}
