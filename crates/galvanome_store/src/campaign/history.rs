//! Answers as history: what a folder says laid beside what the store has.

use std::collections::{HashMap, HashSet};

use galvanome_model::campaign::Campaign;
use galvanome_model::ids::{ExperimentId, ObservableId};
use galvanome_model::record::AnswerRecord;
use sha2::{Digest, Sha256};
use sqlx::AnyConnection;

use crate::actor::Actor;
use crate::answer::{self, EXPERT, NewAnswer, RecordRow, Writing};
use crate::error::{StoreError, doing};
use crate::objects::hexadecimal;
use crate::rows::count;

/// SHA-256 over answers, to know an unchanged list again.
pub(crate) fn sha256(answers: &[AnswerRecord]) -> String {
    let mut hash = Sha256::new();
    let mut line = Vec::new();
    for answer in answers {
        // Written out field by field, so that a new field of the record does not compile until it is here.
        let AnswerRecord {
            component,
            question,
            technique,
            observable,
            answer,
            certainty,
            author,
            answered_on,
            reason,
            experiment,
            evidence,
            visibility,
            extra,
        } = answer;
        line.clear();
        let mut take = |text: &str| {
            line.extend_from_slice(&(text.len() as u64).to_le_bytes());
            line.extend_from_slice(text.as_bytes());
        };
        take(component.as_str());
        take(question.as_str());
        take(technique.as_str());
        take(observable.as_ref().map_or("", ObservableId::as_str));
        take(answer.word());
        take(certainty.word());
        take(author);
        take(answered_on);
        take(reason);
        take(experiment.as_ref().map_or("", ExperimentId::as_str));
        take(&evidence.len().to_string());
        for one in evidence {
            take(one);
        }
        take(&String::from(visibility.clone()));
        take(&extra.len().to_string());
        for (column, value) in extra {
            take(column);
            take(value);
        }
        hash.update(&line);
    }
    hexadecimal(&hash.finalize())
}

/// What one line of history is about: a pixel (or a row), as one experiment answers it.
type Subject<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str);

fn subject(record: &AnswerRecord) -> Subject<'_> {
    (
        record.component.as_str(),
        record.question.as_str(),
        record.technique.as_str(),
        record.observable.as_ref().map_or("", ObservableId::as_str),
        record.experiment.as_ref().map_or("", ExperimentId::as_str),
    )
}

/// The stored revisions of one subject, and how far the given ones have been found among them.
#[derive(Default)]
struct Line<'a> {
    stored: Vec<&'a AnswerRecord>,
    found: usize,
    diverged: bool,
    last: Option<i64>,
}

/// Adds those of the given revisions that the store does not have ([`crate::Store::put_campaign`] says which
/// these are), and gives their number.
pub(crate) async fn append(
    connection: &mut AnyConnection,
    campaign: &str,
    seq: i64,
    given: &[AnswerRecord],
    actor: &Actor,
    now_us: i64,
) -> Result<usize, StoreError> {
    let stored = if seq == 0 { Vec::new() } else { all(connection, campaign).await? };
    let mut lines: HashMap<Subject<'_>, Line<'_>> = HashMap::with_capacity(given.len());
    for (seq, record) in &stored {
        let line = lines.entry(subject(record)).or_default();
        line.stored.push(record);
        line.last = Some(*seq);
    }
    let mut new = Vec::new();
    for record in given {
        let line = lines.entry(subject(record)).or_default();
        if !line.diverged {
            let rest = line.stored.iter().skip(line.found);
            if let Some(place) = rest.into_iter().position(|stored| **stored == *record) {
                line.found += place + 1;
                continue;
            }
            line.diverged = true;
        }
        new.push(NewAnswer::expert(record, line.last));
        line.last = Some(seq + count(new.len()));
    }
    let writing = Writing { campaign, origin: EXPERT, actor, now_us };
    writing.add(connection, seq, &new).await?;
    Ok(new.len())
}

/// The records that count, in order: those whose component, question, technique, experiment, and observable
/// (where the campaign has a list of its own) are still listed.
pub(crate) async fn records(
    connection: &mut AnyConnection,
    id: &str,
    campaign: &Campaign,
) -> Result<Vec<AnswerRecord>, StoreError> {
    let definition = &campaign.definition;
    let components: HashSet<_> = definition.components.iter().map(|it| &it.id).collect();
    let questions: HashSet<_> = definition.questions.iter().map(|it| &it.id).collect();
    let techniques: HashSet<_> = definition.techniques.iter().map(|it| &it.id).collect();
    let observables: HashSet<_> = definition.observables.iter().map(|it| &it.id).collect();
    let experiments: HashSet<_> = campaign.experiments.iter().map(|it| &it.id).collect();
    let counts = |record: &AnswerRecord| {
        components.contains(&record.component)
            && questions.contains(&record.question)
            && techniques.contains(&record.technique)
            && record.experiment.as_ref().is_none_or(|it| experiments.contains(it))
            && (observables.is_empty()
                || record.observable.as_ref().is_none_or(|it| observables.contains(it)))
    };
    let all = all(connection, id).await?;
    Ok(all.into_iter().map(|(_, record)| record).filter(counts).collect())
}

async fn all(
    connection: &mut AnyConnection,
    campaign: &str,
) -> Result<Vec<(i64, AnswerRecord)>, StoreError> {
    let rows: Vec<RecordRow> = sqlx::query_as(
        "SELECT seq, component, question, technique, observable, experiment, answer, body \
         FROM answer WHERE campaign = $1 AND origin = $2",
    )
    .bind(campaign)
    .bind(EXPERT)
    .fetch_all(connection)
    .await
    .map_err(doing("read answers"))?;
    let mut records: Vec<_> =
        rows.into_iter().map(answer::record).collect::<Result<_, StoreError>>()?;
    records.sort_by_key(|(seq, _)| *seq);
    Ok(records)
}
