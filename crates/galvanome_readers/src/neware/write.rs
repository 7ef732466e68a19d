//! Rows of a table as Neware's files need them, for the writers.

use galvanome_model::measurement::{Table, Values};

use super::steps;

/// A row with everything that any version wants.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Row {
    /// From 1.
    pub(crate) index: u32,
    /// From 1.
    pub(crate) cycle: u32,
    pub(crate) step_id: u32,
    /// How many steps were begun.
    pub(crate) step_count: u32,
    pub(crate) step_type: u8,
    pub(crate) test_s: f64,
    pub(crate) step_s: f64,
    pub(crate) voltage_v: f64,
    pub(crate) current_a: f64,
    /// Charged and discharged charge in Ah, charged and discharged energy in Wh, since the step began.
    pub(crate) amounts: [f64; 4],
}

/// The rows of a table. It must have test time, voltage and current; what else it lacks follows from them: a
/// step goes on while the current keeps its sign, charges, discharges or rests, and charges and energies are
/// current and power times the time since the row before.
pub(crate) fn rows(table: &Table) -> Vec<Row> {
    let number = |name: &str, row: usize| {
        table.numbers(name).and_then(|numbers| numbers.get(row)).copied().filter(|n| n.is_finite())
    };
    let text = |name: &str, row: usize| match &table.column(name)?.values {
        Values::Text(texts) => texts.get(row).map(String::as_str),
        Values::Number(_) => None,
    };
    let mut rows: Vec<Row> = Vec::with_capacity(table.rows);
    for row in 0..table.rows {
        let before = rows.last().copied();
        let current_a = number("current_ampere", row).unwrap_or(0.0);
        let voltage_v = number("voltage_volt", row).unwrap_or(0.0);
        let test_s = number("test_time_second", row).unwrap_or(0.0).max(0.0);
        let by_sign = match current_a {
            charges if charges > 0.0 => 1,
            discharges if discharges < 0.0 => 2,
            _ => 4,
        };
        let step_type = text("step_type", row).and_then(steps::code).unwrap_or(by_sign);
        let told = number("step_id", row).map(|id| id as u32);
        let goes_on = before.filter(|before| {
            told.map_or(before.step_type == step_type, |told| told == before.step_id)
        });
        let step_id = told
            .or(goes_on.map(|before| before.step_id))
            .unwrap_or(before.map_or(1, |before| before.step_id + 1));
        let hours = before.map_or(0.0, |before| (test_s - before.test_s) / 3600.0);
        let moved = [current_a.max(0.0), (-current_a).max(0.0)].map(|current| current * hours);
        let mut amounts = goes_on.map_or([0.0; 4], |before| before.amounts);
        let [charged, discharged] = moved;
        for (amount, more) in amounts.iter_mut().zip([
            charged,
            discharged,
            charged * voltage_v,
            discharged * voltage_v,
        ]) {
            *amount += more;
        }
        let begun_s = match (goes_on, before) {
            (Some(before), _) => before.test_s - before.step_s,
            (None, Some(before)) => before.test_s,
            (None, None) => 0.0,
        };
        rows.push(Row {
            index: row as u32 + 1,
            cycle: number("cycle_count", row).map_or(1, |cycle| cycle.max(1.0) as u32),
            step_id,
            step_count: before.map_or(1, |before| before.step_count + u32::from(goes_on.is_none())),
            step_type,
            test_s,
            step_s: (test_s - begun_s).max(0.0),
            voltage_v,
            current_a,
            amounts,
        });
    }
    rows
}

/// Puts bytes at a place, as far as there is room.
pub(crate) fn put(into: &mut [u8], at: usize, bytes: &[u8]) {
    for (to, from) in into.iter_mut().skip(at).zip(bytes) {
        *to = *from;
    }
}

/// Year, month, day, hour, minute and second of seconds since 1970, in seven bytes.
pub(crate) fn civil(seconds: f64) -> [u8; 7] {
    let iso = crate::text::clock::iso_of_unix(seconds.floor()).unwrap_or_default();
    let part = |from: usize, to: usize| {
        iso.get(from..to).and_then(|part| part.parse::<u16>().ok()).unwrap_or(0)
    };
    let [low, high] = part(0, 4).to_le_bytes();
    let rest =
        [(5, 7), (8, 10), (11, 13), (14, 16), (17, 19)].map(|(from, to)| part(from, to) as u8);
    let [month, day, hour, minute, second] = rest;
    [low, high, month, day, hour, minute, second]
}
