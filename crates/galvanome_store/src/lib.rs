//! Facts in SQLite or PostgreSQL, bytes in an object store.
//!
//! One query text serves both databases. Everything that changes facts takes an [`Actor`] and the time from
//! its caller, runs in one transaction, and ends with an entry in the audit chain; a crash in the middle
//! leaves what was there before. Pending is never stored: it is the absence of an answer.

mod actor;
mod answer;
mod audit;
mod begin;
mod body;
mod campaign;
mod computed;
mod dataset;
mod derived;
mod error;
mod held;
mod job;
mod lock;
mod migration;
mod objects;
mod quantity;
mod revisions;
mod rows;
mod store;

pub use actor::Actor;
pub use audit::{AuditEntry, AuditState};
pub use campaign::{CampaignSummary, Imported};
pub use error::StoreError;
pub use job::{Job, JobState, NewJob};
pub use lock::ServerLock;
pub use objects::{ObjectId, Objects};
pub use quantity::{HeldQuantity, QuantityFilter, QuantityOrigin};
pub use store::{Settings, Store};
