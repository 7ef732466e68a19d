//! Images and volumes: grey values on a grid, which stay where they are until somebody asks for slices.

use std::sync::Arc;

use crate::slabs::Slabs;

/// A grey image (one slice) or a volume (several). Colours are images of their own.
#[derive(Clone)]
pub struct Image {
    /// Name of the quantity: `grey` for what a detector gave, else the vendor's own.
    pub name: String,
    /// What the file calls it (the path of a dataset, a channel), verbatim; empty when it does not.
    pub label: String,
    /// Unit of the values: `counts`, `1`; empty where the file does not say.
    pub unit: String,
    /// Its slices.
    pub slabs: Arc<dyn Slabs>,
}

impl std::fmt::Debug for Image {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Image")
            .field("name", &self.name)
            .field("label", &self.label)
            .field("unit", &self.unit)
            .field("shape", &self.slabs.shape())
            .field("kind", &self.slabs.kind())
            .finish_non_exhaustive()
    }
}

/// Two images are equal when they say the same of themselves and their slices are the same object: the values stay unread.
impl PartialEq for Image {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.label, &self.unit) == (&other.name, &other.label, &other.unit)
            && Arc::ptr_eq(&self.slabs, &other.slabs)
    }
}
