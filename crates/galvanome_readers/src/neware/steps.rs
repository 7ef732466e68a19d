//! Types of steps.

use std::borrow::Cow;

/// Names as BTSDA 8 writes them, by code.
const NAMES: [(u8, &str); 29] = [
    (0, "Undefined"),
    (1, "CC Chg"),
    (2, "CC DChg"),
    (3, "CV Chg"),
    (4, "Rest"),
    (5, "Cycle"),
    (6, "End"),
    (7, "CCCV Chg"),
    (8, "CP DChg"),
    (9, "CP Chg"),
    (10, "CR DChg"),
    (11, "CR Chg"),
    (12, "IR"),
    (13, "Pause"),
    (16, "Pulse"),
    (17, "SIM"),
    (18, "PCCCV Chg"),
    (19, "CV DChg"),
    (20, "CCCV DChg"),
    (21, "Control"),
    (22, "OCV"),
    (23, "SubStep"),
    (24, "Follow"),
    (25, "Ramp"),
    (26, "CPCV DChg"),
    (27, "CPCV Chg"),
    (28, "CRCV DChg"),
    (29, "CRCV Chg"),
    (30, "CyclicVoltammetry"),
];

/// The name of a step's type; one that nobody knows is called by its number.
pub(crate) fn name(code: u8) -> Cow<'static, str> {
    match NAMES.iter().find(|(known, _)| *known == code) {
        Some((_, name)) => Cow::Borrowed(name),
        None => Cow::Owned(format!("unknown_{code}")),
    }
}

/// The code of a name.
pub(crate) fn code(name: &str) -> Option<u8> {
    NAMES.iter().find(|(_, known)| *known == name).map(|(code, _)| *code)
}

/// Whether a code has a name.
pub(crate) fn is_known(code: u8) -> bool {
    NAMES.iter().any(|(known, _)| *known == code)
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
