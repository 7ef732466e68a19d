//! Which cycles run at which rate: the common one, that of the check-ups, others.

use galvanome_model::note::Note;
use galvanome_numerics::median::median;

use super::cycles::{Cycle, Kind};
use super::settings::{CHECKUP_RATE, RATES};
use super::words::{four_digits, numbers, say};
use crate::analysis::Settings;

/// Relative distance from a median discharge current within which cycles run at one rate.
pub(super) const RATE_WINDOW: f64 = 0.2;

/// Part of the median discharge capacity below which a cycle is none.
const LEAST_DISCHARGE: f64 = 0.05;

/// A discharge without a charge before it that gives less than this part of the following ones began part way.
const PARTIAL: f64 = 0.8;

/// How many of the following ones are looked at.
const FOLLOWING: usize = 5;

/// Part of the common current below which a discharge is a check-up.
const SLOW: f64 = 0.5;

/// Tells complete cycles from others, and those at the common rate of discharge from the rest.
pub(super) fn find_common(cycles: &mut [Cycle], settings: &Settings, notes: &mut Vec<Note>) {
    let ended: Vec<f64> = cycles
        .iter()
        .filter(|cycle| cycle.discharge.ended && cycle.discharge.charge_ah > 0.0)
        .map(|cycle| cycle.discharge.charge_ah)
        .filter(|charge_ah| charge_ah.is_finite())
        .collect();
    let least = LEAST_DISCHARGE * median(&ended).unwrap_or(0.0);
    for cycle in cycles.iter_mut() {
        let charge_ah = cycle.discharge.charge_ah;
        cycle.kind = if !charge_ah.is_finite() || !cycle.charge.charge_ah.is_finite() {
            Kind::Wild
        } else if !cycle.discharge.ended {
            Kind::Incomplete
        } else if charge_ah > least && cycle.discharge.mean_current_a > 0.0 {
            Kind::OtherRate
        } else {
            Kind::Empty
        };
    }
    say(
        notes,
        "incomplete-cycle",
        "the record ends within the discharge, so its capacity is not known: cycle",
        &numbers(cycles, |cycle| cycle.kind == Kind::Incomplete),
    );
    say(
        notes,
        "cycle-without-discharge",
        "hardly any discharge, so not used: cycle",
        &numbers(cycles, |cycle| cycle.kind == Kind::Empty),
    );
    say(
        notes,
        "value-out-of-range",
        "time or current are beyond all measure, so not used: cycle",
        &numbers(cycles, |cycle| cycle.kind == Kind::Wild),
    );
    let complete: Vec<usize> = places(cycles, Kind::OtherRate);
    let (common, _) = at_one_rate(cycles, &complete);
    mark(cycles, &common, Kind::Ageing);
    pass_over_partial(cycles, Kind::Ageing, notes);
    mark_used(cycles, settings);
}

/// Passes over the first cycle of a kind where the cell was not charged before its discharge, as a cell is that comes
/// half charged from storage or out of a pulse test.
fn pass_over_partial(cycles: &mut [Cycle], kind: Kind, notes: &mut Vec<Note>) {
    let of_kind = places(cycles, kind);
    let Some((&first, rest)) = of_kind.split_first() else { return };
    let capacity = |place: usize| cycles.get(place).map_or(0.0, |cycle| cycle.discharge.charge_ah);
    let following: Vec<f64> = rest.iter().take(FOLLOWING).map(|&place| capacity(place)).collect();
    let Some(usual) = median(&following) else { return };
    let charged = cycles.get(first).map_or(0.0, |cycle| cycle.charge.charge_ah);
    if capacity(first) >= PARTIAL * usual || charged > LEAST_DISCHARGE * usual {
        return;
    }
    let part = 100.0 * capacity(first) / usual;
    mark(cycles, &[first], Kind::Partial);
    say(
        notes,
        "partial-discharge",
        &format!(
            "the discharge follows no charge and gives {part:.0} % of what the next at its rate give, so the cell was not full and it was passed over: cycle"
        ),
        &numbers(cycles, |cycle| cycle.kind == Kind::Partial),
    );
}

/// Says which cycles make the loss rate.
fn mark_used(cycles: &mut [Cycle], settings: &Settings) {
    let all = settings.word(&RATES) == Some("all");
    for cycle in cycles.iter_mut() {
        cycle.used = cycle.kind == Kind::Ageing || (all && cycle.kind.is_complete());
    }
}

