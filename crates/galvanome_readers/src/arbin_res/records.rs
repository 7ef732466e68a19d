//! The records of tests, with what was measured beside them.

use std::io;

use galvanome_model::note::Note;

use super::beside::Beside;
use super::catalog::{Catalog, RECORDS, STATISTICS};
use super::columns::Rows;
use super::definition::Definition;
use super::notes::{note_order, note_rows};
use super::order::{Key, Ordered};
use super::pages::Pages;
use super::told::Told;
use crate::failure::Failure;
use crate::limits::Limits;
use crate::sink::{NewColumn, Sink};

/// Columns that hold nothing but zero where the schedule asks for no such measurement.
const MEASURED_ON_DEMAND: [&str; 4] =
    ["internal_resistance_ohm", "ac_internal_resistance_ohm", "AC_Impedance", "ACI_Phase_Angle"];

/// Rows of statistics that are joined with their records.
const MOST_JOINED: u64 = 1 << 20;

/// Records that another table names, with their values.
#[derive(Default)]
pub(super) struct Joined {
    /// The columns of the records.
    pub(super) columns: Vec<NewColumn>,
    /// Keys, rising, and the values of their records in the order of the columns (of text: NaN).
    pub(super) rows: Vec<(Key, Vec<f64>)>,
}

/// Reads the records into the table `records`. Gives those that the table of statistics names. Errors when the source
/// cannot be read or the sink cannot keep rows.
pub(super) fn read(
    pages: &Pages<'_>,
    catalog: &Catalog,
    definition: &Definition,
    told: &mut Told,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<Joined, Failure> {
    let wanted = wanted(pages, catalog, sink)?;
    let mut wanted = wanted.into_iter().peekable();
    if !definition.whole {
        let message = "the definition of the table is not all there: some columns have no name or are missing";
        sink.note(Note::new("truncated-file", message, format!("table {RECORDS}")));
    }
    let mut rows = Rows::of(RECORDS, definition, limits, sink);
    let own_columns = rows.heads().len();
    let mut beside = Beside::open(pages, catalog, limits, &mut rows, sink)?;
    let mut ordered = Ordered::open(pages, definition, &mut |_| {})?;
    note_order(&ordered.survey, sink);
    let place = |name: &str| rows.heads().iter().position(|column| column.head.name == name);
    let (time, clock) = (place("test_time_second"), place("unix_time_second"));
    if clock.is_some() {
        let message = "the file gives the local time of the computer that ran the test, without its zone; unix_time_second was counted as if that were UTC";
        sink.note(Note::new("clock-zone-unknown", message, "column unix_time_second"));
    }
    let mut demanded: Vec<_> =
        MEASURED_ON_DEMAND.iter().filter_map(|name| Some((place(name)?, true))).collect();
    rows.begin("records", limits, sink);
    let mut joined = Joined { columns: rows.heads()[..own_columns].to_vec(), rows: Vec::new() };
    while let Some((key, row)) = ordered.next()? {
        let Some(fields) = ordered.fields(&row) else { continue };
        rows.put(pages, &fields, limits)?;
        beside.fill(key, &mut rows)?;
        for (place, zero) in &mut demanded {
            *zero &= rows.last(*place) == 0.0 || rows.last(*place).is_nan();
        }
        if told.first.is_none() {
            let last = |place: Option<usize>| place.map_or(f64::NAN, |place| rows.last(place));
            told.first = Some((key.0, last(clock), last(time)));
        }
        while wanted.next_if(|wanted| *wanted < key).is_some() {}
        if wanted.next_if_eq(&key).is_some() {
            joined.rows.push((key, (0..own_columns).map(|place| rows.last(place)).collect()));
        }
        if !rows.flush(false, sink)? {
            break;
        }
    }
    rows.flush(true, sink)?;
    note_rows(RECORDS, definition, &ordered.survey, sink);
    for (name, definition, survey, unused) in beside.surveys() {
        note_rows(name, definition, survey, sink);
        if unused > 0 {
            let message =
                format!("{unused} rows of {name} belong to no record; they were left out");
            sink.note(Note::new("rows-left-out", message, format!("table {name}")));
        }
    }
    let named = |place: usize| joined.columns.get(place).map(|column| &column.head.vendor_name);
    let unmeasured: Vec<_> = demanded
        .iter()
        .filter(|(_, zero)| *zero && rows.gave() > 0)
        .filter_map(|(place, _)| named(*place).map(String::as_str))
        .collect();
    if !unmeasured.is_empty() {
        let message = format!(
            "{} hold nothing but zero: the schedule did not measure them. They were kept as they are",
            unmeasured.join(", ")
        );
        sink.note(Note::new("not-measured", message, format!("table {RECORDS}")));
    }
    Ok(joined)
}

/// The records that the table of statistics names, in order, each once.
fn wanted(pages: &Pages<'_>, catalog: &Catalog, sink: &mut dyn Sink) -> io::Result<Vec<Key>> {
    let mut wanted = Vec::new();
    let Some(definition) = catalog.get(STATISTICS) else { return Ok(wanted) };
    let mut ordered = Ordered::open(pages, definition, &mut |_| {})?;
    if ordered.survey.rows > MOST_JOINED {
        let message = "there are more rows of statistics than are joined with their records";
        sink.note(Note::new("limit-reached", message, format!("table {STATISTICS}")));
        return Ok(wanted);
    }
    while let Some((key, _)) = ordered.next()? {
        wanted.push(key);
    }
    wanted.dedup();
    Ok(wanted)
}

impl Joined {
    /// The values of the record of a key, if it was found.
    pub(super) fn of(&self, key: Key) -> Option<&[f64]> {
        let place = self.rows.binary_search_by_key(&key, |(key, _)| *key).ok()?;
        self.rows.get(place).map(|(_, values)| values.as_slice())
    }
}
