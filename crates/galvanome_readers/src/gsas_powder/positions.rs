//! Where the points of a bank lie.

use crate::error::ReadError;
use crate::limits::Limits;
use crate::text::lines::Lines;
use crate::text::number::Decimal;
use crate::text::numbers::numbers_of;

/// How positions are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Steps {
    /// One width for all.
    Constant,
    /// A width that grows with the position.
    Logarithmic,
    /// One width first, then one that grows; in units of 1/32.
    Ralf,
    /// As a map says that stands in the file.
    TimeMap,
    /// By rules that only the instrument's program knows: the points are counted.
    Unknown,
}

impl Steps {
    /// What the word in a bank's line means.
    pub(super) fn of(word: &str) -> Option<Self> {
        Some(match word {
            "CONS" | "CONST" => Self::Constant,
            "SLOG" => Self::Logarithmic,
            "RALF" => Self::Ralf,
            "TIME_MAP" => Self::TimeMap,
            "LOG6" | "LPSD" | "COND" | "EDS" => Self::Unknown,
            _ => return None,
        })
    }

    /// So many positions, in hundredths of a degree or in microseconds; none where they are not known.
    pub(super) fn positions(
        self,
        coefficients: &[f64],
        points: usize,
        maps: &[TimeMap],
    ) -> Option<Vec<f64>> {
        let at = |place: usize| coefficients.get(place).copied();
        let (first, second) = (at(0)?, at(1));
        match self {
            Self::Constant => {
                let step = second?;
                Some((0..points).map(|point| first + point as f64 * step).collect())
            }
            Self::Logarithmic => {
                let ratio = 1.0 + at(2)?;
                let position =
                    |point: usize| first * ratio.powi(i32::try_from(point).unwrap_or(i32::MAX));
                Some((0..points).map(position).collect())
            }
            Self::Ralf => {
                let (step, begin, resolution) = (second?, at(2)?, at(3)?);
                let mut position = first;
                let next = |_| {
                    let here = position;
                    position += if here < begin { step } else { here * resolution };
                    here / 32.0
                };
                Some((0..points).map(next).collect())
            }
            Self::TimeMap => {
                let map = maps.iter().find(|map| map.number == first).or(maps.first())?;
                Some((1..=points).map(|channel| map.microseconds(channel as f64)).collect())
            }
            Self::Unknown => None,
        }
    }
}

/// Which channel begins when.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TimeMap {
    number: f64,
    /// Nanoseconds of a pulse of the clock.
    clock_ns: f64,
    /// First channel, pulses at which it begins, pulses that it and those behind it are wide.
    parts: Vec<[f64; 3]>,
}

impl TimeMap {
    /// Reads the map whose first line is given: `TIME_MAP 1 25 3 TIME_MAP 100`, then threes of numbers and one more, the end.
    /// Gives it and the line behind it. Errors when the text cannot be read.
    pub(super) fn read(
        line: &[u8],
        lines: &mut Lines<'_>,
        limits: &Limits,
    ) -> Result<(Option<Self>, Option<Vec<u8>>), ReadError> {
        let text = String::from_utf8_lossy(line);
        let words: Vec<f64> =
            text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        let wanted = words.get(1).copied().unwrap_or_default();
        let mut all = Vec::new();
        let mut row = Vec::new();
        let behind = loop {
            let Some(line) = lines.next()? else { break None };
            // A map of more values than a table has columns is none.
            let more = (all.len() as f64) < wanted && all.len() < limits.max_columns;
            if !more || !numbers_of(line.bytes, Decimal::Point, &mut row) {
                break Some(line.bytes.to_vec());
            }
            all.extend_from_slice(&row);
        };
        let (parts, _) = all.as_chunks::<3>();
        let map = words.first().zip(words.get(3)).filter(|_| !parts.is_empty());
        let map = map.map(|(&number, &clock_ns)| Self { number, clock_ns, parts: parts.to_vec() });
        Ok((map, behind))
    }

    /// When a channel, counted from 1, begins.
    fn microseconds(&self, channel: f64) -> f64 {
        let part = self.parts.iter().rev().find(|part| part[0] <= channel).or(self.parts.first());
        part.map_or(f64::NAN, |[first, begin, width]| {
            (begin + (channel - first) * width) * self.clock_ns / 1e3
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_of_each_kind() {
        let check = |steps: Steps, coefficients: &[f64], expected: Option<&[f64]>| {
            let parts = vec![[1.0, 100.0, 10.0], [3.0, 120.0, 20.0]];
            let map = TimeMap { number: 2.0, clock_ns: 500.0, parts };
            let found = steps.positions(coefficients, 4, &[map]);
            let near = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-9;
            let same = match (&found, expected) {
                (Some(a), Some(b)) => a.len() == b.len() && a.iter().zip(b).all(near),
                (found, expected) => found.is_none() && expected.is_none(),
            };
            assert!(same, "{steps:?}: {found:?}");
        };
        check(Steps::Constant, &[1500.0, 2.0], Some(&[1500.0, 1502.0, 1504.0, 1506.0]));
        check(Steps::Logarithmic, &[100.0, 900.0, 0.1], Some(&[100.0, 110.0, 121.0, 133.1]));
        check(Steps::Ralf, &[320.0, 32.0, 384.0, 0.5], Some(&[10.0, 11.0, 12.0, 18.0]));
        check(Steps::TimeMap, &[2.0], Some(&[50.0, 55.0, 60.0, 70.0]));
        check(Steps::Unknown, &[1.0, 2.0], None);
        check(Steps::Constant, &[], None);
    }
}
