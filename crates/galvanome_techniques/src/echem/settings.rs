//! What a caller may set.

use crate::analysis::{Setting, SettingKind};

/// Every setting of the technique.
pub(super) const SETTINGS: &[Setting] = &[
    REFERENCE_CYCLE,
    CHECKUP_REFERENCE,
    FIRST_CYCLE,
    LAST_CYCLE,
    RATES,
    CHECKUP_RATE,
    END_OF_LIFE_BY,
    NOMINAL_CAPACITY,
    ACTIVE_MASS,
    DQDV_RATE,
    DQDV_BRANCH,
    DQDV_STEP,
    DQDV_WINDOW,
    DQDV_NEAR,
    RESISTANCE_TIME,
    RESISTANCE_DIRECTION,
    RESISTANCE_SOC,
    CURRENT_SIGN,
    CURRENT_ACCURACY,
    CURRENT_RANGE,
    VOLTAGE_ACCURACY,
    VOLTAGE_RANGE,
    ACCURACY_DRIFT,
];

const CYCLE: SettingKind = SettingKind::Whole { min: 0, max: 10_000_000 };

pub(super) const REFERENCE_CYCLE: Setting = Setting {
    key: "reference-cycle",
    kind: CYCLE,
    meaning: "the cycle whose discharge capacity is 100 %, by the instrument's number",
    otherwise: "the first cycle that is used",
};

pub(super) const CHECKUP_REFERENCE: Setting = Setting {
    key: "checkup-reference-cycle",
    kind: CYCLE,
    meaning: "the check-up whose discharge capacity is a state of health of 100 %",
    otherwise: "the reference cycle when that is a check-up, otherwise the first check-up",
};

pub(super) const FIRST_CYCLE: Setting = Setting {
    key: "first-cycle",
    kind: CYCLE,
    meaning: "the first cycle of the loss rates and of the efficiencies",
    otherwise: "the first cycle of the files",
};

pub(super) const LAST_CYCLE: Setting = Setting {
    key: "last-cycle",
    kind: CYCLE,
    meaning: "the last cycle of the loss rates and of the efficiencies",
    otherwise: "the last cycle of the files",
};

pub(super) const RATES: Setting = Setting {
    key: "rates",
    kind: SettingKind::Word(&["common", "all"]),
    meaning: "which cycles make the loss rate: those at the common rate of discharge, or all",
    otherwise: "common",
};

pub(super) const CHECKUP_RATE: Setting = Setting {
    key: "checkup-rate",
    kind: SettingKind::Number { min: 1e-6, max: 1e3, unit: "1/h" },
    meaning: "cycles discharged at this rate or slower are check-ups (0.05 for C/20)",
    otherwise: "half the common rate; of several such rates the one that is met over the most cycles",
};

pub(super) const END_OF_LIFE_BY: Setting = Setting {
    key: "end-of-life-by",
    kind: SettingKind::Word(&["common", "check-up"]),
    meaning: "which cycles tell when 80 % is reached: those at the common rate, or the check-ups",
    otherwise: "common",
};

pub(super) const NOMINAL_CAPACITY: Setting = Setting {
    key: "nominal-capacity",
    kind: SettingKind::Number { min: 1e-12, max: 1e6, unit: "Ah" },
    meaning: "the capacity to which rates refer: 1/h is this charge in one hour",
    otherwise: "the discharge capacity of the reference cycle",
};

pub(super) const ACTIVE_MASS: Setting = Setting {
    key: "active-mass",
    kind: SettingKind::Number { min: 1e-9, max: 1e6, unit: "g" },
    meaning: "mass of active material, for the capacity in mAh/g",
    otherwise: "no capacity in mAh/g",
};

pub(super) const DQDV_RATE: Setting = Setting {
    key: "dqdv-rate",
    kind: SettingKind::Number { min: 1e-6, max: 1e3, unit: "1/h" },
    meaning: "the fastest rate at which dQ/dV is taken",
    otherwise: "0.1 (C/10)",
};

