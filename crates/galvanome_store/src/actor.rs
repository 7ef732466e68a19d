//! Who does something.

use crate::error::StoreError;

/// Who changes something: an id, never a name, so that the audit log can be kept when a person leaves.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Actor {
    id: String,
}

impl Actor {
    /// The actor of that id. Refuses an empty one and one with control characters.
    pub fn new(id: &str) -> Result<Self, StoreError> {
        if id.trim().is_empty() || id.chars().any(char::is_control) {
            return Err(StoreError::Refused {
                what: format!("the actor {id:?}"),
                why: "an actor needs an id without control characters".to_owned(),
            });
        }
        Ok(Self { id: id.to_owned() })
    }

    /// Whoever sits at this machine: the only actor of a data folder without accounts.
    pub fn local_user() -> Self {
        Self { id: "local".to_owned() }
    }

    /// The program itself, where it does what nobody asked for at that moment (computing answers anew).
    pub fn program() -> Self {
        Self { id: "galvanome".to_owned() }
    }

    /// The id.
    pub fn id(&self) -> &str {
        &self.id
    }
}
