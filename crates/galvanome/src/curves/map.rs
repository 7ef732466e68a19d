//! A map: where on the sample each spectrum was taken, as a grid of pixels.

use galvanome_model::signal::Position;

use super::signals::Raster;

/// Places on a grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// What the grid spans across, in metres.
    pub x_m: (f64, f64),
    /// What it spans down, in metres: the first row has the least.
    pub y_m: (f64, f64),
    /// The pixel of each spectrum, counted row by row; none where its place is not known.
    pub pixels: Vec<Option<usize>>,
}

/// Pixels of a grid, at most.
const MOST_PIXELS: usize = 1 << 22;

/// Part of the extent within which coordinates are the same: stages do not come back to the last nanometre.
const SAME: f64 = 1e-4;

/// The values that coordinates have, rising, those that differ by less than the stage tells taken together.
fn steps(coordinates: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut all: Vec<f64> = coordinates.filter(|value| value.is_finite()).collect();
    all.sort_by(f64::total_cmp);
    let extent = all.last().zip(all.first()).map_or(0.0, |(last, first)| last - first);
    all.dedup_by(|next, before| *next - *before <= SAME * extent);
    all
}

/// The step of a grid: the median distance of neighbours.
fn step(values: &[f64]) -> Option<f64> {
    let mut apart: Vec<f64> =
        values.iter().zip(values.iter().skip(1)).map(|(a, b)| b - a).collect();
    apart.sort_by(f64::total_cmp);
    apart.get(apart.len() / 2).copied()
}

/// The places as a grid; none when they do not spread over both directions.
pub(super) fn grid(places: &[Position]) -> Option<Grid> {
    let x = steps(places.iter().map(|place| place.x_m));
    let y = steps(places.iter().map(|place| place.y_m));
    let (across, down) = (step(&x)?, step(&y)?);
    let count = |values: &[f64], step: f64| {
        let extent = values.last()? - values.first()?;
        let count = (extent / step).round() + 1.0;
        (count.is_finite() && count < 1e6).then_some(count as usize)
    };
    let (mut width, mut height) = (count(&x, across)?, count(&y, down)?);
    // Places in no regular order get a grid with room for each.
    if width.saturating_mul(height) > MOST_PIXELS.min(16 * places.len().max(16)) {
        let side = (places.len() as f64).sqrt().ceil() as usize * 2;
        (width, height) = (side.clamp(2, 1024), side.clamp(2, 1024));
    }
    let (x_m, y_m) = ((*x.first()?, *x.last()?), (*y.first()?, *y.last()?));
    let at = |value: f64, (low, high): (f64, f64), count: usize| {
        let share = (value - low) / (high - low);
        let place = (share * (count - 1) as f64).round();
        (place >= 0.0 && place < count as f64).then_some(place as usize)
    };
    let pixels = places
        .iter()
        .map(|place| Some(at(place.y_m, y_m, height)? * width + at(place.x_m, x_m, width)?))
        .collect();
    Some(Grid { width, height, x_m, y_m, pixels })
}

impl Grid {
    /// A value for each spectrum on the grid; where several share a pixel, the last one.
    pub(super) fn raster(&self, values: &[f64]) -> Raster {
        let mut all = vec![f64::NAN; self.width * self.height];
        for (pixel, value) in self.pixels.iter().zip(values) {
            if let Some(slot) = pixel.and_then(|pixel| all.get_mut(pixel)) {
                *slot = *value;
            }
        }
        Raster { width: self.width, height: self.height, values: all }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f64, y: f64) -> Position {
        Position { x_m: x * 1e-6, y_m: y * 1e-6, z_m: f64::NAN }
    }

    fn check(places: &[Position], expected: Option<(usize, usize, &[Option<usize>])>) {
        let found = grid(places);
        let found = found.as_ref().map(|grid| (grid.width, grid.height, grid.pixels.as_slice()));
        assert_eq!(found, expected);
    }

    #[test]
    fn places_lie_on_a_grid() {
        // A snake over three by two places, with a stage that is not quite exact.
        let snake = [
            at(0.0, 0.0),
            at(1.0, 0.0),
            at(2.000_01, 0.0),
            at(2.0, 1.0),
            at(1.0, 1.0),
            at(0.0, 1.0),
        ];
        let pixels = [0, 1, 2, 5, 4, 3].map(Some);
        check(&snake, Some((3, 2, &pixels)));
        // One that was interrupted, and a place that is not known.
        check(&snake[..4], Some((3, 2, &pixels[..4])));
        check(
            &[at(0.0, 0.0), at(1.0, 1.0), at(f64::NAN, 0.0)],
            Some((2, 2, &[Some(0), Some(3), None])),
        );
        // A line and a point are no maps.
        check(&snake[..3], None);
        check(&[at(0.0, 0.0)], None);
        check(&[], None);
    }

    #[test]
    fn a_raster_has_holes_where_nothing_was_measured() {
        let grid = grid(&[at(0.0, 0.0), at(1.0, 0.0), at(0.0, 1.0)]).unwrap();
        let raster = grid.raster(&[1.0, 2.0, 3.0]);
        assert_eq!(raster.values[..3], [1.0, 2.0, 3.0]);
        assert!(raster.values[3].is_nan());
    }
}
