//! What the instrument is stated to be accurate by.
//!
//! Makers state one bound for a whole range, in percent of its full scale. It holds for what does not change from row to
//! row: an offset and a gain. How they share it is not stated, so each is taken to fill it, independently and evenly
//! (JCGM 100:2008, 4.3.7), which is never too narrow. All rows of a cell count as of one channel, so that both errors are
//! the same in all of them but for a drift from cycle to cycle, and what they share cancels in ratios and differences.

use galvanome_model::note::Note;

use super::records::Precision;
use super::settings::{
    ACCURACY_DRIFT, CURRENT_ACCURACY, CURRENT_RANGE, VOLTAGE_ACCURACY, VOLTAGE_RANGE,
};
use crate::analysis::Settings;

/// Percent of the full scale, of current and of voltage, when nothing else is set. Unverified default: what makers of
/// common cyclers state.
const PERCENT: f64 = 0.1;

/// Full scale of the voltage when nothing else is set. Unverified default.
const VOLTAGE_FULL_V: f64 = 5.0;

/// Part of the accuracy, in percent, that is another one at another cycle when nothing else is set. Unverified default.
const DRIFT_PERCENT: f64 = 10.0;

/// Currents that are farther apart than this were measured in two ranges, whose errors are not the same.
const ONE_RANGE: f64 = 10.0;

/// Standard uncertainty of an error that lies anywhere within a bound, over the bound.
const EVENLY: f64 = 0.577_350_269_189_625_8;

/// Adds to what the rows tell of voltage and current what was set, or is assumed, of the instrument; a note says the
/// latter.
pub(super) fn stated(
    [voltage, current]: [Precision; 2],
    largest_a: f64,
    settings: &Settings,
    notes: &mut Vec<Note>,
) -> [Precision; 2] {
    let set = [&VOLTAGE_ACCURACY, &CURRENT_ACCURACY].map(|setting| settings.number(setting));
    let full = [
        settings.number(&VOLTAGE_RANGE).unwrap_or(VOLTAGE_FULL_V),
        settings.number(&CURRENT_RANGE).unwrap_or(largest_a),
    ];
    let assumed: Vec<&str> = [(set[1], "current"), (set[0], "voltage")]
        .into_iter()
        .filter(|(set, _)| set.is_none())
        .map(|(_, of)| of)
        .collect();
    if !assumed.is_empty() {
        let message = format!(
            "the accuracy of the instrument was not stated, so that of {} counts as ±{PERCENT} % of the full scale, an unverified default that is in every uncertainty; {} set what the maker states",
            assumed.join(" and "),
            if assumed.len() == 2 {
                "`current-accuracy`, `current-range`, `voltage-accuracy` and `voltage-range`"
                    .to_owned()
            } else {
                format!("`{0}-accuracy` and `{0}-range`", assumed.concat())
            }
        );
        notes.push(Note::new("accuracy-by-default", message, ""));
    }
    let drift = settings.number(&ACCURACY_DRIFT).unwrap_or(DRIFT_PERCENT) / 100.0;
    let of = |rows: Precision, place: usize| {
        let gain_u = EVENLY * set.get(place).copied().flatten().unwrap_or(PERCENT) / 100.0;
        let offset_u = gain_u * full.get(place).copied().unwrap_or(0.0);
        Precision { gain_u, offset_u, drift, ..rows }
    };
    [of(voltage, 0), of(current, 1)]
}

/// What the instrument's errors do to a charge or a discharge: standard uncertainties.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Share {
    /// Of the charge by the current's gain, relative.
    pub(super) current_gain: f64,
    /// Of the charge by the current's offset, relative; negative where a positive offset makes it smaller.
    pub(super) current_offset: f64,
    /// Of a voltage by its gain, relative.
    pub(super) voltage_gain: f64,
    /// Of the mean voltage by its offset, relative to it.
    pub(super) voltage_offset: f64,
    /// Part of all of them that is another one at another cycle.
    pub(super) drift: f64,
}

impl Share {
    /// Of a flow in one direction (1 or -1) at a mean current and voltage.
    pub(super) fn of(
        [voltage, current]: [Precision; 2],
        sign: f64,
        mean_a: f64,
        mean_v: f64,
    ) -> Self {
        let over = |u: f64, mean: f64| if u > 0.0 && mean != 0.0 { u / mean } else { 0.0 };
        Self {
            current_gain: current.gain_u,
            current_offset: sign * over(current.offset_u, mean_a),
            voltage_gain: voltage.gain_u,
            voltage_offset: over(voltage.offset_u, mean_v),
            drift: current.drift,
        }
    }

    /// Of the charge, relative.
    pub(super) fn charge(self) -> f64 {
        self.current_gain.hypot(self.current_offset)
    }

    /// Of the energy, relative.
    pub(super) fn energy(self) -> f64 {
        self.charge().hypot(self.voltage())
    }

    /// Of the mean voltage, relative.
    pub(super) fn voltage(self) -> f64 {
        self.voltage_gain.hypot(self.voltage_offset)
    }

    /// Of the ratio of two charges of one cycle, relative: the gain cancels, and of the offset what is the same in both.
    pub(super) fn charges(self, other: Self) -> f64 {
        let (a, b) = (self.current_offset.abs(), other.current_offset.abs());
        if a > ONE_RANGE * b || b > ONE_RANGE * a {
            return self.charge().hypot(other.charge());
        }
        (self.current_offset - other.current_offset).abs()
    }

    /// Of the ratio of two charges of different cycles, relative: the same, and what has drifted.
    pub(super) fn charges_of_cycles(self, other: Self) -> f64 {
        self.charges(other).hypot(self.drifted(other))
    }

    /// What has drifted of it.
    pub(super) fn drifted(self, other: Self) -> f64 {
        self.drift * self.charge().hypot(other.charge())
    }

    /// Of the ratio of two energies of one cycle, relative.
    pub(super) fn energies(self, other: Self) -> f64 {
        self.charges(other).hypot(self.voltage_offset - other.voltage_offset)
    }
}
