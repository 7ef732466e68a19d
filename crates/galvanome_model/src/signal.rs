//! Signals on named axes: spectra, patterns, maps, series.

/// A quantity sampled on named axes, in row-major order (the last axis runs fastest).
///
/// One spectrum or pattern has one axis. A map, a time series or a scan of several spectra on the same points has two:
/// the first counts the spectra ([`axes::SPECTRUM`], [`axes::TIME`], a height …), and `positions` says where each was
/// taken. Spectra whose points differ are signals of their own.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Signal {
    /// Name of the quantity: `intensity` for what a detector gave, else the vendor's own.
    pub name: String,
    /// What the file calls this scan, region or dataset (`C 1s`, `Scan 3`), verbatim; empty when it does not.
    pub label: String,
    /// Unit of the values: `counts`, `counts/s`, `1` for ratios, empty where the file does not say.
    pub unit: String,
    /// The axes, slowest first.
    pub axes: Vec<Axis>,
    /// Values, as many as the product of the axes' lengths; a missing one is NaN.
    pub values: Vec<f64>,
    /// Standard uncertainties of the values, as many, where the file gives them; else empty.
    pub uncertainties: Vec<f64>,
    /// Where on the sample each spectrum of a map was taken; empty when it is not a map.
    pub positions: Vec<Position>,
    /// How the values were counted, when they are counts.
    pub counting: Option<Counting>,
    /// What an analysis must know of how it was measured: wavelengths, photon energy.
    pub conditions: Vec<Condition>,
}

impl Signal {
    /// The value of a condition, if the file tells it.
    pub fn condition(&self, kind: ConditionKind) -> Option<f64> {
        self.conditions.iter().find(|condition| condition.kind == kind).map(|found| found.value)
    }

    /// The axis along which each spectrum runs: the last one.
    pub fn spectral_axis(&self) -> Option<&Axis> {
        self.axes.last()
    }

    /// Points of one spectrum.
    pub fn spectrum_len(&self) -> usize {
        self.spectral_axis().map_or(0, |axis| axis.points.len())
    }

    /// How many spectra there are: the product of all axes but the last.
    pub fn spectra(&self) -> usize {
        self.values.len().checked_div(self.spectrum_len()).unwrap_or(0)
    }

    /// The values of one spectrum, counted from 0; empty behind the last.
    pub fn spectrum(&self, number: usize) -> &[f64] {
        part(&self.values, self.spectrum_len(), number)
    }

    /// The standard uncertainties of one spectrum; empty where the file gives none.
    pub fn spectrum_uncertainties(&self, number: usize) -> &[f64] {
        part(&self.uncertainties, self.spectrum_len(), number)
    }
}

fn part(all: &[f64], len: usize, number: usize) -> &[f64] {
    let begin = number.saturating_mul(len);
    all.get(begin..begin.saturating_add(len)).unwrap_or_default()
}

/// A named axis with its unit.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Axis {
    /// Name of the axis: one of [`axes`], or the vendor's own.
    pub name: String,
    /// Its unit; `1` for pure numbers, empty where the file does not say.
    pub unit: String,
    /// The axis's name in the file, verbatim; empty when it has none.
    pub vendor_name: String,
    /// Its points, in the order of the values: they may fall, repeat or jump as the instrument left them.
    pub points: Vec<f64>,
}

impl Axis {
    /// An axis of a known kind.
    pub fn of(kind: AxisKind, vendor_name: &str, points: Vec<f64>) -> Self {
        Self {
            name: kind.name.to_owned(),
            unit: kind.unit.to_owned(),
            vendor_name: vendor_name.to_owned(),
            points,
        }
    }

    /// Whether it is of a known kind, in that kind's unit.
    pub fn is(&self, kind: AxisKind) -> bool {
        self.name == kind.name && self.unit == kind.unit
    }
}

/// A kind of axis that analyses know: its name, and the one unit in which readers give it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AxisKind {
    /// Name of the axis.
    pub name: &'static str,
    /// Unit of its points.
    pub unit: &'static str,
}

/// The kinds of axis that analyses know.
pub mod axes {
    use super::AxisKind;

