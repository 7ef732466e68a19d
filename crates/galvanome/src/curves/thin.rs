//! Curves as a screen shows them: of each column of pixels the least and the greatest value, so that none is lost.

use std::io;
use std::ops::Range;

use super::read::{Columns, Cursor};

/// A curve as it is shown.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series {
    /// What it is: the name of a column, `cycle 3 charge`.
    pub name: String,
    /// Horizontal values.
    pub x: Vec<f64>,
    /// Vertical values, as many; NaN where the curve is broken.
    pub y: Vec<f64>,
    /// How many rows it stands for.
    pub rows: u64,
    /// Whether each of them is a point of it.
    pub whole: bool,
}

/// What part of a curve is looked at, and how finely.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// From this horizontal value; none for the beginning.
    pub from: Option<f64>,
    /// To this one; none for the end.
    pub to: Option<f64>,
    /// Columns of pixels.
    pub width: usize,
}

/// The fewest and the most columns of pixels.
pub const WIDTHS: Range<usize> = 16..8193;

impl View {
    /// The whole of a curve.
    pub const fn whole(width: usize) -> Self {
        Self { from: None, to: None, width }
    }

    /// Where it begins and ends on a curve that spans a range, with its columns of pixels. A view without extent, or
    /// of numbers that are none, is that of the whole curve.
    pub fn on(&self, span: (f64, f64)) -> (f64, f64, usize) {
        let (from, to) = (self.from.unwrap_or(span.0), self.to.unwrap_or(span.1));
        let width = self.width.clamp(WIDTHS.start, WIDTHS.end - 1);
        if from.is_finite() && to.is_finite() && from < to {
            (from, to, width)
        } else {
            (span.0, span.1, width)
        }
    }
}

/// Below so many rows for each column of pixels every row is a point.
pub(super) const ROWS_PER_PIXEL: u64 = 4;

/// Some columns of a table against one that never falls, as a view shows them: the rows within it and one on either
/// side, whole where they are few, else the least and the greatest of each column of pixels at the places where they are.
pub(super) fn window(
    columns: &Columns,
    table: usize,
    x: usize,
    ys: &[usize],
    view: (f64, f64, usize),
) -> io::Result<Vec<Series>> {
    let (from, to, width) = view;
    let mut across = Cursor::new(columns, table, x)?;
    let begin = across.first_at(from)?.saturating_sub(1);
    let end = across.first_at(to.next_up())? + 1;
    let rows = columns.contents().tables.get(table).map_or(0, |table| table.rows);
    let seen = begin..end.min(rows).max(begin);
    let name = |column: usize| {
        let facts = columns.contents().tables.get(table)?.columns.get(column)?;
        Some(facts.head.name.clone())
    };
    let count = seen.end - seen.start;
    if count <= ROWS_PER_PIXEL * width as u64 {
        let x = columns.numbers(table, x, seen.clone())?;
        let whole = |column: &usize| {
            let y = columns.numbers(table, *column, seen.clone())?;
            let name = name(*column).unwrap_or_default();
            Ok(Series { name, x: x.clone(), y, rows: count, whole: true })
        };
        return ys.iter().map(whole).collect();
    }
    let step = (to - from) / width as f64;
    let mut edges = Vec::with_capacity(width + 1);
    edges.push(seen.start);
    for pixel in 1..width {
        edges.push(across.first_at(from + pixel as f64 * step)?.clamp(seen.start, seen.end));
    }
    edges.push(seen.end);
    let mut out = Vec::with_capacity(ys.len());
    for &column in ys {
        let mut up = Cursor::new(columns, table, column)?;
        let mut series = Series { rows: count, ..Series::default() };
        series.name = name(column).unwrap_or_default();
        for pixel in edges.windows(2) {
            let [first, next] = *pixel else { continue };
            if first >= next {
                continue;
            }
            let node = up.extremes(first..next)?;
            if node.is_empty() {
                series.x.push(across.value(first)?);
                series.y.push(f64::NAN);
                continue;
            }
            let mut both = [(node.min_row, node.min), (node.max_row, node.max)];
            both.sort_by_key(|(row, _)| *row);
            let [early, late] = both;
            for (row, value) in
                [Some(early), Some(late).filter(|late| late.0 != early.0)].into_iter().flatten()
            {
                series.x.push(across.value(row)?);
                series.y.push(value);
            }
        }
        out.push(series);
    }
    Ok(out)
}

