//! Curves: as bytes, as JSON, as a table.

use std::fmt::Write as _;

use galvanome::curves::{Impedance, Series, Slice};
use serde::Serialize;
use utoipa::ToSchema;

use super::SCHEMA;

/// The first bytes of curves as bytes.
const MAGIC: &[u8; 4] = b"GVW1";

/// Bytes of the head of one curve.
const HEAD: usize = 24;

/// Curves as bytes, little-endian, every number at a multiple of 8.
///
/// `GVW1`, then how many curves there are as a 32-bit number; then for each curve 24 bytes: points (64 bits), rows that it
/// stands for (64 bits), whether every row is a point (64 bits, 1 or 0); then the length of their names in bytes (64 bits)
/// and the names, a line each, filled up with zeros; then for each curve its horizontal values and its vertical
/// values as 64-bit floats. NaN breaks a curve.
pub fn bytes_of(all: &[Series]) -> Vec<u8> {
    let points: usize = all.iter().map(|series| series.x.len()).sum();
    let mut out = Vec::with_capacity(8 + all.len() * (HEAD + 32) + 16 * points);
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&u32::try_from(all.len()).unwrap_or(u32::MAX).to_le_bytes());
    for series in all {
        out.extend_from_slice(&(series.x.len() as u64).to_le_bytes());
        out.extend_from_slice(&series.rows.to_le_bytes());
        out.extend_from_slice(&u64::from(series.whole).to_le_bytes());
    }
    let names = all.iter().map(|series| series.name.as_str()).collect::<Vec<_>>().join("\n");
    out.extend_from_slice(&(names.len() as u64).to_le_bytes());
    out.extend_from_slice(names.as_bytes());
    out.resize(out.len().next_multiple_of(8), 0);
    for series in all {
        for value in series.x.iter().chain(&series.y) {
            out.extend_from_slice(&value.to_le_bytes());
        }
    }
    out
}

/// A curve.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SeriesOut {
    /// What it is: the name of a column, `cycle 3 charge`.
    pub name: String,
    /// How many rows it stands for.
    pub rows: u64,
    /// Whether each of them is a point; otherwise the least and the greatest of each column of pixels are.
    pub whole: bool,
    /// Horizontal values.
    pub x: Vec<f64>,
    /// Vertical values, as many; null where the curve is broken.
    pub y: Vec<Option<f64>>,
}

/// Curves.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CurvesOut {
    /// The number of this set of shapes.
    pub schema: u32,
    /// The curves.
    pub series: Vec<SeriesOut>,
}

impl CurvesOut {
    /// The document of some curves.
    pub fn of(all: Vec<Series>) -> Self {
        let series = all
            .into_iter()
            .map(|series| SeriesOut {
                name: series.name,
                rows: series.rows,
                whole: series.whole,
                x: series.x,
                y: series.y.into_iter().map(|y| Some(y).filter(|y| y.is_finite())).collect(),
            })
            .collect();
        Self { schema: SCHEMA, series }
    }
}

/// Curves against one axis as a table: a row for each horizontal value, empty cells where a curve has no point there.
pub fn csv_of(x_name: &str, all: &[Series]) -> String {
    let mut out = quoted(x_name);
    for series in all {
        out.push(',');
        out.push_str(&quoted(&series.name));
    }
    out.push('\n');
    let mut at = vec![0; all.len()];
    loop {
        let next = all
            .iter()
            .zip(&at)
            .filter_map(|(series, at)| series.x.get(*at).copied())
            .min_by(f64::total_cmp);
        let Some(x) = next else { return out };
        let _ = write!(out, "{x}");
        for (series, at) in all.iter().zip(&mut at) {
            out.push(',');
            if series.x.get(*at) == Some(&x) {
                if let Some(y) = series.y.get(*at).filter(|y| y.is_finite()) {
                    let _ = write!(out, "{y}");
                }
                *at += 1;
            }
        }
        out.push('\n');
    }
}

