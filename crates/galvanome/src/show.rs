//! Which campaigns there are.

use galvanome_model::ids::CampaignId;
use galvanome_store::CampaignSummary;

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
