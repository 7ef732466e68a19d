//! Answers as history: what a folder says laid beside what the store has, metaview by metaview.

use std::collections::{HashMap, HashSet};

use galvanome_model::campaign::Campaign;
use galvanome_model::ids::{ExperimentId, ObservableId};
use galvanome_model::record::AnswerRecord;
use sha2::{Digest, Sha256};
use sqlx::{AnyConnection, AssertSqlSafe};

use crate::answer::{EXPERT, NewAnswer, Writing};
use crate::error::{StoreError, doing};
use crate::objects::hexadecimal;
use crate::revisions::{self, Reader, packed, push_separators};
use crate::rows::{Many, Values, count};

/// Component and question.
type Key<'a> = (&'a str, &'a str);

/// Given answers, by metaview. What is written view by view lies together on the disk and is read at once,
/// whatever the order of the folder.
pub(crate) struct Views<'a> {
    views: Vec<View<'a>>,
}

struct View<'a> {
    key: Key<'a>,
    /// The records, and which of all given records each is.
    records: Vec<(usize, &'a AnswerRecord)>,
    /// SHA-256 over the records, to know an unchanged view again.
    sha256: String,
}

impl<'a> Views<'a> {
    /// Puts answers into their views.
    pub(crate) fn of(answers: &'a [AnswerRecord]) -> Self {
        let mut views: Vec<View<'a>> = Vec::new();
        let mut places: HashMap<Key<'a>, usize> = HashMap::new();
        let mut last: Option<(Key<'a>, usize)> = None;
        for (index, record) in answers.iter().enumerate() {
            let key = (record.component.as_str(), record.question.as_str());
            let place = match last {
                Some((before, place)) if before == key => place,
                _ => *places.entry(key).or_insert_with(|| {
                    views.push(View { key, records: Vec::new(), sha256: String::new() });
                    views.len() - 1
                }),
            };
            last = Some((key, place));
            if let Some(view) = views.get_mut(place) {
                view.records.push((index, record));
            }
        }
        for view in &mut views {
            view.sha256 = sha256(&view.records);
        }
        views.sort_by_key(|view| view.key);
        Self { views }
    }

    /// SHA-256 over all of them. The order of the views does not count, that within each does.
    pub(crate) fn sha256(&self) -> String {
        let mut hash = Sha256::new();
        for View { key: (component, question), sha256, .. } in &self.views {
            hash.update(format!("{component} {question} {sha256}\n"));
        }
        hexadecimal(&hash.finalize())
    }

    /// Adds those revisions that the store does not have ([`crate::Store::put_campaign`] says which these
    /// are), numbered after `seq` in the order in which they were given; gives how many.
    pub(crate) async fn append(
        &self,
        connection: &mut AnyConnection,
        writing: &Writing<'_>,
        seq: i64,
    ) -> Result<usize, StoreError> {
        let known = imported(connection, writing.campaign).await?;
        let changed = |view: &&View<'_>| {
            let (component, question) = view.key;
            let before = known.get(&(component.to_owned(), question.to_owned()));
            before != Some(&view.sha256)
        };
        let changed: Vec<&View<'_>> = self.views.iter().filter(changed).collect();
        let stored = if seq == 0 {
            HashMap::new()
        } else {
            stored(connection, writing.campaign, &changed).await?
        };
        let mut new = Vec::with_capacity(changed.len());
        for view in &changed {
            let (component, question) = view.key;
            let stored = stored.get(&(component.to_owned(), question.to_owned()));
            new.push(view.beside(stored.map_or(&[], Vec::as_slice)));
        }
        let mut order: Vec<usize> = new.iter().flatten().map(|found| found.index).collect();
        order.sort_unstable();
        let seq_of = |index: usize| seq + 1 + count(order.partition_point(|one| *one < index));
        for (view, found) in changed.iter().zip(&new) {
            let answers: Vec<NewAnswer<'_>> = found
                .iter()
                .map(|found| {
                    let replaced = match found.before {
                        Before::Nothing => None,
                        Before::Stored(seq) => Some(seq),
                        Before::Given(index) => Some(seq_of(index)),
                    };
                    NewAnswer::expert(seq_of(found.index), found.record, replaced)
                })
                .collect();
            writing.add(connection, view.key, &answers).await?;
        }
        note_imported(connection, writing.campaign, &changed).await?;
        Ok(order.len())
    }
}

/// What one line of history is about: a pixel (or a row), as one experiment answers it.
type Subject<'a> = (&'a str, &'a str, &'a str);

fn subject(record: &AnswerRecord) -> Subject<'_> {
    (
        record.technique.as_str(),
        record.observable.as_ref().map_or("", ObservableId::as_str),
        record.experiment.as_ref().map_or("", ExperimentId::as_str),
    )
}

/// A given revision that the store does not have.
struct Found<'a> {
    index: usize,
    record: &'a AnswerRecord,
    before: Before,
}

/// The revision that another one replaces.
#[derive(Clone, Copy, Default)]
enum Before {
    #[default]
    Nothing,
    /// A stored one, by its number.
    Stored(i64),
    /// A given one, by its place, which has no number yet.
    Given(usize),
}