/// Curves of which each has horizontal values of its own, as a table: the curve, then its point.
pub fn long_csv_of(x_name: &str, y_name: &str, all: &[Series]) -> String {
    let mut out = format!("curve,{},{}\n", quoted(x_name), quoted(y_name));
    for series in all {
        let name = quoted(&series.name);
        for (x, y) in series.x.iter().zip(&series.y).filter(|(_, y)| y.is_finite()) {
            let _ = writeln!(out, "{name},{x},{y}");
        }
    }
    out
}

/// What every slice of an image or volume holds, as a table.
pub fn profile_csv_of(depths: &[f64], slices: &[Slice]) -> String {
    let mut out = "slice,depth,mean,standard_deviation,min,max\n".to_owned();
    for (number, (depth, slice)) in (1..).zip(depths.iter().zip(slices)) {
        let Slice { mean, deviation, min, max } = slice;
        let _ = writeln!(out, "{number},{depth},{mean},{deviation},{min},{max}");
    }
    out
}

/// The points of spectra of impedance as a table: the spectrum, then everything that is known of the point.
pub fn impedance_csv_of(all: &[Impedance]) -> String {
    let mut out = "spectrum,frequency_hertz,real_impedance_ohm,imaginary_impedance_ohm,absolute_impedance_ohm,phase_degree\n".to_owned();
    for spectrum in all {
        let moduli = spectrum.modulus_ohm();
        let phases = spectrum.phase_degree();
        let parts = spectrum.real_ohm.iter().zip(&spectrum.imaginary_ohm);
        let derived = moduli.iter().zip(&phases);
        for ((frequency, (real, imaginary)), (modulus, phase)) in
            spectrum.frequency_hz.iter().zip(parts).zip(derived)
        {
            let _ = writeln!(
                out,
                "{},{frequency},{real},{imaginary},{modulus},{phase}",
                spectrum.number
            );
        }
    }
    out
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(name: &str, x: &[f64], y: &[f64]) -> Series {
        Series { name: name.to_owned(), x: x.into(), y: y.into(), rows: 9, whole: false }
    }

    #[test]
    fn tables_have_a_row_for_each_place() {
        let all =
            [series("a", &[0.0, 1.0, 1.0], &[3.5, 4.0, f64::NAN]), series("b,c", &[1.0], &[2.0])];
        assert_eq!(csv_of("t", &all), "t,a,\"b,c\"\n0,3.5,\n1,4,2\n1,,\n");
        assert_eq!(long_csv_of("t", "y", &all), "curve,t,y\na,0,3.5\na,1,4\n\"b,c\",1,2\n");
    }

    #[test]
    fn spectra_tell_both_ways_of_writing_impedance() {
        let spectrum = Impedance {
            number: 2,
            frequency_hz: vec![10.0],
            real_ohm: vec![3.0],
            imaginary_ohm: vec![-4.0],
            rows: 1,
        };
        let text = impedance_csv_of(&[spectrum]);
        let row = text.lines().nth(1).unwrap_or_default();
        assert!(row.starts_with("2,10,3,-4,5,-53.13"), "{row}");
    }

    #[test]
    fn bytes_are_laid_out_as_they_are_described() {
        let bytes = bytes_of(&[series("a", &[1.5], &[2.5])]);
        assert_eq!(bytes.len(), 8 + 24 + 16 + 16);
        assert_eq!(&bytes[..8], b"GVW1\x01\0\0\0");
        assert_eq!(&bytes[8..16], &1_u64.to_le_bytes());
        assert_eq!(&bytes[16..24], &9_u64.to_le_bytes());
        assert_eq!(&bytes[24..32], &0_u64.to_le_bytes());
        assert_eq!(&bytes[32..48], b"\x01\0\0\0\0\0\0\0a\0\0\0\0\0\0\0");
        assert_eq!(&bytes[48..56], &1.5_f64.to_le_bytes());
        assert_eq!(&bytes[56..], &2.5_f64.to_le_bytes());
    }
}
