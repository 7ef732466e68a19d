//! What a caller may set.

use crate::analysis::{Setting, SettingKind};

/// Every setting of the technique.
pub(super) const SETTINGS: &[Setting] = &[
    ANODE,
    WAVELENGTH,
    WAVELENGTH_2,
    K_ALPHA_RATIO,
    FROM,
    TO,
    BACKGROUND,
    BACKGROUND_WIDTH,
    SIGNIFICANCE,
    SHAPE,
    ASYMMETRY,
    CELL,
    CENTRING,
    A,
    B,
    C,
    BETA,
    CELL_RANGE,
    TOLERANCE,
    CORRECTION,
    RADIUS,
    PHASES,
    MONOCLINIC_SIDE,
    INSTRUMENT_WIDTH,
    SCHERRER_CONSTANT,
    STANDARD_CELL,
    SERIES,
    PEAK,
    PEAK_2,
    PEAK_3,
];

const LENGTH: SettingKind = SettingKind::Number { min: 1.0, max: 100.0, unit: "Å" };
const ANGLE: SettingKind = SettingKind::Number { min: 0.0, max: 180.0, unit: "° 2θ" };

pub(super) const ANODE: Setting = Setting {
    key: "anode",
    kind: SettingKind::Word(&["Cr", "Fe", "Co", "Cu", "Mo", "Ag"]),
    meaning: "the anode of the tube: its Kα1 and Kα2 are taken instead of what the file says",
    otherwise: "the wavelengths of the file; Cu with a note where it gives none",
};

pub(super) const WAVELENGTH: Setting = Setting {
    key: "wavelength",
    kind: SettingKind::Number { min: 0.05, max: 5.0, unit: "Å" },
    meaning: "the wavelength, of Kα1 where there are two lines, instead of what the file says",
    otherwise: "as for `anode`",
};

pub(super) const WAVELENGTH_2: Setting = Setting {
    key: "wavelength-2",
    kind: SettingKind::Number { min: 0.05, max: 5.0, unit: "Å" },
    meaning: "the wavelength of Kα2, beside `wavelength`",
    otherwise: "no second line when `wavelength` is set",
};

pub(super) const K_ALPHA_RATIO: Setting = Setting {
    key: "k-alpha-ratio",
    kind: SettingKind::Number { min: 0.0, max: 1.0, unit: "1" },
    meaning: "intensity of Kα2 over that of Kα1; 0 for a beam that holds Kα1 alone",
    otherwise: "what the file says, else 0.5 where there are two lines",
};

pub(super) const FROM: Setting = Setting {
    key: "from",
    kind: ANGLE,
    meaning: "the angle 2θ from which the pattern is used",
    otherwise: "the first point",
};

pub(super) const TO: Setting = Setting {
    key: "to",
    kind: ANGLE,
    meaning: "the angle 2θ up to which the pattern is used",
    otherwise: "the last point",
};

pub(super) const BACKGROUND: Setting = Setting {
    key: "background",
    kind: SettingKind::Word(&["arpls", "asls", "snip", "linear"]),
    meaning: "what lies under the peaks when they are searched for",
    otherwise: "arpls",
};

pub(super) const BACKGROUND_WIDTH: Setting = Setting {
    key: "background-width",
    kind: SettingKind::Number { min: 0.01, max: 180.0, unit: "° 2θ" },
    meaning: "what is narrower than this is no background",
    otherwise: "a tenth of the pattern's range",
};

pub(super) const SIGNIFICANCE: Setting = Setting {
    key: "significance",
    kind: SettingKind::Number { min: 2.0, max: 1000.0, unit: "1" },
    meaning: "a peak stands out by this many times the noise of the smoothed pattern",
    otherwise: "6",
};

pub(super) const SHAPE: Setting = Setting {
    key: "shape",
    kind: SettingKind::Word(&["pseudo-voigt", "voigt", "gauss", "lorentz"]),
    meaning: "the shape of peaks",
    otherwise: "pseudo-voigt",
};

pub(super) const ASYMMETRY: Setting = Setting {
    key: "asymmetry",
    kind: SettingKind::Word(&["none", "split"]),
    meaning: "`split` lets the left half of peaks below 40° be wider than the right, as axial divergence makes it",
    otherwise: "none",
};

pub(super) const CELL: Setting = Setting {
    key: "cell",
    kind: SettingKind::Word(&[
        "rhombohedral-hexagonal",
        "hexagonal",
        "monoclinic",
        "cubic",
        "tetragonal",
        "orthorhombic",
        "none",
    ]),
    meaning: "the cell that the reflections are indexed by; `none` for positions alone",
    otherwise: "rhombohedral-hexagonal: R-3m on hexagonal axes, as LiNiO2 and LiCoO2",
};

pub(super) const CENTRING: Setting = Setting {
    key: "centring",
    kind: SettingKind::Word(&["P", "A", "B", "C", "I", "F", "R"]),
    meaning: "the lattice's centring, which makes the reflection conditions",
    otherwise: "R for rhombohedral-hexagonal, C for monoclinic, P for others",
};

