//! A signal as a table, for files that hold one table: a row for each value.

use galvanome_model::measurement::{ColumnHead, Origin, Values};
use galvanome_model::signal::{Position, Signal};

use super::{Kind, NewColumn};
use crate::columns::unique;

/// Values of a signal that become rows at once.
const BATCH: usize = 1 << 16;

/// A signal on its way into a table: its axes from the slowest to the fastest, where each spectrum was taken, the value
/// and, where the file gives it, the standard uncertainty.
pub(super) struct SignalTable<'a> {
    signal: &'a Signal,
    /// Of each axis, how many rows one of its points stays.
    strides: Vec<usize>,
}

impl<'a> SignalTable<'a> {
    pub(super) fn of(signal: &'a Signal) -> Self {
        let mut strides = vec![1_usize; signal.axes.len()];
        for place in (1..strides.len()).rev() {
            let points = signal.axes.get(place).map_or(1, |axis| axis.points.len().max(1));
            let next = strides.get(place).copied().unwrap_or(1).saturating_mul(points);
            if let Some(stride) = strides.get_mut(place - 1) {
                *stride = next;
            }
        }
        Self { signal, strides }
    }

    /// What the table is called: as the file calls the signal, or by what it is.
    pub(super) fn name(&self) -> &'a str {
        if self.signal.label.is_empty() { &self.signal.name } else { &self.signal.label }
    }

    pub(super) fn columns(&self) -> Vec<NewColumn> {
        let head = |name: &str, unit: &str, vendor_name: &str| ColumnHead {
            name: name.to_owned(),
            unit: unit.to_owned(),
            vendor_name: vendor_name.to_owned(),
            origin: Origin::Stored,
        };
        let signal = self.signal;
        let axes = &signal.axes;
        let mut heads: Vec<ColumnHead> =
            axes.iter().map(|axis| head(&axis.name, &axis.unit, &axis.vendor_name)).collect();
        if !signal.positions.is_empty() {
            heads.extend(["x", "y", "z"].map(|name| head(name, "m", "")));
        }
        heads.push(head(&signal.name, &signal.unit, &signal.label));
        if !signal.uncertainties.is_empty() {
            heads.push(head(&format!("{}_uncertainty", signal.name), &signal.unit, ""));
        }
        unique(heads.iter_mut().map(|head| &mut head.name).zip(0..));
        heads.into_iter().map(|head| NewColumn { head, kind: Kind::Number }).collect()
    }

    /// The rows, batch by batch.
    pub(super) fn batches(&self) -> impl Iterator<Item = Vec<Values>> + '_ {
        (0..self.signal.values.len()).step_by(BATCH).map(|begin| self.batch(begin))
    }

    fn batch(&self, begin: usize) -> Vec<Values> {
        let signal = self.signal;
        let rows = begin..signal.values.len().min(begin + BATCH);
        let mut columns: Vec<Vec<f64>> = signal
            .axes
            .iter()
            .zip(&self.strides)
            .map(|(axis, stride)| {
                let point = |row: usize| {
                    let place = (row / stride).checked_rem(axis.points.len())?;
                    axis.points.get(place).copied()
                };
                rows.clone().map(|row| point(row).unwrap_or(f64::NAN)).collect()
            })
            .collect();
        if !signal.positions.is_empty() {
            let len = signal.spectrum_len().max(1);
            let place = |row: usize| signal.positions.get(row / len);
            let parts: [fn(&Position) -> f64; 3] = [|at| at.x_m, |at| at.y_m, |at| at.z_m];
            for part in parts {
                columns.push(rows.clone().map(|row| place(row).map_or(f64::NAN, part)).collect());
            }
        }
        columns.push(signal.values.get(rows.clone()).unwrap_or_default().to_vec());
        if !signal.uncertainties.is_empty() {
            let of = |row: usize| signal.uncertainties.get(row).copied().unwrap_or(f64::NAN);
            columns.push(rows.map(of).collect());
        }
        columns.into_iter().map(Values::Number).collect()
    }
}
