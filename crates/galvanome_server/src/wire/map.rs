//! A map in numbers.

use galvanome::curves::{Grid, Raster};
use serde::Serialize;
use utoipa::ToSchema;

use super::SCHEMA;

/// A map: a value for each pixel of a grid, and which spectrum lies there.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MapOut {
    /// The number of this set of shapes.
    pub schema: u32,
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// What the grid spans across, in metres.
    pub x_m: [f64; 2],
    /// What it spans down, in metres; the first row has the first of them.
    pub y_m: [f64; 2],
    /// What the ends of the colour scale stand for.
    pub ends: [f64; 2],
    /// A value for each pixel, row by row; null where nothing was measured.
    pub values: Vec<Option<f64>>,
    /// The spectrum at each pixel, from 1; null where there is none.
    pub spectra: Vec<Option<usize>>,
}

impl MapOut {
    /// The document of a map.
    pub fn of(grid: &Grid, raster: &Raster, ends: (f64, f64)) -> Self {
        let mut spectra = vec![None; grid.width * grid.height];
        for (number, pixel) in (1..).zip(&grid.pixels) {
            if let Some(slot) = pixel.and_then(|pixel| spectra.get_mut(pixel)) {
                *slot = Some(number);
            }
        }
        let values = raster.values.iter().map(|value| Some(*value).filter(|v| v.is_finite()));
        Self {
            schema: SCHEMA,
            width: grid.width,
            height: grid.height,
            x_m: [grid.x_m.0, grid.x_m.1],
            y_m: [grid.y_m.0, grid.y_m.1],
            ends: [ends.0, ends.1],
            values: values.collect(),
            spectra,
        }
    }
}
