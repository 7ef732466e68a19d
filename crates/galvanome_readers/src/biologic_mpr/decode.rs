//! Rows of a data module made into columns.

use galvanome_model::measurement::Values;

use super::columns::{Stored, UNNAMED_FLAGS};
use super::plan::Rule;
use crate::sink::Kind;
use crate::units::Convert;

/// Bytes of rows that all columns are taken out of before the next rows: what stays in the nearest cache.
const NEAR: usize = 1 << 14;

/// Seconds in an hour over mA in an A: what a charge in mA.h over a time in s is times, to be a current in A.
const AMPERES_PER_MAH_PER_S: f64 = 3.6;

/// Decodes the rows of one table, in their order.
pub(super) struct Decoder<'a> {
    rules: Vec<Rule>,
    loops: &'a [u64],
    width: usize,
    /// Rows that were decoded.
    pub(super) done: u64,
    /// The time of the row before.
    time_before: Option<f64>,
    /// Values that were infinite, and the row of the first of them, from 1.
    pub(super) infinite: u64,
    pub(super) first_infinite: u64,
    /// Rows with a flag that is in no column, and the first of them, from 1.
    pub(super) flagged: u64,
    pub(super) first_flagged: u64,
}

impl<'a> Decoder<'a> {
    /// For rows of so many bytes, with the first row of each loop.
    pub(super) fn new(rules: Vec<Rule>, loops: &'a [u64], width: usize) -> Self {
        Self {
            rules,
            loops,
            width,
            done: 0,
            time_before: None,
            infinite: 0,
            first_infinite: 0,
            flagged: 0,
            first_flagged: 0,
        }
    }

    /// Columns without a row.
    pub(super) fn empty(&self) -> Vec<Values> {
        self.rules.iter().map(|_| Kind::Number.values()).collect()
    }

    /// Decodes whole rows, which replace what the batch holds.
    pub(super) fn decode(&mut self, rows: &[u8], batch: &mut [Values]) {
        for values in batch.iter_mut() {
            if let Values::Number(values) = values {
                values.clear();
            }
        }
        for near in rows.chunks((NEAR / self.width).max(1) * self.width) {
            self.decode_near(near, batch);
            self.look_at_flags(near);
            self.done += (near.len() / self.width) as u64;
        }
    }

    /// Counts rows with a flag that is in no column.
    fn look_at_flags(&mut self, rows: &[u8]) {
        let flags = self.rules.iter().find_map(|rule| match *rule {
            Rule::Bits { at, .. } => Some(at),
            _ => None,
        });
        let Some(at) = flags else { return };
        let is_set = |row: &[u8]| row.get(at).is_some_and(|byte| byte & UNNAMED_FLAGS != 0);
        let times = rows.chunks_exact(self.width).filter(|row| is_set(row)).count();
        if times > 0 && self.flagged == 0 {
            let first = rows.chunks_exact(self.width).position(is_set).unwrap_or(0);
            self.first_flagged = self.done + first as u64 + 1;
        }
        self.flagged += times as u64;
    }

