//! What differs between versions since 8, and what the members are called.

/// The member that holds the rows.
pub(super) const DATA: &str = "data.ndc";

/// What differs between versions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Family {
    /// What the stored voltage and current are of a volt and an ampere.
    pub(super) per_v: f64,
    pub(super) per_a: f64,
    /// What a stored charge and energy is of an ampere hour and a watt hour.
    pub(super) per_ah: f64,
    /// Bytes of a row of `runInfo`, where its second half begins, and whether its clock has milliseconds.
    pub(super) run_len: usize,
    pub(super) run_behind: usize,
    pub(super) run_millis: bool,
    /// Bytes of a row of `step`.
    pub(super) step_len: usize,
}

/// Bytes of a row of the data.
pub(super) const ROW_LEN: usize = 8;

/// The family of a version: tenths of millivolts, milliamperes and their seconds, or volts, amperes and their hours.
pub(super) fn family(version: u8) -> Option<Family> {
    let milli = Family {
        per_v: 1e4,
        per_a: 1e3,
        per_ah: 3.6e6,
        run_len: 47,
        run_behind: 29,
        run_millis: true,
        step_len: 37,
    };
    let whole = Family { per_v: 1.0, per_a: 1.0, per_ah: 1.0, ..milli };
    Some(match version {
        8 => Family { run_len: 42, run_behind: 26, run_millis: false, ..whole },
        9 => Family { run_len: 45, run_millis: false, ..milli },
        11 => milli,
        12 => whole,
        13 => Family { run_len: 55, ..milli },
        14 => Family { run_len: 55, ..whole },
        16 => Family { run_len: 100, step_len: 100, ..milli },
        17 => Family { run_len: 100, step_len: 100, ..whole },
        _ => return None,
    })
}
