//! The spectra in a measurement, whatever shape its reader gave it: signals, maps, series and plain tables, each as one
//! curve in rising order with the uncertainty of every point.

use galvanome_model::measurement::{Column, Table};
use galvanome_model::note::Note;
use galvanome_model::signal::{Axis, AxisKind, Condition, ConditionKind, Counting, Signal};
use galvanome_numerics::median::median;

use super::Input;

/// What kind of spectrum a technique wants.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// The axis that it runs along.
    pub kind: AxisKind,
    /// How plain tables and vendors call that axis, in lower case; a column counts when its name begins so.
    pub words: &'static [&'static str],
    /// Other units of the axis, each with the factor into the kind's own.
    pub units: &'static [(&'static str, f64)],
    /// What the axis is called in notes.
    pub name: &'static str,
}

/// How the uncertainty of points is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spread {
    /// The file gives it.
    Stated,
    /// From counting statistics.
    Counted,
    /// From the scatter of neighbouring points: only relative weights are right.
    Scatter,
}

/// One spectrum, in rising order, without missing points.
#[derive(Debug, Clone, PartialEq)]
pub struct Spectrum {
    /// The file and the scan it comes from, for notes and tables.
    pub name: String,
    /// Places, in the unit of the wanted axis.
    pub x: Vec<f64>,
    /// Values.
    pub y: Vec<f64>,
    /// Standard uncertainty of each value, positive.
    pub u: Vec<f64>,
    /// How these are known.
    pub spread: Spread,
    /// Unit of the values; empty where the file does not say.
    pub unit: String,
    /// What the file says of how it was measured.
    pub conditions: Vec<Condition>,
    /// Seconds from the start of the measurement to the start of this spectrum; 0 where the file has one spectrum.
    pub after_s: f64,
    /// What tells it from the other spectra of its signal: the name of the slowest axis; empty for one alone.
    pub slow_axis: String,
    /// Which of the main inputs it comes from.
    pub input: usize,
}

impl Spectrum {
    /// The value of a condition, if the file tells it.
    pub fn condition(&self, kind: ConditionKind) -> Option<f64> {
        self.conditions.iter().find(|condition| condition.kind == kind).map(|found| found.value)
    }

    /// The typical distance of neighbouring points.
    pub fn step(&self) -> Option<f64> {
        let steps: Vec<f64> = self.x.windows(2).map(|pair| pair[1] - pair[0]).collect();
        median(&steps)
    }

    /// The points from `low` to `high`, both included, as places.
    pub fn between(&self, low: f64, high: f64) -> std::ops::Range<usize> {
        let begin = self.x.partition_point(|x| *x < low);
        begin..self.x.partition_point(|x| *x <= high).max(begin)
    }
}

/// Fewer points than this are no spectrum.
const FEWEST: usize = 8;

/// All spectra of the wanted kind in a measurement; the notes say what was assumed, and why there is none.
pub fn spectra(
    input: &Input,
    place: usize,
    wanted: &Wanted,
    notes: &mut Vec<Note>,
) -> Vec<Spectrum> {
    let mut all = Vec::new();
    for signal in &input.measurement.signals {
        of_signal(signal, input, place, wanted, notes, &mut all);
    }
    if all.is_empty() {
        for table in &input.measurement.tables {
            all.extend(of_table(table, input, place, wanted, notes));
        }
    }
    if all.is_empty() {
        let message = format!(
            "{} holds no spectrum against {}: neither a signal on that axis nor a table of two or more columns of numbers",
            input.name, wanted.name
        );
        notes.push(Note::new("no-spectrum", message, &*input.name));
    }
    all
}

/// The factor that takes an axis into the wanted kind, if it is one.
fn factor(axis: &Axis, wanted: &Wanted) -> Option<f64> {
    if axis.is(wanted.kind) {
        return Some(1.0);
    }
    let is_called = axis.name == wanted.kind.name || is_word(&axis.name, wanted);
    let unit = wanted.units.iter().find(|(unit, _)| *unit == axis.unit);
    is_called.then_some(())?;
    unit.map(|(_, factor)| *factor).or((axis.unit == wanted.kind.unit).then_some(1.0))
}

