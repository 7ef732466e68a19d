//! One scan of a diffractometer.

use galvanome_model::signal::{AxisKind, Condition, axes, conditions};

use super::places::Places;

/// One scan.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scan {
    /// What the file calls it.
    pub(crate) label: String,
    /// Unit of the values.
    pub(crate) unit: String,
    /// What the detector gave, an attenuator allowed for.
    pub(crate) values: Vec<f64>,
    /// Standard uncertainties of the values, where they are not the roots of counts; else empty.
    pub(crate) uncertainties: Vec<f64>,
    /// What the detector counted behind an attenuator; empty where that is the same.
    pub(crate) detector_counts: Vec<f64>,
    /// Where the drives stood, in the order of the file.
    pub(crate) drives: Vec<Drive>,
    /// The drive that was scanned, as the file says; empty where it does not.
    pub(crate) along: String,
    /// The drive that was moved between scans, as the file says; empty where it does not.
    pub(crate) stepped: String,
    /// Seconds that each point was counted, where the file says.
    pub(crate) time_s: Option<Places>,
    /// What one unit of the values is worth in counts, where they are counts.
    pub(crate) counts_per_unit: Option<f64>,
    /// When it began, as Unix time.
    pub(crate) started_unix_s: Option<f64>,
    /// What an analysis must know of how it was measured.
    pub(crate) conditions: Vec<Condition>,
}

/// Where a drive of the goniometer or of the stage stood.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Drive {
    /// Its name in the file.
    pub(crate) name: String,
    /// Unit of its places.
    pub(crate) unit: String,
    /// Its places.
    pub(crate) places: Places,
}

impl Drive {
    /// Which kind of axis it is, if it is one that analyses know.
    pub(crate) fn kind(&self) -> Option<AxisKind> {
        let is_angle = matches!(self.unit.as_str(), "deg" | "°" | "degree");
        let name: String = self.name.chars().filter(char::is_ascii_alphanumeric).collect();
        let kind = match name.to_ascii_lowercase().as_str() {
            "2theta" | "twotheta" | "twothetatheta" | "twothetaomega" => axes::TWO_THETA,
            "omega" | "theta" | "omegatwotheta" | "thetatwotheta" => axes::OMEGA,
            "phi" => axes::PHI,
            "chi" | "psi" | "khi" => axes::CHI,
            _ => return None,
        };
        is_angle.then_some(kind)
    }
}

impl Scan {
    /// The drive along which it ran: 2θ where that moved, else the one that the file names, else the first that moved.
    /// None where none did.
    pub(crate) fn spectral(&self) -> Option<&Drive> {
        let moving = || self.drives.iter().filter(|drive| drive.places.moves());
        moving()
            .find(|drive| drive.kind() == Some(axes::TWO_THETA))
            .or_else(|| moving().find(|drive| drive.name == self.along))
            .or_else(|| moving().next())
    }

    /// The drive of a name.
    pub(crate) fn drive(&self, name: &str) -> Option<&Drive> {
        self.drives.iter().find(|drive| drive.name == name)
    }

    /// Says at which angle the beam came in, where that stood still while 2θ moved.
    pub(crate) fn find_incidence(&mut self) {
        if self.spectral().and_then(Drive::kind) != Some(axes::TWO_THETA) {
            return;
        }
        let omega = self.drives.iter().find(|drive| drive.kind() == Some(axes::OMEGA));
        if let Some(&Places::Fixed(angle)) = omega.map(|drive| &drive.places) {
            self.conditions.push(conditions::INCIDENCE_ANGLE.at(angle));
        }
    }

    /// Takes the values as counts behind an attenuator, and allows for its factors: one for each value, or one for all.
    pub(crate) fn attenuate(&mut self, factors: &[f64]) {
        if self.are_one(factors) {
            return;
        }
        self.detector_counts = self.values.clone();
        for (at, value) in self.values.iter_mut().enumerate() {
            *value *= factor(factors, at);
        }
        self.was_attenuated(factors);
    }

    /// Says how well values are known that were multiplied by the factors of an attenuator already: each is its factor
    /// times counts, so that its uncertainty is its factor times the root of these counts, of at least one.
    pub(crate) fn was_attenuated(&mut self, factors: &[f64]) {
        if self.are_one(factors) {
            return;
        }
        self.counts_per_unit = None;
        let uncertainty = |(at, value): (usize, &f64)| {
            let factor = factor(factors, at);
            factor * (value / factor).max(1.0).sqrt()
        };
        self.uncertainties = self.values.iter().enumerate().map(uncertainty).collect();
    }

    /// Whether the factors of an attenuator change nothing.
    fn are_one(&self, factors: &[f64]) -> bool {
        factors.is_empty() || (0..self.values.len()).all(|at| factor(factors, at) == 1.0)
    }
}

/// The factor of a value, where there is one for each or one for all.
fn factor(factors: &[f64], at: usize) -> f64 {
    match factors {
        [one] => *one,
        all => all.get(at).copied().unwrap_or(f64::NAN),
    }
}
