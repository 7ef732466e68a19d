//! What is known of a campaign beside its answers and quantities.

use std::collections::HashMap;

use galvanome_model::campaign::Campaign;
use galvanome_model::catalogue::Catalogue;
use galvanome_model::experiment::{Dataset, Experiment, Gate};
use galvanome_model::ids::{
    CampaignId, ComponentId, DatasetId, ExperimentId, SampleId, TechniqueId,
};
use galvanome_model::metaview::Frame;
use galvanome_model::quantity::Quantity;
use galvanome_model::visibility::Viewer;
use galvanome_store::Store;

use crate::Error;

/// A campaign without answers and quantities, with its rows and columns, as of one revision.
#[derive(Debug)]
pub struct Known {
    /// The data version.
    pub revision: i64,
    /// When it was written, in microseconds since 1970 UTC.
    pub updated_us: i64,
    /// The definition and the facts; answers, quantities and documents are left out.
    pub campaign: Campaign,
    /// Rows, columns and what answers need to know of experiments.
    pub frame: Frame,
    /// The component of each sample, and none for a whole cell.
    component_of: HashMap<SampleId, Option<ComponentId>>,
}

impl Known {
    pub(crate) async fn load(
        store: &Store,
        shipped: &Catalogue,
        id: &CampaignId,
        (revision, updated_us): (i64, i64),
    ) -> Result<Self, Error> {
        let Some(campaign) = store.frame_facts(id).await? else {
            return Err(Error::not_found("campaign", id));
        };
        let catalogue = campaign.definition.catalogue(shipped).map_err(|problems| {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            Error::Wrong(format!(
                "the campaign `{id}` does not fit this version's catalogue:\n{}",
                lines.join("\n")
            ))
        })?;
        let frame = Frame::new(&campaign, catalogue);
        let samples = campaign.samples.iter();
        let component_of =
            samples.map(|sample| (sample.id.clone(), sample.component.clone())).collect();
        Ok(Self { revision, updated_us, campaign, frame, component_of })
    }

    /// Whether a reader may see a quantity.
    pub fn may_see(&self, quantity: &Quantity, viewer: &Viewer) -> bool {
        let owner = quantity.experiment.as_ref().and_then(|id| self.frame.experiment(id));
        viewer.may_see(&quantity.visibility, owner.and_then(|facts| facts.partner).as_ref())
    }

    /// The datasets that a reader may see.
    pub fn datasets_for(&self, viewer: &Viewer) -> Vec<&Dataset> {
        let owner = |dataset: &Dataset| {
            self.frame.experiment(&dataset.experiment).and_then(|facts| facts.partner)
        };
        self.campaign
            .datasets
            .iter()
            .filter(|dataset| viewer.may_see(&dataset.visibility, owner(dataset).as_ref()))
            .collect()
    }

    /// The experiments of a technique that concern a component: they measure a sample of it, a whole cell, or name
    /// no sample.
    pub fn experiments_of(
        &self,
        technique: &TechniqueId,
        component: &ComponentId,
    ) -> Vec<&Experiment> {
        let concerns = |experiment: &Experiment| {
            experiment.samples.is_empty()
                || experiment
                    .samples
                    .iter()
                    .filter_map(|id| self.component_of.get(id))
                    .any(|of| of.as_ref().is_none_or(|one| one == component))
        };
        self.campaign
            .experiments
            .iter()
            .filter(|experiment| experiment.technique == *technique && concerns(experiment))
            .collect()
    }

    /// The gates on experiments or on their datasets, closed and released.
    pub fn gates_on(&self, experiments: &[&Experiment]) -> Vec<&Gate> {
        let is_one = |id: &ExperimentId| experiments.iter().any(|one| one.id == *id);
        let of_dataset = |id: &DatasetId| {
            self.campaign.datasets.iter().any(|one| one.id == *id && is_one(&one.experiment))
        };
        let concerns = |gate: &&Gate| {
            gate.experiment.as_ref().is_some_and(is_one)
                || gate.dataset.as_ref().is_some_and(of_dataset)
        };
        self.campaign.gates.iter().filter(concerns).collect()
    }
}

/// The one of these ids that is asked for. Errors, naming them, when it is none of them.
pub(crate) fn one_of<'a, Id>(
    what: &'static str,
    asked: &str,
    there_are: impl Iterator<Item = &'a Id> + Clone,
) -> Result<Id, Error>
where
    Id: Clone + std::fmt::Display + std::borrow::Borrow<str> + 'a,
{
    let found = there_are.clone().find(|id| (*id).borrow() == asked).cloned();
    found.ok_or_else(|| Error::not_found_among(what, asked, there_are))
}