fn is_word(name: &str, wanted: &Wanted) -> bool {
    let name = name.trim().to_lowercase();
    name == wanted.kind.name || wanted.words.iter().any(|word| name.starts_with(word))
}

fn of_signal(
    signal: &Signal,
    input: &Input,
    place: usize,
    wanted: &Wanted,
    notes: &mut Vec<Note>,
    all: &mut Vec<Spectrum>,
) {
    let Some(axis) = signal.spectral_axis() else { return };
    let Some(factor) = factor(axis, wanted) else { return };
    let x: Vec<f64> = axis.points.iter().map(|x| x * factor).collect();
    let many = signal.spectra();
    let slow = signal.axes.first().filter(|axis| signal.axes.len() > 1 && axis.unit == "s");
    let slow_axis = match signal.axes.as_slice() {
        [first, _, ..] => first.name.clone(),
        _ => String::new(),
    };
    for number in 0..many {
        let mut name = input.name.clone();
        if !signal.label.is_empty() {
            name = format!("{name}, {}", signal.label);
        }
        if many > 1 {
            name = format!("{name}, spectrum {number}");
        }
        let raw = Raw {
            x: &x,
            y: signal.spectrum(number),
            u: signal.spectrum_uncertainties(number),
            unit: &signal.unit,
            counting: signal.counting,
        };
        let after_s =
            slow.and_then(|axis| axis.points.get(number).copied()).filter(|s| s.is_finite());
        let conditions = signal.conditions.clone();
        all.extend(made(&raw, name, notes).map(|one| Spectrum {
            conditions,
            after_s: after_s.unwrap_or(0.0),
            slow_axis: slow_axis.clone(),
            input: place,
            ..one
        }));
    }
}

/// A table of two or more columns of numbers: the axis is the column of its name, else the first; values are the next
/// column, uncertainties the one after that where its name says so or the axis was the first of exactly three.
fn of_table(
    table: &Table,
    input: &Input,
    place: usize,
    wanted: &Wanted,
    notes: &mut Vec<Note>,
) -> Option<Spectrum> {
    let numbers: Vec<&Column> =
        table.columns.iter().filter(|column| table.numbers(&column.head.name).is_some()).collect();
    if numbers.len() < 2 {
        return None;
    }
    let named = numbers.iter().position(|column| {
        is_word(&column.head.name, wanted) || is_word(&column.head.vendor_name, wanted)
    });
    let at = named.unwrap_or(0);
    let axis = numbers.get(at)?;
    let values = numbers.iter().enumerate().find(|(place, column)| {
        let name = column.head.name.to_lowercase();
        *place != at && (name.starts_with("int") || name.starts_with("count") || name == "y")
    });
    let (values_at, values) = match values {
        Some((place, column)) => (place, column),
        None => numbers.iter().enumerate().find(|(place, _)| *place != at)?,
    };
    let third = numbers.iter().enumerate().find(|(place, column)| {
        let name = column.head.name.to_lowercase();
        let says = ["err", "sigma", "esd", "unc", "std"].iter().any(|word| name.contains(word));
        let is_third = name == "column_3" && numbers.len() == 3 && at == 0;
        *place != at && *place != values_at && (says || is_third)
    });
    let scale = match axis.head.unit.as_str() {
        "" => 1.0,
        unit if unit == wanted.kind.unit => 1.0,
        unit => wanted.units.iter().find(|known| known.0 == unit).map_or(1.0, |known| known.1),
    };
    let words = |column: &Column| match column.head.vendor_name.as_str() {
        "" => column.head.name.clone(),
        name => name.to_owned(),
    };
    let third_words = third.map_or_else(String::new, |(_, column)| {
        format!(", `{}` as its standard uncertainty", words(column))
    });
    let message = format!(
        "{}: a plain table; `{}` was taken as {} in {}, `{}` as the intensity{third_words}",
        input.name,
        words(axis),
        wanted.name,
        wanted.kind.unit,
        words(values),
    );
    notes.push(Note::new("columns-assumed", message, &*input.name));
    let x: Vec<f64> = table.numbers(&axis.head.name)?.iter().map(|x| x * scale).collect();
    let unit = &values.head.unit;
    let counting =
        (unit == "counts").then_some(Counting { live_time_s: f64::NAN, counts_per_unit: 1.0 });
    let raw = Raw {
        x: &x,
        y: table.numbers(&values.head.name)?,
        u: third.and_then(|(_, column)| table.numbers(&column.head.name)).unwrap_or_default(),
        unit,
        counting,
    };
    made(&raw, input.name.clone(), notes).map(|one| Spectrum { input: place, ..one })
}

