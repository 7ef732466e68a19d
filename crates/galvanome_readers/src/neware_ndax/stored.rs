//! Rows of `data_runInfo.ndc`: time, charge and energy of some of the rows.

use super::family::Family;
use crate::le::{f32_at, i16_at, i32_at, u32_at};

/// A row of `runInfo`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stored {
    pub(super) step_ms: u64,
    /// Charged and discharged charge, charged and discharged energy.
    pub(super) amounts: [f64; 4],
    /// To the next row.
    pub(super) interval_ms: u64,
    /// Since 1970; 0 when it is not told.
    pub(super) unix_ms: u64,
    pub(super) step: u32,
    pub(super) place: u64,
}

impl Stored {
    pub(super) fn read(family: &Family, row: &[u8]) -> Self {
        let behind = family.run_behind;
        let amount = |which: usize| f32_at(row, 5 + 4 * which).abs() / family.per_ah;
        let millis = if family.run_millis { i16_at(row, behind + 16).max(0) } else { 0 };
        let seconds = u64::from(u32_at(row, behind + 4));
        Self {
            step_ms: u64::from(u32_at(row, 0)),
            amounts: [amount(0), amount(1), amount(2), amount(3)],
            interval_ms: u64::from(i32_at(row, behind).max(0).unsigned_abs()),
            unix_ms: if seconds == 0 {
                0
            } else {
                seconds * 1000 + u64::from(millis.unsigned_abs())
            },
            step: u32_at(row, behind + 8),
            place: u64::from(u32_at(row, behind + 12)),
        }
    }
}
