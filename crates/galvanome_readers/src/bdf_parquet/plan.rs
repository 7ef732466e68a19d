//! Which columns of the file become which columns of the table.

use galvanome_model::measurement::Origin;
use galvanome_model::note::Note;

use super::footer::Footer;
use super::meaning::Instant;
use super::schema::Leaf;
use crate::bdf_csv::own_column;
use crate::carried::Carried;
use crate::columns::{by_bdf_header, by_name};
use crate::limits::Limits;
use crate::sink::{Kind, NewColumn, Sink};
use crate::text::guess::Looks;
use crate::text::rows::{Plan, Take, make_unique};
use crate::units::Convert;

/// A column of the table for each column of the file that holds numbers or texts; the cell of a plan is the
/// place in `footer.leaves`.
pub(super) fn plans_of(
    footer: &Footer,
    carried: Option<&Carried>,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Vec<Plan> {
    let mut plans: Vec<Plan> = Vec::new();
    let (mut unknown, mut left_out) = (Vec::new(), Vec::new());
    let unix = unix_time_of(footer);
    for (cell, leaf) in footer.leaves.iter().enumerate() {
        let kind = match leaf.kind() {
            Ok(kind) => kind,
            Err(what) => {
                left_out.push(format!("{} ({what})", leaf.name));
                continue;
            }
        };
        let carried = carried.and_then(|carried| {
            carried.columns.iter().find(|head| head.name == leaf.name && !head.name.is_empty())
        });
        if let Some(head) = carried {
            let column = NewColumn { head: head.clone(), kind };
            plans.push(Plan { column, cell, take: take(kind, Convert::Same) });
            continue;
        }
        let taken = |name: &str| plans.iter().any(|plan| plan.column.head.name == name);
        if unix == Some(cell) {
            if leaf.instant() == Some(Instant::Local) {
                let message = "the file gives dates and times of day without their zone; unix_time_second was counted as if that were UTC";
                sink.note(Note::new(
                    "clock-zone-unknown",
                    message,
                    format!("column {}", leaf.name),
                ));
            }
            if let Some(canonical) = by_name("unix_time_second") {
                let column = canonical.column(&leaf.name, Origin::Stored);
                plans.push(Plan { column, cell, take: Take::Number(Convert::Same) });
                continue;
            }
        }
        let known = by_bdf_header(&leaf.name)
            .filter(|(known, _)| !taken(known.name) && leaf.instant().is_none())
            .filter(|(known, _)| unix.is_none() || known.name != "unix_time_second");
        let plan = known.and_then(|(known, convert)| {
            let mut column = known.column(&leaf.name, Origin::Stored);
            if kind == Kind::Text && known.dimension.is_some() {
                // A step may be called by a name instead of a number.
                if convert != Convert::Same || !known.name.starts_with("step_") {
                    return None;
                }
                column.kind = Kind::Text;
                column.head.unit = String::new();
            }
            // Numbers of a column of text become text.
            let take = take(column.kind, convert);
            Some(Plan { column, cell, take })
        });
        plans.push(plan.unwrap_or_else(|| {
            unknown.push(leaf.name.as_str());
            own(leaf, cell, kind)
        }));
    }
    note_columns(footer, &unknown, &left_out, sink);
    if let Some(note) = limits.too_many_columns(plans.len(), "") {
        sink.note(note);
        plans.truncate(limits.max_columns);
    }
    make_unique(&mut plans);
    plans
}

fn note_columns(footer: &Footer, unknown: &[&str], left_out: &[String], sink: &mut dyn Sink) {
    if !unknown.is_empty() {
        let message = format!(
            "the Battery Data Format does not know these columns, or they repeat another; they are kept under their own names: {}",
            unknown.join(", ")
        );
        sink.note(Note::new("unknown-column", message, ""));
    }
    if !left_out.is_empty() {
        let message = format!(
            "these columns hold neither numbers nor texts and were left out: {}",
            left_out.join(", ")
        );
        sink.note(Note::new("unread-column", message, ""));
    }
    if !footer.nested.is_empty() {
        let message = format!(
            "these columns hold lists, maps or structures and were left out: {}",
            footer.nested.join(", ")
        );
        sink.note(Note::new("unread-column", message, ""));
    }
}

fn take(kind: Kind, convert: Convert) -> Take {
    match kind {
        Kind::Number => Take::Number(convert),
        Kind::Text => Take::Text,
    }
}

/// The column that is the wall clock: one called so, else the first in UTC, else the first that is an instant.
fn unix_time_of(footer: &Footer) -> Option<usize> {
    let called = |leaf: &Leaf| {
        by_bdf_header(&leaf.name).is_some_and(|(known, _)| known.name == "unix_time_second")
    };
    let place = |is: &dyn Fn(&Leaf) -> bool| footer.leaves.iter().position(is);
    match place(&called) {
        // Numbers under that name are converted by the unit in it.
        Some(cell) => Some(cell).filter(|&cell| footer.leaves.get(cell).is_some_and(is_instant)),
        None => place(&|leaf| leaf.instant() == Some(Instant::Utc)).or_else(|| place(&is_instant)),
    }
}

fn is_instant(leaf: &Leaf) -> bool {
    leaf.instant().is_some()
}

/// A column that nobody knows, under its own name.
fn own(leaf: &Leaf, cell: usize, kind: Kind) -> Plan {
    let looks = if kind == Kind::Number { Looks::Number } else { Looks::Text };
    let mut plan = own_column(&leaf.name, cell, looks);
    if !leaf.unit().is_empty() {
        leaf.unit().clone_into(&mut plan.column.head.unit);
    }
    plan
}
