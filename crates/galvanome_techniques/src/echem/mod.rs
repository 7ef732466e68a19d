//! Galvanostatic cycling of whole cells: how much capacity a cell gives, and how fast it loses it.
//!
//! # What it measures
//! `echem.discharge-capacity`: the charge in ampere hours that the cell gives in one discharge, that of the
//! reference cycle. `echem.capacity-loss-rate`: by how many percent of that capacity the discharge capacity
//! falls per cycle, positive when capacity is lost.
//!
//! # How the numbers are made
//! 1. The files of a cell are joined in the order of their start times. A file that repeats another is left out.
//!    Where the instrument's cycle counter starts again, it is continued.
//! 2. A cycle is what the instrument counts as one. Where it does not count (no `cycle_count`, or one that never
//!    changes while charge and discharge alternate), a cycle begins whenever the current turns back to the
//!    direction that flowed first. Currents below a thousandth of the largest count as rest for this.
//! 3. The capacity of a discharge is the time integral of the negative current over the cycle's rows by the
//!    trapezoidal rule, within one file and never across a step back of its clock. Its standard uncertainty is what is not
//!    known of the moment of switching: where the current jumps by more than a tenth of its largest value between
//!    two rows, the switch lies anywhere between them, which is `|ΔI| Δt / (2 √3)`; jumps add in quadrature. The
//!    error of the instrument's current range is not in it.
//! 4. Cycles are used when their discharge has ended, gives more than a twentieth of the median, and runs at the
//!    common rate: a mean discharge current within 20 % of the median. Slow check-ups among ageing cycles are
//!    left out of the slope this way (`rates=all` keeps them). Each cycle left out is named in a note.
//! 5. The reference is the cycle that `reference-cycle` names, else the first one that is used.
//! 6. The loss rate is the median of the slopes of all pairs of used cycles (Theil-Sen) of discharge capacity
//!    in percent of the reference, against the cycle number. Its standard uncertainty is the larger of the one
//!    that the scatter gives (Sen's interval at 95 %, divided by 2 · 1.96) and the one that the integration
//!    gives, with the reference's relative uncertainty added in quadrature.
//!
//! # When it is unsure
//! Below 3 used cycles there is no loss rate; below 5 it has no uncertainty. A capacity that first rises, or falls
//! off a knee, has no one rate: the plot shows it, and `first-cycle` and `last-cycle` choose the stretch. The rate
//! at a high current holds polarisation beside loss. A cell that was stopped or selected by its capacity says
//! nothing by that capacity: the catalogue marks the descriptor so.
//!
//! # References
//! P. K. Sen, J. Am. Stat. Assoc. 63 (1968) 1379 (robust slope and its interval). JCGM 100:2008, 4.3.7 (a bound as
//! a standard uncertainty). Battery Data Format ontology 1.3.0 (names, units and the sign of the current). DLMF
//! 3.5(i) (trapezoidal rule).

mod cycles;
mod fade;
mod join;

use galvanome_model::note::Note;

use self::cycles::{Cycle, cycle_table, find_cycles};
use self::join::join;
use crate::analysis::{Analysis, Inputs, Setting, SettingKind, Settings, Technique};

/// The entry of the list of techniques.
pub(crate) const TECHNIQUE: Technique = Technique {
    id: "echem",
    version: 1,
    settings: &[REFERENCE_CYCLE, FIRST_CYCLE, LAST_CYCLE, RATES, CURRENT_SIGN],
    roles: &[],
    descriptors: &[DISCHARGE_CAPACITY, CAPACITY_LOSS_RATE],
    analyze,
};

const DISCHARGE_CAPACITY: &str = "echem.discharge-capacity";
const CAPACITY_LOSS_RATE: &str = "echem.capacity-loss-rate";

const REFERENCE_CYCLE: Setting = Setting {
    key: "reference-cycle",
    kind: SettingKind::Whole { min: 0, max: 10_000_000 },
    meaning: "the cycle whose discharge capacity is 100 %, by the instrument's number",
    otherwise: "the first cycle that is used",
};

const FIRST_CYCLE: Setting = Setting {
    key: "first-cycle",
    kind: SettingKind::Whole { min: 0, max: 10_000_000 },
    meaning: "the first cycle of the loss rate",
    otherwise: "the first cycle of the files",
};

const LAST_CYCLE: Setting = Setting {
    key: "last-cycle",
    kind: SettingKind::Whole { min: 0, max: 10_000_000 },
    meaning: "the last cycle of the loss rate",
    otherwise: "the last cycle of the files",
};

const RATES: Setting = Setting {
    key: "rates",
    kind: SettingKind::Word(&["common", "all"]),
    meaning: "which cycles make the loss rate: those at the common rate of discharge, or all",
    otherwise: "common",
};

