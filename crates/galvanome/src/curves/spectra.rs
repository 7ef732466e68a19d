//! Spectra of impedance: stretches of a table over which the frequency goes one way, and their points.

use std::io;

use super::contents::{TIME, TableFacts};
use super::read::Columns;

/// Rows of a table that are looked through for spectra, at most: readers gather no more of them.
const MOST_ROWS: u64 = 1 << 20;

/// Points of a spectrum that are told, at most; of more every n-th is.
const MOST_POINTS: u64 = 8192;

/// Part of itself by which a frequency must go back for another spectrum to begin: less is the instrument's rounding.
const BACK: f64 = 1e-3;

/// One spectrum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spectrum {
    /// Its number in the file, from 1.
    pub number: u64,
    /// Its first row in its table.
    pub first_row: u64,
    /// How many rows it has.
    pub rows: u64,
    /// When it begins, in seconds of the test; none when the table has no time.
    pub begins_s: Option<f64>,
    /// The cycle that it belongs to; none when the table does not say.
    pub cycle: Option<f64>,
}

/// The points of a spectrum, as many of each.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Impedance {
    /// The spectrum's number.
    pub number: u64,
    /// Frequencies, in hertz, all positive.
    pub frequency_hz: Vec<f64>,
    /// Real parts, in ohm.
    pub real_ohm: Vec<f64>,
    /// Imaginary parts, in ohm: negative for a capacitor.
    pub imaginary_ohm: Vec<f64>,
    /// How many rows it stands for.
    pub rows: u64,
}

impl Impedance {
    /// The points between two frequencies in hertz, both of them among these; all when none is given.
    #[must_use]
    pub fn within(&self, from_hz: Option<f64>, to_hz: Option<f64>) -> Self {
        // A little beyond, so that a bound that was worked out from a logarithm leaves its own point in.
        let (from, to) =
            (from_hz.map(|from| from * (1.0 - 1e-9)), to_hz.map(|to| to * (1.0 + 1e-9)));
        let is_in =
            |hertz: f64| from.is_none_or(|from| hertz >= from) && to.is_none_or(|to| hertz <= to);
        let kept = |values: &[f64]| -> Vec<f64> {
            let all = values.iter().zip(&self.frequency_hz);
            all.filter(|(_, hertz)| is_in(**hertz)).map(|(value, _)| *value).collect()
        };
        Self {
            number: self.number,
            frequency_hz: kept(&self.frequency_hz),
            real_ohm: kept(&self.real_ohm),
            imaginary_ohm: kept(&self.imaginary_ohm),
            rows: self.rows,
        }
    }

    /// The absolute value of each point, in ohm.
    pub fn modulus_ohm(&self) -> Vec<f64> {
        self.real_ohm.iter().zip(&self.imaginary_ohm).map(|(re, im)| re.hypot(*im)).collect()
    }

    /// The phase of each point, in degrees: negative for a capacitor.
    pub fn phase_degree(&self) -> Vec<f64> {
        let both = self.real_ohm.iter().zip(&self.imaginary_ohm);
        both.map(|(re, im)| im.atan2(*re).to_degrees()).collect()
    }
}

/// How a table writes impedance down: real and imaginary part, or absolute value and phase.
#[derive(Clone, Copy)]
enum Form {
    Cartesian(usize, usize),
    Polar(usize, usize),
}

/// The table with impedance, its column of frequencies, and how it writes impedance down: a table of its own before the
/// main one.
fn table(columns: &Columns) -> Option<(usize, usize, Form)> {
    let tables = &columns.contents().tables;
    let of = |place: usize| {
        let facts: &TableFacts = tables.get(place)?;
        let number = |name: &str| Some(facts.column(name).filter(|(_, one)| !one.is_text)?.0);
        let pair = |a, b| Some((number(a)?, number(b)?));
        let form = pair("real_impedance_ohm", "imaginary_impedance_ohm")
            .map(|(re, im)| Form::Cartesian(re, im))
            .or_else(|| {
                let (modulus, phase) = pair("absolute_impedance_ohm", "phase_degree")?;
                Some(Form::Polar(modulus, phase))
            })?;
        Some((place, number("frequency_hertz")?, form))
    };
    (1..tables.len()).chain([0]).find_map(of)
}

