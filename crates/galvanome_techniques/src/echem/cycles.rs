//! Cycles: where they begin and end, and what they give.

use std::ops::Range;

use galvanome_model::measurement::{Column, ColumnHead, Origin, Table, Values};
use galvanome_model::note::Note;
use galvanome_numerics::integral::trapezoid;

use super::join::{Records, direction};

/// One cycle.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cycle {
    /// Its number.
    pub(super) number: f64,
    /// Charge taken up, in ampere hours.
    pub(super) charge_ah: f64,
    /// Charge given, in ampere hours.
    pub(super) discharge_ah: f64,
    /// Standard uncertainty of the charge given, in ampere hours.
    pub(super) discharge_u_ah: f64,
    /// Charge given over the time in which it flowed, in amperes.
    pub(super) mean_discharge_current_a: f64,
    /// Rows of the discharge.
    pub(super) discharge_rows: usize,
    /// Whether the record goes on after the discharge.
    pub(super) ended: bool,
    /// Whether it makes the loss rate.
    pub(super) used: bool,
}

/// A jump of the current beyond this part of its largest value is a switch, not a ramp.
const SWITCH: f64 = 0.1;

/// Finds the cycles of a cell.
pub(super) fn find_cycles(records: &Records, notes: &mut Vec<Note>) -> Vec<Cycle> {
    let derived = derive(records);
    let counted = records.counter.as_deref().map(count);
    let ranges = match counted {
        Some(counted) if counted.len() > 1 || derived.len() <= 1 => counted,
        Some(_) => {
            let message = format!(
                "the instrument's cycle counter never changes while {} cycles pass; cycles were counted by the direction of the current: one begins whenever the current turns back to the direction that flowed first",
                derived.len()
            );
            notes.push(Note::new("cycles-derived", message, "column cycle_count"));
            derived
        }
        None => {
            let message = "the file does not count cycles; they were counted by the direction of the current: one begins whenever the current turns back to the direction that flowed first";
            notes.push(Note::new("cycles-derived", message, ""));
            derived
        }
    };
    let largest = records.largest_current_a();
    ranges.into_iter().map(|(number, rows)| measure(records, number, rows, largest)).collect()
}

/// Rows of equal number on end.
fn count(counter: &[f64]) -> Vec<(f64, Range<usize>)> {
    let mut begin = 0;
    counter
        .chunk_by(|a, b| a == b)
        .map(|run| {
            let rows = begin..begin + run.len();
            begin = rows.end;
            (run.first().copied().unwrap_or(0.0), rows)
        })
        .collect()
}

/// Cycles by the direction of the current, numbered from 1.
fn derive(records: &Records) -> Vec<(f64, Range<usize>)> {
    let largest = records.largest_current_a();
    let (mut first, mut turned) = (0.0, false);
    let mut begins = vec![0];
    for (row, &current) in records.current_a.iter().enumerate() {
        let direction = direction(current, largest);
        if direction == 0.0 {
            continue;
        }
        if first == 0.0 {
            first = direction;
        } else if direction != first {
            turned = true;
        } else if turned {
            turned = false;
            begins.push(row);
        }
    }
    begins.push(records.current_a.len());
    let pairs = begins.iter().zip(begins.iter().skip(1));
    pairs.enumerate().map(|(place, (&begin, &end))| ((place + 1) as f64, begin..end)).collect()
}

