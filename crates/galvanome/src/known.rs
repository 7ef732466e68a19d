//! What is known of a campaign beside its answers and quantities.

use galvanome_model::campaign::Campaign;
use galvanome_model::experiment::Dataset;
use galvanome_model::ids::CampaignId;
use galvanome_model::metaview::Frame;
use galvanome_model::quantity::Quantity;
use galvanome_model::visibility::Viewer;

use crate::{Error, Galvanome};

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
}

impl Known {
    pub(crate) async fn load(
        galvanome: &Galvanome,
        id: &CampaignId,
        (revision, updated_us): (i64, i64),
    ) -> Result<Self, Error> {
        let Some(campaign) = galvanome.store.frame_facts(id).await? else {
            return Err(Error::not_found("campaign", id));
        };
        let catalogue = campaign.definition.catalogue(galvanome.shipped).map_err(|problems| {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            Error::Wrong(format!(
                "the campaign `{id}` does not fit this version's catalogue:\n{}",
                lines.join("\n")
            ))
        })?;
        let frame = Frame::new(&campaign, catalogue);
        Ok(Self { revision, updated_us, campaign, frame })
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
}