/// A curve as a file gives it.
struct Raw<'a> {
    x: &'a [f64],
    y: &'a [f64],
    u: &'a [f64],
    unit: &'a str,
    counting: Option<Counting>,
}

/// The curve in rising order without missing points, with the uncertainty of each.
fn made(raw: &Raw<'_>, name: String, notes: &mut Vec<Note>) -> Option<Spectrum> {
    let u = |place: usize| raw.u.get(place).copied().unwrap_or(f64::NAN);
    let mut points: Vec<(f64, f64, f64)> = raw
        .x
        .iter()
        .zip(raw.y)
        .enumerate()
        .filter(|(_, (x, y))| x.is_finite() && y.is_finite())
        .map(|(place, (x, y))| (*x, *y, u(place)))
        .collect();
    let dropped = raw.y.len() - points.len();
    if dropped > 0 {
        let message = format!("{name}: {dropped} points without a value were left out");
        notes.push(Note::new("points-left-out", message, &*name));
    }
    if points.len() < FEWEST {
        let message = format!("{name}: {} points are too few for a spectrum", points.len());
        notes.push(Note::new("too-few-points", message, &*name));
        return None;
    }
    if !points.is_sorted_by(|a, b| a.0 <= b.0) {
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    let x: Vec<f64> = points.iter().map(|point| point.0).collect();
    let y: Vec<f64> = points.iter().map(|point| point.1).collect();
    let stated: Vec<f64> = points.iter().map(|point| point.2).collect();
    let (u, spread) = uncertainties(&y, stated, raw);
    Some(Spectrum {
        name,
        x,
        y,
        u,
        spread,
        unit: raw.unit.to_owned(),
        conditions: Vec::new(),
        after_s: 0.0,
        slow_axis: String::new(),
        input: 0,
    })
}

/// From the file, else from counting, else from the scatter of neighbours. Of no count the uncertainty is that of one.
fn uncertainties(y: &[f64], stated: Vec<f64>, raw: &Raw<'_>) -> (Vec<f64>, Spread) {
    let positive = stated.iter().copied().filter(|u| *u > 0.0 && u.is_finite());
    let least = positive.clone().fold(f64::INFINITY, f64::min);
    // A 0 stands for a point without counts in many files; a file that has mostly such tells nothing.
    if positive.count() * 2 > y.len() {
        let fill = |u: f64| if u > 0.0 && u.is_finite() { u } else { least };
        return (stated.into_iter().map(fill).collect(), Spread::Stated);
    }
    let counting = raw.counting.or_else(|| {
        (raw.unit == "counts").then_some(Counting { live_time_s: f64::NAN, counts_per_unit: 1.0 })
    });
    let each = counting.map_or(f64::NAN, |counting| counting.counts_per_unit);
    if each > 0.0 && each.is_finite() {
        let u = y.iter().map(|y| (y * each).max(1.0).sqrt() / each).collect();
        return (u, Spread::Counted);
    }
    // Second differences of noise have √6 times its spread, those of what is smooth next to none.
    let bends: Vec<f64> =
        y.windows(3).map(|three| (three[0] - 2.0 * three[1] + three[2]).abs()).collect();
    let noise = median(&bends).unwrap_or(0.0) / (0.674_489_75 * 6.0_f64.sqrt());
    let largest = y.iter().fold(0.0_f64, |largest, one| largest.max(one.abs()));
    let noise = if noise > 0.0 { noise } else { (largest * 1e-3).max(f64::MIN_POSITIVE) };
    (vec![noise; y.len()], Spread::Scatter)
}
