//! Lengths of a voxel as files say them.

/// The length of a unit in metres, by its sign or its name.
pub(crate) fn metres(unit: &str) -> Option<f64> {
    Some(match unit.trim() {
        "fm" => 1e-15,
        "pm" | "picometer" | "picometre" => 1e-12,
        "Å" | "A" | "angstrom" | "Angstrom" | "ångström" => 1e-10,
        "nm" | "nanometer" | "nanometre" | "nanometers" | "nanometres" => 1e-9,
        // ImageJ writes the micro sign as an escape.
        "µm" | "μm" | "um" | "micron" | "microns" | "micrometer" | "micrometre" | "micrometers"
        | "\\u00B5m" | "\\u00b5m" => 1e-6,
        "mm" | "millimeter" | "millimetre" | "millimeters" => 1e-3,
        "cm" | "centimeter" | "centimetre" => 1e-2,
        "m" | "meter" | "metre" => 1.0,
        "inch" | "inches" | "in" => 0.0254,
        _ => return None,
    })
}

/// A length in metres, where a number can be one.
pub(crate) fn length(metres: f64) -> Option<f64> {
    (metres.is_finite() && metres > 0.0).then_some(metres)
}
