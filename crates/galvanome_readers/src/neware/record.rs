//! Records that hold everything of a row, as `.nda` files up to version 29 and the first `.ndc` files have them.

use super::clock::civil_s;
use super::write::{Row, civil, put};
use crate::le::{i32_at, i64_at, u8_at, u16_at, u32_at, u64_at};

/// Where the fields of a record stand. All numbers are little-endian.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    /// Bytes of a record.
    pub(crate) len: usize,
    /// Where the mark of its kind stands, and whether 0 marks rows too, beside 0x55.
    pub(crate) mark: usize,
    pub(crate) zero_marks_rows: bool,
    /// The number of the row, 4 bytes.
    pub(crate) index: usize,
    /// The instrument's count of cycles, 4 bytes, and what the first one is short of 1.
    pub(crate) cycle: usize,
    pub(crate) cycle_base: u32,
    /// The number of the step in the schedule.
    pub(crate) step: Field,
    /// The type of the step, 1 byte.
    pub(crate) step_type: usize,
    /// A counter that goes on with every step, 1 byte.
    pub(crate) jump: Option<usize>,
    /// Whether a step also begins where its number in the schedule changes.
    pub(crate) step_splits: bool,
    /// Time since the step began, and units in a second.
    pub(crate) time: Field,
    pub(crate) time_per_s: u64,
    /// Voltage in tenths of millivolts, 4 bytes, signed.
    pub(crate) voltage: usize,
    /// Current in counts of the range, 4 bytes, signed.
    pub(crate) current: usize,
    /// Charge and energy since the step began, in counts of the range times a second.
    pub(crate) amounts: Amounts,
    /// The clock.
    pub(crate) clock: Clock,
    /// The range in milliamperes, 4 bytes, signed.
    pub(crate) range: Option<usize>,
}

/// An unsigned number of 1, 2, 4 or 8 bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Field {
    U8(usize),
    U16(usize),
    U32(usize),
    U64(usize),
}

impl Field {
    /// Writes the number, as much of it as there is room for.
    pub(crate) fn put(self, record: &mut [u8], value: u64) {
        let bytes = value.to_le_bytes();
        let (at, len) = match self {
            Self::U8(at) => (at, 1),
            Self::U16(at) => (at, 2),
            Self::U32(at) => (at, 4),
            Self::U64(at) => (at, 8),
        };
        put(record, at, bytes.get(..len).unwrap_or_default());
    }

    /// The number in a record.
    pub(crate) fn of(self, record: &[u8]) -> u64 {
        match self {
            Self::U8(at) => u64::from(u8_at(record, at)),
            Self::U16(at) => u64::from(u16_at(record, at)),
            Self::U32(at) => u64::from(u32_at(record, at)),
            Self::U64(at) => u64_at(record, at),
        }
    }
}

/// Charges and energies, signed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Amounts {
    /// One charge, of 8 bytes, whichever way it went.
    Charge(usize),
    /// One charge and behind it one energy, of 8 bytes each.
    ChargeAndEnergy(usize),
    /// Charged and discharged charge, charged and discharged energy, of 8 bytes each.
    Four(usize),
    /// The same, of 4 bytes each.
    FourShort(usize),
}

impl Amounts {
    /// How many there are.
    pub(crate) fn count(self) -> usize {
        match self {
            Self::Charge(_) => 1,
            Self::ChargeAndEnergy(_) => 2,
            Self::Four(_) | Self::FourShort(_) => 4,
        }
    }

    /// One of them.
    pub(crate) fn of(self, record: &[u8], which: usize) -> f64 {
        match self {
            Self::Charge(at) | Self::ChargeAndEnergy(at) | Self::Four(at) => {
                i64_at(record, at + 8 * which) as f64
            }
            Self::FourShort(at) => f64::from(i32_at(record, at + 4 * which)),
        }
    }
}

/// The clock of a record.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Clock {
    /// It has none.
    None,
    /// Seconds since 1970 in UTC.
    Unix(Field),
    /// A date of the computer that ran the test, of 7 bytes.
    Local(usize),
}

