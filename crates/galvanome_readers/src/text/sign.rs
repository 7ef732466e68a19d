//! The sign of currents that are written without one: the state of the row tells it.

use galvanome_model::measurement::Origin;
use galvanome_model::note::Note;

use super::number::{Cell, parse};
use super::records::Records;
use super::rows::{State, Take, is_discharge, planned};
use crate::sink::Sink;

/// Gives the current of a table its sign by the state of each row, where it has none: rows of a discharge get a
/// minus. Whether it has one is judged by the rows that were looked at ahead.
pub(crate) fn by_state(records: &mut Records<'_>, sink: &mut dyn Sink) {
    let Records { table, plans, .. } = records;
    let Some(step) = planned(plans, "step_type") else { return };
    let state = match step.take {
        Take::Carried(level, _) => State::Carried(level, step.cell),
        _ => State::Cell(step.cell),
    };
    let Some(plan) = planned(plans, "current_ampere") else { return };
    let Take::Number(convert) = plan.take else { return };
    let (mut minus, mut plus) = (0.0, 0.0);
    let beside = match state {
        State::Cell(cell) => cell,
        State::Carried(..) => plan.cell,
    };
    for [kind, current] in table.cells([beside, plan.cell]) {
        let counts = match state {
            State::Cell(_) => is_discharge(kind),
            // The state stands in another line: any minus at all shows that there are signs.
            State::Carried(..) => true,
        };
        match parse(current, table.decimal) {
            Cell::Number(current) if counts && current < 0.0 => minus -= current,
            Cell::Number(current) if counts => plus += current,
            _ => {}
        }
    }
    let signed = match state {
        State::Cell(_) => minus > plus,
        State::Carried(..) => minus > 0.0,
    };
    // Where everything was looked at, nothing more can come.
    if signed || plus + minus == 0.0 && table.ahead.is_all() {
        return;
    }
    plan.take = Take::Signed(convert, state);
    plan.column.head.origin = Origin::Reconstructed;
    let why = match state {
        State::Cell(_) if plus > 0.0 => "the current is written without a sign",
        _ => "the rows at the beginning do not show whether the current has a sign",
    };
    let message = format!(
        "{why}; rows whose state is a discharge were given a minus, and positive current charges"
    );
    let place = format!("column {}", plan.column.head.vendor_name);
    sink.note(Note::new("current-sign-from-state", message, place));
}

/// Tells that nothing in a table says which sign of its current charges.
pub(crate) fn sign_assumed(records: &Records<'_>, sink: &mut dyn Sink) {
    if records.plans.iter().any(|plan| plan.column.head.name == "current_ampere") {
        let message = "the file does not say which sign of the current charges; it was kept as it is, and positive current is taken to charge";
        let place = format!("line {}", records.table.line);
        sink.note(Note::new("current-sign-assumed", message, place));
    }
}
