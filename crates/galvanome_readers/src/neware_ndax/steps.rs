//! The steps of a test: `data_step.ndc`.

use std::io;

use super::pages::Stream;
use crate::le::{u8_at, u32_at};

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) cycle: u32,
    pub(super) id: u32,
    pub(super) kind: u8,
    /// The place of its first row; 0 when it is not told.
    first: u32,
}

/// The steps of a test, in order.
#[derive(Debug, Default)]
pub(super) struct Steps {
    pub(super) all: Vec<Step>,
    /// Whether they say where they begin, so that a row's step is known without `runInfo`.
    pub(super) by_place: bool,
    /// Whether steps may be missing behind the last one.
    cut: bool,
}

/// Steps that are kept at most.
const STEPS_MAX: usize = 4_000_000;

impl Steps {
    /// Reads them. Errors when the source cannot be read.
    pub(super) fn read(stream: &mut Stream) -> io::Result<Self> {
        let mut steps: Vec<Step> = Vec::new();
        while let Some((_, row)) = stream.next()? {
            if steps.len() >= STEPS_MAX {
                break;
            }
            steps.push(Step {
                cycle: u32_at(row, 0),
                id: u32_at(row, 4),
                kind: u8_at(row, 24),
                first: u32_at(row, 33),
            });
        }
        let starts = steps.first().is_some_and(|step| step.first == 1);
        let by_place = starts && steps.is_sorted_by(|a, b| a.first < b.first);
        Ok(Self { all: steps, by_place, cut: stream.pages.wrong.is_cut() })
    }

    /// The place behind the step of a row, as far as steps say where they begin.
    pub(super) fn end_of(&self, place: u64) -> u64 {
        let count = self.all.partition_point(|step| u64::from(step.first) <= place);
        let next = self.all.get(count).filter(|_| self.by_place);
        next.map_or(u64::MAX, |next| u64::from(next.first))
    }

    /// The number of the step of a row, from 1, where the steps say it: where the last one ends is not told.
    pub(super) fn of_place(&self, place: u64) -> Option<usize> {
        let count = self.all.partition_point(|step| u64::from(step.first) <= place);
        (self.by_place && !(self.cut && count == self.all.len())).then_some(count)
    }
}