/// Whether the frequency has turned: it goes against the way it went.
fn turned(way: f64, before: f64, now: f64) -> bool {
    way * (now - before) < -BACK * before
}

/// Finds the spectra; none when there is no impedance.
pub(super) fn find(columns: &Columns) -> io::Result<Vec<Spectrum>> {
    let Some((table, frequency, _)) = table(columns) else { return Ok(Vec::new()) };
    let frequencies = columns.numbers(table, frequency, 0..MOST_ROWS)?;
    let mut starts: Vec<(u64, u64)> = Vec::new();
    let (mut before, mut way) = (f64::NAN, 0.0);
    for (row, now) in (0_u64..).zip(frequencies) {
        // Rows without a frequency lie between spectra.
        if now.is_nan() || now <= 0.0 {
            (before, way) = (f64::NAN, 0.0);
            continue;
        }
        let begins = before.is_nan() || (way != 0.0 && turned(way, before, now));
        if begins {
            starts.push((row, row));
            way = 0.0;
        } else if way == 0.0 && (now - before).abs() > BACK * before {
            way = (now - before).signum();
        }
        if let Some((_, last)) = starts.last_mut() {
            *last = row;
        }
        before = now;
    }
    let facts = columns.contents().tables.get(table);
    let one = |name: &str, row: u64| -> io::Result<Option<f64>> {
        let column = facts.and_then(|facts| facts.column(name)).filter(|(_, one)| !one.is_text);
        let Some((column, _)) = column else { return Ok(None) };
        let value = columns.numbers(table, column, row..row + 1)?;
        Ok(value.first().copied().filter(|value| value.is_finite()))
    };
    // Only a table that is drawn against time has one, and its cycles are asked for as they are shown.
    let few = starts.len() <= 4096;
    (1_u64..)
        .zip(starts)
        .map(|(number, (first, last))| {
            let begins_s = if few { one(TIME, first)? } else { None };
            let cycle = if few { one("cycle_count", first)? } else { None };
            Ok(Spectrum { number, first_row: first, rows: last - first + 1, begins_s, cycle })
        })
        .collect()
}

/// The points of a spectrum. Rows without impedance are left out.
pub(super) fn points(columns: &Columns, spectrum: &Spectrum) -> io::Result<Impedance> {
    let mut found =
        Impedance { number: spectrum.number, rows: spectrum.rows, ..Impedance::default() };
    let Some((table, frequency, form)) = table(columns) else { return Ok(found) };
    let rows = spectrum.first_row..spectrum.first_row + spectrum.rows.min(MOST_ROWS);
    let every = spectrum.rows.div_ceil(MOST_POINTS).max(1) as usize;
    let (a, b) = match form {
        Form::Cartesian(a, b) | Form::Polar(a, b) => (a, b),
    };
    let frequencies = columns.numbers(table, frequency, rows.clone())?;
    let (first, second) =
        (columns.numbers(table, a, rows.clone())?, columns.numbers(table, b, rows)?);
    let all = frequencies.into_iter().zip(first.into_iter().zip(second));
    for (frequency, (first, second)) in all.step_by(every) {
        let (real, imaginary) = match form {
            Form::Cartesian(..) => (first, second),
            Form::Polar(..) => {
                let phase = second.to_radians();
                (first * phase.cos(), first * phase.sin())
            }
        };
        if frequency > 0.0 && real.is_finite() && imaginary.is_finite() {
            found.frequency_hz.push(frequency);
            found.real_ohm.push(real);
            found.imaginary_ohm.push(imaginary);
        }
    }
    Ok(found)
}

/// Whether a table is the one with the spectra.
pub(super) fn is_in(columns: &Columns, place: usize) -> bool {
    table(columns).is_some_and(|(table, ..)| table == place)
}
