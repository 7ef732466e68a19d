//! `shipments.csv`: samples on their way between partners.

use std::borrow::Cow;
use std::collections::BTreeMap;

use galvanome_model::sample::Shipment;

use super::cell;
use super::header::Table;
use super::known::Known;
use super::problem::Problems;
use super::row::Row;
use super::table;

pub(super) const TABLE: Table = Table {
    file: "shipments.csv",
    columns: &["id", "from", "to", "samples", "sent_on", "received_on", "status", "note"],
    needed: &["id", "from", "to", "samples", "status"],
    optional: &[],
};

/// The states of a shipment.
const STATES: [&str; 7] = ["planned", "sent", "accepted", "declined", "late", "lost", "returned"];

pub(super) fn read(
    files: &BTreeMap<String, Vec<u8>>,
    known: &mut Known,
    problems: &mut Problems,
) -> Vec<Shipment> {
    let mut shipments = Vec::new();
    table::each_row(&TABLE, files, problems, |row| shipments.extend(read_row(row, known)));
    shipments
}

fn read_row(row: &mut Row<'_>, known: &mut Known) -> Option<Shipment> {
    let id = row.new_id("id", &mut known.shipments, ());
    let (from, to) = (row.known("from", &known.partners), row.known("to", &known.partners));
    let state = row.needed_word("status", "the status of a shipment", &STATES, |word| {
        STATES.into_iter().find(|state| *state == word)
    });
    Some(Shipment {
        samples: row.known_list("samples", &known.samples),
        sent_on: row.date("sent_on"),
        received_on: row.date("received_on"),
        status: state.unwrap_or_default().to_owned(),
        note: row.text("note"),
        extra: row.extra(),
        id: id?,
        from: from?,
        to: to?,
    })
}

pub(super) fn write(shipments: &[Shipment]) -> Vec<u8> {
    table::write(
        &TABLE,
        shipments,
        |shipment| {
            [
                Cow::Borrowed(shipment.id.as_str()),
                Cow::Borrowed(shipment.from.as_str()),
                Cow::Borrowed(shipment.to.as_str()),
                cell::ids(&shipment.samples),
                Cow::Borrowed(&shipment.sent_on),
                Cow::Borrowed(&shipment.received_on),
                Cow::Borrowed(&shipment.status),
                Cow::Borrowed(&shipment.note),
            ]
        },
        |shipment| &shipment.extra,
        None,
    )
}
