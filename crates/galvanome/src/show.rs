//! Which campaigns there are.

use galvanome_model::ids::CampaignId;
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
    technique: Option<&str>,
    component: Option<&str>,
    viewer: &Viewer,
) -> Result<Vec<HeldQuantity>, Error> {
    let known = galvanome.known(id).await?;
    let rows = known.frame.catalogue.techniques.iter().map(|one| &one.id);
    let components = known.frame.definition.components.iter().map(|one| &one.id);
    let filter = QuantityFilter {
        technique: the_one("technique", technique, rows)?,
        component: the_one("component", component, components)?,
        ..QuantityFilter::default()
    };
    let mut held = galvanome.store.quantities(id, &filter).await?;
    held.retain(|held| known.may_see(&held.quantity, viewer));
    Ok(held)
}

/// The one that is asked for, if one is. Errors when it is none of those that there are.
fn the_one<'a, Id>(
    what: &'static str,
    asked: Option<&str>,
    there_are: impl Iterator<Item = &'a Id> + Clone,
) -> Result<Option<Id>, Error>
where
    Id: Clone + std::fmt::Display + std::borrow::Borrow<str> + 'a,
{
    let Some(asked) = asked else { return Ok(None) };
    let found = there_are.clone().find(|id| (*id).borrow() == asked).cloned();
    found.map(Some).ok_or_else(|| Error::not_found_among(what, asked, there_are))
}

/// How many quantities a campaign holds.
pub async fn count_quantities(galvanome: &Galvanome, id: &CampaignId) -> Result<usize, Error> {
    Ok(galvanome.store.quantities(id, &QuantityFilter::default()).await?.len())
}
