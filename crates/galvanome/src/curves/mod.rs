//! Curves of a dataset's file, alive at ten million rows: the file is read once into columns with their least and
//! greatest values at several scales, and any window of them is told in milliseconds. What is kept can be computed again.

mod charge;
mod contents;
mod cycles;
mod derive;
mod facts;
mod images;
mod map;
mod nodes;
mod read;
mod signals;
mod spectra;
mod thin;
mod write;

use std::io;
use std::path::Path;

use galvanome_readers::{Files, Limits};

use crate::Error;

pub use charge::Half;
pub use contents::{CHARGE, ColumnFacts, Contents, Cycle, TIME, TableFacts};
pub use facts::{AxisFacts, ImageFacts, SignalFacts};
pub use images::Slice;
pub use map::Grid;
pub use read::Columns;
pub use signals::Raster;
pub use spectra::{Impedance, Spectrum};
pub use thin::{Series, View, WIDTHS};

pub(crate) use contents::{KIND, KINDS};

/// Reads files into a columnar side file. Errors when nothing could be read or it cannot be written.
pub(crate) fn write(files: &Files, path: &Path) -> Result<(), Error> {
    let failed = |error: io::Error| Error::io(path, error);
    let mut writer = write::Writer::new(path).map_err(failed)?;
    galvanome_readers::read(files, &Limits::default(), &mut writer)?;
    writer.finish().map_err(failed)
}

/// Opens a columnar side file. None when it is not there, or not whole: then it is computed again.
pub(crate) fn open(path: &Path) -> Option<Columns> {
    Columns::open(path).ok()
}

/// A window of what was kept. Errors when it cannot be read.
fn told<T>(read: io::Result<T>) -> Result<T, Error> {
    read.map_err(|error| Error::io("the columns kept of the file", error))
}

/// The columns of a table that are drawn against time, in the order in which they are offered: voltage, current and the
/// integrated charge first. None when the table has no time.
pub fn drawable(columns: &Columns, table: usize) -> Vec<&ColumnFacts> {
    let Some(table) = columns.contents().tables.get(table) else { return Vec::new() };
    let first = ["voltage_volt", "current_ampere", CHARGE];
    let named = |name: &&str| table.column(name).map(|(_, facts)| facts);
    let rest = table.columns.iter().filter(|facts| {
        let name = facts.head.name.as_str();
        !first.contains(&name) && name != TIME && name != "test_time_second"
    });
    first
        .iter()
        .filter_map(named)
        .chain(rest)
        .filter(|facts| facts.span.is_some() && table.column(TIME).is_some())
        .collect()
}

/// What the time of the curves of a table spans, in seconds; none when nothing is drawn against time.
pub fn time_span(columns: &Columns, table: usize) -> Option<(f64, f64)> {
    let (_, facts) = columns.contents().tables.get(table)?.column(TIME)?;
    facts.span.map(|[_, _, least, greatest]| (least, greatest))
}

/// Columns of a table against time. Errors when one of them is none that is drawn.
pub fn against_time(
    columns: &Columns,
    table: usize,
    names: &[&str],
    view: View,
) -> Result<Vec<Series>, Error> {
    let offered = drawable(columns, table);
    let Some(facts) = columns.contents().tables.get(table) else { return Ok(Vec::new()) };
    let mut places = Vec::with_capacity(names.len());
    for name in names {
        let known = offered.iter().any(|facts| facts.head.name == *name);
        let Some((place, _)) = facts.column(name).filter(|_| known) else {
            let there_are = offered.iter().map(|facts| &facts.head.name);
            return Err(Error::not_found_among("curve", name, there_are));
        };
        places.push(place);
    }
    let (Some(span), Some((time, _))) = (time_span(columns, table), facts.column(TIME)) else {
        return Ok(Vec::new());
    };
    told(thin::window(columns, table, time, &places, view.on(span)))
}

