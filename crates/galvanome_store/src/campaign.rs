//! Campaigns, in and out.

mod check;
mod get;
mod history;
pub(crate) mod names;
mod put;
mod tables;

pub use get::CampaignSummary;
pub use put::Imported;

pub(crate) use get::row;
pub(crate) use put::begin;
pub(crate) use tables::dataset_body;
