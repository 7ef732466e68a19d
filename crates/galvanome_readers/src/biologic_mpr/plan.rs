//! Which columns a table has, and how their values come about.

use galvanome_model::measurement::{ColumnHead, Origin};
use galvanome_model::note::Note;

use super::columns::{Meaning, Stored};
use super::layout::{Layout, Place};
use crate::columns::{by_name, unique};
use crate::eclab_text::names::{base_and_unit, chosen, electrodes};
use crate::sink::{Kind, NewColumn, Sink};
use crate::units::Convert;

/// What is known of the file beside the data module.
#[derive(Debug, Default)]
pub(super) struct Beside {
    /// The first row of each loop.
    pub(super) loops: Vec<u64>,
    /// What is connected to the analogue inputs, with units: `Force/N`.
    pub(super) analog: Vec<String>,
    /// Whether the potential is that of the cell, which EC-Lab does not say and BT-Lab means.
    pub(super) cell: bool,
}

/// How the values of a column come about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Rule {
    /// They are stored.
    Field { at: usize, stored: Stored, convert: Convert },
    /// They are bits of the byte of flags.
    Bits { at: usize, mask: u8 },
    /// The charge since the row before over the time since then.
    Current { charge: usize, time: usize },
    /// Half cycles, two by two.
    Cycle { half: usize },
    /// One column less another.
    Difference { of: usize, less: usize },
    /// The loop that the row lies in.
    Loop,
}

/// EC-Lab's name of a column.
fn vendor_name(place: &Place, beside: &Beside) -> Option<String> {
    match &place.meaning {
        Meaning::Flag { name, .. } => Some((*name).to_owned()),
        Meaning::Value { name: Some(name), .. } if beside.cell => {
            Some(name.replace("Ewe/V", "Ecell/V"))
        }
        Meaning::Value { name, .. } => name.clone(),
    }
}

/// What is connected to the analogue input that a column is from.
fn connected<'a>(vendor: &str, beside: &'a Beside) -> Option<&'a str> {
    let number = vendor.strip_prefix("Analog IN ")?.strip_suffix("/V")?;
    let input = number.parse::<usize>().ok()?.checked_sub(1)?;
    beside.analog.get(input).map(String::as_str).filter(|label| label.contains('/'))
}

/// The columns of the table, stored and rebuilt, and how their values come about. What is to be known of them
/// becomes notes.
pub(super) fn columns(
    layout: &Layout,
    beside: &Beside,
    place: &str,
    sink: &mut dyn Sink,
) -> (Vec<NewColumn>, Vec<Rule>) {
    let read: Vec<&Place> = layout.places.iter().filter(|place| place.at.is_some()).collect();
    let names: Vec<String> = read
        .iter()
        .map(|place| match vendor_name(place, beside) {
            // A thermocouple is a temperature, whatever its label says before the unit.
            Some(vendor) => match connected(&vendor, beside) {
                Some(label) if label.ends_with("/°C") => "Temperature/°C".to_owned(),
                Some(label) => label.to_owned(),
                None => vendor,
            },
            None => format!("unknown_{}", place.id),
        })
        .collect();
    let mut columns = Vec::new();
    let mut rules = Vec::new();
    for ((place, name), chosen) in read.iter().zip(&names).zip(chosen(&names)) {
        let vendor = vendor_name(place, beside).unwrap_or_default();
        let (column, convert) = if let Some((known, convert)) = chosen {
            (known.column(&vendor, Origin::Stored), convert)
        } else {
            let unit = if vendor.is_empty() { "" } else { base_and_unit(name).1 };
            let head = ColumnHead {
                name: name.clone(),
                unit: unit.to_owned(),
                vendor_name: vendor,
                origin: Origin::Stored,
            };
            (NewColumn { head, kind: Kind::Number }, Convert::Same)
        };
        let Some((at, stored)) = place.at else { continue };
        rules.push(match place.meaning {
            Meaning::Flag { mask, .. } => Rule::Bits { at, mask },
            Meaning::Value { .. } => Rule::Field { at, stored, convert },
        });
        columns.push(column);
    }
    unique(columns.iter_mut().enumerate().map(|(place, column)| (&mut column.head.name, place)));
    unknown_note(layout, place, sink);
    external_note(&names, &read, beside, sink);
    rebuild(&mut columns, &mut rules, beside, sink);
    let has = |name: &str| columns.iter().any(|column| column.head.name == name);
    if let Some(note) = electrodes(has).filter(|_| !beside.cell) {
        sink.note(note);
    }
    (columns, rules)
}

