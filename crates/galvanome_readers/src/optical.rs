//! What texts and XML of optical spectrometers have in common: the words they use for axes and units, and what counts the
//! spectra of a map or series.

use galvanome_model::signal::{Axis, Counting, Position, axes};

use crate::text::number::{Cell, Decimal, parse};

/// The number that a text is; NaN where it is none.
pub(crate) fn number_of(text: &str) -> f64 {
    match parse(text.trim().as_bytes(), Decimal::Point) {
        Cell::Number(number) => number,
        _ => f64::NAN,
    }
}

/// Something that is said of each spectrum: where, when or under which circumstance it was taken.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lead {
    /// Its name in the file: `X`, `Time`.
    pub(crate) name: String,
    /// Its unit in the file; empty where it does not say.
    pub(crate) unit: String,
    /// One number for each spectrum.
    pub(crate) points: Vec<f64>,
}

/// A unit without the signs that differ between texts: `cm⁻¹`, `cm-1`, `rel. 1/cm`.
fn plain(unit: &str) -> String {
    let unit =
        unit.trim().replace(['µ', 'μ'], "u").replace(['⁻', '−', '–'], "-").replace(['¹'], "1");
    unit.to_lowercase()
}

/// The axis along which the points of spectra run, by its unit.
pub(crate) fn spectral_axis(unit: &str, vendor_name: &str, points: Vec<f64>) -> Axis {
    let scaled = |by: f64| points.iter().map(|point| point * by).collect();
    match plain(unit).as_str() {
        "1/cm" | "cm-1" | "rel. 1/cm" | "rel. cm-1" | "r1/cm" | "delta 1/cm" => {
            Axis::of(axes::RAMAN_SHIFT, vendor_name, points)
        }
        "nm" | "nanometer" | "nanometre" | "nanometers" => {
            Axis::of(axes::WAVELENGTH, vendor_name, points)
        }
        "um" | "micrometer" => Axis::of(axes::WAVELENGTH, vendor_name, scaled(1e3)),
        "ev" | "electronvolt" => Axis::of(axes::PHOTON_ENERGY, vendor_name, points),
        "mev" => Axis::of(axes::PHOTON_ENERGY, vendor_name, scaled(1e-3)),
        "pixel" | "pixels" | "px" | "pix" => Axis::of(axes::CHANNEL, vendor_name, points),
        "abs. 1/cm" | "wavenumber" => Axis {
            name: "wavenumber".to_owned(),
            unit: "1/cm".to_owned(),
            vendor_name: vendor_name.to_owned(),
            points,
        },
        _ => Axis {
            name: "spectral".to_owned(),
            unit: unit.trim().to_owned(),
            vendor_name: vendor_name.to_owned(),
            points,
        },
    }
}

/// The unit of the values: `counts`, `counts/s`, or what the file says.
pub(crate) fn values_unit(unit: &str) -> String {
    let known = match plain(unit).as_str() {
        "cnt" | "cnts" | "cts" | "counts" | "count" | "ccd cts" | "ccd counts" => "counts",
        "cnt/sec" | "cnt/s" | "cts/s" | "counts/s" | "counts/sec" | "cps" | "ccd cts/s" => {
            "counts/s"
        }
        "a.u." | "arb. u." | "arb.u." | "arbitrary" | "arb. units" => "",
        _ => unit.trim(),
    };
    known.to_owned()
}

/// Metres in a unit of length.
pub(crate) fn metres(unit: &str) -> Option<f64> {
    Some(match plain(unit).as_str() {
        "um" | "micrometer" | "micron" | "microns" => 1e-6,
        "nm" | "nanometer" => 1e-9,
        "mm" | "millimeter" => 1e-3,
        "m" => 1.0,
        _ => return None,
    })
}

/// How values were counted that are in counts or counts per second: by exposures of so many seconds. Seconds that the file
/// does not give are NaN.
pub(crate) fn counting(unit: &str, exposure_s: f64, exposures: f64) -> Option<Counting> {
    let live_time_s = exposure_s * exposures.max(1.0);
    match unit {
        "counts" => Some(Counting { live_time_s, counts_per_unit: 1.0 }),
        "counts/s" if live_time_s > 0.0 && live_time_s.is_finite() => {
            Some(Counting { live_time_s, counts_per_unit: live_time_s })
        }
        _ => None,
    }
}

/// What counts the spectra, where each was taken, and whether a length without a unit was taken as micrometres.
pub(crate) struct Places {
    /// The axis of the spectra.
    pub(crate) axis: Axis,
    /// A place for each spectrum; empty where there is none.
    pub(crate) positions: Vec<Position>,
    /// Whether a unit was assumed.
    pub(crate) assumed: bool,
}

/// The places of `spectra` spectra by what is said of each.
pub(crate) fn places(leads: &[Lead], spectra: usize) -> Places {
    let counted =
        || Axis::of(axes::SPECTRUM, "", (0..spectra).map(|number| number as f64).collect());
    let mut assumed = false;
    let mut length = |letter: &str| {
        let lead = leads.iter().find(|lead| lead.name.eq_ignore_ascii_case(letter))?;
        let by = metres(&lead.unit);
        assumed |= by.is_none();
        Some(lead.points.iter().map(|point| point * by.unwrap_or(1e-6)).collect::<Vec<f64>>())
    };
    let [x, y, z] = ["x", "y", "z"].map(&mut length);
    if x.is_none() && y.is_none() {
        let axis = match (leads, z) {
            ([lead], Some(heights)) => Axis::of(axes::HEIGHT, &lead.name, heights),
            ([lead], None) => own_axis(lead),
            _ => counted(),
        };
        return Places { axis, positions: Vec::new(), assumed };
    }
    let at = |of: &Option<Vec<f64>>, number: usize| {
        of.as_ref().and_then(|of| of.get(number)).copied().unwrap_or(f64::NAN)
    };
    let positions = (0..spectra)
        .map(|number| Position { x_m: at(&x, number), y_m: at(&y, number), z_m: at(&z, number) })
        .collect();
    Places { axis: counted(), positions, assumed }
}

/// An axis along something else than a place.
fn own_axis(lead: &Lead) -> Axis {
    let name = lead.name.trim().to_lowercase();
    let is_time = name == "t" || name.starts_with("time") || name.starts_with("elapsed");
    let by = match plain(&lead.unit).as_str() {
        "s" | "sec" | "seconds" => Some(1.0),
        "ms" => Some(1e-3),
        "min" => Some(60.0),
        "h" => Some(3600.0),
        _ => None,
    };
    if let (true, Some(by)) = (is_time, by) {
        let points = lead.points.iter().map(|point| point * by).collect();
        return Axis::of(axes::TIME, &lead.name, points);
    }
    // The names that analyses know have one unit each.
    let known = axes::ALL.iter().any(|known| known.name == name);
    let name = match name.as_str() {
        "" => "series".to_owned(),
        _ if known => format!("{name} of the file"),
        _ => name,
    };
    Axis {
        name,
        unit: lead.unit.trim().to_owned(),
        vendor_name: lead.name.clone(),
        points: lead.points.clone(),
    }
}