    /// Decodes rows behind those that the batch holds.
    fn decode_near(&mut self, rows: &[u8], batch: &mut [Values]) {
        let width = self.width;
        for (place, rule) in self.rules.iter().enumerate() {
            let (before, rest) = batch.split_at_mut(place);
            let Some(Values::Number(values)) = rest.first_mut() else { continue };
            let begin = values.len();
            let column = |place: usize| match before.get(place) {
                Some(Values::Number(numbers)) => numbers.get(begin..).unwrap_or_default(),
                _ => &[],
            };
            match *rule {
                Rule::Field { at, stored, convert } => {
                    fill(values, rows, width, at, stored);
                    let values = values.get_mut(begin..).unwrap_or_default();
                    match convert {
                        Convert::Same => {}
                        Convert::Over(divisor) => values.iter_mut().for_each(|v| *v /= divisor),
                        convert => values.iter_mut().for_each(|v| *v = convert.apply(*v)),
                    }
                    if matches!(stored, Stored::F32 | Stored::F64)
                        && let Some(found) = drop_infinite(values)
                    {
                        if self.infinite == 0 {
                            self.first_infinite = self.done + found.first + 1;
                        }
                        self.infinite += found.times;
                    }
                }
                Rule::Bits { at, mask } => {
                    let shift = mask.trailing_zeros();
                    values.extend(rows.chunks_exact(width).map(|row| {
                        row.get(at).map_or(f64::NAN, |byte| f64::from((byte & mask) >> shift))
                    }));
                }
                Rule::Current { charge, time } => {
                    let (charge, time) = (column(charge), column(time));
                    let mut before = self.time_before;
                    values.extend(charge.iter().zip(time).map(|(&charge, &now)| {
                        let passed = before.replace(now).map(|before| now - before);
                        match passed {
                            _ if charge == 0.0 => 0.0,
                            Some(passed) if passed > 0.0 => {
                                finite(charge * AMPERES_PER_MAH_PER_S / passed)
                            }
                            _ => f64::NAN,
                        }
                    }));
                    self.time_before = before;
                }
                Rule::Cycle { half } => {
                    values.extend(column(half).iter().map(|half| (half / 2.0).floor()));
                }
                Rule::Difference { of, less } => {
                    let pairs = column(of).iter().zip(column(less));
                    values.extend(pairs.map(|(of, less)| finite(of - less)));
                }
                Rule::Loop => {
                    let first = self.done;
                    let rows = (rows.len() / width) as u64;
                    values.extend((first..first + rows).map(|row| {
                        self.loops.partition_point(|&start| start <= row).saturating_sub(1) as f64
                    }));
                }
            }
        }
    }
}

/// What is not finite is missing.
fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { f64::NAN }
}

/// Infinite values: the place of the first, and how many.
struct Infinite {
    first: u64,
    times: u64,
}

/// Makes infinite values missing ones, if there are any.
fn drop_infinite(values: &mut [f64]) -> Option<Infinite> {
    // Most often there is none, and this goes through them several at a time.
    if !values.iter().fold(false, |any, value| any | (value.abs() > f64::MAX)) {
        return None;
    }
    let first = values.iter().position(|value| value.is_infinite()).unwrap_or(0) as u64;
    let mut times = 0;
    for value in values.iter_mut().filter(|value| value.is_infinite()) {
        *value = f64::NAN;
        times += 1;
    }
    Some(Infinite { first, times })
}

/// Takes the values of one column out of whole rows.
fn fill(values: &mut Vec<f64>, rows: &[u8], width: usize, at: usize, stored: Stored) {
    fn gather<const N: usize>(
        values: &mut Vec<f64>,
        rows: &[u8],
        width: usize,
        at: usize,
        value: impl Fn([u8; N]) -> f64,
    ) {
        let count = values.len() + rows.len() / width;
        // From here on each value stands at the beginning of a piece; that of the last row lacks what stands before it. The
        // length is looked at once, not for each row.
        if let Some(pieces) = rows.get(at..).filter(|_| at + N <= width) {
            let pieces = pieces.chunks_exact(width);
            let last = pieces.remainder().first_chunk();
            values.extend(pieces.map(|piece| piece.first_chunk().map_or(f64::NAN, |b| value(*b))));
            values.extend(last.map(|bytes| value(*bytes)));
        }
        values.resize(count, f64::NAN);
    }
    match stored {
        Stored::U8 => gather(values, rows, width, at, |[byte]| f64::from(byte)),
        Stored::U16 => gather(values, rows, width, at, |b| f64::from(u16::from_le_bytes(b))),
        Stored::U32 => gather(values, rows, width, at, |b| f64::from(u32::from_le_bytes(b))),
        Stored::F32 => gather(values, rows, width, at, |b| f64::from(f32::from_le_bytes(b))),
        Stored::F64 => gather(values, rows, width, at, f64::from_le_bytes),
    }
}
