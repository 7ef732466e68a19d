//! What an axis is, where its name and unit say so plainly; and lengths in metres.

use galvanome_model::signal::{Axis, AxisKind, axes};

/// Names of an axis, its kind, and its units with their factors.
type Known = (&'static [&'static str], AxisKind, &'static [(&'static str, f64)]);

/// Names of axes as files have them, without marks and in lower case, what they are, and by how much a unit is to be
/// multiplied.
const KNOWN: &[Known] = &[
    (&["twotheta", "2theta", "tth", "ttheta", "polarangle"], axes::TWO_THETA, ANGLES),
    (&["omega"], axes::OMEGA, ANGLES),
    (&["phi"], axes::PHI, ANGLES),
    (&["chi"], axes::CHI, ANGLES),
    (&["ramanshift"], axes::RAMAN_SHIFT, &[("1/cm", 1.0), ("cm-1", 1.0), ("cm^-1", 1.0)]),
    (&["bindingenergy"], axes::BINDING_ENERGY, ENERGIES),
    (&["kineticenergy"], axes::KINETIC_ENERGY, ENERGIES),
    (&["energy", "photonenergy", "incidentenergy", "monoenergy"], axes::PHOTON_ENERGY, ENERGIES),
    (&["q", "qvector", "momentumtransfer"], axes::SCATTERING_VECTOR, RECIPROCALS),
    (
        &["time", "elapsedtime", "timesec", "reltime"],
        axes::TIME,
        &[
            ("s", 1.0),
            ("sec", 1.0),
            ("seconds", 1.0),
            ("ms", 1e-3),
            ("min", 60.0),
            ("minutes", 60.0),
            ("h", 3600.0),
        ],
    ),
];

const ANGLES: &[(&str, f64)] = &[("deg", 1.0), ("degree", 1.0), ("degrees", 1.0), ("°", 1.0)];
const ENERGIES: &[(&str, f64)] = &[("ev", 1.0), ("kev", 1e3)];
const RECIPROCALS: &[(&str, f64)] = &[
    ("1/a", 1.0),
    ("1/angstrom", 1.0),
    ("1/å", 1.0),
    ("a^-1", 1.0),
    ("a-1", 1.0),
    ("a^{-1}", 1.0),
    ("angstrom^-1", 1.0),
    ("1/nm", 0.1),
    ("nm-1", 0.1),
    ("nm^-1", 0.1),
];

/// An axis by its name and unit in the file. `of_electrons` says that an energy may be that of electrons: then only names
/// that say which are understood.
pub(super) fn axis(
    name: &str,
    unit: &str,
    path: &str,
    mut points: Vec<f64>,
    of_electrons: bool,
) -> Axis {
    let bare: String =
        name.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let (bare, small) = (bare.as_str(), unit.trim().to_lowercase());
    for (names, kind, units) in KNOWN {
        let factor = units.iter().find(|known| known.0 == small).map(|known| known.1);
        let is_vague = of_electrons && bare == "energy";
        if let (true, Some(factor)) = (names.contains(&bare) && !is_vague, factor) {
            if factor != 1.0 {
                for point in &mut points {
                    *point *= factor;
                }
            }
            return Axis::of(*kind, path, points);
        }
    }
    let unit = unit.trim();
    // A name that analyses know promises its unit.
    let promises = axes::ALL.iter().any(|known| known.name == name && known.unit != unit);
    let name = if promises { format!("{name}_as_stored") } else { name.to_owned() };
    let name = if name.is_empty() { "axis".to_owned() } else { name };
    Axis { name, unit: unit.to_owned(), vendor_name: path.to_owned(), points }
}

/// An axis that counts from 0, for one that the file does not name.
pub(super) fn index(number: usize, len: usize) -> Axis {
    Axis {
        name: format!("index_{}", number + 1),
        unit: "1".to_owned(),
        vendor_name: String::new(),
        points: (0..len).map(|at| at as f64).collect(),
    }
}

/// Metres of a unit of length.
pub(super) fn metres(unit: &str) -> Option<f64> {
    // The EMD convention writes prefixes apart (`n_m`).
    Some(match unit.trim().replace('_', "").as_str() {
        "m" => 1.0,
        "mm" => 1e-3,
        "um" | "µm" | "μm" | "micron" | "microns" => 1e-6,
        "nm" => 1e-9,
        "pm" => 1e-12,
        "A" | "Å" | "angstrom" | "Angstrom" => 1e-10,
        _ => return None,
    })
}

/// The distance of neighbours on an axis of equal steps, in metres.
pub(super) fn step_m(points: &[f64], unit: &str) -> Option<f64> {
    let (first, last) = (points.first()?, points.last()?);
    let step = (last - first) / (points.len().checked_sub(1)? as f64);
    let is_even =
        points.windows(2).all(|pair| (pair[1] - pair[0] - step).abs() <= 1e-3 * step.abs());
    let metres = step.abs() * metres(unit)?;
    (is_even && metres.is_finite() && metres > 0.0).then_some(metres)
}

/// The unit of values, in the one way in which counts are written.
pub(super) fn unit_of_values(unit: &str) -> String {
    match unit.trim() {
        counts if counts.eq_ignore_ascii_case("counts") || counts.eq_ignore_ascii_case("count") => {
            "counts".to_owned()
        }
        other => other.to_owned(),
    }
}
