//! Cells, and where their reflections lie.

use galvanome_model::note::Note;

use super::settings;
use crate::analysis::Settings;

/// The symmetry of a cell's metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum System {
    Hexagonal,
    Monoclinic,
    Cubic,
    Tetragonal,
    Orthorhombic,
}

/// A kind of cell with the values its parameters start from.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cell {
    /// Its system.
    pub(super) system: System,
    /// Its centring.
    pub(super) centring: char,
    /// Its free parameters: a, (b), (c) in ångström, (β) in degrees.
    pub(super) parameters: Vec<f64>,
}

/// A reflection: its indices, and how many others fall on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reflection {
    pub(super) h: i32,
    pub(super) k: i32,
    pub(super) l: i32,
}

impl Reflection {
    /// Its indices as people write them: `003`, `1 0 10` where one has two digits, `-201` with a minus.
    pub(super) fn words(self) -> String {
        let all = [self.h, self.k, self.l];
        let gap = if all.iter().any(|one| one.abs() > 9) { " " } else { "" };
        all.map(|one| one.to_string()).join(gap)
    }
}

impl System {
    /// The names of the free parameters.
    pub(super) const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Cubic => &["a"],
            Self::Hexagonal | Self::Tetragonal => &["a", "c"],
            Self::Orthorhombic => &["a", "b", "c"],
            Self::Monoclinic => &["a", "b", "c", "beta"],
        }
    }
}

impl Cell {
    /// From the settings: none when none is wanted, or a start is missing, which a note says.
    pub(super) fn of(settings: &Settings, notes: &mut Vec<Note>) -> Option<Self> {
        let word = settings.word(&settings::CELL).unwrap_or("rhombohedral-hexagonal");
        let (system, centring, defaults): (_, _, &[f64]) = match word {
            "rhombohedral-hexagonal" => (System::Hexagonal, 'R', &[2.876, 14.19]),
            "hexagonal" => (System::Hexagonal, 'P', &[]),
            "monoclinic" => (System::Monoclinic, 'C', &[4.98, 2.83, 5.07, 109.3]),
            "cubic" => (System::Cubic, 'P', &[]),
            "tetragonal" => (System::Tetragonal, 'P', &[]),
            "orthorhombic" => (System::Orthorhombic, 'P', &[]),
            _ => return None,
        };
        let mut parameters = Vec::new();
        let mut missing = Vec::new();
        for (place, name) in system.names().iter().enumerate() {
            let setting = match *name {
                "a" => &settings::A,
                "b" => &settings::B,
                "c" => &settings::C,
                _ => &settings::BETA,
            };
            match settings.number(setting).or(defaults.get(place).copied()) {
                Some(value) => parameters.push(value),
                None => missing.push(*name),
            }
        }
        if !missing.is_empty() {
            let message = format!(
                "a {word} cell needs the values its search starts from: set {}",
                missing.join(", ")
            );
            notes.push(Note::new("cell-needs-start", message, ""));
            return None;
        }
        let given = settings.word(&settings::CENTRING).and_then(|word| word.chars().next());
        Some(Self { system, centring: given.unwrap_or(centring), parameters })
    }

    /// In words: `rhombohedral cell on hexagonal axes`.
    pub(super) fn words(&self) -> String {
        let system = match self.system {
            System::Hexagonal if self.centring == 'R' => {
                return "rhombohedral cell on hexagonal axes".to_owned();
            }
            System::Hexagonal => "hexagonal",
            System::Monoclinic => "monoclinic",
            System::Cubic => "cubic",
            System::Tetragonal => "tetragonal",
            System::Orthorhombic => "orthorhombic",
        };
        format!("{system} {} cell", self.centring)
    }

    /// Whether the lattice's centring lets a reflection be.
    ///
    /// Source: International Tables for Crystallography A, table 2.2.13.1; R on hexagonal axes in the obverse setting.
    pub(super) fn is_allowed(&self, Reflection { h, k, l }: Reflection) -> bool {
        let even = |sum: i32| sum.rem_euclid(2) == 0;
        match self.centring {
            'A' => even(k + l),
            'B' => even(h + l),
            'C' => even(h + k),
            'I' => even(h + k + l),
            'F' => even(h + k) && even(k + l),
            'R' => (l + k - h).rem_euclid(3) == 0,
            _ => true,
        }
    }

