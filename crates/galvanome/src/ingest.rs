//! A held file to quantities in the store.

use galvanome_model::campaign::Campaign;
use galvanome_model::experiment::Dataset;
use galvanome_model::ids::{CampaignId, DatasetId};
use galvanome_model::quantity::Quantity;
use galvanome_readers::Files;
use galvanome_store::Actor;
use galvanome_techniques::{Inputs, Settings, TECHNIQUES, Technique};

use crate::files::FileSource;
use crate::{Error, Galvanome, Known, analyze, clock};

/// Roles of datasets that are the main measurement of a specimen, not an auxiliary one.
const MAIN_ROLES: &[&str] = &["", "raw", "cycler"];

/// The datasets of a campaign that an analysis of ours can take: held, of one sample, in a main role, of a
/// technique that has an analysis.
pub(crate) fn analysable(campaign: &Campaign) -> Vec<DatasetId> {
    campaign
        .datasets
        .iter()
        .filter(|dataset| analysis_of(campaign, dataset).is_some())
        .map(|dataset| dataset.id.clone())
        .collect()
}

fn analysis_of(campaign: &Campaign, dataset: &Dataset) -> Option<&'static Technique> {
    if dataset.path.is_empty()
        || dataset.samples.len() != 1
        || !MAIN_ROLES.contains(&dataset.role.as_str())
    {
        return None;
    }
    let experiment = campaign.experiments.iter().find(|one| one.id == dataset.experiment)?;
    TECHNIQUES.iter().find(|technique| technique.id == experiment.technique.as_str())
}

/// Reads a dataset's file, analyses it, and keeps the quantities that it gives in place of those that an earlier
/// analysis gave. Gives whether any of them changed. Errors when there is no such dataset or its file cannot be read.
pub async fn dataset(
    galvanome: &Galvanome,
    id: &CampaignId,
    dataset: &DatasetId,
    actor: &Actor,
) -> Result<bool, Error> {
    let known = galvanome.known(id).await?;
    let Some(held) = known.campaign.datasets.iter().find(|one| one.id == *dataset) else {
        return Err(Error::not_found("dataset", dataset));
    };
    let Some(technique) = analysis_of(&known.campaign, held) else {
        return Err(Error::not_found("analysis for dataset", dataset));
    };
    let files = files_of(galvanome, held).await?;
    let analysis = tokio::task::spawn_blocking(move || -> Result<_, Error> {
        let measurement = analyze::measurement(&files)?;
        let inputs = Inputs::one(files.name(), measurement);
        Ok(analyze::inputs_of(technique, inputs, &Settings::default()))
    })
    .await
    .map_err(|error| Error::Wrong(format!("analysing {dataset} stopped: {error}")))??;
    let quantities = quantities_of(&known, held, technique, &analysis);
    let now = clock::now_us();
    Ok(galvanome
        .store
        .put_computed_quantities(id, dataset, technique.id, &quantities, actor, now)
        .await?)
}

async fn files_of(galvanome: &Galvanome, dataset: &Dataset) -> Result<Files, Error> {
    let name = dataset.path.rsplit('/').next().unwrap_or(&dataset.path);
    Ok(match galvanome.store.object_file(&dataset.sha256) {
        Some(path) => Files::one(name, FileSource::open(&path)?),
        None => Files::one(name, galvanome.store.object(&dataset.sha256).await?),
    })
}

fn quantities_of(
    known: &Known,
    dataset: &Dataset,
    technique: &Technique,
    analysis: &galvanome_techniques::Analysis,
) -> Vec<Quantity> {
    let sample = dataset.samples.first();
    let facts = known.campaign.samples.iter().find(|one| Some(&one.id) == sample);
    analysis
        .quantities
        .iter()
        .filter(|found| known.frame.catalogue.descriptor(&found.descriptor).is_some())
        .map(|found| Quantity {
            descriptor: found.descriptor.clone(),
            component: facts.and_then(|sample| sample.component.clone()),
            groups: facts.and_then(|sample| sample.group.clone()).into_iter().collect(),
            sample: sample.cloned(),
            experiment: Some(dataset.experiment.clone()),
            dataset: Some(dataset.id.clone()),
            qualifier: found.qualifier,
            value: found.value,
            uncertainty: found.uncertainty,
            unit: found.unit.clone(),
            n: Some(1),
            method: technique.method(),
            source: found.detail.clone(),
            visibility: dataset.visibility.clone(),
            extra: std::collections::BTreeMap::new(),
        })
        .collect()
}
