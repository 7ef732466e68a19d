//! Signals of a file: what is kept of each, one of its spectra as a curve, and what many of them say together.

use std::io;

use galvanome_model::signal::{Position, Signal};

use super::facts::{AxisFacts, SignalFacts};
use super::read::Columns;
use super::thin::{Series, Thinner, View};

fn span_of(values: &[f64]) -> Option<[f64; 2]> {
    let there = || values.iter().copied().filter(|value| value.is_finite());
    let (low, high) =
        (there().fold(f64::INFINITY, f64::min), there().fold(f64::NEG_INFINITY, f64::max));
    (low <= high).then_some([low, high])
}

/// What is in a signal that is being kept; `place` and those of the axes are to follow.
pub(super) fn facts(signal: &Signal) -> SignalFacts {
    let axes = signal.axes.iter().map(|axis| AxisFacts {
        name: axis.name.clone(),
        unit: axis.unit.clone(),
        vendor_name: axis.vendor_name.clone(),
        len: axis.points.len() as u64,
        span: span_of(&axis.points),
        falls: axis.points.first() > axis.points.last(),
        place: 0,
    });
    let conditions = signal
        .conditions
        .iter()
        .map(|known| (known.kind.name.to_owned(), known.value, known.kind.unit.to_owned()));
    SignalFacts {
        name: signal.name.clone(),
        label: signal.label.clone(),
        unit: signal.unit.clone(),
        axes: axes.collect(),
        nulls: signal.values.iter().filter(|value| value.is_nan()).count() as u64,
        span: span_of(&signal.values),
        conditions: conditions.collect(),
        has_uncertainties: !signal.uncertainties.is_empty(),
        positions: signal.positions.len() as u64,
        place: 0,
    }
}

/// The signal of a number, from 0.
fn of(columns: &Columns, signal: usize) -> io::Result<&SignalFacts> {
    let found = columns.contents().signals.get(signal);
    found.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "there is no such signal"))
}

/// The points of an axis of a signal.
pub(super) fn points(columns: &Columns, axis: &AxisFacts) -> io::Result<Vec<f64>> {
    columns.kept_numbers(axis.place, axis.len)
}

/// The points of the axis along which each spectrum runs, and the values of some spectra.
fn spectra_from(
    columns: &Columns,
    facts: &SignalFacts,
    first: u64,
    count: u64,
) -> io::Result<Vec<f64>> {
    let len = facts.spectrum_len();
    columns.kept_numbers(facts.place + 8 * first * len, count * len)
}

/// What a spectrum of a signal is called: by its number from 1, or when it was taken.
fn name_of(facts: &SignalFacts, number: u64) -> String {
    if facts.spectra() < 2 { facts.title().to_owned() } else { format!("spectrum {}", number + 1) }
}

/// Some spectra of a signal, by their numbers from 0, as a view shows them; numbers that do not exist are left out.
pub(super) fn spectra(
    columns: &Columns,
    signal: usize,
    numbers: &[u64],
    view: View,
) -> io::Result<Vec<Series>> {
    let facts = of(columns, signal)?;
    let Some((axis, [low, high])) = facts.spectral_axis().and_then(|axis| Some((axis, axis.span?)))
    else {
        return Ok(Vec::new());
    };
    let across = points(columns, axis)?;
    let span = if low < high { (low, high) } else { (low - 0.5, high + 0.5) };
    let one = |number: &u64| {
        let values = spectra_from(columns, facts, *number, 1)?;
        let mut thinner = Thinner::new(view.on(span));
        let both = across.iter().zip(&values);
        if axis.falls {
            both.rev().for_each(|(x, y)| thinner.point(*x, *y));
        } else {
            both.for_each(|(x, y)| thinner.point(*x, *y));
        }
        Ok(thinner.finish(name_of(facts, *number)))
    };
    numbers.iter().filter(|number| **number < facts.spectra()).map(one).collect()
}

/// Values read at once.
const AT_ONCE: u64 = 1 << 20;