    /// Scattering angle 2θ.
    pub const TWO_THETA: AxisKind = AxisKind { name: "two_theta", unit: "deg" };
    /// Angle of the sample towards the beam, ω (θ).
    pub const OMEGA: AxisKind = AxisKind { name: "omega", unit: "deg" };
    /// Rotation of the sample about its normal, φ.
    pub const PHI: AxisKind = AxisKind { name: "phi", unit: "deg" };
    /// Tilt of the sample, χ (ψ).
    pub const CHI: AxisKind = AxisKind { name: "chi", unit: "deg" };
    /// Raman shift against the laser line.
    pub const RAMAN_SHIFT: AxisKind = AxisKind { name: "raman_shift", unit: "1/cm" };
    /// Wavelength of the light in a spectrometer.
    pub const WAVELENGTH: AxisKind = AxisKind { name: "wavelength", unit: "nm" };
    /// Binding energy of photoelectrons.
    pub const BINDING_ENERGY: AxisKind = AxisKind { name: "binding_energy", unit: "eV" };
    /// Kinetic energy of electrons.
    pub const KINETIC_ENERGY: AxisKind = AxisKind { name: "kinetic_energy", unit: "eV" };
    /// Energy of photons.
    pub const PHOTON_ENERGY: AxisKind = AxisKind { name: "photon_energy", unit: "eV" };
    /// Length of the scattering vector, q = 4π sin(θ)/λ.
    pub const SCATTERING_VECTOR: AxisKind = AxisKind { name: "q", unit: "1/angstrom" };
    /// Time since the measurement began.
    pub const TIME: AxisKind = AxisKind { name: "time", unit: "s" };
    /// Time for which the sample was sputtered before a spectrum of a depth profile.
    pub const SPUTTER_TIME: AxisKind = AxisKind { name: "sputter_time", unit: "s" };
    /// Number of a spectrum in its map or series, from 0.
    pub const SPECTRUM: AxisKind = AxisKind { name: "spectrum", unit: "1" };
    /// Height of the focus over the sample.
    pub const HEIGHT: AxisKind = AxisKind { name: "height", unit: "m" };
    /// Number of a detector's channel, from 0.
    pub const CHANNEL: AxisKind = AxisKind { name: "channel", unit: "1" };

    /// All of them.
    pub const ALL: &[AxisKind] = &[
        TWO_THETA,
        OMEGA,
        PHI,
        CHI,
        RAMAN_SHIFT,
        WAVELENGTH,
        BINDING_ENERGY,
        KINETIC_ENERGY,
        PHOTON_ENERGY,
        SCATTERING_VECTOR,
        TIME,
        SPUTTER_TIME,
        SPECTRUM,
        HEIGHT,
        CHANNEL,
    ];
}

/// A place on the sample; a coordinate that the file does not give is NaN.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// Across, in metres.
    pub x_m: f64,
    /// Along, in metres.
    pub y_m: f64,
    /// Height or depth, in metres.
    pub z_m: f64,
}

/// How counts were collected: what counting statistics need.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counting {
    /// Live time per point in seconds; NaN where the file does not say.
    pub live_time_s: f64,
    /// What one unit of the values is worth in counts (1 for raw counts, the live time for counts per second).
    pub counts_per_unit: f64,
}

/// A circumstance of a measurement that analyses need.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Condition {
    /// What it is.
    pub kind: ConditionKind,
    /// Its value, in the kind's unit.
    pub value: f64,
}

/// What a condition is: its name, and its one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ConditionKind {
    /// Its name.
    pub name: &'static str,
    /// Unit of its value.
    pub unit: &'static str,
}

impl ConditionKind {
    /// A condition of this kind.
    pub const fn at(self, value: f64) -> Condition {
        Condition { kind: self, value }
    }
}

/// The conditions that analyses know.
pub mod conditions {
    use super::ConditionKind;

    const fn kind(name: &'static str, unit: &'static str) -> ConditionKind {
        ConditionKind { name, unit }
    }

    /// Wavelength of the one line used, or of Kα1 where there are two.
    pub const WAVELENGTH: ConditionKind = kind("wavelength", "angstrom");
    /// Wavelength of the second line, Kα2, where the beam holds it.
    pub const WAVELENGTH_K_ALPHA_2: ConditionKind = kind("wavelength_k_alpha_2", "angstrom");
    /// Intensity of Kα2 over that of Kα1.
    pub const K_ALPHA_RATIO: ConditionKind = kind("k_alpha_ratio", "1");
    /// Radius of the goniometer, from sample to detector.
    pub const GONIOMETER_RADIUS: ConditionKind = kind("goniometer_radius", "m");
    /// Angle between sample and incoming beam where it stands still.
    pub const INCIDENCE_ANGLE: ConditionKind = kind("incidence_angle", "deg");
    /// Wavelength of the laser.
    pub const LASER_WAVELENGTH: ConditionKind = kind("laser_wavelength", "nm");
    /// Energy of the exciting photons.
    pub const PHOTON_ENERGY: ConditionKind = kind("photon_energy", "eV");
    /// Work function of the analyser: binding energy = photon energy − kinetic energy − work function. Given only where the
    /// kinetic energies of the signal are counted from the vacuum level; where they are counted from the Fermi level, as in
    /// most files, it is left out, and the binding energy is the photon energy less the kinetic energy.
    pub const WORK_FUNCTION: ConditionKind = kind("work_function", "eV");
    /// Pass energy of the analyser.
    pub const PASS_ENERGY: ConditionKind = kind("pass_energy", "eV");
    /// Relative sensitivity factor that the file gives for this region.
    pub const SENSITIVITY_FACTOR: ConditionKind = kind("sensitivity_factor", "1");
    /// Temperature of the sample.
    pub const TEMPERATURE: ConditionKind = kind("temperature", "degC");

    /// All of them.
    pub const ALL: &[ConditionKind] = &[
        WAVELENGTH,
        WAVELENGTH_K_ALPHA_2,
        K_ALPHA_RATIO,
        GONIOMETER_RADIUS,
        INCIDENCE_ANGLE,
        LASER_WAVELENGTH,
        PHOTON_ENERGY,
        WORK_FUNCTION,
        PASS_ENERGY,
        SENSITIVITY_FACTOR,
        TEMPERATURE,
    ];
}