/// Adds the columns that EC-Lab shows and does not store, by its own rules.
fn rebuild(
    columns: &mut Vec<NewColumn>,
    rules: &mut Vec<Rule>,
    beside: &Beside,
    sink: &mut dyn Sink,
) {
    let find = |columns: &[NewColumn], name: &str| {
        columns.iter().position(|column| column.head.name == name)
    };
    let mut add = |columns: &mut Vec<NewColumn>, name: &str, vendor: &str, how: Rule| {
        let Some(known) = by_name(name) else { return };
        columns.push(known.column(vendor, Origin::Reconstructed));
        rules.push(how);
    };
    let time = find(columns, "test_time_second");
    if find(columns, "current_ampere").is_none()
        && let (Some(charge), Some(time)) = (find(columns, "dq/mA.h"), time)
    {
        add(columns, "current_ampere", "<I>/mA", Rule::Current { charge, time });
        let message = "the file stores charge and no current; current_ampere is what EC-Lab shows as <I>, the charge since the row before over the time since then";
        sink.note(Note::new("current-rebuilt", message, "column current_ampere"));
    }
    if find(columns, "cycle_count").is_none() {
        if let Some(half) = find(columns, "half cycle") {
            add(columns, "cycle_count", "cycle number", Rule::Cycle { half });
            let message = "the file counts half cycles; cycle_count is what EC-Lab shows as cycle number, two half cycles each, from 0";
            sink.note(Note::new("cycle-rebuilt", message, "column cycle_count"));
        } else if beside.loops.len() > 1 {
            add(columns, "cycle_count", "VMP loop", Rule::Loop);
            let message = "the file counts loops and no cycles; cycle_count is the loop, from 0";
            sink.note(Note::new("cycle-rebuilt", message, "column cycle_count"));
        }
    }
    if find(columns, "ewe_ece_volt").is_none()
        && let (Some(of), Some(less)) = (find(columns, "voltage_volt"), find(columns, "ece_volt"))
        && !beside.cell
    {
        add(columns, "ewe_ece_volt", "Ewe-Ece/V", Rule::Difference { of, less });
    }
    if beside.loops.len() > 1 {
        let head = ColumnHead {
            name: "loop".to_owned(),
            unit: "1".to_owned(),
            vendor_name: "VMP loop".to_owned(),
            origin: Origin::Stored,
        };
        if find(columns, "loop").is_none() {
            columns.push(NewColumn { head, kind: Kind::Number });
            rules.push(Rule::Loop);
        }
    }
}

fn unknown_note(layout: &Layout, place: &str, sink: &mut dyn Sink) {
    let ids = |keep: &dyn Fn(&Place) -> bool| {
        let ids = layout.places.iter().filter(|place| keep(place)).map(|p| p.id.to_string());
        ids.collect::<Vec<_>>().join(", ")
    };
    let nameless = |place: &Place| matches!(&place.meaning, Meaning::Value { name: None, .. });
    let read = ids(&|place| nameless(place) && place.at.is_some());
    if !read.is_empty() {
        let message = format!(
            "the meaning of these columns is not known; how they are stored was concluded from the width of a row, and they are kept as unknown_<number>: {read}"
        );
        sink.note(Note::new("unknown-column", message, place));
    }
    let concluded = ids(&|place| !nameless(place) && place.concluded && place.at.is_some());
    if !concluded.is_empty() {
        let message = format!(
            "how these columns are stored was concluded from the width of a row: {concluded}"
        );
        sink.note(Note::new("unproven-column", message, place));
    }
    let lost = ids(&|place| place.at.is_none());
    if !lost.is_empty() && layout.width.is_some() {
        let message = format!(
            "where the values of these columns stand in a row cannot be told, because several columns are unknown; they were left out: {lost}"
        );
        sink.note(Note::new("unknown-column", message, place));
    }
}

fn external_note(names: &[String], read: &[&Place], beside: &Beside, sink: &mut dyn Sink) {
    for (place, name) in read.iter().zip(names) {
        let vendor = vendor_name(place, beside).unwrap_or_default();
        if let Some(label) = connected(&vendor, beside) {
            let message = format!(
                "{vendor} holds what the external device was set up for: {label}, not volts"
            );
            sink.note(Note::new("external-device", message, format!("column {name}")));
        }
    }
}
