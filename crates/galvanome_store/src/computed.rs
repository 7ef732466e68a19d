//! Computed answers, added where they differ from the latest.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use galvanome_model::ids::CampaignId;
use galvanome_model::verdict::ComputedAnswer;
use serde_json::json;
use sqlx::{AnyConnection, AssertSqlSafe};

use crate::actor::Actor;
use crate::answer::{COMPUTED, NewAnswer, NewBody, Writing, check_names, count_up};
use crate::audit::{self, Deed};
use crate::body;
use crate::campaign::begin;
use crate::error::{StoreError, doing};
use crate::rows::{Many, count};
use crate::store::Store;

static LATEST_COMPUTED: Many = Many {
    head: "SELECT seq, body FROM answer WHERE campaign = $1 AND origin = $2 \
           AND (component, question, technique, observable) IN (VALUES",
    pattern: "(?, ?, ?, ?)",
    tail: ")",
    shared: 2,
};

impl Store {
    /// Adds computed answers, each as a revision of its pixel, where it is not equal to the latest computed
    /// one; gives the number added. When none differs, nothing is written and the revision stays. To mark an
    /// answer stale, or confirmed, give it again with that said.
    ///
    /// Errors: as [`Store::add_answer`]; a number that is not finite.
    pub async fn put_computed(
        &self,
        id: &CampaignId,
        computed: &[ComputedAnswer],
        actor: &Actor,
        now_us: i64,
    ) -> Result<usize, StoreError> {
        let mut tx = self.write().await?;
        let taken = begin(&mut tx, id, now_us).await?;
        let mut latest = latest_computed(&mut tx, id, computed).await?;
        let mut named = Vec::new();
        let mut views: BTreeMap<(&str, &str), Vec<NewAnswer<'_>>> = BTreeMap::new();
        for answer in computed {
            let replaced = latest.get(&key(answer));
            if replaced.is_some_and(|(_, before)| before == answer) {
                continue;
            }
            let (component, question) = (answer.component.as_str(), answer.question.as_str());
            named.push((component, question, answer.technique.as_str(), None));
            let seq = taken.answer_seq + count(named.len());
            let what = format!("the computed answer to `{}`", answer.observable);
            views.entry((component, question)).or_default().push(NewAnswer {
                seq,
                technique: answer.technique.as_str(),
                observable: answer.observable.as_str(),
                experiment: None,
                answer: answer.answer,
                body: NewBody::Computed(body::write(&what, answer)?),
                replaced: replaced.map(|(seq, _)| *seq),
            });
            latest.insert(key(answer), (seq, answer.clone()));
        }
        if named.is_empty() {
            return Ok(0);
        }
        check_names(&mut tx, id, taken.listed, &named).await?;
        let writing = Writing { campaign: id.as_str(), origin: COMPUTED, actor, now_us };
        for (view, answers) in &views {
            writing.add(&mut tx, *view, answers).await?;
        }
        count_up(&mut tx, id.as_str(), count(named.len())).await?;
        let detail = json!({"revision": taken.revision, "answers": named.len()});
        let campaign = id.as_str();
        audit::commit(tx, Deed { actor, now_us, campaign, action: "put-computed", detail }).await?;
        Ok(named.len())
    }
}

type Key<'a> = (&'a str, &'a str, &'a str, &'a str);

fn key(answer: &ComputedAnswer) -> (String, String, String, String) {
    (
        answer.component.to_string(),
        answer.question.to_string(),
        answer.technique.to_string(),
        answer.observable.to_string(),
    )
}

type Latest = HashMap<(String, String, String, String), (i64, ComputedAnswer)>;

async fn latest_computed(
    connection: &mut AnyConnection,
    id: &CampaignId,
    computed: &[ComputedAnswer],
) -> Result<Latest, StoreError> {
    let keys: BTreeSet<Key<'_>> = computed
        .iter()
        .map(|it| {
            (
                it.component.as_str(),
                it.question.as_str(),
                it.technique.as_str(),
                it.observable.as_str(),
            )
        })
        .collect();
    let keys: Vec<Key<'_>> = keys.into_iter().collect();
    let mut latest: Latest = HashMap::new();
    for batch in LATEST_COMPUTED.batches(&keys) {
        let values = batch.values(
            |shared, _| {
                shared.push(id.as_str());
                shared.push(COMPUTED);
            },
            |row, (component, question, technique, observable)| {
                row.push(*component);
                row.push(*question);
                row.push(*technique);
                row.push(*observable);
            },
        );
        let sql = AssertSqlSafe(batch.sql);
        let rows: Vec<(i64, String)> = sqlx::query_as_with(sql, values.into_arguments())
            .fetch_all(&mut *connection)
            .await
            .map_err(doing("read computed answers"))?;
        for (seq, text) in rows {
            let answer: ComputedAnswer = body::read(format_args!("answer {seq}"), &text)?;
            let entry = latest.entry(key(&answer)).or_insert_with(|| (seq, answer.clone()));
            if entry.0 < seq {
                *entry = (seq, answer);
            }
        }
    }
    Ok(latest)
}