/// Integrates one cycle. The current of a row holds for half of the interval on either side of it, which is the
/// trapezoidal rule with each row counted to its own cycle; nothing is integrated over a break.
fn measure(records: &Records, number: f64, rows: Range<usize>, largest: f64) -> Cycle {
    let (mut charge_as, mut discharge_as, mut variance, mut seconds) = (0.0, 0.0, 0.0, 0.0);
    for piece in pieces(records, &rows) {
        // One row of the neighbours on each side, as a place without current.
        let wide = piece.start.saturating_sub(usize::from(!records.is_break(piece.start)))
            ..piece.end
                + usize::from(piece.end < records.time_s.len() && !records.is_break(piece.end));
        let time = records.time_s.get(wide.clone()).unwrap_or_default();
        let clipped = |sign: f64| -> Vec<f64> {
            let current = records.current_a.get(wide.clone()).unwrap_or_default().iter();
            let of_row = |(row, current): (usize, &f64)| {
                if piece.contains(&row) { (sign * current).max(0.0) } else { 0.0 }
            };
            (wide.start..).zip(current).map(of_row).collect()
        };
        let (charging, discharging) = (clipped(1.0), clipped(-1.0));
        charge_as += trapezoid(time, &charging).unwrap_or(0.0);
        discharge_as += trapezoid(time, &discharging).unwrap_or(0.0);
        let steps = time.iter().zip(time.iter().skip(1)).map(|(before, after)| after - before);
        let ends = discharging.iter().zip(discharging.iter().skip(1));
        for (step, (before, after)) in steps.zip(ends) {
            let jump = after - before;
            if jump.abs() > SWITCH * largest {
                variance += (jump * step).powi(2) / 12.0;
            }
            // Of an interval in which the current switches, half belongs to the discharge.
            let parts = f64::from(u8::from(*before > 0.0) + u8::from(*after > 0.0));
            seconds += 0.5 * parts * step;
        }
    }
    let own = records.current_a.get(rows.clone()).unwrap_or_default();
    let discharge_rows = own.iter().filter(|&&current| direction(current, largest) < 0.0).count();
    let last_row = rows.end == records.current_a.len();
    let flows = own.last().is_some_and(|&current| direction(current, largest) < 0.0);
    Cycle {
        number,
        charge_ah: charge_as / 3600.0,
        discharge_ah: discharge_as / 3600.0,
        discharge_u_ah: variance.sqrt() / 3600.0,
        mean_discharge_current_a: if seconds > 0.0 { discharge_as / seconds } else { 0.0 },
        discharge_rows,
        ended: !(last_row && flows),
        used: false,
    }
}

/// The parts of a range between breaks.
fn pieces(records: &Records, rows: &Range<usize>) -> Vec<Range<usize>> {
    let from = records.breaks.partition_point(|&at| at <= rows.start);
    let to = records.breaks.partition_point(|&at| at < rows.end);
    let inner = records.breaks.get(from..to).unwrap_or_default().iter().copied();
    let mut begin = rows.start;
    let mut pieces = Vec::new();
    for end in inner.chain([rows.end]) {
        pieces.push(begin..end);
        begin = end;
    }
    pieces
}

/// The cycles as a table.
pub(super) fn cycle_table(cycles: &[Cycle]) -> Table {
    let column = |name: &str, unit: &str, origin: Origin, of: fn(&Cycle) -> f64| Column {
        head: ColumnHead {
            name: name.to_owned(),
            unit: unit.to_owned(),
            vendor_name: String::new(),
            origin,
        },
        values: Values::Number(cycles.iter().map(of).collect()),
    };
    let integrated = Origin::Integrated;
    let columns = vec![
        column("cycle_count", "1", Origin::Reconstructed, |cycle| cycle.number),
        column("cycle_charging_capacity_ah", "Ah", integrated, |cycle| cycle.charge_ah),
        column("cycle_discharging_capacity_ah", "Ah", integrated, |cycle| cycle.discharge_ah),
        column("cycle_discharging_capacity_uncertainty_ah", "Ah", integrated, |cycle| {
            cycle.discharge_u_ah
        }),
        column("mean_discharge_current_ampere", "A", integrated, |cycle| {
            cycle.mean_discharge_current_a
        }),
        column("discharge_complete", "1", Origin::Reconstructed, |cycle| {
            f64::from(u8::from(cycle.ended))
        }),
        column("in_loss_rate", "1", Origin::Reconstructed, |cycle| f64::from(u8::from(cycle.used))),
    ];
    Table { name: "cycles".to_owned(), columns, rows: cycles.len() }
}