impl Clock {
    /// Seconds since 1970, on the clock that it is; NaN where there is no time.
    pub(crate) fn of(self, record: &[u8]) -> f64 {
        match self {
            Self::None => f64::NAN,
            Self::Unix(field) => match field.of(record) {
                0 => f64::NAN,
                unix => unix as f64,
            },
            Self::Local(at) => civil_s(record, at),
        }
    }
}

impl Amounts {
    /// Writes charges and energies in counts: of one that stands for both, what was charged less what was
    /// discharged, without a sign.
    fn put(self, record: &mut [u8], counts: [i64; 4]) {
        let [charged, discharged, charged_wh, discharged_wh] = counts;
        let one = [(charged - discharged).abs(), (charged_wh - discharged_wh).abs()];
        match self {
            Self::Charge(at) | Self::ChargeAndEnergy(at) => {
                for (which, count) in one.into_iter().take(self.count()).enumerate() {
                    put(record, at + 8 * which, &count.to_le_bytes());
                }
            }
            Self::Four(at) => {
                for (which, count) in counts.into_iter().enumerate() {
                    put(record, at + 8 * which, &count.to_le_bytes());
                }
            }
            Self::FourShort(at) => {
                for (which, count) in counts.into_iter().enumerate() {
                    put(record, at + 4 * which, &(count as i32).to_le_bytes());
                }
            }
        }
    }
}

/// The mark of a row.
pub(crate) const ROW: u8 = 0x55;

impl Layout {
    /// Writes a row whose test began at a time since 1970, in counts per ampere of a range.
    pub(crate) fn write(&self, row: &Row, start_s: f64, range: i32, per_a: f64) -> Vec<u8> {
        let mut record = vec![0; self.len];
        put(&mut record, self.mark, &[if self.zero_marks_rows { 0 } else { ROW }]);
        put(&mut record, self.index, &row.index.to_le_bytes());
        put(&mut record, self.cycle, &row.cycle.saturating_sub(self.cycle_base).to_le_bytes());
        self.step.put(&mut record, row.step_id.into());
        put(&mut record, self.step_type, &[row.step_type]);
        if let Some(jump) = self.jump {
            put(&mut record, jump, &[row.step_count as u8]);
        }
        self.time.put(&mut record, (row.step_s * self.time_per_s as f64).round() as u64);
        put(&mut record, self.voltage, &((row.voltage_v * 1e4).round() as i32).to_le_bytes());
        put(&mut record, self.current, &((row.current_a * per_a).round() as i32).to_le_bytes());
        let counts = row.amounts.map(|amount| (amount * per_a * 3600.0).round() as i64);
        self.amounts.put(&mut record, counts);
        let clock_s = start_s + row.test_s;
        match self.clock {
            Clock::None => {}
            Clock::Unix(field) => field.put(&mut record, clock_s.max(0.0) as u64),
            Clock::Local(at) => put(&mut record, at, &civil(clock_s)),
        }
        if let Some(at) = self.range {
            put(&mut record, at, &range.to_le_bytes());
        }
        record
    }

    /// Whether a record is a row.
    pub(crate) fn is_row(&self, record: &[u8]) -> bool {
        let mark = u8_at(record, self.mark);
        (mark == ROW || mark == 0 && self.zero_marks_rows) && self.index(record) != 0
    }

    /// The number of a row.
    pub(crate) fn index(&self, record: &[u8]) -> u32 {
        u32_at(record, self.index)
    }

    /// What the rows of one step have in common and those of the next have not.
    pub(crate) fn step_key(&self, record: &[u8]) -> (u64, u8) {
        let step = if self.step_splits { self.step.of(record) } else { 0 };
        (step, self.jump.map_or(0, |at| u8_at(record, at)))
    }
}

/// Versions 5 to 8.
const SINCE_5: Layout = Layout {
    len: 59,
    mark: 0,
    zero_marks_rows: true,
    index: 1,
    cycle: 5,
    cycle_base: 0,
    step: Field::U8(9),
    step_type: 10,
    jump: None,
    step_splits: true,
    time: Field::U32(11),
    time_per_s: 1,
    voltage: 15,
    current: 19,
    amounts: Amounts::ChargeAndEnergy(31),
    clock: Clock::Unix(Field::U64(47)),
    range: None,
};

