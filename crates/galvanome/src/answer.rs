//! Computed answers: from the quantities in the store to answers in the store.

use galvanome_inference::answers;
use galvanome_inference::rule::Rule;
use galvanome_model::ids::CampaignId;
use galvanome_model::quantity::Quantity;
use galvanome_model::visibility::Visibility;
use galvanome_store::{Actor, QuantityFilter};

use crate::{Error, Galvanome, clock};

/// Computes every answer of a campaign anew and keeps those that changed. Gives how many pixels have one.
///
/// A computed answer is shown to everybody in the campaign, so that it rests only on what everybody may see.
pub async fn campaign(
    galvanome: &Galvanome,
    id: &CampaignId,
    actor: &Actor,
) -> Result<usize, Error> {
    let known = galvanome.known(id).await?;
    let held = galvanome.store.quantities(id, &QuantityFilter::default()).await?;
    let quantities: Vec<Quantity> = held
        .into_iter()
        .map(|held| held.quantity)
        .filter(|quantity| quantity.visibility == Visibility::Campaign)
        .collect();
    let computed = tokio::task::spawn_blocking(move || {
        answers::of_campaign(&known.frame, &quantities, Rule::default())
    })
    .await
    .map_err(|error| Error::Wrong(format!("computing the answers stopped: {error}")))?;
    galvanome.store.put_computed(id, &computed, actor, clock::now_us()).await?;
    Ok(computed.len())
}
