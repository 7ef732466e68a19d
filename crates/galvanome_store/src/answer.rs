//! Revisions of answers: how one lies in its row, and how an expert's is added.

use std::borrow::Cow;

use galvanome_model::answer::Answer;
use galvanome_model::extra::Extra;
use galvanome_model::ids::{CampaignId, ExperimentId, ObservableId};
use galvanome_model::record::{AnswerRecord, Certainty, Given, Revision};
use galvanome_model::visibility::Visibility;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::AnyConnection;

use crate::actor::Actor;
use crate::audit::{self, Deed};
use crate::campaign::{begin, names};
use crate::error::{StoreError, doing};
use crate::rows::{Many, Values};
use crate::store::Store;

pub(crate) const EXPERT: &str = "expert";
pub(crate) const COMPUTED: &str = "computed";

/// What an expert's answer has beside the columns of its row.
#[derive(Serialize, Deserialize)]
pub(crate) struct Body<'a> {
    #[serde(default, skip_serializing_if = "is_explicit")]
    pub(crate) certainty: Certainty,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub(crate) author: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub(crate) on: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub(crate) reason: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "<[String]>::is_empty")]
    pub(crate) evidence: Cow<'a, [String]>,
    #[serde(default, skip_serializing_if = "is_for_all")]
    pub(crate) visibility: Cow<'a, Visibility>,
    #[serde(default, skip_serializing_if = "Extra::is_empty")]
    pub(crate) extra: Cow<'a, Extra>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands a reference to skip_serializing_if"
)]
fn is_explicit(certainty: &Certainty) -> bool {
    *certainty == Certainty::Explicit
}

fn is_for_all(visibility: &Visibility) -> bool {
    *visibility == Visibility::Campaign
}

/// The body of an expert's answer.
pub(crate) fn body_of(record: &AnswerRecord) -> String {
    let body = Body {
        certainty: record.certainty,
        author: Cow::Borrowed(&record.author),
        on: Cow::Borrowed(&record.answered_on),
        reason: Cow::Borrowed(&record.reason),
        evidence: Cow::Borrowed(&record.evidence),
        visibility: Cow::Borrowed(&record.visibility),
        extra: Cow::Borrowed(&record.extra),
    };
    // Text, lists of text and maps from text to text: there is nothing in it that JSON cannot hold.
    serde_json::to_string(&body).unwrap_or_default()
}

/// An answer about to be written.
pub(crate) struct NewAnswer<'a> {
    pub(crate) seq: i64,
    pub(crate) technique: &'a str,
    /// Empty for a statement on a whole row.
    pub(crate) observable: &'a str,
    pub(crate) experiment: Option<&'a str>,
    pub(crate) answer: Answer,
    pub(crate) body: NewBody<'a>,
    pub(crate) replaced: Option<i64>,
}

/// The body of an answer, made when it is written: a large import does not hold all of them at once.
pub(crate) enum NewBody<'a> {
    Expert(&'a AnswerRecord),
    Computed(String),
}

impl<'a> NewAnswer<'a> {
    pub(crate) fn expert(seq: i64, record: &'a AnswerRecord, replaced: Option<i64>) -> Self {
        Self {
            seq,
            technique: record.technique.as_str(),
            observable: record.observable.as_ref().map_or("", ObservableId::as_str),
            experiment: record.experiment.as_ref().map(ExperimentId::as_str),
            answer: record.answer,
            body: NewBody::Expert(record),
            replaced,
        }
    }

    fn bind(&self, row: &mut Values) {
        row.push(self.seq);
        row.push(self.technique);
        row.push(self.observable);
        row.push(self.experiment);
        row.push(self.answer.word());
        match &self.body {
            NewBody::Expert(record) => row.push(body_of(record)),
            NewBody::Computed(text) => row.push(text.as_str()),
        }
        row.push(self.replaced);
    }
}

static ADD: Many = Many {
    head: "INSERT INTO answer (campaign, component, question, origin, actor, written_at_us, \
           seq, technique, observable, experiment, answer, body, replaced) VALUES",
    pattern: "($1, $2, $3, $4, $5, $6, ?, ?, ?, ?, ?, ?, ?)",
    tail: "",
    shared: 6,
};