pub(super) const A: Setting = Setting {
    key: "a",
    kind: LENGTH,
    meaning: "lattice parameter a at which the search starts",
    otherwise: "2.876 for the hexagonal cell of LiNiO2, 4.98 for the monoclinic one; others need it",
};

pub(super) const B: Setting = Setting {
    key: "b",
    kind: LENGTH,
    meaning: "lattice parameter b at which the search starts",
    otherwise: "2.83 for the monoclinic cell; a orthorhombic one needs it",
};

pub(super) const C: Setting = Setting {
    key: "c",
    kind: LENGTH,
    meaning: "lattice parameter c at which the search starts",
    otherwise: "14.19 for the hexagonal cell of LiNiO2, 5.07 for the monoclinic one; others need it",
};

pub(super) const BETA: Setting = Setting {
    key: "beta",
    kind: SettingKind::Number { min: 60.0, max: 150.0, unit: "°" },
    meaning: "angle β of a monoclinic cell at which the search starts",
    otherwise: "109.3",
};

pub(super) const CELL_RANGE: Setting = Setting {
    key: "cell-range",
    kind: SettingKind::Number { min: 0.0, max: 10.0, unit: "%" },
    meaning: "how far from its start the search looks for each parameter",
    otherwise: "3",
};

pub(super) const TOLERANCE: Setting = Setting {
    key: "tolerance",
    kind: SettingKind::Number { min: 0.001, max: 2.0, unit: "° 2θ" },
    meaning: "how far a peak may lie from the reflection that it is taken for",
    otherwise: "half of the median width of the peaks, at least three steps of the pattern",
};

pub(super) const CORRECTION: Setting = Setting {
    key: "correction",
    kind: SettingKind::Word(&["auto", "displacement", "zero", "both", "none"]),
    meaning: "what is fitted beside the cell: displacement of the specimen, shift of the zero, both or neither",
    otherwise: "auto: displacement where the beam holds Kα2 or the anode is known (a laboratory's reflection), else zero, where reflections suffice",
};

pub(super) const RADIUS: Setting = Setting {
    key: "radius",
    kind: SettingKind::Number { min: 10.0, max: 10_000.0, unit: "mm" },
    meaning: "radius of the goniometer",
    otherwise: "what the file says; without it a displacement is given as a part of the radius",
};

pub(super) const PHASES: Setting = Setting {
    key: "phases",
    kind: SettingKind::Word(&["auto", "one", "two"]),
    meaning: "whether the first layer reflection (003 or 001) is of one phase or of two, rhombohedral and monoclinic",
    otherwise: "auto: two where two peaks fit it decisively better",
};

pub(super) const MONOCLINIC_SIDE: Setting = Setting {
    key: "monoclinic-side",
    kind: SettingKind::Word(&["low", "high"]),
    meaning: "on which side, in 2θ, the monoclinic phase's layer reflection lies",
    otherwise: "low: it holds less lithium, and its layers are farther apart",
};

pub(super) const INSTRUMENT_WIDTH: Setting = Setting {
    key: "instrument-width",
    kind: SettingKind::Number { min: 0.0, max: 5.0, unit: "° 2θ" },
    meaning: "integral breadth that the instrument alone gives a peak",
    otherwise: "from `--with standard=FILE`; without either, sizes and strains are bounds",
};

pub(super) const SCHERRER_CONSTANT: Setting = Setting {
    key: "scherrer-constant",
    kind: SettingKind::Number { min: 0.5, max: 2.0, unit: "1" },
    meaning: "K of β cos θ = K λ / D, for integral breadths",
    otherwise: "1 (volume-weighted column length)",
};

pub(super) const STANDARD_CELL: Setting = Setting {
    key: "standard-a",
    kind: LENGTH,
    meaning: "lattice parameter of the cubic primitive standard given with the role `standard`",
    otherwise: "4.156826 (LaB6, NIST SRM 660c at 22.5 °C)",
};

pub(super) const SERIES: Setting = Setting {
    key: "series",
    kind: SettingKind::Word(&["auto", "time", "repeats"]),
    meaning: "whether several patterns are a series in time, or repeats whose mean is wanted",
    otherwise: "auto: a series where three or more patterns start at different times",
};

pub(super) const PEAK: Setting = Setting {
    key: "peak",
    kind: ANGLE,
    meaning: "the angle 2θ near which the peak lies that is followed through a series",
    otherwise: "the first reflection that all patterns have",
};

pub(super) const PEAK_2: Setting = Setting {
    key: "peak-2",
    kind: ANGLE,
    meaning: "the angle 2θ of a second peak of the same phase, which tells a change of the lattice from displacement",
    otherwise: "all indexed reflections; without an index all peaks that every pattern has",
};

pub(super) const PEAK_3: Setting = Setting {
    key: "peak-3",
    kind: ANGLE,
    meaning: "the angle 2θ of a third peak of the same phase",
    otherwise: "as for `peak-2`",
};
