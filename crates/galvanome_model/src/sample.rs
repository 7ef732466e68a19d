//! Samples, and their way between partners.

use serde::{Deserialize, Serialize};

use crate::extra::Extra;
use crate::ids::{ComponentId, GroupId, PartnerId, SampleId, ShipmentId};

/// A thing with a label, or a stock of identical ones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// Its label.
    pub id: SampleId,
    /// What it is: `powder`, `sheet`, `cell`, `electrode`, `piece`, or a word of the campaign.
    pub kind: String,
    /// The component it consists of; none for a whole cell.
    pub component: Option<ComponentId>,
    /// The group it belongs to.
    pub group: Option<GroupId>,
    /// What it was made from. A cell has two electrodes, a piece has one; a pool has many.
    pub parents: Vec<SampleId>,
    /// How it was made from them (`assembled`, `cycled`, `dismounted`, `cut`, `rinsed`, `stored`).
    pub process: String,
    /// How many identical ones this entry stands for.
    pub count: u32,
    /// State of charge as a fraction.
    pub state_of_charge: Option<f64>,
    /// A model sample: shown, never alone a row's yes.
    pub surrogate: bool,
    /// Who made it.
    pub made_by: Option<PartnerId>,
    /// When, as an ISO 8601 date or time.
    pub made_on: String,
    /// Anything else worth knowing.
    pub note: String,
    /// Columns kept verbatim.
    pub extra: Extra,
}

/// Samples on their way between partners.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipment {
    /// Its id.
    pub id: ShipmentId,
    /// Who sends.
    pub from: PartnerId,
    /// Who receives.
    pub to: PartnerId,
    /// What is inside.
    pub samples: Vec<SampleId>,
    /// When it left, ISO 8601.
    pub sent_on: String,
    /// When it arrived, ISO 8601.
    pub received_on: String,
    /// Its state in a word (`planned`, `sent`, `accepted`, `declined`, `late`, `lost`, `returned`).
    pub status: String,
    /// Anything else worth knowing.
    pub note: String,
    /// Columns kept verbatim.
    pub extra: Extra,
}

impl Shipment {
    /// Whether the samples have left and not arrived.
    pub fn is_on_its_way(&self) -> bool {
        !self.sent_on.is_empty() && self.received_on.is_empty()
    }
}
