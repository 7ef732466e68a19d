//! Values of descriptors: what the folder says, and what was computed from datasets.

use galvanome_model::ids::{
    CampaignId, ComponentId, DatasetId, DescriptorId, ExperimentId, SampleId, TechniqueId,
};
use galvanome_model::quantity::Quantity;
use serde_json::json;
use sqlx::AnyConnection;

use crate::actor::Actor;
use crate::audit::{self, Deed};
use crate::body;
use crate::campaign::{begin, names, row};
use crate::error::{StoreError, doing};
use crate::rows::{Many, Values};
use crate::store::Store;

/// Where a quantity was written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuantityOrigin {
    /// In the campaign folder, by a person.
    Folder,
    /// By an analysis of ours, from a dataset; it can be computed again and is not exported.
    Computed,
}

/// A quantity and where it was written down.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldQuantity {
    /// The quantity.
    pub quantity: Quantity,
    /// Where it was written down.
    pub origin: QuantityOrigin,
}

/// Which quantities; all when nothing is set.
#[derive(Debug, Clone, Default)]
pub struct QuantityFilter {
    /// Those of this technique's descriptors.
    pub technique: Option<TechniqueId>,
    /// Those of this component, and those of whole cells.
    pub component: Option<ComponentId>,
    /// Those of this dataset.
    pub dataset: Option<DatasetId>,
}

/// A quantity as a row.
pub(crate) struct Row<'a> {
    quantity: &'a Quantity,
    /// Its JSON.
    pub(crate) body: String,
}

/// Quantities as rows. Refuses numbers that are not finite.
pub(crate) fn rows(quantities: &[Quantity]) -> Result<Vec<Row<'_>>, StoreError> {
    let row = |(index, quantity): (usize, &'_ Quantity)| {
        let what = format!("quantity {} (`{}`)", index + 1, quantity.descriptor);
        body::write(&what, quantity)
    };
    let bodies: Vec<String> =
        quantities.iter().enumerate().map(row).collect::<Result<_, StoreError>>()?;
    Ok(quantities.iter().zip(bodies).map(|(quantity, body)| Row { quantity, body }).collect())
}

static ADD: Many = Many {
    head: "INSERT INTO quantity (campaign, batch, position, \
           descriptor, component, sample, experiment, dataset, value, body) VALUES",
    pattern: "($1, $2, $3 + #, ?, ?, ?, ?, ?, ?, ?)",
    tail: "",
    shared: 3,
};

/// Puts these in place of all quantities of a batch.
pub(crate) async fn replace(
    connection: &mut AnyConnection,
    campaign: &str,
    batch: &str,
    rows: &[Row<'_>],
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM quantity WHERE campaign = $1 AND batch = $2")
        .bind(campaign)
        .bind(batch)
        .execute(&mut *connection)
        .await
        .map_err(doing("write quantities"))?;
    let share = |shared: &mut Values, before: i64| {
        shared.push(campaign);
        shared.push(batch);
        shared.push(before);
    };
    let bind = |values: &mut Values, row: &Row<'_>| {
        let Quantity { descriptor, component, sample, experiment, dataset, value, .. } =
            row.quantity;
        values.push(descriptor.as_str());
        values.push(component.as_ref().map(ComponentId::as_str));
        values.push(sample.as_ref().map(SampleId::as_str));
        values.push(experiment.as_ref().map(ExperimentId::as_str));
        values.push(dataset.as_ref().map(DatasetId::as_str));
        values.push(*value);
        values.push(row.body.as_str());
    };
    ADD.run(connection, "write quantities", rows, share, bind).await
}

/// The folder's quantities, in order.
pub(crate) async fn of_folder(
    connection: &mut AnyConnection,
    campaign: &str,
) -> Result<Vec<Quantity>, StoreError> {
    let bodies: Vec<(String,)> = sqlx::query_as(
        "SELECT body FROM quantity WHERE campaign = $1 AND batch = '' ORDER BY position",
    )
    .bind(campaign)
    .fetch_all(connection)
    .await
    .map_err(doing("read quantities"))?;
    bodies.iter().map(|(text,)| body::read("a quantity", text)).collect()
}

