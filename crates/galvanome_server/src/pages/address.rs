//! The address of every page, written in one place. Ids hold only letters, digits, `-`, `_` and `.`, so that they
//! stand in an address as they are.

use galvanome_model::ids::{
    CampaignId, ComponentId, DatasetId, ObservableId, QuestionId, TechniqueId,
};
use galvanome_model::pixel::PixelKey;

/// The list of campaigns.
pub const CAMPAIGNS: &str = "/";

/// The catalogue as it is shipped.
pub const TECHNIQUES: &str = "/techniques";

/// The overview of a campaign.
pub fn overview(campaign: &CampaignId) -> String {
    format!("/c/{campaign}")
}

/// The metaviews of a component.
pub fn metaviews(campaign: &CampaignId, component: &ComponentId) -> String {
    format!("/c/{campaign}/metaviews/{component}")
}

/// The cells of a component's metaviews as compact JSON, for the canvas of a large one.
pub fn cells(campaign: &CampaignId, component: &ComponentId) -> String {
    format!("/c/{campaign}/metaviews/{component}/cells.json")
}

/// A pixel. With `?tip=1` it answers with the content of its tooltip alone.
pub fn pixel(campaign: &CampaignId, key: &PixelKey) -> String {
    let PixelKey { component, question, technique, observable } = key;
    format!("/c/{campaign}/pixel/{component}/{question}/{technique}/{observable}")
}

/// One observable by all techniques.
pub fn sublayer(
    campaign: &CampaignId,
    component: &ComponentId,
    question: &QuestionId,
    observable: &ObservableId,
) -> String {
    format!("/c/{campaign}/sublayer/{component}/{question}/{observable}")
}

/// The catalogue as a campaign uses it.
pub fn campaign_techniques(campaign: &CampaignId) -> String {
    format!("/c/{campaign}/techniques")
}

/// A technique of the shipped catalogue.
pub fn technique(technique: &TechniqueId) -> String {
    format!("/techniques/{technique}")
}

/// A technique as a campaign uses it.
pub fn campaign_technique(campaign: &CampaignId, technique: &TechniqueId) -> String {
    format!("/c/{campaign}/techniques/{technique}")
}

/// The figure of a component in one of the formats `svg`, `png`, `pdf`, `csv` and `html`.
pub fn figure(campaign: &CampaignId, component: &ComponentId, format: &str) -> String {
    format!("/c/{campaign}/figure.{format}?component={component}")
}

/// The datasets of a campaign.
pub fn datasets(campaign: &CampaignId) -> String {
    format!("/c/{campaign}/datasets")
}

/// A dataset.
pub fn dataset(campaign: &CampaignId, dataset: &DatasetId) -> String {
    format!("/c/{campaign}/datasets/{dataset}")
}

/// How far the work on a dataset is, as a part of its page.
pub fn dataset_state(campaign: &CampaignId, dataset: &DatasetId) -> String {
    format!("/c/{campaign}/datasets/{dataset}/state")
}

/// The pictures of a dataset, to which their name is added.
pub fn pictures(campaign: &CampaignId, dataset: &DatasetId) -> String {
    format!("/api/v1/campaigns/{campaign}/datasets/{dataset}/pictures")
}

/// The curves of a dataset, to which their name and form are added.
pub fn curves(campaign: &CampaignId, dataset: &DatasetId) -> String {
    format!("/api/v1/campaigns/{campaign}/datasets/{dataset}/curves")
}

/// The file of a dataset.
pub fn file(campaign: &CampaignId, dataset: &DatasetId) -> String {
    format!("/api/v1/campaigns/{campaign}/datasets/{dataset}/file")
}

/// Where uploads to a campaign begin.
pub fn uploads(campaign: &CampaignId) -> String {
    format!("/api/v1/campaigns/{campaign}/uploads")
}