    /// `1/d²` of a reflection for parameters, in Å⁻².
    pub(super) fn inverse_square(&self, at: Reflection, parameters: &[f64]) -> f64 {
        let (h, k, l) = (f64::from(at.h), f64::from(at.k), f64::from(at.l));
        let p = |place: usize| parameters.get(place).copied().unwrap_or(f64::NAN);
        match self.system {
            System::Cubic => (h * h + k * k + l * l) / p(0).powi(2),
            System::Tetragonal => (h * h + k * k) / p(0).powi(2) + l * l / p(1).powi(2),
            System::Hexagonal => {
                4.0 / 3.0 * (h * h + h * k + k * k) / p(0).powi(2) + l * l / p(1).powi(2)
            }
            System::Orthorhombic => (h / p(0)).powi(2) + (k / p(1)).powi(2) + (l / p(2)).powi(2),
            System::Monoclinic => {
                let (sine, cosine) = p(3).to_radians().sin_cos();
                ((h / p(0)).powi(2) + (l / p(2)).powi(2) - 2.0 * h * l * cosine / (p(0) * p(2)))
                    / (sine * sine)
                    + (k / p(1)).powi(2)
            }
        }
    }

    /// The volume of a cell of parameters, in Å³.
    pub(super) fn volume(&self, parameters: &[f64]) -> f64 {
        let p = |place: usize| parameters.get(place).copied().unwrap_or(f64::NAN);
        match self.system {
            System::Cubic => p(0).powi(3),
            System::Tetragonal => p(0).powi(2) * p(1),
            System::Hexagonal => 0.75_f64.sqrt() * p(0).powi(2) * p(1),
            System::Orthorhombic => p(0) * p(1) * p(2),
            System::Monoclinic => p(0) * p(1) * p(2) * p(3).to_radians().sin(),
        }
    }

    /// All allowed reflections with planes farther apart than `least`, one for all that fall on each other whatever the
    /// parameters are; widest first.
    pub(super) fn reflections(&self, least: f64, parameters: &[f64]) -> Vec<Reflection> {
        let most = |at: usize| {
            let length = match (self.system, at) {
                (System::Cubic, _) | (_, 0) | (System::Hexagonal | System::Tetragonal, 1) => {
                    parameters.first()
                }
                (System::Hexagonal | System::Tetragonal, _) => parameters.get(1),
                (_, place) => parameters.get(place),
            };
            // In oblique cells |h| stays below a/d as well: d is no longer than the projection of a.
            ((length.copied().unwrap_or(1.0) / least * 1.16).floor() as i32).clamp(0, MOST_INDEX)
        };
        let (h_most, k_most, l_most) = (most(0), most(1), most(2));
        let mut all: Vec<(f64, Reflection)> = Vec::new();
        let h_least = if self.system == System::Monoclinic { -h_most } else { 0 };
        for h in h_least..=h_most {
            for k in 0..=k_most {
                for l in 0..=l_most {
                    for one in self.variants(h, k, l) {
                        let square = self.inverse_square(one, parameters);
                        if square > 0.0 && square * least * least < 1.0 && self.is_allowed(one) {
                            all.push((square, one));
                        }
                    }
                }
            }
        }
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut kept: Vec<(f64, Reflection)> = Vec::new();
        for (square, one) in all {
            let is_same =
                kept.iter().rev().take_while(|k| square - k.0 < 1e-9 * square).any(|_| true);
            if !is_same && kept.len() < MOST_REFLECTIONS {
                kept.push((square, one));
            }
        }
        kept.into_iter().map(|(_, one)| one).collect()
    }

    /// Indices of one length that the centring may tell apart.
    fn variants(&self, h: i32, k: i32, l: i32) -> Vec<Reflection> {
        let one = Reflection { h, k, l };
        match self.system {
            // hkl and khl are of one length; the obverse setting allows one of them.
            System::Hexagonal if self.centring == 'R' => vec![one, Reflection { h: k, k: h, l }],
            System::Hexagonal | System::Tetragonal | System::Cubic if k > h => Vec::new(),
            System::Cubic if l > k => Vec::new(),
            _ => vec![one],
        }
    }
}

/// Larger indices than this are not looked for.
const MOST_INDEX: i32 = 40;

/// More reflections than this cannot be told apart in a powder pattern.
const MOST_REFLECTIONS: usize = 2_000;
