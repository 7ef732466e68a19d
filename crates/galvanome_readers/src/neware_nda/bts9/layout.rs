//! Where the fields of a record stand, and how that is found out.

use std::io;

use super::super::header::{Block, bts9_records};
use crate::le::{u8_at, u32_at, u64_at};
use crate::neware::record::ROW;
use crate::source::Source;

/// Where the fields of a record stand, and what they are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    pub(super) len: usize,
    pub(super) mark: usize,
    pub(super) step: usize,
    pub(super) step_type: usize,
    pub(super) index: usize,
    pub(super) time: Time,
    pub(super) current: usize,
    pub(super) voltage: usize,
    pub(super) amounts: Amounts,
    /// Seconds since 1970 in UTC.
    pub(super) unix: Option<Clock>,
    pub(super) cycle: Option<usize>,
    pub(super) temperature: Option<usize>,
    /// Numbers of 4 bytes of which nobody knows what they are.
    pub(super) unknown: &'static [usize],
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Time {
    /// Since the step began, in microseconds, 8 bytes.
    OfStep(usize),
    /// Since the test began, in seconds and nanoseconds of 4 bytes each.
    OfTest(usize),
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Amounts {
    /// Charged charge, charged energy, discharged charge, discharged energy.
    Four(usize),
    /// Charge and energy, negative when discharged.
    Two(usize),
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Clock {
    /// Microseconds, 8 bytes.
    Micros(usize),
    /// Seconds and nanoseconds, of 4 bytes each.
    Nanos(usize),
}

/// Records of BTS 9.0: versions 2 and 3 of records.
pub(super) const FIRST: Layout = Layout {
    len: 88,
    mark: 4,
    step: 9,
    step_type: 10,
    index: 16,
    time: Time::OfStep(28),
    current: 40,
    voltage: 36,
    amounts: Amounts::Four(52),
    unix: Some(Clock::Micros(68)),
    cycle: None,
    temperature: None,
    unknown: &[],
};

/// What all records of BTS 9.1 begin with: versions 19 and 42 of records.
pub(super) const SECOND: Layout = Layout {
    len: 36,
    mark: 0,
    step: 2,
    step_type: 3,
    index: 8,
    time: Time::OfTest(12),
    current: 20,
    voltage: 24,
    amounts: Amounts::Two(28),
    unix: None,
    cycle: None,
    temperature: None,
    unknown: &[],
};

/// The longest record of BTS 9.1 that is looked for.
const LEN_MAX: usize = 256;

/// Records of BTS 9.1 of a length. The file does not say what stands behind their beginning.
fn second(len: usize) -> Layout {
    let short =
        Layout { len, cycle: Some(36), unix: Some(Clock::Nanos(44)), unknown: &[40], ..SECOND };
    match len {
        52 => short,
        56 => Layout { temperature: Some(52), ..short },
        60 => Layout {
            len,
            unix: Some(Clock::Nanos(36)),
            temperature: Some(48),
            cycle: Some(52),
            unknown: &[44, 56],
            ..SECOND
        },
        _ => Layout { len, ..SECOND },
    }
}

impl Layout {
    pub(super) fn index(&self, record: &[u8]) -> Option<u32> {
        let index = u32_at(record, self.index);
        (u8_at(record, self.mark) == ROW && index != 0).then_some(index)
    }

    /// Time in units, and how many make a second.
    pub(super) fn time(&self, record: &[u8]) -> u64 {
        match self.time {
            Time::OfStep(at) => u64_at(record, at),
            Time::OfTest(at) => {
                u64::from(u32_at(record, at)) * 1_000_000_000 + u64::from(u32_at(record, at + 4))
            }
        }
    }

    pub(super) fn units_per_s(&self) -> f64 {
        match self.time {
            Time::OfStep(_) => 1e6,
            Time::OfTest(_) => 1e9,
        }
    }

    pub(super) fn unix_s(&self, record: &[u8]) -> f64 {
        let unix = match self.unix {
            Some(Clock::Micros(at)) => u64_at(record, at) as f64 / 1e6,
            Some(Clock::Nanos(at)) => {
                f64::from(u32_at(record, at)) + f64::from(u32_at(record, at + 4)) / 1e9
            }
            None => 0.0,
        };
        if unix > 0.0 { unix } else { f64::NAN }
    }
}

/// The layout of the rows; none where there are no rows to tell it by.
pub(super) fn find(
    source: &dyn Source,
    head: &[u8],
    blocks: &[Block],
    promised: Option<u64>,
) -> io::Result<Option<Layout>> {
    // Where a damaged head leads nowhere, rows stand behind it.
    let first = blocks.iter().find(|block| block.len > 0 && block.begin < source.len());
    let block = first.copied().unwrap_or(Block { begin: 1024, len: source.len() });
    let view = block.bytes(source, 64 * LEN_MAX)?;
    if view.len() < SECOND.len {
        return Ok(None);
    }
    if u8_at(&view, FIRST.mark) == ROW
        && (matches!(bts9_records(head), 2 | 3) || u8_at(&view, 0) != ROW)
    {
        return Ok(Some(FIRST));
    }
    if u8_at(&view, SECOND.mark) != ROW {
        return Ok(None);
    }
    // The length by which numbers of rows follow one another.
    let first = u32_at(&view, SECOND.index);
    let follows = |len: usize| {
        let rows = (view.len() / len).min(16);
        rows >= 2
            && (1..rows).all(|row| {
                let record = view.get(row * len..).unwrap_or_default();
                u8_at(record, 0) == ROW
                    && u32_at(record, SECOND.index) == first.wrapping_add(row as u32)
            })
    };
    let known = [52, 56, 60];
    let all: u64 = blocks.iter().map(|block| block.len).fold(0, u64::saturating_add);
    let by_count = promised.filter(|&count| all.is_multiple_of(count)).map(|count| all / count);
    let by_count = by_count.and_then(|len| usize::try_from(len).ok());
    let len = known
        .into_iter()
        .chain(SECOND.len..=LEN_MAX)
        .find(|&len| follows(len))
        .or(by_count.filter(|len| (SECOND.len..=LEN_MAX).contains(len)))
        .or_else(|| known.into_iter().find(|&len| block.len.is_multiple_of(len as u64)));
    Ok(len.map(second))
}
