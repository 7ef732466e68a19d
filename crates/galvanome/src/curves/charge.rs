//! Curves of one half of a cycle: voltage against charge, and dQ/dV.

use std::io;

use galvanome_techniques::incremental_capacity;

use super::contents::{Cycle, TIME};
use super::read::Columns;
use super::thin::{Series, Thinner, View};

/// Rows that are looked at at a time.
const CHUNK: u64 = 65_536;

/// Rows of a half cycle from which dQ/dV is made, at most; of more every n-th is taken.
const MOST_ROWS: u64 = 1 << 20;

/// Charge or discharge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    /// Positive current.
    Charge,
    /// Negative current.
    Discharge,
}

impl Half {
    /// Both, in the order in which they are shown.
    pub const BOTH: [Self; 2] = [Self::Charge, Self::Discharge];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Charge => "charge",
            Self::Discharge => "discharge",
        }
    }

    const fn sign(self) -> f64 {
        match self {
            Self::Charge => 1.0,
            Self::Discharge => -1.0,
        }
    }

    /// The charge of this half.
    pub const fn of(self, cycle: &Cycle) -> f64 {
        match self {
            Self::Charge => cycle.charge_ah,
            Self::Discharge => cycle.discharge_ah,
        }
    }
}

/// The columns that are needed of a main table: time, current, voltage, and the largest current.
struct Needed {
    time: usize,
    current: usize,
    voltage: usize,
    largest: f64,
}

impl Needed {
    fn of(columns: &Columns) -> Option<Self> {
        let table = columns.contents().tables.first()?;
        let place = |name: &str| Some(table.column(name).filter(|(_, facts)| !facts.is_text)?.0);
        let (current, facts) = table.column("current_ampere")?;
        let [_, _, least, greatest] = facts.span?;
        let (time, voltage) = (place(TIME)?, place("voltage_volt")?);
        Some(Self { time, current, voltage, largest: least.abs().max(greatest.abs()) })
    }
}

/// Currents below this part of the largest one count as rest.
const REST: f64 = 1e-3;

/// Calls for each row of one half of a cycle: the charge so far in ampere hours, time, current and voltage.
fn each_row(
    columns: &Columns,
    needed: &Needed,
    cycle: &Cycle,
    half: Half,
    mut call: impl FnMut(f64, f64, f64, f64),
) -> io::Result<()> {
    let end = cycle.first_row + cycle.rows;
    // The row before tells how long the first one stands for, the row after how long the last one does.
    let mut begin = cycle.first_row.saturating_sub(1);
    let mut waiting: Option<(u64, f64, f64, f64, f64)> = None;
    let mut charge_as = 0.0;
    let mut take = |(row, time, current, voltage, gap): (u64, f64, f64, f64, f64), next: f64| {
        if row < cycle.first_row || row >= end {
            return;
        }
        let flow = (half.sign() * current).max(0.0);
        let more = 0.5 * (gap + next) * flow;
        if more.is_finite() {
            charge_as += more;
        }
        if flow > REST * needed.largest {
            call(charge_as / 3600.0, time, current, voltage);
        }
    };
    while begin < end + 1 {
        let rows = begin..(begin + CHUNK).min(end + 1);
        let times = columns.numbers(0, needed.time, rows.clone())?;
        let currents = columns.numbers(0, needed.current, rows.clone())?;
        let voltages = columns.numbers(0, needed.voltage, rows.clone())?;
        let values = times.iter().zip(&currents).zip(&voltages);
        for (row, ((&time, &current), &voltage)) in (rows.start..).zip(values) {
            let gap = waiting.map_or(0.0, |before| time - before.1);
            if let Some(before) = waiting {
                take(before, gap);
            }
            waiting = Some((row, time, current, voltage, gap));
        }
        begin = rows.end;
    }
    if let Some(last) = waiting {
        take(last, 0.0);
    }
    Ok(())
}

/// The name of one half of a cycle.
fn named(cycle: &Cycle, half: Half) -> String {
    format!("cycle {} {}", cycle.number, half.word())
}

/// Voltage against charge of the halves of some cycles. Empty when the file does not hold what is needed.
pub(super) fn voltage(columns: &Columns, cycles: &[Cycle], view: View) -> io::Result<Vec<Series>> {
    let Some(needed) = Needed::of(columns) else { return Ok(Vec::new()) };
    let most = cycles.iter().map(|cycle| cycle.charge_ah.max(cycle.discharge_ah));
    let most = most.fold(0.0, f64::max);
    let mut all = Vec::new();
    for cycle in cycles {
        for half in Half::BOTH {
            let mut thinner = Thinner::new(view.on((0.0, most)));
            each_row(columns, &needed, cycle, half, |charge, _, _, voltage| {
                thinner.point(charge, voltage);
            })?;
            let series = thinner.finish(named(cycle, half));
            if series.x.len() > 1 {
                all.push(series);
            }
        }
    }
    Ok(all)
}

/// dQ/dV against voltage of the halves of some cycles at constant current, smoothed as `echem` does by default; that of
/// a discharge is negative, so that both stand in one picture. A half without such a stretch has none.
pub(super) fn dqdv(columns: &Columns, cycles: &[Cycle], view: View) -> io::Result<Vec<Series>> {
    let Some(needed) = Needed::of(columns) else { return Ok(Vec::new()) };
    let mut all = Vec::new();
    for cycle in cycles {
        let every = cycle.rows.div_ceil(MOST_ROWS).max(1);
        for half in Half::BOTH {
            let (mut times, mut currents, mut voltages) = (Vec::new(), Vec::new(), Vec::new());
            let mut count = 0;
            each_row(columns, &needed, cycle, half, |_, time, current, voltage| {
                if count % every == 0 {
                    times.push(time);
                    currents.push(current);
                    voltages.push(voltage);
                }
                count += 1;
            })?;
            let rows = times.len() as u64;
            let Some(curve) = incremental_capacity(times, currents, voltages) else { continue };
            let within = |volts: f64| {
                view.from.is_none_or(|from| volts >= from) && view.to.is_none_or(|to| volts <= to)
            };
            let points = curve.voltage_v.iter().zip(&curve.dqdv_ah_per_v);
            let (x, y) = points
                .filter(|(volts, _)| within(**volts))
                .map(|(volts, dqdv)| (*volts, half.sign() * dqdv))
                .unzip();
            all.push(Series { name: named(cycle, half), x, y, rows, whole: true });
        }
    }
    Ok(all)
}