/// Points that come one by one in any order along the horizontal, thinned to what a view shows. Memory is bounded by
/// the view.
pub(super) struct Thinner {
    from: f64,
    to: f64,
    pixels: Vec<Pixel>,
    few: Option<Vec<(f64, f64)>>,
    rows: u64,
}

#[derive(Clone, Copy)]
struct Pixel {
    /// Which point came first, the least, the greatest and the last, with their order.
    points: [(u64, f64, f64); 4],
    any: bool,
}

impl Thinner {
    /// For a view.
    pub(super) fn new((from, to, width): (f64, f64, usize)) -> Self {
        let none = Pixel { points: [(0, 0.0, 0.0); 4], any: false };
        Self { from, to, pixels: vec![none; width], few: Some(Vec::new()), rows: 0 }
    }

    /// Takes a point in. Those beyond the view are left out.
    pub(super) fn point(&mut self, x: f64, y: f64) {
        if !(x >= self.from && x <= self.to && y.is_finite()) {
            return;
        }
        self.rows += 1;
        if let Some(few) = &mut self.few {
            if (few.len() as u64) < ROWS_PER_PIXEL * self.pixels.len() as u64 {
                few.push((x, y));
            } else {
                self.few = None;
            }
        }
        let share = (x - self.from) / (self.to - self.from);
        let last = self.pixels.len().saturating_sub(1);
        let at = ((share * self.pixels.len() as f64) as usize).min(last);
        let Some(pixel) = self.pixels.get_mut(at) else { return };
        let point = (self.rows, x, y);
        if !pixel.any {
            *pixel = Pixel { points: [point; 4], any: true };
            return;
        }
        let [_, least, greatest, newest] = &mut pixel.points;
        if y < least.2 {
            *least = point;
        }
        if y > greatest.2 {
            *greatest = point;
        }
        *newest = point;
    }

    /// The curve.
    pub(super) fn finish(self, name: String) -> Series {
        let rows = self.rows;
        if let Some(few) = self.few {
            let (x, y) = few.into_iter().unzip();
            return Series { name, x, y, rows, whole: true };
        }
        let mut points: Vec<(u64, f64, f64)> = self
            .pixels
            .into_iter()
            .filter(|pixel| pixel.any)
            .flat_map(|pixel| pixel.points)
            .collect();
        points.sort_by_key(|(order, ..)| *order);
        points.dedup_by_key(|(order, ..)| *order);
        let (x, y) = points.into_iter().map(|(_, x, y)| (x, y)).unzip();
        Series { name, x, y, rows, whole: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_that_is_none_is_the_whole() {
        for (from, to, expected) in [
            (None, None, (0.0, 10.0)),
            (Some(2.0), None, (2.0, 10.0)),
            (None, Some(3.0), (0.0, 3.0)),
            (Some(3.0), Some(3.0), (0.0, 10.0)),
            (Some(f64::NAN), Some(3.0), (0.0, 10.0)),
            (Some(4.0), Some(3.0), (0.0, 10.0)),
        ] {
            let (low, high, width) = View { from, to, width: 1 }.on((0.0, 10.0));
            assert_eq!((low, high, width), (expected.0, expected.1, 16), "{from:?} {to:?}");
        }
    }

    #[test]
    fn thinning_keeps_every_extreme() {
        let mut thinner = Thinner::new((0.0, 1000.0, 20));
        let value = |row: u32| if row == 777 { 9.0 } else { f64::from(row % 7) };
        for row in 0..1000 {
            thinner.point(f64::from(row), value(row));
        }
        let series = thinner.finish("x".to_owned());
        assert_eq!((series.rows, series.whole), (1000, false));
        assert!(series.y.contains(&9.0) && series.x.contains(&777.0));
        assert!(series.x.len() <= 80 && series.x.is_sorted());
    }
}
