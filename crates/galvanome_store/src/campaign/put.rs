//! A campaign, written whole.

use galvanome_model::campaign::{Campaign, Document};
use galvanome_model::ids::CampaignId;
use serde_json::json;
use sqlx::AnyConnection;

use super::check::check;
use super::history::Views;
use super::tables::Facts;
use crate::actor::Actor;
use crate::answer::{EXPERT, Writing};
use crate::audit::{self, Deed};
use crate::dataset;
use crate::error::{StoreError, doing};
use crate::held::list_files;
use crate::objects::ObjectId;
use crate::rows::count;
use crate::store::Store;

/// What [`Store::put_campaign`] did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The campaign's revision now.
    pub revision: i64,
    /// It was not there before.
    pub created: bool,
    /// Something was written. False when the store had all of it already.
    pub changed: bool,
    /// How many revisions of answers were added.
    pub answers_added: usize,
}

/// A campaign's row when a transaction has taken it.
pub(crate) struct Taken {
    /// Its revision, already counted up.
    pub(crate) revision: i64,
    /// The revision of the import whose nouns count.
    pub(crate) listed: i64,
    /// The last number given to an answer.
    pub(crate) answer_seq: i64,
}

/// Takes a campaign's row for this transaction and counts its revision up.
pub(crate) async fn begin(
    connection: &mut AnyConnection,
    id: &CampaignId,
    now_us: i64,
) -> Result<Taken, StoreError> {
    let taken: Option<(i64, i64, i64)> = sqlx::query_as(
        "UPDATE campaign SET revision = revision + 1, updated_us = $2 WHERE id = $1 \
         RETURNING revision, listed, answer_seq",
    )
    .bind(id.as_str())
    .bind(now_us)
    .fetch_optional(connection)
    .await
    .map_err(doing("write to a campaign"))?;
    let (revision, listed, answer_seq) =
        taken.ok_or_else(|| StoreError::NoCampaign { id: id.clone() })?;
    Ok(Taken { revision, listed, answer_seq })
}

impl Store {
    /// Writes a campaign, all of it or nothing: a new one is made, and one of this id takes over what is given.
    ///
    /// Definition, samples, shipments, experiments, datasets, gates, documents and the folder's quantities are
    /// then as given. Nothing that answers rest on is deleted: what is no longer listed stays in the database
    /// and is left out of [`Store::campaign`]; so are answers to it. Datasets that came by
    /// [`Store::add_dataset`] stay, as long as their experiment and samples are listed.
    ///
    /// Answers are history and are only added to. For each pixel (and experiment) the given revisions are laid
    /// beside the stored ones; those that the store has in the same order add nothing, and from the first one
    /// that it does not have on they are added as new revisions. So an unchanged folder adds nothing, a longer
    /// one adds its new rows, a changed row becomes a new revision that replaces the old one, an older folder
    /// takes nothing back, and a row that is gone stays. Computed answers and quantities are left as they are.
    ///
    /// When the store has everything already, nothing is written and the revision stays.
    ///
    /// Errors: ids given twice or naming nothing, numbers that are not finite, no room.
    pub async fn put_campaign(
        &self,
        campaign: &Campaign,
        actor: &Actor,
        now_us: i64,
    ) -> Result<Imported, StoreError> {
        check(campaign)?;
        let id = &campaign.definition.id;
        let documents: Vec<ObjectId> =
            campaign.documents.iter().map(|it| ObjectId::of(&it.bytes)).collect();
        let facts = Facts::of(campaign, &documents)?;
        let facts_sha256 = facts.sha256();
        let views = Views::of(&campaign.answers);
        let answers_sha256 = views.sha256();
        if let Some(before) = self.row(id).await?
            && before.facts_sha256 == facts_sha256
            && before.answers_sha256 == answers_sha256
        {
            let revision = before.revision;
            return Ok(Imported { revision, created: false, changed: false, answers_added: 0 });
        }
        // Objects first: one that no row names does no harm, a row without its object would.
        self.put_documents(&campaign.documents).await?;

        let mut tx = self.write().await?;
        let (revision, seq, facts_before, answers_before): (i64, i64, String, String) =
            sqlx::query_as(
                "INSERT INTO campaign (id, revision, listed, answer_seq, facts_sha256, answers_sha256, \
                 created_us, updated_us, body) VALUES ($1, 1, 0, 0, '', '', $2, $2, '{}') \
                 ON CONFLICT (id) DO UPDATE SET revision = campaign.revision + 1, updated_us = $2 \
                 RETURNING revision, answer_seq, facts_sha256, answers_sha256",
            )
            .bind(id.as_str())
            .bind(now_us)
            .fetch_one(&mut *tx)
            .await
            .map_err(doing("write a campaign"))?;
        if facts_before != facts_sha256 {
            list_files(&mut tx, &documents, actor, now_us).await?;
            facts.write(&mut tx, id.as_str(), revision).await?;
            dataset::keep_uploaded(&mut tx, campaign, revision).await?;
            sqlx::query(
                "UPDATE campaign SET listed = $2, facts_sha256 = $3, body = $4 WHERE id = $1",
            )
            .bind(id.as_str())
            .bind(revision)
            .bind(&facts_sha256)
            .bind(&facts.body)
            .execute(&mut *tx)
            .await
            .map_err(doing("write a campaign"))?;
        }
        let mut answers_added = 0;
        if answers_before != answers_sha256 {
            let writing = Writing { campaign: id.as_str(), origin: EXPERT, actor, now_us };
            answers_added = views.append(&mut tx, &writing, seq).await?;
            sqlx::query("UPDATE campaign SET answer_seq = $2, answers_sha256 = $3 WHERE id = $1")
                .bind(id.as_str())
                .bind(seq + count(answers_added))
                .bind(&answers_sha256)
                .execute(&mut *tx)
                .await
                .map_err(doing("write a campaign"))?;
        }
        let detail = json!({"revision": revision, "answers_added": answers_added});
        let campaign = id.as_str();
        audit::commit(tx, Deed { actor, now_us, campaign, action: "put-campaign", detail }).await?;
        Ok(Imported { revision, created: revision == 1, changed: true, answers_added })
    }

    async fn put_documents(&self, documents: &[Document]) -> Result<(), StoreError> {
        for document in documents {
            self.objects().put(document.bytes.clone()).await?;
        }
        Ok(())
    }
}
