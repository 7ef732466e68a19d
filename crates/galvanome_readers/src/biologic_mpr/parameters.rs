//! What was set for the steps of a technique: currents, potentials, times and limits, under EC-Lab's names.
//!
//! The settings hold a length in bytes, the number of steps, the number of settings of each, and one packed record for
//! each step, in the order in which EC-Lab's text lists them. Where these stand differs by version; the length and both
//! numbers must fit the layout of a technique, else nothing is read. The layouts here were found by setting the vendor's
//! text of a file beside its bytes; other techniques and other versions of these are left alone, and so are settings of
//! which not every code was seen (ranges of the current, what starts a record).

use super::bytes::{f32_at, u8_at, u16_at, u32_at};
use crate::sink::Sink;

/// Where the number of steps may stand.
const PLACES: [usize; 4] = [0x572, 0x1845, 0x1846, 0x1847];

/// What the length counts beside the records: both numbers, and 256 bytes that are not known.
const BESIDE: usize = 0x104;

/// One setting of a step, and how it is stored.
#[derive(Debug, Clone, Copy)]
enum Set {
    /// A float in a unit.
    In(&'static str, &'static str),
    /// A float and the number of its unit.
    By(&'static str, Units),
    /// A potential, and against what, in so many bytes.
    Against(&'static str, usize),
    /// A number of one byte or four.
    Byte(&'static str),
    Number(&'static str),
    /// Bytes that are left alone.
    Other(usize),
}

/// Units by their numbers, as far as they were seen.
type Units = &'static [(u8, &'static str)];

const CURRENT: Units = &[(1, "mA"), (2, "µA")];
const CHARGE: Units = &[(1, "mA.h"), (3, "nA.h")];
const CURRENT_RATE: Units = &[(1, "mA/s")];
const SCAN_RATE: Units = &[(1, "mV/s")];

/// What a potential is against, by its number.
const AGAINST: Units = &[(0, "Eoc"), (2, "Emeas"), (4, "Ref")];

use Set::{Against, By, Byte, In, Number, Other};

/// The layouts: number of the technique, and its settings. Theirs is the number of bytes of a step.
const LAYOUTS: &[(u8, u16, &[Set])] = &[
    (GCPL, 33, GCPL_33),
    (CV, 21, CV_21),
    (OCV, 6, OCV_6),
    (OCV, 7, OCV_7),
    (CA, 25, CA_25_SHORT),
    (CA, 25, CA_25),
    (CP, 16, CP_16_SHORT),
    (CP, 16, CP_16),
    (LSV, 23, LSV_23),
];

const GCPL: u8 = 0x04;
const CV: u8 = 0x06;
const OCV: u8 = 0x0b;
const CA: u8 = 0x18;
const CP: u8 = 0x19;
const LSV: u8 = 0x6c;

const E_MIN: Set = In("E range min", "V");
const E_MAX: Set = In("E range max", "V");
const BANDWIDTH: Set = Byte("Bandwidth");
const GOTO: Set = Number("goto Ns'");
const CYCLES: Set = Number("nc cycles");
const REST: [Set; 2] = [In("tR", "s"), In("dER/dt", "mV/h")];
const REST_RECORD: [Set; 2] = [In("dER", "mV"), In("dtR", "s")];

const GCPL_33: &[Set] = &[
    Other(1),
    By("Is", CURRENT),
    Other(4),
    In("N", ""),
    Other(4),
    In("t1", "s"),
    Other(1),
    BANDWIDTH,
    In("dE1", "mV"),
    In("dt1", "s"),
    In("EM", "V"),
    In("tM", "s"),
    By("Im", CURRENT),
    By("dI/dt", CURRENT_RATE),
    E_MIN,
    E_MAX,
    By("dq", CHARGE),
    In("dtq", "s"),
    By("dQM", CHARGE),
    In("dxM", ""),
    In("delta SoC", "%"),
    REST[0],
    REST[1],
    REST_RECORD[0],
    REST_RECORD[1],
    In("EL", "V"),
    GOTO,
    CYCLES,
];

const CV_21: &[Set] = &[
    Against("Ei", 1),
    By("dE/dt", SCAN_RATE),
    Against("E1", 1),
    Byte("Step percent"),
    Number("N"),
    E_MIN,
    E_MAX,
    Other(4),
    BANDWIDTH,
    Against("E2", 1),
    CYCLES,
    Byte("Reverse Scan"),
    Against("Ef", 1),
];

const OCV_6: &[Set] = &[REST[0], REST[1], REST_RECORD[0], REST_RECORD[1], E_MIN, E_MAX];
const OCV_7: &[Set] = &[REST[0], REST[1], Other(1), REST_RECORD[0], REST_RECORD[1], E_MIN, E_MAX];

/// Settings of chronoamperometry, with so many bytes for what its potential is against.
const fn chronoamperometry(against: usize) -> [Set; 16] {
    [
        Against("Ei", against),
        In("ti", "s"),
        By("Imax", CURRENT),
        By("Imin", CURRENT),
        By("dQM", CHARGE),
        Other(1),
        By("dI", CURRENT),
        By("dQ", CHARGE),
        In("dt", "s"),
        In("dta", "s"),
        E_MIN,
        E_MAX,
        Other(4),
        BANDWIDTH,
        GOTO,
        CYCLES,
    ]
}

const CA_25_SHORT: &[Set] = &chronoamperometry(1);
const CA_25: &[Set] = &chronoamperometry(4);

/// Settings of chronopotentiometry, with so many bytes for what its current is against.
const fn chronopotentiometry(against: usize) -> [Set; 14] {
    [
        By("Is", CURRENT),
        Other(against),
        In("ts", "s"),
        In("EM", "V"),
        By("dQM", CHARGE),
        Other(1),
        In("dEs", "mV"),
        In("dts", "s"),
        E_MIN,
        E_MAX,
        Other(1),
        BANDWIDTH,
        GOTO,
        CYCLES,
    ]
}

const CP_16_SHORT: &[Set] = &chronopotentiometry(1);
const CP_16: &[Set] = &chronopotentiometry(4);

const LSV_23: &[Set] = &[
    REST[0],
    REST[1],
    REST_RECORD[0],
    REST_RECORD[1],
    By("dE/dt", SCAN_RATE),
    Against("Ei", 4),
    Against("EL", 4),
    Other(1),
    By("dI", CURRENT),
    In("tI", "s"),
    Byte("Step percent"),
    Number("N"),
    E_MIN,
    E_MAX,
    Other(4),
    BANDWIDTH,
];

impl Set {
    /// Bytes that it takes.
    const fn len(self) -> usize {
        match self {
            Self::In(..) | Self::Number(_) => 4,
            Self::By(..) => 5,
            Self::Against(_, more) => 4 + more,
            Self::Byte(_) => 1,
            Self::Other(bytes) => bytes,
        }
    }

    /// Its name and what stands for it at a place; none where that is not known.
    fn read(self, head: &[u8], at: usize) -> Option<(&'static str, String)> {
        let named = |units: Units, at: usize| {
            let number = u8_at(head, at)?;
            units.iter().find(|unit| unit.0 == number).map(|unit| unit.1)
        };
        Some(match self {
            Self::In(name, unit) => (name, with_unit(f32_at(head, at)?, unit)),
            Self::By(name, units) => (name, with_unit(f32_at(head, at)?, named(units, at + 4)?)),
            Self::Against(name, _) => {
                let potential = with_unit(f32_at(head, at)?, "V");
                match named(AGAINST, at + 4) {
                    Some(against) => (name, format!("{potential} vs. {against}")),
                    None => (name, potential),
                }
            }
            Self::Byte(name) => (name, u8_at(head, at)?.to_string()),
            Self::Number(name) => (name, u32_at(head, at)?.to_string()),
            Self::Other(_) => return None,
        })
    }
}

/// A float as it was typed, of which six digits are more than EC-Lab shows; what is no number was passed over.
fn with_unit(value: f32, unit: &str) -> String {
    if !value.is_finite() {
        return "pass".to_owned();
    }
    let typed = format!("{value:.5e}").parse().unwrap_or(value);
    format!("{typed} {unit}").trim_end().to_owned()
}

/// Writes what was set for the steps into the metadata, step by step under the name of each setting. Nothing where the
/// settings are not of a known layout.
pub(super) fn read_parameters(head: &[u8], sink: &mut dyn Sink) {
    let Some((begin, steps, layout)) = find(head) else { return };
    let width: usize = layout.iter().map(|set| set.len()).sum();
    let mut offset = 0;
    for set in layout {
        let each: Option<Vec<_>> =
            (0..steps).map(|step| set.read(head, begin + step * width + offset)).collect();
        // A value without its unit would be a riddle: all steps, or none.
        if let Some(each) = each
            && let Some((name, _)) = each.first()
        {
            let values: Vec<&str> = each.iter().map(|(_, value)| value.as_str()).collect();
            sink.metadata(name, &values.join(", "));
        }
        offset += set.len();
    }
}

/// Where the records begin, how many there are, and their layout.
fn find(head: &[u8]) -> Option<(usize, usize, &'static [Set])> {
    let technique = u8_at(head, 0)?;
    PLACES.iter().find_map(|&at| {
        let length = u32_at(head, at.checked_sub(4)?)? as usize;
        let (steps, settings) = (usize::from(u16_at(head, at)?), u16_at(head, at + 2)?);
        let fits = |layout: &&(u8, u16, &[Set])| {
            let width: usize = layout.2.iter().map(|set| set.len()).sum();
            let all = steps * width;
            (layout.0, layout.1) == (technique, settings)
                && length == BESIDE + all
                && head.len() >= at + 4 + all
        };
        let (_, _, layout) = LAYOUTS.iter().find(fits).filter(|_| steps > 0)?;
        Some((at + 4, steps, *layout))
    })
}
