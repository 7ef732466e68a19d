//! The lines of the beam.

use galvanome_model::note::Note;
use galvanome_model::signal::conditions::{K_ALPHA_RATIO, WAVELENGTH, WAVELENGTH_K_ALPHA_2};

use super::settings;
use crate::analysis::Settings;
use crate::analysis::peak_model::Companion;
use crate::analysis::spectrum::Spectrum;

/// Wavelengths of the beam.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Radiation {
    /// Of the one line, or of Kα1, in ångström.
    pub(super) first: f64,
    /// Of Kα2 with its intensity over that of Kα1.
    pub(super) second: Option<(f64, f64)>,
}

/// Kα1 and Kα2 of an anode, in ångström.
///
/// Source: G. Hölzer et al., Phys. Rev. A 56 (1997) 4554 (Cr to Cu); R. D. Deslattes et al., Rev. Mod. Phys. 75 (2003)
/// 35 (Mo, Ag).
const ANODES: &[(&str, f64, f64)] = &[
    ("Cr", 2.289726, 2.293651),
    ("Fe", 1.936041, 1.939973),
    ("Co", 1.788996, 1.792835),
    ("Cu", 1.5405929, 1.5444274),
    ("Mo", 0.70931715, 0.713607),
    ("Ag", 0.55942178, 0.5638131),
];

/// Kα1 lines known under nearby values: a wavelength within this part of one is a tube's.
const NEAR: f64 = 3e-4;

impl Radiation {
    /// From the settings, else from the file, else that of Cu, which a note says.
    pub(super) fn of(spectrum: &Spectrum, settings: &Settings, notes: &mut Vec<Note>) -> Self {
        let ratio = settings.number(&settings::K_ALPHA_RATIO);
        let pair = |first: f64, second: Option<f64>, ratio: f64| Self {
            first,
            second: second.filter(|_| ratio > 0.0).map(|second| (second, ratio)),
        };
        let tube = |name: &str| ANODES.iter().find(|anode| anode.0 == name);
        if let Some(first) = settings.number(&settings::WAVELENGTH) {
            let second = settings.number(&settings::WAVELENGTH_2);
            return pair(first, second, ratio.unwrap_or(0.5));
        }
        if let Some(anode) = settings.word(&settings::ANODE).and_then(tube) {
            return pair(anode.1, Some(anode.2), ratio.unwrap_or(0.5));
        }
        let stated = spectrum.condition(WAVELENGTH).filter(|one| *one > 0.05 && *one < 5.0);
        if let Some(first) = stated {
            let second = spectrum.condition(WAVELENGTH_K_ALPHA_2).filter(|second| {
                // The two lines of a tube lie within one percent.
                *second > first && *second < 1.02 * first
            });
            let stated = spectrum.condition(K_ALPHA_RATIO).filter(|one| (0.0..=1.0).contains(one));
            return pair(first, second, ratio.or(stated).unwrap_or(0.5));
        }
        let message = format!(
            "{}: the file gives no wavelength; Cu Kα1 and Kα2 (1.5405929 and 1.5444274 Å, 2:1) were assumed; set anode or wavelength",
            spectrum.name
        );
        notes.push(Note::new("wavelength-assumed", message, &*spectrum.name));
        pair(1.5405929, Some(1.5444274), ratio.unwrap_or(0.5))
    }

    /// Whether it is that of a laboratory's tube.
    pub(super) fn is_tube(&self) -> bool {
        self.second.is_some()
            || ANODES.iter().any(|anode| (self.first / anode.1 - 1.0).abs() < NEAR)
    }

    /// Kα2 as a line that goes with every peak.
    pub(super) fn companion(&self) -> Option<Companion> {
        let (second, ratio) = self.second?;
        Some(Companion { place: second_place, parameter: second / self.first, ratio })
    }

    /// Where Kα2 is for a peak at an angle 2θ.
    pub(super) fn second_of(&self, two_theta: f64) -> Option<f64> {
        let (second, _) = self.second?;
        Some(second_place(two_theta, second / self.first).0).filter(|place| place.is_finite())
    }

    /// The distance of planes that reflect to an angle 2θ, in ångström.
    pub(super) fn spacing(&self, two_theta: f64) -> f64 {
        self.first / (2.0 * (0.5 * two_theta).to_radians().sin())
    }

    /// The angle 2θ in degrees to which planes at a distance reflect; NaN where they cannot.
    pub(super) fn two_theta(&self, spacing: f64) -> f64 {
        2.0 * (self.first / (2.0 * spacing)).asin().to_degrees()
    }

    /// In words.
    pub(super) fn words(&self) -> String {
        match self.second {
            Some((second, ratio)) => {
                format!("λ {} and {second} Å at 1:{ratio}", self.first)
            }
            None => format!("λ {} Å", self.first),
        }
    }
}

/// Where a line of another wavelength is: `sin θ₂ = r sin θ₁`, and the derivative.
fn second_place(two_theta: f64, ratio: f64) -> (f64, f64) {
    let theta = (0.5 * two_theta).to_radians();
    let sine = ratio * theta.sin();
    let by = ratio * theta.cos() / (1.0 - sine * sine).sqrt();
    (2.0 * sine.asin().to_degrees(), by)
}
