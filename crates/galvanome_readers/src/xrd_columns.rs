//! Patterns in columns of text that say themselves that they are: `.xy`, `.xye`, `.csv`, `.txt` with a line of names such as
//! `2Theta,Intensity`, or with comments that speak of angles 2θ, as beamline 11-BM writes them.
//!
//! The first column must be 2θ and another one the intensity; everything else in the row is a signal of its own under the name
//! that it has. A first column called `theta` alone is taken as 2θ with a note, since programs shorten the name so.

mod heads;

use galvanome_model::note::Note;
use galvanome_model::signal::{Axis, Signal, axes};

use self::heads::{Means, Plan, plan_of};
use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::pattern::{Said, counting};
use crate::sink::Sink;
use crate::text::cells::decode;
use crate::text::guess::tell_decimal;
use crate::text::lines::Lines;
use crate::text::numbers::{Found, Numbers, find_rows, first_row_behind};
use crate::text::opening::{head_text, whole_lines};
use crate::text::remarks::entry;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format = Format {
    id: "xrd-columns",
    name: "diffraction pattern in columns that name 2θ",
    endings: &["xy", "xye", "csv", "txt", "dat"],
    claims,
    read,
};

/// Bytes at the beginning in which the columns must show.
const HEAD: usize = 1 << 14;

/// A pattern found in a text.
struct Pattern {
    found: Found,
    plan: Plan,
    said: Said,
}

fn claims(files: &Files) -> Confidence {
    let Some(opening) = files.opening() else { return Confidence::No };
    match pattern_in(&opening.lines().collect::<Vec<_>>()) {
        Some(_) => Confidence::Likely,
        None => Confidence::No,
    }
}

/// The pattern of a text, if it says that it is one: the one place where this is decided.
fn pattern_in(lines: &[&[u8]]) -> Option<Pattern> {
    let found = find_rows(lines)?;
    let before = lines.get(..found.first)?;
    let mut said = Said::default();
    for line in before {
        look_at(&decode(line), &mut |key, value| said.look(key, value));
    }
    // The names stand right above the rows, perhaps with units, a rule or damaged lines between.
    let filled = before.iter().enumerate().rev().filter(|(_, line)| !line.trim_ascii().is_empty());
    let named = filled
        .take(3)
        .find_map(|(place, line)| Some((place, plan_of(&decode(line), found.width)?)));
    let (found, plan) = match named {
        Some((place, plan)) => {
            let first = first_row_behind(lines, place, &found).unwrap_or(found.first);
            (Found { first, ..found }, plan)
        }
        None if said.two_theta && (2..=3).contains(&found.width) => {
            (found, Plan::by_custom(found.width))
        }
        None => return None,
    };
    Some(Pattern { found, plan, said })
}

/// What a line before the rows says: one entry, or several where each value stands in quotes (`Id: "a" Anode: "Cu"`).
fn look_at(line: &str, take: &mut dyn FnMut(&str, &str)) {
    let quoted = line.trim_start().starts_with('\'') && line.contains(": \"");
    if !quoted {
        if let Some((key, value)) = entry(line) {
            take(key, value);
        }
        return;
    }
    let mut rest = line.trim_start().trim_start_matches('\'');
    while let Some((key, behind)) = rest.split_once(": \"") {
        let (value, behind) = behind.split_once('"').unwrap_or((behind, ""));
        take(key.trim(), value);
        rest = behind;
    }
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let none = || {
        ReadError::new(
            Trouble::Damaged,
            "there are no rows of numbers in it below a line that names 2θ and intensity",
            "export the pattern as text with a line of column names such as 2Theta,Intensity",
        )
    };
    let Some(member) = files.only() else { return Err(none()) };
    let head = head_text(member.source.as_ref(), HEAD).unwrap_or_default();
    let Some(Pattern { found, plan, said }) = pattern_in(&whole_lines(&head, HEAD)) else {
        return Err(none().in_file(&member.name));
    };
    let mut lines = Lines::new(member.source.as_ref(), &member.name, limits.max_line_bytes)?;
    let mut entries = 0;
    for _ in 0..found.first {
        let Some(line) = lines.next()? else { break };
        look_at(&decode(line.bytes), &mut |key, value| {
            entries += 1;
            if entries <= limits.max_metadata {
                sink.metadata(key, value);
            }
        });
    }
    tell_decimal(found.decimal, false, sink);
    if let Some(instrument) = &said.instrument {
        sink.instrument(instrument);
    }
    if let Some(start) = said.start.clone() {
        sink.started_at(start);
    }
    if said.order_assumed {
        let message = "the date of the start does not show whether the day or the month stands first; the month was taken to";
        sink.note(Note::new("date-order-assumed", message, ""));
    }
    if let Some(note) = plan.note() {
        sink.note(note);
    }
    let mut numbers = Numbers::of_width(found.width, limits);
    numbers.read(&mut lines, found.decimal, limits, usize::MAX, |_| false)?;
    for note in numbers.notes() {
        sink.note(note);
    }
    give(numbers.columns, &plan, &said, sink);
    Ok(())
}

/// Gives a signal for each column that is one.
fn give(columns: Vec<Vec<f64>>, plan: &Plan, said: &Said, sink: &mut dyn Sink) {
    let mut columns = columns.into_iter();
    let mut points = columns.next().unwrap_or_default();
    if plan.to_degrees != 1.0 {
        for point in &mut points {
            *point *= plan.to_degrees;
        }
    }
    let mut signals: Vec<Signal> = Vec::new();
    for (head, values) in plan.heads.iter().skip(1).zip(columns) {
        match head.means {
            Means::Uncertainty => {
                // They belong to the values before them.
                if let Some(signal) = signals.last_mut().filter(|s| s.uncertainties.is_empty()) {
                    signal.uncertainties = values;
                    continue;
                }
            }
            Means::Intensity | Means::Other => {}
        }
        let counts = head.unit == "counts";
        signals.push(Signal {
            name: head.name.clone(),
            label: head.vendor_name.clone(),
            unit: head.unit.clone(),
            axes: vec![Axis::of(axes::TWO_THETA, &plan.axis_name, Vec::new())],
            counting: counts.then(|| counting(&values, said.step_time_s)).flatten(),
            values,
            conditions: said.conditions.clone(),
            ..Signal::default()
        });
    }
    let last = signals.len().saturating_sub(1);
    for (place, mut signal) in signals.into_iter().enumerate() {
        let own = if place == last { std::mem::take(&mut points) } else { points.clone() };
        if let Some(axis) = signal.axes.first_mut() {
            axis.points = own;
        }
        sink.signal(signal);
    }
}
