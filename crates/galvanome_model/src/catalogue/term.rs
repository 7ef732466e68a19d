//! The same concept in public vocabularies.

use serde::{Deserialize, Serialize};

/// A term of a public vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// The term, as a full address.
    pub iri: String,
    /// Its label there.
    pub label: String,
    /// How it relates to ours.
    pub relation: Relation,
    /// The vocabulary, e.g. `CHAMEO`.
    pub scheme: String,
}

/// How a public term relates to our concept (the SKOS mapping relations).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The same.
    Exact,
    /// The term covers more.
    Broader,
    /// The term covers less.
    Narrower,
    /// Near, and not the same.
    Close,
}
