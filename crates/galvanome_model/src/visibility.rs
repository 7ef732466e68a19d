//! Who may see what.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ids::PartnerId;

/// Who may see a dataset, a quantity or an answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Visibility {
    /// Everybody in the campaign.
    #[default]
    Campaign,
    /// The partner that made it, and nobody else.
    Partner,
    /// The named groups of people.
    Groups(BTreeSet<String>),
}

impl From<String> for Visibility {
    fn from(text: String) -> Self {
        match text.trim() {
            "" | "campaign" => Self::Campaign,
            "partner" => Self::Partner,
            names => Self::Groups(
                names
                    .split(';')
                    .map(|name| name.trim().to_owned())
                    .filter(|name| !name.is_empty())
                    .collect(),
            ),
        }
    }
}

impl From<Visibility> for String {
    fn from(visibility: Visibility) -> Self {
        match visibility {
            Visibility::Campaign => "campaign".to_owned(),
            Visibility::Partner => "partner".to_owned(),
            Visibility::Groups(names) => {
                let names: Vec<String> = names.into_iter().collect();
                // A `;` at the end keeps no groups from reading as everybody, and a group from reading as a word.
                let end = match names.as_slice() {
                    [] => ";",
                    [one] if one == "campaign" || one == "partner" => ";",
                    _ => "",
                };
                names.join(";") + end
            }
        }
    }
}

/// Somebody who looks.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Viewer {
    /// Sees everything: the local user, the coordinator.
    All,
    /// A member of partners and of named groups of people.
    Member {
        /// The partners that the person belongs to.
        partners: BTreeSet<PartnerId>,
        /// The named groups of people that the person belongs to.
        groups: BTreeSet<String>,
    },
}

impl Viewer {
    /// Whether a thing of this visibility, made by this partner, may be seen.
    pub fn may_see(&self, visibility: &Visibility, owner: Option<&PartnerId>) -> bool {
        match (self, visibility) {
            (Self::All, _) | (_, Visibility::Campaign) => true,
            (Self::Member { partners, .. }, Visibility::Partner) => {
                owner.is_some_and(|owner| partners.contains(owner))
            }
            (Self::Member { groups, .. }, Visibility::Groups(named)) => !groups.is_disjoint(named),
        }
    }
}