/// Versions 11, 12, 13, 15 and 18.
const SINCE_11: Layout = Layout {
    len: 69,
    zero_marks_rows: false,
    index: 2,
    cycle: 6,
    cycle_base: 1,
    step: Field::U16(10),
    step_type: 12,
    time: Field::U64(13),
    time_per_s: 1000,
    voltage: 21,
    current: 25,
    amounts: Amounts::ChargeAndEnergy(37),
    clock: Clock::Unix(Field::U64(53)),
    range: Some(61),
    ..SINCE_5
};

/// Versions 14, 16, 17, 20, 22, 23 and 24.
const SINCE_14: Layout = Layout {
    len: 86,
    jump: Some(13),
    time: Field::U64(14),
    voltage: 22,
    current: 26,
    amounts: Amounts::Four(38),
    clock: Clock::Unix(Field::U64(70)),
    range: Some(78),
    ..SINCE_11
};

/// The layout of a version of `.nda`, if it is one of those with such records.
pub(crate) fn of_nda(version: u8) -> Option<Layout> {
    Some(match version {
        3 | 4 => Layout { len: 43, amounts: Amounts::Charge(31), clock: Clock::None, ..SINCE_5 },
        5 | 7 => Layout { cycle_base: 1, ..SINCE_5 },
        6 | 8 => SINCE_5,
        9 => Layout {
            len: 60,
            zero_marks_rows: false,
            index: 2,
            cycle: 6,
            cycle_base: 1,
            step: Field::U8(10),
            step_type: 11,
            time: Field::U32(12),
            voltage: 16,
            current: 20,
            amounts: Amounts::ChargeAndEnergy(32),
            clock: Clock::Unix(Field::U64(48)),
            ..SINCE_5
        },
        10 => Layout {
            len: 64,
            zero_marks_rows: false,
            index: 2,
            cycle: 6,
            cycle_base: 1,
            step: Field::U8(10),
            step_type: 11,
            time: Field::U64(12),
            voltage: 20,
            current: 24,
            amounts: Amounts::ChargeAndEnergy(36),
            clock: Clock::Unix(Field::U64(52)),
            ..SINCE_5
        },
        11 | 12 | 13 | 15 | 18 => SINCE_11,
        14 | 16 | 17 | 20 | 22 | 23 | 24 => SINCE_14,
        19 => Layout {
            len: 68,
            index: 8,
            cycle: 12,
            step: Field::U16(16),
            step_type: 18,
            time: Field::U32(24),
            time_per_s: 1,
            voltage: 28,
            current: 32,
            amounts: Amounts::FourShort(44),
            clock: Clock::Unix(Field::U32(60)),
            range: None,
            ..SINCE_11
        },
        25 | 27 => Layout { len: 70, ..SINCE_11 },
        26 | 28 | 29 => Layout { clock: Clock::Local(70), step_splits: false, ..SINCE_14 },
        _ => return None,
    })
}

/// The layout of the rows of a version of `.ndc`, if it is one of those with such records.
pub(crate) fn of_ndc(version: u8) -> Option<Layout> {
    let five = Layout {
        len: 87,
        mark: 0,
        zero_marks_rows: false,
        index: 1,
        cycle: 5,
        cycle_base: 1,
        step: Field::U8(9),
        step_type: 10,
        jump: None,
        step_splits: true,
        time: Field::U64(16),
        time_per_s: 1000,
        voltage: 24,
        current: 28,
        amounts: Amounts::Four(36),
        clock: Clock::Local(68),
        range: Some(75),
    };
    match version {
        5 => Some(five),
        // The same with 7 bytes before it.
        2 | 4 => Some(Layout {
            len: 94,
            mark: 7,
            index: 8,
            cycle: 12,
            step: Field::U8(16),
            step_type: 17,
            time: Field::U64(23),
            voltage: 31,
            current: 35,
            amounts: Amounts::Four(43),
            clock: Clock::Local(75),
            range: Some(82),
            ..five
        }),
        _ => None,
    }
}
