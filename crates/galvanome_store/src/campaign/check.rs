//! What must hold before a campaign is written, so that errors name the culprit. The foreign keys of the
//! database hold the same and say less.

use std::collections::HashSet;

use galvanome_model::campaign::Campaign;
use galvanome_model::ids::CampaignId;

use crate::error::StoreError;

struct Known<'a> {
    campaign: &'a CampaignId,
    noun: &'static str,
    ids: HashSet<&'a str>,
}

impl<'a> Known<'a> {
    fn of<'i, I>(
        campaign: &'a CampaignId,
        noun: &'static str,
        ids: impl Iterator<Item = &'i I>,
    ) -> Result<Self, StoreError>
    where
        I: std::borrow::Borrow<str> + ?Sized + 'i,
        'i: 'a,
    {
        let mut known = HashSet::new();
        for id in ids {
            let id = id.borrow();
            if !known.insert(id) {
                return Err(StoreError::Twice { noun, id: id.to_owned() });
            }
        }
        Ok(Self { campaign, noun, ids: known })
    }

    /// Refuses the first of these ids that is not known.
    fn need<'i, I>(
        &self,
        ids: impl IntoIterator<Item = &'i I>,
        named_by: impl Fn() -> String,
    ) -> Result<(), StoreError>
    where
        I: std::borrow::Borrow<str> + 'i,
    {
        match ids.into_iter().find(|id| !self.ids.contains((*id).borrow())) {
            None => Ok(()),
            Some(id) => Err(StoreError::UnknownId {
                campaign: self.campaign.clone(),
                noun: self.noun,
                id: id.borrow().to_owned(),
                named_by: named_by(),
            }),
        }
    }
}

/// Refuses ids that are given twice and ids that name nothing. Groups of quantities, observables and
/// descriptors are not looked at: the catalogue, which the store does not know, may have them.
pub(crate) fn check(campaign: &Campaign) -> Result<(), StoreError> {
    let Campaign {
        definition,
        samples,
        shipments,
        experiments,
        datasets,
        quantities,
        answers,
        gates,
        documents,
    } = campaign;
    let id = &definition.id;
    let partners = Known::of(id, "partner", definition.partners.iter().map(|it| &it.id))?;
    let components = Known::of(id, "component", definition.components.iter().map(|it| &it.id))?;
    let groups = Known::of(id, "group", definition.groups.iter().map(|it| &it.id))?;
    let questions = Known::of(id, "question", definition.questions.iter().map(|it| &it.id))?;
    Known::of(id, "observable", definition.observables.iter().map(|it| &it.id))?;
    let techniques = Known::of(id, "technique", definition.techniques.iter().map(|it| &it.id))?;
    Known::of(id, "descriptor", definition.descriptors.iter().map(|it| &it.id))?;
    Known::of(id, "fact", definition.facts.iter().map(|it| it.id.as_str()))?;
    Known::of(id, "document", documents.iter().map(|it| it.path.as_str()))?;
    let mut margins = HashSet::new();
    for margin in &definition.margins {
        if !margins.insert((&margin.descriptor, &margin.observable)) {
            let id = format!("{} for {}", margin.descriptor, margin.observable);
            return Err(StoreError::Twice { noun: "margin", id });
        }
    }
    if let Some(document) = documents.iter().find(|it| it.path.contains('\0')) {
        let what = format!("the document {:?}", document.path);
        return Err(StoreError::Refused { what, why: "its path holds a zero byte".to_owned() });
    }
    if let Some(fact) = definition.facts.iter().find(|it| it.id.contains('\0')) {
        let what = format!("the fact {:?}", fact.id);
        return Err(StoreError::Refused { what, why: "its id holds a zero byte".to_owned() });
    }

    let labels = Known::of(id, "sample", samples.iter().map(|it| &it.id))?;
    for sample in samples {
        let by = || format!("the sample `{}`", sample.id);
        components.need(&sample.component, by)?;
        groups.need(&sample.group, by)?;
        partners.need(&sample.made_by, by)?;
        labels.need(&sample.parents, by)?;
    }
    Known::of(id, "shipment", shipments.iter().map(|it| &it.id))?;
    for shipment in shipments {
        let by = || format!("the shipment `{}`", shipment.id);
        partners.need([&shipment.from], by)?;
        partners.need([&shipment.to], by)?;
        labels.need(&shipment.samples, by)?;
    }
    let measured = Known::of(id, "experiment", experiments.iter().map(|it| &it.id))?;
    for experiment in experiments {
        let by = || format!("the experiment `{}`", experiment.id);
        techniques.need([&experiment.technique], by)?;
        partners.need(&experiment.partner, by)?;
        labels.need(&experiment.samples, by)?;
    }
    let data = Known::of(id, "dataset", datasets.iter().map(|it| &it.id))?;
    for dataset in datasets {
        let by = || format!("the dataset `{}`", dataset.id);
        measured.need([&dataset.experiment], by)?;
        labels.need(&dataset.samples, by)?;
        data.need(&dataset.derived_from, by)?;
    }
    for (index, gate) in gates.iter().enumerate() {
        let by = || format!("gate {}", index + 1);
        measured.need(&gate.experiment, by)?;
        data.need(&gate.dataset, by)?;
    }
    for (index, quantity) in quantities.iter().enumerate() {
        let by = || format!("quantity {} (`{}`)", index + 1, quantity.descriptor);
        components.need(&quantity.component, by)?;
        labels.need(&quantity.sample, by)?;
        measured.need(&quantity.experiment, by)?;
        data.need(&quantity.dataset, by)?;
    }
    let mut before = None;
    for (index, answer) in answers.iter().enumerate() {
        let by = || format!("answer {}", index + 1);
        // There may be a million of them, and neighbours mostly name the same.
        let names = (&answer.component, &answer.question, &answer.technique, &answer.experiment);
        if before != Some(names) {
            components.need([&answer.component], by)?;
            questions.need([&answer.question], by)?;
            techniques.need([&answer.technique], by)?;
            measured.need(&answer.experiment, by)?;
            before = Some(names);
        }
    }
    Ok(())
}