/// Who writes answers of which kind where, and when.
pub(crate) struct Writing<'a> {
    pub(crate) campaign: &'a str,
    pub(crate) origin: &'static str,
    pub(crate) actor: &'a Actor,
    pub(crate) now_us: i64,
}

impl Writing<'_> {
    /// Adds answers of one metaview.
    pub(crate) async fn add(
        &self,
        connection: &mut AnyConnection,
        (component, question): (&str, &str),
        answers: &[NewAnswer<'_>],
    ) -> Result<(), StoreError> {
        let share = |shared: &mut Values, _| {
            shared.push(self.campaign);
            shared.push(component);
            shared.push(question);
            shared.push(self.origin);
            shared.push(self.actor.id());
            shared.push(self.now_us);
        };
        ADD.run(connection, "write answers", answers, share, |row, it| it.bind(row)).await
    }
}

/// Counts the numbers given to answers up by one or more.
pub(crate) async fn count_up(
    connection: &mut AnyConnection,
    campaign: &str,
    by: i64,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE campaign SET answer_seq = answer_seq + $2 WHERE id = $1")
        .bind(campaign)
        .bind(by)
        .execute(connection)
        .await
        .map(|_| ())
        .map_err(doing("write answers"))
}

/// What an answer names: component, question, technique, experiment.
pub(crate) type Names<'a> = (&'a str, &'a str, &'a str, Option<&'a str>);

/// Refuses answers that name what the campaign does not list.
pub(crate) async fn check_names(
    connection: &mut AnyConnection,
    id: &CampaignId,
    listed: i64,
    named: &[Names<'_>],
) -> Result<(), StoreError> {
    let by = "the answer";
    let components = named.iter().map(|it| it.0);
    names::COMPONENT.need(connection, id, listed, components, by).await?;
    let questions = named.iter().map(|it| it.1);
    names::QUESTION.need(connection, id, listed, questions, by).await?;
    let techniques = named.iter().map(|it| it.2);
    names::TECHNIQUE.need(connection, id, listed, techniques, by).await?;
    let experiments = named.iter().filter_map(|it| it.3);
    names::EXPERIMENT.need(connection, id, listed, experiments, by).await
}

impl Store {
    /// Adds one revision of an expert's answer, which replaces the latest of its pixel and experiment. The
    /// observable is not looked at: the catalogue, which the store does not know, may have it.
    ///
    /// Errors: no such campaign; a component, question, technique or experiment that it does not list.
    pub async fn add_answer(
        &self,
        id: &CampaignId,
        record: &AnswerRecord,
        actor: &Actor,
        now_us: i64,
    ) -> Result<Revision, StoreError> {
        let mut tx = self.write().await?;
        let taken = begin(&mut tx, id, now_us).await?;
        let (component, question) = (record.component.as_str(), record.question.as_str());
        let seq = taken.answer_seq + 1;
        let mut answer = NewAnswer::expert(seq, record, None);
        let named = [(component, question, answer.technique, answer.experiment)];
        check_names(&mut tx, id, taken.listed, &named).await?;
        let (replaced,): (Option<i64>,) = sqlx::query_as(
            "SELECT MAX(seq) FROM answer WHERE campaign = $1 AND component = $2 AND question = $3 \
             AND technique = $4 AND observable = $5 AND origin = $6 AND COALESCE(experiment, '') = $7",
        )
        .bind(id.as_str())
        .bind(component)
        .bind(question)
        .bind(answer.technique)
        .bind(answer.observable)
        .bind(EXPERT)
        .bind(answer.experiment.unwrap_or(""))
        .fetch_one(&mut *tx)
        .await
        .map_err(doing("read an answer"))?;
        answer.replaced = replaced;
        let writing = Writing { campaign: id.as_str(), origin: EXPERT, actor, now_us };
        writing.add(&mut tx, (component, question), std::slice::from_ref(&answer)).await?;
        count_up(&mut tx, id.as_str(), 1).await?;
        let detail = json!({"revision": taken.revision, "answer": seq, "replaced": replaced});
        let campaign = id.as_str();
        audit::commit(tx, Deed { actor, now_us, campaign, action: "add-answer", detail }).await?;
        Ok(Revision {
            seq,
            written_at_us: now_us,
            actor: actor.id().to_owned(),
            replaced,
            given: Given::Expert(record.clone()),
        })
    }
}
