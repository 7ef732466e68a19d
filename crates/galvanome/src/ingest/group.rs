//! Which datasets are analysed together, and which help.

use galvanome_model::campaign::Campaign;
use galvanome_model::experiment::Dataset;
use galvanome_model::ids::DatasetId;
use galvanome_model::visibility::Visibility;
use galvanome_techniques::{TECHNIQUES, Technique};

/// Roles of datasets that are the main measurement of a specimen, not an auxiliary one.
const MAIN_ROLES: &[&str] = &["", "raw", "cycler"];

/// The datasets of a campaign that an analysis of ours can take: held, of one sample, in a main role, of a
/// technique that has an analysis. Of those that are analysed together only the first in the campaign's order is
/// among them, since one piece of work does them all.
pub(crate) fn analysable(campaign: &Campaign) -> Vec<DatasetId> {
    campaign
        .datasets
        .iter()
        .filter(|dataset| analysis_of(campaign, dataset).is_some())
        .filter(|dataset| {
            together(campaign, dataset).first().is_none_or(|one| one.id == dataset.id)
        })
        .map(|dataset| dataset.id.clone())
        .collect()
}

/// The datasets that are analysed together with one, itself among them, in the campaign's order: those of the same
/// experiment and sample in a main role that the same people may see. A dataset made from others is the same
/// measurement once more, and stays by itself.
pub(super) fn together<'a>(campaign: &'a Campaign, dataset: &'a Dataset) -> Vec<&'a Dataset> {
    if !dataset.derived_from.is_empty() {
        return vec![dataset];
    }
    campaign
        .datasets
        .iter()
        .filter(|other| {
            other.experiment == dataset.experiment
                && other.samples == dataset.samples
                && other.visibility == dataset.visibility
                && other.derived_from.is_empty()
                && analysis_of(campaign, other).is_some()
        })
        .collect()
}

/// The datasets that are analysed together with one, itself among them, in the campaign's order; none when no analysis of
/// ours takes it.
pub(crate) fn group_of(campaign: &Campaign, dataset: &Dataset) -> Vec<DatasetId> {
    if analysis_of(campaign, dataset).is_none() {
        return Vec::new();
    }
    together(campaign, dataset).into_iter().map(|one| one.id.clone()).collect()
}

/// The analysis that a dataset is a main measurement of; none when there is none.
pub(super) fn analysis_of(campaign: &Campaign, dataset: &Dataset) -> Option<&'static Technique> {
    let is_main = !dataset.path.is_empty()
        && dataset.samples.len() == 1
        && MAIN_ROLES.contains(&dataset.role.as_str());
    let technique = technique_of(campaign, dataset).filter(|_| is_main)?;
    (!helps(technique, dataset)).then_some(technique)
}

fn technique_of(campaign: &Campaign, dataset: &Dataset) -> Option<&'static Technique> {
    let experiment = campaign.experiments.iter().find(|one| one.id == dataset.experiment)?;
    TECHNIQUES.iter().find(|technique| technique.id == experiment.technique.as_str())
}

/// Whether a dataset's role is one that helps an analysis.
fn helps(technique: &Technique, dataset: &Dataset) -> bool {
    !dataset.path.is_empty() && technique.roles.iter().any(|(role, _)| *role == dataset.role)
}

/// The datasets that help with the analysis of one, in the campaign's order: in a role that the technique knows, of the
/// same experiment and either of no sample in particular or of the same one; or of the same sample in another experiment
/// (the cycler's record of an operando cell). What fewer people may see does not help.
pub(super) fn auxiliaries<'a>(
    campaign: &'a Campaign,
    technique: &Technique,
    dataset: &Dataset,
) -> Vec<&'a Dataset> {
    let of_sample = |other: &Dataset| other.samples.iter().any(|one| dataset.samples.contains(one));
    campaign
        .datasets
        .iter()
        .filter(|other| other.id != dataset.id && helps(technique, other))
        .filter(|other| {
            of_sample(other) || (other.samples.is_empty() && other.experiment == dataset.experiment)
        })
        .filter(|other| {
            other.visibility == Visibility::Campaign || other.visibility == dataset.visibility
        })
        .collect()
}

/// The datasets whose analysis is to be done, again or for the first time, when a dataset has come: the first of its own
/// group, and of those that it helps with.
pub(crate) fn affected_by(campaign: &Campaign, dataset: &Dataset) -> Vec<DatasetId> {
    let of_group = analysis_of(campaign, dataset).is_some();
    let own = together(campaign, dataset).first().filter(|_| of_group).map(|one| one.id.clone());
    let helped = campaign.datasets.iter().filter(|other| {
        analysis_of(campaign, other).is_some_and(|technique| {
            auxiliaries(campaign, technique, other).iter().any(|one| one.id == dataset.id)
        })
    });
    let mut all: Vec<DatasetId> = own.into_iter().collect();
    for other in helped {
        let first = together(campaign, other).first().map(|one| one.id.clone());
        all.extend(first.filter(|first| !all.contains(first)));
    }
    all
}
