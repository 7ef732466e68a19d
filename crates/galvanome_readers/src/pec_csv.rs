//! Delimited text that the software of PEC's testers exports.
//!
//! Lines of `Key:,value`, perhaps results between marks of `#`, then a line of column names that begins with `Test`
//! and `Cell`, then rows. Older versions have times in seconds, millivolts and milliamperes, newer ones `hh:mm:ss.xxx`,
//! volts and amperes; the names say which. Positive current charges. Charge and energy begin anew with each cycle.

use crate::error::ReadError;
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::text::cells::decode;
use crate::text::clock::{Civil, DateOrder};
use crate::text::names::{Heads, names_in};
use crate::text::records::Records;
use crate::text::table::Table;
use crate::text::wall::Wall;
use crate::vocabulary::Vocabulary;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "pec-csv", name: "PEC text", endings: &["csv"], claims, read };

/// What the software calls its columns.
pub(crate) const VOCABULARY: Vocabulary = Vocabulary {
    names: &[
        ("total time", "test_time_second", ""),
        ("step time", "step_time_second", ""),
        ("voltage", "voltage_volt", ""),
        ("current", "current_ampere", ""),
        ("cycle", "cycle_count", "1"),
        ("step", "step_id", "1"),
        ("instruction name", "step_type", ""),
        ("charge capacity", "cycle_charging_capacity_ah", ""),
        // Older versions write energy below a name of charge.
        ("charge capacity", "cycle_charging_energy_wh", ""),
        ("discharge capacity", "cycle_discharging_capacity_ah", ""),
        ("discharge capacity", "cycle_discharging_energy_wh", ""),
        ("charge energy", "cycle_charging_energy_wh", ""),
        ("discharge energy", "cycle_discharging_energy_wh", ""),
        ("internal resistance 1", "internal_resistance_ohm", ""),
        ("internal resistance", "internal_resistance_ohm", ""),
        ("dc internal resistance", "dc_internal_resistance_ohm", ""),
        ("ac internal resistance", "ac_internal_resistance_ohm", ""),
        ("ambient temperature", "ambient_temperature_celsius", ""),
        ("cell surface temperature", "surface_temperature_celsius", ""),
        ("temp", "temperature_t1_celsius", ""),
    ],
    others: &[
        "test",
        "cell",
        "rack",
        "shelf",
        "position",
        "cell id",
        "load on time",
        "cycle charge time",
        "cycle discharge time",
        "real time",
        "position start time",
        "reasoncode",
        "charge energy density",
        "discharge energy density",
        "50% dod",
        "50% dod vs crate",
        "peakpower",
        "open circuit voltage",
        "coulombic efficiency",
        "internal resistance",
        "station temperature",
    ],
};

fn claims(files: &Files) -> Confidence {
    let Some(opening) = files.opening() else { return Confidence::No };
    let marked = opening.lines().take(12).any(|line| line.starts_with(b"TestRegime Name:"));
    Confidence::certain_if(marked || opening.names(usize::MAX, are_names))
}

/// Whether names are those of a PEC table.
fn are_names(heads: &Heads) -> bool {
    heads.has(&["total time"])
        && heads.has(&["voltage"])
        && heads.has(&["current"])
        && heads.has(&["reasoncode", "position start time", "load on time"])
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let names_of = |line: &[u8]| names_in(line, are_names);
    let table = Table::below(files, limits, sink, names_of, |line, sink| {
        let text = decode(line.bytes);
        let text = text.trim();
        let (key, value) = match text.split_once(":,").or_else(|| text.split_once(":;")) {
            Some(entry) => entry,
            None => text.split_once(':').unwrap_or(("", text)),
        };
        let value = value.trim().trim_end_matches([',', ';']);
        if !key.is_empty() || !value.is_empty() {
            sink.metadata(key.trim(), value);
        }
    })?;
    let Some(table) = table else { return Ok(()) };
    let wall = Wall::find(&table, &["real time"], DateOrder::MonthFirst, None, sink);
    let records = Records::of(table, 0, &VOCABULARY, wall, None, sink);
    let Records { table, wall, .. } = &records;
    let order = wall.as_ref().map_or(DateOrder::MonthFirst, |wall| wall.order);
    // Every row says when its test began at this place.
    let stated = table.place(&["position start time"]).and_then(|cell| {
        let [start, _] = table.cells([cell, cell]).next()?;
        Some(Civil::parse(&decode(start), order)?.start())
    });
    if let Some(start) = stated.or_else(|| records.start()) {
        sink.started_at(start);
    }
    records.read(sink, limits)
}
