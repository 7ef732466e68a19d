//! Further tables of a file: statistics, events, impedance, and whatever else has rows.

use super::beside;
use super::catalog::{Catalog, EVENTS, RECORDS, STATISTICS, Table};
use super::columns::Rows;
use super::notes::note_rows;
use super::order::Ordered;
use super::pages::Pages;
use super::records::Joined;
use super::told;
use crate::failure::Failure;
use crate::limits::Limits;
use crate::sink::Sink;

/// What impedance is called in the file.
const IMPEDANCE: &str = "ACIM_Table";

/// Reads the statistics, which the software writes at the end of each cycle, with the records that they belong to.
/// Errors when the source cannot be read or the sink cannot keep rows.
pub(super) fn statistics(
    pages: &Pages<'_>,
    catalog: &Catalog,
    joined: &Joined,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), Failure> {
    let Some(definition) = catalog.get(STATISTICS) else { return Ok(()) };
    let mut ordered = Ordered::open(pages, definition, &mut |_| {})?;
    if ordered.survey.rows > 0 {
        let mut rows = Rows::of(STATISTICS, definition, limits, sink);
        let places = rows.add_joined(&joined.columns);
        rows.begin("statistics", limits, sink);
        while let Some((key, row)) = ordered.next()? {
            let Some(fields) = ordered.fields(&row) else { continue };
            rows.put(pages, &fields, limits)?;
            if let Some(record) = joined.of(key) {
                for (from, to) in &places {
                    rows.put_beside(*to, record.get(*from).copied().unwrap_or(f64::NAN));
                }
            }
            if !rows.flush(false, sink)? {
                break;
            }
        }
        rows.flush(true, sink)?;
    }
    note_rows(STATISTICS, definition, &ordered.survey, sink);
    Ok(())
}

/// Reads every table with rows that was not read otherwise. Errors when the source cannot be read or the sink cannot
/// keep rows.
pub(super) fn read(
    pages: &Pages<'_>,
    catalog: &Catalog,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), Failure> {
    let read: Vec<_> =
        [RECORDS, STATISTICS].into_iter().chain(told::tables()).chain(beside::tables()).collect();
    let is_read = |table: &Table| read.iter().any(|read| table.name.eq_ignore_ascii_case(read));
    for Table { name, definition } in catalog.tables.iter().filter(|table| !is_read(table)) {
        let mut ordered = Ordered::open(pages, definition, &mut |_| {})?;
        if ordered.survey.rows > 0 {
            let mut rows = Rows::of(name, definition, limits, sink);
            let called = match name.as_str() {
                EVENTS => "events",
                IMPEDANCE => "impedance",
                other => other,
            };
            rows.begin(called, limits, sink);
            while let Some((_, row)) = ordered.next()? {
                let Some(fields) = ordered.fields(&row) else { continue };
                rows.put(pages, &fields, limits)?;
                if !rows.flush(false, sink)? {
                    break;
                }
            }
            rows.flush(true, sink)?;
        }
        note_rows(name, definition, &ordered.survey, sink);
    }
    Ok(())
}