pub(super) const DQDV_BRANCH: Setting = Setting {
    key: "dqdv-branch",
    kind: SettingKind::Word(&["discharge", "charge"]),
    meaning: "the half of a cycle from which dQ/dV is taken",
    otherwise: "discharge",
};

pub(super) const DQDV_STEP: Setting = Setting {
    key: "dqdv-step",
    kind: SettingKind::Number { min: 1e-4, max: 0.05, unit: "V" },
    meaning: "the width of the voltage steps at which charge is taken for dQ/dV",
    otherwise: "0.002",
};

pub(super) const DQDV_WINDOW: Setting = Setting {
    key: "dqdv-window",
    kind: SettingKind::Number { min: 5e-4, max: 0.5, unit: "V" },
    meaning: "the width over which dQ/dV is smoothed; at least five steps are taken",
    otherwise: "0.02",
};

pub(super) const DQDV_NEAR: Setting = Setting {
    key: "dqdv-near",
    kind: SettingKind::Number { min: -10.0, max: 10.0, unit: "V" },
    meaning: "take the peak of dQ/dV that is nearest to this voltage",
    otherwise: "the highest peak",
};

pub(super) const RESISTANCE_TIME: Setting = Setting {
    key: "resistance-time",
    kind: SettingKind::Number { min: 1e-3, max: 1e5, unit: "s" },
    meaning: "how long after the step of the current the voltage is taken for the resistance",
    otherwise: "10",
};

pub(super) const RESISTANCE_DIRECTION: Setting = Setting {
    key: "resistance-direction",
    kind: SettingKind::Word(&["discharge", "charge"]),
    meaning: "which way the current steps from rest for the resistance",
    otherwise: "discharge",
};

pub(super) const RESISTANCE_SOC: Setting = Setting {
    key: "resistance-soc",
    kind: SettingKind::Number { min: 0.0, max: 100.0, unit: "%" },
    meaning: "take the step nearest to this state of charge",
    otherwise: "50",
};

pub(super) const CURRENT_SIGN: Setting = Setting {
    key: "current-sign",
    kind: SettingKind::Word(&["as-read", "turned"]),
    meaning: "`turned` for files whose positive current discharges (the reader notes `current-sign-suspect`)",
    otherwise: "as-read",
};

pub(super) const CURRENT_ACCURACY: Setting = Setting {
    key: "current-accuracy",
    kind: SettingKind::Number { min: 0.0, max: 50.0, unit: "% of the full scale" },
    meaning: "how accurate the instrument's current is, as a bound, as its maker states it for the range that was used",
    otherwise: "0.1 (unverified default: what makers of common cyclers state)",
};

pub(super) const CURRENT_RANGE: Setting = Setting {
    key: "current-range",
    kind: SettingKind::Number { min: 1e-12, max: 1e6, unit: "A" },
    meaning: "the full scale of the range of the current that was used",
    otherwise: "the largest current in the files",
};

pub(super) const VOLTAGE_ACCURACY: Setting = Setting {
    key: "voltage-accuracy",
    kind: SettingKind::Number { min: 0.0, max: 50.0, unit: "% of the full scale" },
    meaning: "how accurate the instrument's voltage is, as a bound, as its maker states it",
    otherwise: "0.1 (unverified default: what makers of common cyclers state)",
};

pub(super) const VOLTAGE_RANGE: Setting = Setting {
    key: "voltage-range",
    kind: SettingKind::Number { min: 1e-3, max: 1e6, unit: "V" },
    meaning: "the full scale of the range of the voltage",
    otherwise: "5 (unverified default)",
};

pub(super) const ACCURACY_DRIFT: Setting = Setting {
    key: "accuracy-drift",
    kind: SettingKind::Number { min: 0.0, max: 100.0, unit: "% of the accuracy" },
    meaning: "how much of the instrument's error of accuracy is another one at another cycle, so that it does not cancel between cycles",
    otherwise: "10 (unverified default)",
};
