//! The vendor's numbers for kinds of data and units.

use galvanome_model::signal::{Axis, AxisKind, axes};

/// Kinds of data that are looked for.
pub(super) const X: u32 = 3;
pub(super) const Y: u32 = 4;
pub(super) const Z: u32 = 5;
pub(super) const TEMPERATURE: u32 = 9;
pub(super) const TIME: u32 = 11;
pub(super) const FOCUS: u32 = 14;
pub(super) const CHECKSUM: u32 = 16;
pub(super) const FLAGS: u32 = 17;
pub(super) const ELAPSED: u32 = 18;

/// Windows' time as a unit.
pub(super) const FILE_TIME: u32 = 24;

/// Units by number.
const UNITS: [&str; 34] = [
    "",
    "1/cm",
    "1/cm",
    "nm",
    "eV",
    "um",
    "counts",
    "electrons",
    "mm",
    "m",
    "K",
    "Pa",
    "s",
    "ms",
    "h",
    "d",
    "px",
    "",
    "1",
    "deg",
    "rad",
    "degC",
    "degF",
    "K/min",
    "",
    "us",
    "V",
    "A",
    "mA",
    "1",
    "Ohm",
    "degR",
    "C",
    "pC",
];

/// A unit's name; empty where it is not known.
pub(super) fn unit(number: u32) -> &'static str {
    UNITS.get(number as usize).copied().unwrap_or("")
}

/// How many of a unit of length a metre has: a division keeps the last digit.
pub(super) fn in_a_metre(number: u32) -> Option<f64> {
    match number {
        3 => Some(1e9),
        5 => Some(1e6),
        8 => Some(1e3),
        9 => Some(1.0),
        _ => None,
    }
}

/// Seconds in a unit of time.
pub(super) fn seconds(number: u32) -> Option<f64> {
    match number {
        12 => Some(1.0),
        13 => Some(1e-3),
        14 => Some(3600.0),
        15 => Some(86400.0),
        25 => Some(1e-6),
        _ => None,
    }
}

/// The axis of spectra in a unit.
pub(super) fn spectral_axis(number: u32, points: Vec<f64>) -> Axis {
    let known = |kind: AxisKind, vendor: &str, points| Axis::of(kind, vendor, points);
    match number {
        1 => known(axes::RAMAN_SHIFT, "Raman shift", points),
        3 => known(axes::WAVELENGTH, "Wavelength", points),
        4 => known(axes::PHOTON_ENERGY, "Energy", points),
        5 => {
            let points = points.into_iter().map(|micrometres| micrometres * 1e3).collect();
            known(axes::WAVELENGTH, "Wavelength", points)
        }
        16 => known(axes::CHANNEL, "Pixel", points),
        2 => Axis {
            name: "wavenumber".to_owned(),
            unit: "1/cm".to_owned(),
            vendor_name: "Wavenumber".to_owned(),
            points,
        },
        other => Axis {
            name: "spectral".to_owned(),
            unit: unit(other).to_owned(),
            vendor_name: String::new(),
            points,
        },
    }
}
