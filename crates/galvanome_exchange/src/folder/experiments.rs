//! `experiments.csv`: partners measuring samples with techniques.

use std::borrow::Cow;
use std::collections::BTreeMap;

use galvanome_model::catalogue::Mode;
use galvanome_model::experiment::{Experiment, ExperimentStatus};

use super::cell;
use super::header::Table;
use super::known::Known;
use super::problem::Problems;
use super::row::Row;
use super::table;

pub(super) const TABLE: Table = Table {
    file: "experiments.csv",
    columns: &[
        "id",
        "technique",
        "partner",
        "instrument",
        "mode",
        "samples",
        "status",
        "started_on",
        "ended_on",
        "doi",
        "note",
    ],
    needed: &["id", "technique", "status"],
    optional: &[],
};

const MODES: [(&str, Mode); 3] =
    [("ex_situ", Mode::ExSitu), ("in_situ", Mode::InSitu), ("operando", Mode::Operando)];

pub(super) fn read(
    files: &BTreeMap<String, Vec<u8>>,
    known: &mut Known,
    problems: &mut Problems,
) -> Vec<Experiment> {
    let mut experiments = Vec::new();
    let complete =
        table::each_row(&TABLE, files, problems, |row| experiments.extend(read_row(row, known)));
    if !complete {
        known.experiments.mark_incomplete();
    }
    experiments
}

fn read_row(row: &mut Row<'_>, known: &mut Known) -> Option<Experiment> {
    let Some(technique) = row.known("technique", &known.techniques) else {
        known.experiments.mark_incomplete();
        return None;
    };
    let id = row.new_id("id", &mut known.experiments, technique.clone())?;
    let statuses = ExperimentStatus::ALL.map(ExperimentStatus::word);
    let status = row.needed_word("status", "the status of an experiment", &statuses, |word| {
        ExperimentStatus::from_word(word)
    });
    if status == Some(ExperimentStatus::Abandoned) && row.cell("note").is_empty() {
        let hint = "an abandoned experiment says why it was given up".to_owned();
        row.wrong("note", "is empty", Some(hint));
    }
    let mode = row.word("mode", "a mode", &MODES.map(|(word, _)| word), |word| {
        MODES.into_iter().find(|(known, _)| *known == word).map(|(_, mode)| mode)
    });
    Some(Experiment {
        id,
        technique,
        partner: row.known_if_any("partner", &known.partners),
        instrument: row.text("instrument"),
        mode,
        samples: row.known_list("samples", &known.samples),
        status: status.unwrap_or(ExperimentStatus::Planned),
        started_on: row.date("started_on"),
        ended_on: row.date("ended_on"),
        doi: row.text("doi"),
        note: row.text("note"),
        extra: row.extra(),
    })
}

pub(super) fn write(experiments: &[Experiment]) -> Vec<u8> {
    let mode_word =
        |mode: Mode| MODES.iter().find(|(_, known)| *known == mode).map(|(word, _)| *word);
    table::write(
        &TABLE,
        experiments,
        |experiment| {
            [
                Cow::Borrowed(experiment.id.as_str()),
                Cow::Borrowed(experiment.technique.as_str()),
                cell::optional_id(experiment.partner.as_ref()),
                Cow::Borrowed(&experiment.instrument),
                Cow::Borrowed(experiment.mode.and_then(mode_word).unwrap_or_default()),
                cell::ids(&experiment.samples),
                Cow::Borrowed(experiment.status.word()),
                Cow::Borrowed(&experiment.started_on),
                Cow::Borrowed(&experiment.ended_on),
                Cow::Borrowed(&experiment.doi),
                Cow::Borrowed(&experiment.note),
            ]
        },
        |experiment| &experiment.extra,
        None,
    )
}
