//! Powder patterns made of a cell, with counts that scatter.

use galvanome_model::measurement::{Measurement, StartTime, Zone};
use galvanome_model::signal::{Axis, Counting, Signal, axes, conditions};
use galvanome_numerics::peak_shape::{
    gauss, lorentz, lorentz_area, pseudo_voigt, pseudo_voigt_area,
};
use galvanome_numerics::random::Random;
use galvanome_techniques::analysis::{Analysis, Settings};
use galvanome_techniques::{Input, Inputs, TECHNIQUES};

pub(super) const K_ALPHA: (f64, f64) = (1.540598, 1.544426);

/// How peaks are shaped.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Shape {
    /// The share of the Lorentzian.
    PseudoVoigt(f64),
    /// What the analysis does not know: a Gaussian core on a broad foot, wider to the left.
    Wrong,
}

/// A pattern to be made.
#[derive(Clone)]
pub(super) struct Made {
    pub(super) a: f64,
    pub(super) c: f64,
    /// Displacement of the specimen in mm, at a radius of 240 mm.
    pub(super) displacement_mm: f64,
    /// Size in nm and strain: breadths add to the instrument's.
    pub(super) size_nm: f64,
    pub(super) strain: f64,
    /// Integral breadth of the instrument in degrees.
    pub(super) instrument: f64,
    pub(super) shape: Shape,
    /// Whether the background has humps narrower than it should.
    pub(super) humps: bool,
    /// The share of a second phase in 003, and how much larger its layers are.
    pub(super) second: (f64, f64),
    /// Counts of the strongest peak.
    pub(super) counts: f64,
    pub(super) range: (f64, f64),
    pub(super) step: f64,
    /// Seconds after midnight, in UTC.
    pub(super) at_s: u32,
}

impl Default for Made {
    fn default() -> Self {
        Self {
            a: 2.876,
            c: 14.19,
            displacement_mm: 0.1,
            size_nm: 80.0,
            strain: 0.001,
            instrument: 0.06,
            shape: Shape::PseudoVoigt(0.5),
            humps: false,
            second: (0.0, 0.0),
            counts: 8000.0,
            range: (15.0, 90.0),
            step: 0.02,
            at_s: 0,
        }
    }
}

/// Reflections of the layered oxide with heights, as they are about.
const REFLECTIONS: &[(i32, i32, i32, f64)] = &[
    (0, 0, 3, 1.0),
    (1, 0, 1, 0.45),
    (0, 0, 6, 0.06),
    (0, 1, 2, 0.12),
    (1, 0, 4, 0.9),
    (0, 1, 5, 0.12),
    (1, 0, 7, 0.2),
    (0, 1, 8, 0.2),
    (1, 1, 0, 0.22),
    (1, 1, 3, 0.14),
    (0, 2, 1, 0.06),
    (0, 2, 4, 0.08),
];

impl Made {
    /// Where a reflection is seen, in degrees 2θ.
    pub(super) fn place(&self, h: i32, k: i32, l: i32, wavelength: f64, c: f64) -> f64 {
        let (h, k, l) = (f64::from(h), f64::from(k), f64::from(l));
        let square = 4.0 / 3.0 * (h * h + h * k + k * k) / self.a.powi(2) + (l / c).powi(2);
        let theta = (0.5 * wavelength * square.sqrt()).asin();
        (2.0 * theta - 2.0 * self.displacement_mm / 240.0 * theta.cos()).to_degrees()
    }

    /// Every line: place, height, integral breadth.
    fn lines(&self) -> Vec<(f64, f64, f64)> {
        let mut all = Vec::new();
        for (h, k, l, height) in REFLECTIONS {
            for (wavelength, part) in [(K_ALPHA.0, 1.0), (K_ALPHA.1, 0.5)] {
                let place = self.place(*h, *k, *l, wavelength, self.c);
                let main = self.place(*h, *k, *l, K_ALPHA.0, self.c);
                let theta = (0.5 * main).to_radians();
                let size = (0.1 * K_ALPHA.0 / (self.size_nm * theta.cos())).to_degrees();
                let strain = (4.0 * self.strain * theta.tan()).to_degrees();
                let breadth = self.instrument + size + strain;
                let height = part * height * self.counts;
                if (*h, *k, *l) == (0, 0, 3) && self.second.0 > 0.0 {
                    let other = self.place(*h, *k, *l, wavelength, self.c * (1.0 + self.second.1));
                    all.push((other, height * self.second.0, breadth));
                    all.push((place, height * (1.0 - self.second.0), breadth));
                } else {
                    all.push((place, height, breadth));
                }
            }
        }
        all
    }