/// Tells check-ups among the cycles at other rates, by their rate in terms of the nominal capacity where that was set.
pub(super) fn find_checkups(
    cycles: &mut [Cycle],
    nominal_ah: Option<f64>,
    settings: &Settings,
    notes: &mut Vec<Note>,
) {
    let others = places(cycles, Kind::OtherRate);
    let current = |place: &usize| cycles.get(*place).map_or(0.0, |c| c.discharge.mean_current_a);
    let common = common_current(cycles);
    let chosen = match (settings.number(&CHECKUP_RATE), nominal_ah, common) {
        (Some(rate), Some(nominal), _) => {
            let all = (0..cycles.len())
                .filter(|place| cycles.get(*place).is_some_and(|cycle| cycle.kind.is_complete()));
            all.filter(|place| current(place) <= rate * nominal).collect()
        }
        (None, _, Some(common)) => {
            let slow: Vec<usize> =
                others.into_iter().filter(|place| current(place) < SLOW * common).collect();
            widest(rate_classes(cycles, &slow))
        }
        _ => Vec::new(),
    };
    mark(cycles, &chosen, Kind::CheckUp);
    pass_over_partial(cycles, Kind::CheckUp, notes);
    let rate = chosen.first().map_or(0.0, current_of(cycles));
    say(
        notes,
        "check-up",
        &format!("slow discharges (about {} A), taken as check-ups: cycle", four_digits(rate)),
        &numbers(cycles, |cycle| cycle.kind == Kind::CheckUp),
    );
    say(
        notes,
        "other-rate",
        "neither at the common rate of discharge nor at that of the check-ups: cycle",
        &numbers(cycles, |cycle| cycle.kind == Kind::OtherRate),
    );
    mark_used(cycles, settings);
}

/// Complete cycles at one rate each, the slowest first: places among the cycles, in their order.
pub(super) fn all_rates(cycles: &[Cycle]) -> Vec<Vec<usize>> {
    let mut classes = Vec::new();
    for kind in [Kind::Ageing, Kind::CheckUp, Kind::OtherRate] {
        classes.extend(rate_classes(cycles, &places(cycles, kind)));
    }
    let current = current_of(cycles);
    let slowness = |class: &Vec<usize>| class.first().map_or(0.0, &current);
    classes.sort_by(|a, b| slowness(a).total_cmp(&slowness(b)));
    classes
}

fn current_of(cycles: &[Cycle]) -> impl Fn(&usize) -> f64 {
    |place| cycles.get(*place).map_or(0.0, |cycle| cycle.discharge.mean_current_a)
}

/// The median discharge current of the cycles at the common rate.
fn common_current(cycles: &[Cycle]) -> Option<f64> {
    let currents: Vec<f64> = cycles
        .iter()
        .filter(|cycle| cycle.kind == Kind::Ageing)
        .map(|cycle| cycle.discharge.mean_current_a)
        .collect();
    median(&currents)
}

fn places(cycles: &[Cycle], kind: Kind) -> Vec<usize> {
    let of_kind = cycles.iter().enumerate().filter(|(_, cycle)| cycle.kind == kind);
    of_kind.map(|(place, _)| place).collect()
}

fn mark(cycles: &mut [Cycle], places: &[usize], kind: Kind) {
    for &place in places {
        if let Some(cycle) = cycles.get_mut(place) {
            cycle.kind = kind;
        }
    }
}

/// Of some cycles those around the median discharge current, and the rest.
fn at_one_rate(cycles: &[Cycle], places: &[usize]) -> (Vec<usize>, Vec<usize>) {
    let mut currents: Vec<f64> = places.iter().map(current_of(cycles)).collect();
    currents.sort_by(f64::total_cmp);
    let within = |middle: f64| {
        let near = |place: &&usize| {
            let current = current_of(cycles)(place);
            (current - middle).abs() <= RATE_WINDOW * middle
        };
        places.iter().copied().partition::<Vec<usize>, _>(|place| near(&place))
    };
    let Some(middle) = median(&currents) else { return (Vec::new(), Vec::new()) };
    let (near, rest) = within(middle);
    if !near.is_empty() {
        return (near, rest);
    }
    // The median lies between two rates: take the slower of the two.
    let below = currents.get((currents.len().saturating_sub(1)) / 2).copied();
    below.map_or((Vec::new(), Vec::new()), within)
}

/// Some cycles, sorted into classes of one rate each.
fn rate_classes(cycles: &[Cycle], places: &[usize]) -> Vec<Vec<usize>> {
    let mut rest = places.to_vec();
    let mut classes = Vec::new();
    while !rest.is_empty() {
        let (class, others) = at_one_rate(cycles, &rest);
        if class.is_empty() {
            break;
        }
        classes.push(class);
        rest = others;
    }
    classes
}

/// The class that spans the most cycles: check-ups return, formation does not. Of equals the first.
fn widest(classes: Vec<Vec<usize>>) -> Vec<usize> {
    let span = |class: &[usize]| match (class.first(), class.last()) {
        (Some(first), Some(last)) => last - first,
        _ => 0,
    };
    let mut best: Vec<usize> = Vec::new();
    for class in classes {
        if best.is_empty() || span(&class) > span(&best) {
            best = class;
        }
    }
    best
}
