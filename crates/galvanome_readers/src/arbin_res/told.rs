//! What the file tells of the test: its tables of one row, the start, the instrument.

use std::collections::BTreeMap;
use std::io;

use galvanome_model::measurement::{StartTime, Zone};
use galvanome_model::note::Note;

use super::catalog::{AUXILIARY_NAMES, Catalog, GLOBAL};
use super::columns::unix_s;
use super::definition::{Column, Holds};
use super::long;
use super::notes::note_rows;
use super::order::Ordered;
use super::pages::Pages;
use super::rows::Fields;
use crate::limits::Limits;
use crate::neware::clock;
use crate::sink::Sink;

/// Tables that describe, and are no series of measurements. The first two name their columns as they are.
const DESCRIBING: [&str; 11] = [
    "Version_Table",
    GLOBAL,
    AUXILIARY_NAMES[0],
    AUXILIARY_NAMES[1],
    "Resume_Table",
    "Smart_Battery_Info_Table",
    "SMB_Config_Table",
    "Can_BMS_Info_Table",
    "BatchHistory_Table",
    "ACIMFile_Table",
    "HPT200_Auto_Calib_Info_Table",
];

/// Bytes of a long text that are kept.
const MOST_TEXT: usize = 1 << 16;

/// Names of tables that describe.
pub(super) fn tables() -> impl Iterator<Item = &'static str> {
    DESCRIBING.into_iter()
}

/// What is known of when tests began.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// When each test began, in days of OLE.
    starts: BTreeMap<i32, f64>,
    /// The first test with records, and its first clock in seconds since 1970 and test time.
    pub(super) first: Option<(i32, f64, f64)>,
}

impl Told {
    /// When the first test began, by the computer's clock.
    pub(super) fn start(&self) -> Option<StartTime> {
        let told = match self.first {
            Some((test, ..)) => self.starts.get(&test).copied(),
            None => self.starts.values().next().copied(),
        };
        let told = told.filter(|days| *days > 0.0).map(unix_s);
        let told = told.and_then(|unix_s| clock::start(unix_s, 0.0, Zone::Local));
        told.or_else(|| {
            let (_, clock_s, test_s) = self.first?;
            // The clock of records shows whole seconds.
            clock::start(clock_s, test_s.floor(), Zone::Local)
        })
    }
}

/// Tells the sink what tables describe. Errors when the source cannot be read.
pub(super) fn tell(
    pages: &Pages<'_>,
    catalog: &Catalog,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> io::Result<Told> {
    let mut told = Told::default();
    let mut serial = None;
    let mut left = limits.max_metadata;
    let mut cut = Vec::new();
    for name in DESCRIBING {
        let Some(definition) = catalog.get(name) else { continue };
        let mut ordered = Ordered::open(pages, definition, &mut |_| {})?;
        let several = ordered.survey.rows > 1;
        let mut row_number = 0;
        while let Some((key, row)) = ordered.next()? {
            let Some(fields) = ordered.fields(&row) else { continue };
            row_number += 1;
            if name == GLOBAL
                && let Some(start) = definition.column("Start_DateTime")
            {
                told.starts.entry(key.0).or_insert(fields.number(start));
            }
            for column in &definition.columns {
                let most = MOST_TEXT.min(limits.max_line_bytes);
                let Some(value) = value(pages, &fields, column, most, &mut cut)? else { continue };
                if name == GLOBAL && column.name == "Serial_Number" {
                    serial.get_or_insert_with(|| value.clone());
                }
                let Some(fewer) = left.checked_sub(1) else {
                    let message =
                        "there are more entries of metadata than may be; the rest were left out";
                    sink.note(Note::new("limit-reached", message, format!("table {name}")));
                    return Ok(told);
                };
                left = fewer;
                let of = match name {
                    GLOBAL if several => format!(" (Test_ID {})", key.0),
                    _ if several => format!(" (row {row_number})"),
                    _ => String::new(),
                };
                let entry = match name {
                    GLOBAL | "Version_Table" => format!("{}{of}", column.name),
                    _ => format!("{name}.{}{of}", column.name),
                };
                sink.metadata(&entry, &value);
            }
        }
        note_rows(name, definition, &ordered.survey, sink);
    }
    if !cut.is_empty() {
        let message =
            format!("long texts that were cut or are not all in the file: {}", cut.join(", "));
        sink.note(Note::new("text-cut", message, ""));
    }
    let serial = serial.filter(|serial| !serial.trim().is_empty());
    let instrument =
        serial.map_or_else(|| "Arbin".to_owned(), |serial| format!("Arbin (SN {})", serial.trim()));
    sink.instrument(&instrument);
    Ok(told)
}

/// A value as text; none where it is missing or empty.
fn value(
    pages: &Pages<'_>,
    fields: &Fields<'_>,
    column: &Column,
    most: usize,
    cut: &mut Vec<String>,
) -> io::Result<Option<String>> {
    Ok(match column.holds {
        Holds::Bool => Some((fields.number(column) != 0.0).to_string()),
        Holds::Float => {
            // The shortest digits that mean this number, as the software shows them.
            let number = fields.number(column);
            (!number.is_nan()).then(|| (number as f32).to_string())
        }
        holds if holds.is_number() => {
            let number = fields.number(column);
            (!number.is_nan()).then(|| number.to_string())
        }
        Holds::Other => fields.bytes(column).map(|_| "(binary)".to_owned()),
        _ => long::text(pages, fields, column, most)?.and_then(|(text, short)| {
            if short && cut.len() < 16 {
                cut.push(column.name.clone());
            }
            let text = text.trim_end_matches('\0');
            (!text.is_empty()).then(|| text.to_owned())
        }),
    })
}
