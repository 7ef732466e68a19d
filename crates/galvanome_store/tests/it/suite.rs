//! What holds on both databases.

pub(crate) mod answers;
pub(crate) mod campaigns;
pub(crate) mod files;
pub(crate) mod jobs;
pub(crate) mod log;
pub(crate) mod quantities;
pub(crate) mod uploads;
