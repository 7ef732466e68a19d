//! Numbers in fields of fixed width, as Fortran writes them: they may touch, and their decimal point may be left off.

use crate::text::number::{Cell, Decimal, parse};

/// The fields of one point: how wide each is, and how many digits stand behind a decimal point that is left off.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    pub(super) widths: &'static [(usize, u32)],
}

impl Fields {
    /// Bytes of one point.
    pub(super) fn width(self) -> usize {
        self.widths.iter().map(|(width, _)| width).sum()
    }

    /// Takes the points of a line: `take` gets the fields of each, where NaN stands for an empty one, and says whether it
    /// wants more. False when the line is not written in such fields.
    pub(super) fn points(self, line: &[u8], mut take: impl FnMut(&[f64]) -> bool) -> bool {
        let line = line.trim_ascii_end();
        let mut point = Vec::with_capacity(self.widths.len());
        for cells in line.chunks(self.width().max(1)) {
            point.clear();
            let mut at = 0;
            for &(width, digits) in self.widths {
                let cell = cells.get(at..cells.len().min(at + width)).unwrap_or_default();
                let Some(number) = field(cell, digits) else { return false };
                point.push(number);
                at += width;
            }
            if !take(&point) {
                break;
            }
        }
        true
    }
}

/// A number in a field; NaN when nothing is in it, none when it is something else.
fn field(cell: &[u8], digits: u32) -> Option<f64> {
    let cell = cell.trim_ascii();
    if cell.is_empty() {
        return Some(f64::NAN);
    }
    match parse(cell, Decimal::Point) {
        Cell::Number(number) if digits > 0 && !cell.contains(&b'.') => {
            Some(number / 10f64.powi(digits.cast_signed()))
        }
        Cell::Number(number) => Some(number),
        Cell::Missing | Cell::Infinite => Some(f64::NAN),
        Cell::Other => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STD: &[(usize, u32)] = &[(2, 0), (6, 0)];

    #[test]
    fn fields_may_touch() {
        let check = |widths: &'static [(usize, u32)], line: &str, expected: Option<&[f64]>| {
            let mut found = Vec::new();
            let fields = Fields { widths };
            let all = fields.points(line.as_bytes(), |point| {
                found.extend(
                    point.iter().map(|number| if number.is_nan() { -1.0 } else { *number }),
                );
                true
            });
            assert_eq!(all.then_some(found.as_slice()), expected, "{line}");
        };
        check(
            STD,
            "     609 2   61213123456    12.5  ",
            Some(&[-1.0, 609.0, 2.0, 612.0, 13.0, 123_456.0, -1.0, 12.5]),
        );
        check(STD, "609 612 673", None);
        check(STD, "BANK 2 100", None);
        check(&[(8, 0), (7, 4), (5, 4)], "   48008 235511 3757", Some(&[48008.0, 23.5511, 0.3757]));
        check(&[(8, 0), (7, 4), (5, 4)], "   48008 23.551 0.37", Some(&[48008.0, 23.551, 0.37]));
    }
}