/// Hands on each spectrum of a signal with its number.
fn each(
    columns: &Columns,
    facts: &SignalFacts,
    mut take: impl FnMut(u64, &[f64]),
) -> io::Result<()> {
    let len = facts.spectrum_len().max(1);
    let batch = (AT_ONCE / len).max(1);
    let mut first = 0;
    while first < facts.spectra() {
        let count = batch.min(facts.spectra() - first);
        let values = spectra_from(columns, facts, first, count)?;
        for (number, spectrum) in (first..).zip(values.chunks_exact(len as usize)) {
            take(number, spectrum);
        }
        first += count;
    }
    Ok(())
}

/// Of each spectrum the mean of its values between two points of its axis; NaN where it has none there.
pub(super) fn band(
    columns: &Columns,
    signal: usize,
    (from, to): (f64, f64),
) -> io::Result<Vec<f64>> {
    let facts = of(columns, signal)?;
    let Some(axis) = facts.spectral_axis() else { return Ok(Vec::new()) };
    let within: Vec<bool> =
        points(columns, axis)?.iter().map(|point| *point >= from && *point <= to).collect();
    let mut means = Vec::new();
    each(columns, facts, |_, spectrum| {
        let there = || {
            let all = spectrum.iter().zip(&within);
            all.filter(|(value, within)| **within && !value.is_nan()).map(|(value, _)| *value)
        };
        means.push(there().sum::<f64>() / there().count() as f64);
    })?;
    Ok(means)
}

/// Where each spectrum of a signal was taken; empty when it is no map.
pub(super) fn positions(columns: &Columns, signal: usize) -> io::Result<Vec<Position>> {
    let facts = of(columns, signal)?;
    let parts = 1 + u64::from(facts.has_uncertainties);
    let place = facts.place + 8 * parts * facts.values();
    let numbers = columns.kept_numbers(place, 3 * facts.positions)?;
    let all = numbers.as_chunks::<3>().0.iter();
    Ok(all.map(|&[x_m, y_m, z_m]| Position { x_m, y_m, z_m }).collect())
}

/// Values on a grid of pixels, row by row from the top; NaN where there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct Raster {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// A value for each.
    pub values: Vec<f64>,
}

/// Spectra one below the other, the first on top, as a raster: each pixel is the mean of what lies in it.
pub(super) fn stack(
    columns: &Columns,
    signal: usize,
    view: View,
    rows: usize,
) -> io::Result<Raster> {
    let facts = of(columns, signal)?;
    let nothing = Raster { width: 0, height: 0, values: Vec::new() };
    let Some((axis, [low, high])) = facts.spectral_axis().and_then(|axis| Some((axis, axis.span?)))
    else {
        return Ok(nothing);
    };
    let (from, to, width) = view.on((low, high));
    let spectra = facts.spectra() as usize;
    let height = rows.clamp(1, spectra.max(1));
    let pixel = |point: &f64| {
        let share = (point - from) / (to - from);
        (0.0..=1.0).contains(&share).then(|| ((share * width as f64) as usize).min(width - 1))
    };
    let pixels: Vec<Option<usize>> = points(columns, axis)?.iter().map(pixel).collect();
    let mut sums = vec![(0.0, 0_u32); width * height];
    each(columns, facts, |number, spectrum| {
        let row = (number as usize * height / spectra.max(1)).min(height - 1);
        for (value, pixel) in spectrum.iter().zip(&pixels) {
            if let (Some(pixel), false) = (pixel, value.is_nan())
                && let Some(sum) = sums.get_mut(row * width + pixel)
            {
                sum.0 += value;
                sum.1 += 1;
            }
        }
    })?;
    let mut values: Vec<f64> =
        sums.into_iter().map(|(sum, count)| sum / f64::from(count)).collect();
    // Where points lie wider apart than pixels, a pixel without one shows the one before it.
    for row in values.chunks_exact_mut(width) {
        let mut before = f64::NAN;
        for value in row {
            if value.is_nan() {
                *value = before;
            }
            before = *value;
        }
    }
    Ok(Raster { width, height, values })
}
