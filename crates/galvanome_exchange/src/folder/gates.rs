//! `gates.csv`: what bars answers.

use std::borrow::Cow;
use std::collections::BTreeMap;

use galvanome_model::experiment::{Gate, GateKind};

use super::cell;
use super::header::Table;
use super::known::Known;
use super::problem::Problems;
use super::row::Row;
use super::table;

pub(super) const TABLE: Table = Table {
    file: "gates.csv",
    columns: &["experiment", "dataset", "gate", "reason", "author", "set_on", "released_on"],
    needed: &["gate", "reason", "author"],
    optional: &[],
};

pub(super) fn read(
    files: &BTreeMap<String, Vec<u8>>,
    known: &Known,
    problems: &mut Problems,
) -> Vec<Gate> {
    let mut gates = Vec::new();
    table::each_row(&TABLE, files, problems, |row| gates.push(read_row(row, known)));
    gates
}

fn read_row(row: &mut Row<'_>, known: &Known) -> Gate {
    let experiment = row.known_if_any("experiment", &known.experiments);
    let dataset = row.known_if_any("dataset", &known.datasets);
    if row.cell("experiment").is_empty() && row.cell("dataset").is_empty() {
        let hint = "name the experiment, or the one dataset, that it bars".to_owned();
        row.wrong("experiment", "neither experiment nor dataset is named", Some(hint));
    }
    if let Some(dataset) = &dataset
        && let Some(experiment) = &experiment
        && let Some(message) = known.other_experiment(dataset, experiment)
    {
        row.wrong("dataset", message, None);
    }
    let words = GateKind::ALL.map(GateKind::word);
    let gate = row.needed_word("gate", "a gate", &words, GateKind::from_word);
    Gate {
        experiment,
        dataset,
        gate: gate.unwrap_or(GateKind::Void),
        reason: row.needed_text("reason", "a gate says why it bars answers"),
        author: row.needed_text("author", "a gate is set by somebody"),
        set_on: row.date("set_on"),
        released_on: row.date("released_on"),
        extra: row.extra(),
    }
}

pub(super) fn write(gates: &[Gate]) -> Vec<u8> {
    table::write(
        &TABLE,
        gates,
        |gate| {
            [
                cell::optional_id(gate.experiment.as_ref()),
                cell::optional_id(gate.dataset.as_ref()),
                Cow::Borrowed(gate.gate.word()),
                Cow::Borrowed(&gate.reason),
                Cow::Borrowed(&gate.author),
                Cow::Borrowed(&gate.set_on),
                Cow::Borrowed(&gate.released_on),
            ]
        },
        |gate| &gate.extra,
        None,
    )
}
