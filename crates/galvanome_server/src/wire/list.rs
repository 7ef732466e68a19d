//! Lists by cursor, maps in order, jobs.

use serde::ser::{Serialize, SerializeMap, Serializer};
use utoipa::ToSchema;

/// One page of a list. The cursor of the next page is opaque: hand it back as `after`.
#[derive(Debug, Clone, serde::Serialize, ToSchema)]
pub struct Page<T> {
    /// The number of this set of shapes.
    pub schema: u32,
    /// The items of this page.
    pub items: Vec<T>,
    /// Cursor of the next page; null on the last one.
    pub next: Option<String>,
}

/// A JSON object whose members keep the campaign's own order.
#[derive(Debug, Clone, PartialEq)]
pub struct Ordered<V>(pub Vec<(String, V)>);

impl<V: Serialize> Serialize for Ordered<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// A piece of background work.
#[derive(Debug, Clone, serde::Serialize, ToSchema)]
pub struct JobOut {
    /// Its id.
    pub id: String,
    /// What it does.
    pub kind: String,
    /// `ready`, `running`, `done` or `failed`.
    pub state: String,
    /// How far it is, 0 to 1.
    pub progress: f64,
    /// What it said last.
    pub message: String,
}
