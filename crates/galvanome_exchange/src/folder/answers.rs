//! `answers.csv`: every revision of every expert answer, in order.

use std::borrow::Cow;
use std::collections::BTreeMap;

use galvanome_model::answer::Answer;
use galvanome_model::record::{AnswerRecord, Certainty};

use super::cell;
use super::header::{Table, VISIBILITY};
use super::known::Known;
use super::problem::Problems;
use super::row::Row;
use super::table;

pub(super) const TABLE: Table = Table {
    file: "answers.csv",
    columns: &[
        "component",
        "question",
        "technique",
        "observable",
        "answer",
        "certainty",
        "author",
        "answered_on",
        "reason",
        "experiment",
        "evidence",
    ],
    needed: &["component", "question", "technique", "observable", "answer", "author", "reason"],
    optional: &[VISIBILITY],
};

/// Stands for every observable: a statement on the whole row.
const WHOLE_ROW: &str = "*";
/// The answers in the order in which a person thinks of them.
const WORDS: [&str; 5] = ["yes", "no", "unsure", "not_done", "not_applicable"];

pub(super) fn read(
    files: &BTreeMap<String, Vec<u8>>,
    known: &Known,
    problems: &mut Problems,
) -> Vec<AnswerRecord> {
    let mut answers = Vec::new();
    table::each_row(&TABLE, files, problems, |row| answers.extend(read_row(row, known)));
    answers
}

fn read_row(row: &mut Row<'_>, known: &Known) -> Option<AnswerRecord> {
    let component = row.known("component", &known.components);
    let question = row.known("question", &known.questions);
    let technique = row.known("technique", &known.techniques);
    let is_pixel = row.cell("observable") != WHOLE_ROW;
    let observable = if is_pixel { row.known("observable", &known.observables) } else { None };
    let answer = read_answer(row);
    let certainties = [Certainty::Explicit, Certainty::Implied].map(Certainty::word);
    let certainty = row.word("certainty", "a certainty", &certainties, Certainty::from_word);
    let author = row.needed_text("author", "an answer is given by somebody");
    let reason = row.text("reason");
    let (technique, answer) = (technique?, answer?);
    if answer.is_measured() && row.cell("reason").is_empty() {
        let hint = format!("an expert's {} has a written reason", answer.word());
        row.wrong("reason", "is empty", Some(hint));
    }
    if answer != Answer::NotApplicable
        && let Some(observable) = &observable
        && let Some(facts) = known.techniques.info(&technique)
        && facts.not_applicable.contains(observable)
    {
        let message = format!(
            "`{}`, but campaign.toml says that `{technique}` cannot see `{observable}`",
            answer.word()
        );
        let hint = "take it out of the technique's `not_applicable`, or this row out".to_owned();
        row.wrong("answer", message, Some(hint));
    }
    let experiment = row.known_if_any("experiment", &known.experiments);
    if let Some(experiment) = &experiment
        && let Some(message) = known.other_technique(experiment, &technique)
    {
        row.wrong("experiment", message, None);
    }
    Some(AnswerRecord {
        component: component?,
        question: question?,
        technique,
        observable: if is_pixel { Some(observable?) } else { None },
        answer,
        certainty: certainty.unwrap_or_default(),
        author,
        answered_on: row.date("answered_on"),
        reason,
        experiment,
        evidence: cell::split_texts(row.cell("evidence")),
        visibility: row.visibility(),
        extra: row.extra(),
    })
}

fn read_answer(row: &mut Row<'_>) -> Option<Answer> {
    let text = row.cell("answer");
    if text == "pending" {
        let hint = "leave the row out: a pixel is pending while nobody has answered".to_owned();
        row.wrong("answer", "`pending` is not an answer", Some(hint));
        return None;
    }
    row.needed_word("answer", "an answer", &WORDS, Answer::from_word)
}

pub(super) fn write(answers: &[AnswerRecord]) -> Vec<u8> {
    table::write(
        &TABLE,
        answers,
        |answer| {
            [
                Cow::Borrowed(answer.component.as_str()),
                Cow::Borrowed(answer.question.as_str()),
                Cow::Borrowed(answer.technique.as_str()),
                Cow::Borrowed(answer.observable.as_ref().map_or(WHOLE_ROW, |one| one.as_str())),
                Cow::Borrowed(answer.answer.word()),
                Cow::Borrowed(answer.certainty.word()),
                Cow::Borrowed(&answer.author),
                Cow::Borrowed(&answer.answered_on),
                Cow::Borrowed(&answer.reason),
                cell::optional_id(answer.experiment.as_ref()),
                Cow::Owned(cell::join_texts(&answer.evidence)),
            ]
        },
        |answer| &answer.extra,
        Some(|answer| &answer.visibility),
    )
}