    fn background(&self, x: f64) -> f64 {
        let smooth = 150.0 + 2500.0 / x + 20.0 * ((x - 25.0) / 12.0).tanh();
        if !self.humps {
            return smooth;
        }
        let hump = |at: f64, width: f64| (-((x - at) / width).powi(2)).exp();
        // Half on a peak, and a step under another, of a size that nobody misses.
        smooth + 120.0 * hump(18.4, 0.8) + 90.0 * hump(43.5, 1.5) + 60.0 * hump(65.0, 1.0)
    }

    /// The pattern with counts of a seed.
    pub(super) fn measurement(&self, seed: u64) -> Measurement {
        let mut random = Random::seeded(seed);
        let lines = self.lines();
        let points = ((self.range.1 - self.range.0) / self.step).round() as usize + 1;
        let x: Vec<f64> =
            (0..points).map(|place| self.range.0 + self.step * place as f64).collect();
        let y: Vec<f64> = x
            .iter()
            .map(|x| {
                let peaks: f64 = lines
                    .iter()
                    .filter(|line| (line.0 - x).abs() < 12.0)
                    .map(|(at, height, breadth)| height * self.shape.at(x - at, *breadth))
                    .sum();
                random.poisson(self.background(*x) + peaks)
            })
            .collect();
        let signal = Signal {
            name: "intensity".to_owned(),
            unit: "counts".to_owned(),
            axes: vec![Axis::of(axes::TWO_THETA, "2Theta", x)],
            values: y,
            counting: Some(Counting { live_time_s: 1.0, counts_per_unit: 1.0 }),
            conditions: vec![
                conditions::WAVELENGTH.at(K_ALPHA.0),
                conditions::WAVELENGTH_K_ALPHA_2.at(K_ALPHA.1),
                conditions::K_ALPHA_RATIO.at(0.5),
                conditions::GONIOMETER_RADIUS.at(0.24),
            ],
            ..Signal::default()
        };
        let iso = format!(
            "2024-03-01T{:02}:{:02}:{:02}Z",
            self.at_s / 3600,
            self.at_s / 60 % 60,
            self.at_s % 60
        );
        Measurement {
            signals: vec![signal],
            started_at: Some(StartTime { iso, zone: Zone::Stated }),
            ..Measurement::default()
        }
    }

    pub(super) fn analyzed(&self, seed: u64, settings: &[&str]) -> Analysis {
        analyze(&Inputs::one("made", self.measurement(seed)), settings)
    }
}

impl Shape {
    /// The value at an offset, of height 1, for an integral breadth.
    fn at(self, offset: f64, breadth: f64) -> f64 {
        match self {
            Self::PseudoVoigt(share) => {
                let width = breadth / pseudo_voigt_area(1.0, share);
                pseudo_voigt(offset, width, share).value
            }
            Self::Wrong => {
                let width = breadth / lorentz_area(1.0);
                let side = if offset < 0.0 { 1.25 } else { 0.85 };
                let core = gauss(offset, width * side).value;
                0.8 * core + 0.2 * lorentz(offset, 2.5 * width).value
            }
        }
    }
}

pub(super) fn analyze(inputs: &Inputs, settings: &[&str]) -> Analysis {
    let technique = TECHNIQUES.iter().find(|technique| technique.id == "xrd").expect("xrd");
    let settings = Settings::parse(technique.settings, settings).expect("settings");
    (technique.analyze)(inputs, &settings)
}

pub(super) fn series(patterns: &[(Made, u64)]) -> Inputs {
    let main = patterns
        .iter()
        .enumerate()
        .map(|(place, (made, seed))| Input {
            name: format!("pattern {place}"),
            measurement: made.measurement(*seed),
        })
        .collect();
    Inputs { main, auxiliary: Vec::new() }
}
