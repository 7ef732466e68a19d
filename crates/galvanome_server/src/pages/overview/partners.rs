//! Who takes part, and what they do.

use std::collections::BTreeSet;

use galvanome_model::campaign::Campaign;
use galvanome_model::ids::TechniqueId;
use galvanome_model::metaview::Frame;

use crate::pages::address;

/// So many partners are shown at once; the rest opens in place.
pub(super) const PARTNERS_SHOWN: usize = 24;

/// A partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Taking {
    pub(super) name: String,
    pub(super) country: String,
    /// What it measures with, each a link.
    pub(super) techniques: Vec<(String, String)>,
    /// What else it does.
    pub(super) also: &'static str,
    pub(super) note: String,
}

/// The partners of a campaign, in its order.
pub(super) fn partners(frame: &Frame, campaign: &Campaign) -> Vec<Taking> {
    let definition = &frame.definition;
    definition
        .partners
        .iter()
        .map(|partner| {
            let named = definition
                .techniques
                .iter()
                .filter(|technique| technique.partners.contains(&partner.id))
                .map(|technique| &technique.id);
            let measured = campaign
                .experiments
                .iter()
                .filter(|experiment| experiment.partner.as_ref() == Some(&partner.id))
                .map(|experiment| &experiment.technique);
            let does: BTreeSet<&TechniqueId> = named.chain(measured).collect();
            let makes =
                campaign.samples.iter().any(|one| one.made_by.as_ref() == Some(&partner.id));
            let sends = campaign.shipments.iter().any(|one| one.from == partner.id);
            Taking {
                name: partner.name.clone(),
                country: partner.country.clone(),
                techniques: frame
                    .catalogue
                    .techniques
                    .iter()
                    .filter(|technique| does.contains(&technique.id))
                    .map(|technique| {
                        (
                            technique.short_name.clone(),
                            address::campaign_technique(&definition.id, &technique.id),
                        )
                    })
                    .collect(),
                also: match (makes, sends) {
                    (true, true) => "makes and sends samples",
                    (true, false) => "makes samples",
                    (false, true) => "sends samples",
                    (false, false) => "",
                },
                note: partner.note.clone(),
            }
        })
        .collect()
}