const CURRENT_SIGN: Setting = Setting {
    key: "current-sign",
    kind: SettingKind::Word(&["as-read", "turned"]),
    meaning: "`turned` for files whose positive current discharges (the reader notes `current-sign-suspect`)",
    otherwise: "as-read",
};

/// Relative distance from the median discharge current within which a cycle runs at the common rate.
const RATE_WINDOW: f64 = 0.2;

/// Part of the median discharge capacity below which a cycle is none.
const LEAST_DISCHARGE: f64 = 0.05;

fn analyze(inputs: &Inputs, settings: &Settings) -> Analysis {
    let mut analysis = Analysis::default();
    let notes = &mut analysis.notes;
    let Some(mut records) = join(inputs, notes) else { return analysis };
    if settings.word(&CURRENT_SIGN) == Some("turned") {
        records.current_a.iter_mut().for_each(|current| *current = -*current);
        let message =
            "the sign of the current was turned round, as it was set: negative current charged";
        notes.push(Note::new("current-sign-turned", message, "column current_ampere"));
    }
    let mut cycles = find_cycles(&records, notes);
    choose(&mut cycles, settings, notes);
    fade::quantities(&cycles, settings, &mut analysis);
    analysis.plots.extend(fade::plot(&cycles, &analysis));
    analysis.tables.push(cycle_table(&cycles));
    analysis
}

/// Marks the cycles that make the loss rate, and says of the others why not.
fn choose(cycles: &mut [Cycle], settings: &Settings, notes: &mut Vec<Note>) {
    let discharges = |cycles: &[Cycle], of: fn(&Cycle) -> f64| {
        median(cycles.iter().filter(|cycle| cycle.ended && cycle.discharge_ah > 0.0).map(of))
    };
    let least = LEAST_DISCHARGE * discharges(cycles, |cycle| cycle.discharge_ah).unwrap_or(0.0);
    for cycle in cycles.iter_mut() {
        cycle.used = cycle.ended && cycle.discharge_ah.is_finite() && cycle.discharge_ah > least;
    }
    let unended = labels(cycles, |cycle| !cycle.ended);
    say(
        notes,
        "incomplete-cycle",
        "the record ends within the discharge, so its capacity is not known: cycle",
        &unended,
    );
    let empty =
        labels(cycles, |cycle| cycle.ended && !cycle.used && cycle.discharge_ah.is_finite());
    say(notes, "cycle-without-discharge", "hardly any discharge, so not used: cycle", &empty);
    let wild = labels(cycles, |cycle| !cycle.discharge_ah.is_finite());
    say(
        notes,
        "value-out-of-range",
        "time or current are beyond all measure, so not used: cycle",
        &wild,
    );
    if settings.word(&RATES) != Some("all") {
        let common = median(
            cycles.iter().filter(|cycle| cycle.used).map(|cycle| cycle.mean_discharge_current_a),
        );
        let other = |cycle: &Cycle| {
            common.is_some_and(|common| {
                (cycle.mean_discharge_current_a - common).abs() > RATE_WINDOW * common
            })
        };
        let others = labels(cycles, |cycle| cycle.used && other(cycle));
        say(
            notes,
            "other-rate",
            "not at the common rate of discharge, so not in the loss rate: cycle",
            &others,
        );
        for cycle in cycles.iter_mut().filter(|cycle| cycle.used) {
            cycle.used = !other(cycle);
        }
    }
}

/// The median of finite numbers; none when there are none.
fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut sorted: Vec<f64> = values.filter(|value| value.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let below = *sorted.get(sorted.len().checked_sub(1)? / 2)?;
    let above = *sorted.get(sorted.len() / 2)?;
    Some(f64::midpoint(below, above))
}

fn labels(cycles: &[Cycle], which: impl Fn(&Cycle) -> bool) -> Vec<f64> {
    cycles.iter().filter(|cycle| which(cycle)).map(|cycle| cycle.number).collect()
}

/// A note about cycles, runs of them written as `3–7`.
fn say(notes: &mut Vec<Note>, code: &str, what: &str, cycles: &[f64]) {
    if !cycles.is_empty() {
        notes.push(Note::new(
            code,
            format!("{what} {}", spans(cycles)),
            format!("cycle {}", spans(cycles)),
        ));
    }
}

/// Numbers as spans: `1, 3–7, 12`; at most ten of them.
fn spans(numbers: &[f64]) -> String {
    let mut runs: Vec<(f64, f64)> = Vec::new();
    for &number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1.0 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    let mut words: Vec<String> = runs
        .iter()
        .take(10)
        .map(
            |(first, last)| {
                if first == last { format!("{first}") } else { format!("{first}–{last}") }
            },
        )
        .collect();
    if runs.len() > words.len() {
        words.push(format!("and {} more", runs.len() - words.len()));
    }
    words.join(", ")
}
