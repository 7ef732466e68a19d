//! The area that a map was to cover (block `WMAP`).

use galvanome_model::signal::Position;

use crate::le::{f32_at, u32_at};

/// The points lie anywhere.
const RANDOM: u32 = 1;
/// Along y first, then along x.
const COLUMNS_FIRST: u32 = 1 << 1;
/// Every second row or column runs back.
const SNAKE: u32 = 1 << 2;
/// A line across, both coordinates growing at once.
const LINE: u32 = 1 << 7;

/// An area: start, step and number of points along x, y and z, in micrometres.
#[derive(Debug)]
pub(super) struct Area {
    flags: u32,
    start: [f64; 3],
    step: [f64; 3],
    points: [u32; 3],
}

impl Area {
    /// Reads the block; none where it is cut.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        bytes.get(..48)?;
        let three = |at: usize| [0, 4, 8].map(|place| f32_at(bytes, at + place));
        Some(Self {
            flags: u32_at(bytes, 0),
            start: three(8),
            step: three(20),
            points: [32, 36, 40].map(|at| u32_at(bytes, at)),
        })
    }

    /// What the metadata say of it.
    pub(super) fn told(&self) -> Vec<(&'static str, String)> {
        let list = |of: [String; 3]| of.join(" ");
        vec![
            ("flags", format!("{:#x}", self.flags)),
            ("start", list(self.start.map(|of| of.to_string()))),
            ("step", list(self.step.map(|of| of.to_string()))),
            ("points", list(self.points.map(|of| of.to_string()))),
        ]
    }

    /// The smallest step of those along which there is more than one point, in metres.
    pub(super) fn step_m(&self) -> Option<f64> {
        let steps = self.step.iter().zip(self.points).filter(|(_, points)| *points > 1);
        steps.map(|(step, _)| step.abs() / 1e6).filter(|step| *step > 0.0).reduce(f64::min)
    }

    /// Where the first `count` spectra were to be taken; none where the area does not say.
    pub(super) fn positions(&self, count: usize) -> Option<Vec<Position>> {
        let [x_points, y_points, z_points] = self.points.map(u64::from);
        let layer = x_points.checked_mul(y_points)?;
        let room = layer.checked_mul(z_points.max(1))?;
        if self.flags & RANDOM != 0 || room < count as u64 || layer == 0 {
            return None;
        }
        let at = |axis: usize, number: u64| -> Option<f64> {
            Some(self.start.get(axis)? + self.step.get(axis)? * number as f64)
        };
        let place = |number: u64| -> Option<Position> {
            let [x, y, z] = if self.flags & LINE != 0 {
                let along = number % x_points;
                [along, along, number / x_points]
            } else {
                let within = number % layer;
                let columns = self.flags & COLUMNS_FIRST != 0;
                let fast = if columns { y_points } else { x_points };
                let (slow_at, mut fast_at) = (within / fast, within % fast);
                if self.flags & SNAKE != 0 && slow_at % 2 == 1 {
                    fast_at = fast - 1 - fast_at;
                }
                let [x, y] = if columns { [slow_at, fast_at] } else { [fast_at, slow_at] };
                [x, y, number / layer]
            };
            let metres = |axis, number| -> Option<f64> { Some(at(axis, number)? / 1e6) };
            Some(Position { x_m: metres(0, x)?, y_m: metres(1, y)?, z_m: metres(2, z)? })
        };
        (0..count as u64).map(place).collect()
    }
}
