//! Names of things: one newtype per noun, so that a group is never taken for a sample.
//!
//! A name is stored once and shared by its copies: a million answers name a few hundred things.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadId {
    /// The text as it was given.
    pub given: String,
}

impl std::fmt::Display for BadId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "`{}` is not an id: use 1 to 80 letters, digits, `-`, `_` or `.`, beginning with a letter or digit",
            self.given
        )
    }
}

impl std::error::Error for BadId {}

fn is_id(text: &str) -> bool {
    text.len() <= 80
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Takes a text as an id. Errors when it is empty, too long or holds other characters than
            /// letters, digits, `-`, `_` and `.`.
            pub fn new(text: &str) -> Result<Self, BadId> {
                if is_id(text) { Ok(Self(text.into())) } else { Err(BadId { given: text.to_owned() }) }
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                Self::new(text)
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::new(&text).map_err(serde::de::Error::custom)
            }
        }
    )*};
}

id! {
    /// A campaign.
    CampaignId;
    /// A laboratory or facility in a campaign.
    PartnerId;
    /// The material looked at.
    ComponentId;
    /// Samples with the same history.
    GroupId;
    /// A question of a campaign.
    QuestionId;
    /// A technique, of the catalogue or of a campaign.
    TechniqueId;
    /// A category of knowledge: a column of the metaview.
    ObservableId;
    /// One number that a technique yields, written `technique.name`.
    DescriptorId;
    /// A thing with a label.
    SampleId;
    /// Samples on their way between partners.
    ShipmentId;
    /// A partner measures samples with a technique.
    ExperimentId;
    /// What an experiment produced for its samples.
    DatasetId;
}