impl Store {
    /// Quantities of a campaign: the folder's first, in its order, then computed ones, by dataset and analysis.
    /// Computed ones of a dataset, sample, experiment or component that is no longer listed are left out.
    /// A campaign that does not exist has none.
    pub async fn quantities(
        &self,
        id: &CampaignId,
        filter: &QuantityFilter,
    ) -> Result<Vec<HeldQuantity>, StoreError> {
        let mut tx = self.read().await?;
        let Some(campaign) = row(&mut tx, id).await? else { return Ok(Vec::new()) };
        // Descriptors are `technique.name`: the range from `technique.` to the character after the full stop.
        let technique = filter.technique.as_ref().map_or("", TechniqueId::as_str);
        let (from, to) = if technique.is_empty() {
            (String::new(), "~".to_owned())
        } else {
            (format!("{technique}."), format!("{technique}/"))
        };
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT q.batch, q.body FROM quantity q \
             LEFT JOIN dataset d ON d.campaign = q.campaign AND d.id = q.dataset \
             LEFT JOIN sample s ON s.campaign = q.campaign AND s.id = q.sample \
             LEFT JOIN experiment e ON e.campaign = q.campaign AND e.id = q.experiment \
             LEFT JOIN component c ON c.campaign = q.campaign AND c.id = q.component \
             WHERE q.campaign = $1 AND q.descriptor >= $2 AND q.descriptor < $3 \
             AND ($4 = '' OR q.component = $4 OR q.component IS NULL) \
             AND ($5 = '' OR q.dataset = $5) \
             AND COALESCE(d.listed, $6) = $6 AND COALESCE(s.listed, $6) = $6 \
             AND COALESCE(e.listed, $6) = $6 AND COALESCE(c.listed, $6) = $6 \
             ORDER BY q.batch, q.position",
        )
        .bind(id.as_str())
        .bind(from)
        .bind(to)
        .bind(filter.component.as_ref().map_or("", ComponentId::as_str))
        .bind(filter.dataset.as_ref().map_or("", DatasetId::as_str))
        .bind(campaign.listed)
        .fetch_all(&mut *tx)
        .await
        .map_err(doing("read quantities"))?;
        // A technique's id may itself hold a full stop: `a` does not own what belongs to `a.b`.
        let longer = if technique.is_empty() {
            Vec::new()
        } else {
            longer_techniques(&mut tx, id, technique, campaign.listed).await?
        };
        let held = |(batch, text): (String, String)| {
            let quantity: Quantity = body::read("a quantity", &text)?;
            let origin =
                if batch.is_empty() { QuantityOrigin::Folder } else { QuantityOrigin::Computed };
            Ok(HeldQuantity { quantity, origin })
        };
        let mut all = rows.into_iter().map(held).collect::<Result<Vec<_>, StoreError>>()?;
        all.retain(|held| !longer.iter().any(|other| belongs(&held.quantity.descriptor, other)));
        Ok(all)
    }

    /// Puts computed quantities in place of those that the same analysis made of the same dataset before.
    /// `analysis` is its name without a version (`echem`), so that a newer version replaces an older one; the
    /// version stands in each quantity's `method`. True when something changed; otherwise nothing is written.
    ///
    /// Errors: no such campaign; ids that it does not list; a quantity of another dataset; numbers that are
    /// not finite.
    pub async fn put_computed_quantities(
        &self,
        id: &CampaignId,
        dataset: &DatasetId,
        analysis: &str,
        quantities: &[Quantity],
        actor: &Actor,
        now_us: i64,
    ) -> Result<bool, StoreError> {
        let refused = |why: &str| StoreError::Refused {
            what: format!("a quantity computed from dataset `{dataset}`"),
            why: why.to_owned(),
        };
        if analysis.is_empty() || analysis.contains(|c: char| c.is_control() || c == ' ') {
            return Err(refused("the name of the analysis is empty or holds a space"));
        }
        if quantities.iter().any(|it| it.dataset.as_ref() != Some(dataset)) {
            return Err(refused("it names another dataset, or none"));
        }
        let rows = rows(quantities)?;
        let batch = format!("{dataset} {analysis}");
        let mut tx = self.write().await?;
        let before: Vec<(String,)> = sqlx::query_as(
            "SELECT body FROM quantity WHERE campaign = $1 AND batch = $2 ORDER BY position",
        )
        .bind(id.as_str())
        .bind(&batch)
        .fetch_all(&mut *tx)
        .await
        .map_err(doing("read quantities"))?;
        let taken = begin(&mut tx, id, now_us).await?;
        check_names(&mut tx, id, taken.listed, dataset, quantities).await?;
        if before.len() == rows.len()
            && before.iter().zip(&rows).all(|((before,), row)| *before == row.body)
        {
            return Ok(false);
        }
        replace(&mut tx, id.as_str(), &batch, &rows).await?;
        let detail = json!({
            "revision": taken.revision, "dataset": dataset.as_str(), "analysis": analysis,
            "quantities": quantities.len(),
        });
        let action = "put-computed-quantities";
        audit::commit(tx, Deed { actor, now_us, campaign: id.as_str(), action, detail }).await?;
        Ok(true)
    }
}

/// Refuses quantities that name what the campaign does not list.
async fn check_names(
    connection: &mut AnyConnection,
    id: &CampaignId,
    listed: i64,
    dataset: &DatasetId,
    quantities: &[Quantity],
) -> Result<(), StoreError> {
    let by = "a computed quantity";
    let datasets = std::iter::once(dataset.as_str());
    names::DATASET.need(connection, id, listed, datasets, by).await?;
    let components = quantities.iter().filter_map(|it| it.component.as_ref());
    let components = components.map(ComponentId::as_str);
    names::COMPONENT.need(connection, id, listed, components, by).await?;
    let samples = quantities.iter().filter_map(|it| it.sample.as_ref()).map(SampleId::as_str);
    names::SAMPLE.need(connection, id, listed, samples, by).await?;
    let experiments = quantities.iter().filter_map(|it| it.experiment.as_ref());
    let experiments = experiments.map(ExperimentId::as_str);
    names::EXPERIMENT.need(connection, id, listed, experiments, by).await
}

/// The techniques of a campaign whose id begins with that of another and a full stop.
async fn longer_techniques(
    connection: &mut AnyConnection,
    id: &CampaignId,
    technique: &str,
    listed: i64,
) -> Result<Vec<String>, StoreError> {
    let ids: Vec<(String,)> = sqlx::query_as(
        "SELECT id FROM technique WHERE campaign = $1 AND listed = $2 AND id >= $3 AND id < $4",
    )
    .bind(id.as_str())
    .bind(listed)
    .bind(format!("{technique}."))
    .bind(format!("{technique}/"))
    .fetch_all(connection)
    .await
    .map_err(doing("read a campaign"))?;
    Ok(ids.into_iter().map(|(id,)| id).collect())
}

fn belongs(descriptor: &DescriptorId, technique: &str) -> bool {
    let rest = descriptor.as_str().strip_prefix(technique);
    rest.is_some_and(|rest| rest.starts_with('.'))
}