/// The place of a table by its name. Errors when there is none of this name.
pub fn table_named(columns: &Columns, name: &str) -> Result<usize, Error> {
    let tables = &columns.contents().tables;
    let place = tables.iter().position(|table| table.name == name);
    place.ok_or_else(|| {
        Error::not_found_among("table", name, tables.iter().map(|table| &table.name))
    })
}

/// The spectra of impedance that the file holds, in its order; none when no table of it has frequency and impedance.
/// Errors when it cannot be read.
pub fn spectra(columns: &Columns) -> Result<Vec<Spectrum>, Error> {
    told(spectra::find(columns))
}

/// Columns of pixels of curves that are told as a table of numbers, which is not looked at on a screen.
pub const TABLE_WIDTH: usize = 8192;

/// Rows up to which such a table has every one.
pub const TABLE_ROWS: usize = thin::ROWS_PER_PIXEL as usize * TABLE_WIDTH;

/// Whether a table is the one with the spectra of impedance.
pub fn has_spectra(columns: &Columns, table: usize) -> bool {
    spectra::is_in(columns, table)
}

/// Spectra that are shown together, at most.
pub const MOST_SPECTRA: usize = 12;

/// The spectra of these numbers. Errors when there are too many, or one of them does not exist.
pub fn spectra_chosen(columns: &Columns, numbers: &[f64]) -> Result<Vec<Spectrum>, Error> {
    if numbers.len() > MOST_SPECTRA {
        return Err(Error::Wrong(format!(
            "{} spectra are asked for, and at most {MOST_SPECTRA} are shown together",
            numbers.len()
        )));
    }
    let all = spectra(columns)?;
    let find = |number: &f64| {
        let found = all.iter().find(|one| one.number as f64 == *number).copied();
        found.ok_or_else(|| Error::not_found("spectrum", number))
    };
    numbers.iter().map(find).collect()
}

/// A few of some, evenly from the first to the last.
pub fn spread<T: Copy>(all: &[T], most: usize) -> Vec<T> {
    let Some(last) = all.len().checked_sub(1) else { return Vec::new() };
    let steps = most.max(2) - 1;
    let mut places: Vec<usize> = (0..=steps).map(|step| last * step / steps).collect();
    places.dedup();
    places.into_iter().filter_map(|place| all.get(place).copied()).collect()
}

/// The points of some spectra. Errors when they cannot be read.
pub fn impedance(columns: &Columns, spectra: &[Spectrum]) -> Result<Vec<Impedance>, Error> {
    told(spectra.iter().map(|one| spectra::points(columns, one)).collect())
}

/// Spectra of a signal that are shown together, at most.
pub const MOST_TOGETHER: usize = 12;

/// The facts of a signal, by its number from 0. Errors when there is none.
pub fn signal(columns: &Columns, number: usize) -> Result<&SignalFacts, Error> {
    let found = columns.contents().signals.get(number);
    found.ok_or_else(|| Error::not_found("signal", number))
}

/// Some spectra of a signal, by their numbers from 0, against its last axis. Errors when there is no such signal.
pub fn spectra_of(
    columns: &Columns,
    number: usize,
    spectra: &[u64],
    view: View,
) -> Result<Vec<Series>, Error> {
    signal(columns, number)?;
    told(signals::spectra(columns, number, spectra, view))
}

/// The grid of a map, and of each of its spectra the mean between two points of its axis. None when the signal is no map.
/// Errors when there is no such signal.
pub fn map_of(
    columns: &Columns,
    number: usize,
    band: (f64, f64),
) -> Result<Option<(Grid, Raster)>, Error> {
    signal(columns, number)?;
    let Some(grid) = map::grid(&told(signals::positions(columns, number))?) else {
        return Ok(None);
    };
    let raster = grid.raster(&told(signals::band(columns, number, band))?);
    Ok(Some((grid, raster)))
}

/// The spectra of a signal one below the other, in at most so many rows. Errors when there is no such signal.
pub fn stack_of(
    columns: &Columns,
    number: usize,
    view: View,
    rows: usize,
) -> Result<Raster, Error> {
    signal(columns, number)?;
    told(signals::stack(columns, number, view, rows))
}

