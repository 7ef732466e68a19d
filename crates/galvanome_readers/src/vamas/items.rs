//! The items that a block may have, in the order and with the numbers of the standard, by which lists of included and
//! excluded items name them.

/// When an item is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// Always.
    Always,
    /// Where the experiment is a map with a spectrum at each place.
    Placed,
    /// Where ions sputter the sample, or are what is detected.
    Ions,
    /// Where the experiment has a field of view.
    Field,
    /// Where the source scans lines.
    Linescans,
    /// Where the technique is derivative Auger spectroscopy.
    Derivative,
    /// Where the points of a spectrum are evenly spaced.
    Regular,
    /// Where the sample is sputtered between spectra.
    Sputtered,
    /// A count, and so many lines.
    Comment,
    /// The values of the experimental variables.
    Experimental,
    /// A count, and so many pairs of a label and a unit.
    Variables,
    /// A count, and so many triples of label, unit and value.
    Additional,
}

/// An item: when it is there, and the names of its lines.
pub(super) type Item = (When, &'static [&'static str]);

/// The number of the block comment.
pub(super) const COMMENT: usize = 8;
/// The number of the technique.
pub(super) const TECHNIQUE: usize = 9;
/// The number of the values of experimental variables.
pub(super) const EXPERIMENTAL: usize = 11;
/// The number of the corresponding variables.
pub(super) const VARIABLES: usize = 32;

pub(super) const YEAR: &str = "year";
pub(super) const MONTH: &str = "month";
pub(super) const DAY: &str = "day";
pub(super) const HOURS: &str = "hours";
pub(super) const MINUTES: &str = "minutes";
pub(super) const SECONDS: &str = "seconds";
pub(super) const AHEAD: &str = "hours in advance of GMT";
pub(super) const TECHNIQUE_NAME: &str = "technique";
pub(super) const X: &str = "x coordinate";
pub(super) const Y: &str = "y coordinate";
pub(super) const SOURCE_ENERGY: &str = "analysis source characteristic energy";
pub(super) const ANALYSER_MODE: &str = "analyser mode";
pub(super) const PASS_ENERGY: &str = "analyser pass energy or retard ratio or mass resolution";
pub(super) const SPECIES: &str = "species label";
pub(super) const TRANSITION: &str = "transition or charge state label";
pub(super) const ABSCISSA: &str = "abscissa label";
pub(super) const ABSCISSA_UNITS: &str = "abscissa units";
pub(super) const ABSCISSA_START: &str = "abscissa start";
pub(super) const ABSCISSA_INCREMENT: &str = "abscissa increment";
pub(super) const SIGNAL_MODE: &str = "signal mode";
pub(super) const COLLECTION_TIME: &str = "signal collection time";
pub(super) const SCANS: &str = "number of scans to compile this block";

/// The items, of which the first has the number 1.
pub(super) const ITEMS: [Item; 40] = [
    (When::Always, &[YEAR]),
    (When::Always, &[MONTH]),
    (When::Always, &[DAY]),
    (When::Always, &[HOURS]),
    (When::Always, &[MINUTES]),
    (When::Always, &[SECONDS]),
    (When::Always, &[AHEAD]),
    (When::Comment, &["comment"]),
    (When::Always, &[TECHNIQUE_NAME]),
    (When::Placed, &[X, Y]),
    (When::Experimental, &["value of experimental variable"]),
    (When::Always, &["analysis source label"]),
    (
        When::Ions,
        &[
            "sputtering ion or atom atomic number",
            "number of atoms in sputtering ion or atom particle",
            "sputtering ion or atom charge sign and number",
        ],
    ),
    (When::Always, &[SOURCE_ENERGY]),
    (When::Always, &["analysis source strength"]),
    (When::Always, &["analysis source beam width x", "analysis source beam width y"]),
    (When::Field, &["field of view x", "field of view y"]),
    (
        When::Linescans,
        &[
            "first linescan start x coordinate",
            "first linescan start y coordinate",
            "first linescan finish x coordinate",
            "first linescan finish y coordinate",
            "last linescan finish x coordinate",
            "last linescan finish y coordinate",
        ],
    ),
    (When::Always, &["analysis source polar angle of incidence"]),
    (When::Always, &["analysis source azimuth"]),
    (When::Always, &[ANALYSER_MODE]),
    (When::Always, &[PASS_ENERGY]),
    (When::Derivative, &["differential width"]),
    (When::Always, &["magnification of analyser transfer lens"]),
    (When::Always, &["analyser work function or acceptance energy of atom or ion"]),
    (When::Always, &["target bias"]),
    (When::Always, &["analysis width x", "analysis width y"]),
    (When::Always, &["analyser axis take off polar angle", "analyser axis take off azimuth"]),
    (When::Always, &[SPECIES]),
    (When::Always, &[TRANSITION, "charge of detected particle"]),
    (When::Regular, &[ABSCISSA, ABSCISSA_UNITS, ABSCISSA_START, ABSCISSA_INCREMENT]),
    (When::Variables, &["corresponding variable label", "corresponding variable units"]),
    (When::Always, &[SIGNAL_MODE]),
    (When::Always, &[COLLECTION_TIME]),
    (When::Always, &[SCANS]),
    (When::Always, &["signal time correction"]),
    (
        When::Sputtered,
        &[
            "sputtering source energy",
            "sputtering source beam current",
            "sputtering source width x",
            "sputtering source width y",
            "sputtering source polar angle of incidence",
            "sputtering source azimuth",
            "sputtering mode",
        ],
    ),
    (When::Always, &["sample normal polar angle of tilt", "sample normal tilt azimuth"]),
    (When::Always, &["sample rotation angle"]),
    (
        When::Additional,
        &[
            "additional numerical parameter label",
            "additional numerical parameter units",
            "additional numerical parameter value",
        ],
    ),
];

/// Whether an item is there, by the mode of the experiment, the mode of its scans and the technique of the block.
pub(super) fn is_there(when: When, mode: &str, scans: &str, technique: &str) -> bool {
    let mode_is = |modes: &[&str]| modes.iter().any(|known| known.eq_ignore_ascii_case(mode));
    let technique_is =
        |known: &[&str]| known.iter().any(|known| known.eq_ignore_ascii_case(technique));
    match when {
        When::Always | When::Comment | When::Experimental | When::Variables | When::Additional => {
            true
        }
        When::Placed => mode_is(&["MAP", "MAPDP"]),
        When::Ions => {
            mode_is(&["MAPDP", "MAPSVDP", "SDP", "SDPSV"])
                || technique_is(&[
                    "FABMS",
                    "FABMS energy spec",
                    "ISS",
                    "SIMS",
                    "SIMS energy spec",
                    "SNMS",
                    "SNMS energy spec",
                ])
        }
        When::Field => mode_is(&["MAP", "MAPDP", "MAPSV", "MAPSVDP", "SEM"]),
        When::Linescans => mode_is(&["MAPSV", "MAPSVDP", "SEM"]),
        When::Derivative => technique_is(&["AES diff"]),
        When::Regular => scans.eq_ignore_ascii_case("REGULAR"),
        When::Sputtered => {
            mode_is(&["MAPDP", "MAPSVDP", "SDP", "SDPSV"])
                && technique_is(&["AES diff", "AES dir", "EDX", "ELS", "UPS", "XPS", "XRF"])
        }
    }
}
