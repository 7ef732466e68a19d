//! Campaigns as they are stored.

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use galvanome_model::campaign::{Campaign, Definition, Document};
use galvanome_model::ids::CampaignId;
use serde::Deserialize;
use sqlx::AnyConnection;

use super::{history, tables};
use crate::body;
use crate::error::{StoreError, doing};
use crate::quantity;
use crate::store::Store;

/// A campaign in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignSummary {
    /// Its id.
    pub id: CampaignId,
    /// Its title.
    pub title: String,
    /// It is invented, and every page says so.
    pub invented: bool,
    /// Counts up with every change of it.
    pub revision: i64,
    /// When it was first written, in microseconds since 1970 UTC.
    pub created_us: i64,
    /// When it last changed.
    pub updated_us: i64,
}

/// A campaign's row.
pub(crate) struct Row {
    pub(crate) revision: i64,
    pub(crate) listed: i64,
    pub(crate) facts_sha256: String,
    pub(crate) answers_sha256: String,
    body: String,
}

/// A campaign's row, if there is one.
pub(crate) async fn row(
    connection: &mut AnyConnection,
    id: &CampaignId,
) -> Result<Option<Row>, StoreError> {
    let row: Option<(i64, i64, String, String, String)> = sqlx::query_as(
        "SELECT revision, listed, facts_sha256, answers_sha256, body FROM campaign WHERE id = $1",
    )
    .bind(id.as_str())
    .fetch_optional(connection)
    .await
    .map_err(doing("read a campaign"))?;
    Ok(row.map(|(revision, listed, facts_sha256, answers_sha256, body)| Row {
        revision,
        listed,
        facts_sha256,
        answers_sha256,
        body,
    }))
}

impl Store {
    /// Everything of a campaign that a person wrote down, as it was given: all revisions of expert answers in
    /// order, the folder's quantities. None when there is no such campaign.
    pub async fn campaign(&self, id: &CampaignId) -> Result<Option<Campaign>, StoreError> {
        let mut tx = self.read().await?;
        let Some(row) = row(&mut tx, id).await? else { return Ok(None) };
        let mut campaign = frame(&mut tx, id.as_str(), &row).await?;
        campaign.quantities = quantity::of_folder(&mut tx, id.as_str()).await?;
        campaign.answers = history::records(&mut tx, id.as_str(), &campaign).await?;
        let documents: Vec<(String, String)> = sqlx::query_as(
            "SELECT id, sha256 FROM document WHERE campaign = $1 AND listed = $2 ORDER BY position",
        )
        .bind(id.as_str())
        .bind(row.listed)
        .fetch_all(&mut *tx)
        .await
        .map_err(doing("read a campaign"))?;
        drop(tx);
        campaign.documents = stream::iter(documents)
            .map(|(path, sha256)| async move {
                let bytes = self.object(&sha256).await?;
                Ok::<_, StoreError>(Document { path, bytes })
            })
            .buffered(8)
            .try_collect()
            .await?;
        Ok(Some(campaign))
    }

    /// What a metaview's frame needs: everything of [`Store::campaign`] but quantities, answers and documents,
    /// which are left empty.
    pub async fn frame_facts(&self, id: &CampaignId) -> Result<Option<Campaign>, StoreError> {
        let mut tx = self.read().await?;
        let Some(row) = row(&mut tx, id).await? else { return Ok(None) };
        Ok(Some(frame(&mut tx, id.as_str(), &row).await?))
    }

    /// The campaigns after one (none for the beginning), ordered bytewise by id.
    pub async fn campaigns(
        &self,
        after: Option<&CampaignId>,
        limit: u32,
    ) -> Result<Vec<CampaignSummary>, StoreError> {
        #[derive(Deserialize)]
        struct Head {
            title: String,
            #[serde(default)]
            invented: bool,
        }
        let rows: Vec<(String, i64, i64, i64, String)> = sqlx::query_as(
            "SELECT id, revision, created_us, updated_us, body FROM campaign \
             WHERE id > $1 ORDER BY id LIMIT $2",
        )
        .bind(after.map_or("", CampaignId::as_str))
        .bind(i64::from(limit))
        .fetch_all(self.readers())
        .await
        .map_err(doing("list the campaigns"))?;
        let summary = |(id, revision, created_us, updated_us, text): (String, _, _, _, String)| {
            let Head { title, invented } = body::read("a campaign", &text)?;
            let id = CampaignId::new(&id)
                .map_err(|error| StoreError::unreadable("a campaign's id", error))?;
            Ok(CampaignSummary { id, title, invented, revision, created_us, updated_us })
        };
        rows.into_iter().map(summary).collect()
    }

    /// A campaign's revision, which every change of it counts up, and when it was last changed, in microseconds
    /// since 1970 UTC; none when there is no such campaign.
    pub async fn revision(&self, id: &CampaignId) -> Result<Option<(i64, i64)>, StoreError> {
        sqlx::query_as("SELECT revision, updated_us FROM campaign WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(self.readers())
            .await
            .map_err(doing("read a campaign's revision"))
    }

    pub(crate) async fn row(&self, id: &CampaignId) -> Result<Option<Row>, StoreError> {
        row(&mut *self.read().await?, id).await
    }
}

async fn frame(
    connection: &mut AnyConnection,
    id: &str,
    row: &Row,
) -> Result<Campaign, StoreError> {
    let listed = row.listed;
    let mut definition: Definition = body::read("a campaign's definition", &row.body)?;
    definition.partners = tables::PARTNER.read(connection, id, listed).await?;
    definition.components = tables::COMPONENT.read(connection, id, listed).await?;
    definition.groups = tables::GROUP.read(connection, id, listed).await?;
    definition.questions = tables::QUESTION.read(connection, id, listed).await?;
    definition.observables = tables::OBSERVABLE.read(connection, id, listed).await?;
    definition.techniques = tables::TECHNIQUE.read(connection, id, listed).await?;
    definition.descriptors = tables::DESCRIPTOR.read(connection, id, listed).await?;
    definition.margins = tables::MARGIN.read(connection, id, listed).await?;
    definition.facts = tables::FACT.read(connection, id, listed).await?;
    let mut campaign = Campaign::new(definition);
    campaign.samples = tables::SAMPLE.read(connection, id, listed).await?;
    campaign.shipments = tables::SHIPMENT.read(connection, id, listed).await?;
    campaign.experiments = tables::EXPERIMENT.read(connection, id, listed).await?;
    campaign.datasets = tables::DATASET.read(connection, id, listed).await?;
    campaign.gates = tables::GATE.read(connection, id, listed).await?;
    Ok(campaign)
}
