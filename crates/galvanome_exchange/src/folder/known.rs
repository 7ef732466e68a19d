//! What the rows of the tables may refer to.

use std::collections::HashSet;

use galvanome_model::ids::{
    ComponentId, DatasetId, DescriptorId, ExperimentId, GroupId, ObservableId, PartnerId,
    QuestionId, SampleId, ShipmentId, TechniqueId,
};

use super::definition::Read;
use super::ids::Ids;

/// What the checks need to know of a technique.
#[derive(Debug)]
pub(super) struct TechniqueFacts {
    /// The observables that it cannot see in this campaign.
    pub(super) not_applicable: HashSet<ObservableId>,
}

/// What the checks need to know of a descriptor.
#[derive(Debug)]
pub(super) struct DescriptorFacts {
    pub(super) technique: TechniqueId,
    pub(super) unit: String,
}

/// Every id that a row may refer to. Those of the tables are added while the tables are read, in their order.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) partners: Ids<PartnerId>,
    pub(super) components: Ids<ComponentId>,
    pub(super) groups: Ids<GroupId>,
    pub(super) questions: Ids<QuestionId>,
    pub(super) observables: Ids<ObservableId>,
    pub(super) techniques: Ids<TechniqueId, TechniqueFacts>,
    pub(super) descriptors: Ids<DescriptorId, DescriptorFacts>,
    pub(super) samples: Ids<SampleId>,
    pub(super) shipments: Ids<ShipmentId>,
    /// Each with its technique.
    pub(super) experiments: Ids<ExperimentId, TechniqueId>,
    /// Each with its experiment.
    pub(super) datasets: Ids<DatasetId, ExperimentId>,
}

impl Known {
    /// What is wrong when an experiment stands beside something of a technique: that it is one with another. Nothing
    /// when either is unknown, which is reported where it stands.
    pub(super) fn other_technique(
        &self,
        experiment: &ExperimentId,
        technique: &TechniqueId,
    ) -> Option<String> {
        let of = self.experiments.info(experiment)?;
        let known = |id| self.techniques.info(id).is_some();
        (of != technique && known(of) && known(technique))
            .then(|| format!("`{experiment}` is an experiment with `{of}`, not `{technique}`"))
    }

    /// What is wrong when a dataset stands beside an experiment: that it belongs to another.
    pub(super) fn other_experiment(
        &self,
        dataset: &DatasetId,
        experiment: &ExperimentId,
    ) -> Option<String> {
        let of = self.datasets.info(dataset)?;
        (of != experiment && self.experiments.info(experiment).is_some())
            .then(|| format!("`{dataset}` belongs to experiment `{of}`, not `{experiment}`"))
    }

    /// What a definition makes known.
    pub(super) fn of(read: &Read) -> Self {
        let (definition, complete) = (&read.definition, read.complete);
        let mut known = Self {
            partners: Ids::new("a partner of this campaign", "campaign.toml as [[partner]]"),
            components: Ids::new("a component of this campaign", "campaign.toml as [[component]]"),
            groups: Ids::new("a group of this campaign", "campaign.toml as [[group]]"),
            questions: Ids::new("a question of this campaign", "campaign.toml as [[question]]"),
            observables: Ids::new(
                "an observable of this campaign",
                "campaign.toml as [[observable]]",
            ),
            techniques: Ids::new("a technique of this campaign", "campaign.toml as [[technique]]"),
            descriptors: Ids::new(
                "a descriptor of a technique of this campaign",
                "campaign.toml as [[descriptor]]",
            ),
            samples: Ids::new("a sample of this campaign", "samples.csv"),
            shipments: Ids::new("a shipment of this campaign", "shipments.csv"),
            experiments: Ids::new("an experiment of this campaign", "experiments.csv"),
            datasets: Ids::new("a dataset of this campaign", "datasets.csv"),
        };
        for one in &definition.partners {
            known.partners.add(&one.id, ());
        }
        for one in &definition.components {
            known.components.add(&one.id, ());
        }
        for one in &definition.groups {
            known.groups.add(&one.id, ());
        }
        for one in &definition.questions {
            known.questions.add(&one.id, ());
        }
        for one in &read.catalogue.observables {
            known.observables.add(&one.id, ());
        }
        for technique in &read.catalogue.techniques {
            let change = definition.techniques.iter().find(|change| change.id == technique.id);
            let not_applicable = change.map_or(&[][..], |change| &change.not_applicable);
            let facts = TechniqueFacts { not_applicable: not_applicable.iter().cloned().collect() };
            known.techniques.add(&technique.id, facts);
            for one in &technique.descriptors {
                let facts =
                    DescriptorFacts { technique: technique.id.clone(), unit: one.unit.clone() };
                known.descriptors.add(&one.id, facts);
            }
        }
        if !complete.partners {
            known.partners.mark_incomplete();
        }
        if !complete.components {
            known.components.mark_incomplete();
        }
        if !complete.groups {
            known.groups.mark_incomplete();
        }
        if !complete.questions {
            known.questions.mark_incomplete();
        }
        if !complete.catalogue {
            known.observables.mark_incomplete();
            known.techniques.mark_incomplete();
            known.descriptors.mark_incomplete();
        }
        known
    }
}
