//! Which campaigns there are.

use galvanome_model::ids::{CampaignId, ComponentId, TechniqueId};
use galvanome_model::visibility::Viewer;
use galvanome_store::{CampaignSummary, HeldQuantity, QuantityFilter};

use crate::{Error, Galvanome};

/// How many campaigns one page holds at most.
pub const PAGE: u32 = 100;

/// Campaigns in the order of their ids, after one of them.
pub async fn campaigns(
    galvanome: &Galvanome,
    after: Option<&CampaignId>,
    limit: u32,
) -> Result<Vec<CampaignSummary>, Error> {
    Ok(galvanome.store.campaigns(after, limit.clamp(1, PAGE)).await?)
}

/// Every campaign's id, as far as a message can name them.
pub(crate) async fn all_ids(galvanome: &Galvanome) -> Result<Vec<String>, Error> {
    let first = campaigns(galvanome, None, 10).await?;
    Ok(first.into_iter().map(|campaign| campaign.id.to_string()).collect())
}

/// The quantities of a campaign that a reader may see, of one technique or component or of all. Errors when there is
/// no such technique or component.
pub async fn quantities(
    galvanome: &Galvanome,
    id: &CampaignId,
    technique: Option<TechniqueId>,
    component: Option<ComponentId>,
    viewer: &Viewer,
) -> Result<Vec<HeldQuantity>, Error> {
    let known = galvanome.known(id).await?;
    let rows = &known.frame.catalogue.techniques;
    if let Some(technique) = technique.as_ref().filter(|id| rows.iter().all(|one| one.id != **id)) {
        let there_are = rows.iter().map(|one| &one.id);
        return Err(Error::not_found_among("technique", technique, there_are));
    }
    let components = &known.frame.definition.components;
    if let Some(component) =
        component.as_ref().filter(|id| components.iter().all(|one| one.id != **id))
    {
        let there_are = components.iter().map(|one| &one.id);
        return Err(Error::not_found_among("component", component, there_are));
    }
    let filter = QuantityFilter { technique, component, ..QuantityFilter::default() };
    let mut held = galvanome.store.quantities(id, &filter).await?;
    held.retain(|held| known.may_see(&held.quantity, viewer));
    Ok(held)
}

/// How many quantities a campaign holds.
pub async fn count_quantities(galvanome: &Galvanome, id: &CampaignId) -> Result<usize, Error> {
    Ok(galvanome.store.quantities(id, &QuantityFilter::default()).await?.len())
}
