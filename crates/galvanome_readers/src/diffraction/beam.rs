//! The beam of a diffractometer.

use galvanome_model::signal::{Condition, conditions};

/// Wavelengths in ångström that a diffractometer may use; what lies outside says that a wavelength is not known.
const WAVELENGTHS: std::ops::Range<f64> = 0.05..20.0;
/// How far in ångström two wavelengths of the same line may lie apart: tables differ in the fifth digit.
const SAME_LINE: f64 = 2e-4;

/// The beam of a scan, as far as the file tells it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Beam {
    /// Wavelength of Kα1 in ångström, or of the only line.
    pub(crate) k_alpha_1: Option<f64>,
    /// Wavelength of Kα2 in ångström.
    pub(crate) k_alpha_2: Option<f64>,
    /// Wavelength of Kβ in ångström.
    pub(crate) k_beta: Option<f64>,
    /// Intensity of Kα2 over that of Kα1.
    pub(crate) ratio: Option<f64>,
    /// Whether the file says that both Kα lines are in it, where it does not say their ratio.
    pub(crate) is_doublet: bool,
    /// The wavelength that was meant to be used, in ångström.
    pub(crate) used: Option<f64>,
    /// From the sample to the detector.
    pub(crate) radius_mm: Option<f64>,
}

impl Beam {
    /// What it is to an analysis. Kα2 counts where it has a share and Kβ is not the line that was used.
    pub(crate) fn conditions(&self) -> Vec<Condition> {
        let known =
            |wavelength: Option<f64>| wavelength.filter(|length| WAVELENGTHS.contains(length));
        let (first, second) = (known(self.k_alpha_1), known(self.k_alpha_2));
        let used = known(self.used);
        let is = |line: Option<f64>| {
            used.zip(known(line)).is_some_and(|(used, line)| (used - line).abs() < SAME_LINE)
        };
        let mut found = Vec::new();
        let other_line = is(self.k_beta) || first.is_none();
        let wavelength = if other_line { used } else { first };
        found.extend(wavelength.map(|value| conditions::WAVELENGTH.at(value)));
        let ratio = self.ratio.filter(|ratio| *ratio > 0.0 && *ratio < 10.0);
        if let Some(second) = second.filter(|_| !other_line && (ratio.is_some() || self.is_doublet))
        {
            found.push(conditions::WAVELENGTH_K_ALPHA_2.at(second));
            found.extend(ratio.map(|ratio| conditions::K_ALPHA_RATIO.at(ratio)));
        }
        let radius = self.radius_mm.filter(|radius| *radius > 0.0 && *radius < 9999.0);
        found.extend(radius.map(|radius| conditions::GONIOMETER_RADIUS.at(radius / 1e3)));
        found
    }
}