/// Whether a signal is a map: its spectra were taken at places that spread over both directions.
pub fn is_map(columns: &Columns, number: usize) -> Result<bool, Error> {
    let facts = signal(columns, number)?;
    Ok(facts.positions > 0 && map::grid(&told(signals::positions(columns, number))?).is_some())
}

/// The points of the first axis of a signal: times, heights or numbers of its spectra.
pub fn along(columns: &Columns, number: usize) -> Result<Vec<f64>, Error> {
    let facts = signal(columns, number)?;
    let Some(axis) = facts.axes.first() else { return Ok(Vec::new()) };
    told(signals::points(columns, axis))
}

/// What every slice of an image or volume holds, from the first to the last. Errors when there is no such image.
pub fn profile(columns: &Columns, number: usize) -> Result<Vec<Slice>, Error> {
    let found = columns.contents().images.get(number);
    let facts = found.ok_or_else(|| Error::not_found("image", number))?;
    told(images::profile(columns, facts))
}

/// The cycles of the main table, in order.
pub fn cycles(columns: &Columns) -> Result<&[Cycle], Error> {
    told(columns.cycles())
}

/// Charge and discharge capacity against the number of the cycle.
pub fn against_cycle(columns: &Columns, view: View) -> Result<Vec<Series>, Error> {
    let cycles = cycles(columns)?;
    let numbers = || cycles.iter().map(|cycle| cycle.number);
    let span =
        (numbers().fold(f64::INFINITY, f64::min), numbers().fold(f64::NEG_INFINITY, f64::max));
    let series = |half: Half| {
        let mut thinner = thin::Thinner::new(view.on((span.0 - 0.5, span.1 + 0.5)));
        for cycle in cycles {
            thinner.point(cycle.number, half.of(cycle));
        }
        thinner.finish(format!("{} capacity", half.word()))
    };
    Ok(Half::BOTH.map(series).into_iter().filter(|series| !series.x.is_empty()).collect())
}

/// Cycles that are shown together, at most.
pub const MOST_CYCLES: usize = 12;

/// The cycles of these numbers, the first of each number. Errors when there are too many, or one of them does not exist.
pub fn chosen(columns: &Columns, numbers: &[f64]) -> Result<Vec<Cycle>, Error> {
    if numbers.len() > MOST_CYCLES {
        return Err(Error::Wrong(format!(
            "{} cycles are asked for, and at most {MOST_CYCLES} are shown together",
            numbers.len()
        )));
    }
    let cycles = cycles(columns)?;
    let find = |number: &f64| {
        let found = cycles.iter().find(|cycle| cycle.number == *number).copied();
        found.ok_or_else(|| Error::not_found("cycle", number))
    };
    numbers.iter().map(find).collect()
}

/// A few cycles that tell how a cell changes: those with both halves, evenly from the first to the last.
pub fn telling(columns: &Columns, most: usize) -> Result<Vec<Cycle>, Error> {
    let all = cycles(columns)?;
    let largest = all.iter().map(|cycle| cycle.discharge_ah).fold(0.0, f64::max);
    let mut whole: Vec<Cycle> =
        all.iter().filter(|cycle| cycle.discharge_ah > 0.05 * largest).copied().collect();
    if whole.is_empty() {
        whole = all.to_vec();
    }
    Ok(spread(&whole, most))
}

/// Voltage against charge of the halves of some cycles.
pub fn against_charge(
    columns: &Columns,
    cycles: &[Cycle],
    view: View,
) -> Result<Vec<Series>, Error> {
    told(charge::voltage(columns, cycles, view))
}

/// dQ/dV against voltage of the halves of some cycles.
pub fn dqdv(columns: &Columns, cycles: &[Cycle], view: View) -> Result<Vec<Series>, Error> {
    told(charge::dqdv(columns, cycles, view))
}
