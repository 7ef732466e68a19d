//! Types of steps.

use std::borrow::Cow;

/// Names as BTSDA 8 writes them, by code; empty where none is known.
const NAMES: [&str; 31] = [
    "Undefined",
    "CC Chg",
    "CC DChg",
    "CV Chg",
    "Rest",
    "Cycle",
    "End",
    "CCCV Chg",
    "CP DChg",
    "CP Chg",
    "CR DChg",
    "CR Chg",
    "IR",
    "Pause",
    "",
    "",
    "Pulse",
    "SIM",
    "PCCCV Chg",
    "CV DChg",
    "CCCV DChg",
    "Control",
    "OCV",
    "SubStep",
    "Follow",
    "Ramp",
    "CPCV DChg",
    "CPCV Chg",
    "CRCV DChg",
    "CRCV Chg",
    "CyclicVoltammetry",
];

/// The name of a step's type; one that nobody knows is called by its number.
pub(crate) fn name(code: u8) -> Cow<'static, str> {
    match NAMES.get(usize::from(code)) {
        Some(name) if !name.is_empty() => Cow::Borrowed(name),
        _ => Cow::Owned(format!("unknown_{code}")),
    }
}

/// The code of a name.
pub(crate) fn code(name: &str) -> Option<u8> {
    let place = NAMES.iter().position(|known| *known == name && !name.is_empty())?;
    u8::try_from(place).ok()
}

/// Whether a code has a name.
pub(crate) fn is_known(code: u8) -> bool {
    NAMES.get(usize::from(code)).is_some_and(|name| !name.is_empty())
}

/// Whether steps of a type charge (true) or discharge (false); none where they may do either, or nothing.
pub(crate) fn charges(code: u8) -> Option<bool> {
    match code {
        1 | 3 | 7 | 9 | 11 | 18 | 27 | 29 => Some(true),
        2 | 8 | 10 | 19 | 20 | 26 | 28 => Some(false),
        _ => None,
    }
}

/// Counts cycles from the types of steps: one ends where steps of one direction follow steps of the other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CycleCounter {
    /// The direction with which a cycle begins.
    begins: bool,
    last: Option<bool>,
    count: u32,
}

impl CycleCounter {
    /// Cycles that begin with a charge (true) or a discharge.
    pub(crate) fn new(begins: bool) -> Self {
        Self { begins, last: None, count: 1 }
    }

    /// The cycle of the next step.
    pub(crate) fn step(&mut self, code: u8) -> u32 {
        if let Some(charges) = charges(code) {
            if charges == self.begins && self.last == Some(!self.begins) {
                self.count += 1;
            }
            self.last = Some(charges);
        }
        self.count
    }
}
