//! Datasets that come one by one, by upload, beside those that a folder lists.

use galvanome_model::campaign::Campaign;
use galvanome_model::experiment::Dataset;
use galvanome_model::ids::{CampaignId, DatasetId, SampleId};
use serde_json::json;
use sqlx::AnyConnection;

use crate::actor::Actor;
use crate::audit::{self, Deed};
use crate::body;
use crate::campaign::{begin, dataset_body, names};
use crate::error::{StoreError, doing};
use crate::store::Store;

impl Store {
    /// Adds a dataset to a campaign; gives the campaign's revision then. It counts until a folder lists a dataset
    /// of its id, and is exported like the others.
    ///
    /// Errors: a dataset of this id is listed already; it names an experiment, a sample or a dataset that the
    /// campaign does not list; a number that is not finite.
    pub async fn add_dataset(
        &self,
        id: &CampaignId,
        dataset: &Dataset,
        actor: &Actor,
        now_us: i64,
    ) -> Result<i64, StoreError> {
        let body = dataset_body(dataset)?;
        let mut tx = self.write().await?;
        let taken = begin(&mut tx, id, now_us).await?;
        let by = format!("the dataset `{}`", dataset.id);
        let experiment = std::iter::once(dataset.experiment.as_str());
        names::EXPERIMENT.need(&mut tx, id, taken.listed, experiment, &by).await?;
        let samples = dataset.samples.iter().map(SampleId::as_str);
        names::SAMPLE.need(&mut tx, id, taken.listed, samples, &by).await?;
        let sources = dataset.derived_from.iter().map(DatasetId::as_str);
        names::DATASET.need(&mut tx, id, taken.listed, sources, &by).await?;
        let known: Option<(i64,)> =
            sqlx::query_as("SELECT listed FROM dataset WHERE campaign = $1 AND id = $2")
                .bind(id.as_str())
                .bind(dataset.id.as_str())
                .fetch_optional(&mut *tx)
                .await
                .map_err(doing("add a dataset"))?;
        if known == Some((taken.listed,)) {
            return Err(StoreError::Twice { noun: "dataset", id: dataset.id.to_string() });
        }
        let position = last_position(&mut tx, id.as_str(), taken.listed).await? + 1;
        sqlx::query(
            "INSERT INTO dataset (campaign, listed, position, id, experiment, body, uploaded) \
             VALUES ($1, $2, $3, $4, $5, $6, 1) \
             ON CONFLICT (campaign, id) DO UPDATE SET listed = excluded.listed, \
             position = excluded.position, experiment = excluded.experiment, body = excluded.body, uploaded = 1",
        )
        .bind(id.as_str())
        .bind(taken.listed)
        .bind(position)
        .bind(dataset.id.as_str())
        .bind(dataset.experiment.as_str())
        .bind(&body)
        .execute(&mut *tx)
        .await
        .map_err(doing("add a dataset"))?;
        link(&mut tx, id.as_str(), dataset).await?;
        let detail = json!({
            "revision": taken.revision, "dataset": dataset.id.as_str(), "sha256": dataset.sha256,
        });
        let campaign = id.as_str();
        audit::commit(tx, Deed { actor, now_us, campaign, action: "add-dataset", detail }).await?;
        Ok(taken.revision)
    }
}

async fn last_position(
    connection: &mut AnyConnection,
    campaign: &str,
    listed: i64,
) -> Result<i64, StoreError> {
    let (last,): (i64,) = sqlx::query_as(
        "SELECT CAST(COALESCE(MAX(position), -1) AS BIGINT) FROM dataset WHERE campaign = $1 AND listed = $2",
    )
    .bind(campaign)
    .bind(listed)
    .fetch_one(connection)
    .await
    .map_err(doing("read the datasets"))?;
    Ok(last)
}

/// Writes down which samples and datasets a dataset names, in place of what was there.
async fn link(
    connection: &mut AnyConnection,
    campaign: &str,
    dataset: &Dataset,
) -> Result<(), StoreError> {
    let samples = dataset.samples.iter().map(SampleId::as_str);
    let sources = dataset.derived_from.iter().map(DatasetId::as_str);
    let delete = [
        "DELETE FROM dataset_sample WHERE campaign = $1 AND dataset = $2",
        "DELETE FROM dataset_source WHERE campaign = $1 AND dataset = $2",
    ];
    let insert = [
        "INSERT INTO dataset_sample (campaign, dataset, position, sample) VALUES ($1, $2, $3, $4)",
        "INSERT INTO dataset_source (campaign, dataset, position, source) VALUES ($1, $2, $3, $4)",
    ];
    for text in delete {
        sqlx::query(text)
            .bind(campaign)
            .bind(dataset.id.as_str())
            .execute(&mut *connection)
            .await
            .map_err(doing("add a dataset"))?;
    }
    let named: [Vec<&str>; 2] = [samples.collect(), sources.collect()];
    for (text, named) in insert.into_iter().zip(named) {
        for (position, name) in (0_i64..).zip(named) {
            sqlx::query(text)
                .bind(campaign)
                .bind(dataset.id.as_str())
                .bind(position)
                .bind(name)
                .execute(&mut *connection)
                .await
                .map_err(doing("add a dataset"))?;
        }
    }
    Ok(())
}

/// After an import has written its datasets: those that the folder lists are the folder's from now on, and those
/// that came by upload count on, behind them, when what they name is still listed.
pub(crate) async fn keep_uploaded(
    connection: &mut AnyConnection,
    campaign: &Campaign,
    listed: i64,
) -> Result<(), StoreError> {
    let id = campaign.definition.id.as_str();
    sqlx::query("UPDATE dataset SET uploaded = 0 WHERE campaign = $1 AND listed = $2")
        .bind(id)
        .bind(listed)
        .execute(&mut *connection)
        .await
        .map_err(doing("keep uploaded datasets"))?;
    let bodies: Vec<(String,)> = sqlx::query_as(
        "SELECT body FROM dataset WHERE campaign = $1 AND uploaded = 1 ORDER BY position, id",
    )
    .bind(id)
    .fetch_all(&mut *connection)
    .await
    .map_err(doing("keep uploaded datasets"))?;
    let mut kept: Vec<Dataset> = Vec::new();
    for (text,) in &bodies {
        let dataset: Dataset = body::read("dataset", text)?;
        let has_source =
            |source: &DatasetId| campaign.datasets.iter().chain(&kept).any(|it| it.id == *source);
        let stands = campaign.experiments.iter().any(|it| it.id == dataset.experiment)
            && dataset.samples.iter().all(|one| campaign.samples.iter().any(|it| it.id == *one))
            && dataset.derived_from.iter().all(has_source);
        if !stands {
            continue;
        }
        let position = last_position(connection, id, listed).await? + 1;
        sqlx::query(
            "UPDATE dataset SET listed = $3, position = $4 WHERE campaign = $1 AND id = $2",
        )
        .bind(id)
        .bind(dataset.id.as_str())
        .bind(listed)
        .bind(position)
        .execute(&mut *connection)
        .await
        .map_err(doing("keep uploaded datasets"))?;
        link(connection, id, &dataset).await?;
        kept.push(dataset);
    }
    Ok(())
}