/// The stored revisions of one subject, and how far the given ones have been found among them.
#[derive(Default)]
struct Line<'s> {
    stored: Vec<&'s AnswerRecord>,
    found: usize,
    diverged: bool,
    last: Before,
}

impl<'a> View<'a> {
    /// The given revisions that are not among the stored ones.
    fn beside(&self, stored: &[(i64, AnswerRecord)]) -> Vec<Found<'a>> {
        let mut lines: HashMap<Subject<'_>, Line<'_>> = HashMap::with_capacity(self.records.len());
        for (seq, record) in stored {
            let line = lines.entry(subject(record)).or_default();
            line.stored.push(record);
            line.last = Before::Stored(*seq);
        }
        let mut new = Vec::new();
        for (index, record) in &self.records {
            let line = lines.entry(subject(record)).or_default();
            if !line.diverged {
                let place = line.stored.iter().skip(line.found).position(|stored| stored == record);
                if let Some(place) = place {
                    line.found += place + 1;
                    continue;
                }
                line.diverged = true;
            }
            new.push(Found { index: *index, record, before: line.last });
            line.last = Before::Given(*index);
        }
        new
    }
}

fn sha256(records: &[(usize, &AnswerRecord)]) -> String {
    let mut hash = Sha256::new();
    let mut line = Vec::new();
    for (_, record) in records {
        // Written out field by field, so that a new field of the record does not compile until it is here.
        // The component and the question are those of the view.
        let AnswerRecord {
            component: _,
            question: _,
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
        } = record;
        line.clear();
        let mut take = |text: &str| {
            line.extend_from_slice(&(text.len() as u64).to_le_bytes());
            line.extend_from_slice(text.as_bytes());
        };
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

/// The digest of each view as it was imported last.
async fn imported(
    connection: &mut AnyConnection,
    campaign: &str,
) -> Result<HashMap<(String, String), String>, StoreError> {
    let rows: Vec<(String, String, String)> =
        sqlx::query_as("SELECT component, question, sha256 FROM imported_view WHERE campaign = $1")
            .bind(campaign)
            .fetch_all(connection)
            .await
            .map_err(doing("read answers"))?;
    Ok(rows
        .into_iter()
        .map(|(component, question, sha256)| ((component, question), sha256))
        .collect())
}

static NOTE_IMPORTED: Many = Many {
    head: "INSERT INTO imported_view (campaign, component, question, sha256) VALUES",
    pattern: "($1, ?, ?, ?)",
    tail: " ON CONFLICT (campaign, component, question) DO UPDATE SET sha256 = excluded.sha256",
    shared: 1,
};

async fn note_imported(
    connection: &mut AnyConnection,
    campaign: &str,
    views: &[&View<'_>],
) -> Result<(), StoreError> {
    NOTE_IMPORTED
        .run(
            connection,
            "write answers",
            views,
            |shared, _| shared.push(campaign),
            |row, view| {
                row.push(view.key.0);
                row.push(view.key.1);
                row.push(view.sha256.as_str());
            },
        )
        .await
}

static STORED: Many = Many {
    head: concat!(packed!(), "origin = $4 AND (component, question) IN (VALUES"),
    pattern: "(?, ?)",
    tail: ") GROUP BY component, question, technique",
    shared: 4,
};

type Stored = HashMap<(String, String), Vec<(i64, AnswerRecord)>>;

/// The stored expert answers of these views, oldest first.
async fn stored(
    connection: &mut AnyConnection,
    campaign: &str,
    views: &[&View<'_>],
) -> Result<Stored, StoreError> {
    let mut stored: Stored = HashMap::new();
    let mut reader = Reader::default();
    for batch in STORED.batches(views) {
        let values = batch.values(
            |shared, _| {
                push_separators(shared);
                shared.push(campaign);
                shared.push(EXPERT);
            },
            |row, view| {
                row.push(view.key.0);
                row.push(view.key.1);
            },
        );
        let query = sqlx::query_as_with(AssertSqlSafe(batch.sql), values.into_arguments());
        revisions::each(query, &mut *connection, "read answers", |fields| {
            let record = reader.record(&fields)?;
            let key = (record.component.to_string(), record.question.to_string());
            stored.entry(key).or_default().push((fields.seq, record));
            Ok(())
        })
        .await?;
    }
    for records in stored.values_mut() {
        records.sort_by_key(|(seq, _)| *seq);
    }
    Ok(stored)
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
    let mut values = Values::default();
    push_separators(&mut values);
    values.push(id);
    values.push(EXPERT);
    let query = sqlx::query_as_with(packed!("origin = $4"), values.into_arguments());
    let mut reader = Reader::default();
    let mut records = Vec::new();
    revisions::each(query, connection, "read answers", |fields| {
        let record = reader.record(&fields)?;
        if counts(&record) {
            records.push((fields.seq, record));
        }
        Ok(())
    })
    .await?;
    records.sort_unstable_by_key(|(seq, _)| *seq);
    Ok(records.into_iter().map(|(_, record)| record).collect())
}
